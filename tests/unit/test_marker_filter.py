"""Marker filter: the state model's golden values, a slow second implementation, and what must hold for any series."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.marker_filter import BLOCK, Filtered, Panel, Walk, chance_above, look_back, run_filter
from tests.oracles.marker_oracle import PlainScore, plain_course

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
SOURCES = ("y_clinician", "y_questionnaire", "y_gas")
WALK = Walk(0.09, 50.0, 100.0)


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _golden(name: str) -> tuple[list[dict[str, str]], dict[str, Any]]:
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def _panel(errors: list[float], loadings: list[float], biases: list[float]) -> Panel:
    rows, _ = _golden("kalman_multisource")
    values = np.array([[[_number(row[source]) for source in SOURCES] for row in rows]])
    days = np.array([[_number(row["day"]) for row in rows]])
    return Panel(days, values, np.full(values.shape, errors), np.array([loadings]), np.array([biases]))


def _agrees(found: Any, rows: list[dict[str, str]], column: str) -> None:
    expected = np.array([_number(row[column]) for row in rows])
    np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=1e-9, err_msg=column)


def test_level_bias_and_change_agree_with_the_golden_state_model() -> None:
    rows, told = _golden("kalman_bias_states")
    found = run_filter(_panel(told["Re"], told["lambda_"], told["Rb"]), Walk(told["q_per_day"], 50.0, 100.0))
    for column, values in (
        ("theta", found.level),
        ("theta_var", found.variance),
        ("change", found.change),
        ("change_var", found.change_variance),
        ("p_change_gt0", chance_above(found.change, found.change_variance, 0.0)),
        ("p_change_gt5", chance_above(found.change, found.change_variance, 5.0)),
    ):
        _agrees(values[0], rows, column)
    for place, column in enumerate(("bias_clin", "bias_q", "bias_gas")):
        _agrees(found.bias[0, :, place], rows, column)
    half = 1.96 * np.sqrt(found.change_variance[0])
    np.testing.assert_allclose(found.change[0] - half, [float(row["change_lo"]) for row in rows], atol=1e-3)
    assert found.log_likelihood[0] == pytest.approx(told["loglik"], abs=1e-9)


def test_several_sources_without_bias_agree_with_the_golden_filter_and_smoother() -> None:
    rows, told = _golden("kalman_multisource")
    panel, walk = _panel(told["R"], [1.0] * 3, [0.0] * 3), Walk(told["q_per_day"], told["m0"], told["P0"])
    found, (means, variances) = run_filter(panel, walk), look_back(panel, walk)
    for column, values in (
        ("filt", found.level),
        ("filt_var", found.variance),
        ("smooth", means),
        ("smooth_var", variances),
    ):
        _agrees(values[0], rows, column)
    assert found.log_likelihood[0] == pytest.approx(told["loglik"], abs=1e-9)


def _random_panel(rng: np.random.Generator, n: int, k: int = 9, s: int = 4) -> Panel:
    lengths = rng.integers(1, k + 1, n)
    days = np.cumsum(rng.integers(1, 90, (n, k)), axis=1).astype(float)
    days[np.arange(k) >= lengths[:, None]] = np.nan
    values = rng.normal(50, 12, (n, k, s))
    values[(rng.random((n, k, s)) < 0.5) | np.isnan(days)[..., None]] = np.nan
    return Panel(days, values, rng.uniform(5, 90, (n, k, s)), rng.uniform(0.1, 0.9, (n, s)), rng.uniform(0, 60, (n, s)))


def _plainly(panel: Panel, row: int, walk: Walk) -> Any:
    days = [day for day in panel.days[row].tolist() if not math.isnan(day)]
    scores = [
        PlainScore(days[step], source, float(panel.values[row, step, source]), float(panel.errors[row, step, source]))
        for step in range(len(days))
        for source in range(panel.values.shape[2])
        if np.isfinite(panel.values[row, step, source])
    ]
    figures = panel.loadings[row].tolist(), panel.biases[row].tolist()
    return plain_course(days, scores, *figures, walk.drift, walk.mean, walk.variance)


def _same(found: Filtered, row: int, told: Any, likelihood: float) -> None:
    for step, day in enumerate(told):
        mine = [each[row, step] for each in (found.level, found.variance, found.change, found.change_variance)]
        assert mine == pytest.approx([day.level, day.variance, day.change, day.change_variance], abs=1e-8)
        assert np.isfinite(found.surprise[row, step]).sum() == len(day.surprises)
        for source, size in day.surprises.items():
            assert found.surprise[row, step, source] == pytest.approx(size, abs=1e-8)
    assert np.isnan(found.level[row, len(told) :]).all() and np.isnan(found.change[row, len(told) :]).all()
    assert found.log_likelihood[row] == pytest.approx(likelihood, abs=1e-8)


@pytest.mark.parametrize("walk", [WALK, Walk(0.5, 41.0, 60.0)])
def test_thousands_of_series_agree_with_the_slow_second_implementation(walk: Walk) -> None:
    panel = _random_panel(np.random.default_rng(7), BLOCK + 60)
    found = run_filter(panel, walk)
    for row in [*range(0, BLOCK, 2), *range(BLOCK - 5, BLOCK + 60)]:
        _same(found, row, *_plainly(panel, row, walk))


def test_looking_back_a_day_is_what_an_exact_solution_of_all_scores_at_once_says() -> None:
    panel = _random_panel(np.random.default_rng(3), 12)
    means, variances = look_back(panel, WALK)
    for row in range(12):
        days = panel.days[row][np.isfinite(panel.days[row])]
        k, s = len(days), 4
        elapsed = days - days[0]
        prior = np.zeros((k + s, k + s))
        prior[:k, :k] = 100 + 0.09 * np.minimum.outer(elapsed, elapsed)
        prior[k:, k:] = np.diag(panel.biases[row])
        said = [(t, c) for t in range(k) for c in range(s) if np.isfinite(panel.values[row, t, c])]
        design = np.zeros((len(said), k + s))
        for line, (t, c) in enumerate(said):
            design[line, t], design[line, k + c] = panel.loadings[row, c], 1.0
        noise = np.diag([panel.errors[row, t, c] for t, c in said])
        value = np.array([panel.values[row, t, c] - 50 for t, c in said])
        gain = prior @ design.T @ np.linalg.inv(design @ prior @ design.T + noise) if said else np.zeros((k + s, 0))
        mean, covariance = gain @ value, prior - gain @ design @ prior
        np.testing.assert_allclose(means[row, :k], 50 + mean[:k], atol=1e-7)
        np.testing.assert_allclose(variances[row, :k], np.diag(covariance)[:k], atol=1e-7)
        assert np.isnan(means[row, k:]).all() and np.isnan(variances[row, k:]).all()


seeds = st.integers(0, 10_000)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_the_estimate_looked_at_from_the_end_is_never_less_certain(seed: int) -> None:
    panel = _random_panel(np.random.default_rng(seed), 3)
    found, (means, variances) = run_filter(panel, WALK), look_back(panel, WALK)
    there = np.isfinite(panel.days)
    assert (variances[there] <= found.variance[there] + 1e-9).all() and (variances[there] > 0).all()
    for row in range(3):
        last = int(there[row].sum()) - 1
        assert means[row, last] == pytest.approx(found.level[row, last])
        assert means[row, last] - means[row, 0] == pytest.approx(found.change[row, last], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(seeds, st.floats(-30, 30))
def test_a_source_that_always_says_more_moves_level_but_hardly_change(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    days = np.array([[0.0, 30, 60, 90, 120, 150]])
    values = rng.normal(50, 8, (1, 6, 1))
    errors, loadings, wide = np.full((1, 6, 1), 35.0), np.array([[0.8]]), np.array([[1e7]])
    one, other = (
        run_filter(Panel(days, values + each, errors, loadings, wide), WALK).change[0, -1] for each in (0.0, shift)
    )
    assert one == pytest.approx(other, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(seeds, st.permutations(range(4)))
def test_the_order_of_sources_changes_no_level(seed: int, order: list[int]) -> None:
    panel = _random_panel(np.random.default_rng(seed), 2)
    turned = Panel(
        panel.days, panel.values[..., order], panel.errors[..., order], panel.loadings[:, order], panel.biases[:, order]
    )
    one, other = run_filter(panel, WALK), run_filter(turned, WALK)
    np.testing.assert_allclose(one.level, other.level, atol=1e-8)
    np.testing.assert_allclose(one.change_variance, other.change_variance, atol=1e-8)


def test_one_day_alone_has_no_change_and_no_chance() -> None:
    found = run_filter(_random_panel(np.random.default_rng(1), 5, k=1), WALK)
    assert (found.change == 0).all() and (found.change_variance == 0).all()
    assert np.isnan(chance_above(found.change, found.change_variance, 0.0)).all()


def test_days_may_be_counted_from_anywhere() -> None:
    panel = _random_panel(np.random.default_rng(2), 20)
    later = Panel(panel.days + 738_000, panel.values, panel.errors, panel.loadings, panel.biases)
    np.testing.assert_allclose(run_filter(panel, WALK).level, run_filter(later, WALK).level, atol=1e-9)


def test_chances_agree_with_the_error_function_wherever_they_are_asked() -> None:
    distances = np.concatenate([np.linspace(-12, 12, 40_003), [-1e300, 1e300, -np.inf, np.inf]])
    expected = [0.5 * math.erfc(-each / math.sqrt(2)) for each in distances.tolist()]
    found = chance_above(distances, np.ones_like(distances), 0.0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11)
    assert found.min() >= 0 and found.max() <= 1


def test_no_series_have_no_chances() -> None:
    assert chance_above(np.zeros((0, 3)), np.zeros((0, 3)), 5.0).shape == (0, 3)


def test_chances_are_those_of_a_normal_estimate() -> None:
    chances = chance_above(np.array([[0.0, 5.0, 1.96]]), np.array([[4.0, 0.25, 1.0]]), 0.0)
    assert chances.tolist() == [[0.5, 1.0, pytest.approx(0.9750021, abs=1e-7)]]

"""Expected response: the fit against another program and known figures, who counts, the band, and what it refuses."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lib.domain.course import Course, Form, courses_of
from lib.domain.errors import InvalidInput
from lib.domain.expected_response import (
    Expected,
    ResponseCase,
    ResponseModel,
    Track,
    as_json,
    case_of,
    expected_at,
    fit_response,
    from_json,
    session_numbers,
    track_of,
)
from lib.domain.mixed_model import fit_mixed, simplex

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
DAY = date(2026, 1, 5)
FIXED, SPREAD, RESIDUAL = np.array([14.0, 0.8, -2.5, -0.1]), np.array([[9.0, -2.0], [-2.0, 2.5]]), 6.0


def bdi_cases() -> list[ResponseCase]:
    """The weekly BDI of the suddengains example data: 41 clients with a first score."""
    with (GOLDEN / "sgdata.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["bdi_s0"]]
    found = []
    for row in rows:
        kept = [(n, float(row[f"bdi_s{n}"])) for n in range(1, 13) if row[f"bdi_s{n}"]]
        found.append(ResponseCase(float(row["bdi_s0"]), tuple(n for n, _ in kept), tuple(v for _, v in kept)))
    return found


def design(cases: Sequence[ResponseCase]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    firsts = np.array([case.baseline for case in cases])
    person = np.concatenate([np.full(len(case.sessions), n) for n, case in enumerate(cases)])
    time = np.log(np.concatenate([np.array(case.sessions) for case in cases]) + 1.0)
    away = firsts[person] - firsts.mean()
    x = np.column_stack([np.ones(time.size), away, time, away * time])
    return np.concatenate([case.scores for case in cases]), x, x[:, [0, 2]], person


def invented(people: int, seed: int) -> list[ResponseCase]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(people):
        own, first = rng.multivariate_normal([0, 0], SPREAD), rng.normal(16, 4)
        sessions = np.arange(1, rng.integers(4, 20) + 1)
        time = np.log(sessions + 1.0)
        away = first - 16
        line = FIXED[0] + FIXED[1] * away + FIXED[2] * time + FIXED[3] * away * time
        scores = line + own[0] + own[1] * time + rng.normal(0, math.sqrt(RESIDUAL), time.size)
        found.append(ResponseCase(float(first), tuple(sessions.tolist()), tuple(scores.tolist())))
    return found


def plain_criterion(
    y: np.ndarray, x: np.ndarray, z: np.ndarray, person: np.ndarray, spread: np.ndarray, e: float
) -> float:
    """Minus twice the restricted log-likelihood written out with whole matrices, person by person."""
    whole, right = np.zeros((4, 4)), np.zeros(4)
    squares = spreads = 0.0
    for n in np.unique(person):
        own = person == n
        v = z[own] @ spread @ z[own].T + e * np.eye(own.sum())
        inverse = np.linalg.inv(v)
        whole, right = whole + x[own].T @ inverse @ x[own], right + x[own].T @ inverse @ y[own]
        squares += float(y[own] @ inverse @ y[own])
        spreads += float(np.linalg.slogdet(v)[1])
    squares -= float(right @ np.linalg.solve(whole, right))
    return float((y.size - 4) * math.log(2 * math.pi) + spreads + np.linalg.slogdet(whole)[1] + squares)


def test_the_fit_of_real_courses_is_that_of_another_program() -> None:
    # statsmodels 0.15.0, MixedLM by REML, on the same 438 scores of 41 clients
    fit = fit_mixed(*design(bdi_cases()))
    assert fit.fixed == pytest.approx([45.3279329, 1.3651865, -12.5524958, -0.5988217], abs=2e-6)
    assert fit.random_covariance.ravel() == pytest.approx([50.09785, -27.21277, -27.21277, 20.13624], abs=5e-4)
    assert fit.residual == pytest.approx(14.457352, abs=1e-5)
    assert fit.criterion == pytest.approx(2580.0560946546, abs=1e-7)


def test_no_place_near_the_fit_is_better_by_a_criterion_written_out_plainly() -> None:
    y, x, z, person = design(bdi_cases())
    fit = fit_mixed(y, x, z, person)
    here = plain_criterion(y, x, z, person, fit.random_covariance, fit.residual)
    assert here == pytest.approx(fit.criterion, abs=1e-6)
    for step in ([[1, 0], [0, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 1]]):
        for way in (-0.3, 0.3):
            assert plain_criterion(y, x, z, person, fit.random_covariance + way * np.array(step), fit.residual) > here
    for way in (0.98, 1.02):
        assert plain_criterion(y, x, z, person, fit.random_covariance, fit.residual * way) > here


def test_the_covariance_of_the_line_is_that_of_generalised_least_squares() -> None:
    y, x, z, person = design(bdi_cases())
    fit = fit_mixed(y, x, z, person)
    whole = np.zeros((4, 4))
    for n in np.unique(person):
        own = person == n
        whole += (
            x[own].T
            @ np.linalg.inv(z[own] @ fit.random_covariance @ z[own].T + fit.residual * np.eye(own.sum()))
            @ x[own]
        )
    assert fit.fixed_covariance == pytest.approx(np.linalg.inv(whole), abs=1e-9)


def test_figures_put_into_invented_courses_come_out_again() -> None:
    model = fit_response("phq9.total", invented(1_500, 5), 1, DAY)
    assert model is not None
    off = np.abs(np.array(model.fixed) - _moved(FIXED, model.middle - 16)) / np.sqrt(
        np.diag(np.array(model.fixed_covariance))
    )
    assert (off < 3).all()
    assert np.array(model.random_covariance) == pytest.approx(SPREAD, abs=0.8)
    assert model.residual == pytest.approx(RESIDUAL, rel=0.04)


def _moved(fixed: np.ndarray, by: float) -> np.ndarray:
    """The same line with the first score counted from another middle."""
    return np.array([fixed[0] + fixed[1] * by, fixed[1], fixed[2] + fixed[3] * by, fixed[3]])


def test_courses_that_do_not_differ_in_slope_fit_without_trouble() -> None:
    rng = np.random.default_rng(1)
    cases = [
        ResponseCase(float(f), (1, 2, 3, 4), tuple((f - 1 + rng.normal(0, 1, 4)).tolist()))
        for f in rng.normal(15, 3, 120)
    ]
    model = fit_response("phq9.total", cases, 1, DAY)
    assert model is not None
    assert np.linalg.eigvalsh(np.array(model.random_covariance)).min() >= -1e-9
    assert model.residual == pytest.approx(1.0, abs=0.15)


def test_about_eight_in_ten_new_courses_fall_into_the_band() -> None:
    model = fit_response("phq9.total", invented(400, 6), 1, DAY)
    assert model is not None
    inside = tried = 0
    for case in invented(600, 7):
        expected = expected_at(model, case.baseline, case.sessions[3])
        if expected is not None:
            low, high = expected.bounds()
            inside, tried = inside + (low <= case.scores[3] <= high), tried + 1
    assert tried > 500 and 0.76 < inside / tried < 0.84


def test_below_a_hundred_clients_there_is_no_model() -> None:
    assert fit_response("phq9.total", invented(99, 8), 1, DAY) is None
    model = fit_response("phq9.total", invented(100, 8), 3, DAY)
    assert model is not None and (model.clients, model.version, model.measure) == (100, 3, "phq9.total")


def test_courses_too_alike_are_refused_in_words() -> None:
    alike = [replace(case, baseline=12.0) for case in invented(120, 9)]
    with pytest.raises(InvalidInput, match="too few or too alike"):
        fit_response("phq9.total", alike, 1, DAY)


def test_a_criterion_with_a_known_lowest_point_is_found() -> None:
    def bowl(at: np.ndarray) -> float:
        return float((at[0] - 3) ** 2 + 10 * (at[1] + 1) ** 2 + (at[0] - 3) * (at[1] + 1) + 2 * (at[2] - 0.5) ** 2)

    point, value = simplex(bowl, np.array([0.0, 0.0, 0.0]))
    assert point == pytest.approx([3, -1, 0.5], abs=1e-3) and value == pytest.approx(0, abs=1e-6)


def weekly(*values: float, days: int = 7) -> Course:
    forms = [
        Form(n, "phq9", "general", "client", DAY + timedelta(days=days * n), {"total": v}) for n, v in enumerate(values)
    ]
    return courses_of(forms)["phq9.total"]


def sessions(count: int, begins: int = 0, days: int = 7) -> list[date]:
    return [DAY + timedelta(days=begins + days * n) for n in range(count)]


def test_sessions_are_counted_from_the_first_score() -> None:
    course = weekly(20, 18, 16, 15, days=14)
    assert session_numbers(course, sessions(8)) == [0, 2, 4, 6]
    assert session_numbers(course, sessions(8, begins=-14)) == [0, 2, 4, 5]
    assert session_numbers(course, sessions(3, begins=1)) == [0, 2, 3, 3]


def test_where_no_session_is_on_record_each_form_counts_as_one() -> None:
    assert session_numbers(weekly(20, 18, 16), []) == [0, 1, 2]
    assert session_numbers(weekly(20, 18, 16), [DAY]) == [0, 1, 2]
    assert session_numbers(weekly(20, 18, 16), [DAY, DAY + timedelta(days=8)]) == [0, 0, 1]


def test_a_course_counts_with_four_scored_sessions_the_first_score_among_them() -> None:
    assert case_of(weekly(20, 18, 16, 15), []) == ResponseCase(20, (1, 2, 3), (18, 16, 15))
    assert case_of(weekly(20, 18, 16), []) is None
    # a second score at the same session, and one before the first session, are left out
    assert case_of(weekly(20, 18, 16, 15, 14, 13, days=7), sessions(4, begins=1, days=10)) == ResponseCase(
        20, (1, 2, 3, 4), (18, 16, 15, 13)
    )
    assert case_of(weekly(20, 18, 16, 15), sessions(2, begins=1)) is None


def test_the_curve_ends_where_fewer_than_a_tenth_still_came() -> None:
    cases = invented(110, 10)
    long = [ResponseCase(c.baseline, (*range(1, 41),), (10.0,) * 40) for c in cases[:10]]
    model = fit_response("phq9.total", long + cases[10:], 1, DAY)
    assert model is not None
    last = sorted((max(c.sessions) for c in long + cases[10:]), reverse=True)
    assert model.longest == last[10] < 40


MODEL = ResponseModel(
    "phq9.total", 2, DAY, 132, 900, 15.0, 8.0, 24.0, 12, (14.0, 0.8, -2.5, -0.1),
    ((0.04, 0, 0, 0), (0, 0.01, 0, 0), (0, 0, 0.02, 0), (0, 0, 0, 0.005)), ((9.0, -2.0), (-2.0, 2.5)), 6.0,
)  # fmt: skip


def test_the_expectation_and_its_spread_are_those_of_the_formula() -> None:
    expected = expected_at(MODEL, 17.0, 6)
    time = math.log(7)
    variance = 9 - 4 * time + 2.5 * time**2 + 6 + 0.04 + 0.01 * 4 + 0.02 * time**2 + 0.005 * (2 * time) ** 2
    assert expected is not None and expected.session == 6
    assert expected.score == pytest.approx(14 + 0.8 * 2 - 2.5 * time - 0.1 * 2 * time)
    assert expected.sd == pytest.approx(math.sqrt(variance))
    assert expected.bounds() == pytest.approx(
        (expected.score - 1.2816 * expected.sd, expected.score + 1.2816 * expected.sd)
    )


@pytest.mark.parametrize(
    ("first", "session", "known"),
    [
        (17, 1, True),
        (17, 0, False),
        (17, 12, True),
        (17, 13, False),
        (8, 3, True),
        (7.9, 3, False),
        (24, 3, True),
        (24.1, 3, False),
    ],
)
def test_nothing_is_said_of_what_the_model_has_not_seen(first: float, session: int, known: bool) -> None:
    assert (expected_at(MODEL, first, session) is not None) is known


@pytest.mark.parametrize(
    ("score", "lower_is_better", "higher_is_better"),
    [
        (10, "on_track", "on_track"),
        (12.5, "on_track", "on_track"),
        (12.6, "amber", "on_track"),
        (13.2, "amber", "on_track"),
        (13.3, "red", "on_track"),
        (7.5, "on_track", "on_track"),
        (7.4, "on_track", "amber"),
        (6.7, "on_track", "red"),
    ],
)
def test_amber_and_red_lie_on_the_worse_side_only(score: float, lower_is_better: str, higher_is_better: str) -> None:
    expected = Expected(6, 10.0, 2.0)
    assert track_of(expected, score, -1) == lower_is_better
    assert track_of(expected, score, 1) == higher_is_better


def test_a_score_exactly_on_a_bound_is_on_its_better_side() -> None:
    assert track_of(Expected(6, 0.0, 1.0), 1.2816, -1) is Track.ON_TRACK
    assert track_of(Expected(6, 0.0, 1.0), 1.645, -1) is Track.AMBER


def test_a_model_reads_back_as_it_was_kept() -> None:
    assert from_json("phq9.total", 2, as_json(MODEL)) == MODEL

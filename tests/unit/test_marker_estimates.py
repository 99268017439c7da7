"""Marker estimates: what takes part and what is left out, levels with intervals, growth, disagreement, silence."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.errors import DefinitionProblem, InvalidInput
from lib.domain.goal_scaling import ATTAINED_WORDS, check_attained, goal_score
from lib.domain.marker_definitions import MarkerModel, parse_marker_model
from lib.domain.marker_estimates import (
    Change,
    Level,
    MarkerVerdict,
    courses_of_many,
    estimate,
    is_stale,
    shown_level,
    verdict_of,
)
from lib.domain.marker_observations import Observation, level_of, settle, t_of, t_of_scale
from lib.exchange.definition_files import load_toml
from tests.factories import definitions
from tests.oracles.marker_oracle import PlainScore, plain_course

FILE = Path(__file__).resolve().parents[2] / "data" / "clinical_model" / "marker_model.toml"
DAY = date(2026, 1, 5)


def model() -> MarkerModel:
    return definitions().model.estimation


def rating(days: int, level: float, source: str = "clinician_rating", **more: Any) -> Observation:
    return Observation(DAY + timedelta(days=days), source, level, t_of(level), **more)


def form(days: int, scale: str, score: float, marker: str = "trust") -> Observation:
    t = t_of_scale(marker, scale, score, model())
    return Observation(DAY + timedelta(days=days), scale, score, 50.0 if t is None else t)


def weights(*observations: Observation, marker: str = "trust") -> list[tuple[str, float]]:
    return [(one.observation.source, one.error) for one in settle(marker, observations, model())[0]]


# --- figures of the model ----------------------------------------------------------------------------


def test_the_shipped_figures_are_the_researchers_priors() -> None:
    shipped = model()
    assert shipped.status.startswith("RESEARCHER PRIOR, not estimated")
    figures = {key: (one.loading, one.reliability) for key, one in shipped.sources.items()}
    assert figures == {
        "clinician_rating": (0.8, 0.65), "client_rating": (0.65, 0.6), "gas": (0.7, 0.6), "questionnaire": (0.55, 0.88),
    }  # fmt: skip
    assert {one.evidence for one in [*shipped.sources.values(), *shipped.indicators.values()]} == {
        "RESEARCHER PRIOR, not estimated"
    }
    assert (shipped.mean, shipped.variance, shipped.drift, shipped.drift_bounds) == (50, 100, 0.09, (0.01, 0.5))
    assert len(shipped.indicators) == 27 and all(one.citation for one in shipped.references.values())


def test_variances_follow_from_loading_and_reliability() -> None:
    clinician, client = model().sources["clinician_rating"], model().sources["client_rating"]
    assert clinician.error_variance == pytest.approx(35) and client.error_variance == pytest.approx(40)
    assert clinician.bias_variance == pytest.approx(1.0)  # .65 - .64 and the smallest bias are one
    assert client.bias_variance == pytest.approx(100 * (0.6 - 0.65**2))
    assert clinician.inflation == pytest.approx(1.3 / 0.7) and client.inflation == 1


def test_a_bias_is_never_wholly_excluded() -> None:
    whole = parse_marker_model(_changed("source", 0, loading=0.9))
    assert whole.sources["clinician_rating"].bias_variance == pytest.approx(1.0)


def _changed(table: str, place: int | None, **change: Any) -> dict[str, Any]:
    read = copy.deepcopy(load_toml(FILE))
    (read[table] if place is None else read[table][place]).update(change)
    return read


@pytest.mark.parametrize(
    ("table", "place", "change", "words"),
    [
        ("level", None, {"drift_per_day": 0.6}, "between its bounds, 0.01 and 0.5"),
        ("level", None, {"drift_lowest": 0}, "between its bounds"),
        ("level", None, {"variance": 0}, "above 0"),
        ("rules", None, {"growth": 0.97}, "not be below growth"),
        ("rules", None, {"points": -1}, "above 0"),
        ("rules", None, {"reliable": 1}, "between 0 and 1"),
        ("rules", None, {"stale": 1}, "not a key"),
        ("confidence", None, {"low": 0}, "above 0"),
        ("source", 0, {"loading": 0}, "between 0 and 1"),
        ("source", 0, {"key": "somebody"}, "must hold clinician_rating"),
        ("indicator", 0, {"sign": 0}, "1 or -1"),
        ("indicator", 0, {"lambda": 1}, "not a key"),
        ("reference", 0, {"sd": 0}, "above 0"),
        ("reference", 0, {"citation": ""}, "not be empty"),
        ("group", 0, {"whose": "x"}, "not a key"),
    ],
)
def test_a_broken_figure_is_refused_with_its_place(
    table: str, place: int | None, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(DefinitionProblem, match=words) as raised:
        parse_marker_model(_changed(table, place, **change))
    assert "marker_model.toml" in str(raised.value)


def test_a_missing_part_is_named() -> None:
    read = load_toml(FILE)
    del read["rules"]
    with pytest.raises(DefinitionProblem, match="rules: is missing"):
        parse_marker_model(read)


# --- goals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attained", [-2, -1, 0, 1, 2])
def test_one_goal_scores_fifty_and_ten_a_step_whatever_its_weight(attained: int) -> None:
    assert goal_score([attained], [1.0], 0.3) == pytest.approx(50 + 10 * attained)
    assert goal_score([attained], [7.5], 0.3) == pytest.approx(50 + 10 * attained)


def test_several_goals_score_by_kiresuk_and_sherman() -> None:
    assert goal_score([1, 2], [2.0, 1.0], 0.3) == pytest.approx(50 + 40 / math.sqrt(0.7 * 5 + 0.3 * 9))
    assert goal_score([1, 1, 1], [1.0] * 3, 0.3) == pytest.approx(50 + 30 / math.sqrt(0.7 * 3 + 0.3 * 9))


@pytest.mark.parametrize(("attained", "given_weights"), [([], []), ([1], [0.0]), ([1, 1], [1.0, -1.0]), ([1], [1, 2])])
def test_goals_without_weight_or_number_have_no_score(attained: list[int], given_weights: list[float]) -> None:
    with pytest.raises(ValueError):
        goal_score(attained, given_weights, 0.3)


def test_attainment_is_a_whole_number_of_two_steps_either_way() -> None:
    assert [check_attained(value) for value in (-2, 0, 2)] == [-2, 0, 2]
    assert list(ATTAINED_WORDS) == [-2, -1, 0, 1, 2]
    for value in (-3, 3, 0.5, True, "1", None):
        with pytest.raises(InvalidInput, match="-2 to 2"):
            check_attained(value)


# --- what takes part ---------------------------------------------------------------------------------


def test_levels_and_scores_come_onto_one_scale() -> None:
    assert [t_of(level) for level in (0, 2, 4)] == [30, 50, 70] and level_of(55) == 2.5
    assert t_of_scale("trust", "ecr_r.avoidance", 2.92 + 1.19, model()) == pytest.approx(40)
    assert t_of_scale("trust", "rses.total", 16.3 + 6.98, model()) == pytest.approx(60)
    assert t_of_scale("trust", "ecr_rs.avoidance", 3.0, model()) is None  # no published figures
    assert t_of_scale("presence", "rses.total", 20.0, model()) is None  # no indicator of it


def test_confidence_multiplies_the_standard_error() -> None:
    found = [weights(rating(0, 2, confidence=said))[0][1] for said in ("low", "medium", "high")]
    assert found == pytest.approx([35 * 2.25, 35, 35 * 0.64])


def test_a_rating_soon_after_another_by_the_same_person_counts_for_less() -> None:
    assert [error for _, error in weights(rating(0, 2), rating(27, 2), rating(55, 2))] == pytest.approx([35, 65, 35])
    assert [error for _, error in weights(rating(0, 2, rater=1), rating(7, 2, rater=2))] == pytest.approx([35, 35])
    client = [rating(days, 2, "client_rating") for days in (0, 7)]
    assert [error for _, error in weights(*client)] == pytest.approx([40, 40])


def test_one_of_two_overlapping_questionnaires_stays() -> None:
    kept, left_out = settle(
        "trust",
        [form(0, "ecr_r.anxiety", 3), form(0, "ecr_r.avoidance", 3), form(0, "rses.total", 20), rating(0, 2)],
        model(),
    )
    assert [one.observation.source for one in kept] == ["clinician_rating", "ecr_r.avoidance", "rses.total"]
    assert [(one.source, one.why) for one in left_out] == [
        ("ecr_r.anxiety", "ecr_r.avoidance of the same day says it already")
    ]


def test_on_other_days_the_other_scale_takes_part() -> None:
    kept, left_out = settle("trust", [form(0, "ecr_r.anxiety", 3), form(7, "ecr_r.avoidance", 3)], model())
    assert len(kept) == 2 and not left_out


def test_the_preferred_version_stays_though_the_other_loads_higher() -> None:
    read = _changed("reference", 0, scale="ecr_rs.avoidance")
    other = next(one for one in read["indicator"] if (one["marker"], one["scale"]) == ("trust", "ecr_rs.avoidance"))
    other["loading"] = 0.9
    both = parse_marker_model(read)
    observations = [form(0, "ecr_rs.avoidance", 3), form(0, "ecr_r.avoidance", 3)]
    kept, left_out = settle("trust", observations, both)
    assert [one.observation.source for one in kept] == ["ecr_r.avoidance"]
    assert [one.source for one in left_out] == ["ecr_rs.avoidance"]


def test_a_scale_without_published_figures_is_left_out_and_says_why() -> None:
    _, left_out = settle("trust", [form(0, "ecr_rs.avoidance", 3), form(0, "phq9.total", 3)], model())
    assert [one.why for one in left_out] == [
        "no published figures entered for ecr_rs.avoidance", "phq9.total is no indicator of trust",
    ]  # fmt: skip


# --- the estimate ------------------------------------------------------------------------------------


def _monthly(levels: Sequence[float], source: str = "clinician_rating") -> list[Observation]:
    return [rating(28 * step, level, source) for step, level in enumerate(levels)]


def test_a_first_rating_alone_has_a_level_with_an_interval_and_no_change() -> None:
    found = estimate("trust", [rating(0, 1)], model()).latest
    assert found is not None
    variance = 1 / (1 / 100 + 0.64 / 36)  # prior, and a score with error 35 and bias 1
    assert found.now.variance == pytest.approx(variance)
    assert found.now.level == pytest.approx(level_of(50 - variance * 0.8 / 36 * 10))
    low, high = found.now.interval
    assert (high - low) / 2 == pytest.approx(1.96 * math.sqrt(variance) / 10)
    assert found.verdict is MarkerVerdict.ONE_DATE and found.change.above_nothing is None


def test_nothing_said_is_no_estimate_and_not_a_zero() -> None:
    found = estimate("trust", [], model())
    assert found.points == () and found.latest is None
    only_unusable = estimate("trust", [form(0, "ecr_rs.avoidance", 3)], model())
    assert only_unusable.latest is None and len(only_unusable.left_out) == 1


def test_steady_growth_is_told_in_steps_and_setback_mirrors_it() -> None:
    said = [*_monthly([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4]), *_monthly([0, 1, 2, 3, 4, 4], "client_rating")]
    points = estimate("trust", said, model()).points
    assert list(dict.fromkeys(point.verdict for point in points)) == [
        MarkerVerdict.ONE_DATE,
        MarkerVerdict.UNDISTINGUISHED,
        MarkerVerdict.GROWTH,
        MarkerVerdict.RELIABLE_GROWTH,
    ]
    mirrored = [rating((one.on - DAY).days, 4 - one.value, one.source) for one in said]
    fallen = estimate("trust", mirrored, model()).points
    assert [point.change.t for point in fallen] == pytest.approx([-point.change.t for point in points])
    assert fallen[-1].verdict is MarkerVerdict.RELIABLE_SETBACK
    assert MarkerVerdict.SETBACK in {point.verdict for point in fallen}


@pytest.mark.parametrize(
    ("above", "below", "verdict"),
    [
        (None, None, "one_date"), (None, 0.99, "one_date"), (0.99, None, "one_date"),
        (0.95, 0.0, "reliable_growth"), (0.9499, 0.0, "growth"), (0.80, 0.0, "growth"),
        (0.7999, 0.1, "undistinguished"), (0.0, 0.80, "setback"), (0.0, 0.95, "reliable_setback"),
        (0.0, 0.7999, "undistinguished"),
    ],
)  # fmt: skip
def test_the_rules_of_growth_and_setback(above: float | None, below: float | None, verdict: str) -> None:
    assert verdict_of(above, below, 0.80, 0.95) == verdict


def test_the_line_looked_back_at_rises_by_the_change_that_is_told() -> None:
    points = estimate("needs", [*_monthly([1, 2, 2, 3]), form(0, "ecr_r.avoidance", 5, "needs")], model()).points
    assert points[0].looking_back and points[-1].looking_back
    assert points[-1].looking_back.t - points[0].looking_back.t == pytest.approx(points[-1].change.t)
    assert points[-1].looking_back.t == pytest.approx(points[-1].now.t)


def test_silence_widens_the_interval_and_moves_nothing() -> None:
    found = estimate("trust", [rating(0, 2)], model(), also_on=[DAY + timedelta(days=100), DAY - timedelta(days=5)])
    first, later = found.points
    assert later.on == DAY + timedelta(days=100)
    assert later.now.t == first.now.t and later.now.variance == pytest.approx(first.now.variance + 9)
    assert first.now.after(100, 0.09) == Level(first.now.t, pytest.approx(first.now.variance + 9))  # type: ignore[arg-type]
    assert first.now.after(-3, 0.09) == first.now


def test_sources_that_disagree_are_named() -> None:
    found = estimate("trust", [rating(0, 0), rating(0, 4, "client_rating")], model()).latest
    assert found is not None
    (surprise,) = found.surprises
    assert surprise.observation.source == "client_rating" and surprise.size > 2.58
    agreeing = estimate("trust", [rating(0, 2), rating(0, 2, "client_rating")], model()).latest
    assert agreeing is not None and agreeing.surprises == ()


def test_a_disagreement_is_current_for_as_long_as_an_estimate_is() -> None:
    early = [rating(0, 0), rating(0, 4, "client_rating")]
    for days, count in ((60, 1), (61, 0)):
        weighed, _ = settle("trust", [*early, rating(days, 1)], model())
        ((point,),) = courses_of_many([weighed], model(), only_last=True)
        assert len(point.surprises) == count


def test_two_therapists_on_one_day_are_two_scores() -> None:
    found = estimate("trust", [rating(0, 1, rater=1), rating(0, 3, rater=2)], model()).latest
    one = estimate("trust", [rating(0, 2)], model()).latest
    assert found is not None and one is not None
    assert found.now.t == pytest.approx(50) and found.now.variance < one.now.variance
    scores = [PlainScore(0, 0, 40, 35.0), PlainScore(0, 0, 60, 35.0)]
    (plain,), _ = plain_course([0], scores, [0.8], [1.0], 0.09)
    assert (found.now.t, found.now.variance) == pytest.approx((plain.level, plain.variance))


def test_two_unequal_scores_of_one_day_are_weighed_by_their_errors() -> None:
    said = [rating(0, 1, rater=1, confidence="high"), rating(0, 3, rater=2, confidence="low")]
    found = estimate("trust", said, model()).latest
    scores = [PlainScore(0, 0, 40, 35 * 0.64), PlainScore(0, 0, 60, 35 * 2.25)]
    (plain,), _ = plain_course([0], scores, [0.8], [1.0], 0.09)
    assert found is not None and (found.now.t, found.now.variance) == pytest.approx((plain.level, plain.variance))


def test_an_estimate_is_grey_after_sixty_days() -> None:
    assert not is_stale(DAY, DAY + timedelta(days=59), 60) and is_stale(DAY, DAY + timedelta(days=60), 60)


def test_a_level_is_shown_on_its_scale_and_kept_as_it_is() -> None:
    assert [shown_level(level) for level in (-0.3, 1.7, 4.2)] == [0, 1.7, 4]
    assert Level(72.0, 4.0).level == pytest.approx(4.2)
    assert Change(5.0, 4.0, None, None, None).interval == pytest.approx((0.5 - 0.392, 0.5 + 0.392))


# --- many at once, and the oracle --------------------------------------------------------------------

_SOURCES = ("clinician_rating", "client_rating", "gas", "ecr_r.avoidance", "ecr_r.anxiety", "rses.total")


def _random(rng: np.random.Generator) -> list[Observation]:
    days = np.cumsum(rng.integers(1, 60, rng.integers(1, 12)))
    said = {(int(day), str(rng.choice(_SOURCES))) for day in days for _ in range(rng.integers(1, 4))}
    return [
        Observation(DAY + timedelta(days=day), source, 0.0, float(rng.normal(50, 10)), str(rng.choice(["low", "high"])))
        for day, source in sorted(said)
    ]


def _normal_above(points: float, mean: float, sd: float) -> float:
    return 0.5 * math.erfc((points - mean) / sd / math.sqrt(2))


def test_many_series_at_once_are_each_as_alone_and_as_the_slow_implementation_says() -> None:
    rng = np.random.default_rng(11)
    series = [settle("trust", _random(rng), model())[0] for _ in range(800)]
    many, last = courses_of_many(series, model()), courses_of_many(series, model(), only_last=True)
    for weighed, points, (newest,) in zip(series, many, last, strict=True):
        keys = sorted({one.observation.source for one in weighed}, key=_SOURCES.index)
        known = {one.observation.source: one.source for one in weighed}
        scores = [
            PlainScore(one.observation.on.toordinal(), keys.index(one.observation.source), one.observation.t, one.error)
            for one in weighed
        ]
        days = sorted({score.day for score in scores})
        figures = [known[key].loading for key in keys], [known[key].bias_variance for key in keys]
        plain, _ = plain_course(days, scores, *figures, 0.09)
        for point, day in zip(points, plain, strict=True):
            assert point.on.toordinal() == day.day
            mine = (point.now.t, point.now.variance, point.change.t, point.change.variance)
            assert mine == pytest.approx((day.level, day.variance, day.change, day.change_variance), abs=1e-8)
            surprising = {keys[number]: size for number, size in day.surprises.items() if abs(size) > 2.58}
            assert {one.observation.source: one.size for one in point.surprises} == pytest.approx(surprising)
            if day.change_variance > 0:
                sd = math.sqrt(day.change_variance)
                expected = [
                    0.5 * math.erfc((c - s * day.change) / sd / math.sqrt(2)) for s, c in ((1, 0), (1, 5), (-1, 5))
                ]
                chances = [point.change.above_nothing, point.change.above_points, point.change.below_points]
                assert chances == pytest.approx(expected, abs=1e-9)
        assert (newest.on, newest.now, newest.change, newest.verdict) == (
            points[-1].on, points[-1].now, points[-1].change, points[-1].verdict,
        )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5_000), st.permutations(range(12)))
def test_the_order_of_a_record_changes_nothing(seed: int, order: list[int]) -> None:
    observations = _random(np.random.default_rng(seed))
    turned = [observations[place] for place in order if place < len(observations)]
    turned += observations[12:]
    assert estimate("trust", turned, model()) == estimate("trust", observations, model())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5_000))
def test_one_clients_answer_does_not_depend_on_who_else_is_there(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series = [settle("trust", _random(rng), model())[0] for _ in range(4)]
    together, alone = courses_of_many(series, model()), [courses_of_many([one], model())[0] for one in series]
    for one, other in zip(together, alone, strict=True):
        assert [point.now.t for point in one] == pytest.approx([point.now.t for point in other], abs=1e-10)
        assert [point.verdict for point in one] == [point.verdict for point in other]


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 4), st.integers(1, 400))
def test_one_more_score_never_makes_the_level_less_certain(level: float, days: int) -> None:
    before = estimate("trust", [rating(0, level)], model(), also_on=[DAY + timedelta(days=days)]).points[-1]
    after = estimate("trust", [rating(0, level), rating(days, level)], model()).points[-1]
    assert after.now.variance < before.now.variance

"""From a record to marker levels: which scores of a day count, what disagrees, and what is kept of the estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from lib.domain.course import Form
from lib.domain.goal_scaling import goal_score
from lib.domain.marker_definitions import MarkerModel
from lib.domain.marker_estimates import estimate
from lib.domain.marker_observations import Observation, t_of
from lib.domain.marker_sources import NOBODY_RATED, GoalPoint, observed
from lib.domain.marker_standing import EstimatedLevel, estimated_levels
from lib.domain.markers import RatingPoint
from tests.factories import definitions

DAY = date(2026, 1, 5)


def model() -> MarkerModel:
    return definitions().model.estimation


def point(number: int, level: int | None, days: int = 0, **more: Any) -> RatingPoint:
    return RatingPoint(number, more.pop("marker", "trust"), level, DAY + timedelta(days=days), **more)


def goal(attained: int, days: int = 0, weight: float = 1.0, marker: str = "trust") -> GoalPoint:
    return GoalPoint(1, marker, weight, DAY + timedelta(days=days), attained)


def form(days: int = 0, **more: Any) -> Form:
    scales = more.pop("scales", {"anxiety": 3.0, "avoidance": 3.0})
    told = {"instrument": "ecr_r", "target": "general", "respondent": "client", **more}
    return Form(id=7, taken_on=DAY + timedelta(days=days), scales=scales, **told)


def said(ratings: Any = (), goals: Any = (), forms: Any = (), marker: str = "trust") -> list[tuple[str, float, int]]:
    weighed, _ = observed(marker, ratings, goals, forms, model())
    return [(one.observation.source, round(one.observation.t, 6), (one.observation.on - DAY).days) for one in weighed]


def test_ratings_of_therapist_and_client_are_two_sources() -> None:
    ratings = [point(1, 1), point(2, 3, source="client"), point(3, 2, marker="needs"), point(4, None, days=3)]
    assert said(ratings) == [("clinician_rating", 40, 0), ("client_rating", 60, 0)]


def test_of_several_contexts_of_one_rater_and_day_one_counts() -> None:
    contexts = [point(1, 3, context="work"), point(2, 1, context="partner")]
    assert said(contexts) == [("clinician_rating", 40, 0)]
    assert said([*contexts, point(3, 2)]) == [("clinician_rating", 50, 0)]
    apart = [point(1, 3, rated_by_id=1), point(2, 1, rated_by_id=2)]
    assert sorted(said(apart)) == [("clinician_rating", 40, 0), ("clinician_rating", 60, 0)]


def test_confidence_and_record_come_along() -> None:
    (one,), _ = observed("trust", [point(9, 2, confidence="high", rated_by_id=4)], (), (), model())
    assert (one.observation.record_id, one.observation.rater, one.observation.value) == (9, 4, 2.0)
    assert one.error == pytest.approx(35 * 0.64)


def test_goals_of_a_day_are_one_score_and_of_another_marker_none() -> None:
    goals = [goal(1), goal(2, weight=3.0), goal(-1, days=7), goal(2, marker="needs")]
    both = round(goal_score([1, 2], [1.0, 3.0], 0.3), 6)
    assert said(goals=goals) == [("gas", both, 0), ("gas", 40, 7)]


def test_a_questionnaire_speaks_only_beside_a_rating() -> None:
    assert said(forms=[form()]) == []
    _, left_out = observed("trust", (), (), [form()], model())
    assert [(one.on, one.source, one.value, one.why) for one in left_out] == [
        (DAY, "ecr_r.anxiety", 3.0, NOBODY_RATED), (DAY, "ecr_r.avoidance", 3.0, NOBODY_RATED),
    ]  # fmt: skip
    assert [source for source, _, _ in said([point(1, 2)], forms=[form()])] == ["clinician_rating", "ecr_r.avoidance"]
    assert [source for source, _, _ in said(goals=[goal(0)], forms=[form()])] == ["gas", "ecr_r.avoidance"]


@pytest.mark.parametrize(
    "other",
    [
        {"target": "partner"},
        {"respondent": "therapist"},
        {"scales": {"avoidance": None, "anxiety": None}},
        {"instrument": "phq9", "scales": {"total": 4}},
    ],
)
def test_forms_about_others_by_others_or_without_a_score_say_nothing(other: dict[str, Any]) -> None:
    assert [source for source, _, _ in said([point(1, 2)], forms=[form(**other)])] == ["clinician_rating"]


def test_a_form_without_published_figures_is_left_out_and_said() -> None:
    weighed, left_out = observed("trust", [point(1, 2)], (), [form(instrument="ecr_rs")], model())
    assert len(weighed) == 1 and {one.source for one in left_out} == {"ecr_rs.anxiety", "ecr_rs.avoidance"}


def test_a_scale_without_a_score_does_not_hide_the_next_one_of_its_form() -> None:
    answered = form(scales={"anxiety": None, "avoidance": 4.0})
    _, one = [each.observation for each in observed("trust", [point(1, 2)], (), [answered], model())[0]]
    assert (one.source, one.value, one.record_id) == ("ecr_r.avoidance", 4.0, 7)
    assert one.t == pytest.approx(50 - 10 * (4.0 - 2.92) / 1.19)


def test_the_value_of_goals_is_their_mean_attainment() -> None:
    (one,), _ = observed("trust", (), [goal(1), goal(2, weight=3.0)], (), model())
    assert one.observation.value == 1.5


def levels(*ratings: RatingPoint, goals: Any = (), forms: Any = ()) -> dict[str, EstimatedLevel]:
    markers = definitions().model.markers
    return estimated_levels({5: (ratings, goals, forms)}, markers, model()).get(5, {})


def test_the_kept_estimate_is_the_newest_of_all_sources() -> None:
    ratings = [point(n, n, days=28 * n) for n in range(4)]
    own = [point(9, 2, days=28, source="client")]
    kept = levels(*ratings, *own)["trust"]
    observations = [Observation(one.rated_on, "clinician_rating", 0, t_of(one.level or 0)) for one in ratings]
    observations += [Observation(one.rated_on, "client_rating", 0, t_of(one.level or 0)) for one in own]
    latest = estimate("trust", observations, model()).latest
    assert latest is not None
    assert (kept.on, kept.since, kept.stale_from) == (latest.on, DAY, latest.on + timedelta(days=60))
    assert (kept.level, kept.low, kept.high) == pytest.approx((latest.now.level, *latest.now.interval))
    assert (kept.change, kept.change_low, kept.change_high) == pytest.approx(
        (latest.change.levels, *latest.change.interval)
    )
    assert kept.above_nothing == pytest.approx(latest.change.above_nothing)
    assert kept.above_points == pytest.approx(latest.change.above_points)
    assert (kept.verdict, kept.variance, kept.drift) == (latest.verdict, pytest.approx(latest.now.variance), 0.09)
    assert kept.change_low < kept.change < kept.change_high


def test_only_markers_somebody_rated_are_kept() -> None:
    assert levels(forms=[form()]) == {}
    assert set(levels(point(1, 2), goals=[goal(1, marker="needs")])) == {"trust", "needs"}
    assert set(levels(goals=[goal(1)])) == {"trust"}
    assert estimated_levels({}, definitions().model.markers, model()) == {}
    both = {5: ([point(1, 2)], (), ()), 6: ([], (), ()), 7: ([point(1, 0, marker="needs")], (), ())}
    found = estimated_levels(both, definitions().model.markers, model())
    assert {client: set(kept) for client, kept in found.items()} == {5: {"trust"}, 7: {"needs"}}


def test_plain_values_read_back_to_the_same_estimate() -> None:
    kept = levels(point(1, 2), point(2, 3, days=20))["trust"]
    plain = orjson.loads(orjson.dumps(kept))
    assert EstimatedLevel.from_json(plain) == kept
    assert all(isinstance(value, str | float | int | None) for value in plain.values())


def test_the_interval_widens_by_the_drift_and_the_estimate_grows_old() -> None:
    kept = replace(levels(point(1, 2))["trust"], variance=16.0, level=2.0, drift=0.09)
    assert kept.interval_on(kept.on) == pytest.approx((2 - 0.784, 2 + 0.784))
    assert kept.interval_on(kept.on + timedelta(days=100)) == pytest.approx((2 - 0.98, 2 + 0.98))
    assert kept.interval_on(kept.on - timedelta(days=100)) == kept.interval_on(kept.on)
    assert not kept.is_stale(kept.stale_from - timedelta(days=1)) and kept.is_stale(kept.stale_from)


def test_both_sides_of_a_disagreement_are_named_with_what_each_said() -> None:
    kept = levels(point(1, 0), point(2, 4, source="client"))["trust"]
    assert kept.disagreement == "5 Jan 2026: client 4, therapist 0"
    goals = levels(point(1, 0), goals=[goal(2)])["trust"]
    assert goals.disagreement == "5 Jan 2026: goals 4.0, therapist 0"
    unlike = levels(*[point(n, 0, days=10 * n) for n in range(5)], point(9, 4, days=80))["trust"]
    assert unlike.disagreement == "26 Mar 2026: therapist 4, unlike everything said before"


def test_what_was_said_long_before_is_no_side_of_a_disagreement() -> None:
    early = point(1, 4, days=-61, source="client")
    ratings = [point(n, 0, days=5 * n) for n in range(5)]
    kept = levels(early, *ratings, goals=[goal(2, days=20)])["trust"]
    assert kept.disagreement == "25 Jan 2026: goals 4.0, therapist 0"
    just = levels(replace(early, rated_on=DAY - timedelta(days=40)), *ratings, goals=[goal(2, days=20)])["trust"]
    assert just.disagreement == "25 Jan 2026: goals 4.0, client 4, therapist 0"
    assert levels(point(1, 2), point(2, 2, source="client"))["trust"].disagreement == ""

"""What says something of a marker: the client's own rating, goals and facets of trust, kept, corrected and refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.goals import GoalDraft
from lib.domain.markers import RatingDraft
from lib.domain.standing import StandingDetail
from lib.services import client_markers, goals, measures
from lib.services.client_markers import ClientMarkers
from lib.storage import standing_queries
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, GoalAttainment, Rating
from tests.conftest import NOW
from tests.factories import House, definitions, house

DAY = date(2026, 1, 5)
GOAL = GoalDraft("needs", "Say one wish a week.", DAY, levels={-2: "none", 0: "one a week"})
EPISODE = {"episode_on": DAY, "evidence": "asked for a hug"}


def told(session: Session, a: House) -> ClientMarkers:
    return client_markers.client_markers(session, a.lark, a.anna, NOW, definitions())


def agree(session: Session, a: House, draft: GoalDraft = GOAL) -> int:
    return goals.agree_goal(session, a.lark, a.anna, draft, NOW, definitions())


def attain(session: Session, a: House, goal_id: int, attained: int, days: int = 0) -> int:
    on = DAY + timedelta(days=days)
    return goals.rate_goal(session, a.lark, a.anna, goal_id, on, attained, NOW, definitions())


def rate(session: Session, a: House, draft: RatingDraft) -> int:
    return measures.rate_marker(session, a.lark, a.anna, draft, NOW, definitions())


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


def test_the_clients_own_rating_stands_beside_the_therapists(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        own = RatingDraft("needs", 3, DAY, source="client")
        rate(session, a, RatingDraft("needs", 1, DAY))
        first = rate(session, a, own)
        rate(session, a, replace(own, level=2))  # corrects the client's, not the therapist's
        assert session.get_one(Rating, first).superseded_at == NOW
        needs = told(session, a).markers["needs"]
        assert [(one.source, one.level) for one in needs.ratings] == [("clinician", 1), ("client", 2)]
        assert {one.source for one in needs.estimate.observations} == {"clinician_rating", "client_rating"}
        (again,) = measures.rate_markers(session, a.lark, a.anna, [replace(own, level=0)], NOW, definitions())
        assert again.before is not None and (again.before.source, again.before.level, again.level) == ("client", 2, 0)
        kept = StandingDetail.from_json(standing_queries.standing_detail(session, a.anna) or {})
        assert [(one.level, one.estimate is not None) for one in kept.markers] == [(1, True)]


def test_both_episodes_of_the_highest_level_are_kept(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        draft = RatingDraft("needs", 4, DAY, **EPISODE, episode_with="partner")  # type: ignore[arg-type]
        with pytest.raises(InvalidInput, match="two relationships"):
            rate(session, a, draft)
        rate(session, a, replace(draft, second_on=DAY, second_with="friends", second_evidence="told Mara"))
        (one,) = told(session, a).markers["needs"].ratings
        assert (one.episode_with, one.second_with, one.second_on, one.second_evidence) == (
            "partner", "friends", DAY, "told Mara",
        )  # fmt: skip


def test_reciprocity_keeps_both_halves_and_counts_the_lower(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, RatingDraft("reciprocity", None, DAY, giving=3, receiving=1))
        (one,) = told(session, a).markers["reciprocity"].ratings
        assert (one.giving, one.receiving, one.level) == (3, 1, 1)


def test_facets_of_trust_are_estimated_and_touch_no_marker(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        draft = RatingDraft("repair", 2, DAY, subject="trust", **EPISODE)  # type: ignore[arg-type]
        rate(session, a, draft)
        found = told(session, a)
        latest = found.facets["repair"].estimate.latest
        assert latest is not None and latest.now.level == pytest.approx(2.0)
        assert list(found.facets) == list(definitions().model.facets)
        assert all(not one.ratings and one.estimate.latest is None for one in found.markers.values())
        kept = StandingDetail.from_json(standing_queries.standing_detail(session, a.anna) or {})
        assert kept.markers == ()


def test_a_goal_is_agreed_rated_corrected_and_ended(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        goal_id = agree(session, a)
        first = attain(session, a, goal_id, -1)
        attain(session, a, goal_id, 1)
        assert session.get_one(GoalAttainment, first).superseded_at == NOW
        ((goal, reached),) = told(session, a).markers["needs"].goals
        assert (goal.goal, goal.levels) == ("Say one wish a week.", {"-2": "none", "0": "one a week"})
        assert [one.attained for one in reached] == [1]
        latest = told(session, a).markers["needs"].estimate.latest
        assert latest is not None and latest.now.level > 2
        goals.end_goal(session, a.lark, a.anna, goal_id, DAY + timedelta(days=10), NOW)
        with pytest.raises(InvalidInput, match="had ended"):
            attain(session, a, goal_id, 1, days=11)
        assert actions(session)[-4:] == ["goal_agreed", "goal_rated", "goal_rated", "goal_ended"]


def test_goals_of_one_marker_and_day_are_one_score(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        for weight in (1.0, 2.0):
            attain(session, a, agree(session, a, replace(GOAL, weight=weight)), 1)
        (one,) = told(session, a).markers["needs"].estimate.observations
        assert one.source == "gas" and one.t == pytest.approx(50 + 30 / (0.7 * 5 + 0.3 * 9) ** 0.5)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"marker": "hope"}, "marker"),
        ({"goal": "  "}, "goal"),
        ({"goal": "x" * 501}, "goal"),
        ({"weight": 0.0}, "weight"),
        ({"weight": 11.0}, "weight"),
        ({"levels": {3: "x"}}, "levels"),
        ({"agreed_on": NOW.date() + timedelta(days=1)}, "date"),
    ],
)
def test_a_goal_that_breaks_a_rule_names_the_field(database: Database, change: dict[str, object], field: str) -> None:
    with database.writing() as session:
        a = house(session)
        with pytest.raises(InvalidInput) as refused:
            agree(session, a, replace(GOAL, **change))  # type: ignore[arg-type]
        assert refused.value.field == field


@pytest.mark.parametrize(("attained", "days"), [(3, 0), (-3, 0), (0, -1), (0, 400)])
def test_an_attainment_out_of_range_or_time_is_refused(database: Database, attained: int, days: int) -> None:
    with database.writing() as session:
        a = house(session)
        goal_id = agree(session, a)
        with pytest.raises(InvalidInput):
            attain(session, a, goal_id, attained, days)


def test_who_may_not_write_neither_rates_nor_agrees(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        goal_id, known = agree(session, a), definitions()
        with pytest.raises(NotAllowed):
            goals.agree_goal(session, a.heron, a.anna, GOAL, NOW, known)
        with pytest.raises(NotYours):
            goals.rate_goal(session, a.finch, a.anna, goal_id, DAY, 0, NOW, known)
        with pytest.raises(NotYours):
            goals.rate_goal(session, a.finch, a.boris, goal_id, DAY, 0, NOW, known)  # another client's goal
        with pytest.raises(NotYours):
            goals.end_goal(session, a.finch, a.boris, goal_id, DAY, NOW)
        for stranger in (a.finch, a.stork, a.admin):
            with pytest.raises(NotYours):
                client_markers.client_markers(session, stranger, a.anna, NOW, known)
            with pytest.raises(NotYours):
                goals.goals_of(session, stranger, a.anna, NOW)
        assert len(goals.goals_of(session, a.heron, a.anna, NOW)) == 1


def test_a_long_silence_is_drawn_as_it_widens(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        early = NOW.date() - timedelta(days=200)
        rate(session, a, RatingDraft("needs", 1, early))
        points = told(session, a).markers["needs"].estimate.points
        assert points[0].on == early and points[-1].on == NOW.date() and len(points) == 9
        variances = [point.looking_back.variance for point in points if point.looking_back]
        assert variances == sorted(variances) and len(set(variances)) == 9


def test_several_ratings_are_kept_together_or_not_at_all(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        good, bad = RatingDraft("trust", 1, DAY), RatingDraft("presence", 3, DAY)
        with pytest.raises(InvalidInput, match="Presence: Level 3 needs at least one episode"), session.begin_nested():
            measures.rate_markers(session, a.lark, a.anna, [good, bad], NOW, definitions())
        assert session.scalars(select(Rating)).all() == []
        kept = measures.rate_markers(session, a.lark, a.anna, [good, replace(bad, level=0)], NOW, definitions())
        assert [(one.draft.marker, one.level, one.before) for one in kept] == [
            ("trust", 1, None),
            ("presence", 0, None),
        ]

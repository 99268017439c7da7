"""Marker estimates in the standing: from all sources, in the write's own transaction, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lib.domain.imports import AdministrationIn, MarkerRatingIn, Parsed
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.markers import RatingDraft
from lib.domain.standing import StandingDetail
from lib.services import client_record, imports, measures, standing
from lib.storage import standing_queries
from lib.storage.engine import Database
from lib.storage.tables import Goal, GoalAttainment, Rating, Standing
from tests.conftest import NOW
from tests.factories import House, definitions, enter, house, phq9_total

DAY = date(2026, 1, 5)


def rate(session: Session, a: House, level: int | None, days: int = 0, marker: str = "trust", context: str = "") -> int:
    on = DAY + timedelta(days=days)
    draft = RatingDraft(marker, level, on, context, episode_on=on, evidence="asked a neighbour for help")
    return measures.rate_marker(session, a.lark, a.anna, draft, NOW, definitions())


def kept(session: Session, client_id: int) -> StandingDetail:
    detail = standing_queries.standing_detail(session, client_id)
    assert detail is not None
    return StandingDetail.from_json(detail)


def estimate(session: Session, client_id: int, marker: str = "trust") -> EstimatedLevel | None:
    return next((one.estimate for one in kept(session, client_id).markers if one.marker == marker), None)


def known(session: Session, client_id: int) -> EstimatedLevel:
    found = estimate(session, client_id)
    assert found is not None
    return found


def ecr_r(days: int, avoidance: float, anxiety: float) -> AdministrationIn:
    totals = {"avoidance": avoidance, "anxiety": anxiety}
    return AdministrationIn("SB-001", DAY + timedelta(days=days), "ecr_r", None, totals)


def test_a_rating_brings_an_estimate_with_its_interval(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 1)
        found = known(session, a.anna)
        assert found.low < found.level < found.high and found.verdict == "one_date"
        assert (found.on, found.since, found.above_points) == (DAY, DAY, None)
        assert estimate(session, a.anna, "needs") is None


def test_not_enough_evidence_is_no_estimate_and_no_zero(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, None)
        assert estimate(session, a.anna) is None
        assert [one.not_enough_evidence_on for one in kept(session, a.anna).markers] == [DAY]


def test_every_source_has_its_say(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 1)
        levels = [known(session, a.anna).level]
        session.add(
            Rating(
                client_id=a.anna, subject="marker", key="trust", source="client", level=3, rated_on=DAY, rated_at=NOW
            )
        )
        goal = Goal(client_id=a.anna, marker="trust", goal="ask once a week", agreed_on=DAY)
        session.add(goal)
        session.flush()
        standing.recompute(session, a.anna, NOW, definitions())
        levels.append(known(session, a.anna).level)
        session.add(GoalAttainment(goal_id=goal.id, rated_on=DAY, attained=2))
        standing.recompute(session, a.anna, NOW, definitions())
        levels.append(known(session, a.anna).level)
        enter(session, a.lark, a.anna, ecr_r(0, 1.2, 1.2))
        levels.append(known(session, a.anna).level)
        assert levels == sorted(levels) and len(set(levels)) == 4
        assert kept(session, a.anna).markers[-1].level == 1  # the clinician's own word stays what it was


def test_a_questionnaire_alone_makes_no_level(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        enter(session, a.lark, a.anna, ecr_r(0, 3, 3))
        assert kept(session, a.anna).markers == ()


def test_sources_that_disagree_are_both_named(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 0)
        session.add(
            Rating(
                client_id=a.anna, subject="marker", key="trust", source="client", level=4, rated_on=DAY, rated_at=NOW
            )
        )
        standing.recompute(session, a.anna, NOW, definitions())
        assert known(session, a.anna).disagreement == "5 Jan 2026: client 4, therapist 0"


def test_an_estimate_ages_without_being_written_anew(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 2)
        found = known(session, a.anna)
        low, high = found.interval_on(DAY + timedelta(days=200))
        assert (
            low < found.low and high > found.high and found.interval_on(DAY) == pytest.approx((found.low, found.high))
        )
        assert not found.is_stale(DAY + timedelta(days=59)) and found.is_stale(DAY + timedelta(days=60))


def test_a_corrected_rating_takes_the_place_of_the_first(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 0)
        before = known(session, a.anna)
        rate(session, a, 3)
        assert known(session, a.anna).level > before.level
        rate(session, a, 1, context="partner")  # the overall rating of the day counts
        assert known(session, a.anna).verdict == "one_date" and known(session, a.anna).level > before.level


def test_rebuilding_gives_what_the_writes_gave(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        for step, level in enumerate([0, 1, 2, 3]):
            rate(session, a, level, days=14 * step)
            rate(session, a, level, days=14 * step, marker="presence")
        enter(session, a.lark, a.anna, ecr_r(28, 3, 3))
        written = kept(session, a.anna)
        session.query(Standing).update({"rules_version": "older"})
        assert standing.renew(session, NOW, definitions()) == 2
        assert kept(session, a.anna) == written
        assert [one.marker for one in written.markers if one.estimate] == ["presence", "trust"]


@pytest.mark.parametrize("brought", ["a questionnaire of mood", "one of attachment", "a rating", "by older rules"])
def test_after_an_import_markers_stand_as_a_rebuild_leaves_them(database: Database, brought: str) -> None:
    """A file of scores that say nothing about a marker leaves the levels as they were kept, without a second look."""
    mood = phq9_total("SB-001", DAY + timedelta(days=30), 8, 0)._replace(rows=(2,))
    files = {
        "one of attachment": Parsed("scores", "a file", 1, (ecr_r(30, 1.5, 1.5)._replace(rows=(2,)),)),
        "a rating": Parsed("markers", "a file", 1, ratings=(MarkerRatingIn("SB-001", DAY, "needs", 3, row=2),)),
    }
    with database.writing() as session:
        a = house(session)
        for step, level in enumerate([0, 1, 2]):
            rate(session, a, level, days=14 * step)
        enter(session, a.lark, a.anna, ecr_r(28, 3, 3))
        before = kept(session, a.anna).markers
        if brought == "by older rules":
            values: dict[Any, Any] = {"rules_version": "older", "detail": kept_without_markers(session, a.anna)}
            session.query(Standing).filter_by(client_id=a.anna).update(values)
        file = files.get(brought, Parsed("scores", "a file", 1, (mood,)))
        imports.commit_import(session, a.lark, file, imports.ImportOptions(), "f.csv", "0" * 64, NOW, definitions())
        session.expire_all()
        written = kept(session, a.anna)
        assert (written.markers == before) == (brought in ("a questionnaire of mood", "by older rules"))
        standing.rebuild(session, NOW, definitions())
        session.expire_all()
        assert kept(session, a.anna) == written and (written.measure("phq9.total") is None) == (brought in files)


def kept_without_markers(session: Session, client_id: int) -> dict[str, object]:
    return {**(standing_queries.standing_detail(session, client_id) or {}), "markers": []}


def test_one_client_does_not_move_another(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 2)
        alone = known(session, a.anna)
        draft = RatingDraft("trust", 0, DAY)
        measures.rate_marker(session, a.finch, a.boris, draft, NOW, definitions())
        standing.rebuild(session, NOW, definitions())
        assert known(session, a.anna) == alone


def test_the_terminal_tells_level_interval_and_verdict(database: Database) -> None:
    with database.writing() as session:
        a = house(session)
        rate(session, a, 2)
        told = client_record.as_json(client_record.client_overview(session, a.lark, a.anna, NOW, definitions()))
        (marker,) = [one for one in told["standing"]["markers"] if one["estimate"]]
        assert {"level", "low", "high", "change", "above_points", "verdict", "disagreement", "stale_from"} <= set(
            marker["estimate"]
        )

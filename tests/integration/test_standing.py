"""Standing: what a list shows follows every write, and made anew from the record it is the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.flags import AttentionLevel, FlagKind
from lib.domain.markers import RatingDraft
from lib.domain.notes import SessionDetails
from lib.domain.standing import StandingDetail
from lib.services import flags, measures, sessions, standing
from lib.storage.engine import Database
from lib.storage.tables import Episode, Flag, Rupture, Standing, StandingScore, TherapyBreak
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
KNOWN = factories.definitions()


def detail(session: Session, client_id: int) -> StandingDetail:
    session.expire_all()
    return StandingDetail.from_json(session.get_one(Standing, client_id).detail)


def rows(session: Session) -> tuple[list[Any], list[Any]]:
    session.expire_all()
    columns = [c for c in Standing.__table__.columns if c.name != "computed_at"]
    return (
        session.execute(select(*columns).order_by(Standing.client_id)).all(),  # type: ignore[return-value]
        session.execute(
            select(*StandingScore.__table__.columns).order_by(StandingScore.client_id, StandingScore.measure)
        ).all(),
    )


def test_a_new_client_has_a_standing_without_scores(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        found = detail(session, house.anna)
        assert (found.code, found.name, found.measures, found.reasons) == ("SB-001", "Anna Muster", (), ())
        assert found.ending is None and found.is_open


def test_measures_show_first_best_latest_and_the_verdict(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [17, 7, 9], TODAY - timedelta(days=20))
        main = detail(session, house.anna).main
        assert main is not None and (main.first, main.best, main.latest, main.points) == (17, 7, 9, 3)
        assert main.verdict == "recovered" and "17 to 9" in main.sentence and main.cutoff == 10
        assert main.error_low == pytest.approx(10.24, abs=0.01) and main.error_high == pytest.approx(23.76, abs=0.01)
        assert [value for _, value in main.series] == [17, 7, 9]
        score = session.get_one(StandingScore, (house.anna, "phq9.total"))
        assert (score.first_value, score.latest_value, score.points, score.verdict) == (17, 9, 3, "recovered")


def test_a_single_score_has_no_verdict_and_says_why(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [17], TODAY)
        main = detail(session, house.anna).main
        assert main is not None and main.verdict == "undetermined" and "no second score" in main.sentence


def test_worsening_raises_a_flag_that_lapses_when_scores_recover(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        begun = TODAY - timedelta(days=20)
        factories.course(session, house.lark, house.anna, "SB-001", [8, 15], begun)
        (reason,) = detail(session, house.anna).reasons_on(TODAY)
        assert (reason.level, reason.kind) == (AttentionLevel.WATCH, FlagKind.RELIABLE_DETERIORATION)
        assert reason.since == begun + timedelta(days=7)
        factories.course(session, house.lark, house.anna, "SB-001", [9], begun + timedelta(days=14))
        assert detail(session, house.anna).reasons_on(TODAY) == ()
        assert session.scalars(select(Flag.state)).all() == ["lapsed"]


def test_an_answered_rule_flag_rests(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [8, 16], TODAY - timedelta(days=20))
        flag_id = session.scalars(select(Flag.id)).one()
        flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Reviewed together.", NOW, KNOWN)
        factories.course(session, house.lark, house.anna, "SB-001", [16], TODAY)
        assert detail(session, house.anna).open_flags == 0
        standing.recompute(session, house.anna, NOW + timedelta(days=40), KNOWN)
        assert detail(session, house.anna).open_flags == 1, "after its rest it is open anew"


def test_a_rest_of_one_week_ends_by_itself_while_the_rule_holds(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [8, 16], TODAY - timedelta(days=20))
        flag_id = session.scalars(select(Flag.id)).one()
        with pytest.raises(InvalidInput):
            flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Reviewed.", NOW, KNOWN, rest_weeks=3)
        flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Reviewed.", NOW, KNOWN, rest_weeks=1)
        found = detail(session, house.anna)
        assert FlagKind.RELIABLE_DETERIORATION not in {r.kind for r in found.reasons_on(TODAY + timedelta(days=6))}
        (again,) = [r for r in found.reasons_on(TODAY + timedelta(days=7)) if r.flag_id == flag_id]
        assert again.reason.endswith("answered before, due again.") and again.since == TODAY + timedelta(days=7)
        flags.respond_to_flag(
            session, house.lark, flag_id, house.anna, "Again.", NOW + timedelta(days=8), KNOWN, rest_weeks=2
        )
        later = detail(session, house.anna)
        assert not [r for r in later.reasons_on(TODAY + timedelta(days=21)) if r.flag_id == flag_id]


def test_a_risk_flag_never_rests(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 17, 1))
        flag = session.scalars(select(Flag).where(Flag.is_risk)).one()
        flags.respond_to_flag(session, house.lark, flag.id, house.anna, "Asked.", NOW, KNOWN, rest_weeks=1)
        assert flag.rests_until is None
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 16, 2))
        assert detail(session, house.anna).open_risk_flags == 1, "a new form asks at once"


def test_risk_comes_first_and_says_that_nobody_has_responded(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [8], TODAY - timedelta(days=14))
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 17, 1))
        first, second = detail(session, house.anna).reasons_on(TODAY)
        assert first.reason == "PHQ-9 item 9 answered 'several days' on 2 Mar 2026; no response recorded."
        assert (first.level, first.step) == (AttentionLevel.RISK, "Record response")
        assert second.level is AttentionLevel.WATCH
        assert session.get_one(Standing, house.anna).attention == 0


def test_what_time_alone_brings_holds_from_its_day_on(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [8], TODAY)
        sessions.record_session(session, house.lark, house.anna, TODAY, SessionDetails(), NOW, KNOWN)
        found = detail(session, house.anna)
        assert found.attention_on(TODAY) == 9
        assert [r.kind for r in found.reasons_on(TODAY + timedelta(days=14))] == [FlagKind.NO_NEXT_DATE]
        later = found.reasons_on(TODAY + timedelta(days=28))
        assert [r.kind for r in later] == [FlagKind.NO_NEXT_DATE, FlagKind.NO_DATA]
        assert later[1].reason == "No questionnaire since 2 Mar 2026."


def test_a_next_date_or_a_break_holds_off_what_time_brings(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        coming = SessionDetails(next_on=TODAY + timedelta(days=30))
        sessions.record_session(session, house.lark, house.anna, TODAY, coming, NOW, KNOWN)
        found = detail(session, house.anna)
        assert found.next_on == TODAY + timedelta(days=30)
        assert found.attention_on(TODAY + timedelta(days=30)) == 9
        (passed,) = found.reasons_on(TODAY + timedelta(days=31))
        assert "has passed without a session noted" in passed.reason
        away = {"starts_on": TODAY + timedelta(days=20), "ends_on": TODAY + timedelta(days=60)}
        session.add(TherapyBreak(client_id=house.anna, kind="holiday", **away))
        standing.recompute(session, house.anna, NOW, KNOWN)
        assert detail(session, house.anna).attention_on(TODAY + timedelta(days=60)) == 9
        assert detail(session, house.anna).attention_on(TODAY + timedelta(days=61)) == 1


def test_a_closed_client_is_not_chased(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [8], TODAY - timedelta(days=90))
        assert detail(session, house.anna).attention_on(TODAY) == 2
        session.add(Episode(client_id=house.anna, number=1, status="closed", starts_on=factories.LONG_AGO))
        standing.recompute(session, house.anna, NOW, KNOWN)
        assert detail(session, house.anna).attention_on(TODAY) == 9 and not detail(session, house.anna).is_open


def test_standings_of_older_rules_and_missing_ones_are_renewed(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        before = rows(session)
        session.get_one(Standing, house.anna).rules_version = "0"
        session.execute(delete(Standing).where(Standing.client_id == house.boris))
        session.flush()
        assert standing.renew(session, NOW, KNOWN) == 2 and rows(session) == before
        assert standing.renew(session, NOW, KNOWN) == 0


def test_a_rebuild_from_the_record_gives_the_same_standing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [4, 8, 11, 19], TODAY - timedelta(days=60))
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 17, 1))
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 16, 0))
        factories.course(session, house.finch, house.boris, "SB-002", [17, 9], TODAY - timedelta(days=20))
        rating = RatingDraft("trust", 2, TODAY, episode_on=date(2026, 2, 1), evidence="asked a friend")
        measures.rate_marker(session, house.lark, house.anna, rating, NOW, KNOWN)
        details = SessionDetails(next_on=TODAY + timedelta(days=7))
        sessions.record_session(session, house.lark, house.anna, TODAY, details, NOW, KNOWN)
        session.add(Rupture(client_id=house.boris, happened_on=TODAY, what="came late, I was curt"))
        standing.recompute(session, house.boris, NOW, KNOWN)
        before, flags_before = rows(session), session.scalars(select(Flag.id).order_by(Flag.id)).all()
        session.execute(delete(StandingScore))
        session.execute(delete(Standing))
        assert standing.rebuild(session, NOW, KNOWN) == 2
        assert rows(session) == before
        assert session.scalars(select(Flag.id).order_by(Flag.id)).all() == flags_before
        assert len(before[1]) == 2 and detail(session, house.anna).open_risk_flags == 1

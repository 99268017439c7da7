"""Forms and ratings reach the record by one road: scored, flagged, kept when corrected, refused to strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.form_changes import Outcome
from lib.domain.imports import AdministrationIn
from lib.domain.markers import RatingDraft
from lib.domain.notes import SessionDetails
from lib.domain.people import OPERATOR
from lib.services import flags, measures, sessions
from lib.storage.engine import Database
from lib.storage.tables import Administration, AuditEvent, Flag, FlagResponse, Rating, Standing
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
DAY = date(2026, 2, 10)


def all_flags(session: Session) -> list[tuple[str, str]]:
    return [(flag.kind, flag.state) for flag in session.scalars(select(Flag).order_by(Flag.id))]


def test_a_form_is_scored_and_its_standing_follows(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        entered = factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 14))
        assert entered.outcome is Outcome.NEW and entered.scored.scales == {"total": 14.0}
    with database.reading() as session:
        standing = session.get_one(Standing, house.anna)
        assert standing.main_measure == "phq9.total" and standing.attention == 9
        assert session.scalar(select(func.count()).where(AuditEvent.action == "form_entered")) == 1


@pytest.mark.parametrize(("answer", "kind"), [(1, "item9_endorsed"), (None, "item9_missing"), (0, None)])
def test_item_nine_raises_its_flag_whatever_the_total(database: Database, answer: int | None, kind: str | None) -> None:
    with database.writing() as session:
        house = factories.house(session)
        form = factories.phq9("SB-001", DAY, 0, 0, 0, 0, 0, 0, 0, 0, answer)
        factories.enter(session, house.lark, house.anna, form)
        assert all_flags(session) == ([(kind, "open")] if kind else [])
        assert session.get_one(Standing, house.anna).open_risk_flags == (1 if kind else 0)


def test_a_total_alone_says_that_item_nine_is_unknown(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        form = AdministrationIn("SB-001", DAY, "phq9", None, {"total": 3})
        factories.enter(session, house.lark, house.anna, form)
        assert all_flags(session) == [("item9_missing", "open")]


def test_the_same_form_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        form = factories.phq9_total("SB-001", DAY, 14, 2)
        first = factories.enter(session, house.lark, house.anna, form)
        again = factories.enter(session, house.lark, house.anna, form)
        assert (again.outcome, again.form_id) == (Outcome.UNCHANGED, first.form_id)
        assert session.scalar(select(func.count(Administration.id))) == 1
        assert len(all_flags(session)) == 1


def test_a_correction_keeps_the_old_form_and_its_open_risk_flag(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        first = factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 14, 2))
        corrected = factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 12, 0))
        assert corrected.outcome is Outcome.CORRECTED
        session.expire_all()
        old = session.get_one(Administration, first.form_id)
        assert old.superseded_by_id == corrected.form_id and old.superseded_at == NOW
        assert old.answers is not None and old.answers["phq9_9"] == 2
        assert all_flags(session) == [("item9_endorsed", "open")], "only a person closes a risk flag"


def test_a_correction_elsewhere_does_not_raise_an_answered_flag_again(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9("SB-001", DAY, 1, 0, 0, 0, 0, 0, 0, 0, 2))
        flag_id = session.scalars(select(Flag.id)).one()
        flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Rang, safe.", NOW, factories.definitions())
        factories.enter(session, house.lark, house.anna, factories.phq9("SB-001", DAY, 2, 0, 0, 0, 0, 0, 0, 0, 2))
        assert all_flags(session) == [("item9_endorsed", "answered")]
        factories.enter(session, house.lark, house.anna, factories.phq9("SB-001", DAY, 2, 0, 0, 0, 0, 0, 0, 0, 3))
        assert all_flags(session) == [("item9_endorsed", "answered"), ("item9_endorsed", "open")]


def test_a_total_never_replaces_answers(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 14))
        total = AdministrationIn("SB-001", DAY, "phq9", None, {"total": 14})
        assert factories.enter(session, house.lark, house.anna, total).outcome is Outcome.UNCHANGED
        with pytest.raises(InvalidInput, match="make another total"):
            factories.enter(session, house.lark, house.anna, total._replace(totals={"total": 15}))


def test_totals_of_two_scales_of_one_form_stand_side_by_side(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        avoidance = AdministrationIn("SB-001", DAY, "ecr_r", None, {"avoidance": 4.5})
        factories.enter(session, house.lark, house.anna, avoidance)
        both = factories.enter(session, house.lark, house.anna, avoidance._replace(totals={"anxiety": 3.0}))
        assert both.scored.scales == {"anxiety": 3.0, "avoidance": 4.5}


@pytest.mark.parametrize(
    ("born_on", "referred_on", "taken_on", "rule"),
    [
        (None, None, TODAY + timedelta(days=1), "future"),
        (date(2026, 2, 11), None, DAY, "born"),
        (None, date(2026, 2, 11), DAY, "referred"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    database: Database, born_on: date | None, referred_on: date | None, taken_on: date, rule: str
) -> None:
    with database.writing() as session:
        house = factories.house(session)
        client = factories.clients.create_client(session, house.lark, "D-1", "", born_on, referred_on, NOW)
        with pytest.raises(InvalidInput, match=rule):
            factories.enter(session, house.lark, client, factories.phq9_total("D-1", taken_on, 3))


def test_a_form_that_names_another_client_is_refused(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(NotYours):
            factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-002", DAY, 3))


def test_a_form_is_not_put_to_another_clients_session(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        known = factories.definitions()
        theirs = sessions.record_session(session, house.finch, house.boris, DAY, SessionDetails(), NOW, known)
        own = sessions.record_session(session, house.lark, house.anna, DAY, SessionDetails(), NOW, known)
        form = factories.phq9_total("SB-001", DAY, 3)
        with pytest.raises(NotYours):
            measures.enter_form(session, house.lark, house.anna, form, NOW, known, session_id=theirs)
        entered = measures.enter_form(session, house.lark, house.anna, form, NOW, known, session_id=own)
        assert session.get_one(Administration, entered.form_id).session_id == own


def test_who_may_enter_a_form(database: Database) -> None:
    form = factories.phq9_total("SB-001", DAY, 3)
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(NotYours):
            factories.enter(session, house.finch, house.anna, form)
        with pytest.raises(NotAllowed):
            factories.enter(session, house.heron, house.anna, form)
        with pytest.raises(NotYours):
            factories.enter(session, house.admin, house.anna, form)
        with pytest.raises(NotAllowed):  # takes files in, and types nothing into a record
            factories.enter(session, OPERATOR, house.anna, form)
        assert factories.enter(session, house.lark, house.anna, form).outcome is Outcome.NEW


def test_a_rating_is_corrected_by_a_newer_one_of_the_same_day(database: Database) -> None:
    draft = RatingDraft("trust", 1, DAY)
    with database.writing() as session:
        house = factories.house(session)
        known = factories.definitions()
        first = measures.rate_marker(session, house.lark, house.anna, draft, NOW, known)
        measures.rate_marker(session, house.lark, house.anna, replace(draft, level=0), NOW, known)
        measures.rate_marker(session, house.lark, house.anna, replace(draft, context="work"), NOW, known)
        session.expire_all()
        assert session.get_one(Rating, first).superseded_at == NOW
        current = session.scalars(select(Rating).where(Rating.superseded_at.is_(None)).order_by(Rating.id)).all()
        assert [(rating.context, rating.level) for rating in current] == [("", 0), ("work", 1)]
        with pytest.raises(NotYours):
            measures.rate_marker(session, house.finch, house.anna, draft, NOW, known)


def test_an_answer_to_a_flag_is_kept_and_closes_it(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 3, 1))
        flag_id, known = session.scalars(select(Flag.id)).one(), factories.definitions()
        with pytest.raises(InvalidInput, match="Say what was done"):
            flags.respond_to_flag(session, house.lark, flag_id, house.anna, "  ", NOW, known)
        with pytest.raises(NotAllowed):
            flags.respond_to_flag(session, house.heron, flag_id, house.anna, "seen", NOW, known)
        with pytest.raises(NotYours):
            flags.respond_to_flag(session, house.finch, flag_id, house.boris, "seen", NOW, known)
        flags.respond_to_flag(session, house.lark, flag_id, house.anna, "Asked; a passing thought.", NOW, known)
        assert session.get_one(Standing, house.anna).open_risk_flags == 0
        assert session.scalars(select(FlagResponse.what_was_done)).all() == ["Asked; a passing thought."]

"""Questionnaire links: one form, once, for a week; nothing about the client is told, and every answer is scored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.services import questionnaire_links as links
from lib.storage.engine import Database
from lib.storage.tables import Administration, AuditEvent, Flag, QuestionnaireLink, Standing
from tests import factories
from tests.conftest import NOW

PHQ9 = {f"phq9_{number}": 1 for number in range(1, 10)}


def made(session: Session, house: factories.House, instrument: str = "phq9") -> str:
    return links.make_link(session, house.lark, house.anna, instrument, "general", NOW, factories.definitions(), "p")


def answered(session: Session, token: str, answers: dict[str, int | None], days: int = 0) -> bool:
    return links.answer(session, token, answers, NOW + timedelta(days=days), factories.definitions())


def test_an_answered_link_scores_the_form_raises_its_flag_and_is_used_up(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        token = made(session, house)
        assert answered(session, token, dict(PHQ9))
        assert not answered(session, token, dict.fromkeys(PHQ9, 0))
        session.expire_all()
        form = session.scalars(select(Administration)).one()
        assert (form.client_id, form.scales, form.entered_by_id) == (house.anna, {"total": 9.0}, None)
        assert form.taken_on == NOW.date() and form.respondent == "client"
        assert [flag.kind for flag in session.scalars(select(Flag))] == ["item9_endorsed"]
        assert session.get_one(Standing, house.anna).main_measure == "phq9.total"
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "form_answered")).one()
        assert (event.actor_id, event.role, event.client_code) == (None, "link", "SB-001")


def test_a_link_asks_without_telling_who_is_asked(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        asked = links.asked_by(session, made(session, house), NOW, factories.definitions())
    assert asked is not None and asked.instrument.id == "phq9" and asked.practice_name == "Test Practice"
    assert "SB-001" not in repr(asked) and "Anna" not in repr(asked)


def test_a_link_that_is_over_withdrawn_or_unknown_reads_the_same_and_takes_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        old, withdrawn = made(session, house), made(session, house)
        row = session.scalars(select(QuestionnaireLink).order_by(QuestionnaireLink.id.desc())).first()
        assert row is not None
        links.withdraw_link(session, house.lark, house.anna, row.id, NOW)
        for token, days in ((old, 7), (withdrawn, 0), ("p.unknown", 0), ("", 0)):
            when = NOW + timedelta(days=days)
            assert links.asked_by(session, token, when, factories.definitions()) is None
            assert not answered(session, token, dict(PHQ9), days)
        assert session.scalars(select(Administration)).all() == []


def test_the_token_itself_is_not_kept(database: Database) -> None:
    with database.writing() as session:
        token = made(session, factories.house(session))
        row = session.scalars(select(QuestionnaireLink)).one()
        assert row.token_hash != token and len(row.token_hash) == 64
        assert token not in repr([event.details for event in session.scalars(select(AuditEvent))])


def test_an_item_left_empty_is_not_a_zero_and_a_form_without_answers_is_refused(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        token = made(session, house)
        with pytest.raises(InvalidInput):
            answered(session, token, dict.fromkeys(PHQ9, None))
        assert answered(session, token, {**PHQ9, "phq9_9": None})
        assert [flag.kind for flag in session.scalars(select(Flag))] == ["item9_missing"]


def test_answers_no_form_knows_are_refused_and_leave_the_link_open(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        token = made(session, house)
        for wrong in ({**PHQ9, "phq9_1": 4}, {**PHQ9, "phq9_10": 1}):
            with pytest.raises(InvalidInput):
                answered(session, token, wrong)
        assert answered(session, token, dict(PHQ9))


def test_a_form_whose_wording_is_not_held_cannot_be_sent(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for instrument in ("ecr_r", "bdi2", "no_such"):
            with pytest.raises(InvalidInput):
                made(session, house, instrument)


def test_only_who_may_write_makes_or_withdraws_and_a_peer_learns_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        made(session, house)
        for actor, refusal in ((house.heron, NotAllowed), (house.finch, NotYours), (house.admin, NotYours)):
            with pytest.raises(refusal):
                links.make_link(session, actor, house.anna, "phq9", "general", NOW, factories.definitions(), "p")
            with pytest.raises(refusal):
                links.withdraw_link(session, actor, house.anna, 1, NOW)
        with pytest.raises(NotYours):
            links.open_links(session, house.finch, house.anna, NOW)
        with pytest.raises(NotYours):  # a link of another client under one's own client's id
            links.withdraw_link(session, house.finch, house.boris, 1, NOW)
        assert len(links.open_links(session, house.heron, house.anna, NOW)) == 1

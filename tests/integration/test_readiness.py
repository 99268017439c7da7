"""Readiness and the decision about ending: who may, what is kept, and that nothing changes it afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.process import EpisodeStatus
from lib.domain.standing import DecidedEnding
from lib.services import caseload, readiness
from lib.services.readiness import EndingChoice
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, EndingDecision, Episode
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


def test_the_board_shows_what_the_record_says_for_and_against(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [20, 16, 6], TODAY - timedelta(days=40), 14)
        board = readiness.board_of(session, house.lark, house.anna, NOW, factories.definitions())
        by_key = {one.key: one for one in board.criteria}
        assert list(by_key) == list(factories.definitions().model.readiness)
        assert "fell from 20 to 6" in by_key["change"].in_favour[0].text
        assert by_key["ending"].against and by_key["plan"].against and board.may_decide


def test_a_decision_keeps_its_reasons_and_the_board_of_that_day(database: Database) -> None:
    planned = TODAY + timedelta(days=28)
    with database.writing() as session:
        house = factories.house(session)
        session.add(
            Episode(client_id=house.anna, number=1, status=EpisodeStatus.OPEN.value, starts_on=date(2026, 1, 5))
        )
        session.flush()
        readiness.decide_ending(
            session, house.lark, house.anna, EndingChoice.PLAN_ENDING, "Held over a summer.", planned, NOW,
            factories.definitions(),
        )  # fmt: skip
        kept = readiness.board_of(session, house.lark, house.anna, NOW, factories.definitions()).decisions[0]
        assert (kept.decision, kept.planned_on, kept.reasons) == ("plan_ending", planned, "Held over a summer.")
        assert [one["key"] for one in kept.board] == list(factories.definitions().model.readiness)
        assert session.scalars(select(Episode.ending_planned_on)).one() == planned
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "ending_decided")).one()
        assert "Held over" not in repr(event.details)
        (entry,) = caseload.own_caseload(session, house.lark, NOW)
        assert entry.standing.ending == DecidedEnding("plan_ending", TODAY, planned)


@pytest.mark.parametrize(
    ("choice", "reasons", "planned_on"),
    [
        (EndingChoice.NOT_YET, "  ", None),
        (EndingChoice.PLAN_ENDING, "Because.", None),
        (EndingChoice.PLAN_ENDING, "Because.", TODAY - timedelta(days=1)),
        (EndingChoice.END_NOW, "Because.", TODAY),
    ],
)
def test_a_decision_without_reasons_or_with_an_impossible_day_is_refused(
    database: Database, choice: EndingChoice, reasons: str, planned_on: date | None
) -> None:
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(InvalidInput):
            readiness.decide_ending(
                session, house.lark, house.anna, choice, reasons, planned_on, NOW, factories.definitions()
            )
        assert session.scalars(select(EndingDecision)).all() == []


def test_only_the_owner_decides_a_supervisor_reads_and_a_peer_finds_nobody(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        assert not readiness.board_of(session, house.heron, house.anna, NOW, factories.definitions()).may_decide
        for actor, refusal in ((house.heron, NotAllowed), (house.finch, NotYours), (house.admin, NotYours)):
            with pytest.raises(refusal):
                readiness.decide_ending(
                    session, actor, house.anna, EndingChoice.NOT_YET, "x", None, NOW, factories.definitions()
                )
        with pytest.raises(NotYours):
            readiness.board_of(session, house.finch, house.anna, NOW, factories.definitions())

"""Turn it round and support when stuck, on real databases: who may, what is kept, what never comes through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain import entries as e
from lib.domain.errors import NotAllowed, NotYours, ReauthenticationNeeded
from lib.domain.turn_round import Chosen, Section
from lib.services import accounts, entries, support, turn_round, turned_screen
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, Flag
from tests import factories
from tests.conftest import NOW

KNOWN = factories.definitions()
TODAY = NOW.date()


def test_nothing_is_shown_until_chosen_and_the_choice_is_remembered_with_its_day(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        assert turn_round.chosen(session, house.lark, house.anna, NOW) == Chosen()
        assert turn_round.clients_own(session, house.lark, house.anna, NOW, KNOWN).lines == {}
        every = {Section.MOMENTS, Section.ALLIANCE}
        made = turn_round.choose(session, house.lark, house.anna, every, NOW)
        assert made.alliance_agreed_on == TODAY
        later = NOW + timedelta(days=9)
        kept = turn_round.choose(session, house.lark, house.anna, every | {Section.BELIEFS}, later)
        assert kept.alliance_agreed_on == TODAY, "the day on which it was agreed stays"
        assert turn_round.chosen(session, house.lark, house.anna, later) == kept
        withdrawn = turn_round.choose(session, house.lark, house.anna, {Section.MOMENTS}, later)
        assert withdrawn.alliance_agreed_on is None
        events = [one for one in session.scalars(select(AuditEvent.action)) if one == "turn_round_chosen"]
        assert len(events) == 3


def test_only_who_writes_chooses_and_nobody_else_knows_of_the_client(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(NotAllowed):
            turn_round.choose(session, house.heron, house.anna, {Section.MOMENTS}, NOW)
        for stranger in (house.finch, house.stork, house.admin):
            with pytest.raises(NotYours):
                turn_round.choose(session, stranger, house.anna, {Section.MOMENTS}, NOW)
            with pytest.raises(NotYours):
                turn_round.clients_own(session, stranger, house.anna, NOW, KNOWN)
            with pytest.raises(NotYours):
                turn_round.chosen(session, stranger, house.anna, NOW)


def test_the_clients_page_holds_no_rupture_no_flag_and_no_event(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for entry in (
            e.Rupture(TODAY, "PRIVATE rupture"),
            e.LifeEvent(TODAY, "PRIVATE event"),
            e.Formulation(TODAY, summary="PRIVATE formulation"),
            e.ImportantPerson(TODAY, "PRIVATE person"),
            e.Moment(TODAY, "Let Jo carry the shopping", "reciprocity", "Jo"),
        ):
            entries.add_entry(session, house.lark, house.anna, entry, NOW, KNOWN)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", TODAY, 17, 2))
        turn_round.choose(session, house.lark, house.anna, set(Section), NOW)
        own = turn_round.clients_own(session, house.lark, house.anna, NOW, KNOWN)
        assert own.lines[Section.MOMENTS][0].said == "Let Jo carry the shopping"
        assert "PRIVATE" not in repr(own) and "item 9" not in repr(own) and own.lines[Section.MEASURES] == ()


def test_what_a_flag_opens_is_read_by_who_may_read_and_by_no_other(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        entries.add_entry(session, house.lark, house.anna, e.Rupture(TODAY, "Fell silent"), NOW, KNOWN)
        flag_id = session.scalars(select(Flag.id)).one()
        for reader in (house.lark, house.heron):
            found = support.support_of_flag(session, reader, house.anna, flag_id, NOW, KNOWN)
            assert [one.pattern.key for one in found.may_fit] == ["alliance", "outside"]
        with pytest.raises(NotYours):
            support.support_of_flag(session, house.finch, house.anna, flag_id, NOW, KNOWN)
        with pytest.raises(NotYours):
            support.support_of_flag(session, house.finch, house.boris, flag_id, NOW, KNOWN)


def test_a_turned_screen_is_one_sign_ins_own_and_only_its_account_turns_it(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        mine, elsewhere = (accounts.first_login(session, house.lark.account_id or 0, NOW) for _ in range(2))
        turned_screen.turn(session, house.lark, mine, house.anna, NOW)
        assert _turned_to(session, mine) == house.anna
        assert _turned_to(session, elsewhere) is None
        with pytest.raises(NotYours):
            turned_screen.turn(session, house.lark, elsewhere, house.boris, NOW)
        with pytest.raises(NotAllowed):
            turned_screen.turn(session, house.finch, mine, house.boris, NOW)
        with pytest.raises(ReauthenticationNeeded):
            turned_screen.turn_back(session, house.lark, mine, "", NOW)
        assert _turned_to(session, mine) == house.anna


def _turned_to(session: Session, token: str) -> int | None:
    found = accounts.signed_in_for_token(session, token, NOW)
    assert found is not None
    return found.turned_to

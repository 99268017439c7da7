"""Signed notes: no road changes their text, client or date, or deletes them; and writers never lock each other out."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import access
from lib.storage.engine import Database
from lib.storage.tables import Client, Note
from tests import factories
from tests.conftest import NOW

FROZEN = ("signed", "cosigned", "imported", "retracted")


def a_note(session: Session, lark: Actor, client_id: int, status: str) -> int:
    """A note in this state."""
    note = Note(
        client_id=client_id,
        originator_id=lark.account_id,
        compartment="progress",
        status=status,
        format="narrative",
        dated_on=NOW.date(),
        text="as it was signed",
        saved_at=NOW,
    )
    session.add(note)
    session.flush()
    return note.id


@pytest.mark.parametrize("status", FROZEN)
@pytest.mark.parametrize(
    "act",
    [
        "UPDATE note SET text = 'changed'",
        "UPDATE note SET client_id = client_id + 1",
        "UPDATE note SET dated_on = '2020-01-01'",
        "UPDATE note SET compartment = 'process'",
        "UPDATE note SET status = 'draft'",
        "DELETE FROM note",
    ],
)
def test_a_signed_note_cannot_be_changed_or_deleted_by_plain_sql(database: Database, status: str, act: str) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id = a_note(session, house.lark, house.anna, status)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(text(f"{act} WHERE id = {note_id}"))
    with database.reading() as session:
        assert session.scalars(select(Note.text)).one() == "as it was signed"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("imported", "returned"),
        ("imported", "signed"),
        ("cosigned", "returned"),
        ("cosigned", "signed"),
        ("retracted", "signed"),
        ("retracted", "returned"),
        ("draft", "returned"),
        ("draft", "cosigned"),
        ("signed", "imported"),
    ],
)
def test_plain_sql_cannot_open_a_final_note_by_way_of_its_status(database: Database, before: str, after: str) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id = a_note(session, house.lark, house.anna, before)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(text(f"UPDATE note SET status = '{after}' WHERE id = {note_id}"))
    with database.reading() as session:
        assert session.scalars(select(Note.status)).one() == before


def test_a_draft_may_change_and_a_signed_note_may_move_on_to_its_cosignature(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        draft, signed = (a_note(session, house.lark, house.anna, status) for status in ("draft", "signed"))
    with database.writing() as session:
        session.get_one(Note, draft).text = "more"
        session.get_one(Note, signed).status = "cosigned"


def test_writers_that_meet_at_the_audit_chain_and_at_a_client_wait_and_both_get_through(database: Database) -> None:
    """One appends its event and then changes the client; the other changes the client and then appends."""
    with database.writing() as session:
        house = factories.house(session)
    failed: list[Exception] = []

    def write(event_first: bool) -> None:
        try:
            for _ in range(15):
                with database.writing() as session:
                    if event_first:
                        access.record_event(session, house.lark, "tried", "client", NOW)
                    session.get_one(Client, house.anna).version += 1
                    session.flush()
                    if not event_first:
                        access.record_event(session, house.lark, "tried", "client", NOW)
        except DatabaseError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in (True, False, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.reading() as session:
        assert session.get_one(Client, house.anna).version == 61

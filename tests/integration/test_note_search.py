"""Searching notes on real databases: what is found, what never is, and what the log says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.people import Actor, Role
from lib.services import note_search
from lib.storage.engine import Database
from lib.storage.revisions import upgrade
from lib.storage.search_index import words_of
from lib.storage.tables import Addendum, Assignment, AuditEvent, Note, ProcessGrant
from tests import factories
from tests.conftest import NOW
from tests.factories import House

DAY = NOW.date()
TRAP = "Said closeness felt like a trap.\nself-reliant; didn't call."


@dataclass
class Library:
    """A practice and a way to put notes into it and to look for them."""

    database: Database
    house: House

    def note(
        self, words: str, *, status: str = "signed", compartment: str = "progress", author: Actor | None = None,
        client_id: int | None = None, on: date = DAY,
    ) -> int:  # fmt: skip
        with self.database.writing() as session:
            note = Note(
                client_id=client_id or self.house.anna, originator_id=(author or self.house.lark).account_id,
                compartment=compartment, status=status, format="narrative", dated_on=on, text=words, saved_at=NOW,
            )  # fmt: skip
            session.add(note)
            session.flush()
            return note.id

    def found(
        self, question: str, actor: Actor | None = None, client_id: int | None = None, later: int = 0
    ) -> list[int]:
        with self.database.writing() as session:
            now = NOW + timedelta(days=later)
            return [one.note_id for one in self.search(session, question, actor, client_id, now).hits]

    def search(self, session: Session, question: str, actor: Actor | None = None, client_id: int | None = None,
               now: object = NOW) -> note_search.Found:  # fmt: skip
        return note_search.search_notes(session, actor or self.house.lark, question, now, client_id)  # type: ignore[arg-type]

    def execute(self, statement: str) -> None:
        with self.database.writing() as session:
            session.execute(text(statement))


@pytest.fixture
def library(database: Database) -> Iterator[Library]:
    """Lark with Anna, Finch with Boris, their supervisors, and no note yet."""
    with database.writing() as session:
        house = factories.house(session)
    yield Library(database, house)


@pytest.mark.parametrize(
    "question",
    ["closeness", "TRAP closeness", '"felt like a trap"', "clos*", '"like a tr*"', "self-reliant", "reliant", "didn't"],
)
def test_words_phrases_and_beginnings_are_found_on_every_database(library: Library, question: str) -> None:
    wanted = library.note(TRAP)
    library.note("Nothing of the sort: a near call, like the other trapeze.")
    assert library.found(question) == [wanted]


@pytest.mark.parametrize(
    "question", ["trapped", '"like felt"', "close", "closeness absent", "trap OR absent", "NOT trap"]
)
def test_what_does_not_stand_there_is_not_found(library: Library, question: str) -> None:
    library.note(TRAP)
    assert library.found(question) == []


@pytest.mark.parametrize(
    "question", ["trap'); DROP TABLE note;--", "' OR 1=1", 'text:"trap', "trap & !x", "a:* | b", "%"]
)
def test_a_question_is_words_and_never_a_command(library: Library, question: str) -> None:
    library.note(TRAP)
    try:
        assert library.found(question) == []
    except InvalidInput:
        assert question == "%"
    assert library.found("trap") != []


def test_a_hit_names_client_and_day_and_shows_the_place(library: Library) -> None:
    library.note(TRAP, on=date(2026, 1, 5))
    newer = library.note("another trap", on=date(2026, 2, 5))
    with library.database.writing() as session:
        found = library.search(session, "trap")
    assert (found.count, found.hits[0].note_id) == (2, newer)
    hit = found.hits[1]
    assert (hit.code, hit.name, hit.dated_on, hit.author) == ("SB-001", "Anna Muster", date(2026, 1, 5), "Lark")
    assert [piece.text for piece in hit.extracts[0] if piece.is_hit] == ["trap"]


# --- kept in step ----------------------------------------------------------------------------------


def test_the_index_follows_every_change_of_a_note(library: Library) -> None:
    note_id = library.note("first wording", status="draft")
    assert library.found("first") == [note_id]
    library.execute(f"UPDATE note SET text = 'second wording' WHERE id = {note_id}")
    assert (library.found("first"), library.found("second")) == ([], [note_id])
    library.execute(f"UPDATE note SET status = 'signed' WHERE id = {note_id}")
    assert library.found("second") == [note_id]
    library.execute(f"UPDATE note SET status = 'retracted' WHERE id = {note_id}")
    assert library.found("second") == []
    draft = library.note("a draft that goes", status="draft")
    library.execute(f"DELETE FROM note WHERE id = {draft}")
    assert library.found("draft") == []


def test_an_addendum_is_found_with_its_note_and_goes_with_it(library: Library) -> None:
    note_id = library.note("the note itself")
    with library.database.writing() as session:
        session.add(
            Addendum(note_id=note_id, author_id=1, written_at=NOW, text="Later: called a lighthouse", sha256="-")
        )
    with library.database.writing() as session:
        (hit,) = library.search(session, "lighthouse").hits
    assert [piece.text for piece in hit.extracts[0] if piece.is_hit] == ["lighthouse"]
    library.execute(f"UPDATE note SET status = 'retracted' WHERE id = {note_id}")
    assert library.found("lighthouse") == []


def test_a_rolled_back_note_is_not_found(library: Library) -> None:
    with pytest.raises(KeyboardInterrupt), library.database.writing() as session:
        session.add(
            Note(client_id=library.house.anna, originator_id=library.house.lark.account_id, compartment="progress",
                 status="signed", format="narrative", dated_on=NOW.date(), text="vanished", saved_at=NOW)
        )  # fmt: skip
        session.flush()
        raise KeyboardInterrupt
    assert library.found("vanished") == []


def test_the_migration_fills_the_index_from_the_notes_that_are_there(sqlite_bare: Database) -> None:
    insert = (
        "INSERT INTO note (id, client_id, compartment, status, format, dated_on, text, version, saved_at, import_file,"
        " import_labels, retraction_reason) VALUES ({}, 1, '{}', '{}', 'narrative', '2026-01-01', 'lighthouse', 1,"
        " '2026-01-01', '', '[]', '')"
    )
    with sqlite_bare.writing() as session:
        upgrade(session.connection(), "0004")
        session.execute(text("INSERT INTO client (id, code, name, is_couple, version, created_at) "
                             "VALUES (1, 'A', '', 0, 1, '2026-01-01')"))  # fmt: skip
        for number, (compartment, status) in enumerate(
            [("progress", "signed"), ("process", "signed"), ("progress", "retracted")], start=1
        ):
            session.execute(text(insert.format(number, compartment, status)))
        upgrade(session.connection())
        held = session.scalars(text("SELECT rowid FROM note_search WHERE note_search MATCH 'lighthouse'")).all()
    assert held == [1]


@pytest.fixture
def sqlite_bare(tmp_path: object) -> Iterator[Database]:
    """A plain file without a single table."""
    from lib.storage.engine import open_database
    from tests.conftest import MASTER_KEY

    database = open_database(f"sqlite:///{tmp_path}/bare.db", MASTER_KEY)
    yield database
    database.close()


@pytest.mark.postgresql
def test_postgresql_answers_from_its_index(postgresql_database: Database) -> None:
    with postgresql_database.engine.connect() as session:  # rolled back at the end
        session.execute(text("DROP INDEX ix_note_client_id_compartment_dated_on"))  # of an empty table any one will do
        session.execute(text("SET LOCAL enable_seqscan = off"))
        asked = (
            f"EXPLAIN SELECT id FROM note WHERE {words_of('note.text')} @@ to_tsquery('simple'::regconfig, 'trap') "
            "AND compartment = 'progress' AND status <> 'retracted'"
        )
        plan = "\n".join(session.exec_driver_sql(asked).scalars())
    assert "note_search" in plan


# --- what is never found ---------------------------------------------------------------------------


def test_process_notes_are_found_by_nobody_not_even_their_author_or_a_grantee(library: Library) -> None:
    note_id = library.note("lighthouse", compartment="process")
    with library.database.writing() as session:
        session.add(ProcessGrant(note_id=note_id, account_id=library.house.heron.account_id, granted_by_id=1,
                                 reason="-", starts_on=NOW.date(), ends_on=NOW.date()))  # fmt: skip
        session.add(Addendum(note_id=note_id, author_id=1, written_at=NOW, text="lighthouse", sha256="-"))
    for actor in (library.house.lark, library.house.heron):
        assert library.found("lighthouse", actor) == []
    if library.database.engine.dialect.name == "sqlite":
        with library.database.reading() as session:
            for table in ("note_search", "addendum_search"):
                assert session.scalars(text(f"SELECT rowid FROM {table} WHERE {table} MATCH 'lighthouse'")).all() == []


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_what_is_being_written_is_found_by_its_author_only(library: Library, status: str) -> None:
    note_id = library.note("lighthouse", status=status)
    assert library.found("lighthouse") == [note_id]
    assert library.found("lighthouse", library.house.heron) == []


def test_one_finds_in_the_notes_of_ones_own_clients_and_supervisees_only(library: Library) -> None:
    house = library.house
    annas = library.note("lighthouse")
    boriss = library.note("lighthouse", author=house.finch, client_id=house.boris)
    assert [library.found("lighthouse", one) for one in (house.lark, house.heron)] == [[annas], [annas]]
    assert [library.found("lighthouse", one) for one in (house.finch, house.stork)] == [[boriss], [boriss]]
    with pytest.raises(NotAllowed):
        library.found("lighthouse", house.admin)
    with pytest.raises(NotYours):
        library.found("lighthouse", house.lark, client_id=house.boris)
    assert library.found("lighthouse", house.lark, client_id=house.anna) == [annas]


def test_after_a_transfer_nothing_is_found_any_more(library: Library) -> None:
    library.note("lighthouse")
    with library.database.writing() as session:
        held = session.scalars(select(Assignment).where(Assignment.client_id == library.house.anna)).one()
        held.ends_on = NOW.date()
    assert library.found("lighthouse") != []
    assert library.found("lighthouse", later=1) == []


def test_a_returned_note_shows_others_nothing_of_what_is_being_written(library: Library) -> None:
    """The supervisor reads what was signed; the words under way are not searched for them."""
    library.note("being mended", status="returned")
    assert library.found("mended", library.house.heron) == []


def test_the_log_tells_that_somebody_searched_and_never_the_words(library: Library) -> None:
    note_id = library.note(TRAP)
    library.found('"felt like a trap" clos*', client_id=library.house.anna)
    with library.database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "notes_searched")).one()
    assert event.client_code == "SB-001"
    assert event.details == {"terms": 2, "hits": 1, "note_ids": [note_id]}


def test_a_role_without_clients_cannot_search(library: Library) -> None:
    nobody = Actor(library.house.admin.account_id, "x", "x", frozenset({Role.PRACTICE_ADMIN}))
    with pytest.raises(NotAllowed):
        library.found("trap", nobody)

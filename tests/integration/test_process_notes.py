"""Process notes asked for by everybody through every road: their author reads them, nobody else, unless let in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput, NotYours, ReauthenticationNeeded, UserFacingError
from lib.domain.notes import text_hash
from lib.domain.people import OPERATOR, Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import (
    access,
    client_record,
    exports,
    note_reviews,
    note_search,
    notes,
    people,
    process_grants,
    record_extract,
)
from lib.services.hashing import password_hash
from lib.storage import archive_queries
from lib.storage.engine import Database
from lib.storage.tables import Account, Assignment, AuditEvent, BreakGlass, Note, ProcessGrant
from tests import factories
from tests.conftest import NOW
from tests.factories import House

SECRET = "countertransference lighthouse"
PASSWORD = "correct horse battery staple"
DAY = NOW.date()


@dataclass
class Sealed:
    """A practice with one process note of Lark's about Anna, and everybody who might want to read it."""

    database: Database
    house: House
    note_id: int
    cover: Actor
    breaker: Actor  # opened Anna's record with a reason

    @property
    def everybody_else(self) -> dict[str, Actor]:
        house = self.house
        return {
            "peer": house.finch, "supervisor": house.heron, "other supervisor": house.stork, "admin": house.admin,
            "cover": self.cover, "break-glass": self.breaker, "operator": OPERATOR,
        }  # fmt: skip


@pytest.fixture(scope="module")
def hashed() -> str:
    """One password for all, hashed once: it is slow on purpose."""
    return password_hash(PASSWORD)


@pytest.fixture
def sealed(database: Database, hashed: str) -> Iterator[Sealed]:
    """The note is signed, so that nothing but the compartment keeps it from being read."""
    with database.writing() as session:
        house = factories.house(session)
        for row in session.scalars(select(Account)):
            row.password_hash = hashed
        cover = factories.account(session, "Cover")
        factories.assign(session, house.anna, cover, kind="cover")
        breaker = factories.account(session, "Breaker", [Role.PRACTICE_ADMIN])
        session.add(BreakGlass(client_id=house.anna, account_id=breaker.account_id, reason="-", begins_at=NOW,
                               ends_at=NOW + timedelta(hours=1)))  # fmt: skip
        note = Note(client_id=house.anna, originator_id=house.lark.account_id, compartment="process", status="signed",
                    format="narrative", dated_on=DAY, text=SECRET, saved_at=NOW)  # fmt: skip
        session.add(note)
        session.flush()
        note_id = note.id
    yield Sealed(database, house, note_id, cover, breaker)


def _forged_save(session: Session, actor: Actor, sealed: Sealed) -> object:
    return notes.save_draft(session, actor, sealed.note_id, sealed.house.anna, "x", 1, NOW, also_mine=[SECRET])


# Each road as a person or a forged message could take it.
ROADS: dict[str, Callable[[Session, Actor, Sealed], Any]] = {
    "notes of the client": lambda s, a, it: notes.notes_of_client(s, a, it.house.anna, NOW),
    "the note by its id": lambda s, a, it: notes.note_of_client(s, a, it.note_id, it.house.anna, NOW),
    "the note under another client": lambda s, a, it: notes.note_of_client(s, a, it.note_id, it.house.boris, NOW),
    "page of the client's notes": lambda s, a, it: notes.note_page(s, a, it.house.anna, NOW),
    "co-signing page": lambda s, a, it: notes.client_and_note(s, a, it.note_id, it.house.anna, NOW),
    "list to co-sign": lambda s, a, it: note_reviews.waiting_for_cosignature(s, a, NOW),
    "search": lambda s, a, it: note_search.search_notes(s, a, "lighthouse", NOW),
    "search in one client": lambda s, a, it: note_search.search_notes(s, a, "count*", NOW, it.house.anna),
    "client page": lambda s, a, it: client_record.client_overview(s, a, it.house.anna, NOW, factories.definitions()),
    "export as tables": lambda s, a, it: _unzipped(exports.export_client(s, a, "SB-001", "csv", "why", NOW)),
    "export as archive": lambda s, a, it: exports.export_client(s, a, "SB-001", "json", "why", NOW).decode(),
    "export of the practice": lambda s, a, it: exports.export_practice(s, a, "json", NOW).decode(),
    "extract for documents": lambda s, a, it: record_extract.extract(
        s, access.client_for(s, a, Action.READ, RecordKind.CLINICAL_RECORD, it.house.anna, NOW), (), NOW,
        factories.definitions(),
    ),
    "forged save": _forged_save,
    "forged addendum": lambda s, a, it: notes.add_addendum(s, a, it.note_id, it.house.anna, "x", NOW),
    "forged signature": lambda s, a, it: notes.sign_note(
        s, a, it.note_id, it.house.anna, PASSWORD, text_hash(SECRET), NOW, definitions=factories.definitions()
    ),
    "forged co-signature": lambda s, a, it: notes.cosign_note(
        s, a, it.note_id, it.house.anna, PASSWORD, text_hash(SECRET), NOW, definitions=factories.definitions()
    ),
    "forged return": lambda s, a, it: notes.return_note(
        s, a, it.note_id, it.house.anna, "x", NOW, definitions=factories.definitions()
    ),
    "forged retraction": lambda s, a, it: notes.retract_note(
        s, a, it.note_id, it.house.anna, "x", PASSWORD, NOW, belongs_to_client_id=it.house.boris,
        definitions=factories.definitions(),
    ),
    "list of own process notes": lambda s, a, it: process_grants.own_process_notes(s, a),
    "list of opened process notes": lambda s, a, it: process_grants.granted_process_notes(s, a, NOW),
    "list for a legal reason": lambda s, a, it: process_grants.process_notes_about(s, a, "SB-001", NOW),
}  # fmt: skip


def _unzipped(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return "\n".join(held.read(name).decode() for name in held.namelist())


@pytest.mark.parametrize("who", ["peer", "supervisor", "other supervisor", "admin", "cover", "break-glass", "operator"])
def test_a_process_note_is_read_by_nobody_else_on_any_road(sealed: Sealed, who: str) -> None:
    for name, road in ROADS.items():
        try:
            with sealed.database.writing() as session:
                told = road(session, sealed.everybody_else[who], sealed)
        except UserFacingError as refused:
            told = refused.in_words()
        for word in SECRET.split():
            assert word not in repr(told), f"{who} by {name}"
    with sealed.database.reading() as session:
        note = session.get_one(Note, sealed.note_id)
        assert (note.text, note.status, note.version) == (SECRET, "signed", 1)


def test_the_roads_are_not_dead_ends_for_a_progress_note(sealed: Sealed) -> None:
    """The same roads find a progress note, so that what they do not show was kept back."""
    with sealed.database.writing() as session:
        session.add(Note(client_id=sealed.house.anna, originator_id=sealed.house.lark.account_id, saved_at=NOW,
                         compartment="progress", status="imported", format="narrative", dated_on=DAY,
                         text="progress lighthouse"))  # fmt: skip
    open_roads = [
        "notes of the client",
        "page of the client's notes",
        "search",
        "export as tables",
        "export as archive",
    ]
    for road in open_roads:
        with sealed.database.writing() as session:
            assert "progress" in repr(ROADS[road](session, sealed.house.lark, sealed)), road


def test_the_archive_of_a_client_knows_no_row_of_a_process_note(sealed: Sealed) -> None:
    with sealed.database.reading() as session:
        rows = archive_queries.rows_of_clients(session, [sealed.house.anna])
    assert rows["note"] == [] and "process_grant" not in rows


def test_its_author_reads_it_while_the_client_is_theirs(sealed: Sealed) -> None:
    with sealed.database.writing() as session:
        (note,) = notes.notes_of_client(session, sealed.house.lark, sealed.house.anna, NOW)
    assert note.text == SECRET


# --- grants ----------------------------------------------------------------------------------------


def _grant(sealed: Sealed, actor: Actor, reader: Actor, *, days: int = 7, password: str = PASSWORD,
           reason: str = "handover", starts: int = 0) -> int:  # fmt: skip
    with sealed.database.writing() as session:
        return process_grants.grant_reading(
            session, actor, sealed.note_id, reader.account_id or 0, DAY + timedelta(days=starts),
            DAY + timedelta(days=days), reason, password, NOW,
        )  # fmt: skip


def _read(sealed: Sealed, actor: Actor, later: int = 0) -> str | None:
    with sealed.database.writing() as session:
        return notes.note_of_client(session, actor, sealed.note_id, sealed.house.anna, NOW + timedelta(days=later)).text


def test_who_was_let_in_reads_this_note_within_the_days_and_not_after(sealed: Sealed) -> None:
    _grant(sealed, sealed.house.lark, sealed.house.finch, starts=2)
    for later, may in ((0, False), (2, True), (7, True), (8, False)):
        if may:
            assert _read(sealed, sealed.house.finch, later) == SECRET
        else:
            with pytest.raises(NotYours):
                _read(sealed, sealed.house.finch, later)
    with pytest.raises(NotYours):
        _read(sealed, sealed.house.heron, 3)


def test_a_revoked_grant_ends_at_the_next_action(sealed: Sealed) -> None:
    grant_id = _grant(sealed, sealed.house.lark, sealed.house.finch)
    assert _read(sealed, sealed.house.finch) == SECRET
    with sealed.database.writing() as session:
        process_grants.revoke_grant(session, sealed.house.lark, grant_id, NOW)
    with pytest.raises(NotYours):
        _read(sealed, sealed.house.finch)
    with sealed.database.reading() as session:
        assert session.scalars(select(ProcessGrant.revoked_at)).all() != [None]
        assert process_grants.granted_process_notes(session, sealed.house.finch, NOW) == []
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action.like("process_%"))).all()
    assert [(one.action, one.client_code) for one in acts] == [
        ("process_note_granted", "SB-001"), ("process_grant_revoked", "SB-001"),
    ]  # fmt: skip
    assert "handover" not in str([one.details for one in acts])


def test_after_a_transfer_it_is_sealed_to_its_author_too_who_may_still_let_the_new_owner_in(sealed: Sealed) -> None:
    with sealed.database.writing() as session:
        held = session.scalars(
            select(Assignment).where(Assignment.client_id == sealed.house.anna, Assignment.kind == "owner")
        ).one()
        held.ends_on = DAY - timedelta(days=1)
        factories.assign(session, sealed.house.anna, sealed.house.finch)
    for actor in (sealed.house.lark, sealed.house.finch):
        with pytest.raises(NotYours):
            _read(sealed, actor)
    _grant(sealed, sealed.house.lark, sealed.house.finch)
    assert _read(sealed, sealed.house.finch) == SECRET
    with pytest.raises(NotYours):
        _read(sealed, sealed.house.lark)


def test_a_grant_given_before_a_transfer_ends_with_it(sealed: Sealed) -> None:
    grant_id = _grant(sealed, sealed.house.lark, sealed.cover)
    assert _read(sealed, sealed.cover) == SECRET
    with sealed.database.writing() as session:
        people.transfer_client(session, sealed.house.admin, sealed.house.anna, _id(sealed.house.finch), NOW)
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "client_transferred")).one()
        assert event.details["grants_ended"] == [grant_id]
    with pytest.raises(NotYours):
        _read(sealed, sealed.cover)


def _id(actor: Actor) -> int:
    assert actor.account_id is not None
    return actor.account_id


def test_an_admin_opens_it_to_somebody_and_never_to_themselves(sealed: Sealed) -> None:
    _grant(sealed, sealed.house.admin, sealed.house.finch, reason="court order 12")
    assert _read(sealed, sealed.house.finch) == SECRET
    with pytest.raises(InvalidInput):
        _grant(sealed, sealed.house.admin, sealed.house.admin)
    with pytest.raises(NotYours):
        _read(sealed, sealed.house.admin)


@pytest.mark.parametrize("who", ["peer", "supervisor", "other supervisor", "cover", "operator"])
def test_nobody_else_lets_anybody_in_or_takes_a_grant_back(sealed: Sealed, who: str) -> None:
    actor = sealed.everybody_else[who]
    with pytest.raises(NotYours):
        _grant(sealed, actor, sealed.house.finch)
    grant_id = _grant(sealed, sealed.house.lark, sealed.cover)
    with pytest.raises(NotYours), sealed.database.writing() as session:
        process_grants.revoke_grant(session, actor, grant_id, NOW)
    assert _read(sealed, sealed.cover) == SECRET


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"reason": " "}, InvalidInput),
        ({"days": -1}, InvalidInput),
        ({"days": 400}, InvalidInput),
        ({"starts": -1}, InvalidInput),
        ({"password": "wrong"}, ReauthenticationNeeded),
    ],
)
def test_a_grant_needs_reason_days_and_the_password_again(
    sealed: Sealed, wrong: dict[str, Any], error: type[UserFacingError]
) -> None:
    with pytest.raises(error):
        _grant(sealed, sealed.house.lark, sealed.house.finch, **wrong)
    with pytest.raises(NotYours):
        _read(sealed, sealed.house.finch)


def test_a_progress_note_cannot_be_opened_by_a_grant(sealed: Sealed) -> None:
    with sealed.database.writing() as session:
        note = Note(client_id=sealed.house.anna, originator_id=sealed.house.lark.account_id, saved_at=NOW,
                    compartment="progress", status="signed", format="narrative", dated_on=DAY, text="x")  # fmt: skip
        session.add(note)
        session.flush()
        with pytest.raises(NotYours):
            process_grants.grant_reading(
                session, sealed.house.lark, note.id, sealed.house.finch.account_id or 0, DAY, DAY, "x", PASSWORD, NOW
            )

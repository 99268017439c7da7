"""Notes on real databases: begun, saved without loss, never under another client, the session beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from lib.bootstrap import ROOT
from lib.domain.definitions import Definitions
from lib.domain.errors import (
    InvalidInput,
    NotAllowed,
    NotYours,
    StaleVersion,
    UserFacingError,
)
from lib.domain.notes import Compartment, NoteFormat, SessionDetails
from lib.domain.people import OPERATOR, Actor
from lib.exchange.definition_files import load_definitions
from lib.services import notes
from lib.storage.engine import Database
from lib.storage.tables import (
    TherapySession,
)
from tests.conftest import NOW
from tests.integration import note_practice
from tests.integration.note_practice import (
    ANNA,
    BORIS,
    DAY,
    EVERYBODY_ELSE,
    SUPERVISOR,
    THERAPIST,
    WORDS,
    events,
    note_row,
    refused,
    save_draft,
    start_draft,
)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    """What the shipped data files say."""
    return load_definitions(ROOT / "data")


@pytest.fixture
def practice(database: Database) -> Database:
    """A therapist with two clients, a peer, a supervisor of therapist and trainee, an admin, a trainee."""
    return note_practice.fill(database)


# --- starting and saving ---------------------------------------------------------------------------


def test_a_note_begins_with_its_headings_and_a_numbered_session(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    assert draft.text.startswith("SUBJECTIVE:")
    with practice.reading() as session:
        held = session.get_one(TherapySession, draft.session_id)
        assert (held.number, held.held_on, held.minutes, held.attendance) == (1, DAY, 50, "attended")
    assert [event.action for event in events(practice)] == ["session_recorded", "note_started"]


def test_a_process_note_of_the_day_joins_the_session_of_its_progress_note(
    practice: Database, definitions: Definitions
) -> None:
    first = start_draft(practice, definitions)
    process = start_draft(practice, definitions, compartment=Compartment.PROCESS)
    second = start_draft(practice, definitions)
    assert process.session_id == first.session_id
    assert second.session_id != first.session_id


def test_a_note_in_the_future_before_birth_or_at_another_clients_session_is_refused(
    practice: Database, definitions: Definitions
) -> None:
    elsewhere = start_draft(practice, definitions, BORIS)

    def start(session: Session, dated_on: date, session_id: int | None) -> None:
        notes.start_note(
            session, THERAPIST, ANNA, dated_on, NoteFormat.DAP, Compartment.PROGRESS, NOW,
            session_id=session_id, definitions=definitions,
        )  # fmt: skip

    refused(practice, InvalidInput, lambda s: start(s, DAY + timedelta(days=1), None))
    refused(practice, InvalidInput, lambda s: start(s, date(1989, 1, 1), None))
    refused(practice, NotYours, lambda s: start(s, DAY, elsewhere.session_id))


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, OPERATOR], ids=lambda one: one.email)
def test_nobody_else_starts_a_note_for_this_client(practice: Database, definitions: Definitions, actor: Actor) -> None:
    with pytest.raises((NotYours, NotAllowed)):
        start_draft(practice, definitions, actor=actor)
    assert events(practice) == []


def test_a_saved_draft_is_the_text_letter_by_letter(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    assert save_draft(practice, draft, WORDS) == 2
    assert note_row(practice, draft.note_id).text == WORDS.replace("\r\n", "\n")
    saved = events(practice)[-1]
    assert (saved.action, saved.client_code, saved.details) == ("note_saved", "A-1", {"version": 2})


def test_the_same_text_again_is_no_new_version_and_no_event(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    assert save_draft(practice, draft, WORDS) == 2
    count = len(events(practice))
    assert save_draft(practice, draft, WORDS, base=1) == 2, "sent again after a lost answer: no conflict"
    assert len(events(practice)) == count


def test_a_note_is_never_saved_under_another_client(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions, ANNA)
    start_draft(practice, definitions, BORIS)
    refused(practice, NotYours, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, BORIS, "Boris said", 1, NOW))
    assert note_row(practice, draft.note_id).text == draft.text


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, OPERATOR], ids=lambda one: one.email)
def test_nobody_else_writes_in_a_draft(practice: Database, definitions: Definitions, actor: Actor) -> None:
    draft = start_draft(practice, definitions)
    refused(
        practice,
        UserFacingError,
        lambda s: notes.save_draft(s, actor, draft.note_id, ANNA, "Somebody else's words", 1, NOW),
    )
    assert note_row(practice, draft.note_id).text == draft.text


def test_a_stale_save_changes_nothing_and_shows_both_texts(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    save_draft(practice, draft, "first tab")
    stale = refused(
        practice,
        StaleVersion,
        lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "second tab", draft.version, NOW),
    )
    assert isinstance(stale, StaleVersion)
    assert (stale.yours, stale.theirs, stale.their_version) == ("second tab", "first tab", 2)
    assert note_row(practice, draft.note_id).text == "first tab"


def test_a_writer_who_never_heard_back_is_not_in_conflict_with_their_own_words(
    practice: Database, definitions: Definitions
) -> None:
    draft = start_draft(practice, definitions)
    save_draft(practice, draft, "one")
    with practice.writing() as session:
        saved = notes.save_draft(
            session, THERAPIST, draft.note_id, ANNA, "one two", draft.version, NOW, also_mine=["one"]
        )
    assert saved.version == 3
    assert note_row(practice, draft.note_id).text == "one two"


def test_keeping_mine_puts_it_over_the_version_that_was_shown_and_no_other(
    practice: Database, definitions: Definitions
) -> None:
    draft = start_draft(practice, definitions)
    save_draft(practice, draft, "theirs")
    with practice.writing() as session:
        notes.keep_mine(session, THERAPIST, draft.note_id, ANNA, "mine", 2, NOW)
    assert note_row(practice, draft.note_id).text == "mine"
    assert events(practice)[-1].action == "note_conflict_decided"
    refused(practice, StaleVersion, lambda s: notes.keep_mine(s, THERAPIST, draft.note_id, ANNA, "late", 2, NOW))


# --- the session beside the note -------------------------------------------------------------------


def test_what_was_agreed_is_kept_and_a_stale_change_of_it_refused(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    assert draft.session_id is not None
    details = SessionDetails(minutes=50, agreed="One honest feeling a day", next_on=DAY + timedelta(days=7))

    def change(session: Session, actor: Actor, client_id: int, given: SessionDetails, base: int) -> int:
        assert draft.session_id is not None
        return notes.save_session_details(
            session, actor, client_id, draft.session_id, given, base, NOW, definitions=definitions
        )

    with practice.writing() as session:
        assert change(session, THERAPIST, ANNA, details, 1) == 2
    refused(practice, StaleVersion, lambda s: change(s, THERAPIST, ANNA, details, 1))
    refused(practice, InvalidInput, lambda s: change(s, THERAPIST, ANNA, replace(details, minutes=0), 2))
    refused(practice, NotYours, lambda s: change(s, THERAPIST, BORIS, details, 2))
    refused(practice, NotAllowed, lambda s: change(s, SUPERVISOR, ANNA, details, 2))
    with practice.reading() as session:
        row = notes.sessions_of_client(session, SUPERVISOR, ANNA, NOW)[0]
    assert (row.agreed, row.next_on) == ("One honest feeling a day", DAY + timedelta(days=7))

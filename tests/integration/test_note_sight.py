"""Who sees which note on real databases: the owner, the supervisor, the author alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from lib.bootstrap import ROOT
from lib.domain.definitions import Definitions
from lib.domain.errors import (
    NotYours,
)
from lib.domain.notes import Compartment
from lib.domain.people import OPERATOR
from lib.exchange.definition_files import load_definitions
from lib.services import notes
from lib.storage.engine import Database
from lib.storage.tables import (
    Assignment,
    ProcessGrant,
)
from tests.conftest import NOW
from tests.integration import note_practice
from tests.integration.note_practice import (
    ANNA,
    BORIS,
    DAY,
    EVERYBODY_ELSE,
    PEER,
    SUPERVISOR,
    THERAPIST,
    TRAINEE,
    TRAINEES_CLIENT,
    WORDS,
    events,
    refused,
    save_draft,
    seen_notes,
    seen_or_nothing,
    sign_draft,
    signed_note,
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


# --- who sees what ---------------------------------------------------------------------------------


def test_reading_is_one_event_that_names_the_notes(practice: Database, definitions: Definitions) -> None:
    ids = [signed_note(practice, definitions).note_id, signed_note(practice, definitions).note_id]
    before = len(events(practice))
    seen_notes(practice, SUPERVISOR)
    read = events(practice)[before:]
    assert [(one.action, one.actor_id, sorted(one.details["note_ids"])) for one in read] == [("note_read", 3, ids)]
    assert WORDS[:20] not in str([event.details for event in events(practice)])


def test_a_signed_progress_note_is_read_by_owner_and_supervisor_and_nobody_else(
    practice: Database, definitions: Definitions
) -> None:
    signed_note(practice, definitions)
    readers = [actor for actor in (THERAPIST, *EVERYBODY_ELSE) if seen_or_nothing(practice, actor)]
    assert readers == [THERAPIST, SUPERVISOR]


def test_a_draft_is_read_by_its_author_and_only_a_trainees_by_the_supervisor(
    practice: Database, definitions: Definitions
) -> None:
    start_draft(practice, definitions)
    start_draft(practice, definitions, TRAINEES_CLIENT, TRAINEE)
    assert [actor for actor in (THERAPIST, *EVERYBODY_ELSE) if seen_or_nothing(practice, actor)] == [THERAPIST]
    readers = [a for a in (THERAPIST, *EVERYBODY_ELSE) if seen_or_nothing(practice, a, TRAINEES_CLIENT)]
    assert readers == [SUPERVISOR, TRAINEE]


@pytest.mark.parametrize("signed", [False, True])
def test_a_process_note_is_its_authors_alone_also_from_their_supervisor(
    practice: Database, definitions: Definitions, signed: bool
) -> None:
    for client_id, actor in ((ANNA, THERAPIST), (TRAINEES_CLIENT, TRAINEE)):
        draft = start_draft(practice, definitions, client_id, actor, Compartment.PROCESS)
        if signed:
            save_draft(practice, draft, WORDS, actor=actor)
            sign_draft(practice, draft, definitions, actor)
        others = [one for one in (THERAPIST, *EVERYBODY_ELSE, OPERATOR) if one != actor]
        assert [one.email for one in others if seen_or_nothing(practice, one, client_id)] == []
        assert len(seen_notes(practice, actor, client_id)) == 1


def test_a_grant_opens_one_process_note_within_its_dates(practice: Database, definitions: Definitions) -> None:
    granted = start_draft(practice, definitions, compartment=Compartment.PROCESS)
    start_draft(practice, definitions, compartment=Compartment.PROCESS)
    with practice.writing() as session:
        session.add(
            ProcessGrant(
                note_id=granted.note_id, account_id=2, granted_by_id=1, reason="handover",
                starts_on=DAY, ends_on=DAY + timedelta(days=1),
            )
        )  # fmt: skip
    assert [note.id for note in seen_notes(practice, PEER, later=1)] == [granted.note_id]
    assert not seen_notes(practice, PEER)[0].may_be_written
    assert seen_or_nothing(practice, PEER, later=2) == []


def test_after_a_transfer_the_former_owner_is_out_and_the_process_note_sealed(
    practice: Database, definitions: Definitions
) -> None:
    progress = signed_note(practice, definitions)
    draft = start_draft(practice, definitions)
    start_draft(practice, definitions, compartment=Compartment.PROCESS)
    with practice.writing() as session:
        session.execute(update(Assignment).where(Assignment.client_id == ANNA).values(ends_on=DAY))
        session.add(Assignment(client_id=ANNA, therapist_id=2, kind="owner", starts_on=DAY + timedelta(days=1)))
    assert seen_or_nothing(practice, THERAPIST, later=1) == []
    assert [note.id for note in seen_notes(practice, PEER, later=1)] == [progress.note_id]
    tomorrow = NOW + timedelta(days=1)
    refused(practice, NotYours, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "late", 1, tomorrow))


def test_a_therapist_who_covers_reads_what_is_signed_and_no_drafts(
    practice: Database, definitions: Definitions
) -> None:
    signed = signed_note(practice, definitions)
    start_draft(practice, definitions)
    with practice.writing() as session:
        session.add(Assignment(client_id=ANNA, therapist_id=2, kind="cover", starts_on=DAY, ends_on=DAY))
    assert [note.id for note in seen_notes(practice, PEER)] == [signed.note_id]
    assert seen_or_nothing(practice, PEER, later=1) == []


def test_a_note_of_another_client_is_not_found_under_this_one(practice: Database, definitions: Definitions) -> None:
    draft = signed_note(practice, definitions, ANNA)
    refused(practice, NotYours, lambda s: notes.note_of_client(s, THERAPIST, draft.note_id, BORIS, NOW))
    with practice.writing() as session:
        assert notes.note_of_client(session, THERAPIST, draft.note_id, ANNA, NOW).id == draft.note_id


def test_one_writes_for_ones_own_clients_and_sees_what_is_still_to_be_signed(
    practice: Database, definitions: Definitions
) -> None:
    start_draft(practice, definitions, BORIS)
    with practice.reading() as session:
        choices = notes.clients_to_write_for(session, THERAPIST, NOW)
        assert [(one.code, one.unsigned) for one in choices] == [("A-1", 0), ("B-2", 1)]
        assert notes.clients_to_write_for(session, SUPERVISOR, NOW) == []
        assert notes.clients_to_write_for(session, OPERATOR, NOW) == []


def test_the_page_of_a_client_holds_identity_sessions_and_notes(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    with practice.writing() as session:
        page = notes.note_page(session, THERAPIST, ANNA, NOW)
    assert (page.client.code, page.client.born_on) == ("A-1", date(1990, 1, 31))
    assert ([note.id for note in page.notes], [one.id for one in page.sessions]) == (
        [draft.note_id],
        [draft.session_id],
    )
    refused(practice, NotYours, lambda s: notes.note_page(s, PEER, ANNA, NOW))

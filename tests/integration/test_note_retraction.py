"""A note under the wrong client on real databases: it leaves a trace in both records and loses no word."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.bootstrap import ROOT
from lib.domain.definitions import Definitions
from lib.domain.errors import (
    Frozen,
    InvalidInput,
    NotYours,
    ReauthenticationNeeded,
    UserFacingError,
)
from lib.domain.notes import Compartment, NoteStatus, SessionDetails
from lib.domain.people import OPERATOR, Actor
from lib.exchange.definition_files import load_definitions
from lib.services import exports, notes
from lib.storage.engine import Database
from lib.storage.tables import (
    Evidence,
    Note,
    TherapySession,
)
from tests.conftest import NOW
from tests.integration import note_practice
from tests.integration.note_practice import (
    ADMIN,
    ANNA,
    BORIS,
    DAY,
    PASSWORD,
    PEER,
    SUPERVISOR,
    THERAPIST,
    TRAINEES_CLIENT,
    WORDS,
    events,
    note_row,
    refused,
    seen_notes,
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


# --- the wrong client ------------------------------------------------------------------------------


def test_a_note_under_the_wrong_client_leaves_a_trace_in_both_records_and_comes_back_as_a_draft(
    practice: Database, definitions: Definitions
) -> None:
    draft = signed_note(practice, definitions, ANNA)
    with practice.writing() as session:
        session.add(
            Evidence(
                client_id=ANNA, note_id=draft.note_id, dated_on=DAY, code="trust", polarity="for",
                quote="closeness", state="confirmed",
            )
        )  # fmt: skip
    with practice.writing() as session:
        new_id = notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, "It was about Boris.", PASSWORD, NOW,
            belongs_to_client_id=BORIS, definitions=definitions,
        )  # fmt: skip
    retracted = seen_notes(practice, THERAPIST, ANNA)[0]
    assert (retracted.status, retracted.text, retracted.retraction_reason) == (
        NoteStatus.RETRACTED, None, "It was about Boris.",
    )  # fmt: skip
    carried = seen_notes(practice, THERAPIST, BORIS)[0]
    assert (carried.id, carried.status, carried.text) == (new_id, NoteStatus.DRAFT, WORDS.replace("\r\n", "\n"))
    assert carried.import_labels and "another record" in carried.import_labels[0]
    assert "Anna" not in carried.import_labels[0] and "A-1" not in carried.import_labels[0]
    traces = [(event.client_code, event.action) for event in events(practice)]
    for trace in (
        ("A-1", "session_taken_out"), ("B-2", "session_moved_here"), ("A-1", "note_retracted"),
        ("B-2", "retracted_note_received"),
    ):  # fmt: skip
        assert trace in traces
    with practice.reading() as session:
        assert session.scalars(select(Evidence)).one().state == "rejected"


def test_the_meeting_moves_along_with_what_was_noted_of_it(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions, ANNA)
    agreed = SessionDetails(minutes=45, techniques="two-chair work", agreed="one honest feeling a day")
    with practice.writing() as session:
        notes.save_session_details(
            session, THERAPIST, ANNA, draft.session_id or 0, agreed, 1, NOW, definitions=definitions
        )
    with practice.writing() as session:
        moved = notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, "Boris's", PASSWORD, NOW,
            belongs_to_client_id=BORIS, definitions=definitions,
        )  # fmt: skip
    with practice.reading() as session:
        (there,) = session.scalars(select(TherapySession)).all()
        assert (there.client_id, there.minutes, there.techniques, there.agreed) == (
            BORIS, 45, "two-chair work", "one honest feeling a day",
        )  # fmt: skip
        assert session.get_one(Note, moved).session_id == there.id


def test_an_imported_note_without_an_author_becomes_a_draft_of_who_moves_it(
    practice: Database, definitions: Definitions
) -> None:
    with practice.writing() as session:
        note = Note(
            client_id=ANNA,
            compartment="progress",
            status="imported",
            format="narrative",
            dated_on=DAY,
            text="from the old system",
            saved_at=NOW,
            import_file="notes.csv",
            import_labels=["row 7"],
        )
        session.add(note)
        session.flush()
        note_id = note.id
    with practice.writing() as session:
        moved = notes.retract_note(
            session, THERAPIST, note_id, ANNA, "Boris's", PASSWORD, NOW, belongs_to_client_id=BORIS,
            definitions=definitions,
        )  # fmt: skip
    carried = seen_notes(practice, THERAPIST, BORIS)[0]
    assert (carried.id, carried.text) == (moved, "from the old system")
    assert carried.import_labels[0] == "From notes.csv: row 7" and "another record" in carried.import_labels[1]


def test_a_meeting_on_which_more_hangs_stays_where_it_was(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions, ANNA)
    start_draft(practice, definitions, ANNA, compartment=Compartment.PROCESS)  # of the same session
    with practice.writing() as session:
        moved = notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, "Boris's", PASSWORD, NOW,
            belongs_to_client_id=BORIS, definitions=definitions,
        )  # fmt: skip
    with practice.reading() as session:
        assert session.scalars(select(TherapySession.client_id)).all() == [ANNA]
        assert session.get_one(Note, moved).session_id is None


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_retraction_asks_for_the_password_again(practice: Database, definitions: Definitions, password: str) -> None:
    draft = signed_note(practice, definitions, ANNA)
    refused(
        practice,
        ReauthenticationNeeded,
        lambda s: notes.retract_note(
            s, THERAPIST, draft.note_id, ANNA, "Boris's", password, NOW, belongs_to_client_id=BORIS,
            definitions=definitions,
        ),
    )  # fmt: skip
    assert note_row(practice, draft.note_id).status == "signed"


def test_an_export_says_retracted_and_holds_none_of_the_words(practice: Database, definitions: Definitions) -> None:
    draft = signed_note(practice, definitions, ANNA)
    with practice.writing() as session:
        notes.add_addendum(session, THERAPIST, draft.note_id, ANNA, "closeness, once more", NOW)
        notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, "Boris's", PASSWORD, NOW,
            belongs_to_client_id=BORIS, definitions=definitions,
        )  # fmt: skip
    with practice.writing() as session:
        archive = exports.export_client(session, THERAPIST, "A-1", "json", "asked for", NOW)
        tables = exports.export_client(session, THERAPIST, "A-1", "csv", "asked for", NOW)
    told = archive.decode()
    assert "retracted" in told and "closeness" not in told
    with zipfile.ZipFile(io.BytesIO(tables)) as held:
        files = {name: held.read(name).decode() for name in held.namelist()}
    assert "retracted" in files["tables/note.csv"]
    assert not [name for name, text in files.items() if "closeness" in text]


@pytest.mark.parametrize("actor", [PEER, SUPERVISOR, ADMIN, OPERATOR], ids=lambda one: one.email)
def test_others_do_not_retract(practice: Database, definitions: Definitions, actor: Actor) -> None:
    draft = signed_note(practice, definitions)
    refused(
        practice,
        UserFacingError,
        lambda s: notes.retract_note(
            s,
            actor,
            draft.note_id,
            ANNA,
            "because",
            PASSWORD,
            NOW,
            belongs_to_client_id=BORIS,
            definitions=definitions,
        ),
    )
    assert note_row(practice, draft.note_id).status == "signed"


def test_a_retraction_needs_a_reason_and_another_client_of_ones_own(
    practice: Database, definitions: Definitions
) -> None:
    draft = start_draft(practice, definitions)

    def retract(session: Session, reason: str, right: int) -> None:
        notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, reason, PASSWORD, NOW,
            belongs_to_client_id=right, definitions=definitions,
        )  # fmt: skip

    refused(practice, InvalidInput, lambda s: retract(s, " ", BORIS))
    refused(practice, InvalidInput, lambda s: retract(s, "wrong", ANNA))
    refused(practice, NotYours, lambda s: retract(s, "wrong", TRAINEES_CLIENT))
    assert note_row(practice, draft.note_id).status == "draft"


def test_a_draft_is_discarded_with_a_reason_and_a_signed_note_never(
    practice: Database, definitions: Definitions
) -> None:
    draft, signed = start_draft(practice, definitions), signed_note(practice, definitions)

    def discard(session: Session, note_id: int, reason: str, actor: Actor = THERAPIST) -> None:
        notes.discard_draft(session, actor, note_id, ANNA, reason, NOW, definitions=definitions)

    refused(practice, InvalidInput, lambda s: discard(s, draft.note_id, " "))
    refused(practice, NotYours, lambda s: discard(s, draft.note_id, "not mine", SUPERVISOR))
    refused(practice, Frozen, lambda s: discard(s, signed.note_id, "begun twice"))
    with practice.writing() as session:
        discard(session, draft.note_id, "begun twice")
    gone = next(note for note in seen_notes(practice, THERAPIST) if note.id == draft.note_id)
    assert (gone.status, gone.text, gone.withheld) == (NoteStatus.RETRACTED, None, "Draft discarded: begun twice")

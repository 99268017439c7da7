"""Notes on real databases: nothing lost, nothing under another name, nothing changed once signed, no sight too wide."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.bootstrap import ROOT
from lib.domain.definitions import Definitions
from lib.domain.errors import (
    Blocked,
    Frozen,
    InvalidInput,
    NotAllowed,
    NotYours,
    ReauthenticationNeeded,
    StaleVersion,
    UserFacingError,
)
from lib.domain.notes import Compartment, NoteFormat, NoteStatus, SessionDetails, text_hash
from lib.domain.people import OPERATOR, Actor, Role
from lib.exchange.definition_files import load_definitions
from lib.services import exports, notes
from lib.services.hashing import password_hash
from lib.services.notes import NoteDraft, NoteText
from lib.storage.engine import Database
from lib.storage.tables import (
    Account,
    Addendum,
    Assignment,
    AuditEvent,
    Client,
    Evidence,
    Note,
    NoteVersion,
    Practice,
    ProcessGrant,
    Standing,
    Supervision,
    TherapySession,
)
from tests.conftest import NOW

DAY = NOW.date()
PASSWORD = "correct horse battery staple"
ANNA, BORIS = 1, 2  # clients of the therapist
WORDS = "SUBJECTIVE:\nSaid closeness felt like a trap.\r\n*not* <b>markup</b>\n"


def _actor(account_id: int, role: Role, is_trainee: bool = False) -> Actor:
    return Actor(account_id, f"a{account_id}@example.org", f"Person {account_id}", frozenset({role}), is_trainee)


THERAPIST = _actor(1, Role.THERAPIST)
PEER = _actor(2, Role.THERAPIST)
SUPERVISOR = _actor(3, Role.SUPERVISOR)
ADMIN = _actor(4, Role.PRACTICE_ADMIN)
TRAINEE = _actor(5, Role.THERAPIST, is_trainee=True)
TRAINEES_CLIENT = 3
EVERYBODY_ELSE = [PEER, SUPERVISOR, ADMIN, TRAINEE]


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    """What the shipped data files say."""
    return load_definitions(ROOT / "data")


@pytest.fixture(scope="module")
def hashed() -> str:
    """One password for all, hashed once: it is slow on purpose."""
    return password_hash(PASSWORD)


@pytest.fixture
def practice(database: Database, hashed: str) -> Database:
    """A therapist with two clients, a peer, a supervisor of therapist and trainee, an admin, a trainee."""
    people = [THERAPIST, PEER, SUPERVISOR, ADMIN, TRAINEE]
    with database.writing() as session:
        session.add(Practice(id=1, name="Harbour Practice", created_at=NOW))
        session.add_all(
            Account(
                id=one.account_id, email=one.email, name=one.name, roles=sorted(one.roles),
                is_trainee=one.is_trainee, password_hash=hashed, created_at=NOW,
            )
            for one in people
        )  # fmt: skip
        session.add_all(
            [
                Client(id=ANNA, code="A-1", name="Anna Muster", born_on=date(1990, 1, 31), created_at=NOW),
                Client(id=BORIS, code="B-2", name="Boris Beispiel", created_at=NOW),
                Client(id=TRAINEES_CLIENT, code="C-3", name="Cleo Muster", created_at=NOW),
            ]
        )
        session.flush()
        for client_id, therapist_id in ((ANNA, 1), (BORIS, 1), (TRAINEES_CLIENT, 5)):
            session.add(
                Assignment(client_id=client_id, therapist_id=therapist_id, kind="owner", starts_on=date(2026, 1, 1))
            )
        for therapist_id in (1, 5):
            session.add(Supervision(supervisor_id=3, therapist_id=therapist_id, starts_on=date(2026, 1, 1)))
    return database


def _start(
    database: Database,
    definitions: Definitions,
    client_id: int = ANNA,
    actor: Actor = THERAPIST,
    compartment: Compartment = Compartment.PROGRESS,
) -> NoteDraft:
    with database.writing() as session:
        return notes.start_note(
            session, actor, client_id, DAY, NoteFormat.SOAP, compartment, NOW,
            SessionDetails(minutes=50, modality="in person"), definitions=definitions,
        )  # fmt: skip


def _save(database: Database, draft: NoteDraft, text: str, base: int | None = None, actor: Actor = THERAPIST) -> int:
    with database.writing() as session:
        base = draft.version if base is None else base
        return notes.save_draft(session, actor, draft.note_id, draft.client_id, text, base, NOW).version


def _sign(database: Database, draft: NoteDraft, definitions: Definitions, actor: Actor = THERAPIST) -> None:
    with database.writing() as session:
        shown = text_hash(session.get_one(Note, draft.note_id).text)
        notes.sign_note(session, actor, draft.note_id, draft.client_id, PASSWORD, shown, NOW, definitions=definitions)


def _signed(database: Database, definitions: Definitions, client_id: int = ANNA, actor: Actor = THERAPIST) -> NoteDraft:
    draft = _start(database, definitions, client_id, actor)
    _save(database, draft, WORDS, actor=actor)
    _sign(database, draft, definitions, actor)
    return draft


def _seen(database: Database, actor: Actor, client_id: int = ANNA, later: int = 0) -> list[NoteText]:
    with database.writing() as session:
        return notes.notes_of_client(session, actor, client_id, NOW + timedelta(days=later))


def _seen_or_nothing(database: Database, actor: Actor, client_id: int = ANNA, later: int = 0) -> list[NoteText]:
    try:
        return _seen(database, actor, client_id, later)
    except NotYours:
        return []


def _events(database: Database) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


def _note(database: Database, note_id: int) -> Note:
    with database.reading() as session:
        return session.get_one(Note, note_id)


def _refused(database: Database, error: type[UserFacingError], act: Callable[[Session], object]) -> UserFacingError:
    with pytest.raises(error) as caught, database.writing() as session:
        act(session)
    return caught.value


# --- starting and saving ---------------------------------------------------------------------------


def test_a_note_begins_with_its_headings_and_a_numbered_session(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    assert draft.text.startswith("SUBJECTIVE:")
    with practice.reading() as session:
        held = session.get_one(TherapySession, draft.session_id)
        assert (held.number, held.held_on, held.minutes, held.attendance) == (1, DAY, 50, "attended")
    assert [event.action for event in _events(practice)] == ["session_recorded", "note_started"]


def test_a_process_note_of_the_day_joins_the_session_of_its_progress_note(
    practice: Database, definitions: Definitions
) -> None:
    first = _start(practice, definitions)
    process = _start(practice, definitions, compartment=Compartment.PROCESS)
    second = _start(practice, definitions)
    assert process.session_id == first.session_id
    assert second.session_id != first.session_id


def test_a_note_in_the_future_before_birth_or_at_another_clients_session_is_refused(
    practice: Database, definitions: Definitions
) -> None:
    elsewhere = _start(practice, definitions, BORIS)

    def start(session: Session, dated_on: date, session_id: int | None) -> None:
        notes.start_note(
            session, THERAPIST, ANNA, dated_on, NoteFormat.DAP, Compartment.PROGRESS, NOW,
            session_id=session_id, definitions=definitions,
        )  # fmt: skip

    _refused(practice, InvalidInput, lambda s: start(s, DAY + timedelta(days=1), None))
    _refused(practice, InvalidInput, lambda s: start(s, date(1989, 1, 1), None))
    _refused(practice, NotYours, lambda s: start(s, DAY, elsewhere.session_id))


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, OPERATOR], ids=lambda one: one.email)
def test_nobody_else_starts_a_note_for_this_client(practice: Database, definitions: Definitions, actor: Actor) -> None:
    with pytest.raises((NotYours, NotAllowed)):
        _start(practice, definitions, actor=actor)
    assert _events(practice) == []


def test_a_saved_draft_is_the_text_letter_by_letter(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    assert _save(practice, draft, WORDS) == 2
    assert _note(practice, draft.note_id).text == WORDS.replace("\r\n", "\n")
    saved = _events(practice)[-1]
    assert (saved.action, saved.client_code, saved.details) == ("note_saved", "A-1", {"version": 2})


def test_the_same_text_again_is_no_new_version_and_no_event(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    assert _save(practice, draft, WORDS) == 2
    count = len(_events(practice))
    assert _save(practice, draft, WORDS, base=1) == 2, "sent again after a lost answer: no conflict"
    assert len(_events(practice)) == count


def test_a_note_is_never_saved_under_another_client(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions, ANNA)
    _start(practice, definitions, BORIS)
    _refused(practice, NotYours, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, BORIS, "Boris said", 1, NOW))
    assert _note(practice, draft.note_id).text == draft.text


@pytest.mark.parametrize("actor", [*EVERYBODY_ELSE, OPERATOR], ids=lambda one: one.email)
def test_nobody_else_writes_in_a_draft(practice: Database, definitions: Definitions, actor: Actor) -> None:
    draft = _start(practice, definitions)
    _refused(
        practice,
        UserFacingError,
        lambda s: notes.save_draft(s, actor, draft.note_id, ANNA, "Somebody else's words", 1, NOW),
    )
    assert _note(practice, draft.note_id).text == draft.text


def test_a_stale_save_changes_nothing_and_shows_both_texts(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    _save(practice, draft, "first tab")
    stale = _refused(
        practice,
        StaleVersion,
        lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "second tab", draft.version, NOW),
    )
    assert isinstance(stale, StaleVersion)
    assert (stale.yours, stale.theirs, stale.their_version) == ("second tab", "first tab", 2)
    assert _note(practice, draft.note_id).text == "first tab"


def test_a_writer_who_never_heard_back_is_not_in_conflict_with_their_own_words(
    practice: Database, definitions: Definitions
) -> None:
    draft = _start(practice, definitions)
    _save(practice, draft, "one")
    with practice.writing() as session:
        saved = notes.save_draft(
            session, THERAPIST, draft.note_id, ANNA, "one two", draft.version, NOW, also_mine=["one"]
        )
    assert saved.version == 3
    assert _note(practice, draft.note_id).text == "one two"


def test_keeping_mine_puts_it_over_the_version_that_was_shown_and_no_other(
    practice: Database, definitions: Definitions
) -> None:
    draft = _start(practice, definitions)
    _save(practice, draft, "theirs")
    with practice.writing() as session:
        notes.keep_mine(session, THERAPIST, draft.note_id, ANNA, "mine", 2, NOW)
    assert _note(practice, draft.note_id).text == "mine"
    assert _events(practice)[-1].action == "note_conflict_decided"
    _refused(practice, StaleVersion, lambda s: notes.keep_mine(s, THERAPIST, draft.note_id, ANNA, "late", 2, NOW))


# --- signing ---------------------------------------------------------------------------------------


def test_what_was_shown_is_signed_and_from_then_on_frozen(practice: Database, definitions: Definitions) -> None:
    draft = _signed(practice, definitions)
    _refused(practice, Frozen, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "changed", 2, NOW))
    with practice.reading() as session:
        version = session.scalars(select(NoteVersion)).one()
    content = json.loads(version.content)
    assert content["text"] == WORDS.replace("\r\n", "\n")
    assert content["client"] == {"code": "A-1", "name": "Anna Muster", "born_on": "1990-01-31"}
    assert (version.sha256, version.signed_by_id, version.number) == (text_hash(version.content), 1, 1)
    assert "about this client" in version.meaning
    assert _events(practice)[-1].details == {"sha256": version.sha256}


def test_a_signed_version_cannot_be_changed_by_plain_sql_and_is_what_is_shown(
    practice: Database, definitions: Definitions
) -> None:
    draft = _signed(practice, definitions)
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(NoteVersion).values(content="{}"))
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(Note).where(Note.id == draft.note_id).values(text="forged"))
    assert _seen(practice, THERAPIST)[0].text == WORDS.replace("\r\n", "\n")


def test_a_text_that_changed_since_it_was_shown_is_not_signed(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    _save(practice, draft, WORDS)
    _refused(
        practice,
        Blocked,
        lambda s: notes.sign_note(
            s, THERAPIST, draft.note_id, ANNA, PASSWORD, text_hash("what was shown"), NOW, definitions=definitions
        ),
    )
    assert _note(practice, draft.note_id).status == "draft"


@pytest.mark.parametrize("password", ["", "wrong"])
def test_signing_asks_for_the_password_again(practice: Database, definitions: Definitions, password: str) -> None:
    draft = _start(practice, definitions)
    _save(practice, draft, WORDS)
    shown = text_hash(_note(practice, draft.note_id).text)
    _refused(
        practice,
        ReauthenticationNeeded,
        lambda s: notes.sign_note(s, THERAPIST, draft.note_id, ANNA, password, shown, NOW, definitions=definitions),
    )
    assert _note(practice, draft.note_id).status == "draft"


def test_a_note_is_not_signed_under_another_client_by_others_or_empty(
    practice: Database, definitions: Definitions
) -> None:
    draft = _start(practice, definitions)

    def sign(session: Session, actor: Actor, client_id: int) -> None:
        notes.sign_note(
            session, actor, draft.note_id, client_id, PASSWORD, text_hash(draft.text), NOW, definitions=definitions
        )

    _refused(practice, InvalidInput, lambda s: sign(s, THERAPIST, ANNA))
    _save(practice, draft, WORDS)
    _refused(practice, NotYours, lambda s: sign(s, THERAPIST, BORIS))
    for actor in (*EVERYBODY_ELSE, OPERATOR):
        _refused(practice, UserFacingError, lambda s, actor=actor: sign(s, actor, ANNA))  # type: ignore[misc]
    assert _note(practice, draft.note_id).status == "draft"


def test_an_addendum_is_put_to_a_signed_note_and_frozen_too(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    _refused(practice, NotYours, lambda s: notes.add_addendum(s, PEER, draft.note_id, ANNA, "x", NOW))
    with pytest.raises((Frozen, NotAllowed)), practice.writing() as session:
        notes.add_addendum(session, THERAPIST, draft.note_id, ANNA, "too early", NOW)
    _save(practice, draft, WORDS)
    _sign(practice, draft, definitions)
    with practice.writing() as session:
        notes.add_addendum(session, THERAPIST, draft.note_id, ANNA, " The date was the 1st. ", NOW)
    _refused(practice, InvalidInput, lambda s: notes.add_addendum(s, THERAPIST, draft.note_id, ANNA, "  ", NOW))
    _refused(practice, NotYours, lambda s: notes.add_addendum(s, THERAPIST, draft.note_id, BORIS, "x", NOW))
    _refused(practice, NotAllowed, lambda s: notes.add_addendum(s, SUPERVISOR, draft.note_id, ANNA, "x", NOW))
    assert [one.text for one in _seen(practice, THERAPIST)[0].addenda] == ["The date was the 1st."]
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(Addendum).values(text="forged"))


def test_the_count_of_unsigned_notes_follows_every_act(practice: Database, definitions: Definitions) -> None:
    def unsigned(client_id: int) -> int:
        with practice.reading() as session:
            return session.get_one(Standing, client_id).unsigned_notes

    draft = _start(practice, definitions)
    assert unsigned(ANNA) == 1
    _save(practice, draft, WORDS)
    _sign(practice, draft, definitions)
    assert unsigned(ANNA) == 0
    with practice.writing() as session:
        notes.retract_note(
            session,
            THERAPIST,
            draft.note_id,
            ANNA,
            "wrong",
            PASSWORD,
            NOW,
            belongs_to_client_id=BORIS,
            definitions=definitions,
        )
    assert (unsigned(ANNA), unsigned(BORIS)) == (0, 1)


# --- the supervisor of a trainee -------------------------------------------------------------------


def test_a_trainees_note_waits_and_is_co_signed_by_their_supervisor_only(
    practice: Database, definitions: Definitions
) -> None:
    draft = _signed(practice, definitions, TRAINEES_CLIENT, TRAINEE)
    assert _seen(practice, TRAINEE, TRAINEES_CLIENT)[0].status_words == "Signed, waits for co-signature"
    shown = text_hash(_note(practice, draft.note_id).text)

    def cosign(session: Session, actor: Actor, hashed: str = shown, password: str = PASSWORD) -> None:
        notes.cosign_note(
            session, actor, draft.note_id, TRAINEES_CLIENT, password, hashed, NOW, definitions=definitions
        )

    for actor in (TRAINEE, PEER, THERAPIST, ADMIN, OPERATOR):
        _refused(practice, UserFacingError, lambda s, actor=actor: cosign(s, actor))  # type: ignore[misc]
    _refused(practice, ReauthenticationNeeded, lambda s: cosign(s, SUPERVISOR, password="no"))
    _refused(practice, Blocked, lambda s: cosign(s, SUPERVISOR, text_hash("another text")))
    with practice.writing() as session:
        cosign(session, SUPERVISOR)
    assert _note(practice, draft.note_id).status == "cosigned"
    _refused(practice, Frozen, lambda s: cosign(s, SUPERVISOR))


def test_a_note_that_needs_no_co_signature_gets_none(practice: Database, definitions: Definitions) -> None:
    draft = _signed(practice, definitions)
    _refused(
        practice,
        NotAllowed,
        lambda s: notes.return_note(s, SUPERVISOR, draft.note_id, ANNA, "Please add", NOW, definitions=definitions),
    )


def test_a_returned_note_is_signed_again_as_a_second_version_and_the_first_stays(
    practice: Database, definitions: Definitions
) -> None:
    draft = _signed(practice, definitions, TRAINEES_CLIENT, TRAINEE)

    def give_back(session: Session, comment: str) -> None:
        notes.return_note(session, SUPERVISOR, draft.note_id, TRAINEES_CLIENT, comment, NOW, definitions=definitions)

    _refused(practice, InvalidInput, lambda s: give_back(s, "  "))
    with practice.writing() as session:
        give_back(session, "Say what you agreed.")
    _save(practice, draft, "second version", base=2, actor=TRAINEE)
    assert _seen(practice, TRAINEE, TRAINEES_CLIENT)[0].text == "second version"
    read_by_supervisor = _seen(practice, SUPERVISOR, TRAINEES_CLIENT)[0]
    assert read_by_supervisor.text == WORDS.replace("\r\n", "\n"), "what is being rewritten is not signed yet"
    assert [one.comment for one in read_by_supervisor.reviews] == ["Say what you agreed."]
    _sign(practice, draft, definitions, TRAINEE)
    with practice.reading() as session:
        frozen = session.scalars(select(NoteVersion).order_by(NoteVersion.number)).all()
    assert [json.loads(one.content)["text"][:6] for one in frozen] == ["SUBJEC", "second"]


# --- the wrong client ------------------------------------------------------------------------------


def test_a_note_under_the_wrong_client_leaves_a_trace_in_both_records_and_comes_back_as_a_draft(
    practice: Database, definitions: Definitions
) -> None:
    draft = _signed(practice, definitions, ANNA)
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
    retracted = _seen(practice, THERAPIST, ANNA)[0]
    assert (retracted.status, retracted.text, retracted.retraction_reason) == (
        NoteStatus.RETRACTED, None, "It was about Boris.",
    )  # fmt: skip
    carried = _seen(practice, THERAPIST, BORIS)[0]
    assert (carried.id, carried.status, carried.text) == (new_id, NoteStatus.DRAFT, WORDS.replace("\r\n", "\n"))
    assert carried.import_labels and "another record" in carried.import_labels[0]
    assert "Anna" not in carried.import_labels[0] and "A-1" not in carried.import_labels[0]
    traces = [(event.client_code, event.action) for event in _events(practice)]
    for trace in (
        ("A-1", "session_taken_out"), ("B-2", "session_moved_here"), ("A-1", "note_retracted"),
        ("B-2", "retracted_note_received"),
    ):  # fmt: skip
        assert trace in traces
    with practice.reading() as session:
        assert session.scalars(select(Evidence)).one().state == "rejected"


def test_the_meeting_moves_along_with_what_was_noted_of_it(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions, ANNA)
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
    carried = _seen(practice, THERAPIST, BORIS)[0]
    assert (carried.id, carried.text) == (moved, "from the old system")
    assert carried.import_labels[0] == "From notes.csv: row 7" and "another record" in carried.import_labels[1]


def test_a_meeting_on_which_more_hangs_stays_where_it_was(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions, ANNA)
    _start(practice, definitions, ANNA, compartment=Compartment.PROCESS)  # of the same session
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
    draft = _signed(practice, definitions, ANNA)
    _refused(
        practice,
        ReauthenticationNeeded,
        lambda s: notes.retract_note(
            s, THERAPIST, draft.note_id, ANNA, "Boris's", password, NOW, belongs_to_client_id=BORIS,
            definitions=definitions,
        ),
    )  # fmt: skip
    assert _note(practice, draft.note_id).status == "signed"


def test_an_export_says_retracted_and_holds_none_of_the_words(practice: Database, definitions: Definitions) -> None:
    draft = _signed(practice, definitions, ANNA)
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
    draft = _signed(practice, definitions)
    _refused(
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
    assert _note(practice, draft.note_id).status == "signed"


def test_a_retraction_needs_a_reason_and_another_client_of_ones_own(
    practice: Database, definitions: Definitions
) -> None:
    draft = _start(practice, definitions)

    def retract(session: Session, reason: str, right: int) -> None:
        notes.retract_note(
            session, THERAPIST, draft.note_id, ANNA, reason, PASSWORD, NOW,
            belongs_to_client_id=right, definitions=definitions,
        )  # fmt: skip

    _refused(practice, InvalidInput, lambda s: retract(s, " ", BORIS))
    _refused(practice, InvalidInput, lambda s: retract(s, "wrong", ANNA))
    _refused(practice, NotYours, lambda s: retract(s, "wrong", TRAINEES_CLIENT))
    assert _note(practice, draft.note_id).status == "draft"


def test_a_draft_is_discarded_with_a_reason_and_a_signed_note_never(
    practice: Database, definitions: Definitions
) -> None:
    draft, signed = _start(practice, definitions), _signed(practice, definitions)

    def discard(session: Session, note_id: int, reason: str, actor: Actor = THERAPIST) -> None:
        notes.discard_draft(session, actor, note_id, ANNA, reason, NOW, definitions=definitions)

    _refused(practice, InvalidInput, lambda s: discard(s, draft.note_id, " "))
    _refused(practice, NotYours, lambda s: discard(s, draft.note_id, "not mine", SUPERVISOR))
    _refused(practice, Frozen, lambda s: discard(s, signed.note_id, "begun twice"))
    with practice.writing() as session:
        discard(session, draft.note_id, "begun twice")
    gone = next(note for note in _seen(practice, THERAPIST) if note.id == draft.note_id)
    assert (gone.status, gone.text, gone.withheld) == (NoteStatus.RETRACTED, None, "Draft discarded: begun twice")


# --- who sees what ---------------------------------------------------------------------------------


def test_reading_is_one_event_that_names_the_notes(practice: Database, definitions: Definitions) -> None:
    ids = [_signed(practice, definitions).note_id, _signed(practice, definitions).note_id]
    before = len(_events(practice))
    _seen(practice, SUPERVISOR)
    read = _events(practice)[before:]
    assert [(one.action, one.actor_id, sorted(one.details["note_ids"])) for one in read] == [("note_read", 3, ids)]
    assert WORDS[:20] not in str([event.details for event in _events(practice)])


def test_a_signed_progress_note_is_read_by_owner_and_supervisor_and_nobody_else(
    practice: Database, definitions: Definitions
) -> None:
    _signed(practice, definitions)
    readers = [actor for actor in (THERAPIST, *EVERYBODY_ELSE) if _seen_or_nothing(practice, actor)]
    assert readers == [THERAPIST, SUPERVISOR]


def test_a_draft_is_read_by_its_author_and_only_a_trainees_by_the_supervisor(
    practice: Database, definitions: Definitions
) -> None:
    _start(practice, definitions)
    _start(practice, definitions, TRAINEES_CLIENT, TRAINEE)
    assert [actor for actor in (THERAPIST, *EVERYBODY_ELSE) if _seen_or_nothing(practice, actor)] == [THERAPIST]
    readers = [a for a in (THERAPIST, *EVERYBODY_ELSE) if _seen_or_nothing(practice, a, TRAINEES_CLIENT)]
    assert readers == [SUPERVISOR, TRAINEE]


@pytest.mark.parametrize("signed", [False, True])
def test_a_process_note_is_its_authors_alone_also_from_their_supervisor(
    practice: Database, definitions: Definitions, signed: bool
) -> None:
    for client_id, actor in ((ANNA, THERAPIST), (TRAINEES_CLIENT, TRAINEE)):
        draft = _start(practice, definitions, client_id, actor, Compartment.PROCESS)
        if signed:
            _save(practice, draft, WORDS, actor=actor)
            _sign(practice, draft, definitions, actor)
        others = [one for one in (THERAPIST, *EVERYBODY_ELSE, OPERATOR) if one != actor]
        assert [one.email for one in others if _seen_or_nothing(practice, one, client_id)] == []
        assert len(_seen(practice, actor, client_id)) == 1


def test_a_grant_opens_one_process_note_within_its_dates(practice: Database, definitions: Definitions) -> None:
    granted = _start(practice, definitions, compartment=Compartment.PROCESS)
    _start(practice, definitions, compartment=Compartment.PROCESS)
    with practice.writing() as session:
        session.add(
            ProcessGrant(
                note_id=granted.note_id, account_id=2, granted_by_id=1, reason="handover",
                starts_on=DAY, ends_on=DAY + timedelta(days=1),
            )
        )  # fmt: skip
    assert [note.id for note in _seen(practice, PEER, later=1)] == [granted.note_id]
    assert not _seen(practice, PEER)[0].may_be_written
    assert _seen_or_nothing(practice, PEER, later=2) == []


def test_after_a_transfer_the_former_owner_is_out_and_the_process_note_sealed(
    practice: Database, definitions: Definitions
) -> None:
    progress = _signed(practice, definitions)
    draft = _start(practice, definitions)
    _start(practice, definitions, compartment=Compartment.PROCESS)
    with practice.writing() as session:
        session.execute(update(Assignment).where(Assignment.client_id == ANNA).values(ends_on=DAY))
        session.add(Assignment(client_id=ANNA, therapist_id=2, kind="owner", starts_on=DAY + timedelta(days=1)))
    assert _seen_or_nothing(practice, THERAPIST, later=1) == []
    assert [note.id for note in _seen(practice, PEER, later=1)] == [progress.note_id]
    tomorrow = NOW + timedelta(days=1)
    _refused(practice, NotYours, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "late", 1, tomorrow))


def test_a_therapist_who_covers_reads_what_is_signed_and_no_drafts(
    practice: Database, definitions: Definitions
) -> None:
    signed = _signed(practice, definitions)
    _start(practice, definitions)
    with practice.writing() as session:
        session.add(Assignment(client_id=ANNA, therapist_id=2, kind="cover", starts_on=DAY, ends_on=DAY))
    assert [note.id for note in _seen(practice, PEER)] == [signed.note_id]
    assert _seen_or_nothing(practice, PEER, later=1) == []


def test_a_note_of_another_client_is_not_found_under_this_one(practice: Database, definitions: Definitions) -> None:
    draft = _signed(practice, definitions, ANNA)
    _refused(practice, NotYours, lambda s: notes.note_of_client(s, THERAPIST, draft.note_id, BORIS, NOW))
    with practice.writing() as session:
        assert notes.note_of_client(session, THERAPIST, draft.note_id, ANNA, NOW).id == draft.note_id


def test_one_writes_for_ones_own_clients_and_sees_what_is_still_to_be_signed(
    practice: Database, definitions: Definitions
) -> None:
    _start(practice, definitions, BORIS)
    with practice.reading() as session:
        choices = notes.clients_to_write_for(session, THERAPIST, NOW)
        assert [(one.code, one.unsigned) for one in choices] == [("A-1", 0), ("B-2", 1)]
        assert notes.clients_to_write_for(session, SUPERVISOR, NOW) == []
        assert notes.clients_to_write_for(session, OPERATOR, NOW) == []


def test_the_page_of_a_client_holds_identity_sessions_and_notes(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    with practice.writing() as session:
        page = notes.note_page(session, THERAPIST, ANNA, NOW)
    assert (page.client.code, page.client.born_on) == ("A-1", date(1990, 1, 31))
    assert ([note.id for note in page.notes], [one.id for one in page.sessions]) == (
        [draft.note_id],
        [draft.session_id],
    )
    _refused(practice, NotYours, lambda s: notes.note_page(s, PEER, ANNA, NOW))


# --- the session beside the note -------------------------------------------------------------------


def test_what_was_agreed_is_kept_and_a_stale_change_of_it_refused(practice: Database, definitions: Definitions) -> None:
    draft = _start(practice, definitions)
    assert draft.session_id is not None
    details = SessionDetails(minutes=50, agreed="One honest feeling a day", next_on=DAY + timedelta(days=7))

    def change(session: Session, actor: Actor, client_id: int, given: SessionDetails, base: int) -> int:
        assert draft.session_id is not None
        return notes.save_session_details(
            session, actor, client_id, draft.session_id, given, base, NOW, definitions=definitions
        )

    with practice.writing() as session:
        assert change(session, THERAPIST, ANNA, details, 1) == 2
    _refused(practice, StaleVersion, lambda s: change(s, THERAPIST, ANNA, details, 1))
    _refused(practice, InvalidInput, lambda s: change(s, THERAPIST, ANNA, replace(details, minutes=0), 2))
    _refused(practice, NotYours, lambda s: change(s, THERAPIST, BORIS, details, 2))
    _refused(practice, NotAllowed, lambda s: change(s, SUPERVISOR, ANNA, details, 2))
    with practice.reading() as session:
        row = notes.sessions_of_client(session, SUPERVISOR, ANNA, NOW)[0]
    assert (row.agreed, row.next_on) == ("One honest feeling a day", DAY + timedelta(days=7))

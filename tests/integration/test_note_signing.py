"""Signing notes on real databases: what was shown is frozen; addenda, and a trainee's supervisor."""

from __future__ import annotations

import json

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
    UserFacingError,
)
from lib.domain.notes import text_hash
from lib.domain.people import OPERATOR, Actor, Role
from lib.exchange.definition_files import load_definitions
from lib.services import account_changes, notes
from lib.storage.engine import Database
from lib.storage.tables import (
    Account,
    Addendum,
    Note,
    NoteVersion,
    Standing,
)
from tests.conftest import NOW
from tests.integration import note_practice
from tests.integration.note_practice import (
    ADMIN,
    ANNA,
    BORIS,
    EVERYBODY_ELSE,
    PASSWORD,
    PEER,
    SUPERVISOR,
    THERAPIST,
    TRAINEE,
    TRAINEES_CLIENT,
    WORDS,
    events,
    note_row,
    refused,
    save_draft,
    seen_notes,
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


# --- signing ---------------------------------------------------------------------------------------


def test_what_was_shown_is_signed_and_from_then_on_frozen(practice: Database, definitions: Definitions) -> None:
    draft = signed_note(practice, definitions)
    refused(practice, Frozen, lambda s: notes.save_draft(s, THERAPIST, draft.note_id, ANNA, "changed", 2, NOW))
    with practice.reading() as session:
        version = session.scalars(select(NoteVersion)).one()
    content = json.loads(version.content)
    assert content["text"] == WORDS.replace("\r\n", "\n")
    assert content["client"] == {"code": "A-1", "name": "Anna Muster", "born_on": "1990-01-31"}
    assert (version.sha256, version.signed_by_id, version.number) == (text_hash(version.content), 1, 1)
    assert "about this client" in version.meaning
    assert events(practice)[-1].details == {"sha256": version.sha256}


def test_a_signed_version_cannot_be_changed_by_plain_sql_and_is_what_is_shown(
    practice: Database, definitions: Definitions
) -> None:
    draft = signed_note(practice, definitions)
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(NoteVersion).values(content="{}"))
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(Note).where(Note.id == draft.note_id).values(text="forged"))
    assert seen_notes(practice, THERAPIST)[0].text == WORDS.replace("\r\n", "\n")


def test_a_text_that_changed_since_it_was_shown_is_not_signed(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    save_draft(practice, draft, WORDS)
    refused(
        practice,
        Blocked,
        lambda s: notes.sign_note(
            s, THERAPIST, draft.note_id, ANNA, PASSWORD, text_hash("what was shown"), NOW, definitions=definitions
        ),
    )
    assert note_row(practice, draft.note_id).status == "draft"


@pytest.mark.parametrize("password", ["", "wrong"])
def test_signing_asks_for_the_password_again(practice: Database, definitions: Definitions, password: str) -> None:
    draft = start_draft(practice, definitions)
    save_draft(practice, draft, WORDS)
    shown = text_hash(note_row(practice, draft.note_id).text)
    refused(
        practice,
        ReauthenticationNeeded,
        lambda s: notes.sign_note(s, THERAPIST, draft.note_id, ANNA, password, shown, NOW, definitions=definitions),
    )
    assert note_row(practice, draft.note_id).status == "draft"


def test_a_note_is_not_signed_under_another_client_by_others_or_empty(
    practice: Database, definitions: Definitions
) -> None:
    draft = start_draft(practice, definitions)

    def sign_draft(session: Session, actor: Actor, client_id: int) -> None:
        notes.sign_note(
            session, actor, draft.note_id, client_id, PASSWORD, text_hash(draft.text), NOW, definitions=definitions
        )

    refused(practice, InvalidInput, lambda s: sign_draft(s, THERAPIST, ANNA))
    save_draft(practice, draft, WORDS)
    refused(practice, NotYours, lambda s: sign_draft(s, THERAPIST, BORIS))
    for actor in (*EVERYBODY_ELSE, OPERATOR):
        refused(practice, UserFacingError, lambda s, actor=actor: sign_draft(s, actor, ANNA))  # type: ignore[misc]
    assert note_row(practice, draft.note_id).status == "draft"


def test_an_addendum_is_put_to_a_signed_note_and_frozen_too(practice: Database, definitions: Definitions) -> None:
    draft = start_draft(practice, definitions)
    refused(practice, NotYours, lambda s: notes.add_addendum(s, PEER, draft.note_id, ANNA, "x", NOW))
    with pytest.raises((Frozen, NotAllowed)), practice.writing() as session:
        notes.add_addendum(session, THERAPIST, draft.note_id, ANNA, "too early", NOW)
    save_draft(practice, draft, WORDS)
    sign_draft(practice, draft, definitions)
    with practice.writing() as session:
        notes.add_addendum(session, THERAPIST, draft.note_id, ANNA, " The date was the 1st. ", NOW)
    refused(practice, InvalidInput, lambda s: notes.add_addendum(s, THERAPIST, draft.note_id, ANNA, "  ", NOW))
    refused(practice, NotYours, lambda s: notes.add_addendum(s, THERAPIST, draft.note_id, BORIS, "x", NOW))
    refused(practice, NotAllowed, lambda s: notes.add_addendum(s, SUPERVISOR, draft.note_id, ANNA, "x", NOW))
    assert [one.text for one in seen_notes(practice, THERAPIST)[0].addenda] == ["The date was the 1st."]
    with pytest.raises(DatabaseError), practice.writing() as session:
        session.execute(update(Addendum).values(text="forged"))


def test_the_count_of_unsigned_notes_follows_every_act(practice: Database, definitions: Definitions) -> None:
    def unsigned(client_id: int) -> int:
        with practice.reading() as session:
            return session.get_one(Standing, client_id).unsigned_notes

    draft = start_draft(practice, definitions)
    assert unsigned(ANNA) == 1
    save_draft(practice, draft, WORDS)
    sign_draft(practice, draft, definitions)
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
    draft = signed_note(practice, definitions, TRAINEES_CLIENT, TRAINEE)
    assert seen_notes(practice, TRAINEE, TRAINEES_CLIENT)[0].status_words == "Signed, waits for co-signature"
    shown = text_hash(note_row(practice, draft.note_id).text)

    def cosign(session: Session, actor: Actor, hashed: str = shown, password: str = PASSWORD) -> None:
        notes.cosign_note(
            session, actor, draft.note_id, TRAINEES_CLIENT, password, hashed, NOW, definitions=definitions
        )

    for actor in (TRAINEE, PEER, THERAPIST, ADMIN, OPERATOR):
        refused(practice, UserFacingError, lambda s, actor=actor: cosign(s, actor))  # type: ignore[misc]
    refused(practice, ReauthenticationNeeded, lambda s: cosign(s, SUPERVISOR, password="no"))
    refused(practice, Blocked, lambda s: cosign(s, SUPERVISOR, text_hash("another text")))
    with practice.writing() as session:
        cosign(session, SUPERVISOR)
    assert note_row(practice, draft.note_id).status == "cosigned"
    refused(practice, Frozen, lambda s: cosign(s, SUPERVISOR))


def test_a_trainee_is_qualified_only_when_nothing_waits_for_a_co_signature(
    practice: Database, definitions: Definitions
) -> None:
    draft = signed_note(practice, definitions, TRAINEES_CLIENT, TRAINEE)

    def qualify(session: Session) -> None:
        account_changes.change_roles(session, ADMIN, 5, [Role.THERAPIST], False, PASSWORD, NOW)

    refused(practice, Blocked, qualify)
    with practice.writing() as session:
        notes.return_note(session, SUPERVISOR, draft.note_id, TRAINEES_CLIENT, "Add", NOW, definitions=definitions)
    refused(practice, Blocked, qualify)
    sign_draft(practice, draft, definitions, TRAINEE)
    shown = text_hash(note_row(practice, draft.note_id).text)
    with practice.writing() as session:
        notes.cosign_note(
            session, SUPERVISOR, draft.note_id, TRAINEES_CLIENT, PASSWORD, shown, NOW, definitions=definitions
        )
    with practice.writing() as session:
        qualify(session)
    with practice.reading() as session:
        assert session.get_one(Account, 5).is_trainee is False


def test_a_note_that_needs_no_co_signature_gets_none(practice: Database, definitions: Definitions) -> None:
    draft = signed_note(practice, definitions)
    refused(
        practice,
        NotAllowed,
        lambda s: notes.return_note(s, SUPERVISOR, draft.note_id, ANNA, "Please add", NOW, definitions=definitions),
    )


def test_a_returned_note_is_signed_again_as_a_second_version_and_the_first_stays(
    practice: Database, definitions: Definitions
) -> None:
    draft = signed_note(practice, definitions, TRAINEES_CLIENT, TRAINEE)

    def give_back(session: Session, comment: str) -> None:
        notes.return_note(session, SUPERVISOR, draft.note_id, TRAINEES_CLIENT, comment, NOW, definitions=definitions)

    refused(practice, InvalidInput, lambda s: give_back(s, "  "))
    with practice.writing() as session:
        give_back(session, "Say what you agreed.")
    save_draft(practice, draft, "second version", base=2, actor=TRAINEE)
    assert seen_notes(practice, TRAINEE, TRAINEES_CLIENT)[0].text == "second version"
    read_by_supervisor = seen_notes(practice, SUPERVISOR, TRAINEES_CLIENT)[0]
    assert read_by_supervisor.text == WORDS.replace("\r\n", "\n"), "what is being rewritten is not signed yet"
    assert [one.comment for one in read_by_supervisor.reviews] == ["Say what you agreed."]
    assert read_by_supervisor.given_back is None, "nothing new is signed yet"
    sign_draft(practice, draft, definitions, TRAINEE)
    with practice.reading() as session:
        frozen = session.scalars(select(NoteVersion).order_by(NoteVersion.number)).all()
    assert [json.loads(one.content)["text"][:6] for one in frozen] == ["SUBJEC", "second"]
    read_again = seen_notes(practice, SUPERVISOR, TRAINEES_CLIENT)[0]
    assert (read_again.text, read_again.given_back) == ("second version", WORDS.replace("\r\n", "\n"))

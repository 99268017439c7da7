"""A practice in which every relation of the policy stands: who may what is tried against it, act by act."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.domain import closure as closure_values
from lib.domain.closure import Audience, DocumentKind
from lib.domain.entries import Rupture
from lib.domain.errors import Blocked, NotAllowed
from lib.domain.markers import RatingDraft
from lib.domain.notes import Compartment, NoteFormat, SessionDetails, text_hash
from lib.domain.people import OPERATOR, Actor, Role
from lib.domain.process import EndingKind
from lib.services import (
    access,
    access_log,
    audit_log,
    break_glass,
    client_record,
    clients,
    closure,
    closure_drafts,
    closure_sections,
    closure_signing,
    closure_versions,
    entries,
    episodes,
    exports,
    flags,
    hashing,
    measures,
    notes,
    people,
    practice,
    progress,
    record_audit,
    sessions,
    supervision,
)
from lib.services.clients import ClientEdit
from lib.services.progress import Filters
from lib.services.supervision import CaseDraft
from lib.storage import document_records, document_signatures
from lib.storage.engine import Database, open_database
from lib.storage.tables import Account, BreakGlass, Flag, ProcessGrant, TherapySession
from tests import factories
from tests.conftest import MASTER_KEY, NOW

TODAY = NOW.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
PASSWORD = "violet anchor seven moss"
SAID, SECRET = "Said closeness felt like a trap.", "I dread these hours."
DEFINITIONS = factories.definitions()


@dataclass
class Case:
    """One client and the ids of what stands in the record."""

    client_id: int
    code: str
    draft: int = 0
    signed: int = 0
    process: int = 0
    former_signed: int = 0
    former_process: int = 0
    document_draft: int = 0
    document_signed: int = 0
    flag: int = 0
    session: int = 0
    comment: int = 0


@dataclass
class World:
    """Everybody by the name the tables use; `main` is a qualified therapist's client, `trainee` a trainee's."""

    actors: dict[str, Actor]
    main: Case
    trainee: Case
    unknown: Case
    other_therapist: int


def make(session: Session) -> World:
    """The whole practice. "former_owner" had the main client until yesterday and wrote two of its notes."""
    factories.practice(session)
    admin, therapist, supervisor = [Role.PRACTICE_ADMIN], [Role.THERAPIST], [Role.SUPERVISOR]
    roles = {
        "owner": therapist, "cover": therapist, "peer": therapist, "former_owner": therapist, "past_cover": therapist,
        "coming_cover": therapist, "grantee": therapist, "disabled_owner": therapist, "supervisor": supervisor,
        "other_supervisor": supervisor, "ended_supervisor": supervisor, "coming_supervisor": supervisor,
        "cover_supervisor": supervisor, "supervisor_reading": supervisor, "disabled_supervisor": supervisor,
        "admin": admin, "disabled_admin": admin, "admin_reading": admin, "admin_therapist": [*admin, *therapist],
    }  # fmt: skip
    actors = {name: factories.account(session, name, its) for name, its in roles.items()}
    trainee = factories.account(session, "trainee", is_trainee=True)
    session.execute(update(Account).values(password_hash=hashing.password_hash(PASSWORD)))
    _supervise(session, actors, trainee)
    main = Case(factories.client(session, actors["former_owner"], "SB-001", "Anna Muster"), "SB-001")
    main.former_signed = _note(session, actors["former_owner"], main, SAID, sign=True)
    main.former_process = _note(session, actors["former_owner"], main, SECRET, sign=True, process=True)
    people.transfer_client(session, actors["former_owner"], main.client_id, _id(actors["owner"]), NOW)
    for name, kind, first, last in (
        ("cover", "cover", YESTERDAY, TOMORROW),
        ("past_cover", "cover", TODAY - timedelta(days=9), YESTERDAY),
        ("coming_cover", "cover", TOMORROW, TOMORROW),
        ("disabled_owner", "owner", YESTERDAY, None),
    ):
        factories.assign(session, main.client_id, actors[name], kind, first, last)
    grant = {"note_id": main.former_process, "account_id": _id(actors["grantee"]), "reason": "court order"}
    by = {"granted_by_id": _id(actors["former_owner"]), "starts_on": YESTERDAY, "ends_on": TOMORROW}
    session.add(ProcessGrant(**grant, **by))
    own = Case(factories.client(session, trainee, "SB-002", "Cleo Sample"), "SB-002")
    factories.assign(session, own.client_id, actors["cover"], "cover", YESTERDAY, TOMORROW)
    for case, owner in ((main, actors["owner"]), (own, trainee)):
        _fill(session, case, owner)
    draft = CaseDraft("Talk about the ending.", "Name a date", TOMORROW)
    main.comment = supervision.comment_on_case(session, actors["supervisor"], main.client_id, draft, NOW)
    for name in ("admin_reading", "supervisor_reading"):
        for case in (main, own):
            session.add(
                BreakGlass(
                    client_id=case.client_id, account_id=_id(actors[name]), reason="an emergency, tried",
                    begins_at=NOW - timedelta(minutes=5), ends_at=NOW + timedelta(minutes=55),
                )
            )  # fmt: skip
    session.flush()
    for name in ("disabled_owner", "disabled_supervisor", "disabled_admin"):
        session.execute(update(Account).where(Account.id == _id(actors[name])).values(is_disabled=True))
    actors["operator"] = OPERATOR
    nobody = Case(900_000, "SB-NONE", *[900_000] * 10)
    return World(actors, main, own, nobody, _id(actors["peer"]))


def for_trainee(world: World) -> World:
    """The same practice, with the trainee as the owner."""
    return replace(world, actors={**world.actors, "owner": world.actors["trainee"]}, main=world.trainee)


def _supervise(session: Session, actors: dict[str, Actor], trainee: Actor) -> None:
    actors["trainee"] = trainee
    for supervisor, therapist, first, last in (
        ("supervisor", "owner", factories.LONG_AGO, None),
        ("supervisor", "trainee", factories.LONG_AGO, None),
        ("supervisor_reading", "owner", factories.LONG_AGO, None),
        ("supervisor_reading", "trainee", factories.LONG_AGO, None),
        ("disabled_supervisor", "owner", factories.LONG_AGO, None),
        ("ended_supervisor", "owner", factories.LONG_AGO, YESTERDAY),
        ("ended_supervisor", "trainee", factories.LONG_AGO, YESTERDAY),
        ("coming_supervisor", "owner", TOMORROW, None),
        ("other_supervisor", "peer", factories.LONG_AGO, None),
        ("cover_supervisor", "cover", factories.LONG_AGO, None),
    ):
        factories.supervise(session, actors[supervisor], actors[therapist], first, last)


def _fill(session: Session, case: Case, owner: Actor) -> None:
    """A draft, a signed and a process note, a flag, a session, a course, a document drafted and one signed."""
    episodes.begin_episode(session, owner, case.client_id, TODAY - timedelta(days=60), "trust", NOW, DEFINITIONS)
    case.draft = _note(session, owner, case, SAID, sign=False)
    case.signed = _note(session, owner, case, SAID, sign=True)
    case.process = _note(session, owner, case, SECRET, sign=False, process=True)
    form = factories.phq9_total(case.code, TODAY - timedelta(days=7), 12, item_9=1)
    factories.enter(session, owner, case.client_id, form)
    case.flag = session.scalars(select(Flag.id).where(Flag.client_id == case.client_id)).first() or 0
    found = select(TherapySession.id).where(TherapySession.client_id == case.client_id)
    case.session = session.scalars(found).first() or 0
    start = closure_versions.start_document
    signed = start(session, owner, case.client_id, DocumentKind.PLAN, Audience.CLIENT, NOW, DEFINITIONS)
    stored = document_records.document_of(session, signed)
    assert stored is not None
    frozen = closure_values.as_signed(stored.draft, owner.name, NOW, "tried")
    document_signatures.add_signed(session, signed, _id(owner), frozen, b"%PDF-1.7", b"docx")
    document_records.set_status(session, signed, document_records.SIGNED)
    case.document_signed = signed
    case.document_draft = start(
        session, owner, case.client_id, DocumentKind.SUMMARY, Audience.FILE, NOW, DEFINITIONS
    )  # fmt: skip


def _note(session: Session, actor: Actor, case: Case, said: str, *, sign: bool, process: bool = False) -> int:
    compartment = Compartment.PROCESS if process else Compartment.PROGRESS
    day = TODAY - timedelta(days=3)
    draft = notes.start_note(
        session, actor, case.client_id, day, NoteFormat.NARRATIVE, compartment, NOW, definitions=DEFINITIONS
    )  # fmt: skip
    notes.save_draft(session, actor, draft.note_id, case.client_id, said, draft.version, NOW)
    if sign:
        notes.sign_note(
            session, actor, draft.note_id, case.client_id, PASSWORD, text_hash(said), NOW, definitions=DEFINITIONS
        )  # fmt: skip
    return draft.note_id


def _id(actor: Actor) -> int:
    assert actor.account_id is not None
    return actor.account_id


def opened_once(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """A fresh database of the kind the fixture asks for, for all tests of a module."""
    if request.param == "sqlite":
        file = Path(shutil.copy(request.getfixturevalue("plain_template"), folder / "access.db"))
        database = open_database(f"sqlite:///{file}", MASTER_KEY)
        yield database
        database.close()
        return
    server: Any = request.getfixturevalue("postgresql_server")
    template, name = request.getfixturevalue("postgresql_template"), f"access_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        database = open_database(server.get_uri(database=name), MASTER_KEY)
        yield database
        database.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


# --- the acts, by the name the tables use -------------------------------------------------------------

Act = Callable[[Session, Actor, World, Case], object]
D = DEFINITIONS
DAY = TODAY - timedelta(days=2)


def _open_with_a_reason(s: Session, a: Actor, w: World, c: Case) -> object:
    return break_glass.open_with_a_reason(s, a, c.code, "an emergency, tried here", PASSWORD, NOW)


def _change_identity(s: Session, a: Actor, w: World, c: Case) -> object:
    return clients.edit_client(s, a, c.client_id, ClientEdit("Anna M", None, None, None, 1), NOW, D)


def _sign_note(s: Session, a: Actor, w: World, c: Case) -> object:
    return notes.sign_note(s, a, c.draft, c.client_id, PASSWORD, text_hash(SAID), NOW, definitions=D)


def _review(do: Callable[..., object], last: str) -> Act:
    def act(s: Session, a: Actor, w: World, c: Case) -> object:
        if do is notes.cosign_note:
            return do(s, a, c.signed, c.client_id, PASSWORD, text_hash(SAID), NOW, definitions=D)
        return do(s, a, c.signed, c.client_id, last, NOW, definitions=D)

    return act


def _cosign_document(s: Session, a: Actor, w: World, c: Case) -> object:
    stored = document_records.document_of(s, c.document_signed)
    sha256 = stored.draft.content_sha256 if stored else ""
    return closure_signing.cosign_document(s, a, c.document_signed, c.client_id, PASSWORD, sha256, NOW)


def _section(s: Session, a: Actor, w: World, c: Case) -> object:
    stored = document_records.document_of(s, c.document_draft)
    key, version = next(iter(stored.section_versions.items())) if stored else ("outcome", 1)
    return closure_sections.change_section(s, a, c.document_draft, c.client_id, key, ["One line."], version, NOW)


def _take_unsigned(s: Session, a: Actor, w: World, c: Case) -> object:
    """That it must wait for the co-signature is a no."""
    try:
        return closure_signing.take_away(s, a, c.document_signed, "pdf", NOW, D)
    except Blocked as blocked:
        raise NotAllowed("export", "document", c.document_signed) from blocked


def _drafts_listed(s: Session, a: Actor, w: World, c: Case) -> object:
    listed = closure.documents_of_client(s, a, c.client_id, NOW)
    if not any(one.document_id == c.document_draft for one in listed):
        raise LookupError("the draft is not in the list")
    return listed


def _flag_seen(s: Session, a: Actor, w: World, c: Case) -> object:
    seen = client_record.client_overview(s, a, c.client_id, NOW, D).flags
    assert any(one.id == c.flag for one in seen)
    return seen


def _read(which: str) -> Act:
    def act(s: Session, a: Actor, w: World, c: Case) -> object:
        return notes.note_of_client(s, a, getattr(c, which), c.client_id, NOW)

    return act


def _write(which: str) -> Act:
    def act(s: Session, a: Actor, w: World, c: Case) -> object:
        return notes.save_draft(s, a, getattr(c, which), c.client_id, "Other words.", 2, NOW)

    return act


def _add(which: str) -> Act:
    def act(s: Session, a: Actor, w: World, c: Case) -> object:
        return notes.add_addendum(s, a, getattr(c, which), c.client_id, "Later.", NOW)

    return act


ACTS: dict[str, Act] = {
    "see the client's page": lambda s, a, w, c: client_record.client_overview(s, a, c.client_id, NOW, D),
    "find the client by code": lambda s, a, w, c: access.client_id_by_code(s, a, c.code, NOW),
    "change name and dates": _change_identity,
    "end the course of therapy": lambda s, a, w, c: episodes.end_episode(
        s, a, c.client_id, TODAY, EndingKind.COMPLETED, "", NOW, D
    ),
    "begin a course of therapy": lambda s, a, w, c: episodes.begin_episode(s, a, c.client_id, TODAY, "", NOW, D),
    "list clients with their therapists": lambda s, a, w, c: people.clients_of_practice(s, a, "", NOW),
    "give cover": lambda s, a, w, c: people.assign_client(
        s, a, c.client_id, w.other_therapist, NOW, kind="cover", ends_on=TOMORROW
    ),
    "transfer": lambda s, a, w, c: people.transfer_client(s, a, c.client_id, w.other_therapist, NOW),
    "read the attachment record": lambda s, a, w, c: entries.attachment_record(s, a, c.client_id, NOW),
    "read sessions": lambda s, a, w, c: notes.sessions_of_client(s, a, c.client_id, NOW),
    "enter a questionnaire": lambda s, a, w, c: measures.enter_form(
        s, a, c.client_id, factories.phq9_total(c.code, DAY, 9), NOW, D
    ),
    "rate a marker": lambda s, a, w, c: measures.rate_marker(
        s, a, c.client_id, RatingDraft(next(iter(D.model.markers)), None, DAY), NOW, D
    ),
    "note a rupture": lambda s, a, w, c: entries.add_entry(s, a, c.client_id, Rupture(DAY, "It tore."), NOW, D),
    "record a session": lambda s, a, w, c: sessions.record_session(s, a, c.client_id, DAY, SessionDetails(), NOW, D),
    "start a note": lambda s, a, w, c: notes.start_note(
        s, a, c.client_id, DAY, NoteFormat.NARRATIVE, Compartment.PROGRESS, NOW, definitions=D
    ),
    "read the owner's draft": _read("draft"),
    "read the signed note": _read("signed"),
    "read the owner's process note": _read("process"),
    "read the former owner's process note": _read("former_process"),
    "write in the owner's draft": _write("draft"),
    "write in the signed note": _write("signed"),
    "write in the owner's process note": _write("process"),
    "write in the former owner's process note": _write("former_process"),
    "sign the owner's draft": _sign_note,
    "discard the owner's draft": lambda s, a, w, c: notes.discard_draft(
        s, a, c.draft, c.client_id, "begun by mistake", NOW, definitions=D
    ),
    "add to the owner's signed note": _add("signed"),
    "add to the former owner's signed note": _add("former_signed"),
    "co-sign a note that needs none": _review(notes.cosign_note, PASSWORD),
    "return a note that needs none": _review(notes.return_note, "Say more."),
    "co-sign the trainee's note": _review(notes.cosign_note, PASSWORD),
    "return the trainee's note": _review(notes.return_note, "Say more."),
    "see the flag": _flag_seen,
    "answer the flag": lambda s, a, w, c: flags.respond_to_flag(s, a, c.flag, c.client_id, "Asked.", NOW, D),
    "list with drafts": _drafts_listed,
    "open the draft": lambda s, a, w, c: closure.open_document(s, a, c.document_draft, NOW, D),
    "open the signed document": lambda s, a, w, c: closure.open_document(s, a, c.document_signed, NOW, D),
    "draft from the record": lambda s, a, w, c: closure_drafts.draft_from_record(
        s, a, c.client_id, DocumentKind.SUMMARY, Audience.FILE, NOW, D
    ),
    "start a document": lambda s, a, w, c: closure_versions.start_document(
        s, a, c.client_id, DocumentKind.SUMMARY, Audience.REFERRER, NOW, D
    ),
    "change a section": _section,
    "discard the draft": lambda s, a, w, c: closure.discard_document(s, a, c.document_draft, c.client_id, NOW),
    "sign the draft": lambda s, a, w, c: closure_signing.sign_document(
        s, a, c.document_draft, c.client_id, PASSWORD, "0" * 64, NOW, D
    ),
    "take the signed document away": lambda s, a, w, c: closure_signing.take_away(
        s, a, c.document_signed, "pdf", NOW, D
    ),
    "take away a document that waits for co-signature": _take_unsigned,
    "correct the signed document": lambda s, a, w, c: closure_versions.correct_document(
        s, a, c.document_signed, c.client_id, NOW, D
    ),
    "co-sign a document that needs none": _cosign_document,
    "co-sign the trainee's document": _cosign_document,
    "return the trainee's document": lambda s, a, w, c: closure_signing.return_document(
        s, a, c.document_signed, c.client_id, "Say more.", NOW
    ),
    "comment on the case": lambda s, a, w, c: supervision.comment_on_case(s, a, c.client_id, CaseDraft("Seen."), NOW),
    "read the comment": lambda s, a, w, c: supervision.comment_of_client(s, a, c.comment, c.client_id, NOW),
    "mark the agreed step as done": lambda s, a, w, c: supervision.mark_step_done(
        s, a, c.comment, c.client_id, TODAY, NOW
    ),
    "say that the agreed step is done": lambda s, a, w, c: supervision.say_step_done(
        s, a, c.comment, c.client_id, TODAY, "Asked.", NOW
    ),
    "read comments on the case": lambda s, a, w, c: supervision.comments_on_client(s, a, c.client_id, NOW),
    "hold a supervision session": lambda s, a, w, c: supervision.hold_meeting(
        s, a, _id(w.actors["owner"]), TODAY, "We spoke.", [], [], NOW
    ),
    "read who looked": lambda s, a, w, c: access_log.log_of_client(s, a, c.client_id, NOW),
    "open with a reason": _open_with_a_reason,
    "export the client": lambda s, a, w, c: exports.export_client(s, a, c.code, "json", "asked for it", NOW),
    "see the team's progress": lambda s, a, w, c: progress.progress(s, a, None, Filters(), NOW, D),
    "see the therapist's figures": lambda s, a, w, c: record_audit.team_figures(
        s, a, record_audit.usual_period(TODAY, _id(w.actors["owner"])), NOW
    ),
    "see one's own figures": lambda s, a, w, c: record_audit.own_figures(s, a, date(2026, 1, 1), TODAY, NOW),
    "see the practice's figures": lambda s, a, w, c: progress.practice_figures(s, a),
    "list people": lambda s, a, w, c: people.people_of_practice(s, a),
    "begin a supervision": lambda s, a, w, c: people.supervise(
        s, a, _id(w.actors["other_supervisor"]), _id(w.actors["owner"]), NOW
    ),
    "read settings": lambda s, a, w, c: practice.practice_settings(s, a),
    "read the whole log": lambda s, a, w, c: audit_log.latest_events(s, a),
    "verify the log": lambda s, a, w, c: audit_log.verify_log(s, a, NOW),
    "export the practice": lambda s, a, w, c: exports.export_practice(s, a, "json", NOW),
}

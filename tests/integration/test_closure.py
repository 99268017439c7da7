"""Closure documents on real databases: sourced, reviewed, blocked with reasons, frozen, and seen by no one else."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from argon2 import PasswordHasher
from pypdf import PdfReader
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.domain import closure as values
from lib.domain.closure import Audience, DocumentKind, SourceKind
from lib.domain.document_wording import Wording
from lib.domain.errors import Blocked, Frozen, InvalidInput, NotAllowed, NotYours, ReauthenticationNeeded, StaleVersion
from lib.domain.notes import Compartment, NoteFormat, text_hash
from lib.domain.people import Actor
from lib.services import (
    agreed_levels,
    closure,
    closure_sections,
    closure_signing,
    closure_versions,
    document_wording,
    flags,
    note_reviews,
    notes,
    people,
    readiness,
)
from lib.services.closure import OpenedDocument
from lib.storage.engine import Database
from lib.storage.tables import (
    Account,
    AuditEvent,
    Document,
    DocumentReview,
    DocumentSection,
    Evidence,
    Flag,
    FlagResponse,
    Note,
    SignedDocument,
    Supervision,
)
from tests import factories
from tests.conftest import NOW
from tests.factories import House

PASSWORD = "correct horse battery staple"
LATER = NOW + timedelta(hours=1)
DAY = date(2026, 2, 16)
SPOKEN = "Told her brother that she was struggling."
SECRET = "Countertransference: I dread these hours."
FILE, SUMMARY, PLAN = Audience.FILE, DocumentKind.SUMMARY, DocumentKind.PLAN


@dataclass
class Practice:
    """The database with its people: lark has Anna and a full record, wren is a trainee of heron with Cleo."""

    database: Database
    house: House
    wren: Actor
    cleo: int

    @property
    def anna(self) -> int:
        """Lark's client, whose record can be drafted from."""
        return self.house.anna


@pytest.fixture(scope="module")
def hashed() -> str:
    """One password for all, hashed as cheaply as argon2 allows: signing is tried often here."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def practice(database: Database, hashed: str) -> Practice:
    """A practice in which everybody has the same password and Anna's and Cleo's therapies have a record."""
    with database.writing() as session:
        house = factories.house(session)
        wren = factories.account(session, "Wren", is_trainee=True)
        factories.supervise(session, house.heron, wren)
        cleo = factories.client(session, wren, "SB-003", "Cleo Sample")
        session.execute(update(Account).values(password_hash=hashed))
        _fill(session, house.lark, house.anna, "SB-001")
        _fill(session, wren, cleo, "SB-003")
    return Practice(database, house, wren, cleo)


def _fill(session: Session, actor: Actor, client_id: int, code: str) -> None:
    """Three PHQ-9, a signed note with a confirmed sentence, and a process note."""
    factories.course(session, actor, client_id, code, (18, 12, 6), DAY - timedelta(days=30))
    note_id = _note(session, actor, client_id, f"Came in late. {SPOKEN} Then silence.")
    session.add(
        Evidence(
            client_id=client_id, note_id=note_id, dated_on=DAY, code="trust", polarity="for", quote=SPOKEN,
            state="confirmed", decided_by_id=actor.account_id, decided_at=NOW,
        )
    )  # fmt: skip
    _note(session, actor, client_id, SECRET, Compartment.PROCESS)
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    client_id: int,
    said: str,
    compartment: Compartment = Compartment.PROGRESS,
    sign: bool = True,
) -> int:
    defs = factories.definitions()
    draft = notes.start_note(session, actor, client_id, DAY, NoteFormat.NARRATIVE, compartment, NOW, definitions=defs)
    notes.save_draft(session, actor, draft.note_id, client_id, said, draft.version, NOW)
    if sign:
        notes.sign_note(session, actor, draft.note_id, client_id, PASSWORD, text_hash(said), NOW, definitions=defs)
    return draft.note_id


def _start(
    practice: Practice,
    kind: DocumentKind = SUMMARY,
    audience: Audience = FILE,
    actor: Actor | None = None,
    client_id: int | None = None,
) -> int:
    with practice.database.writing() as session:
        return closure_versions.start_document(
            session, actor or practice.house.lark, client_id or practice.anna, kind, audience, NOW,
            factories.definitions(),
        )  # fmt: skip


def _open(practice: Practice, document_id: int, actor: Actor | None = None, now: datetime = LATER) -> OpenedDocument:
    with practice.database.writing() as session:
        return closure.open_document(session, actor or practice.house.lark, document_id, now, factories.definitions())


def _write(practice: Practice, document_id: int, key: str, lines: list[str], actor: Actor | None = None) -> int:
    opened = _open(practice, document_id, actor)
    with practice.database.writing() as session:
        return closure_sections.change_section(
            session, actor or practice.house.lark, document_id, opened.stored.client_id, key, lines,
            opened.stored.section_versions[key], LATER,
        )  # fmt: skip


def _finish(practice: Practice, document_id: int, actor: Actor | None = None) -> OpenedDocument:
    """Answer and review every section that must be looked at."""
    who = actor or practice.house.lark
    for section in _open(practice, document_id, who).stored.draft.sections:
        if not section.must_review:
            continue
        if not section.sentences:
            _write(practice, document_id, section.key, ["Asked about; nothing is known."], who)
        opened = _open(practice, document_id, who)
        with practice.database.writing() as session:
            closure_sections.review_section(
                session, who, document_id, opened.stored.client_id, section.key,
                opened.stored.section_versions[section.key], LATER,
            )  # fmt: skip
    return _open(practice, document_id, who)


def _sign(
    practice: Practice, document_id: int, actor: Actor | None = None, password: str = PASSWORD, sha256: str = ""
) -> str:
    who = actor or practice.house.lark
    stored = _open(practice, document_id, who).stored
    shown = sha256 or values.content_hash(stored.draft)
    with practice.database.writing() as session:
        return closure_signing.sign_document(
            session, who, document_id, stored.client_id, password, shown, LATER, factories.definitions()
        )


def _signed(practice: Practice, actor: Actor | None = None, client_id: int | None = None) -> int:
    document_id = _start(practice, actor=actor, client_id=client_id)
    _finish(practice, document_id, actor)
    _sign(practice, document_id, actor)
    return document_id


def _take(practice: Practice, document_id: int, actor: Actor, form: str = "pdf") -> bytes:
    with practice.database.writing() as session:
        return closure_signing.take_away(session, actor, document_id, form, LATER, factories.definitions())[0]


def _actions(practice: Practice) -> list[str]:
    with practice.database.reading() as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


def test_every_drafted_sentence_names_its_source_and_a_quote_stands_word_for_word_in_its_note(
    practice: Practice,
) -> None:
    draft = _open(practice, _start(practice)).stored.draft
    sentences = [line for section in draft.sections for line in section.sentences]
    assert sentences and all(line.sources and not line.own_words for line in sentences)
    quoted = [source for source in draft.sources if source.kind is SourceKind.NOTE]
    assert [source.quote for source in quoted] == [SPOKEN]
    with practice.database.reading() as session:
        assert all(source.quote in session.get_one(Note, source.record_id).text for source in quoted)
    scores = [source for source in draft.sources if source.kind is SourceKind.SCORE]
    assert {source.quote for source in scores} >= {"PHQ-9 18", "PHQ-9 6"}


@pytest.mark.parametrize(("kind", "audience"), [(SUMMARY, each) for each in Audience] + [(PLAN, Audience.CLIENT)])
def test_a_process_note_reaches_no_document(practice: Practice, kind: DocumentKind, audience: Audience) -> None:
    with practice.database.writing() as session:
        note = session.scalars(select(Note).where(Note.compartment == "process")).first()
        assert note is not None
        session.add(
            Evidence(
                client_id=practice.anna, note_id=note.id, dated_on=DAY, code="trust", polarity="for", quote=SECRET,
                state="confirmed", decided_by_id=note.originator_id, decided_at=NOW,
            )
        )  # fmt: skip
    document_id = _start(practice, kind, audience)
    told = values.canonical_content(_open(practice, document_id).stored.draft).decode()
    assert "Countertransference" not in told and "dread" not in told


@pytest.mark.parametrize("what", ["evidence rejected", "evidence only suggested", "note retracted"])
def test_a_sentence_that_was_taken_back_reaches_no_draft_and_holds_up_an_open_one(
    practice: Practice, what: str
) -> None:
    document_id = _start(practice)
    with practice.database.writing() as session:
        row = session.scalars(select(Evidence).where(Evidence.client_id == practice.anna)).one()
        if what == "note retracted":
            session.execute(update(Note).where(Note.id == row.note_id).values(status="retracted"))
        else:
            row.state = what.rsplit(" ", 1)[1]
    opened = _open(practice, document_id)
    assert SPOKEN in [source.quote for source in opened.changed]
    assert any("The record has changed" in reason.why for reason in opened.blocked_by)
    with practice.database.writing() as session:
        closure.draft_again(session, practice.house.lark, document_id, practice.anna, LATER, factories.definitions())
    told = values.canonical_content(_open(practice, document_id).stored.draft).decode()
    assert SPOKEN not in told and "Came in late" not in told


def test_a_document_comes_back_from_the_database_as_it_was_drafted(practice: Practice) -> None:
    document_id = _start(practice, PLAN, Audience.CLIENT)
    with practice.database.reading() as session:
        stored = session.get_one(Document, document_id)
        sections = session.scalars(select(DocumentSection).where(DocumentSection.document_id == document_id)).all()
        assert (stored.kind, stored.audience, stored.status) == ("plan", "client", "draft")
    draft = _open(practice, document_id).stored.draft
    assert [section.key for section in draft.sections] == [
        row.key for row in sorted(sections, key=lambda r: r.position)
    ]
    assert _open(practice, document_id).changed == ()


def test_an_untouched_sentence_keeps_its_sources_and_a_changed_one_becomes_own_words(practice: Practice) -> None:
    document_id = _start(practice)
    held = _open(practice, document_id).stored.draft.section("outcome_measures").sentences
    lines = [held[0].text, held[1].text + " Or so.", "  She thinks so too.\nAnd more. "]
    _write(practice, document_id, "outcome_measures", lines)
    changed = _open(practice, document_id).stored.draft.section("outcome_measures").sentences
    assert changed[0] == held[0]
    assert [(line.text, line.own_words, line.sources) for line in changed[1:]] == [
        (held[1].text + " Or so.", True, ()),
        ("She thinks so too.", True, ()),
        ("And more.", True, ()),
    ]


def test_a_stale_save_shows_both_texts_and_changes_nothing(practice: Practice) -> None:
    document_id = _start(practice)
    _write(practice, document_id, "recommendations", ["First wording."])
    with practice.database.writing() as session, pytest.raises(StaleVersion) as raised:
        closure_sections.change_section(
            session, practice.house.lark, document_id, practice.anna, "recommendations", ["Mine."], 1, LATER
        )
    assert (raised.value.yours, raised.value.theirs, raised.value.their_version) == ("Mine.", "First wording.", 2)
    kept = _open(practice, document_id).stored.draft.section("recommendations").sentences
    assert [line.text for line in kept] == ["First wording."]


def test_saving_the_same_wording_again_changes_nothing_and_keeps_the_review(practice: Practice) -> None:
    document_id = _start(practice)
    opened = _finish(practice, document_id)
    texts = [line.text for line in opened.stored.draft.section("risk").sentences]
    assert _write(practice, document_id, "risk", texts) == opened.stored.section_versions["risk"]
    assert _open(practice, document_id).stored.draft.section("risk").reviewed_at == LATER


def test_a_changed_section_has_to_be_reviewed_again(practice: Practice) -> None:
    document_id = _start(practice)
    assert _finish(practice, document_id).blocked_by == ()
    _write(practice, document_id, "risk", ["Spoke about it; she knows whom to call."])
    opened = _open(practice, document_id)
    assert opened.stored.draft.section("risk").reviewed_at is None
    assert [reason.why for reason in opened.blocked_by] == [
        f"“{opened.stored.draft.section('risk').title}” has not been reviewed."
    ]


def test_a_review_counts_only_for_the_wording_that_was_shown(practice: Practice) -> None:
    document_id = _start(practice)
    _write(practice, document_id, "risk", ["Another wording."])
    with practice.database.writing() as session, pytest.raises(StaleVersion):
        closure_sections.review_section(session, practice.house.lark, document_id, practice.anna, "risk", 1, LATER)


@pytest.mark.parametrize("text_given", ["x" * 4001, "null \x00 character"])
def test_what_is_no_text_is_refused(practice: Practice, text_given: str) -> None:
    with pytest.raises(InvalidInput):
        _write(practice, _start(practice), "recommendations", [text_given])


def _risk(session: Session, practice: Practice) -> None:
    form = factories.phq9("SB-001", NOW.date(), 0, 0, 0, 0, 0, 0, 0, 0, 1)
    factories.enter(session, practice.house.lark, practice.anna, form)


def test_an_open_risk_flag_blocks_signing_until_what_was_done_is_recorded(practice: Practice) -> None:
    with practice.database.writing() as session:
        _risk(session, practice)
    document_id = _start(practice)
    (reason,) = _finish(practice, document_id).blocked_by
    assert reason.why.startswith("Open risk flag: ") and "Record what was done" in reason.way_out
    with pytest.raises(Blocked) as raised:
        _sign(practice, document_id)
    assert raised.value.reasons == ((reason.why, reason.way_out),)
    with practice.database.writing() as session:
        flag = session.scalars(select(Flag).where(Flag.is_risk)).one()
        flags.respond_to_flag(
            session, practice.house.lark, flag.id, practice.anna, "Asked; agreed on a plan.", NOW,
            factories.definitions(),
        )  # fmt: skip
        closure.draft_again(session, practice.house.lark, document_id, practice.anna, LATER, factories.definitions())
    assert len(_sign_after_review(practice, document_id)) == 64


def _sign_after_review(practice: Practice, document_id: int) -> str:
    _finish(practice, document_id)
    return _sign(practice, document_id)


def test_an_unsigned_note_blocks_signing(practice: Practice) -> None:
    document_id = _start(practice)
    _finish(practice, document_id)
    with practice.database.writing() as session:
        _note(session, practice.house.lark, practice.anna, "Not finished", sign=False)
    with pytest.raises(Blocked, match="cannot be signed") as raised:
        _sign(practice, document_id)
    assert ("The note of 16 Feb 2026 is not signed.", "Sign the note, or discard its draft.") in raised.value.reasons


def test_a_section_that_must_be_looked_at_blocks_signing_until_it_is(practice: Practice) -> None:
    document_id = _start(practice)
    opened = _open(practice, document_id)
    wanted = [section.title for section in opened.stored.draft.sections if section.must_review]
    with pytest.raises(Blocked) as raised:
        _sign(practice, document_id)
    assert len(wanted) >= 3
    assert all(any(f"“{title}”" in why for why, _ in raised.value.reasons) for title in wanted)


def test_a_record_that_changed_since_the_draft_blocks_signing(practice: Practice) -> None:
    document_id = _start(practice)
    _finish(practice, document_id)
    with practice.database.writing() as session:
        form = factories.phq9_total("SB-001", NOW.date(), 9)
        factories.enter(session, practice.house.lark, practice.anna, form)
    with pytest.raises(Blocked) as raised:
        _sign(practice, document_id)
    assert [why for why, _ in raised.value.reasons if "The record has changed" in why]
    assert any(source.quote == "PHQ-9 9" for source in _open(practice, document_id).changed)


def test_drafting_again_takes_up_the_new_score_and_keeps_own_words(practice: Practice) -> None:
    document_id = _start(practice)
    held = _open(practice, document_id).stored.draft.section("outcome_measures").sentences
    own = "She says she sleeps again."
    _write(practice, document_id, "outcome_measures", [*[line.text for line in held], own])
    _finish(practice, document_id)
    with practice.database.writing() as session:
        factories.enter(session, practice.house.lark, practice.anna, factories.phq9_total("SB-001", NOW.date(), 9))
        closure.draft_again(session, practice.house.lark, document_id, practice.anna, LATER, factories.definitions())
    opened = _open(practice, document_id)
    assert opened.changed == ()
    section = opened.stored.draft.section("outcome_measures")
    assert any(source.quote == "PHQ-9 9" for line in section.sentences for source in line.sources)
    assert section.sentences[-1].text == own and section.sentences[-1].own_words
    assert section.reviewed_at is None


def test_kept_wording_whose_source_is_gone_becomes_own_words_to_be_reviewed_again(practice: Practice) -> None:
    document_id = _start(practice)
    _finish(practice, document_id)
    before = _open(practice, document_id).stored.draft
    quoting = [
        (section.key, line.text) for section in before.sections for line in section.sentences
        if any(source.quote == SPOKEN for source in line.sources)
    ]  # fmt: skip
    assert quoting
    with practice.database.writing() as session:
        session.execute(update(Evidence).where(Evidence.client_id == practice.anna).values(state="rejected"))
        closure.keep_wording(session, practice.house.lark, document_id, practice.anna, LATER, factories.definitions())
    opened = _open(practice, document_id)
    assert opened.changed == ()
    after = opened.stored.draft
    assert SPOKEN not in {source.quote for source in after.sources}
    for key, said in quoting:
        (line,) = [line for line in after.section(key).sentences if line.text == said]
        assert line.own_words and after.section(key).reviewed_at is None


def test_signing_asks_for_the_password_again(practice: Practice) -> None:
    document_id = _start(practice)
    _finish(practice, document_id)
    for wrong in ("", "wrong horse"):
        with pytest.raises(ReauthenticationNeeded):
            _sign(practice, document_id, password=wrong)
    assert _open(practice, document_id).stored.status == "draft"


def test_only_the_text_that_was_shown_can_be_signed(practice: Practice) -> None:
    document_id = _start(practice)
    shown = values.content_hash(_finish(practice, document_id).stored.draft)
    _write(practice, document_id, "header", ["Changed in another tab."])
    with pytest.raises(Blocked, match="changed since you read it"):
        _sign(practice, document_id, sha256=shown)


def test_what_is_signed_is_frozen_with_the_right_hashes(practice: Practice) -> None:
    document_id = _start(practice)
    shown = _finish(practice, document_id).stored.draft
    sha256 = _sign(practice, document_id)
    with practice.database.reading() as session:
        row = session.scalars(select(SignedDocument)).one()
        assert row.content.encode() == values.canonical_content(shown)
        assert row.content_sha256 == sha256 == hashlib.sha256(row.content.encode()).hexdigest()
        assert row.pdf_sha256 == hashlib.sha256(row.pdf).hexdigest() and row.pdf.startswith(b"%PDF")
        assert row.docx_sha256 == hashlib.sha256(row.docx).hexdigest()
        assert zipfile.ZipFile(io.BytesIO(row.docx)).testzip() is None
    signed = _open(practice, document_id).stored
    assert values.canonical_content(signed.draft) == values.canonical_content(shown)
    assert (signed.draft.signed_by, signed.draft.signed_at, signed.status) == ("Lark", LATER, "signed")


@pytest.mark.parametrize(
    "statement", ["UPDATE signed_document SET content = 'x'", "UPDATE signed_document SET pdf = docx",
                  "DELETE FROM signed_document"],
)  # fmt: skip
def test_the_database_refuses_to_change_or_delete_what_is_signed(practice: Practice, statement: str) -> None:
    _signed(practice)
    with pytest.raises(DatabaseError, match="frozen"), practice.database.writing() as session:
        session.execute(text(statement))


def test_a_signed_document_shows_its_frozen_words_even_when_a_row_beside_them_was_altered(practice: Practice) -> None:
    document_id = _signed(practice)
    before = _open(practice, document_id).stored.draft
    with practice.database.writing() as session:
        session.execute(update(DocumentSection).values(sentences=[]))
        session.execute(update(Document).values(header={}))
    assert _open(practice, document_id).stored.draft == before


def test_nothing_signed_can_be_edited_reviewed_redrafted_discarded_or_signed_again(practice: Practice) -> None:
    document_id = _signed(practice)
    lark, anna, defs = practice.house.lark, practice.anna, factories.definitions()
    with practice.database.writing() as session:
        for act in (
            lambda: closure_sections.change_section(session, lark, document_id, anna, "risk", ["x"], 1, LATER),
            lambda: closure_sections.review_section(session, lark, document_id, anna, "risk", 1, LATER),
            lambda: closure.draft_again(session, lark, document_id, anna, LATER, defs),
            lambda: closure.keep_wording(session, lark, document_id, anna, LATER, defs),
            lambda: closure.discard_document(session, lark, document_id, anna, LATER),
            lambda: closure_signing.sign_document(session, lark, document_id, anna, PASSWORD, "", LATER, defs),
        ):
            with pytest.raises(Frozen):
                act()


def test_what_is_taken_away_is_exactly_what_was_frozen_and_leaves_its_event(practice: Practice) -> None:
    document_id = _signed(practice)
    with practice.database.reading() as session:
        row = session.scalars(select(SignedDocument)).one()
    assert _take(practice, document_id, practice.house.lark) == row.pdf
    assert _take(practice, document_id, practice.house.lark, "docx") == row.docx
    assert _actions(practice)[-2:] == ["document_exported", "document_exported"]
    with practice.database.writing() as session, pytest.raises(InvalidInput):
        closure_signing.take_away(session, practice.house.lark, document_id, "exe", LATER, factories.definitions())


def test_a_draft_is_taken_away_marked_as_one(practice: Practice) -> None:
    content = _take(practice, _start(practice), practice.house.lark, "docx")
    words = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    headers = "".join(
        zipfile.ZipFile(io.BytesIO(content)).read(name).decode()
        for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
        if "header" in name or "footer" in name
    )
    assert "DRAFT" in words + headers


def test_a_new_version_names_what_it_supersedes_and_takes_its_place_when_signed(practice: Practice) -> None:
    first = _signed(practice)
    second = _start(practice)
    draft = _open(practice, second).stored.draft
    assert draft.supersedes == "the version signed on 2 Mar 2026 at 10:30"
    assert _status(practice, first) == "signed"
    _finish(practice, second)
    _sign(practice, second)
    assert (_status(practice, first), _status(practice, second)) == ("superseded", "signed")
    assert b"%PDF" in _take(practice, first, practice.house.lark)


def test_a_correction_begins_with_the_signed_wording_and_is_reviewed_anew(practice: Practice) -> None:
    first = _start(practice)
    _write(practice, first, "recommendations", ["Call the practice when a month goes by in silence."])
    _finish(practice, first)
    _sign(practice, first)
    with practice.database.writing() as session:
        second = closure_versions.correct_document(
            session, practice.house.lark, first, practice.anna, LATER, factories.definitions()
        )
    opened = _open(practice, second)
    signed = _open(practice, first).stored.draft
    assert [line.text for line in opened.stored.draft.section("recommendations").sentences] == [
        "Call the practice when a month goes by in silence."
    ]
    assert [s.sentences and s.title for s in opened.stored.draft.sections] == [
        s.sentences and s.title for s in opened.stored.draft.sections
    ]
    assert [[line.text for line in s.sentences] for s in opened.stored.draft.sections] == [
        [line.text for line in s.sentences] for s in signed.sections
    ]
    assert opened.stored.draft.supersedes and all(s.reviewed_at is None for s in opened.stored.draft.sections)
    assert opened.changed == ()


def _status(practice: Practice, document_id: int) -> str:
    with practice.database.reading() as session:
        return session.get_one(Document, document_id).status


def test_two_drafts_of_one_document_are_refused(practice: Practice) -> None:
    _start(practice)
    with pytest.raises(Blocked):
        _start(practice)
    assert _start(practice, audience=Audience.REFERRER)


@pytest.mark.parametrize("state", ["draft", "signed"])
def test_another_therapists_document_does_not_exist_for_one(practice: Practice, state: str) -> None:
    document_id = _start(practice) if state == "draft" else _signed(practice)
    finch, anna, defs = practice.house.finch, practice.anna, factories.definitions()
    with practice.database.writing() as session:
        for act in (
            lambda: closure.documents_of_client(session, finch, anna, LATER),
            lambda: closure.may_start(session, finch, anna, LATER),
            lambda: closure.open_document(session, finch, document_id, LATER, defs),
            lambda: closure_sections.change_section(session, finch, document_id, anna, "risk", ["x"], 1, LATER),
            lambda: closure_signing.sign_document(session, finch, document_id, anna, PASSWORD, "", LATER, defs),
            lambda: closure_signing.take_away(session, finch, document_id, "pdf", LATER, defs),
            lambda: closure_versions.correct_document(
                session, finch, document_id, anna, LATER, factories.definitions()
            ),
            lambda: closure_versions.start_document(session, finch, anna, SUMMARY, FILE, LATER, defs),
        ):
            with pytest.raises(NotYours) as raised:
                act()
            assert raised.value.message.startswith("There is no such ")


def test_a_payload_that_names_another_client_is_refused(practice: Practice) -> None:
    document_id = _start(practice)
    with practice.database.writing() as session, pytest.raises(NotYours):
        closure_sections.change_section(
            session, practice.house.lark, document_id, practice.house.boris, "risk", ["x"], 1, LATER
        )


@pytest.mark.parametrize("state", ["draft", "signed"])
def test_a_supervisor_reads_and_cannot_write_sign_or_export(practice: Practice, state: str) -> None:
    document_id = _start(practice) if state == "draft" else _signed(practice)
    heron, anna, defs = practice.house.heron, practice.anna, factories.definitions()
    opened = _open(practice, document_id, heron)
    assert opened.stored.draft.sections and not (opened.may_write or opened.may_export or opened.may_cosign)
    refusal = NotAllowed if state == "draft" else Frozen
    with practice.database.writing() as session:
        assert [header.document_id for header in closure.documents_of_client(session, heron, anna, LATER)]
        assert not closure.may_start(session, heron, anna, LATER)
        for act in (
            lambda: closure_sections.change_section(session, heron, document_id, anna, "risk", ["x"], 1, LATER),
            lambda: closure_signing.sign_document(session, heron, document_id, anna, PASSWORD, "", LATER, defs),
        ):
            with pytest.raises(refusal):
                act()
        with pytest.raises(NotAllowed):
            closure_signing.take_away(session, heron, document_id, "pdf", LATER, defs)
        with pytest.raises(NotAllowed):
            closure_versions.start_document(session, heron, anna, PLAN, Audience.CLIENT, LATER, defs)


def test_the_practice_admin_knows_of_no_document(practice: Practice) -> None:
    document_id = _signed(practice)
    with pytest.raises(NotYours):
        _open(practice, document_id, practice.house.admin)


def test_after_a_transfer_the_document_is_gone_at_the_next_action(practice: Practice) -> None:
    document_id = _signed(practice)
    with practice.database.writing() as session:
        people.transfer_client(session, practice.house.lark, practice.anna, practice.house.finch.account_id, NOW)
    for former in (practice.house.lark, practice.house.heron):
        with pytest.raises(NotYours):
            _open(practice, document_id, former)
        with pytest.raises(NotYours):
            _take(practice, document_id, former)
    assert _open(practice, document_id, practice.house.finch).stored.draft.signed_by == "Lark"


def test_after_supervision_ended_the_document_is_gone_at_the_next_action(practice: Practice) -> None:
    document_id = _start(practice)
    assert _open(practice, document_id, practice.house.heron)
    with practice.database.writing() as session:
        session.execute(update(Supervision).values(ends_on=NOW.date() - timedelta(days=1)))
    with pytest.raises(NotYours):
        _open(practice, document_id, practice.house.heron)


def _cosign(practice: Practice, document_id: int, actor: Actor, password: str = PASSWORD) -> None:
    with practice.database.writing() as session:
        sha256 = session.scalars(
            select(SignedDocument.content_sha256).where(SignedDocument.document_id == document_id)
        ).one()
        closure_signing.cosign_document(session, actor, document_id, practice.cleo, password, sha256, LATER)


def test_a_trainees_document_leaves_only_after_the_supervisors_signature(practice: Practice) -> None:
    document_id = _signed(practice, practice.wren, practice.cleo)
    opened = _open(practice, document_id, practice.wren)
    assert opened.stored.awaits_cosignature and not opened.may_export
    with pytest.raises(Blocked, match="not co-signed"):
        _take(practice, document_id, practice.wren)
    assert _open(practice, document_id, practice.house.heron).may_cosign
    with pytest.raises(ReauthenticationNeeded):
        _cosign(practice, document_id, practice.house.heron, "wrong")
    _cosign(practice, document_id, practice.house.heron)
    assert _open(practice, document_id, practice.wren).may_export
    assert _take(practice, document_id, practice.wren).startswith(b"%PDF")
    (review,) = _open(practice, document_id, practice.wren).stored.reviews
    assert (review.supervisor, review.decision, review.decided_at) == ("Heron", "cosigned", LATER)
    assert "document_cosigned" in _actions(practice)


def test_a_trainee_with_the_flag_taken_off_cannot_slip_a_returned_document_out(practice: Practice) -> None:
    document_id = _signed(practice, practice.wren, practice.cleo)
    with practice.database.writing() as session:
        closure_signing.return_document(
            session, practice.house.heron, document_id, practice.cleo, "Name the risk.", LATER
        )
        session.execute(update(Account).values(is_trainee=False))
    with pytest.raises(Blocked):
        _take(practice, document_id, practice.wren)


def test_nobody_else_and_nobody_for_themselves_may_cosign(practice: Practice) -> None:
    document_id = _signed(practice, practice.wren, practice.cleo)
    with pytest.raises(NotAllowed):
        _cosign(practice, document_id, practice.wren)
    for stranger in (practice.house.stork, practice.house.lark, practice.house.admin):
        with pytest.raises(NotYours):
            _cosign(practice, document_id, stranger)
    with practice.database.writing() as session:  # the owner's new supervisor reads it, and was not the trainee's
        people.transfer_client(session, practice.wren, practice.cleo, practice.house.finch.account_id, NOW)
    with pytest.raises(NotAllowed):
        _cosign(practice, document_id, practice.house.stork)


def test_a_qualified_therapists_document_asks_for_no_cosignature(practice: Practice) -> None:
    document_id = _signed(practice)
    with practice.database.writing() as session, pytest.raises(NotAllowed):
        closure_signing.cosign_document(session, practice.house.heron, document_id, practice.anna, PASSWORD, "", LATER)


def _told_returned(practice: Practice, actor: Actor) -> list[str]:
    """The comments on this person's first page about what was given back."""
    with practice.database.reading() as session:
        return [one.comment for one in note_reviews.returned_to_me(session, actor, LATER)]


def test_a_returned_document_keeps_what_was_signed_and_is_corrected_as_a_new_version(practice: Practice) -> None:
    first = _signed(practice, practice.wren, practice.cleo)
    heron, wren, cleo = practice.house.heron, practice.wren, practice.cleo
    with practice.database.writing() as session, pytest.raises(InvalidInput):
        closure_signing.return_document(session, heron, first, cleo, "  ", LATER)
    with practice.database.writing() as session:
        closure_signing.return_document(session, heron, first, cleo, "Name the risk.", LATER)
    with pytest.raises(Frozen):
        _cosign(practice, first, heron)
    stored = _open(practice, first, wren).stored
    assert (stored.status, stored.reviews[0].comment) == ("returned", "Name the risk.")
    assert _told_returned(practice, wren) == ["Name the risk."]
    with practice.database.writing() as session:
        second = closure_versions.correct_document(session, wren, first, cleo, LATER, factories.definitions())
    _finish(practice, second, wren)
    assert _told_returned(practice, wren) == ["Name the risk."], "a draft is not signed yet"
    later = LATER + timedelta(minutes=5)
    with practice.database.writing() as session:
        sha256 = values.content_hash(
            closure.open_document(session, wren, second, later, factories.definitions()).stored.draft
        )
        closure_signing.sign_document(session, wren, second, cleo, PASSWORD, sha256, later, factories.definitions())
    assert _status(practice, first) == "returned", "what a supervisor has not seen replaces nothing"
    assert _told_returned(practice, wren) == [], "it is the supervisor's turn now"
    opened = _open(practice, second, heron)
    assert [review.comment for review in opened.returned] == ["Name the risk."]
    assert opened.given_back == stored.draft, "to be held beside what was signed anew"
    _cosign(practice, second, heron)
    assert (_status(practice, first), _status(practice, second)) == ("superseded", "cosigned")
    with pytest.raises(Blocked):
        _take(practice, first, wren)
    with practice.database.reading() as session:
        assert session.scalars(select(DocumentReview.decision).order_by(DocumentReview.id)).all() == [
            "returned",
            "cosigned",
        ]


def test_the_day_something_was_done_is_the_day_in_the_practices_zone(practice: Practice) -> None:
    with practice.database.writing() as session:
        _risk(session, practice)
        flag = session.scalars(select(Flag).where(Flag.is_risk)).one()
        flag.state = "answered"
        answered_at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
        session.add(
            FlagResponse(
                flag_id=flag.id, responded_at=answered_at, responded_by_id=practice.house.lark.account_id,
                what_was_done="Called her.",
            )
        )  # fmt: skip
    for hours, told in ((0, "2 Mar 2026"), (2, "3 Mar 2026")):
        now = replace_zone(LATER + timedelta(days=2), hours)
        with practice.database.writing() as session:
            document_id = closure_versions.start_document(
                session, practice.house.lark, practice.anna, SUMMARY,
                Audience.FILE if hours else Audience.REFERRER, now, factories.definitions(),
            )  # fmt: skip
        draft = _open(practice, document_id, now=now).stored.draft
        (line,) = [s.text for s in draft.section("risk").sentences if "Called her." in s.text]
        assert told in line


def replace_zone(at: datetime, hours: int) -> datetime:
    """The same moment on another practice's wall."""
    return at.astimezone(timezone(timedelta(hours=hours)))


def test_a_scales_short_name_does_not_name_its_instrument_twice(practice: Practice) -> None:
    from lib.services.extract_measures import scale_facts
    from lib.storage.tables import Administration

    instruments = factories.definitions().instruments
    rows = [
        Administration(
            id=number, client_id=1, instrument=name, instrument_version="1", target="general", respondent="client",
            taken_on=DAY, entered_at=NOW, answers=None, scales={key: 3.0},
        )
        for number, (name, key) in enumerate([("ecr_r", "anxiety"), ("phq9", "total")], start=1)
    ]  # fmt: skip
    assert {fact.short_name for fact in scale_facts(rows, instruments)} == {"ECR-R anxiety", "PHQ-9"}


def test_every_act_on_a_document_leaves_its_event_without_record_text(practice: Practice) -> None:
    document_id = _signed(practice)
    with practice.database.writing() as session:
        closure_versions.correct_document(
            session, practice.house.lark, document_id, practice.anna, LATER, factories.definitions()
        )
    assert {"document_started", "document_read", "document_section_reviewed", "document_signed"} <= set(
        _actions(practice)
    )
    with practice.database.reading() as session:
        details = str([row.details for row in session.scalars(select(AuditEvent))])
    assert SPOKEN not in details and "PHQ-9" not in details


def test_what_leaves_after_a_co_signature_names_both_and_draws_what_was_signed(practice: Practice) -> None:
    document_id = _signed(practice, practice.wren, practice.cleo)
    with practice.database.writing() as session:
        factories.course(session, practice.wren, practice.cleo, "SB-003", (20,), date(2026, 3, 1))
    sha256 = _open(practice, document_id, practice.house.heron).stored.draft.content_sha256
    with practice.database.writing() as session:
        closure_signing.cosign_document(
            session, practice.house.heron, document_id, practice.cleo, PASSWORD, sha256, LATER + timedelta(days=300)
        )
    told = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(_take(practice, document_id, practice.wren))).pages
    )
    assert f"Signed by {practice.wren.name}" in told and f"Co-signed by {practice.house.heron.name}" in told
    assert all(
        meaning in " ".join(told.split()) for meaning in (closure_signing.MEANING, closure_signing.COSIGNATURE_MEANING)
    )
    assert sha256 in told.replace("\n", "") and "1 Mar 2026" not in told
    with practice.database.reading() as session:
        frozen = session.scalars(select(SignedDocument).where(SignedDocument.document_id == document_id)).one()
        both = session.scalars(select(DocumentReview).where(DocumentReview.document_id == document_id)).one()
        assert b"Co-signed" not in frozen.docx and both.docx_sha256 == hashlib.sha256(both.docx or b"").hexdigest()
        assert frozen.content_sha256 == sha256


def test_a_trainees_document_counts_as_signed_once_it_is_co_signed_and_while_it_is_corrected(
    practice: Practice,
) -> None:
    def told() -> str:
        with practice.database.reading() as session:
            return readiness.papers_of(session, practice.cleo, LATER).summary

    assert told() == "none"
    document_id = _start(practice, actor=practice.wren, client_id=practice.cleo)
    assert told() == "draft"
    _finish(practice, document_id, practice.wren)
    _sign(practice, document_id, practice.wren)
    assert told() == "waiting"
    sha256 = _open(practice, document_id, practice.house.heron).stored.draft.content_sha256
    with practice.database.writing() as session:
        closure_signing.cosign_document(
            session, practice.house.heron, document_id, practice.cleo, PASSWORD, sha256, LATER
        )
    assert told() == "signed"
    with practice.database.writing() as session:
        closure_versions.correct_document(
            session, practice.wren, document_id, practice.cleo, LATER, factories.definitions()
        )
    assert told() == "signed", "the version that stands is signed, whatever is being written"


def test_a_confirmed_sentence_with_quotation_marks_and_line_breaks_is_quoted_as_it_stands(practice: Practice) -> None:
    said = 'She said "stay",\nand stayed.'
    with practice.database.writing() as session:
        note_id = _note(session, practice.house.lark, practice.anna, f"Late again. {said} Then home.")
        session.add(
            Evidence(
                client_id=practice.anna, note_id=note_id, dated_on=DAY, code="trust", polarity="for", quote=said,
                state="confirmed", decided_by_id=practice.house.lark.account_id, decided_at=NOW,
            )
        )  # fmt: skip
    quotes = [source.quote for source in _open(practice, _start(practice)).stored.draft.sources]
    assert said in quotes


def test_a_drafted_sentence_that_was_changed_and_put_back_has_its_sources_again(practice: Practice) -> None:
    document_id = _start(practice)
    held = _open(practice, document_id).stored.draft.section("outcome_measures").sentences
    texts = [line.text for line in held]
    _write(practice, document_id, "outcome_measures", [texts[0][:20], *texts[1:]])
    half = _open(practice, document_id).stored.draft.section("outcome_measures").sentences
    assert half[0].own_words and half[0].written_on == LATER.date()
    _write(practice, document_id, "outcome_measures", texts)
    assert _open(practice, document_id).stored.draft.section("outcome_measures").sentences == held


def test_a_text_sent_again_by_the_same_writer_is_no_conflict_and_anybody_elses_is(practice: Practice) -> None:
    stored = _open(practice, _start(practice)).stored
    section_id, lark = stored.section_ids["recommendations"], practice.house.lark

    def save(text: str, base: int, also_mine: tuple[str, ...] = ()) -> int:
        with practice.database.writing() as session:
            return closure_sections.save_text(session, lark, section_id, practice.anna, text, base, LATER, also_mine)

    assert save("One.", 1) == 2
    assert save("One.\n\nTwo.", 1, ("One.",)) == 3
    with pytest.raises(StaleVersion) as raised:
        save("Three.", 1, ("Other.",))
    assert (raised.value.theirs, raised.value.their_version) == ("One.\n\nTwo.", 3)


def test_an_agreed_level_stands_in_plan_and_summary_and_the_newest_one_counts(practice: Practice) -> None:
    defs = factories.definitions()
    with practice.database.writing() as session:
        choices = agreed_levels.level_choices(session, practice.house.lark, practice.anna, NOW, defs)
        assert [(each.measure, each.last) for each in choices] == [("phq9.total", 6)]
        assert choices[0].proposal is not None and choices[0].proposal.level == 13
        for level in (11, 13):
            agreed_levels.agree_level(session, practice.house.lark, practice.anna, "phq9.total", level, "", NOW, defs)
        for wrong, measure in ((99, "phq9.total"), (-1, "phq9.total"), (float("nan"), "phq9.total"), (5, "no.such")):
            with pytest.raises(InvalidInput):
                agreed_levels.agree_level(
                    session, practice.house.lark, practice.anna, measure, wrong, "", NOW, defs
                )  # fmt: skip
        with pytest.raises((NotYours, NotAllowed)):
            agreed_levels.agree_level(session, practice.house.finch, practice.anna, "phq9.total", 9, "", NOW, defs)
    draft = _open(practice, _start(practice, PLAN, Audience.CLIENT)).stored.draft
    assert "If PHQ-9 comes to 13 or above" in draft.section("lapse").sentences[0].text


def test_a_practices_wording_is_kept_audited_and_used_by_its_admin_alone(practice: Practice) -> None:
    wording = Wording(title="Our summary", say={"episode_ended": "Over on {date}."})
    with practice.database.writing() as session:
        held = document_wording.wording_shown(session, practice.house.admin, SUMMARY, FILE)
        with pytest.raises((NotAllowed, NotYours)):
            document_wording.change_wording(session, practice.house.lark, SUMMARY, FILE, wording, held.version, NOW)
        document_wording.change_wording(session, practice.house.admin, SUMMARY, FILE, wording, held.version, NOW)
        with pytest.raises(StaleVersion):
            document_wording.change_wording(session, practice.house.admin, SUMMARY, FILE, wording, held.version, NOW)
    assert "settings_changed" in _actions(practice)
    assert _open(practice, _start(practice)).stored.draft.title == "Our summary"

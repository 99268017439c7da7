"""Evidence review: only what a person confirms counts, bound to its note and its words, and only for who may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.bootstrap import ROOT
from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.evidence import read_note
from lib.domain.evidence_review import Decision, EvidenceState, Place, RejectReason
from lib.domain.imports import NoteIn, Parsed
from lib.domain.notes import Compartment, NoteFormat
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.exchange.phrase_files import load_phrase_book
from lib.services import evidence_review, imports, notes
from lib.services.evidence_review import EvidencePage
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, Evidence
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
WORDS = "SUBJECTIVE:\nShe asked her sister for help with the move. 🌿 He did not shut down when she raised her voice.\n"
CONFIRM = Decision(EvidenceState.CONFIRMED)
REJECT = Decision(EvidenceState.REJECTED, RejectReason.PAST)


@pytest.fixture(scope="module")
def book() -> PhraseBook:
    """The shipped phrases."""
    return load_phrase_book(ROOT / "data" / "phrases")


def note_of(session: Session, house: factories.House, text: str = WORDS) -> int:
    """A final note of Anna's, brought in by her therapist."""
    parsed = Parsed("notes", "notes", 1, notes=(NoteIn("SB-001", TODAY, text),))
    definitions = factories.definitions()
    imports.commit_import(
        session, house.lark, parsed, imports.ImportOptions(), "n.csv", f"{len(text):064x}", NOW, definitions
    )
    return notes.notes_of_client(session, house.lark, house.anna, NOW)[0].id


def places(book: PhraseBook, text: str = WORDS) -> list[Place]:
    return [
        Place(sentence.start, sentence.end, one.code, one.polarity)
        for sentence in read_note(text, book)
        for one in sentence.suggestions
        if one.is_offered
    ]


def decide(
    session: Session, actor: Actor, house: factories.House, note_id: int, place: Place, said: Decision, book: PhraseBook
) -> int:
    return evidence_review.decide(session, actor, house.anna, note_id, place, said, NOW, factories.definitions(), book)


def opened(session: Session, actor: Actor, client_id: int, note_id: int | None, book: PhraseBook) -> EvidencePage:
    page = evidence_review.evidence_page(session, actor, client_id, note_id, NOW, book)
    assert page is not None
    return page


def test_a_suggestion_is_kept_nowhere_until_somebody_decides(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        page = opened(session, house.lark, house.anna, note_of(session, house), book)
        assert any(sentence.suggestions for sentence in page.sentences) and page.may_decide
        assert session.scalars(select(Evidence)).all() == []
        assert evidence_review.confirmed_evidence(session, house.lark, house.anna, NOW, book.mirror) == ()


def test_a_confirmed_sentence_is_quoted_to_the_letter_with_its_note_and_date(
    database: Database, book: PhraseBook
) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id = note_of(session, house)
        for place in places(book):
            decide(session, house.lark, house, note_id, place, CONFIRM, book)
        found = evidence_review.confirmed_evidence(session, house.lark, house.anna, NOW, book.mirror)
        assert found and all(WORDS[one.row.starts : one.row.ends] == one.row.quote for one in found)
        assert {one.row.note_id for one in found} == {note_id} and {one.row.dated_on for one in found} == {TODAY}
        shutdown = next(one for one in found if one.row.code == "shutdown")
        assert (shutdown.row.polarity, shutdown.marker, shutdown.polarity) == ("against", "presence", Polarity.FOR)


def test_deciding_anew_replaces_the_decision_and_the_log_keeps_both(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, place = note_of(session, house), places(book)[0]
        first = decide(session, house.lark, house, note_id, place, CONFIRM, book)
        again = decide(session, house.lark, house, note_id, place, REJECT, book)
        row = session.scalars(select(Evidence)).one()
        assert (first, again) == (row.id, row.id) and (row.state, row.reason) == ("rejected", "past")
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "evidence_decided").order_by(AuditEvent.sequence)
        ).all()
        assert [(one.details["before"], one.details["after"]) for one in events] == [
            ("suggested", "confirmed"),
            ("confirmed", "rejected"),
        ]
        assert row.quote not in repr([one.details for one in events])


def test_what_is_not_suggested_cannot_be_confirmed(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, right = note_of(session, house), places(book)[0]
        for wrong in (
            replace(right, end=right.end + 1),
            replace(right, code="estranged"),
            replace(right, polarity=Polarity.AGAINST if right.polarity is Polarity.FOR else Polarity.FOR),
        ):
            with pytest.raises(InvalidInput):
                decide(session, house.lark, house, note_id, wrong, CONFIRM, book)


def test_a_rejection_needs_its_reason_and_a_confirmation_has_none(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, place = note_of(session, house), places(book)[0]
        for wrong in (
            Decision(EvidenceState.REJECTED),
            Decision(EvidenceState.CONFIRMED, RejectReason.PAST),
            Decision(EvidenceState.CONFIRMED, context="moon"),
        ):
            with pytest.raises(InvalidInput):
                decide(session, house.lark, house, note_id, place, wrong, book)


def test_a_missed_sentence_can_be_marked_whole_and_under_a_known_code_alone(
    database: Database, book: PhraseBook
) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, place = note_of(session, house), places(book)[0]
        definitions = factories.definitions()

        def mark(where: Place) -> int:
            return evidence_review.mark_missed(
                session, house.lark, house.anna, note_id, where, "", NOW, definitions, book
            )

        mark(replace(place, code="reciprocity", polarity=Polarity.FOR))
        for wrong in (replace(place, code="avoidant"), replace(place, start=place.start + 1)):
            with pytest.raises(InvalidInput):
                mark(wrong)
        row = session.scalars(select(Evidence)).one()
        assert (row.code, row.phrase, row.state) == ("reciprocity", "", "confirmed")


def test_process_notes_and_drafts_are_not_read_for_evidence(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        drafts = [
            notes.start_note(
                session, house.lark, house.anna, TODAY, NoteFormat.NARRATIVE, compartment, NOW,
                definitions=factories.definitions(),
            ).note_id
            for compartment in (Compartment.PROCESS, Compartment.PROGRESS)
        ]  # fmt: skip
        assert evidence_review.evidence_page(session, house.lark, house.anna, None, NOW, book) is None
        for note_id in drafts:
            with pytest.raises(NotYours):
                evidence_review.evidence_page(session, house.lark, house.anna, note_id, NOW, book)


def test_a_supervisor_reads_and_decides_nothing_and_a_peer_finds_nothing(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, place = note_of(session, house), places(book)[0]
        assert not opened(session, house.heron, house.anna, note_id, book).may_decide
        with pytest.raises(NotAllowed):
            decide(session, house.heron, house, note_id, place, CONFIRM, book)
        for actor in (house.finch, house.admin, house.stork):
            with pytest.raises(NotYours):
                evidence_review.evidence_page(session, actor, house.anna, note_id, NOW, book)
            with pytest.raises(NotYours):
                decide(session, actor, house, note_id, place, CONFIRM, book)
            with pytest.raises(NotYours):
                evidence_review.confirmed_evidence(session, actor, house.anna, NOW, book.mirror)


def test_a_note_of_another_client_is_never_decided_under_this_one(database: Database, book: PhraseBook) -> None:
    with database.writing() as session:
        house = factories.house(session)
        note_id, place = note_of(session, house), places(book)[0]
        with pytest.raises(NotYours):
            evidence_review.decide(
                session, house.finch, house.boris, note_id, place, CONFIRM, NOW, factories.definitions(), book
            )

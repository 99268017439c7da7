"""Evidence review: a final progress note read for evidence, and what a clinician says of each suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.evidence import SentenceReading, read_note
from lib.domain.evidence_review import Decision, EvidenceState, Place, check_decision, check_missed, supported_marker
from lib.domain.notes import Compartment
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook, Polarity
from lib.domain.policy import Action, RecordKind
from lib.services import access, note_reading
from lib.services.note_reading import NoteText
from lib.storage import evidence_queries, note_queries
from lib.storage.access_queries import ClientFacts
from lib.storage.evidence_queries import FINAL, EvidenceRow
from lib.storage.note_queries import NoteRow
from lib.storage.tables import Evidence


@dataclass(frozen=True, slots=True)
class NoteToRead:
    """A note that can be read for evidence, and how many of its sentences were decided."""

    id: int
    dated_on: date
    author: str
    decided: int


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One note read: its sentences with their suggestions, and what was decided."""

    client: ClientFacts
    notes: tuple[NoteToRead, ...]
    note: NoteText
    sentences: tuple[SentenceReading, ...]
    decided: tuple[EvidenceRow, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ConfirmedEvidence:
    """One confirmed sentence and the marker it speaks for or against; `marker` None for a sign that mirrors none."""

    row: EvidenceRow
    marker: str | None
    polarity: Polarity


def evidence_page(
    session: Session, actor: Actor, client_id: int, note_id: int | None, now: datetime, book: PhraseBook
) -> EvidencePage | None:
    """A final progress note of the client read for evidence: the one asked for, else the newest; None without any.

    Suggestions are made from the note's words as they are now and kept nowhere. Needs a writing session, since
    reading notes is an event. Raises NotYours; a process note or a draft reads like one that does not exist."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    rows = [row for row in note_queries.visible_notes(session, actor, client_id, now) if _is_final_progress(row)]
    counts = evidence_queries.decided_counts(session, [row.id for row in rows])
    listed = tuple(NoteToRead(row.id, row.dated_on, row.author, counts.get(row.id, 0)) for row in rows)
    chosen = note_id if note_id is not None else next((row.id for row in rows), None)
    if chosen is None:
        return None
    note = _note(session, actor, client_id, chosen, now)
    decided = tuple(evidence_queries.evidence_of_note(session, chosen, client_id))
    may_decide = access.may_write(session, actor, client)
    return EvidencePage(client, listed, note, read_note(note.text or "", book), decided, may_decide)


def decisions(session: Session, actor: Actor, client_id: int, note_id: int, now: datetime) -> tuple[EvidenceRow, ...]:
    """What was decided about a note of this client that is open already. Raises NotYours for the client."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return tuple(evidence_queries.evidence_of_note(session, note_id, client_id))


def decide(
    session: Session,
    actor: Actor,
    client_id: int,
    note_id: int,
    place: Place,
    decision: Decision,
    now: datetime,
    definitions: Definitions,
    book: PhraseBook,
) -> int:
    """Keep what a person says of a suggestion. Returns the row's id. Deciding anew replaces, and the log keeps both.

    The place must be one that is suggested, or was marked by a person: no other can be confirmed. Raises NotYours,
    NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    check_decision(decision, definitions.model.contexts)
    note = _note(session, actor, client_id, note_id, now)
    row = evidence_queries.evidence_at(session, note_id, place.start, place.end, place.code, place.polarity.value)
    if row is None:
        row = _suggested(note, client, place, book)
        session.add(row)
    before = row.state
    _set(row, decision, actor, now)
    session.flush()
    _record(session, actor, "evidence_decided", row, client, before, now)
    return row.id


def mark_missed(
    session: Session,
    actor: Actor,
    client_id: int,
    note_id: int,
    place: Place,
    context: str,
    now: datetime,
    definitions: Definitions,
    book: PhraseBook,
) -> int:
    """Keep a whole sentence as evidence that no phrase found. Returns the row's id. Raises as `decide` does."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    check_missed(place)
    decision = Decision(EvidenceState.CONFIRMED, context=context)
    check_decision(decision, definitions.model.contexts)
    note = _note(session, actor, client_id, note_id, now)
    sentence = next(
        (one for one in read_note(note.text or "", book) if (one.start, one.end) == (place.start, place.end)), None
    )
    if sentence is None or not sentence.sentence.strip():
        raise InvalidInput("That is no sentence of this note.", "Open the note anew.", "sentence")
    row = evidence_queries.evidence_at(session, note_id, place.start, place.end, place.code, place.polarity.value)
    before = row.state if row is not None else EvidenceState.SUGGESTED.value
    if row is None:
        row = _row(note, client, place, sentence.sentence, "", ())
        session.add(row)
    _set(row, decision, actor, now)
    session.flush()
    _record(session, actor, "evidence_marked", row, client, before, now)
    return row.id


def confirmed_evidence(
    session: Session,
    actor: Actor,
    client_id: int,
    now: datetime,
    mirror: Mapping[tuple[str, Polarity], tuple[str, Polarity]],
) -> tuple[ConfirmedEvidence, ...]:
    """What was confirmed in this client's notes, the newest first, with the marker each speaks to. Raises NotYours.

    `mirror`: of a phrase book, which marker a sign speaks to."""
    access.client_for(session, actor, Action.READ, RecordKind.NOTE_SIGNED, client_id, now)
    found = []
    for row in evidence_queries.confirmed(session, client_id):
        polarity = Polarity(row.polarity)
        marker = supported_marker(row.code, polarity, mirror)
        found.append(ConfirmedEvidence(row, marker[0] if marker else None, marker[1] if marker else polarity))
    return tuple(found)


def _is_final_progress(row: NoteRow) -> bool:
    return row.compartment == Compartment.PROGRESS.value and row.status in FINAL


def _note(session: Session, actor: Actor, client_id: int, note_id: int, now: datetime) -> NoteText:
    note = note_reading.note_of_client(session, actor, note_id, client_id, now)
    if note.compartment is not Compartment.PROGRESS or note.status.value not in FINAL or note.text is None:
        raise NotYours("note", note_id)
    return note


def _suggested(note: NoteText, client: ClientFacts, place: Place, book: PhraseBook) -> Evidence:
    """A new row for a suggestion that the note's words still give. Raises InvalidInput when they do not."""
    for sentence in read_note(note.text or "", book):
        for one in sentence.suggestions:
            if Place(sentence.start, sentence.end, one.code, one.polarity) == place:
                return _row(note, client, place, sentence.sentence, one.phrase_id, one.cues)
    raise InvalidInput("That is not suggested by this note.", "Open the note anew.", "sentence")


def _row(
    note: NoteText, client: ClientFacts, place: Place, quote: str, phrase_id: str, cues: tuple[str, ...]
) -> Evidence:
    return Evidence(
        client_id=client.client_id,
        note_id=note.id,
        dated_on=note.dated_on,
        code=place.code,
        polarity=place.polarity.value,
        quote=quote,
        starts=place.start,
        ends=place.end,
        phrase=phrase_id,
        cues=list(cues),
        state=EvidenceState.SUGGESTED.value,
    )


def _set(row: Evidence, decision: Decision, actor: Actor, now: datetime) -> None:
    row.state = decision.state.value
    row.reason = decision.reason.value if decision.reason is not None else ""
    row.context = decision.context
    row.decided_by_id = actor.account_id
    row.decided_at = now


def _record(
    session: Session, actor: Actor, act: str, row: Evidence, client: ClientFacts, before: str, now: datetime
) -> None:
    """The event names the note, the code and the decision; never the sentence."""
    details = {
        "note": row.note_id,
        "code": row.code,
        "polarity": row.polarity,
        "phrase": row.phrase,
        "before": before,
        "after": row.state,
        "reason": row.reason,
    }
    access.record_event(
        session, actor, act, "evidence", now, record_id=row.id, client_code=client.code, details=details
    )

"""Phrase preview: what a phrase would match before anybody keeps it, in one's own notes and in ordinary sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.errors import DefinitionProblem, InvalidInput
from lib.domain.evidence import Suggestion, read_note
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook, PhraseStatus
from lib.domain.policy import Action, RecordKind
from lib.domain.practice_phrases import Check, PhraseDraft, ShippedPhrases, alone, checked, checks_of, own_id
from lib.services import access
from lib.storage import own_note_queries
from lib.storage.own_note_queries import OwnNote

MOST_NOTES = 500
"""How many of the newest notes are read: a preview takes a second or two, not a minute."""


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence the phrase would match, and why in words. `code` and `dated_on` only for one's own notes."""

    sentence: str
    told: str
    is_offered: bool
    code: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the phrase does. `own` are sentences of the reader's own caseload; `negative` should be empty."""

    checks: tuple[Check, ...]
    own: tuple[FoundSentence, ...]
    notes_read: int
    negative: tuple[FoundSentence, ...]
    negative_read: int


def preview(session: Session, actor: Actor, draft: PhraseDraft, now: datetime, shipped: ShippedPhrases) -> Preview:
    """Try a phrase on its own sentences, on the newest final progress notes of the actor's own caseload, and on
    ordinary sentences. Process notes and drafts are not read; who has no caseload sees no note.

    Needs a writing session: reading notes is an event, which names the notes shown and never the words. Raises
    NotAllowed, InvalidInput naming the rule."""
    access.check_practice(session, actor, Action.READ, RecordKind.DEFINITIONS)
    try:
        phrase = checked(draft, own_id(0), "", PhraseStatus.PROPOSED, shipped.classes.keys())
    except DefinitionProblem as problem:
        raise InvalidInput(f"{problem}.".removeprefix(f"phrase {own_id(0)}: "), field="phrase") from problem
    book = alone(shipped, phrase)
    notes = own_note_queries.own_notes(session, actor, now, MOST_NOTES)
    own: list[FoundSentence] = []
    shown: set[int] = set()
    for note in notes:
        found = _in_note(note, book)
        own += found
        if found:
            shown.add(note.note_id)
    details = {"notes": len(notes), "note_ids": sorted(shown)}
    access.record_event(session, actor, "phrase_previewed", "note", now, details=details)
    negative = tuple(one for sentence in shipped.negative for one in _in_text(sentence, book))
    return Preview(checks_of(phrase, book), tuple(own), len(notes), negative, len(shipped.negative))


def _in_note(note: OwnNote, book: PhraseBook) -> list[FoundSentence]:
    return [
        FoundSentence(one.sentence, one.told, one.is_offered, note.code, note.dated_on)
        for one in _in_text(note.text, book)
    ]


def _in_text(text: str, book: PhraseBook) -> list[FoundSentence]:
    return [
        FoundSentence(reading.sentence, _told(one), one.is_offered)
        for reading in read_note(text, book)
        for one in reading.suggestions
    ]


def _told(one: Suggestion) -> str:
    return one.words if one.is_offered else f"{one.words}, {one.status.value}, folded away"

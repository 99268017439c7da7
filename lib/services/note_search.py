"""Note search: words in the notes of one's clients, and the event that somebody looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.errors import NotYours
from lib.domain.note_search import Extract, Term, extracts, terms_of
from lib.domain.notes import NoteStatus, status_in_words
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import note_search_queries
from lib.storage.note_search_queries import FoundNote

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A note in which the words were found: whose, when, and the places, as plain pieces of text."""

    note_id: int
    client_id: int
    code: str
    name: str
    dated_on: date
    status_words: str
    author: str
    extracts: tuple[Extract, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """How many notes hold the words, and the newest of them, at most MOST_SHOWN."""

    count: int
    hits: tuple[Hit, ...]


def search_notes(session: Session, actor: Actor, question: str, now: datetime, client_id: int | None = None) -> Found:
    """Progress notes of the clients this actor may know of, or of one of them, that hold all these words.

    Process notes, retracted notes and what others are still writing are not looked at. The event tells that somebody
    searched, how many words, how many notes it found and which were shown; never the words, which are record text.
    Raises InvalidInput, NotAllowed, and NotYours for a client the actor may not know of."""
    access.require(session, actor, Permission.VIEW_CLIENT)
    terms = terms_of(question)
    code = None
    if client_id is not None:
        code = access.client_for(session, actor, Action.READ, RecordKind.NOTE_SIGNED, client_id, now).code
    count, rows = note_search_queries.notes_with_words(session, actor, terms, now, MOST_SHOWN, client_id)
    details = {"terms": len(terms), "hits": count, "note_ids": [row.note_id for row in rows]}
    access.record_event(session, actor, "notes_searched", "note", now, client_code=code, details=details)
    return Found(count, tuple(_hit(row, terms) for row in rows))


def name_to_search(session: Session, actor: Actor, client_id: int, now: datetime) -> str | None:
    """How the choice of one client is called; None for a client whose notes this actor may not read."""
    try:
        client = access.client_for(session, actor, Action.READ, RecordKind.NOTE_SIGNED, client_id, now)
    except NotYours:
        return None
    return f"{client.name} · {client.code}" if client.name else client.code


def _hit(row: FoundNote, terms: tuple[Term, ...]) -> Hit:
    return Hit(
        row.note_id,
        row.client_id,
        row.code,
        row.name,
        row.dated_on,
        status_in_words(NoteStatus(row.status)),
        row.author,
        _places(row.texts, terms),
    )


def _places(texts: tuple[str, ...], terms: tuple[Term, ...]) -> tuple[Extract, ...]:
    """From the note's own text, or from the addendum in which the words stand."""
    for one in texts:
        found = extracts(one, terms)
        if any(piece.is_hit for place in found for piece in place):
            return found
    return extracts(texts[0], terms)

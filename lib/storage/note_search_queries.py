"""Searching notes: which notes hold these words, among those this actor may know of and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Integer,
    Select,
    and_,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session, aliased

from lib.domain.note_search import Term
from lib.domain.notes import signed_text
from lib.domain.people import Actor
from lib.storage.note_queries import note_is_visible
from lib.storage.search_index import TABLES, words_of
from lib.storage.tables import Account, Addendum, Client, Note, NoteVersion


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note that holds the words, in itself or in an addendum. `texts`: its own text, then its addenda."""

    note_id: int
    client_id: int
    code: str
    name: str
    dated_on: date
    status: str
    author: str
    texts: tuple[str, ...]


def notes_with_words(
    session: Session, actor: Actor, terms: Sequence[Term], now: datetime, most: int, client_id: int | None = None
) -> tuple[int, list[FoundNote]]:
    """How many notes hold all these terms, and the newest of them.

    The condition is the sight of the actor, and narrower: no process note, nothing retracted, and what is still
    being written only for who writes it."""
    found = and_(_may_be_found(actor, now), _holds(session, terms))
    if client_id is not None:
        found = and_(found, Note.client_id == client_id)
    count = session.scalar(select(func.count(Note.id)).where(found)) or 0
    rows = session.execute(_rows().where(found).order_by(Note.dated_on.desc(), Note.id.desc()).limit(most)).all()
    addenda = _addenda(session, [row.id for row in rows])
    return count, [_as_found(row, addenda.get(row.id, ())) for row in rows]


def _may_be_found(actor: Actor, now: datetime) -> ColumnElement[bool]:
    return and_(
        Note.compartment == "progress",
        Note.status != "retracted",
        or_(Note.status.not_in(("draft", "returned")), Note.originator_id == actor.account_id),
        note_is_visible(actor, now),
    )


def _holds(session: Session, terms: Sequence[Term]) -> ColumnElement[bool]:
    """All terms in the note's own text, or all of them in one addendum."""
    if session.get_bind().dialect.name == "postgresql":
        asked = func.to_tsquery(literal_column("'simple'::regconfig"), _for_postgresql(terms))
        with_words = select(Addendum.note_id).where(_words("addendum").op("@@")(asked))
        return or_(_words("note").op("@@")(asked), Note.id.in_(with_words))
    in_note, in_addendum = (_rows_with(table, _for_fts5(terms)) for table in TABLES)
    return or_(Note.id.in_(in_note), Note.id.in_(select(Addendum.note_id).where(Addendum.id.in_(in_addendum))))


def _rows_with(name: str, asked: str) -> Select[int]:
    """The numbers of the rows whose words match, from one of the embedded database's own tables."""
    index = table(name, column("rowid", Integer))
    return select(index.c.rowid).where(literal_column(name).op("MATCH")(asked))


def _words(of_table: str) -> ColumnClause[Any]:
    return literal_column(words_of(f"{of_table}.text"))


def _for_fts5(terms: Sequence[Term]) -> str:
    """Terms hold letters and digits only; quoted, none of them is read as a command."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}' for term in terms)


def _for_postgresql(terms: Sequence[Term]) -> str:
    def told(term: Term) -> str:
        *whole, last = (f"'{word}'" for word in term.words)
        return "(" + " <-> ".join([*whole, f"{last}:*" if term.is_prefix else last]) + ")"

    return " & ".join(told(term) for term in terms)


def _rows() -> Select[*tuple[Any, ...]]:
    earlier, author = aliased(NoteVersion), aliased(Account)
    newest = select(func.max(earlier.number)).where(earlier.note_id == Note.id).correlate(Note).scalar_subquery()
    return (
        select(
            Note.id,
            Note.client_id,
            Client.code,
            Client.name,
            Note.dated_on,
            Note.status,
            func.coalesce(author.name, "").label("author"),
            Note.text,
            NoteVersion.content,
        )
        .join(Client, Client.id == Note.client_id)
        .outerjoin(author, author.id == Note.originator_id)
        .outerjoin(NoteVersion, and_(NoteVersion.note_id == Note.id, NoteVersion.number == newest))
    )


def _addenda(session: Session, note_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    statement = select(Addendum.note_id, Addendum.text).where(Addendum.note_id.in_(note_ids)).order_by(Addendum.id)
    found: dict[int, tuple[str, ...]] = {}
    for note_id, words in session.execute(statement):
        found[note_id] = (*found.get(note_id, ()), words)
    return found


def _as_found(row: Any, addenda: tuple[str, ...]) -> FoundNote:
    is_written_in = row.status in ("draft", "returned")
    own = row.text if is_written_in or row.content is None else signed_text(row.content)
    return FoundNote(row.id, row.client_id, row.code, row.name, row.dated_on, row.status, row.author, (own, *addenda))

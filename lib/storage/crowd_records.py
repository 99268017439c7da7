"""Crowd records: rows of many invented people at once, in few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lib.storage.bulk import chunks, table_of
from lib.storage.tables import Account, Assignment, Base, Episode, Rating, Supervision, TherapySession

Rows = Sequence[Mapping[str, Any]]


def add_accounts(session: Session, rows: Rows) -> list[int]:
    """Accounts. Returns their ids in the same order."""
    statement = insert(Account).returning(Account.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, list(rows))) if rows else []


def add_supervisions(session: Session, rows: Rows) -> None:
    """Who supervises whom."""
    _add(session, Supervision, rows)


def add_owners(session: Session, rows: Rows) -> None:
    """Which therapist has which client."""
    _add(session, Assignment, [{"kind": "owner", **row} for row in rows])


def add_episodes(session: Session, rows: Rows) -> None:
    """Courses of therapy."""
    _add(session, Episode, rows)


def add_sessions(session: Session, rows: Rows) -> None:
    """Sessions."""
    _add(session, TherapySession, rows)


def add_ratings(session: Session, rows: Rows) -> None:
    """Marker ratings."""
    _add(session, Rating, rows)


def _add(session: Session, model: type[Base], rows: Rows) -> None:
    """Past the identity map: nobody needs these rows as objects, and there are millions of them."""
    for piece in chunks(rows, 10_000):
        session.connection().execute(insert(table_of(model)), list(piece))

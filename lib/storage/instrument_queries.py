"""Instrument queries: what the practice holds about instruments, and who has forms of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.storage.tables import Account, Administration, PracticeInstrument

Stamp = tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class StoredInstrument:
    """What the practice holds about one instrument, who saved it last and when."""

    key: str
    content: dict[str, Any]
    saved_by: str
    saved_at: datetime


def held_instruments(session: Session) -> list[StoredInstrument]:
    """Everything held, by key."""
    statement = (
        select(PracticeInstrument.key, PracticeInstrument.definition, Account.name, PracticeInstrument.saved_at)
        .outerjoin(Account, Account.id == PracticeInstrument.saved_by_id)
        .order_by(PracticeInstrument.key)
    )
    return [
        StoredInstrument(key, content, name or "operator", at) for key, content, name, at in session.execute(statement)
    ]


def stamp(session: Session) -> Stamp:
    """What changes whenever anything held about instruments does."""
    statement = select(PracticeInstrument.key, PracticeInstrument.saved_at).order_by(PracticeInstrument.key)
    return tuple((key, at) for key, at in session.execute(statement))


def clients_with_forms(session: Session, instrument: str) -> list[int]:
    """The clients of whom a form of this instrument is held, superseded ones too."""
    statement = select(Administration.client_id).where(Administration.instrument == instrument).distinct()
    return sorted(session.scalars(statement))

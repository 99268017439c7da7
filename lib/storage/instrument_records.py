"""Instrument records: what the practice holds about an instrument, written inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lib.storage.tables import PracticeInstrument


def put(session: Session, key: str, content: Mapping[str, Any], account_id: int | None, now: datetime) -> int:
    """Keep this content for the instrument in place of what was held. Returns the row's id."""
    row = session.scalar(select(PracticeInstrument).where(PracticeInstrument.key == key))
    if row is None:
        row = PracticeInstrument(key=key)
        session.add(row)
    row.definition, row.saved_by_id, row.saved_at = dict(content), account_id, now
    session.flush()
    return row.id


def remove(session: Session, key: str) -> None:
    """Hold nothing about this instrument any more."""
    session.execute(delete(PracticeInstrument).where(PracticeInstrument.key == key))

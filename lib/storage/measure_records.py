"""Measure records: rows of filled-in forms. A correction adds a row and keeps the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from lib.storage.bulk import add_rows, next_ids, table_of
from lib.storage.tables import Administration

_forms = table_of(Administration)
_END = update(_forms).where(_forms.c.id == bindparam("old_id")).values(superseded_at=bindparam("at"))
_POINT = update(_forms).where(_forms.c.id == bindparam("old_id")).values(superseded_by_id=bindparam("new_id"))


def add_forms(
    session: Session, rows: Sequence[Mapping[str, Any]], supersedes: Sequence[int | None], now: datetime
) -> list[int]:
    """New forms, each in place of the one named at the same position, if any. Returns their ids in order.

    The old ones are ended first, because only one form of a kind and day may be current."""
    session.flush()
    old = [old_id for old_id in supersedes if old_id is not None]
    if old:
        session.connection().execute(_END, [{"old_id": old_id, "at": now} for old_id in old])
    if not rows:
        return []
    new_ids = next_ids(session, Administration, len(rows))
    add_rows(session, Administration, [{"id": new_id, **row} for new_id, row in zip(new_ids, rows, strict=True)])
    pairs = [(o, n) for o, n in zip(supersedes, new_ids, strict=True) if o is not None]
    if pairs:
        session.connection().execute(_POINT, [{"old_id": old_id, "new_id": new_id} for old_id, new_id in pairs])
    return new_ids

"""Client records: rows of clients and who they are assigned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.storage.bulk import add_rows, next_ids
from lib.storage.tables import Assignment, Client


def add_clients(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """New clients from mappings of code, name, born_on, referred_on. Returns their ids in the same order."""
    session.flush()
    ids = next_ids(session, Client, len(rows))
    empty = {"name": "", "born_on": None, "referred_on": None, "created_at": now}
    filled = [{"id": client_id, **empty, **row} for client_id, row in zip(ids, rows, strict=True)]
    add_rows(session, Client, filled)
    return ids


def assign_owner(session: Session, client_ids: Sequence[int], therapist_id: int, starts_on: date) -> None:
    """The therapist has these clients as owner from this day on."""
    common = {"therapist_id": therapist_id, "kind": "owner", "starts_on": starts_on}
    add_rows(session, Assignment, [{"client_id": client_id, **common} for client_id in client_ids])

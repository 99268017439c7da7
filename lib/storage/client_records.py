"""Client records: rows of clients and who they are assigned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lib.storage.tables import Assignment, Client


def add_clients(session: Session, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """New clients from mappings of code, name, born_on, referred_on. Returns their ids in the same order."""
    filled = [{"name": "", "born_on": None, "referred_on": None, **row, "created_at": now} for row in rows]
    statement = insert(Client).returning(Client.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, filled)) if filled else []


def assign_owner(session: Session, client_ids: Sequence[int], therapist_id: int, starts_on: date) -> None:
    """The therapist has these clients as owner from this day on."""
    if client_ids:
        session.execute(
            insert(Assignment),
            [
                {"client_id": client_id, "therapist_id": therapist_id, "kind": "owner", "starts_on": starts_on}
                for client_id in client_ids
            ],
        )

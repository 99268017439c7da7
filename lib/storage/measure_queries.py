"""Measure queries: forms as the record holds them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.storage.bulk import CHUNK, among, chunks
from lib.storage.tables import Administration


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A form of the record, current or superseded."""

    id: int
    client_id: int
    instrument: str
    target: str
    respondent: str
    taken_on: date
    answers: dict[str, int | None] | None
    scales: dict[str, Any]
    prorated: list[str]
    unscorable: dict[str, str]
    alerts: list[str]
    import_batch_id: int | None
    superseded_by_id: int | None
    superseded_at: datetime | None


_COLUMNS = (
    Administration.id,
    Administration.client_id,
    Administration.instrument,
    Administration.target,
    Administration.respondent,
    Administration.taken_on,
    Administration.answers,
    Administration.scales,
    Administration.prorated,
    Administration.unscorable,
    Administration.alerts,
    Administration.import_batch_id,
    Administration.superseded_by_id,
    Administration.superseded_at,
)


def current_forms(
    session: Session, client_ids: Sequence[int], instruments: Sequence[str], days: Collection[date]
) -> list[StoredForm]:
    """The current forms of these clients, instruments and days."""
    found: list[StoredForm] = []
    if not days:
        return found
    of_these_days = (
        Administration.taken_on.in_(days)
        if len(days) <= CHUNK
        else Administration.taken_on.between(min(days), max(days))
    )
    for piece in chunks(client_ids):
        statement = select(*_COLUMNS).where(
            among(Administration.client_id, piece),
            Administration.instrument.in_(instruments),
            of_these_days,
            Administration.superseded_at.is_(None),
        )
        found.extend(StoredForm(*row) for row in session.execute(statement))
    return found


def forms_of_client(session: Session, client_id: int) -> list[StoredForm]:
    """Every form of one client in the order of days, superseded ones too."""
    statement = (
        select(*_COLUMNS)
        .where(Administration.client_id == client_id)
        .order_by(Administration.taken_on, Administration.id)
    )
    return [StoredForm(*row) for row in session.execute(statement)]

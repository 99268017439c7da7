"""Entries of the attachment record at rest: one table an entry, written by one road."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.entries import Entry
from lib.storage import tables
from lib.storage.tables import Base

_TABLES: dict[type, type[Base]] = {
    entries.Rupture: tables.Rupture,
    entries.Moment: tables.Moment,
    entries.Belief: tables.Belief,
    entries.Conviction: tables.BeliefConviction,
    entries.ImportantPerson: tables.ImportantPerson,
    entries.HomePractice: tables.HomePractice,
    entries.HomePracticeReview: tables.HomePracticeReview,
    entries.LadderStep: tables.LadderStep,
    entries.LadderAttempt: tables.LadderAttempt,
    entries.TherapyBreak: tables.TherapyBreak,
    entries.LifeEvent: tables.LifeEvent,
    entries.Formulation: tables.Formulation,
    entries.PartOfWork: tables.ProcessPart,
    entries.EndingTalk: tables.EndingTalk,
}
# entries that hang on another entry: the field that names it, and its table
_PARENTS: dict[type, tuple[str, type[Base]]] = {
    entries.Repair: ("rupture_id", tables.Rupture),
    entries.Conviction: ("belief_id", tables.Belief),
    entries.HomePracticeReview: ("home_practice_id", tables.HomePractice),
    entries.LadderAttempt: ("step_id", tables.LadderStep),
}


def parent_is_of_client(session: Session, entry: Entry, client_id: int) -> bool:
    """True when the entry hangs on nothing, or on an entry of this very client."""
    if type(entry) not in _PARENTS:
        return True
    name, table = _PARENTS[type(entry)]
    row = session.get(table, getattr(entry, name))
    return row is not None and row.client_id == client_id  # type: ignore[attr-defined]


def add_entry(session: Session, client_id: int, entry: Entry, author_id: int | None, now: datetime) -> int:
    """Keep an entry; a repair closes its rupture. Returns the row's id."""
    if isinstance(entry, entries.Repair):
        rupture = session.get_one(tables.Rupture, entry.rupture_id)
        rupture.repaired_on, rupture.repair = entry.repaired_on, entry.repair
        return rupture.id
    values: dict[str, Any] = {each.name: _plain(getattr(entry, each.name)) for each in fields(entry)}
    if type(entry) not in _PARENTS:
        values["client_id"] = client_id
    if isinstance(entry, entries.Formulation):
        values |= {"number": _next_number(session, client_id), "written_by_id": author_id}
    if isinstance(entry, entries.EndingTalk):
        values["written_at"] = now
    row = _TABLES[type(entry)](**values)
    session.add(row)
    session.flush()
    return row.id  # type: ignore[attr-defined]


def _next_number(session: Session, client_id: int) -> int:
    newest = select(func.max(tables.Formulation.number)).where(tables.Formulation.client_id == client_id)
    return (session.scalar(newest) or 0) + 1


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, dict) else value

"""Entries of the attachment record at rest: one table an entry, written, corrected and struck out by one road."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.entries import Entry
from lib.storage import tables
from lib.storage.struck import WITH_STRUCK
from lib.storage.tables import Base

TABLES: dict[type, type[Base]] = {
    entries.Rupture: tables.Rupture,
    entries.Repair: tables.Rupture,
    entries.Moment: tables.Moment,
    entries.Belief: tables.Belief,
    entries.Conviction: tables.BeliefConviction,
    entries.ImportantPerson: tables.ImportantPerson,
    entries.PersonSafety: tables.PersonSafety,
    entries.HomePractice: tables.HomePractice,
    entries.HomePracticeReview: tables.HomePracticeReview,
    entries.LadderStep: tables.LadderStep,
    entries.LadderAttempt: tables.LadderAttempt,
    entries.TherapyBreak: tables.TherapyBreak,
    entries.LifeEvent: tables.LifeEvent,
    entries.Formulation: tables.Formulation,
    entries.PartOfWork: tables.ProcessPart,
    entries.ChangeStep: tables.ChangeStep,
    entries.EndingTalk: tables.EndingTalk,
}
# entries that hang on another entry: the field that names it, and its table
PARENTS: dict[type, tuple[str, type[Base]]] = {
    entries.Repair: ("rupture_id", tables.Rupture),
    entries.Conviction: ("belief_id", tables.Belief),
    entries.PersonSafety: ("person_id", tables.ImportantPerson),
    entries.HomePracticeReview: ("home_practice_id", tables.HomePractice),
    entries.LadderAttempt: ("step_id", tables.LadderStep),
}


def parent_is_of_client(session: Session, entry: Entry, client_id: int) -> bool:
    """True when the entry hangs on nothing, or on an entry of this very client that stands."""
    if type(entry) not in PARENTS:
        return True
    name, table = PARENTS[type(entry)]
    return _standing(session, table, getattr(entry, name), client_id) is not None


def rupture_of(session: Session, rupture_id: int) -> tuple[date, bool]:
    """The day of a rupture, and whether its repair is on record."""
    row = session.get_one(tables.Rupture, rupture_id)
    return row.happened_on, row.repaired_on is not None


def entry_row(session: Session, kind: type, entry_id: int, client_id: int) -> Any | None:
    """The row of an entry of this client that stands; None when there is none. A repair is the row of its rupture."""
    if kind in PARENTS and kind is not entries.Repair:
        name, parent = PARENTS[kind]
        row: Any = session.get(TABLES[kind], entry_id)
        if row is None or row.struck_at is not None:
            return None
        return row if _standing(session, parent, getattr(row, name), client_id) is not None else None
    return _standing(session, TABLES[kind], entry_id, client_id)


def _standing(session: Session, table: type[Base], row_id: int, client_id: int) -> Any | None:
    row: Any = session.get(table, row_id)
    return row if row is not None and row.client_id == client_id and row.struck_at is None else None


def add_entry(session: Session, client_id: int, entry: Entry, author_id: int | None, now: datetime) -> int:
    """Keep an entry; a repair closes its rupture. Returns the row's id."""
    if isinstance(entry, entries.Repair):
        rupture = session.get_one(tables.Rupture, entry.rupture_id)
        rupture.repaired_on, rupture.repair = entry.repaired_on, entry.repair
        rupture.version += 1
        session.flush()
        return rupture.id
    values = content_of(entry) | {"written_by_id": author_id, "written_at": now}
    if type(entry) not in PARENTS:
        values["client_id"] = client_id
    if isinstance(entry, entries.Formulation):
        values["number"] = _next_number(session, client_id)
    row = TABLES[type(entry)](**values)
    session.add(row)
    session.flush()
    return row.id  # type: ignore[attr-defined]


def change_entry(session: Session, row: Any, entry: Entry, changed_by: str, now: datetime) -> None:
    """Put other content into an entry; what it said before stays with it."""
    _remember(row, list(content_of(entry)), changed_by, now)
    for name, value in content_of(entry).items():
        setattr(row, name, value)
    session.flush()


def open_again(session: Session, row: Any, changed_by: str, now: datetime) -> None:
    """Take a repair back: its rupture is open again, and keeps what was written as repair."""
    _remember(row, ["repaired_on", "repair"], changed_by, now)
    row.repaired_on, row.repair = None, ""
    session.flush()


def strike(session: Session, row: Any, why: str, account_id: int | None, now: datetime) -> None:
    """Strike an entry out. It stays in the database; no reading finds it."""
    row.struck_at, row.struck_by_id, row.struck_why = now, account_id, why
    row.version += 1
    session.flush()


def _remember(row: Any, names: list[str], changed_by: str, now: datetime) -> None:
    content = {name: _as_json(getattr(row, name)) for name in names}
    # A new list, since a change inside the old one would not be seen.
    row.earlier = [*row.earlier, {"content": content, "changed_at": now.isoformat(), "changed_by": changed_by}]
    row.version += 1


def content_of(entry: Entry) -> dict[str, Any]:
    """An entry's values as its table holds them."""
    return {each.name: _plain(getattr(entry, each.name)) for each in fields(entry)}


def _next_number(session: Session, client_id: int) -> int:
    """A number no version ever had, also none that was struck out."""
    newest = select(func.max(tables.Formulation.number)).where(tables.Formulation.client_id == client_id)
    return (session.scalar(newest, execution_options={WITH_STRUCK: True}) or 0) + 1


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, dict) else value


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

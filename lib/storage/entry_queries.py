"""Entry queries: the attachment record of one client as it stands, one query a kind."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.attachment import Held
from lib.domain.process import PartState
from lib.storage import tables
from lib.storage.entry_records import PARENTS, TABLES

# the day each kind is ordered by
_DAYS: dict[type, str] = {
    entries.Rupture: "happened_on",
    entries.Moment: "happened_on",
    entries.LifeEvent: "happened_on",
    entries.Belief: "noted_on",
    entries.ImportantPerson: "noted_on",
    entries.LadderStep: "rank",
    entries.Conviction: "rated_on",
    entries.PersonSafety: "rated_on",
    entries.HomePractice: "agreed_on",
    entries.HomePracticeReview: "reviewed_on",
    entries.LadderAttempt: "tried_on",
    entries.TherapyBreak: "starts_on",
    entries.Formulation: "number",
    entries.PartOfWork: "since_on",
    entries.ChangeStep: "since_on",
    entries.EndingTalk: "talked_on",
}


def held_entries(session: Session, kind: type, client_id: int) -> tuple[Held[Any], ...]:
    """Every entry of one kind that stands, in the order of its days."""
    return tuple(
        Held(row_id, version, _made(kind, values), bool(earlier))
        for row_id, version, earlier, *values in session.execute(_statement(kind, client_id))
    )


def repairs_of(session: Session, client_id: int) -> tuple[Held[entries.Repair], ...]:
    """The repairs of ruptures; a repair has the id of its rupture."""
    r = tables.Rupture
    statement = select(r.id, r.version, r.repaired_on, r.repair).where(r.client_id == client_id)
    rows = session.execute(statement.where(r.repaired_on.is_not(None)).order_by(r.repaired_on, r.id))
    return tuple(Held(row.id, row.version, entries.Repair(row.id, row.repaired_on, row.repair)) for row in rows)


def _statement(kind: type, client_id: int) -> Select[Any]:
    table: Any = TABLES[kind]
    columns = [getattr(table, each.name) for each in fields(kind)]
    statement = select(table.id, table.version, table.earlier, *columns)
    if kind in PARENTS:
        name, parent = PARENTS[kind]
        over: Any = parent
        statement = statement.join(over, over.id == getattr(table, name)).where(over.client_id == client_id)
    else:
        statement = statement.where(table.client_id == client_id)
    return statement.order_by(getattr(table, _DAYS[kind]), table.id)


def _made(kind: type, values: list[Any]) -> Any:
    told = [tuple(value) if isinstance(value, list) else value for value in values]
    if kind in (entries.PartOfWork, entries.ChangeStep):
        told[1] = PartState(str(told[1]))
    return kind(*told)

"""An archived record put back: new ids, the same content, nothing merged into what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from lib.storage.archive_queries import Rows, record_tables
from lib.storage.tables import Account

# A corrected form names the one that took its place, which comes after it.
_NAMES_A_LATER_ROW = {"administration": "superseded_by_id"}


def normalised(rows: Rows, accounts: Mapping[int, str]) -> dict[str, list[dict[str, Any]]]:
    """The same rows with ids counted from 1 within each table and accounts by e-mail: equal for equal records."""
    listed = [table for table in record_tables() if table.name in rows]
    places = {table.name: {row["id"]: place for place, row in enumerate(rows[table.name], start=1)} for table in listed}
    return {
        table.name: [
            {column: _placed(table, column, value, places, accounts) for column, value in row.items()}
            for row in rows[table.name]
        ]
        for table in listed
    }


def _placed(
    table: Table, column: str, value: Any, places: Mapping[str, Mapping[int, int]], accounts: Mapping[int, str]
) -> Any:
    if value is None:
        return None
    if column == "id":
        return places[table.name][value]
    for key in table.c[column].foreign_keys:
        target = key.column.table.name
        return accounts.get(value, value) if target == "account" else places.get(target, {}).get(value)
    return value


def put_back(session: Session, rows: Rows, accounts: Mapping[int, int]) -> int:
    """Insert one client's record with new ids. `accounts` maps archived account ids to ours. Returns the client's id.

    Raises KeyError when a row names one that is not in the archive."""
    new_ids: dict[str, dict[int, int]] = {}
    for table in record_tables():
        known = new_ids.setdefault(table.name, {})
        listed = rows.get(table.name, [])
        named_later = _NAMES_A_LATER_ROW.get(table.name)
        # Where a row may name an earlier one of its own table, that one must have its new id first.
        at_once = len(listed) if named_later or not _names_its_own(table) else 1
        for start in range(0, len(listed), max(at_once, 1)):
            piece = listed[start : start + at_once]
            values = [_new_values(table, row, named_later, new_ids, accounts) for row in piece]
            adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
            known |= zip((row["id"] for row in piece), session.execute(adding, values).scalars(), strict=True)
        for row in listed:
            if named_later and row[named_later] is not None:
                naming = update(table).where(table.c.id == known[row["id"]])
                session.execute(naming.values({named_later: known[row[named_later]]}))
    return next(iter(new_ids["client"].values()))


def _names_its_own(table: Table) -> bool:
    return any(key.column.table is table for key in table.foreign_keys)


def _new_values(
    table: Table,
    row: Mapping[str, Any],
    named_later: str | None,
    new_ids: Mapping[str, Mapping[int, int]],
    accounts: Mapping[int, int],
) -> dict[str, Any]:
    """A row's values under new ids, without its own id and without what it names later."""
    return {
        column: None if column == named_later else _translated(table, column, value, new_ids, accounts)
        for column, value in row.items()
        if column != "id"
    }


def _translated(
    table: Table, column: str, value: Any, new_ids: Mapping[str, Mapping[int, int]], accounts: Mapping[int, int]
) -> Any:
    if value is None:
        return None
    for key in table.c[column].foreign_keys:
        target = key.column.table.name
        return accounts[value] if target == "account" else new_ids[target][value]
    return value


def placeholder_account(session: Session, email: str, name: str, now: Any) -> int:
    """An account that only stands for its name in an archived record: disabled, without roles or a usable password."""
    row = Account(email=email, name=name, roles=[], is_disabled=True, password_hash="!", created_at=now)  # noqa: S106
    session.add(row)
    session.flush()
    return row.id

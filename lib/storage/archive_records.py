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
        later: dict[int, int] = {}
        for row in rows.get(table.name, []):
            values = {key: value for key, value in row.items() if key != "id"}
            if table.name in _NAMES_A_LATER_ROW and values[_NAMES_A_LATER_ROW[table.name]] is not None:
                later[row["id"]] = values.pop(_NAMES_A_LATER_ROW[table.name])
            for column in values:
                values[column] = _translated(table, column, values[column], new_ids, accounts)
            known[row["id"]] = session.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
        for row_id, named in later.items():
            values = {_NAMES_A_LATER_ROW[table.name]: known[named]}
            session.execute(update(table).where(table.c.id == known[row_id]).values(values))
    return next(iter(new_ids["client"].values()))


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

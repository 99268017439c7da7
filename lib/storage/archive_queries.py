"""The whole record of clients as plain rows by table, for export. Process notes and what hangs on them stay out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, select
from sqlalchemy.orm import Session

from lib.storage import tables
from lib.storage.tables import Account, Base, Client, Note

Rows = dict[str, list[dict[str, Any]]]

# Derived, about who looked, what a screen shows, or about the installation: no part of a client's record.
_NOT_RECORD = {
    "standing",
    "standing_score",
    "break_glass",
    "supervision_comment",
    "audited_file",
    "audit_finding",
    "questionnaire_link",
    "process_grant",
}
AT_ONCE = 500  # clients in one statement: far below what a database takes as parameters
_CLIENT = Client.__table__
_NOTE = Note.__table__


def record_tables() -> list[Table]:
    """The tables of a client's record, parents first: `client`, what names a client, what hangs on that."""
    found: dict[str, Table] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in _NOT_RECORD:
            continue
        if table is _CLIENT or "client_id" in table.c or parent_of(table, found) is not None:
            found[table.name] = table
    return [tables.ImportBatch.__table__, *found.values()]  # type: ignore[list-item]


def parent_of(table: Table, among: dict[str, Table]) -> Column[Any] | None:
    """The column by which a table without a client of its own hangs on one of these tables."""
    for column in table.columns:
        for key in column.foreign_keys:
            if not column.nullable and key.column.table.name in among:
                return column
    return None


def rows_of_clients(session: Session, client_ids: Sequence[int]) -> Rows:
    """Every row of these clients' records, by table name, in the order of their ids."""
    found: Rows = {table.name: [] for table in record_tables()}
    batches: dict[int, dict[str, Any]] = {}
    for record in records_of_clients(session, client_ids):
        batches |= {row["id"]: row for row in record["import_batch"]}
        for name, rows in record.items():
            found[name] += rows
    found["import_batch"] = list(batches.values())
    return {name: sorted(rows, key=itemgetter("id")) for name, rows in found.items()}


def records_of_clients(session: Session, client_ids: Sequence[int]) -> Iterator[Rows]:
    """The same, one record a client in the order asked for; many are read at once, never all of a practice."""
    for first in range(0, len(client_ids), AT_ONCE):
        yield from _records_at_once(session, client_ids[first : first + AT_ONCE])


def _records_at_once(session: Session, client_ids: Sequence[int]) -> list[Rows]:
    listed = [table for table in record_tables() if table.name != "import_batch"]
    known = {table.name: table for table in listed}
    records: dict[int, Rows] = {client_id: {table.name: [] for table in listed} for client_id in client_ids}
    owners: dict[str, dict[int, int]] = {}
    for table in listed:
        owner = owners.setdefault(table.name, {})
        for found in session.execute(_statement(table, known, client_ids)).mappings():
            row = dict(found)
            owner[row["id"]] = _owner(table, known, row, owners)
            records[owner[row["id"]]][table.name].append(row)
    batches = _batches(session, records.values())
    for record in records.values():
        record["import_batch"] = [batches[key] for key in sorted(_batch_ids(record))]
    return [_without_retracted_words(records[client_id]) for client_id in client_ids if records[client_id]["client"]]


def _owner(table: Table, known: dict[str, Table], row: Mapping[str, Any], owners: dict[str, dict[int, int]]) -> int:
    """The client a row belongs to: itself, named by it, or that of the row it hangs on."""
    if table is _CLIENT or "client_id" in table.c:
        return int(row["id"] if table is _CLIENT else row["client_id"])
    column, parent = _hangs_on(table, known)
    return owners[parent.name][row[column.name]]


def _without_retracted_words(found: Rows) -> Rows:
    """A retracted note is about somebody else or was never meant: that it was there is told, and none of its words."""
    retracted = {row["id"] for row in found["note"] if row["status"] == "retracted"}
    for row in found["note"]:
        if row["id"] in retracted:
            row["text"] = "retracted"
    return {name: [row for row in rows if row.get("note_id") not in retracted] for name, rows in found.items()}


def _statement(table: Table, known: dict[str, Table], client_ids: Sequence[int]) -> Select[Any]:
    return select(table).where(_belongs(table, known, client_ids)).order_by(table.c.id)


def _belongs(table: Table, known: dict[str, Table], client_ids: Sequence[int]) -> ColumnElement[bool]:
    if table is _CLIENT:
        return table.c.id.in_(client_ids)
    if table is _NOTE:
        return table.c.client_id.in_(client_ids) & (table.c.compartment != "process")
    if "client_id" in table.c:
        return table.c.client_id.in_(client_ids)
    column, parent = _hangs_on(table, known)
    return column.in_(select(parent.c.id).where(_belongs(parent, known, client_ids)))


def _hangs_on(table: Table, known: dict[str, Table]) -> tuple[Column[Any], Table]:
    column = parent_of(table, {name: one for name, one in known.items() if one is not table})
    if column is None:
        raise ValueError(f"{table.name} hangs on no client")
    return column, known[next(iter(column.foreign_keys)).column.table.name]


def _batch_ids(record: Rows) -> set[int]:
    return {row["import_batch_id"] for rows in record.values() for row in rows if row.get("import_batch_id")}


def _batches(session: Session, records: Iterable[Rows]) -> dict[int, dict[str, Any]]:
    """The imports these records came from, by id."""
    ids = {key for record in records for key in _batch_ids(record)}
    batch = tables.ImportBatch.__table__
    return {row["id"]: dict(row) for row in session.execute(select(batch).where(batch.c.id.in_(ids))).mappings()}


def client_ids_in_order(session: Session) -> list[int]:
    """Every client of the practice, by code."""
    return list(session.scalars(select(Client.id).order_by(Client.code)))


def account_emails(session: Session) -> dict[int, tuple[str, str]]:
    """E-mail address and name of every account, by id."""
    return {row[0]: (row[1], row[2]) for row in session.execute(select(Account.id, Account.email, Account.name))}


def account_columns(table: Table) -> Iterator[Column[Any]]:
    """The columns of a table that name an account."""
    for column in table.columns:
        if any(key.column.table.name == "account" for key in column.foreign_keys):
            yield column

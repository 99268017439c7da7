"""The whole record of clients as plain rows by table, for export. Process notes and what hangs on them stay out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, select
from sqlalchemy.orm import Session

from lib.storage import tables
from lib.storage.tables import Account, Base, Client, Note

Rows = dict[str, list[dict[str, Any]]]

# Derived, about who looked, or about the installation: no part of a client's record.
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
    listed = record_tables()
    known = {table.name: table for table in listed}
    found: Rows = {}
    for table in listed:
        if table.name == "import_batch":
            continue
        statement = _statement(table, known, client_ids)
        found[table.name] = [dict(row) for row in session.execute(statement).mappings()]
    found["import_batch"] = _batches(session, found)
    return _without_retracted_words(found)


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
    column = parent_of(table, {name: one for name, one in known.items() if one is not table})
    if column is None:
        raise ValueError(f"{table.name} hangs on no client")
    parent = next(iter(column.foreign_keys)).column.table
    return column.in_(select(parent.c.id).where(_belongs(parent, known, client_ids)))


def _batches(session: Session, found: Rows) -> list[dict[str, Any]]:
    """The imports these rows came from."""
    ids = {row["import_batch_id"] for rows in found.values() for row in rows if row.get("import_batch_id")}
    batch = tables.ImportBatch.__table__
    statement = select(batch).where(batch.c.id.in_(ids)).order_by(batch.c.id)
    return [dict(row) for row in session.execute(statement).mappings()]


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

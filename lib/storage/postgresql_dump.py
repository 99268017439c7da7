"""PostgreSQL dump: every table through COPY in one snapshot, and back in one transaction. Needs no pg_dump.

Lines of text: a JSON header with the revision, then for each table a JSON line with its name and columns, its rows
in COPY's text format, and a line `\\.`, which no row can be: COPY escapes backslashes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import psycopg
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, DropConstraint

from lib.domain.errors import HouseError, SchemaUnknown
from lib.storage.engine import raw_connection
from lib.storage.fingerprints import VERSION_TABLE, columns_of, postgresql_rows
from lib.storage.revisions import is_known, revision_of, upgrade

_END = b"\\.\n"


def write_dump(session: Session, out: BinaryIO) -> None:
    """Write everything the session's snapshot holds. Use a session of `Database.reading()`."""
    connection = session.connection()
    out.write(_line({"product": "secure-base", "revision": revision_of(connection)}))
    for table in sorted(inspect(connection).get_table_names()):
        if table == VERSION_TABLE:
            continue
        out.write(_line({"table": table, "columns": columns_of(session, table)}))
        for row in postgresql_rows(session, table):
            out.write(row + b"\n")
        out.write(_END)


def load_dump(session: Session, source: BinaryIO) -> None:
    """Make the schema of the dump's revision and fill it, in the session's transaction and current schema.

    The schema must hold no table. Raises SchemaUnknown for a revision this program does not know, HouseError for a
    dump that is not one."""
    header = _json(source.readline())
    if header.get("product") != "secure-base":
        raise HouseError("This is not a backup of this product.")
    if not is_known(header["revision"]):
        raise SchemaUnknown(f"The backup has the schema {header['revision']}, which this program does not know.")
    connection = session.connection()
    upgrade(connection, header["revision"])
    metadata = MetaData()
    metadata.reflect(connection)
    keys = [key for table in metadata.tables.values() for key in table.foreign_key_constraints]
    for key in keys:  # rows point at each other in circles; putting the keys back checks every one of them
        connection.execute(DropConstraint(key))
    while line := source.readline():
        entry = _json(line)
        _copy_in(session, entry["table"], entry["columns"], source)
    for key in keys:
        connection.execute(AddConstraint(key))
    _set_sequences(session)


def drop_everything(session: Session) -> None:
    """Drop all tables of the current schema, inside the session's transaction."""
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    for table in inspect(connection).get_table_names():
        connection.execute(text(f"DROP TABLE {quote(table)} CASCADE"))


def _copy_in(session: Session, table: str, columns: list[str], source: BinaryIO) -> None:
    quote = session.connection().dialect.identifier_preparer.quote
    names = ", ".join(quote(column) for column in columns)
    statement = f"COPY {quote(table)} ({names}) FROM STDIN"
    try:
        with raw_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
            for row in _rows(source):
                copy.write(row)
    except psycopg.Error as error:  # its own words quote the row
        raise HouseError(f"The backup does not fit the table {table} (SQLSTATE {error.sqlstate}).") from None


def _rows(source: BinaryIO) -> Iterator[bytes]:
    for line in iter(source.readline, _END):
        if not line:
            raise HouseError("This backup ends inside a table.")
        yield line


def _set_sequences(session: Session) -> None:
    """Numbering goes on after the highest number that came back."""
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    for table in inspect(connection).get_table_names():
        for column in columns_of(session, table):
            name = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": quote(table), "column": column}
            )
            if name is not None:
                highest = f"(SELECT max({quote(column)}) FROM {quote(table)})"
                connection.execute(
                    text(f"SELECT setval(:name, coalesce({highest}, 1), {highest} IS NOT NULL)"), {"name": name}
                )


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True).encode() + b"\n"


def _json(line: bytes) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], json.loads(line))
    except ValueError as error:
        raise HouseError("This backup is damaged: a heading cannot be read.") from error

"""Fingerprints: how many rows each table has and a hash of their content, to compare a copy with its source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from lib.storage.engine import raw_connection
from lib.storage.search_index import without_index

VERSION_TABLE = "alembic_version"
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableContent:
    """Rows of a table, and the sum of their sha256 modulo 2^256: the same whatever order the rows come in."""

    rows: int
    sha256: str


def contents(session: Session) -> dict[str, TableContent]:
    """What every table of the record holds, in the session's snapshot. Table name -> content."""
    tables = sorted(without_index(inspect(session.connection()).get_table_names()))
    read = postgresql_rows if session.get_bind().dialect.name == "postgresql" else _embedded_rows
    return {table: content_of(read(session, table)) for table in tables}


def content_of(rows: Iterable[bytes]) -> TableContent:
    """Count and order-free hash of rows in canonical bytes."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(row).digest(), "big")
    return TableContent(count, f"{total % _MODULUS:064x}")


def _embedded_rows(session: Session, table: str) -> Iterator[bytes]:
    """Each row as the repr of the driver's own values: exact for text, numbers, bytes and NULL."""
    for row in raw_connection(session).execute(f"SELECT {_columns(session, table)} FROM {_quoted(session, table)}"):
        yield repr(tuple(row)).encode("utf-8", "surrogatepass")


def postgresql_rows(session: Session, table: str) -> Iterator[bytes]:
    """Each row as a line of COPY's text format, without its newline; line breaks inside a value are escaped."""
    rest = b""
    statement = f"COPY (SELECT {_columns(session, table)} FROM {_quoted(session, table)}) TO STDOUT"
    with raw_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in copy:
            *lines, rest = (rest + bytes(chunk)).split(b"\n")
            yield from lines


def columns_of(session: Session, table: str) -> list[str]:
    """The table's columns by name, in an order that does not depend on how it was made."""
    return sorted(column["name"] for column in inspect(session.connection()).get_columns(table))


def _columns(session: Session, table: str) -> str:
    return ", ".join(_quoted(session, column) for column in columns_of(session, table))


def _quoted(session: Session, name: str) -> str:
    return session.get_bind().dialect.identifier_preparer.quote(name)

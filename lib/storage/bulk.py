"""Bulk: many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Table, func, insert, select
from sqlalchemy.orm import Session

from lib.storage.tables import Base

CHUNK = 2_000  # bound values in one statement; both databases allow more than ten times as many
T = TypeVar("T")


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The values in pieces that fit one statement."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a column holds one of these distinct ids; a run without gaps is asked for by its ends."""
    if len(ids) > 2 and max(ids) - min(ids) + 1 == len(ids):
        return cast("ColumnElement[bool]", column.between(min(ids), max(ids)))
    return cast("ColumnElement[bool]", column.in_(ids))


def next_ids(session: Session, model: type[Base], count: int) -> list[int]:
    """Ids for this many new rows, given out before they are written, so that rows can point to one another.

    PostgreSQL's sequence hands them out; on SQLite the writer is alone since BEGIN IMMEDIATE."""
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table_of(model).name, "id")
        return list(session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, count))))
    last = session.scalar(select(func.max(table_of(model).c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def add_rows(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys; columns left out take their defaults."""
    if rows:
        session.connection().execute(insert(table_of(model)), list(rows))


def table_of(model: type[Base]) -> Table:
    """The table behind a class, for statements that bypass the identity map."""
    return cast(Table, model.__table__)

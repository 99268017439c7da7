"""Bulk: many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

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


def add_alike(
    session: Session, model: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]], same: Mapping[str, Any]
) -> None:
    """Insert many rows that differ in the columns `names` alone, in that order; `same` holds for all of them.

    For tables that large files fill: values are handed over as they are, so days in `rows` and JSON anywhere come as
    text, and no floats (PostgreSQL is told rows in JSON). What is the same is said once, in the statement."""
    if not rows:
        return
    table, dialect = table_of(model), session.get_bind().dialect
    of_each, of_all = ([table.c[name].type for name in chosen] for chosen in (names, same))
    said = [_literal(value, kind) for value, kind in zip(same.values(), of_all, strict=True)]
    if dialect.name == "postgresql":
        row = func.json_array_elements(bindparam("rows", type_=JSON)).table_valued("value").c.value
        told = [row.op("->>")(literal_column(str(place))) for place in range(len(names))]
        values = [_typed(*each) for each in zip([*told, *said], [*of_each, *of_all], strict=True)]
        statement = insert(table).from_select([*names, *same], select(*values), include_defaults=False)
        session.connection().execute(statement, {"rows": [list(row) for row in rows]})
    else:
        marks: list[ColumnElement[Any]] = [literal_column("?")] * len(names)
        statement = insert(table).from_select([*names, *same], select(*marks, *said), include_defaults=False)
        written = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        session.connection().exec_driver_sql(str(written), list(rows))


def _literal(value: Any, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return null() if value is None else literal(value, String() if isinstance(kind, JSON) else kind)


def _typed(text: ColumnElement[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """A text as a column's type. Where that is text too it is left to the column, which refuses one that is too long; a
    cast would cut it."""
    return text if isinstance(kind, String) else cast_to(text, kind)


def table_of(model: type[Base]) -> Table:
    """The table behind a class, for statements that bypass the identity map."""
    return cast(Table, model.__table__)

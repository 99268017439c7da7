"""Bulk: many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar, cast

from sqlalchemy import Table

from lib.storage.tables import Base

CHUNK = 2_000  # bound values in one statement; both databases allow more than ten times as many
T = TypeVar("T")


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The values in pieces that fit one statement."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


def table_of(model: type[Base]) -> Table:
    """The table behind a class, for statements that bypass the identity map."""
    return cast(Table, model.__table__)

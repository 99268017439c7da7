"""Which columns a table has: what each is taken for, and those nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable

from lib.domain.errors import ImportProblem
from lib.exchange.row_reading import RowReader
from lib.exchange.tables import Table, header_key


def require(table: Table, names: Iterable[str], what: str) -> None:
    """ImportProblem naming the columns a kind of table needs and this one lacks."""
    keys = {header_key(name) for name in table.header}
    lacking = [name for name in names if name not in keys]
    if lacking:
        raise ImportProblem(
            f"{what} need the columns {', '.join(map(repr, lacking))}, which this file does not have.",
            f"It has: {shown(table)}. Rename the columns or use a column mapping.",
        )


def shown(table: Table) -> str:
    """The header in one line, cut when it is long."""
    names = [name for name in table.header if name]
    return ", ".join(names[:30]) + (" …" if len(names) > 30 else "")


def refuse_leftovers(reader: RowReader, used: set[int]) -> None:
    """A problem for each named column nobody reads, and for each value under a column without a name.

    A column left out in silence is a loss nobody sees; leaving one out is a choice, made in a mapping."""
    table = reader.table
    nameless = [index for index, name in enumerate(table.header) if not name]
    for index, name in enumerate(table.header):
        if name and index not in used:
            mend = "Rename or remove the column, or use a column mapping that ignores it."
            table.report(None, name, "", "every column is known or left out on purpose", mend)
    for row in table.rows if nameless else ():
        for index in nameless:
            if row.cells[index].strip():
                reader.fault(row, "", row.cells[index], "a value needs a column with a name", "Name the column.")

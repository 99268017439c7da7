"""A table as a file tells it: cells as text, row numbers as a person sees them, and what was wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from lib.domain.errors import ImportProblem
from lib.domain.imports import Problem
from lib.exchange.file_bytes import CONTROL

MAX_ROWS = 200_000
MAX_COLUMNS = 2_000
MAX_PROBLEMS = 5_000
MAX_SCORE_CELL = 32_000
"""Characters in one cell of a table of scores or ratings."""

_SHOWN = 80

# Spreadsheets are kept from running a cell by an apostrophe before these; taken off again when read.
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


class Row(NamedTuple):
    """One data row. `origin` names the column a mapped value came from, when that is not the column read."""

    number: int
    cells: list[str]
    origin: str = ""


class Fault(NamedTuple):
    """A cell that has no readable value: what stands there, the rule it breaks, how to mend it."""

    value: str
    rule: str
    mend: str


@dataclass(slots=True)
class Table:
    """Header and rows of one sheet. `faults` maps row number to column index to fault.

    `rows_seen` counts data rows that are not blank, `bad_rows` those that were left out while reading."""

    file: str
    sheet: str
    described: str
    header: tuple[str, ...]
    rows: list[Row]
    rows_seen: int = 0
    blank_rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    faults: dict[int, dict[int, Fault]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    decimal: str | None = None

    def report(self, row: int | None, column: str, value: str, rule: str, mend: str) -> None:
        """Record a problem; its row gives no value. Past the limit problems are counted and no longer listed."""
        if row is not None:
            self.bad_rows.add(row)
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(self.problem(row, column, value, rule, mend))
        elif len(self.problems) == MAX_PROBLEMS:
            rule = f"there are more than {MAX_PROBLEMS:,} problems; the rest is not listed"
            self.problems.append(self.problem(None, "", "", rule, "Mend these first, then read the file again."))

    def problem(self, row: int | None, column: str, value: str, rule: str, mend: str) -> Problem:
        """A problem placed in this file and sheet, its value cut to what fits a line."""
        shown = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
        return Problem(row, column, CONTROL.sub("�", shown), rule, mend, sheet=self.sheet, file=self.file)


def header_key(name: str) -> str:
    """A header as compared: case, blanks, points and dashes do not matter ("Item 1" is "item_1")."""
    return re.sub(r"[\s.\-_]+", "_", name.strip()).strip("_").casefold()


def check_header(header: Iterable[str], file: str) -> tuple[str, ...]:
    """The header as written. ImportProblem when it has no names, the same name twice, or too many."""
    names = tuple(name.strip() for name in header)
    if not any(names):
        raise ImportProblem(f"{file}: there is no header row.", "The first row must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise ImportProblem(
            f"{file} has {len(names)} columns; the limit is {MAX_COLUMNS:,}.", "Remove columns not needed."
        )
    seen: dict[str, str] = {}
    for name in names:
        key = header_key(name)
        if key and key in seen:
            raise ImportProblem(f"The column {name!r} stands twice in the header.", "Rename or remove one of the two.")
        seen[key] = name
    return names


def no_rows(file: str, said: str = "") -> ImportProblem:
    """The refusal of a table that has a header and nothing under it."""
    return ImportProblem(f"{file} has a header but no rows. {said}".rstrip(), "Check that the export was not empty.")


def restore_neutralised(table: Table) -> None:
    """Take off the apostrophe that keeps a cell from running as a formula, and say how often."""
    restored = 0
    for row in table.rows:
        if "'" not in "".join(row.cells):
            continue
        for index, cell in enumerate(row.cells):
            if cell[:1] == "'" and _NEUTRALISED.match(cell):
                row.cells[index] = cell[1:]
                restored += 1
    if restored:
        table.warnings.append(
            f"{restored} cells began with an apostrophe before = + - or @, the mark that keeps a spreadsheet "
            "from running them; the apostrophe was taken off."
        )


def mark_control_characters(table: Table) -> None:
    """Make every cell with a control character (NUL and the like) a fault; tabs and line ends are text."""
    for row in table.rows:
        for index, cell in enumerate(row.cells):
            found = CONTROL.search(cell)
            if found:
                table.faults.setdefault(row.number, {})[index] = Fault(
                    f"character U+{ord(found.group()):04X}",
                    "text may hold no control characters",
                    "Remove the character, or export the file again in its right encoding.",
                )

"""What a file may bring in, as plain values, and how its problems are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where, what, which rule, and how to mend it.

    `row` counts as the person sees it in a spreadsheet (the header is row 1); None when the whole file is meant."""

    row: int | None
    column: str
    value: str
    rule: str
    mend: str
    sheet: str = ""
    file: str = ""


class AdministrationIn(NamedTuple):
    """One filled-in form, or its totals, as a file tells it. Codes verbatim, nothing clamped or guessed.

    Named tuples carry forms from file to record: a file holds tens of thousands, and a dataclass takes thrice as long.

    `answers` maps item id to the answered value, None for an item left empty; None as a whole when only
    totals came. `totals` maps scale key to a supplied value."""

    client_code: str
    taken_on: date
    instrument: str
    answers: Mapping[str, int | None] | None
    totals: Mapping[str, float]
    target: str = "general"
    respondent: str = "client"
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkerRatingIn:
    """One clinician rating of a growth marker. `level` None means NE, not enough evidence; never zero."""

    client_code: str
    rated_on: date
    marker: str
    level: int | None
    context: str = ""
    evidence: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class NoteIn:
    """One session note. `text` is kept as written; `labels` tell what came with a label (tracked change, table)."""

    client_code: str
    dated_on: date
    text: str
    session_number: int | None = None
    format: str = "narrative"
    modality: str = ""
    minutes: int | None = None
    attendance: str = ""
    labels: tuple[str, ...] = ()
    row: int | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file read and checked, nothing written: the right rows as values, the wrong ones as problems.

    `recognised` says in words what the file was taken for ("PHQ-9, wide, 12 forms"); `rows` counts data rows;
    `bad_rows` are the rows that carry a problem and so no value; `repeats` are pairs of a row that says exactly what
    an earlier one says, and that earlier row."""

    kind: str
    recognised: str
    rows: int
    administrations: tuple[AdministrationIn, ...] = ()
    ratings: tuple[MarkerRatingIn, ...] = ()
    notes: tuple[NoteIn, ...] = ()
    problems: tuple[Problem, ...] = ()
    bad_rows: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    questions: tuple[str, ...] = field(default=())
    repeats: tuple[tuple[int, int], ...] = ()


def problems_as_rows(problems: Iterable[Problem]) -> list[dict[str, str | int | None]]:
    """Problems as the rows of a receipt or an error table: row, column, value, rule, mend, file, sheet."""
    return [
        {
            "row": problem.row,
            "column": problem.column,
            "value": problem.value,
            "rule": problem.rule,
            "mend": problem.mend,
            "file": problem.file,
            "sheet": problem.sheet,
        }
        for problem in problems
    ]

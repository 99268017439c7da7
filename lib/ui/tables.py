"""Tables: what is wrong with a file, row by row, to read and to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import streamlit as st

from lib.domain.imports import Problem
from lib.ui import plain_table, words
from lib.ui.plain_table import plain_row

PROBLEM_COLUMNS = ("File", "Sheet", "Row", "Column", "Value", "What is wrong", "How to mend it")
_SHOWN = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show_problems(problems: Sequence[Problem], key: str) -> None:
    """What is wrong, row by row; files and sheets are named where there are any."""
    rows = [plain_row(dict(zip(PROBLEM_COLUMNS, _cells(problem), strict=True))) for problem in problems[:_SHOWN]]
    kept = [
        name for name in PROBLEM_COLUMNS if name not in ("File", "Sheet") or any(row.cells[name].text for row in rows)
    ]
    label = f"{words.count(len(problems), 'problem')} of the file, row by row"
    plain_table.show(rows, kept, "Row", label, key, wide="How to mend it")
    if len(problems) > _SHOWN:
        st.text(f"The first {_SHOWN} of {len(problems):,} are shown; the download holds all.")


def problems_as_csv(problems: Sequence[Problem]) -> bytes:
    """All problems as CSV, UTF-8 with BOM for spreadsheets; a cell that could be a formula is made text."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(PROBLEM_COLUMNS)
    for problem in problems:
        writer.writerow([neutral(cell) for cell in _cells(problem)])
    return written.getvalue().encode("utf-8-sig")


def neutral(cell: str) -> str:
    """A cell no spreadsheet will run."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(problem: Problem) -> tuple[str, ...]:
    row = "" if problem.row is None else str(problem.row)
    return (problem.file, problem.sheet, row, problem.column, problem.value, problem.rule, problem.mend)

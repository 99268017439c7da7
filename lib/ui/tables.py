"""Tables: rows of plain values as data frames, and the table of what is wrong with a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.domain.imports import Problem

PROBLEM_COLUMNS = ("File", "Sheet", "Row", "Column", "Value", "What is wrong", "How to mend it")
_SHOWN = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def show_problems(problems: Sequence[Problem], key: str) -> None:
    """What is wrong, row by row, and the whole list to take away."""
    frame = pd.DataFrame([_cells(problem) for problem in problems[:_SHOWN]], columns=list(PROBLEM_COLUMNS))
    kept = [name for name in PROBLEM_COLUMNS if name not in ("File", "Sheet") or frame[name].any()]
    st.dataframe(
        frame[kept],
        hide_index=True,
        row_height=30,
        key=key,
        alt="What is wrong with the file, row by row",
        column_config={name: st.column_config.TextColumn(name) for name in kept},
    )
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

"""Makers of small files for the tests of the exchange room: instruments, CSV text, workbooks, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lib.domain.imports import Parsed
from lib.exchange.definition_files import load_instruments
from lib.exchange.read_options import ReadOptions
from lib.exchange.score_sheets import read_scores

INSTRUMENTS = load_instruments(Path(__file__).parents[2] / "data" / "instruments")
TODAY = date(2026, 11, 2)
OPTIONS = ReadOptions(today=TODAY)

PHQ9_HEADER = "client,date,instrument," + ",".join(f"item_{number}" for number in range(1, 10))


def scores(text: str | bytes, options: ReadOptions = OPTIONS, name: str = "scores.csv") -> Parsed:
    """Read a score sheet given as text."""
    return read_scores(text.encode() if isinstance(text, str) else text, name, INSTRUMENTS, options)


def phq9(*rows: str, options: ReadOptions = OPTIONS) -> Parsed:
    """Read a wide PHQ-9 sheet of these rows."""
    return scores("\n".join([PHQ9_HEADER, *rows]) + "\n", options)


def zipped(parts: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def workbook(rows: Sequence[Sequence[object]], title: str = "Scores") -> bytes:
    """An XLSX of one sheet, as a spreadsheet program writes it."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rules(parsed: Parsed) -> str:
    """All rules broken, in one text."""
    return " | ".join(problem.rule for problem in parsed.problems)

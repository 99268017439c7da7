"""XLSX to a table of text cells, read cell by cell: dates as ISO text, formulas by their stored result."""

from __future__ import annotations

import re
import time
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # only for the type; parsing is defused

from lib.domain.errors import ImportProblem
from lib.exchange.archives import entry_bytes, local, open_zip, xml_pieces
from lib.exchange.read_options import ReadOptions
from lib.exchange.tables import MAX_ROWS, Fault, Row, Table, check_header, mark_control_characters, no_rows
from lib.exchange.workbook_parts import Sheet, SheetStyles, choose_sheet, shared_texts, sheets, unescaped

MAX_CELLS = 2_000_000
MAX_SECONDS = 30.0
MAX_COLUMN = 16_384

_LOST_DIGITS = re.compile(r"-?\d{16,}|-?\d(?:\.\d+)?E\+(?:1[5-9]|[2-9]\d|\d{3,})", re.ASCII | re.IGNORECASE)
_PIECES = {"row": "start", "c": "end", "mergeCell": "end"}
_INSIDE_CELLS = frozenset({"v", "f", "t", "is", "r"})
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass(slots=True)
class _Cells:
    """What one sheet holds: filled cells by row and column (from 1 and 0), and what is odd about them."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    faults: dict[int, dict[int, Fault]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    formulas: int = 0
    read: int = 0
    row: int = 0
    column: int = -1


def read_workbook(data: bytes, file: str, options: ReadOptions) -> Table:
    """The table of one sheet: the named one, else the first that is not hidden, and which one is said.

    ImportProblem when the workbook cannot be read as a whole or lacks the sheet."""
    with open_zip(data) as package:
        known = sheets(package)
        sheet, warnings = choose_sheet(known, options.sheet)
        styles = SheetStyles.of(package)
        cells = _cells_of(package, sheet, shared_texts(package), styles)
    table = _table(cells, file, sheet, " ".join(warnings))
    table.warnings.extend(warnings)
    _say_what_is_odd(table, cells)
    return table


def _cells_of(package: zipfile.ZipFile, sheet: Sheet, texts: list[str], styles: SheetStyles) -> _Cells:
    content = entry_bytes(package, sheet.part)
    cells = _Cells()
    stop_at = time.monotonic() + MAX_SECONDS
    try:
        for kind, element in xml_pieces(content, "The workbook", _PIECES, _INSIDE_CELLS):
            if kind == "row":
                _start_row(element, cells)
            elif kind == "c":
                _take_cell(element, cells, texts, styles)
            else:
                cells.merged.append(_area(element.get("ref", "")))
            if cells.read % 1000 == 0 and time.monotonic() > stop_at:
                raise ImportProblem(f"The sheet took longer than {MAX_SECONDS:.0f} seconds to read.", "Split it.")
    except (ValueError, IndexError) as error:
        raise ImportProblem("The workbook is damaged: a sheet cannot be read.", "Save it again.") from error
    return cells


def _start_row(element: Element, cells: _Cells) -> None:
    """Some programs leave out the places of rows and cells: then each follows the one before."""
    number = element.get("r")
    cells.row = int(number) if number else cells.row + 1
    cells.column = -1
    cells.hidden_rows += element.get("hidden") in {"1", "true"}


def _take_cell(cell: Element, cells: _Cells, texts: list[str], styles: SheetStyles) -> None:
    cells.read += 1
    if cells.read > MAX_CELLS:
        raise ImportProblem(f"The sheet has more than {MAX_CELLS:,} cells.", "Split it into smaller files.")
    reference = cell.get("r")
    row, column = _place(reference) if reference else (cells.row, cells.column + 1)
    cells.column = column
    parts = {local(child.tag): child for child in cell}
    value = parts["v"].text if "v" in parts else None
    kind = cell.get("t", "n")
    if "f" in parts:
        cells.formulas += 1
        if value is None:
            rule = "a formula needs its stored result"
            mend = "Open the file in a spreadsheet program and save it, or paste the values."
            cells.faults.setdefault(row, {})[column] = Fault(f"={parts['f'].text or ''}", rule, mend)
            cells.rows.setdefault(row, {})[column] = "=" + (parts["f"].text or "")
            return
    if kind == "inlineStr":
        text = unescaped("".join(each.text or "" for each in cell.iter() if local(each.tag) == "t"))
    elif value is None:
        return
    elif kind == "s":
        text = texts[int(value)] if int(value) >= 0 else ""
    elif kind == "n":
        text = styles.shown(value, int(cell.get("s", "0")))
        if _LOST_DIGITS.fullmatch(value):
            rule = "a number of more than 15 digits has lost its last ones in the spreadsheet"
            mend = "Format the column as text and enter the code again."
            cells.faults.setdefault(row, {})[column] = Fault(value, rule, mend)
    elif kind == "b":
        text = "TRUE" if value == "1" else "FALSE"
    else:
        text = unescaped(value)
    if kind == "e":
        rule, mend = "a cell may hold no spreadsheet error", "Mend the formula or empty the cell."
        cells.faults.setdefault(row, {})[column] = Fault(value or "", rule, mend)
    if text:
        if column in cells.rows.setdefault(row, {}):
            raise ValueError("the same cell twice")
        cells.rows[row][column] = text


def _place(reference: str) -> tuple[int, int]:
    """Row (from 1) and column (from 0) of a reference such as B7. ValueError when it is none."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(f"no cell reference: {reference[:20]!r}")
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    if column > MAX_COLUMN or row > 1_048_576:
        raise ValueError("outside of any sheet")
    return row, column - 1


def _area(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    top, left = _place(first)
    bottom, right = _place(last or first)
    return top, left, bottom, right


def _table(cells: _Cells, file: str, sheet: Sheet, said: str) -> Table:
    filled = sorted(row for row, values in cells.rows.items() if any(text.strip() for text in values.values()))
    if not filled:
        raise ImportProblem(
            f"The sheet {sheet.name!r} is empty. {said}".rstrip(), "Name the sheet with the data (--sheet)."
        )
    if len(filled) > MAX_ROWS + 1:
        raise ImportProblem(f"The sheet has more than {MAX_ROWS:,} rows.", "Split it into smaller files.")
    top = cells.rows[filled[0]]
    width = max(column for column, text in top.items() if text.strip()) + 1
    header = check_header([top.get(column, "") for column in range(width)], file)
    table = Table(file, sheet.name, f"XLSX, sheet {sheet.name!r}", header, [])
    if len(filled) == 1:
        raise no_rows(file, said)
    table.blank_rows = filled[-1] - filled[0] + 1 - len(filled)
    for number in filled[1:]:
        _add_row(table, number, cells.rows[number], width)
    table.rows_seen = len(filled) - 1
    table.faults = {row: faults for row, faults in cells.faults.items() if row > filled[0]}
    mark_control_characters(table)
    if filled[0] in cells.faults:
        raise ImportProblem("The header row holds a formula or an error.", "Write the column names as text.")
    return table


def _add_row(table: Table, number: int, values: dict[int, str], width: int) -> None:
    beyond = [text for column, text in values.items() if column >= width and text.strip()]
    if beyond:
        rule = f"a row has as many cells as the header ({width})"
        table.report(number, "", beyond[0], rule, "Name the column, or empty the cell.")
        return
    table.rows.append(Row(number, [values.get(column, "") for column in range(width)]))


def _say_what_is_odd(table: Table, cells: _Cells) -> None:
    if cells.formulas:
        table.warnings.append(f"{cells.formulas} cells are formulas; their stored results were read.")
    if cells.hidden_rows:
        table.warnings.append(f"{cells.hidden_rows} hidden rows were read like the others.")
    for top, left, bottom, right in cells.merged:
        for row in table.rows:
            if top <= row.number <= bottom and left < len(table.header):
                table.faults.setdefault(row.number, {})[left] = Fault(
                    f"merged with {bottom - top + 1} × {right - left + 1} cells",
                    "a cell of the table may not be merged with others",
                    "Unmerge the cells and write each value in its own.",
                )

"""XLSX to a table of text cells, read cell by cell: dates as ISO text, formulas by their stored result."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # only for the type; parsing is defused

from lib.domain.errors import ImportProblem
from lib.exchange.archives import entry_bytes, local, open_zip, xml_pieces
from lib.exchange.read_options import ReadOptions
from lib.exchange.tables import MAX_ROWS, Fault, Row, Table, check_header, mark_control_characters, no_rows
from lib.exchange.workbook_parts import Sheet, SheetStyles, choose_sheet, shared_texts, sheets, unescaped

MAX_CELLS = 2_000_000
MAX_CHARACTERS = 100_000_000
"""In all cells together: one long shared text may stand in many cells and would be read again for each."""

MAX_COLUMN = 16_384

_LOST_DIGITS = re.compile(r"-?\d{16,}|-?\d(?:\.\d+)?E\+(?:1[5-9]|[2-9]\d|\d{3,})", re.ASCII | re.IGNORECASE)
_NO_RESULT = (
    "a formula needs its stored result",
    "Open the file in a spreadsheet program and save it, or paste the values.",
)
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
    characters: int = 0
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
    try:
        for kind, element in xml_pieces(content, "The workbook", _PIECES, _INSIDE_CELLS):
            if kind == "row":
                _start_row(element, cells)
            elif kind == "c":
                _take_cell(element, cells, texts, styles)
            else:
                cells.merged.append(_area(element.get("ref", "")))
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
    if column >= MAX_COLUMN:
        raise ValueError("outside of any sheet")
    cells.column = column
    parts = {local(child.tag): child for child in cell}
    value = parts["v"].text if "v" in parts else None
    cells.formulas += "f" in parts
    if "f" in parts and value is None:
        text = "=" + (parts["f"].text or "")
        fault: Fault | None = Fault(text, *_NO_RESULT)
    else:
        text = _text_of(cell, value, texts, styles)
        fault = _fault_of(cell.get("t", "n"), value or "")
    cells.characters += len(text)
    if cells.characters > MAX_CHARACTERS:
        raise ImportProblem(f"The sheet holds more than {MAX_CHARACTERS:,} characters.", "Split it into smaller files.")
    if fault:
        cells.faults.setdefault(row, {})[column] = fault
    if text:
        if column in cells.rows.setdefault(row, {}):
            raise ValueError("the same cell twice")
        cells.rows[row][column] = text


def _text_of(cell: Element, value: str | None, texts: list[str], styles: SheetStyles) -> str:
    """The cell as text: shared or own text, number as stored or as its date, TRUE or FALSE."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return unescaped("".join(each.text or "" for each in cell.iter() if local(each.tag) == "t"))
    if value is None:
        return ""
    if kind == "s":
        place = int(value)
        if place < 0:
            raise IndexError("no such text")
        return texts[place]
    if kind == "n":
        return styles.shown(value, int(cell.get("s", "0")))
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    return unescaped(value)


def _fault_of(kind: str, value: str) -> Fault | None:
    if kind == "e":
        return Fault(value, "a cell may hold no spreadsheet error", "Mend the formula or empty the cell.")
    if kind == "n" and _LOST_DIGITS.fullmatch(value):
        rule = "a number of more than 15 digits has lost its last ones in the spreadsheet"
        return Fault(value, rule, "Format the column as text and enter the code again.")
    return None


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
            f"The sheet {sheet.name!r} is empty. {said}".rstrip(), "Name the sheet with the data (terminal: --sheet)."
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

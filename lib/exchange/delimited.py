"""CSV and TSV to a table of text cells: nothing is converted, nothing is shifted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from lib.domain.errors import ImportProblem
from lib.exchange.file_bytes import CONTROL, MAX_UPLOAD_BYTES, decode
from lib.exchange.read_options import ReadOptions
from lib.exchange.tables import MAX_ROWS, Row, Table, check_header, mark_control_characters, no_rows

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_NAMED = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t"}

# The csv module's own limit would stop a long note; ours stands at the upload and at the reader of the cell.
csv.field_size_limit(MAX_UPLOAD_BYTES)


def read_delimited(data: bytes, file: str, options: ReadOptions) -> Table:
    """A table from CSV or TSV bytes. ImportProblem when the file as a whole cannot be read."""
    text, encoding = decode(data, options.encoding)
    _check_tabular(text)
    text, named = _separator_line(text)
    delimiter = _delimiter(text, options.delimiter or named)
    records = _records(text, delimiter)
    number, header_cells = _first_filled(records)
    header = check_header(header_cells, file)
    table = Table(file, "", f"CSV ({DELIMITERS[delimiter]}, {encoding})", header, [])
    _fill(table, records)
    if delimiter == "," and number > 1:
        table.warnings.append(f"{number - 1} blank lines stand above the header.")
    if CONTROL.search(text):
        mark_control_characters(table)
    return table


def _check_tabular(text: str) -> None:
    start = text.lstrip()[:200].casefold()
    if not start:
        raise ImportProblem("The file holds no text, only blanks.", "Export it again and check that it opens.")
    if re.match(r"<(!doctype|html|table|\?xml|head|body|meta)", start):
        raise ImportProblem(
            "The file is a web page or XML, whatever its name says.", "Save it as CSV or XLSX and import that."
        )
    if re.match(r'[\[{]\s*["{\[}\]]', start):
        raise ImportProblem("The file is JSON, not a table.", "Export it as CSV or XLSX.")


def _separator_line(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;` names the delimiter and is no data."""
    found = re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE)
    return (text[found.end() :], found.group(1)) if found else (text, None)


def _delimiter(text: str, named: str | None) -> str:
    """The delimiter by the header row: the one that makes most columns. ImportProblem when two make as many."""
    if named:
        delimiter = _NAMED.get(named, named)
        if delimiter not in DELIMITERS:
            raise ImportProblem(f"The delimiter {named!r} is not known.", "Comma, semicolon or tab.")
        return delimiter
    widths = {mark: _header_width(text, mark) for mark in DELIMITERS}
    widest = max(widths.values())
    best = [mark for mark, width in widths.items() if width == widest]
    if widest < 2:
        raise ImportProblem(
            "No columns were found: the first line holds no comma, semicolon or tab.",
            "Export as CSV with a header row.",
        )
    if len(best) > 1:
        names = " and ".join(DELIMITERS[mark] for mark in best)
        raise ImportProblem(
            f"The header mixes delimiters: {names} fit equally.", "Export with one, or name it (terminal: --delimiter)."
        )
    return best[0]


def _header_width(text: str, delimiter: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return next((len(record) for record in reader if any(cell.strip() for cell in record)), 0)
    except csv.Error:
        return 0


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if number > MAX_ROWS + 1:
                raise ImportProblem(f"The file has more than {MAX_ROWS:,} rows.", "Split it into smaller files.")
            yield number, record
    except csv.Error as error:
        raise ImportProblem(
            f"Row {number + 1} cannot be read: its quotation marks do not pair up ({error}).",
            'A cell with quotation marks must be quoted whole, each mark inside doubled: "she said ""no""".',
        ) from error


def _first_filled(records: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    for number, record in records:
        if any(cell.strip() for cell in record):
            return number, record
    raise ImportProblem("The file holds no rows.", "Export it again and check that it opens.")


def _fill(table: Table, records: Iterator[tuple[int, list[str]]]) -> None:
    """Rows of the header's width; others are problems and give no value: a short row is never filled up."""
    width = len(table.header)
    for number, record in records:
        if len(record) == width and record[0]:
            table.rows_seen += 1
            table.rows.append(Row(number, record))
        elif not any(cell.strip() for cell in record):
            table.blank_rows += 1
        elif len(record) == width:
            table.rows_seen += 1
            table.rows.append(Row(number, record))
        else:
            table.rows_seen += 1
            table.report(
                number,
                "",
                f"{len(record)} cells",
                f"a row has as many cells as the header ({width})",
                "Check for a missing or extra delimiter, or a text with a delimiter that is not quoted.",
            )
    if not table.rows_seen:
        raise no_rows(table.file)

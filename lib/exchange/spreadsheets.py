"""One table out of an upload, whatever its format: CSV, TSV or XLSX, by content and never by name."""

from __future__ import annotations

from lib.domain.errors import ImportProblem
from lib.exchange.archives import Package, package_kind
from lib.exchange.delimited import read_delimited
from lib.exchange.file_bytes import Content, content_of
from lib.exchange.read_options import ReadOptions
from lib.exchange.tables import Table, restore_neutralised
from lib.exchange.workbooks import read_workbook


def read_table(data: bytes, file_name: str, options: ReadOptions) -> Table:
    """The table of the file, every cell as text. ImportProblem when the file as a whole cannot be read."""
    if content_of(data) is Content.TEXT:
        table = read_delimited(data, file_name, options)
    elif package_kind(data) is Package.WORKBOOK:
        table = read_workbook(data, file_name, options)
        if not file_name.casefold().endswith(".xlsx"):
            table.warnings.append("The file is an XLSX workbook, whatever its name says, and was read as one.")
    else:
        raise ImportProblem("The file is no table.", "A table comes as CSV, TSV or XLSX.")
    restore_neutralised(table)
    return table

"""Options every verb shares that reads a file, and what they mean for the reader."""

from __future__ import annotations

import argparse
from pathlib import Path

from lib.bootstrap import local_now
from lib.commands.context import Context, bytes_of
from lib.domain.errors import InvalidInput
from lib.exchange.mappings import ColumnMapping, mapping_from_json
from lib.exchange.read_options import ReadOptions
from lib.services import mappings


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """How to read a file where it does not say so itself."""
    parser.add_argument(
        "--date-format", metavar="FORMAT", help="order of day, month and year: d/m/y, m/d/y, %%d.%%m.%%Y"
    )
    parser.add_argument("--mapping", metavar="NAME", help="a saved column mapping, or a mapping file ending in .json")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook; else the first")
    parser.add_argument("--encoding", metavar="NAME", help="the encoding of a text file; else UTF-8")
    parser.add_argument("--delimiter", metavar="CHARACTER", help="what parts the cells of a text file; else found out")
    parser.add_argument("--decimal", choices=(".", ","), help="the decimal sign; else found out")


def read_options(context: Context, chosen: argparse.Namespace) -> ReadOptions:
    """The options of one call. The saved mapping is looked up; a mapping file is read."""
    return ReadOptions(
        today=local_now().date(),
        date_format=chosen.date_format,
        sheet=chosen.sheet,
        encoding=chosen.encoding,
        delimiter=chosen.delimiter,
        decimal=chosen.decimal,
        mapping=_mapping(context, chosen.mapping) if chosen.mapping else None,
    )


def _mapping(context: Context, name: str) -> ColumnMapping:
    if name.endswith(".json") and Path(name).exists():
        return mapping_file(name)
    with context.reading() as (session, actor, _now):
        return mappings.saved_mapping(session, actor, name)


def mapping_file(path: str) -> ColumnMapping:
    """The mapping a JSON file holds. Raises InvalidInput or ImportProblem in words."""
    try:
        return mapping_from_json(bytes_of(path)[0].decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8 text.", "Save the mapping as UTF-8.", field="mapping") from error

"""What a file is, in words, before anything is read into values."""

from __future__ import annotations

from lib.domain.errors import ImportProblem
from lib.domain.instruments import Instruments
from lib.exchange.archives import Package, open_zip, package_kind
from lib.exchange.columns import shown
from lib.exchange.file_bytes import Content, content_of
from lib.exchange.mapped_tables import apply_mapping
from lib.exchange.note_archives import list_notes
from lib.exchange.note_names import NOTE_ENDINGS
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import instruments_by_alias
from lib.exchange.score_sheets import score_shape
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import header_key


def recognise(data: bytes, file_name: str, instruments: Instruments, options: ReadOptions) -> str:
    """The kind of a file in words: "scores, wide", "scores, long", "scores, totals", "marker ratings",
    "notes, table", "notes, one file", "notes, archive of 3 files".

    By content; the name only tells a text note from a table. ImportProblem when it is nothing known here."""
    content = content_of(data)
    kind = package_kind(data) if content is Content.ZIP else None
    if kind is Package.ARCHIVE:
        with open_zip(data) as package:
            return f"notes, archive of {len(list_notes(package).entries)} files"
    if kind is Package.DOCUMENT or (kind is None and file_name.casefold().endswith(NOTE_ENDINGS)):
        return "notes, one file"
    by_alias = instruments_by_alias(instruments)
    table = apply_mapping(read_table(data, file_name, options), options.mapping, by_alias)
    keys = {header_key(name) for name in table.header}
    if {"marker", "level"} <= keys:
        return "marker ratings"
    if "text" in keys:
        return "notes, table"
    shape = score_shape(table, by_alias)
    if shape:
        return f"scores, {shape}"
    raise ImportProblem(
        f"This table is of no kind known here. Its columns are: {shown(table)}.",
        "Rename its columns, or make a column mapping for it once.",
    )

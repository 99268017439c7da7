"""Score sheets of every shape (wide, long, totals) to checked administrations. Nothing is written."""

from __future__ import annotations

from collections import Counter

from lib.domain.errors import ImportProblem
from lib.domain.imports import AdministrationIn, Parsed
from lib.domain.instruments import Instrument, Instruments
from lib.exchange.columns import require, shown
from lib.exchange.long_scores import read_long
from lib.exchange.mapped_tables import apply_mapping
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import RowReader, instruments_by_alias
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import Table, header_key
from lib.exchange.total_scores import read_totals
from lib.exchange.wide_columns import has_items
from lib.exchange.wide_scores import read_wide


def read_scores(data: bytes, file_name: str, instruments: Instruments, options: ReadOptions) -> Parsed:
    """Administrations from CSV, TSV or XLSX bytes: wide, long or totals, told apart by the columns.

    Rows that break a rule become problems and give no value. ImportProblem when the file as a whole cannot be read."""
    by_alias = instruments_by_alias(instruments)
    table = apply_mapping(read_table(data, file_name, options), options.mapping, by_alias)
    shape = score_shape(table, by_alias)
    if shape is None:
        said = " ".join(table.warnings[:1])
        raise ImportProblem(
            f"This is not a table of scores known here. Its columns are: {shown(table)}. {said}".rstrip(),
            "Scores have client, date, instrument and item_1 …, or item and answer, or score. Else use a mapping.",
        )
    require(table, ("client", "date"), "Scores")
    reader = RowReader(table, options)
    forms = {"wide": read_wide, "long": read_long, "totals": read_totals}[shape](reader, by_alias)
    return reader.parsed("scores", _in_words(shape, forms, by_alias), administrations=forms)


def score_shape(table: Table, by_alias: dict[str, Instrument]) -> str | None:
    """ "wide", "long" or "totals" by the columns; None when it is no score sheet. ImportProblem when it is two."""
    keys = {header_key(name) for name in table.header}
    shapes = []
    if {"item", "answer"} <= keys:
        shapes.append("long")
    if "score" in keys:
        shapes.append("totals")
    if has_items(keys, by_alias):
        shapes.append("wide")
    if len(shapes) > 1:
        raise ImportProblem(
            f"The columns fit {' and '.join(shapes)} scores at once: {shown(table)}.",
            "Keep the columns of one shape, or use a column mapping.",
        )
    return shapes[0] if shapes else None


def _in_words(shape: str, forms: tuple[AdministrationIn, ...], by_alias: dict[str, Instrument]) -> str:
    names = {instrument.id: instrument.short_name for instrument in by_alias.values()}
    counts = Counter(form.instrument for form in forms)
    forms_told = ", ".join(f"{number} {names[key]}" for key, number in sorted(counts.items())) or "no forms"
    return f"scores, {shape}: {forms_told}"

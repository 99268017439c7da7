"""Reading files for the screen: bytes of an upload become checked values, its kind told by its content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lib.domain.definitions import Definitions
from lib.domain.errors import ImportProblem, InvalidInput
from lib.domain.imports import Parsed
from lib.exchange.archives import Package, package_kind
from lib.exchange.file_bytes import Content, content_of
from lib.exchange.mappings import ColumnMapping, mapping_from_json
from lib.exchange.marker_sheets import read_markers
from lib.exchange.note_files import read_notes
from lib.exchange.read_options import ReadOptions
from lib.exchange.score_sheets import read_scores
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import header_key
from lib.services import collector

__all__ = [
    "ColumnMapping",
    "FileKind",
    "MappingDraft",
    "ReadingAnswers",
    "TotalSeries",
    "column_names",
    "make_mapping",
    "read_upload",
]


class FileKind(StrEnum):
    """What a file may hold."""

    SCORES = "scores"
    MARKERS = "markers"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class ReadingAnswers:
    """What the person answered about a file; None means "find out, or ask"."""

    date_format: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    mapping: ColumnMapping | None = None


@dataclass(frozen=True, slots=True)
class TotalSeries:
    """Columns of totals of one scale in the order of time: from `first_day` after the start, one each `every_days`.

    `first_day` None: they are of the row's own day."""

    instrument: str
    columns: tuple[str, ...]
    scale: str = ""
    first_day: int | None = 0
    every_days: int = 7


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A column mapping as the screen asks for it: columns of items, or one or more series of totals.

    Dates come from `date_column`, or from `days_column`, which counts the days from `starts_on`; without either,
    `starts_on` is the day of all items, or the day series count from.
    `item_columns` maps their columns to item ids, which name their instrument."""

    name: str
    client_column: str
    date_column: str = ""
    days_column: str = ""
    starts_on: date | None = None
    item_columns: tuple[tuple[str, str], ...] = ()
    series: tuple[TotalSeries, ...] = ()
    missing_codes: tuple[str, ...] = ()
    client_integral: bool = False


@collector.at_rest()
def read_upload(
    data: bytes,
    file_name: str,
    answers: ReadingAnswers,
    definitions: Definitions,
    today: date,
    kind: FileKind | None = None,
) -> Parsed:
    """The file read and checked, nothing written; `kind` None recognises it by its content.

    Raises ImportProblem when the file as a whole cannot be read."""
    options = _options(answers, today)
    model = definitions.model
    match kind or recognised_kind(data, file_name, options):
        case FileKind.MARKERS:
            return read_markers(
                data, file_name, definitions.instruments, options, markers=model.markers, contexts=model.contexts
            )
        case FileKind.NOTES:
            return read_notes(data, file_name, definitions.instruments, options)
        case FileKind.SCORES:
            return read_scores(data, file_name, definitions.instruments, options)


def recognised_kind(data: bytes, file_name: str, options: ReadOptions) -> FileKind:
    """What the content is: an archive or document is notes; a table is told by the names of its columns."""
    if content_of(data) is Content.ZIP and package_kind(data) is not Package.WORKBOOK:
        return FileKind.NOTES
    try:
        header = read_table(data, file_name, options).header
    except ImportProblem:
        # Running text is no table: its dated name then says whose note it is, else the table's problem is told.
        if file_name.casefold().endswith((".txt", ".md")):
            return FileKind.NOTES
        raise
    keys = {header_key(name) for name in header}
    if options.mapping is not None:
        keys = {header_key(ours) for ours in (*options.mapping.columns.values(), *options.mapping.constants)}
    elif "client" not in keys and file_name.casefold().endswith((".txt", ".md")):
        return FileKind.NOTES
    if {"marker", "level"} <= keys:
        return FileKind.MARKERS
    return FileKind.NOTES if "text" in keys else FileKind.SCORES


def column_names(data: bytes, file_name: str, answers: ReadingAnswers, today: date) -> tuple[str, ...]:
    """The names of a table's columns, for making a mapping. Raises ImportProblem when it is no table."""
    return tuple(name for name in read_table(data, file_name, _options(answers, today)).header if name)


def make_mapping(draft: MappingDraft) -> ColumnMapping:
    """The mapping that the answers describe. Raises InvalidInput for what is missing, ImportProblem for the rest."""
    if not draft.name.strip():
        raise InvalidInput("The mapping has no name.", "Name it, so that it can be used again.", "name")
    if bool(draft.item_columns) == bool(draft.series):
        raise InvalidInput("Choose the columns of items, or the columns of totals.", field="columns")
    if not draft.date_column and draft.starts_on is None:
        raise InvalidInput("The rows have no date.", "Choose the column of dates, or state the day.", "date")
    content: dict[str, Any] = {
        "name": draft.name.strip(),
        "missing_codes": list(draft.missing_codes),
        "client_integral": draft.client_integral,
        "ignore_other_columns": True,
        "columns": {draft.client_column: "client", **dict(draft.item_columns)}
        | ({draft.date_column: "date"} if draft.date_column else {}),
        "totals": [total for series in draft.series for total in _totals(series, bool(draft.date_column))],
    }
    if not draft.date_column and draft.starts_on is not None:
        counts = bool(draft.series or draft.days_column)
        content["date_rule"] = {"start" if counts else "on": draft.starts_on.isoformat()}
        if draft.days_column:
            content["date_rule"] |= {"offset_column": draft.days_column}
    return mapping_from_json(json.dumps(content))


def _totals(series: TotalSeries, has_dates: bool) -> list[dict[str, object]]:
    total: dict[str, object] = {"instrument": series.instrument, "scale": series.scale}
    if has_dates or series.first_day is None:
        return [total | {"column": name} for name in series.columns]
    return [
        total | {"column": name, "offset_days": series.first_day + series.every_days * place}
        for place, name in enumerate(series.columns)
    ]


def _options(answers: ReadingAnswers, today: date) -> ReadOptions:
    return ReadOptions(
        today=today,
        date_format=answers.date_format,
        sheet=answers.sheet,
        encoding=answers.encoding,
        delimiter=answers.delimiter,
        decimal=answers.decimal,
        mapping=answers.mapping,
    )

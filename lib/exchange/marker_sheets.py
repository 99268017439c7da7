"""Clinician ratings of growth markers from a table: `client,date,marker,level[,context,evidence]`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lib.domain.errors import ImportProblem
from lib.domain.imports import MarkerRatingIn, Parsed
from lib.domain.instruments import Instruments
from lib.exchange.cell_values import whole_number
from lib.exchange.columns import refuse_leftovers, require
from lib.exchange.mapped_tables import apply_mapping
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import RowReader, instruments_by_alias
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import Row

COLUMNS = ("client", "date", "marker", "level", "context", "evidence")
MARKERS: Final = ("trust", "needs", "presence", "vulnerability", "reciprocity")
"""Keys of the five growth markers, when the caller hands in none from the clinical model."""
CONTEXTS: Final = ("partner", "family", "friends", "work", "therapist", "group", "self")
HIGHEST_LEVEL = 4
_NOT_ENOUGH = "ne"


def read_markers(
    data: bytes,
    file_name: str,
    instruments: Instruments,
    options: ReadOptions,
    *,
    markers: Collection[str] = MARKERS,
    contexts: Collection[str] = CONTEXTS,
) -> Parsed:
    """Ratings from CSV, TSV or XLSX bytes. Level `NE` (not enough evidence) becomes None, never zero.

    Rows that break a rule become problems. ImportProblem when the file as a whole cannot be read."""
    table = apply_mapping(read_table(data, file_name, options), options.mapping, instruments_by_alias(instruments))
    require(table, ("client", "date", "marker", "level"), "Marker ratings")
    reader = RowReader(table, options)
    refuse_leftovers(reader, {reader.at[name] for name in COLUMNS if name in reader.at})
    sheet = _Ratings(reader, tuple(markers), tuple(contexts))
    ratings = sheet.settled([rating for row in table.rows if (rating := sheet.rating(row)) is not None])
    return reader.parsed("markers", f"marker ratings: {len(ratings)} ratings", ratings=ratings)


class _Ratings:
    """One sheet of ratings, row after row."""

    def __init__(self, reader: RowReader, markers: tuple[str, ...], contexts: tuple[str, ...]) -> None:
        if not markers:
            raise ImportProblem("There are no markers to rate.", "Check the clinical model.")
        self.reader = reader
        self.markers = markers
        self.contexts = contexts

    def rating(self, row: Row) -> MarkerRatingIn | None:
        """One row's rating; None when it breaks a rule."""
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row):
            return None
        client = reader.client(row)
        rated_on = reader.date(row, client)
        marker = reader.choice(row, "marker", self.markers, "")
        context = reader.choice(row, "context", self.contexts, "")
        level = self._level(row)
        if marker == "":
            reader.fault(row, "marker", "", "a marker is needed here", f"Use one of: {', '.join(self.markers)}.")
        if row.number in reader.found.bad_rows or not (client and rated_on and marker) or context is None:
            return None
        evidence = reader.cell(row, "evidence")
        return MarkerRatingIn(client, rated_on, marker, level, context, evidence, row.number)

    def _level(self, row: Row) -> int | None:
        text = self.reader.cell(row, "level")
        if text.strip().casefold() == _NOT_ENOUGH:
            return None
        level = whole_number(text)
        if level is None or not 0 <= level <= HIGHEST_LEVEL or text.strip().startswith("-"):
            self.reader.fault(
                row,
                "level",
                text,
                f"a level is 0 to {HIGHEST_LEVEL}, or NE for not enough evidence",
                "Write a whole number or NE; half points are not given.",
            )
            return None
        return level

    def settled(self, ratings: list[MarkerRatingIn]) -> tuple[MarkerRatingIn, ...]:
        """Each rating once; two different ones of the same marker, date and context are problems on all rows."""
        groups: dict[tuple[str, str, str, str], list[MarkerRatingIn]] = {}
        for rating in ratings:
            key = (rating.client_code, rating.rated_on.isoformat(), rating.marker, rating.context)
            groups.setdefault(key, []).append(rating)
        kept, repeated = [], 0
        for group in groups.values():
            if len({(rating.level, rating.evidence) for rating in group}) == 1:
                kept.append(group[0])
                repeated += len(group) - 1
                first, *again = (rating.row or 0 for rating in group)
                self.reader.found.repeats |= dict.fromkeys(again, first)
            else:
                self._contradict(group)
        if repeated:
            self.reader.found.warnings.append(f"{repeated} rows repeat a rating exactly and were counted once.")
        return tuple(kept)

    def _contradict(self, group: list[MarkerRatingIn]) -> None:
        listed = ", ".join(str(rating.row) for rating in group)
        for rating in group:
            self.reader.fault(
                Row(rating.row or 0, []),
                "level",
                "NE" if rating.level is None else str(rating.level),
                f"{rating.marker} of {rating.rated_on.isoformat()} stands in rows {listed} with different content",
                "Keep the right one and remove the others.",
            )

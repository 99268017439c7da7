"""Scores of sources about markers: `client,marker,date,source,value[,confidence]`, one score a row; or T scores side by
side, one day a row (`day` or `date`, and a column `y_SOURCE` each)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.errors import ImportProblem
from lib.domain.goal_scaling import HIGHEST as BEST_GOAL
from lib.domain.goal_scaling import LOWEST as WORST_GOAL
from lib.domain.instruments import Instruments
from lib.domain.marker_definitions import CLIENT, CLINICIAN, GOALS, UNNAMED
from lib.exchange.cell_values import number, whole_number
from lib.exchange.columns import refuse_leftovers, require
from lib.exchange.read_options import ReadOptions
from lib.exchange.row_reading import RowReader, alias, instruments_by_alias
from lib.exchange.spreadsheets import read_table
from lib.exchange.tables import Row

COLUMNS = ("client", "marker", "date", "source", "value", "confidence")
CONFIDENCES = ("low", "medium", "high")
DAY_ZERO = date(2000, 1, 1)  # what `day` 0 is called inside, where a file counts days from nowhere in particular
LAST_DAY = 36_500
T_SCORES = (0.0, 100.0)
NO_LEVEL_FROM = 10.0  # a rating or goal of so much is far above every level (4) and attainment (2): a T score
_NOTHING = ("", "ne", "na")
NAMES = {
    "clinician": CLINICIAN, "therapist": CLINICIAN, "clinicianrating": CLINICIAN,
    "client": CLIENT, "clientrating": CLIENT,
    "gas": GOALS, "goal": GOALS, "goals": GOALS,
    "questionnaire": UNNAMED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceScore:
    """One score as the file has it. `value` None: NE, or an empty cell; the day is asked about all the same.

    `is_t`: the value is on the scale T already. `rating` of one source and day by whoever is meant by that source."""

    client: str
    marker: str
    on: date
    source: str
    value: float | None
    confidence: str = "medium"
    is_t: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class SourceScores:
    """Every score of a file in its order. `counts_days`: dates are days from `DAY_ZERO`. `in_t`: all are T scores."""

    scores: tuple[SourceScore, ...]
    counts_days: bool
    in_t: bool


def read_marker_series(
    data: bytes,
    file_name: str,
    instruments: Instruments,
    options: ReadOptions,
    markers: Collection[str],
    *,
    in_t: bool = False,
) -> SourceScores:
    """Every score of the file. ImportProblem names each row that breaks a rule; then none is given.

    Ratings are levels 0-4 or NE, goals -2 to 2, a named scale (`ecr_r.avoidance`) its score, `questionnaire` a T score;
    with `in_t`, or where no rating and no goal of the file could be one, every value is a T score. Goals of one day
    may be several; anything else stands once a day."""
    reader = RowReader(read_table(data, file_name, options), options)
    wide = [name for name in reader.at if name.startswith("y_")]
    sheet = (
        _Wide(reader, instruments, tuple(markers), wide) if wide else _Long(reader, instruments, tuple(markers), in_t)
    )
    scores = [score for row in reader.table.rows for score in sheet.scores(row)]
    kept = _once(reader, scores)
    if reader.found.problems:
        raise ImportProblem(f"{file_name} was not estimated: some rows are wrong.", problems=reader.found.problems)
    return SourceScores(tuple(kept), sheet.counts_days, sheet.in_t)


class _Sheet:
    """What both shapes share: whose row it is, about which marker, of which day, and how a value is read."""

    def __init__(self, reader: RowReader, instruments: Instruments, markers: tuple[str, ...], in_t: bool) -> None:
        self.reader = reader
        self.instruments = instruments
        self.by_alias = instruments_by_alias(instruments)
        self.markers = markers
        self.in_t = in_t or self._holds_t_scores()
        self.counts_days = "date" not in reader.at and "day" in reader.at

    def _holds_t_scores(self) -> bool:
        """Whether the ratings and goals of a long sheet are all too high for levels."""
        reader = self.reader
        texts = [
            reader.cell(row, "value").strip(" \t")
            for row in reader.table.rows
            if NAMES.get(alias(reader.cell(row, "source"))) in (CLINICIAN, CLIENT, GOALS)
        ]
        values = [number(text, reader.table.decimal) for text in texts if text.casefold() not in _NOTHING]
        return bool(values) and all(value is not None and value >= NO_LEVEL_FROM for value in values)

    def day(self, row: Row, client: str | None) -> date | None:
        """The row's date, or its number of days."""
        if not self.counts_days:
            return self.reader.date(row, client)
        text = self.reader.cell(row, "day")
        days = whole_number(text, self.reader.table.decimal)
        if days is None or not 0 <= days <= LAST_DAY:
            rule = f"a day is a whole number from 0 to {LAST_DAY}"
            self.reader.fault(row, "day", text, rule, "Count days from the first one, or give dates.")
            return None
        return DAY_ZERO + timedelta(days=days)

    def source(self, name: str) -> str | None:
        """The source's key; None when there is no such source."""
        known = NAMES.get(alias(name))
        if known is not None:
            return known
        before, dot, scale = name.strip().casefold().rpartition(".")
        instrument = self.by_alias.get(alias(before)) if dot else None
        return None if instrument is None else f"{instrument.id}.{scale}" if self._has(instrument.id, scale) else None

    def _has(self, instrument: str, scale: str) -> bool:
        return any(one.key == scale for one in self.instruments[instrument].scales)

    def value(self, row: Row, column: str, source: str) -> float | None:
        """The value by the rule of its source; None for an empty cell or NE, and for one that breaks its rule."""
        text = self.reader.cell(row, column).strip(" \t")
        if text.casefold() in _NOTHING:
            return None
        if self.in_t or source == UNNAMED:
            return self._between(row, column, text, *T_SCORES, "a T score")
        if "." in source:
            scale = self.instruments[source.split(".")[0]].scale(source.split(".")[1])
            return self._between(row, column, text, scale.low, scale.high, scale.name)
        low, high, what = (WORST_GOAL, BEST_GOAL, "attainment") if source == GOALS else (0, 4, "a level")
        return self._whole(row, column, text, low, high, what)

    def _between(self, row: Row, column: str, text: str, low: float, high: float, what: str) -> float | None:
        found = number(text, self.reader.table.decimal)
        if found is None or not low <= found <= high:
            rule = f"{what} is a number from {low:g} to {high:g}"
            self.reader.fault(row, column, text, rule, "Correct it, or leave it empty when it is missing.")
            return None
        return found

    def _whole(self, row: Row, column: str, text: str, low: int, high: int, what: str) -> float | None:
        found = whole_number(text, self.reader.table.decimal)
        if found is None or not low <= found <= high:
            mend = "Half points are not given; NE is not enough evidence. For T scores add --metric t."
            self.reader.fault(row, column, text, f"{what} is a whole number from {low} to {high}", mend)
            return None
        return float(found)


class _Long(_Sheet):
    """One score a row."""

    def __init__(self, reader: RowReader, instruments: Instruments, markers: tuple[str, ...], in_t: bool) -> None:
        super().__init__(reader, instruments, markers, in_t)
        day = "day" if self.counts_days else "date"
        require(reader.table, ("client", "marker", day, "source", "value"), "Marker scores")
        refuse_leftovers(reader, {reader.at[name] for name in (*COLUMNS, day) if name in reader.at})

    def scores(self, row: Row) -> list[SourceScore]:
        """The row's score; none when it breaks a rule."""
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row):
            return []
        client = reader.client(row)
        on, marker = self.day(row, client), reader.choice(row, "marker", self.markers, "")
        confidence = reader.choice(row, "confidence", CONFIDENCES, "medium")
        if marker == "":
            reader.fault(row, "marker", "", "a marker is needed here", f"Use one of: {', '.join(self.markers)}.")
        name = reader.cell(row, "source")
        source = self.source(name)
        if source is None:
            listed = ", ".join([CLINICIAN, CLIENT, GOALS, UNNAMED])
            mend = f"Use one of: {listed}; or a scale such as ecr_r.avoidance."
            reader.fault(row, "source", name, "no known source", mend)
        value = self.value(row, "value", source) if source is not None else None
        if (
            row.number in reader.found.bad_rows
            or client is None
            or on is None
            or not (source and marker and confidence)
        ):
            return []
        is_t = self.in_t or source == UNNAMED
        return [SourceScore(client, marker, on, source, value, confidence, is_t, row.number)]


class _Wide(_Sheet):
    """One day a row, T scores side by side; client and marker may be left out where there is one of each."""

    def __init__(
        self, reader: RowReader, instruments: Instruments, markers: tuple[str, ...], columns: list[str]
    ) -> None:
        super().__init__(reader, instruments, markers, in_t=True)
        day = "day" if self.counts_days else "date"
        require(reader.table, (day,), "T scores side by side")
        self.columns = {}
        for column in columns:
            source = self.source(column.removeprefix("y_"))
            if source is not None:
                self.columns[column] = source
        named = [name for name in ("client", "marker", day, *self.columns) if name in reader.at]
        if len(self.columns) < len(columns):
            refuse_leftovers(reader, {reader.at[name] for name in named})

    def scores(self, row: Row) -> list[SourceScore]:
        """The row's scores, one a source; none when it breaks a rule."""
        reader = self.reader
        if reader.unreadable(row) or reader.too_long(row):
            return []
        client = reader.client(row) if "client" in reader.at else "-"
        on, marker = self.day(row, client), reader.choice(row, "marker", self.markers, self.markers[0])
        values = {source: self.value(row, column, source) for column, source in self.columns.items()}
        if row.number in reader.found.bad_rows or client is None or on is None or marker is None:
            return []
        return [SourceScore(client, marker, on, key, each, is_t=True, row=row.number) for key, each in values.items()]


def _once(reader: RowReader, scores: list[SourceScore]) -> list[SourceScore]:
    """Each score once; two different ones of one source, marker and day are problems on all their rows."""
    groups: dict[tuple[str, str, date, str], list[SourceScore]] = {}
    for score in scores:
        groups.setdefault((score.client, score.marker, score.on, score.source), []).append(score)
    kept = []
    for group in groups.values():
        if group[0].source == GOALS and not group[0].is_t:
            kept += group
            continue
        kept.append(group[0])
        if len({(score.value, score.confidence) for score in group}) > 1:
            listed = ", ".join(str(score.row) for score in group)
            for score in group:
                rule = f"{score.source} says two things about {score.marker} on one day, in rows {listed}"
                reader.fault(Row(score.row, []), "value", f"{score.value}", rule, "Keep the right one.")
    return kept

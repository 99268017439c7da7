"""A saved mapping applied: another system's table becomes one in our columns, with its row numbers kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lib.domain.errors import ImportProblem
from lib.domain.instruments import Instrument
from lib.exchange.cell_values import whole_number
from lib.exchange.mappings import ColumnMapping, MappedTotal
from lib.exchange.row_reading import alias
from lib.exchange.tables import Fault, Row, Table, header_key
from lib.exchange.wide_columns import item_column, scale_named

_TOTALS_HEADER = ("client", "date", "instrument", "scale", "score")
_MAX_OFFSET_DAYS = 36_525
"""A hundred years: more than that is no offset within a therapy."""


def apply_mapping(table: Table, mapping: ColumnMapping | None, by_alias: dict[str, Instrument]) -> Table:
    """The table in our own columns; the table itself without a mapping.

    ImportProblem when the mapping names a column the file lacks, leaves one out without saying so, or calls a
    valid answer missing. Rows whose date cannot be computed are problems."""
    if mapping is None:
        return table
    _check_columns(table, mapping)
    _check_missing_codes(mapping, by_alias)
    if mapping.totals:
        return _Melted(table, mapping, by_alias).table()
    return _renamed(table, mapping, by_alias)


def _check_columns(table: Table, mapping: ColumnMapping) -> None:
    rule = mapping.date_rule
    used = [*mapping.columns, *(total.column for total in mapping.totals)]
    used += [rule.offset_column] if rule.offset_column else []
    keys = {header_key(name) for name in table.header if name}
    lacking = [name for name in used if header_key(name) not in keys]
    if lacking:
        raise ImportProblem(
            f"The mapping {mapping.name!r} names columns this file lacks: {', '.join(map(repr, lacking))}.",
            "Check that this is the export the mapping was made for.",
        )
    ours = [header_key(name) for name in [*mapping.columns.values(), *mapping.constants]]
    twice = sorted({name for name in ours if ours.count(name) > 1})
    if twice:
        raise ImportProblem(f"The mapping {mapping.name!r} fills {twice[0]!r} twice.", "Map one column to it.")
    if "date" in ours and _has_date_rule(mapping) and not mapping.totals:
        raise ImportProblem(f"The mapping {mapping.name!r} has a date column and a date rule.", "Keep one of them.")
    named = {header_key(name) for name in [*used, *mapping.ignore]}
    left = [name for name in table.header if name and header_key(name) not in named]
    if left and not mapping.ignore_other_columns:
        names = ", ".join(map(repr, left[:20]))
        raise ImportProblem(
            f"The mapping {mapping.name!r} says nothing of these columns: {names}.",
            "Map them, list them under `ignore`, or set `ignore_other_columns` to true.",
            [table.problem(None, name, "", "every column is mapped or left out on purpose", "") for name in left],
        )
    if left:
        table.warnings.append(f"The mapping leaves these columns out: {', '.join(left[:20])}.")


def _check_missing_codes(mapping: ColumnMapping, by_alias: dict[str, Instrument]) -> None:
    for ours in mapping.columns.values():
        column = item_column(header_key(ours))
        instrument = by_alias.get(column[0]) if column else None
        for code in mapping.missing_codes if instrument else ():
            value = whole_number(code)
            if instrument and value is not None and instrument.minimum <= value <= instrument.maximum:
                raise ImportProblem(
                    f"The mapping {mapping.name!r} calls {code} missing, but it is an answer to "
                    f"{instrument.short_name}.",
                    "Take it out of missing_codes.",
                )


def _means_missing(text: str, codes: frozenset[str]) -> bool:
    """True for a code in the list, also when the file writes 7 as 7.0."""
    stripped = text.strip()
    if stripped in codes:
        return True
    value = whole_number(stripped)
    return value is not None and str(value) in codes


def _client(text: str, mapping: ColumnMapping) -> str:
    value = whole_number(text) if mapping.client_integral else None
    return text if value is None else str(value)


def _renamed(table: Table, mapping: ColumnMapping, by_alias: dict[str, Instrument]) -> Table:
    """The mapped columns under our names, constants and the computed date added."""
    at = {header_key(name): index for index, name in enumerate(table.header) if name}
    columns = [(at[header_key(theirs)], header_key(ours)) for theirs, ours in mapping.columns.items()]
    computed = _has_date_rule(mapping)
    header = [*(ours for _, ours in columns), *mapping.constants, *(["date"] if computed else [])]
    codes = frozenset(mapping.missing_codes)
    answers = [ours in {"answer", "score"} or _is_answer(ours, by_alias) for _, ours in columns]
    constants = list(mapping.constants.values())
    result = _emptied(table, tuple(header))
    missing = 0
    for row in table.rows:
        cells = [row.cells[index] for index, _ in columns]
        for place, (_, ours) in enumerate(columns):
            if ours == "client":
                cells[place] = _client(cells[place], mapping)
            elif codes and answers[place] and _means_missing(cells[place], codes):
                named = dict(zip(header, [*cells, *constants], strict=False))
                if said := _really_said(ours, cells[place], named, by_alias):
                    result.faults.setdefault(row.number, {})[place] = Fault(cells[place], *said)
                cells[place] = ""
                missing += 1
        day = _row_date(row, mapping, at, result) if computed else None
        if computed and day is None:
            continue
        result.rows.append(Row(row.number, [*cells, *constants, *([day.isoformat()] if day else [])]))
    _carry_faults(table, result, [index for index, _ in columns])
    if missing:
        result.warnings.append(f"{missing} answers were codes that mean no answer ({', '.join(sorted(codes))}).")
    return result


def _really_said(
    ours: str, text: str, named: Mapping[str, str], by_alias: Mapping[str, Instrument]
) -> tuple[str, str] | None:
    """Rule and mend where a code for no answer is an answer to this row's instrument: nobody can tell which it is.

    A column that names its instrument (`phq9_1`) is checked once, with the mapping."""
    instrument = by_alias.get(alias(named.get("instrument", "")))
    column, value = item_column(ours), whole_number(text)
    if instrument is None or value is None or (column and column[0]):
        return None
    low, high = float(instrument.minimum), float(instrument.maximum)
    if ours == "score":
        key = scale_named(instrument, named.get("scale", ""))
        if key is None:
            return None
        low, high = instrument.scale(key).low, instrument.scale(key).high
    if not low <= value <= high:
        return None
    what = "a score" if ours == "score" else "an answer"
    rule = f"{value} is {what} of {instrument.short_name}, and the mapping calls it missing"
    return rule, "Take it out of missing_codes, or map this instrument by itself."


def _is_answer(ours: str, by_alias: dict[str, Instrument]) -> bool:
    column = item_column(ours)
    return bool(column and (not column[0] or column[0] in by_alias)) or ours.endswith("total")


def _carry_faults(table: Table, result: Table, kept: list[int]) -> None:
    """Faults of mapped cells move with their column; those of columns left out are left out too."""
    for number, faults in table.faults.items():
        moved = {place: faults[index] for place, index in enumerate(kept) if index in faults}
        if moved:
            result.faults.setdefault(number, {}).update(moved)


def _emptied(table: Table, header: tuple[str, ...]) -> Table:
    return Table(
        table.file, table.sheet, table.described, header, [], table.rows_seen, table.blank_rows,
        table.problems, table.bad_rows, {}, table.warnings, table.decimal,
    )  # fmt: skip


def _has_date_rule(mapping: ColumnMapping) -> bool:
    rule = mapping.date_rule
    return rule.on is not None or rule.start is not None


def _row_date(row: Row, mapping: ColumnMapping, at: dict[str, int], result: Table) -> date | None:
    """The date the rule gives this row; a problem and None when its offset is no number of days."""
    rule = mapping.date_rule
    if rule.on or rule.start is None or not rule.offset_column:
        return rule.on or rule.start
    text = row.cells[at[header_key(rule.offset_column)]]
    days = whole_number(text)
    if days is not None and 0 <= days <= _MAX_OFFSET_DAYS:
        return rule.start + timedelta(days=days)
    broken = "an offset is a whole number of days from the start, 0 or more"
    result.report(row.number, rule.offset_column, text, broken, "Correct it, or remove the row.")
    return None


class _Melted:
    """Columns of totals turned into rows: one for each value, under the row's number and the column's name."""

    def __init__(self, source: Table, mapping: ColumnMapping, by_alias: dict[str, Instrument]) -> None:
        self.source = source
        self.mapping = mapping
        self.at = {header_key(name): index for index, name in enumerate(source.header) if name}
        self.codes = frozenset(mapping.missing_codes)
        self.result = _emptied(source, _TOTALS_HEADER)
        theirs = {header_key(ours): name for name, ours in mapping.columns.items()}
        extra = sorted(set(theirs) - {"client", "date"})
        if "client" not in theirs or extra:
            raise ImportProblem(
                f"The mapping {mapping.name!r} of totals maps {', '.join(extra) or 'no client'}.",
                "With totals, only client and date are mapped under `columns`.",
            )
        self.client_at = self.at[header_key(theirs["client"])]
        self.date_at = self.at[header_key(theirs["date"])] if "date" in theirs else None
        self.totals = [(total, self.at[header_key(total.column)]) for total in mapping.totals]
        for total, _ in self.totals:
            self._check(total, by_alias)

    def _check(self, total: MappedTotal, by_alias: dict[str, Instrument]) -> None:
        instrument = by_alias.get(alias(total.instrument))
        if instrument is None:
            raise ImportProblem(
                f"The mapping {self.mapping.name!r} names an unknown instrument {total.instrument!r}.",
                "Correct it, or add the instrument's definition.",
            )
        scale = scale_named(instrument, total.scale)
        if scale is None:
            names = ", ".join(each.key for each in instrument.scales)
            raise ImportProblem(f"{instrument.short_name} has no scale {total.scale!r}.", f"It has: {names}.")
        low, high = instrument.scale(scale).low, instrument.scale(scale).high
        for code in self.mapping.missing_codes:
            value = whole_number(code)
            if value is not None and low <= value <= high:
                raise ImportProblem(f"{code} is a valid {instrument.short_name} score, not a missing code.", "")
        if total.offset_days is None and self.date_at is None and not _has_date_rule(self.mapping):
            raise ImportProblem(f"Nothing gives {total.column!r} a date.", "Map a date column or state a start.")
        if total.offset_days is not None and self.mapping.date_rule.start is None:
            raise ImportProblem(f"{total.column!r} counts days from a start that is not stated.", "State the start.")

    def table(self) -> Table:
        """The totals table: client, date, instrument, scale, score."""
        passed = 0
        for row in self.source.rows:
            needs_date = any(total.offset_days is None for total, _ in self.totals) and self.date_at is None
            day = _row_date(row, self.mapping, self.at, self.result) if needs_date else None
            if needs_date and day is None:
                continue
            for total, index in self.totals:
                score = row.cells[index]
                if not score.strip() or (self.codes and _means_missing(score, self.codes)):
                    passed += 1
                    continue
                self.result.rows.append(self._row(row, total, score, day))
            self._carry(row)
        if passed:
            self.result.warnings.append(f"{passed} empty scores were passed over: no score is not a score of zero.")
        return self.result

    def _row(self, row: Row, total: MappedTotal, score: str, day: date | None) -> Row:
        start = self.mapping.date_rule.start
        if total.offset_days is not None and start is not None:
            written = (start + timedelta(days=total.offset_days)).isoformat()
        else:
            written = day.isoformat() if day else row.cells[self.date_at or 0]
        client = _client(row.cells[self.client_at], self.mapping)
        return Row(row.number, [client, written, total.instrument, total.scale, score], total.column)

    def _carry(self, row: Row) -> None:
        faults = self.source.faults.get(row.number)
        used = {self.client_at, self.date_at, *(index for _, index in self.totals)}
        for index, fault in (faults or {}).items():
            if index in used:
                self.result.report(row.number, self.source.header[index], *fault)

"""Saved column mappings: how another system's columns become ours, as a value and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from lib.domain.errors import ImportProblem


@dataclass(frozen=True, slots=True)
class MappedTotal:
    """A column of totals of one scale. `offset_days` counts from the mapping's start; None: the row's own date."""

    column: str
    instrument: str
    scale: str = ""
    offset_days: int | None = None


@dataclass(frozen=True, slots=True)
class DateRule:
    """Where a row's date comes from when no column holds it.

    `on`: the same stated day for all. `start` with `offset_column`: a stated day plus the days in that column.
    `start` alone: the day the `offset_days` of mapped totals count from."""

    on: date | None = None
    start: date | None = None
    offset_column: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the columns of one kind of export are read. Every column is named here, or left out on purpose.

    `columns` maps their header to ours (`client`, `date`, `phq9_1`, `text`, ...); `constants` gives ours a fixed
    text; `missing_codes` are answers that mean "no answer" (refused, don't know); `client_integral` reads the
    client code 93705.0 as 93705."""

    name: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[MappedTotal, ...] = ()
    date_rule: DateRule = field(default_factory=DateRule)
    missing_codes: tuple[str, ...] = ()
    client_integral: bool = False
    ignore: tuple[str, ...] = ()
    ignore_other_columns: bool = False


def mapping_to_json(mapping: ColumnMapping) -> str:
    """The mapping as JSON text that `mapping_from_json` reads back to an equal value."""
    content = asdict(mapping)
    rule = mapping.date_rule
    content["date_rule"] = {
        "on": rule.on.isoformat() if rule.on else None,
        "start": rule.start.isoformat() if rule.start else None,
        "offset_column": rule.offset_column,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def mapping_from_json(text: str) -> ColumnMapping:
    """A mapping from JSON text. ImportProblem names the key that is wrong.

    A series of totals may be written short: `{"instrument", "columns": [...], "first_offset_days",
    "every_days"}` stands for one total a column."""
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise _wrong("mapping", "it is nested too deeply") from error
    except ValueError as error:
        raise _wrong("mapping", f"it is not JSON ({error})") from error
    _check_keys(content, {each.name for each in fields(ColumnMapping)} | {"series"}, "mapping")
    if not isinstance(content.get("name"), str) or not content["name"].strip():
        raise _wrong("name", "it must be a text")
    totals = [_total(each) for each in _list(content, "totals")]
    for each in _list(content, "series"):
        totals += _series(each)
    return ColumnMapping(
        name=content["name"],
        columns=_texts_by_text(content, "columns"),
        constants=_texts_by_text(content, "constants"),
        totals=tuple(totals),
        date_rule=_date_rule(content.get("date_rule") or {}),
        missing_codes=tuple(_texts(content, "missing_codes")),
        client_integral=_flag(content, "client_integral"),
        ignore=tuple(_texts(content, "ignore")),
        ignore_other_columns=_flag(content, "ignore_other_columns"),
    )


def _wrong(key: str, why: str) -> ImportProblem:
    return ImportProblem(f"The column mapping is wrong at {key!r}: {why}.", "See docs/importing.md for its shape.")


def _check_keys(content: object, known: set[str], where: str) -> None:
    if not isinstance(content, dict):
        raise _wrong(where, "it must be an object with named entries")
    unknown = sorted(set(content) - known)
    if unknown:
        raise _wrong(where, f"unknown entries {', '.join(map(repr, unknown))}")


def _list(content: dict[str, Any], key: str) -> list[Any]:
    value = content.get(key, [])
    if not isinstance(value, list):
        raise _wrong(key, "it must be a list")
    return value


def _texts(content: dict[str, Any], key: str) -> list[str]:
    values = _list(content, key)
    if not all(isinstance(value, str | int) and not isinstance(value, bool) for value in values):
        raise _wrong(key, "it must be a list of texts or whole numbers")
    return [str(value) for value in values]


def _texts_by_text(content: dict[str, Any], key: str) -> dict[str, str]:
    value = content.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise _wrong(key, "it must be an object of texts")
    return dict(value)


def _flag(content: dict[str, Any], key: str) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key, "it must be true or false")
    return value


def _text(content: dict[str, Any], key: str, where: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise _wrong(f"{where}.{key}", "it must be a text")
    return value


def _days(content: dict[str, Any], key: str, where: str) -> int | None:
    value = content.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise _wrong(f"{where}.{key}", "it must be a whole number of days")
    return value


def _total(content: Any) -> MappedTotal:
    _check_keys(content, {each.name for each in fields(MappedTotal)}, "totals")
    column, instrument = _text(content, "column", "totals"), _text(content, "instrument", "totals")
    if not column or not instrument:
        raise _wrong("totals", "each needs a column and an instrument")
    offset = _days(content, "offset_days", "totals")
    return MappedTotal(column, instrument, _text(content, "scale", "totals"), offset)


def _series(content: Any) -> list[MappedTotal]:
    _check_keys(content, {"instrument", "scale", "columns", "first_offset_days", "every_days"}, "series")
    first = _days(content, "first_offset_days", "series") or 0
    every = _days(content, "every_days", "series")
    instrument = _text(content, "instrument", "series")
    if every is None or every < 1 or not instrument:
        raise _wrong("series", "each needs an instrument and every_days of at least 1")
    scale = _text(content, "scale", "series")
    columns = _texts(content, "columns")
    return [MappedTotal(name, instrument, scale, first + every * step) for step, name in enumerate(columns)]


def _date_rule(content: Any) -> DateRule:
    _check_keys(content, {each.name for each in fields(DateRule)}, "date_rule")
    rule = DateRule(
        on=_iso(content, "on"), start=_iso(content, "start"), offset_column=_text(content, "offset_column", "date_rule")
    )
    if rule.on and (rule.start or rule.offset_column):
        raise _wrong("date_rule", "it states one day for all and also a start")
    if rule.offset_column and not rule.start:
        raise _wrong("date_rule", "an offset column needs a start")
    return rule


def _iso(content: dict[str, Any], key: str) -> date | None:
    value = content.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _wrong(f"date_rule.{key}", "it must be a date YYYY-MM-DD") from error

"""What the person says about a file before it is read: format of dates, sheet, encoding, mapping, known dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.exchange.mappings import ColumnMapping


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Answers to the questions a file may raise; None means "find out, or ask".

    `date_format` is any spelling of the order of day, month and year ("d/m/y", "MDY", "%d.%m.%Y").
    `born_on` and `referred_on` map client codes to dates nothing of that client may precede."""

    today: date
    date_format: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    mapping: ColumnMapping | None = None
    born_on: Mapping[str, date] = field(default_factory=dict)
    referred_on: Mapping[str, date] = field(default_factory=dict)

"""Dates as written in files: one order of day and month a file, proven or asked for, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lib.domain.errors import ImportProblem

EARLIEST_YEAR = 1900


class Order(StrEnum):
    """The order in which a file writes day, month and year."""

    YEAR_FIRST = "year first"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class Family(StrEnum):
    """How a date looks before its order is known."""

    YEAR_FIRST = "year-month-day"
    NUMBERS = "numbers with the year last"
    NAMED = "month by name"


_TIME = (
    r"(?:[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r" ?(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-\s]([A-Za-z]{3,9})[-\s](\d{4})", re.ASCII)
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", re.ASCII)
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()}

_ORDERS = {
    "dmy": Order.DAY_FIRST, "dm": Order.DAY_FIRST, "dayfirst": Order.DAY_FIRST,
    "mdy": Order.MONTH_FIRST, "md": Order.MONTH_FIRST, "monthfirst": Order.MONTH_FIRST,
    "ymd": Order.YEAR_FIRST, "yearfirst": Order.YEAR_FIRST, "iso": Order.YEAR_FIRST,
}  # fmt: skip

ISO_IS_SAFE = "Write dates as YYYY-MM-DD."


@dataclass(frozen=True, slots=True)
class DateFault:
    """Why a text is no date here, and how to mend it."""

    rule: str
    mend: str = ISO_IS_SAFE


@dataclass(slots=True)
class DateReader:
    """Reads the dates of one file. Make it with `dates_of`, which settles the order for the whole file.

    `undecided` is True when day and month cannot be told apart: every such date is then a fault.
    `distrusted` says why no date of the file can be trusted; `families_met` counts the ways dates are written."""

    family: Family
    order: Order | None
    undecided: bool = False
    distrusted: str = ""
    families_met: int = 1
    _known: dict[str, date | DateFault] = field(default_factory=dict)

    def read(self, text: str) -> date | DateFault:
        """The date, or why it is none."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._read(text.strip(" \t"))
        return found

    def ambiguous(self, text: str) -> bool:
        """True for a date whose day and month could be exchanged and whose order nothing has settled."""
        return self.undecided and _family(text.strip(" \t")) is Family.NUMBERS

    def _read(self, text: str) -> date | DateFault:
        family = _family(text)
        if family is None:
            return _not_a_date(text)
        if self.distrusted:
            return DateFault(self.distrusted)
        if family is not self.family:
            return DateFault(f"one date format a file: the others are written {self.family.value}")
        if family is Family.NUMBERS and self.order is None:
            return DateFault(
                "day and month cannot be told apart in this file",
                "Name the order: d/m/y or m/d/y (terminal: --date-format).",
            )
        return _as_date(text, family, self.order)


def dates_of(texts: Iterable[str], date_format: str | None) -> DateReader:
    """Settle how a file writes its dates from all of them. ImportProblem when `date_format` names no order."""
    distinct = Counter(text.strip(" \t") for text in texts)
    families = Counter(dict.fromkeys(Family, 0))
    for text, times in distinct.items():
        family = _family(text)
        if family:
            families[family] += times
    # Counter keeps the order of Family on ties: year first wins.
    main = families.most_common(1)[0][0]
    met = sum(1 for times in families.values() if times)
    named = order_named(date_format) if date_format else None
    if main is not Family.NUMBERS:
        return DateReader(main, Order.YEAR_FIRST, families_met=met)
    if named:
        return DateReader(main, named, families_met=met)
    proofs = {order for order in (Order.DAY_FIRST, Order.MONTH_FIRST) for text in distinct if _proves(text, order)}
    if len(proofs) == 2:
        why = "the file holds both day-first and month-first dates, so none can be trusted"
        return DateReader(main, None, distrusted=why, families_met=met)
    if proofs:
        return DateReader(main, proofs.pop(), families_met=met)
    same = all(_day_is_month(text) for text in distinct if _family(text) is Family.NUMBERS)
    return DateReader(main, Order.DAY_FIRST if same else None, undecided=not same, families_met=met)


def order_named(date_format: str) -> Order:
    """The order a person named in any usual spelling ("d/m/y", "MM-DD-YYYY", "%d.%m.%Y", "dd/mm", "day first")."""
    letters = re.sub(r"[^dmy]", "", date_format.casefold())
    order = "".join(dict.fromkeys(letters))
    named = _ORDERS.get(order) or _ORDERS.get(re.sub(r"[^a-z]", "", date_format.casefold()))
    if named is None:
        raise ImportProblem(f"The date format {date_format!r} is not known.", "Use d/m/y, m/d/y or y-m-d.")
    return named


def _family(text: str) -> Family | None:
    if _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return Family.YEAR_FIRST
    if _YEAR_LAST.fullmatch(text):
        return Family.NUMBERS
    named = _NAMED.fullmatch(text)
    return Family.NAMED if named and named.group(2).casefold() in _MONTHS else None


def _as_date(text: str, family: Family, order: Order | None) -> date | DateFault:
    year, month, day = _parts(text, family, order)
    if family is Family.NUMBERS and order is Order.YEAR_FIRST:
        return DateFault("the date format named for this file has the year first")
    if year < EARLIEST_YEAR:
        return DateFault(f"a year before {EARLIEST_YEAR} is not believable")
    try:
        return date(year, month, day)
    except ValueError:
        written = f" ({order.value})" if family is Family.NUMBERS and order else ""
        mend = "Correct the date, or say in which order day and month stand."
        return DateFault(f"the calendar has no such day{written}", mend)


def _parts(text: str, family: Family, order: Order | None) -> tuple[int, int, int]:
    if family is Family.NUMBERS:
        found = _YEAR_LAST.fullmatch(text)
        assert found is not None  # noqa: S101  the family was told by this very pattern
        first, second, year = int(found.group(1)), int(found.group(3)), int(found.group(4))
        return (year, first, second) if order is Order.MONTH_FIRST else (year, second, first)
    if family is Family.NAMED:
        day, month, named_year = _NAMED.fullmatch(text).groups()  # type: ignore[union-attr]
        return int(named_year), _MONTHS[month.casefold()], int(day)
    separated = _YEAR_FIRST.fullmatch(text)
    if separated:
        return int(separated.group(1)), int(separated.group(3)), int(separated.group(4))
    year_text, month_text, day_text = _COMPACT.fullmatch(text).groups()  # type: ignore[union-attr]
    return int(year_text), int(month_text), int(day_text)


def _proves(text: str, order: Order) -> bool:
    """True when the text is a date in this order and its day is over 12."""
    if _family(text) is not Family.NUMBERS:
        return False
    found = _as_date(text, Family.NUMBERS, order)
    return isinstance(found, date) and found.day > 12


def _day_is_month(text: str) -> bool:
    _, month, day = _parts(text, Family.NUMBERS, Order.DAY_FIRST)
    return month == day


def _not_a_date(text: str) -> DateFault:
    if not text:
        return DateFault("a date is needed here")
    if _TWO_DIGIT_YEAR.fullmatch(text):
        return DateFault("a year has four digits")
    if re.fullmatch(r"\d{5}([.,]\d+)?", text, re.ASCII):
        return DateFault(
            "a bare number is no date (it may be a spreadsheet's day count)",
            "Format the column as a date in the spreadsheet, or write YYYY-MM-DD.",
        )
    return DateFault("this is not a date known here")

"""Words: how days, figures and verdicts are written on every screen, so that they read the same everywhere."""

from __future__ import annotations

from datetime import date

# A verdict is a sign and a word, never a colour alone.
VERDICTS = {
    "recovered": "● Recovered",
    "improved": "◐ Improved",
    "unchanged": "○ No clear change",
    "deteriorated": "▲ Worse",
    "worsened_across_cutoff": "▲ Worse, over cut-off",
    "undetermined": "– Cannot be determined",
}
WORSE = frozenset({"deteriorated", "worsened_across_cutoff"})
BETTER = frozenset({"recovered", "improved"})

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(on: date | None, today: date) -> str:
    """A day as "17 Nov", with its year only when that is not this year's; "–" for none."""
    if on is None:
        return "–"
    short = f"{on.day} {_MONTHS[on.month - 1]}"
    return short if on.year == today.year else f"{short} {on.year}"


def full_day(on: date | None) -> str:
    """A day with its year, whatever year this is: for births and headers; "–" for none."""
    return "–" if on is None else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def long_day(on: date) -> str:
    """A day in full: "Tuesday 24 November 2026" as the head of a page writes it."""
    return f"{_WEEKDAYS[on.weekday()]} {full_day(on)}"


def age(born_on: date, today: date) -> int:
    """Whole years lived."""
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (0 if had_birthday else 1)


def born(born_on: date | None, today: date) -> str:
    """ "born 3 Apr 1989 (37)", or that the birth date is not known."""
    return "birth date not known" if born_on is None else f"born {full_day(born_on)} ({age(born_on, today)})"


def figure(value: float | None, decimals: int) -> str:
    """A score with its scale's decimals; a prorated sum keeps one. "–" for none: absence is never zero."""
    if value is None:
        return "–"
    if decimals == 0 and value != int(value):
        decimals = 1
    return f"{value:.{decimals}f}"


def level(value: float | None) -> str:
    """A marker level: a whole number as it was rated, an estimate with one decimal, "not rated" for none."""
    if value is None:
        return "not rated"
    return f"{int(value)}" if value == int(value) else f"{value:.1f}"


def verdict(value: str | None, points: int) -> str:
    """The verdict on a change with its sign. One score or none is said as that, not as a verdict."""
    if points == 0:
        return "– No score yet"
    if points == 1:
        return "– One score only"
    return VERDICTS.get(value or "undetermined", VERDICTS["undetermined"])


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 client", "14 clients"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def waiting(since: date, today: date) -> str:
    """How long something has waited: "today", "1 day", "14 days"."""
    days = (today - since).days
    return "today" if days <= 0 else count(days, "day")

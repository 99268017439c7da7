"""Checks that any drafted document must pass, made from its JSON and from what was put into the record alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lib.domain.closure_course import CHECK_IN_MONTHS
from lib.domain.draft_words import months_later

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DATE = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Numbers that belong to a scale, a question or a time of counting, and to no record.
BY_DEFINITION = frozenset({"4", "10", "1", "3", "6", "12", "90", "100"})
NEVER = re.compile(r"\bno\s+risk\b", re.IGNORECASE)


@dataclass
class Held:
    """What one client's record holds: note texts by day, score figures by day, rating texts by day, every day."""

    notes: dict[date, list[str]] = field(default_factory=dict)
    figures: dict[date, set[str]] = field(default_factory=dict)
    ratings: dict[date, list[str]] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)


def problems(told: Mapping[str, Any], held: Held, published: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with a draft. `published`: texts of the change rules and norms, with their figures."""
    found = []
    for section in told["sections"]:
        for ask in section["asks"]:
            if not ask.endswith("?"):
                found.append(f"an ask is no question: {ask}")
        if not section["sentences"] and not section["asks"]:
            found.append(f"{section['key']} says nothing and asks nothing")
        for line in section["sentences"]:
            found += [f"{section['key']}: {why}: {line['text']}" for why in _wrong(line, held, published)]
    return found


def unsourced(told: Mapping[str, Any], published: Sequence[str] = ()) -> list[str]:
    """Dates and numbers in sentences that none of their sources says."""
    lines = [line for section in told["sections"] for line in section["sentences"]]
    return [
        f"{why}: {line['text']}"
        for line in lines
        for why in (
            *_undated(line["text"], line["sources"]),
            *_unsourced_numbers(line["text"], line["sources"], published),
        )
    ]


def _wrong(line: Mapping[str, Any], held: Held, published: Sequence[str]) -> list[str]:
    text, sources = line["text"], line["sources"]
    if not sources:
        return ["no source"]
    wrong = ["says never-printed words"] if NEVER.search(text) else []
    for source in sources:
        wrong += _wrong_source(source, held)
    wrong += _undated(text, sources)
    return wrong + _unsourced_numbers(text, sources, published)


def _wrong_source(source: Mapping[str, Any], held: Held) -> list[str]:
    day, quote = date.fromisoformat(source["date"]), source["quote"]
    if not quote.strip():
        return ["a source says nothing"]
    if day not in held.days:
        return [f"a source of {day}, when there is nothing on record"]
    if source["kind"] == "note" and not any(quote in text for text in held.notes.get(day, [])):
        return [f"a quote that no note of {day} holds: {quote!r}"]
    if source["kind"] == "score":
        value = quote.rsplit(" ", 1)[1] if not quote.endswith("not answered") else "not answered"
        if value not in held.figures.get(day, set()):
            return [f"a score {value!r} that is not on record on {day}"]
    if source["kind"] == "rating":
        known = held.ratings.get(day, [])
        level = quote.rsplit("level ", 1)[-1]
        if quote not in known and level not in known and not quote.endswith("not enough evidence"):
            return [f"a rating that is not on record on {day}: {quote!r}"]
    return []


def _undated(text: str, sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """A date in the sentence is the date of a source, or stands in what a source says."""
    dates = {date.fromisoformat(source["date"]) for source in sources}
    dates |= {months_later(day, months) for day in dates for months in CHECK_IN_MONTHS}
    dates |= {_anniversary(day, year) for day in dates for year in (day.year + n for n in range(1, 10))}
    quoted = " ".join(source["quote"] for source in sources)
    told = {match.group(): _day(match) for match in DATE.finditer(text)}
    return [f"a date no source has: {words}" for words, day in told.items() if day not in dates and words not in quoted]


def _unsourced_numbers(text: str, sources: Sequence[Mapping[str, Any]], published: Sequence[str]) -> list[str]:
    quoted = " ".join(source["quote"] for source in sources)
    allowed = set(NUMBER.findall(quoted)) | BY_DEFINITION | {str(int(source["date"][-2:])) for source in sources}
    for words in published:
        if words and words in text:
            allowed |= set(NUMBER.findall(words))
    rest = re.sub(r"(?:PHQ|GAD|CORE|OQ)-\d+(?:\.\d)?", "", DATE.sub("", text))
    return [f"a number no source has: {number}" for number in NUMBER.findall(rest) if number not in allowed]


def _anniversary(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _day(match: re.Match[str]) -> date:
    return date(int(match.group(3)), MONTHS.index(match.group(2)) + 1, int(match.group(1)))

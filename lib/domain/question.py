"""One question to consider before a session: the first rule of the data file that fits the record. A rule, no model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.attachment import AttachmentRecord
from lib.domain.clinical_model import Entry
from lib.domain.process import PartState

BREAK_SEEN_AHEAD = timedelta(days=28)
MOMENT_LONG_AGO = timedelta(days=42)
CONVICTION_LONG_AGO = timedelta(days=60)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules look at. `agreed_on`: the last session held that agreed on something; `risk_on`: the oldest risk
    flag without a response; `closure_on`: since when the part "closure" is under way."""

    record: AttachmentRecord
    today: date
    risk_on: date | None = None
    agreed_on: date | None = None
    closure_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question, why it comes up, and where the thought is from (codes of sources.toml)."""

    key: str
    words: str
    reason: str
    source: tuple[str, ...]
    about_on: date


def question_to_ask(situation: Situation, questions: Mapping[str, Entry]) -> Question | None:
    """The first question of the file whose rule fits; None when none does. Raises KeyError for a key without a rule."""
    for key, entry in questions.items():
        about_on = RULES[key](situation)
        if about_on is not None:
            days = abs((situation.today - about_on).days)
            told = {"day": _day(about_on, situation.today), "days": "1 day" if days == 1 else f"{days} days"}
            return Question(key, entry.words.format(**told), entry.label.format(**told), entry.source, about_on)
    return None


def _risk_open(of: Situation) -> date | None:
    return of.risk_on


def _open_rupture(of: Situation) -> date | None:
    """The oldest one; what happened today is asked about when somebody comes again."""
    before = [held.entry.happened_on for held in of.record.open_ruptures() if held.entry.happened_on < of.today]
    return min(before, default=None)


def _break_looked_back(of: Situation) -> date | None:
    ended = [held.entry.ends_on for held in of.record.breaks_to_look_back_on(of.today) if held.entry.ends_on]
    return max(ended, default=None)


def _break_ahead(of: Situation) -> date | None:
    ahead = [held.entry for held in of.record.breaks_ahead(of.today) if held.entry.kind != "anniversary"]
    soon = [one for one in ahead if one.starts_on - of.today <= BREAK_SEEN_AHEAD and not one.prepared.strip()]
    return soon[0].starts_on if soon else None


def _anniversary_ahead(of: Situation) -> date | None:
    days = [held.entry.starts_on for held in of.record.breaks if held.entry.kind == "anniversary"]
    soon = [day for day in (next_anniversary(one, of.today) for one in days) if day - of.today <= BREAK_SEEN_AHEAD]
    return min(soon, default=None)


def next_anniversary(first_on: date, today: date) -> date:
    """The next return of a day, today included. The 29th of February returns on the 1st of March of a short year."""
    for year in (today.year, today.year + 1):
        try:
            day = first_on.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if day >= max(today, first_on):
            return day
    return first_on


def _attempt_open(of: Situation) -> date | None:
    attempts = [held.entry for held in of.record.attempts if not held.entry.learned.strip()]
    return attempts[-1].tried_on if attempts else None


def _agreed_not_asked(of: Situation) -> date | None:
    """Something was agreed, and neither a review nor an attempt has been written since."""
    if of.agreed_on is None:
        return None
    asked = [held.entry.reviewed_on for held in of.record.reviews] + [
        held.entry.tried_on for held in of.record.attempts
    ]
    return None if any(day > of.agreed_on for day in asked) else of.agreed_on


def _ending_not_talked(of: Situation) -> date | None:
    return None if of.record.ending_talks else of.closure_on


def _moment_long_ago(of: Situation) -> date | None:
    last = max((held.entry.happened_on for held in of.record.moments), default=None)
    return last if last is not None and of.today - last > MOMENT_LONG_AGO else None


def _conviction_long_ago(of: Situation) -> date | None:
    last = max((held.entry.rated_on for held in of.record.convictions), default=None)
    return last if last is not None and of.today - last > CONVICTION_LONG_AGO else None


def _day(on: date, today: date) -> str:
    said = f"{on.day} {_MONTHS[on.month - 1]}"
    return said if on.year == today.year else f"{said} {on.year}"


RULES: Mapping[str, Callable[[Situation], date | None]] = {
    "risk_open": _risk_open,
    "open_rupture": _open_rupture,
    "break_looked_back": _break_looked_back,
    "break_ahead": _break_ahead,
    "anniversary_ahead": _anniversary_ahead,
    "attempt_open": _attempt_open,
    "agreed_not_asked": _agreed_not_asked,
    "ending_not_talked": _ending_not_talked,
    "moment_long_ago": _moment_long_ago,
    "conviction_long_ago": _conviction_long_ago,
}


def closure_under_way_on(record: AttachmentRecord) -> date | None:
    """Since when the part "closure" is marked under way."""
    marks = [held.entry for held in record.parts if held.entry.part == "closure"]
    return marks[-1].since_on if marks and marks[-1].state is PartState.UNDER_WAY else None

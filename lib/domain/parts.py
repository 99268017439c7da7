"""The ten parts of the work as they stand: what was marked by hand, and what the sessions say by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lib.domain.entries import PartOfWork
from lib.domain.process import PartState


@dataclass(frozen=True, slots=True)
class WorkedOn:
    """What one session held says it worked on and with, by keys of the clinical model; techniques in free words."""

    held_on: date
    parts: tuple[str, ...]
    approaches: tuple[str, ...]
    techniques: str = ""


@dataclass(frozen=True, slots=True)
class PartNow:
    """One part. `by_sessions`: nobody marked the state; a session that worked on it says so. `last_on`: latest one."""

    state: PartState
    since_on: date | None
    by_sessions: bool
    sessions: int
    last_on: date | None
    done: str = ""


def parts_now(keys: Iterable[str], marked: Sequence[PartOfWork], sessions: Iterable[WorkedOn]) -> dict[str, PartNow]:
    """The state of each part. A mark stands until a later one; work after "not started" means under way again."""
    held = sorted(sessions, key=lambda one: one.held_on)
    return {key: _part_now([one for one in marked if one.part == key], _days(key, held)) for key in keys}


def _days(key: str, sessions: Iterable[WorkedOn]) -> list[date]:
    return [one.held_on for one in sessions if key in one.parts]


def _part_now(marks: Sequence[PartOfWork], days: Sequence[date]) -> PartNow:
    latest = max(marks, key=lambda mark: mark.since_on, default=None)
    last_on = days[-1] if days else None
    if latest is None:
        state = PartState.UNDER_WAY if days else PartState.NOT_STARTED
        return PartNow(state, days[0] if days else None, bool(days), len(days), last_on)
    later = [day for day in days if day > latest.since_on]
    if latest.state is PartState.NOT_STARTED and later:
        return PartNow(PartState.UNDER_WAY, later[0], True, len(days), last_on, latest.done)
    return PartNow(latest.state, latest.since_on, False, len(days), last_on, latest.done)


def counted_approaches(sessions: Iterable[WorkedOn]) -> Mapping[str, tuple[int, date]]:
    """How many sessions used each approach, and the latest day, the most used first."""
    found: dict[str, tuple[int, date]] = {}
    for session in sorted(sessions, key=lambda one: one.held_on):
        for key in session.approaches:
            found[key] = (found.get(key, (0, session.held_on))[0] + 1, session.held_on)
    return dict(sorted(found.items(), key=lambda pair: -pair[1][0]))


def counted_techniques(sessions: Iterable[WorkedOn]) -> Mapping[str, tuple[int, date]]:
    """How many sessions name each technique, and the latest day. Techniques are parted by commas or semicolons, and
    the same one in other capitals is the same."""
    found: dict[str, tuple[str, int, date]] = {}
    for session in sorted(sessions, key=lambda one: one.held_on):
        named = {each.strip().casefold(): each.strip() for each in re.split(r"[,;\n]", session.techniques)}
        for key, words in named.items():
            if key:
                first, count, _ = found.get(key, (words, 0, session.held_on))
                found[key] = (first, count + 1, session.held_on)
    listed = sorted(found.values(), key=lambda one: -one[1])
    return {words: (count, last_on) for words, count, last_on in listed}

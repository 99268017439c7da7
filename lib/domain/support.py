"""Support when stuck: which patterns a flag may fit, each with what the record says, and what to consider then.

A pattern is never a label: it "may fit because" of something on record, and the clinician judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.attachment import AttachmentRecord
from lib.domain.flags import FlagKind, day_in_words
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.domain.support_definitions import GENERAL, MOST, RISK, Pattern, Side, Suggestion, SupportGuide

LOOKS_BACK = timedelta(days=60)
LAST_OFFERED = 6  # sessions
OFTEN_MISSED = 2
LITTLE_SAFETY = 3  # of 10
_MISSED = (Attendance.NO_SHOW, Attendance.LATE_CANCEL, Attendance.CANCELLED_BY_CLIENT)


@dataclass(frozen=True, slots=True)
class SupportFacts:
    """What the patterns look at. `offered`: day and attendance of sessions; `flags`: kind, day and sentence of the open
    ones; `surface_on`: days of sentences a clinician confirmed as surface talk; `measured`: what self-report says of
    avoidance and anxiety, in words."""

    record: AttachmentRecord
    offered: Sequence[tuple[date, str]] = ()
    flags: Sequence[tuple[str, date, str]] = ()
    surface_on: Sequence[date] = ()
    measured: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MayFit:
    """A pattern, and what on record speaks for it."""

    pattern: Pattern
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """What a flag opens: patterns that may fit, and things to consider for either side; `measured` decides nothing."""

    may_fit: tuple[MayFit, ...]
    distancing: tuple[Suggestion, ...]
    clinging: tuple[Suggestion, ...]
    measured: tuple[str, ...]


def support_for(is_risk: bool, facts: SupportFacts, guide: SupportGuide, today: date) -> Support:
    """The support behind one flag. A risk flag is not explained by a pattern: safety stands alone."""
    if is_risk:
        found: tuple[MayFit, ...] = (MayFit(guide.patterns[RISK], ()),)
    else:
        said = [(key, tuple(look(facts, today))) for key, look in _LOOKS.items()]
        found = tuple(MayFit(guide.patterns[key], because) for key, because in said if because)
    keys = [one.pattern.key for one in found] or [GENERAL]
    distancing, clinging = (_in_turn([guide.of(key, side) for key in keys]) for side in _SIDES)
    return Support(found, distancing, clinging, () if is_risk else tuple(facts.measured))


def _in_turn(lists: Sequence[Sequence[Suggestion]]) -> tuple[Suggestion, ...]:
    """At most four: the first of every pattern, then the second of every pattern, and so on."""
    longest = max(len(each) for each in lists)
    turns = [each[place] for place in range(longest) for each in lists if place < len(each)]
    return tuple(turns[:MOST])


# --- what the record says, pattern by pattern ------------------------------------------------------------


def _alliance(facts: SupportFacts, today: date) -> Iterator[str]:
    for held in facts.record.open_ruptures():
        yield f"the rupture of {day_in_words(held.entry.happened_on)} has no repair noted"
    for kind, _, reason in facts.flags:
        if kind == FlagKind.ALLIANCE_DROP:
            yield f"the alliance fell: {reason.rstrip('.')}"


def _motivation(facts: SupportFacts, today: date) -> Iterator[str]:
    last = sorted(one for one in facts.offered if one[0] <= today)[-LAST_OFFERED:]
    missed = [(day, kind) for day, kind in last if kind in _MISSED]
    if len(missed) >= OFTEN_MISSED:
        told = ", ".join(f"{day_in_words(day)} {ATTENDANCE_WORDS[Attendance(kind)]}" for day, kind in missed)
        yield f"{len(missed)} of the last {len(last)} sessions offered did not take place: {told}"


def _outside(facts: SupportFacts, today: date) -> Iterator[str]:
    people = [held for held in facts.record.people if held.entry.ended_on is None]
    if not people:
        yield "no important person is named in the record; perhaps nobody asked"
        return
    latest = [course[-1][1] for held in people if (course := facts.record.safety_course(held))]
    if latest and max(latest) <= LITTLE_SAFETY:
        yield f"felt safety is {max(latest)} of 10 at most with everybody who was asked about"
    elif not any(held.entry.is_safe_haven for held in people):
        yield "nobody among the important people is noted as a safe haven"


def _life_events(facts: SupportFacts, today: date) -> Iterator[str]:
    for held in facts.record.events:
        if today - LOOKS_BACK <= held.entry.happened_on <= today:
            yield f"{day_in_words(held.entry.happened_on)}: {held.entry.what}"
    for paused in facts.record.breaks_to_look_back_on(today):
        ends_on = paused.entry.ends_on
        if ends_on is not None and ends_on >= today - LOOKS_BACK:
            yield f"a break ended on {day_in_words(ends_on)}, and nobody has written how it was weathered"


def _avoidance(facts: SupportFacts, today: date) -> Iterator[str]:
    days = sorted(day for day in facts.surface_on if today - LOOKS_BACK <= day <= today)
    if days:
        times = "one sentence was" if len(days) == 1 else f"{len(days)} sentences were"
        yield f"{times} confirmed as surface talk, the latest in the note of {day_in_words(days[-1])}"


_SIDES = (Side.DISTANCING, Side.CLINGING)
_LOOKS: dict[str, Callable[[SupportFacts, date], Iterator[str]]] = {
    "alliance": _alliance,
    "motivation": _motivation,
    "outside": _outside,
    "life_events": _life_events,
    "avoidance": _avoidance,
}

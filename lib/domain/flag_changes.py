"""Flag changes: what must be written so that the flags of a record match its rules, and when an answer holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.flags import FlagState, RaisedFlag

RESTS = (1, 2, 4)  # weeks an answered rule flag may sleep before the same rule asks again
USUAL_REST = 4


@dataclass(frozen=True, slots=True)
class HeldFlag:
    """A flag the record holds. `about` as in RaisedFlag."""

    id: int
    kind: str
    is_risk: bool
    reason: str
    raised_on: date
    about: str
    form_id: int | None
    state: str
    rests_until: date | None


@dataclass(frozen=True, slots=True)
class FlagChanges:
    """What must be written so that the record's rule flags match the rules: risk flags are never among them."""

    to_raise: tuple[RaisedFlag, ...] = ()
    to_lapse: tuple[int, ...] = ()
    to_reword: tuple[tuple[int, RaisedFlag], ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """An answered flag whose rule still holds: it asks again from `due_on`, whether or not anything is written."""

    flag: HeldFlag
    reason: str
    due_on: date


def reconcile(raised: Sequence[RaisedFlag], held: Sequence[HeldFlag], today: date) -> FlagChanges:
    """Compare what the rules say with what the record holds.

    An answered flag sleeps until `rests_until`, and asks again from that day on while its rule holds."""
    rule_flags = [flag for flag in held if not flag.is_risk]
    open_by_key = {(f.kind, f.about): f for f in rule_flags if f.state == FlagState.OPEN}
    answered = {(f.kind, f.about): f for f in rule_flags if f.state == FlagState.ANSWERED}
    to_raise, to_reword = [], []
    for flag in raised:
        key = (flag.kind, flag.about)
        standing = open_by_key.pop(key, None)
        if standing is not None:
            if (standing.reason, standing.form_id) != (flag.reason, flag.form_id):
                to_reword.append((standing.id, flag))
        elif not _still_answered(answered.get(key), flag, today):
            to_raise.append(flag)
    return FlagChanges(tuple(to_raise), tuple(f.id for f in open_by_key.values()), tuple(to_reword))


def resting(raised: Sequence[RaisedFlag], held: Sequence[HeldFlag], today: date) -> tuple[Resting, ...]:
    """The answered flags that sleep although their rule still holds, each with the day on which it asks again."""
    answered = {(f.kind, f.about): f for f in held if not f.is_risk and f.state == FlagState.ANSWERED}
    is_open = {(f.kind, f.about) for f in held if not f.is_risk and f.state == FlagState.OPEN}
    return tuple(
        Resting(found, flag.reason, found.rests_until)
        for flag in raised
        if (key := (flag.kind, flag.about)) not in is_open
        and (found := answered.get(key)) is not None
        and found.rests_until is not None
        and today < found.rests_until
    )


def _still_answered(answered: HeldFlag | None, flag: RaisedFlag, today: date) -> bool:
    if answered is None:
        return False
    if answered.rests_until is not None:
        return today < answered.rests_until
    return flag.form_id is not None and flag.form_id == answered.form_id  # answered before rests were kept


def rest_until(today: date, weeks: int = USUAL_REST) -> date:
    """The day an answered rule flag may wake."""
    return today + timedelta(weeks=weeks)

"""Flag changes: what must be written so that the flags of a record match its rules, and when an answer holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.flags import FlagState, RaisedFlag

REST_DAYS = 28  # an answered rule flag sleeps this long before the same rule may raise it anew


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


def reconcile(raised: Sequence[RaisedFlag], held: Sequence[HeldFlag], today: date) -> FlagChanges:
    """Compare what the rules say with what the record holds.

    An answered flag sleeps until `rests_until`, and after that wakes only when a newer form raises it again."""
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


def _still_answered(answered: HeldFlag | None, flag: RaisedFlag, today: date) -> bool:
    if answered is None:
        return False
    resting = answered.rests_until is not None and today < answered.rests_until
    return resting or (flag.form_id is not None and flag.form_id == answered.form_id)


def rest_until(today: date) -> date:
    """The day an answered rule flag may wake."""
    return today + timedelta(days=REST_DAYS)

"""Small groups: which groups of clients may be told, so that none under five is, nor what lies between two that are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter

FEWEST = 5  # smaller groups tell about single clients, and chance alone moves them
ALL = "all"


class Untold(StrEnum):
    """Why a group is not told, in words."""

    TOO_FEW = "fewer than five with two scores"
    HELD_BACK = "held back: what is left beside it would be fewer than five"


@dataclass(frozen=True, slots=True)
class Cell:
    """Clients with two scores who are alike in all that is asked about. `team` empty: of no named team.

    `uses_approach` and `has_sign` are about the approach and the sign asked for; `begun_in` is a year, None unknown."""

    therapist_id: int
    team: str
    uses_approach: bool
    has_sign: bool
    begun_in: int | None
    clients: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A group by what narrows it: a therapist or a named team, the approach, the sign, the year; None: not narrowed."""

    therapist_id: int | None = None
    team: str | None = None
    uses_approach: bool | None = None
    has_sign: bool | None = None
    begun_in: int | None = None


_WHAT = ("uses_approach", "has_sign", "begun_in")


def untold(cells: Sequence[Cell], asked: Asked) -> Untold | None:
    """Why this group is not told; None when it is. Nobody's part of a team is told at all before the team itself is.

    A group is told when it has five clients or more, when every wider group of it is told, and when what lies between
    it, its told siblings and the wider group is nobody or five and more. The whole team is always told: its supervisor
    opens each of these records."""
    here = [cell for cell in cells if _fits(cell, asked)]
    if asked == Asked():
        return None
    if sum(cell.clients for cell in here) < FEWEST:
        return Untold.TOO_FEW
    return None if _is_told(cells, asked) else Untold.HELD_BACK


def _is_told(cells: Sequence[Cell], asked: Asked) -> bool:
    """Asked of a group, and again of each wider one: five narrowings at most, over the cells of one team."""
    if asked == Asked():
        return True
    what = [name for name in _WHAT if getattr(asked, name) is not None]
    of_these = [cell for cell in cells if all(getattr(cell, name) == getattr(asked, name) for name in what)]
    if _who(asked) not in _told_people(of_these):
        return False
    for name in what:
        wider = replace(asked, **{name: None})
        line = _counted([cell for cell in cells if _fits(cell, wider)], attrgetter(name))
        if getattr(asked, name) not in _with_enough_left(line) or not _is_told(cells, wider):
            return False
    return True


def _who(asked: Asked) -> Hashable:
    if asked.therapist_id is not None:
        return asked.therapist_id
    return ALL if asked.team is None else ("team", asked.team)


def _told_people(cells: Sequence[Cell]) -> set[Hashable]:
    """Everybody, the named teams and the therapists that may be told beside each other: a tree of three floors."""
    if sum(cell.clients for cell in cells) < FEWEST:
        return set()
    below = _counted(cells, lambda cell: ("team", cell.team) if cell.team else cell.therapist_id)
    told: set[Hashable] = {ALL}
    for node in _with_enough_left(below):
        told.add(node)
        if isinstance(node, tuple):
            members = _counted([cell for cell in cells if cell.team == node[1]], attrgetter("therapist_id"))
            told |= _with_enough_left(members)
    return told


def _with_enough_left(counts: Mapping[Hashable, int]) -> set[Hashable]:
    """The parts of a whole that may be told together: the others, as one, are nobody or five and more."""
    told = sorted((part for part in counts if counts[part] >= FEWEST), key=lambda part: (counts[part], str(part)))
    left = sum(counts.values()) - sum(counts[part] for part in told)
    while told and 0 < left < FEWEST:
        left += counts[told.pop(0)]
    return set(told)


def _counted(cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> dict[Hashable, int]:
    counts: dict[Hashable, int] = defaultdict(int)
    for cell in cells:
        counts[key(cell)] += cell.clients
    return counts


def _fits(cell: Cell, asked: Asked) -> bool:
    names = ("therapist_id", "team", *_WHAT)
    return all(getattr(asked, name) in (None, getattr(cell, name)) for name in names)

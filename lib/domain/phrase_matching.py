"""Finding phrases in a sentence: words are looked up once, then only phrases that could be there are tried."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_language import Element, Pattern

Place = tuple[int, int]
Places = dict[str, list[Place]]
"""Symbol -> where it stands, as (first word, word after the last)."""
_ACROSS = 1000


class Match(NamedTuple):
    """Where a pattern was found: words [start, end), the places of its own elements, and of what else it needs."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    needs: tuple[tuple[int, int], ...] = ()


class Steps(NamedTuple):
    """How many words that are not small ones stand before each word, and up to the end of the word before it.

    A break counts as very many, so that no gap reaches across it."""

    before: list[int]
    after: list[int]

    def between(self, end: int, start: int) -> int:
        """The words between a piece that ends before word `end` and one that starts at word `start`."""
        return self.before[start] - self.after[end]


def steps_of(note: NoteWords, fillers: frozenset[str]) -> Steps:
    """Count the steps of a sentence."""
    after = list(accumulate([word not in fillers for word in note.words], initial=0))
    before = after[:-1]
    if any(note.before):
        across = 0
        for at, marks in enumerate(note.before):
            if marks and at and not BREAKS.isdisjoint(marks):
                across += _ACROSS
            before[at] += across
            after[at + 1] += across
    return Steps(before, after)


def placed(pattern: Pattern, found: Places, steps: Steps) -> list[Match]:
    """Every place where a pattern stands, leftmost first, none overlapping another, in a sentence that is known to
    hold a symbol of each of its groups."""
    if pattern.unless and not found.keys().isdisjoint(pattern.unless):
        return []
    elements = pattern.elements
    result: list[Match] = []
    last = 0
    for place in _spots(elements[0], found):
        if place[0] < last:
            continue
        parts = _rest(elements, 1, (place,), found, steps)
        if parts is None:
            continue
        needs = _elsewhere(pattern.needs, found, parts)
        if needs is None:
            continue
        last = parts[-1][1]
        result.append(Match(parts[0][0], last, parts, needs))
    return result


def _spots(element: Element, found: Places) -> Sequence[Place]:
    """Where one of the symbols of an element stands, in order."""
    spots = [found[symbol] for symbol in element.symbols if symbol in found]
    return spots[0] if len(spots) == 1 else sorted({place for each in spots for place in each})


def _rest(
    elements: tuple[Element, ...],
    at: int,
    parts: tuple[tuple[int, int], ...],
    found: Places,
    steps: Steps,
) -> tuple[tuple[int, int], ...] | None:
    """The places of the elements from `at` on, nearest first; None when they do not follow."""
    if at == len(elements):
        return parts
    element = elements[at]
    end = parts[-1][1]
    for start, stop in _spots(element, found):
        if start < end:
            continue
        if steps.between(end, start) > element.gap:
            break
        whole = _rest(elements, at + 1, (*parts, (start, stop)), found, steps)
        if whole is not None:
            return whole
    if element.optional:
        return _rest(elements, at + 1, parts, found, steps)
    return None


def _elsewhere(
    needs: tuple[tuple[str, ...], ...], found: Places, parts: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...] | None:
    """One place outside the match for each group of needs; None when one is missing."""
    places = []
    for group in needs:
        for symbol in group:
            free = [p for p in found.get(symbol, ()) if not any(p[0] < end and start < p[1] for start, end in parts)]
            if free:
                places.append(free[0])
                break
        else:
            return None
    return tuple(places)

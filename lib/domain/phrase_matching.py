"""Finding phrases in a sentence: words are looked up once, then only phrases that could be there are tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Steps:
    """How many words that are not small ones stand before each word, and up to the end of the word before it.

    A break counts as very many, so that no gap reaches across it."""

    before: list[int]
    after: list[int]

    def between(self, end: int, start: int) -> int:
        """The words between a piece that ends before word `end` and one that starts at word `start`."""
        return self.before[start] - self.after[end]


def steps_of(note: NoteWords, fillers: frozenset[str]) -> Steps:
    """Count the steps of a sentence."""
    before: list[int] = []
    after = [0]
    count = 0
    for word, marks in zip(note.words, note.before, strict=True):
        if marks and before and any(mark in BREAKS for mark in marks):
            count += _ACROSS
        before.append(count)
        if word not in fillers:
            count += 1
        after.append(count)
    return Steps(before, after)


def matches(pattern: Pattern, found: Places, steps: Steps) -> list[Match]:
    """Every place where the pattern stands, leftmost first, none overlapping another."""
    present = found.keys()
    for element in pattern.elements:
        if not element.optional and present.isdisjoint(element.symbols):
            return []
    if any(present.isdisjoint(group) for group in pattern.needs):
        return []
    return placed(pattern, found, steps)


def placed(pattern: Pattern, found: Places, steps: Steps) -> list[Match]:
    """The same for a pattern of which every word is known to stand somewhere in the sentence."""
    if pattern.unless and not found.keys().isdisjoint(pattern.unless):
        return []
    elements = pattern.elements
    if len(elements) == 2 and not pattern.needs and not elements[1].optional:
        first, second = elements
        if len(first.symbols) == 1 and len(second.symbols) == 1:
            return _pairs(found.get(first.symbols[0], ()), found.get(second.symbols[0], ()), second.gap, steps)
    result: list[Match] = []
    last = 0
    for start, end in _spots(elements[0], found):
        if start < last:
            continue
        parts = _rest(elements, 1, ((start, end),), found, steps)
        if parts is None:
            continue
        needs = _elsewhere(pattern.needs, found, parts)
        if needs is None:
            continue
        result.append(Match(parts[0][0], parts[-1][1], parts, needs))
        last = parts[-1][1]
    return result


def _pairs(firsts: Sequence[Place], seconds: Sequence[Place], gap: int, steps: Steps) -> list[Match]:
    """The same for two words, as most units are, without the search for more."""
    result: list[Match] = []
    before, after = steps.before, steps.after
    last = 0
    for first in firsts:
        if first[0] < last:
            continue
        end = first[1]
        for second in seconds:
            if second[0] >= end:
                if before[second[0]] - after[end] <= gap:
                    last = second[1]
                    result.append(Match(first[0], last, (first, second)))
                break
    return result


def _spots(element: Element, found: Places) -> Iterable[tuple[int, int]]:
    if len(element.symbols) == 1:
        return found.get(element.symbols[0], ())
    spots = {place for symbol in element.symbols for place in found.get(symbol, ())}
    return sorted(spots)


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

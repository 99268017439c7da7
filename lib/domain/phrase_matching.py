"""Finding phrases in a sentence: words are looked up once, then only phrases whose rarest word is there are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_language import Element, Pattern, is_unit, unit
from lib.domain.word_forms import forms_of

Places = dict[str, list[tuple[int, int]]]
"""Symbol -> where it stands, as (first word, word after the last)."""
_ACROSS = 1000


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found: words [start, end), the places of its own elements, and how many there are."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    needs: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Lexicon:
    """Every form that some phrase, cue or class uses -> the symbols it stands for; and units of several words.

    `units` are tried in order: a unit may hold classes that stand before it."""

    forms: dict[str, tuple[str, ...]]
    units: list[tuple[str, Pattern]]
    fillers: frozenset[str]
    _units_by_first: dict[str, list[int]] = field(default_factory=dict)

    def places(self, note: NoteWords) -> Places:
        """Where each symbol stands in the sentence."""
        found: Places = {}
        forms = self.forms
        for at, word in enumerate(note.words):
            for symbol in forms.get(word, ()):
                if symbol in found:
                    found[symbol].append((at, at + 1))
                else:
                    found[symbol] = [(at, at + 1)]
        return found

    def add_units(self, found: Places, steps: Steps) -> None:
        """Add the places of units of several words."""
        tried: set[int] = set()
        for symbol in list(found):
            tried.update(self._units_by_first.get(symbol, ()))
        waiting = sorted(tried)
        while waiting:
            at = waiting.pop(0)
            name, pattern = self.units[at]
            new = [(match.start, match.end) for match in matches(pattern, found, steps)]
            if not new:
                continue
            fresh = name not in found
            known = found.setdefault(name, [])
            known.extend(place for place in new if place not in known)
            known.sort()
            if fresh:
                more = [each for each in self._units_by_first.get(name, ()) if each not in tried]
                tried.update(more)
                waiting = sorted([*waiting, *more])


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
    for symbol in pattern.unless:
        if symbol in found:
            return []
    for group in pattern.needs:
        if not any(symbol in found for symbol in group):
            return []
    result: list[Match] = []
    last = 0
    for start, end in _spots(pattern.elements[0], found):
        if start < last:
            continue
        parts = _rest(pattern.elements, 1, ((start, end),), found, steps)
        if parts is None:
            continue
        needs = _elsewhere(pattern.needs, found, parts)
        if needs is None:
            continue
        result.append(Match(parts[0][0], parts[-1][1], parts, needs))
        last = parts[-1][1]
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


def build_lexicon(
    patterns: Iterable[Pattern],
    classes: Mapping[str, Sequence[Pattern]],
    irregular: dict[str, tuple[str, ...]],
) -> Lexicon:
    """A lexicon of everything these patterns and classes name. Classes may hold classes that stand before them."""
    forms: dict[str, set[str]] = {}
    units: list[tuple[str, Pattern]] = []
    seen: set[str] = set()

    def know(symbol: str) -> None:
        if symbol in seen or symbol[0] == "{":
            return
        seen.add(symbol)
        if is_unit(symbol):
            pattern = unit(symbol)
            units.append((symbol, pattern))
            for element in pattern.elements:
                know(element.symbols[0])
        else:
            for form in _forms(symbol, irregular):
                forms.setdefault(form, set()).add(symbol)

    def know_all(pattern: Pattern) -> None:
        for group in [*(element.symbols for element in pattern.elements), *pattern.needs, pattern.unless]:
            for symbol in group:
                know(symbol)

    for name, members in classes.items():
        for member in members:
            only = member.elements[0].symbols if len(member.elements) == 1 else ()
            if len(only) == 1 and only[0][0] != "{" and not is_unit(only[0]) and not member.needs and not member.unless:
                for form in _forms(only[0], irregular):
                    forms.setdefault(form, set()).add(f"{{{name}}}")
            else:
                know_all(member)
                units.append((f"{{{name}}}", member))
    for pattern in patterns:
        know_all(pattern)
    fillers = frozenset(form for form, symbols in forms.items() if "{filler}" in symbols)
    lexicon = Lexicon({form: tuple(sorted(symbols - {"{filler}"})) for form, symbols in forms.items()}, units, fillers)
    for at, (_name, pattern) in enumerate(units):
        for symbol in pattern.elements[0].symbols:
            lexicon._units_by_first.setdefault(symbol, []).append(at)
    return lexicon


def _forms(symbol: str, irregular: dict[str, tuple[str, ...]]) -> set[str]:
    return {symbol[1:]} if symbol[0] == "=" else forms_of(symbol, irregular)

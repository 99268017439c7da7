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


@dataclass(frozen=True, slots=True)
class Unit:
    """Several words taken as one: the symbols they stand for, and the words without which they cannot be there."""

    names: tuple[str, ...]
    pattern: Pattern
    words: tuple[str, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form that some phrase, cue or class uses -> the symbols it stands for; and units of several words.

    Units are tried in order, plain words first: a unit may hold classes whose units stand before it."""

    forms: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    units: Mapping[str, tuple[tuple[int, Unit], ...]]

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
        units = self.units
        waiting = [
            each
            for symbol in found
            if symbol in units
            for each in units[symbol]
            if all(word in found for word in each[1].words)
        ]
        waiting.sort(key=lambda each: each[0])
        for _order, unit_ in waiting:
            new = [(match.start, match.end) for match in matches(unit_.pattern, found, steps)]
            if new:
                for name in unit_.names:
                    known = found.setdefault(name, [])
                    known.extend(place for place in new if place not in known)
                    known.sort()


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
    if not present.isdisjoint(pattern.unless) or any(present.isdisjoint(group) for group in pattern.needs):
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
    builder = _Builder(irregular)
    for name, members in classes.items():
        for member in members:
            builder.add_member(f"{{{name}}}", member)
    for pattern in patterns:
        builder.know_all(pattern)
    fillers = frozenset(form for form, symbols in builder.forms.items() if "{filler}" in symbols)
    forms = {form: tuple(sorted(symbols - {"{filler}"})) for form, symbols in builder.forms.items()}
    return Lexicon(forms, fillers, builder.filed_units())


@dataclass(slots=True)
class _Builder:
    """What a lexicon is made from: forms of words, and for each unit the symbols it stands for."""

    irregular: dict[str, tuple[str, ...]]
    forms: dict[str, set[str]] = field(default_factory=dict)
    names: dict[Pattern, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add_member(self, name: str, member: Pattern) -> None:
        only = member.elements[0].symbols if len(member.elements) == 1 else ()
        bare = len(only) == 1 and not member.needs and not member.unless
        if bare and only[0][0] != "{" and not is_unit(only[0]):
            for form in _forms(only[0], self.irregular):
                self.forms.setdefault(form, set()).add(name)
            return
        self.know_all(member)
        self.names.setdefault(unit(only[0]) if bare and is_unit(only[0]) else member, []).append(name)

    def know_all(self, pattern: Pattern) -> None:
        for group in [*(element.symbols for element in pattern.elements), *pattern.needs, pattern.unless]:
            for symbol in group:
                self._know(symbol)

    def _know(self, symbol: str) -> None:
        if symbol in self.seen or symbol[0] == "{":
            return
        self.seen.add(symbol)
        if is_unit(symbol):
            pattern = unit(symbol)
            self.names.setdefault(pattern, []).append(symbol)
            for element in pattern.elements:
                self._know(element.symbols[0])
            return
        for form in _forms(symbol, self.irregular):
            self.forms.setdefault(form, set()).add(symbol)

    def filed_units(self) -> dict[str, tuple[tuple[int, Unit], ...]]:
        """Each unit under the word, or the symbols of its first place, that the fewest units hold."""
        units = [_unit(tuple(names), pattern) for pattern, names in self.names.items()]
        units.sort(key=lambda each: not each.plain)
        used: dict[str, int] = {}
        for each in units:
            for word in each.words:
                used[word] = used.get(word, 0) + 1
        filed: dict[str, list[tuple[int, Unit]]] = {}
        for order, each in enumerate(units):
            under = [min(each.words, key=lambda word: used[word])] if each.words else each.pattern.elements[0].symbols
            for symbol in under:
                filed.setdefault(symbol, []).append((order, each))
        return {symbol: tuple(its_units) for symbol, its_units in filed.items()}


def _unit(names: tuple[str, ...], pattern: Pattern) -> Unit:
    words = tuple(
        element.symbols[0]
        for element in pattern.elements
        if len(element.symbols) == 1 and not element.optional and _is_word(element.symbols[0])
    )
    return Unit(names, pattern, words, plain=len(words) == len(pattern.elements))


def _is_word(symbol: str) -> bool:
    return symbol[0] != "{" and not is_unit(symbol)


def _forms(symbol: str, irregular: dict[str, tuple[str, ...]]) -> set[str]:
    return {symbol[1:]} if symbol[0] == "=" else forms_of(symbol, irregular)

"""The lexicon: every form that a phrase, cue or class uses, and the units of several words, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lib.domain.note_words import NAMED, NoteWords
from lib.domain.phrase_language import Pattern, is_unit, unit
from lib.domain.phrase_matching import Place, Places, Steps, matches, runs
from lib.domain.small_words import ALWAYS, OFTEN
from lib.domain.word_forms import forms_of
from lib.domain.word_index import WordIndex, word_index

_OFTEN_WEIGHT, _ALWAYS_WEIGHT = 200, 1500


@dataclass(frozen=True, slots=True)
class Unit:
    """Several words taken as one: the symbols they stand for, the words without which they cannot be there, and the
    gaps before these where nothing else is asked: such a unit is plain."""

    names: tuple[str, ...]
    pattern: Pattern
    words: tuple[str, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form that some phrase, cue or class uses -> the symbols it stands for; and units of several words.

    Units are tried in order, plain words first: a unit may hold classes whose units stand before it."""

    forms: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    units: WordIndex[Unit]
    weights: Mapping[str, int]

    def places(self, note: NoteWords) -> Places:
        """Where each symbol stands in the sentence."""
        found: Places = {}
        forms = self.forms
        for at, word in enumerate(note.words):
            symbols = forms.get(word)
            if symbols:
                here = [(at, at + 1)]
                for symbol in symbols:
                    found[symbol] = found[symbol] + here if symbol in found else here
        for at in note.named:
            _add(found, forms.get(NAMED, ()), [(at, at + 1)])
        return found

    def add_units(self, found: Places, steps: Steps) -> None:
        """Add the places of units of several words."""
        for unit_ in self.units.standing(found.keys()):
            if unit_.gaps:
                new = runs(unit_.words, unit_.gaps, found, steps)
            else:
                new = [(match.start, match.end) for match in matches(unit_.pattern, found, steps)]
            if new:
                _add(found, unit_.names, new)


def _add(found: Places, symbols: Iterable[str], new: list[Place]) -> None:
    """Add places of these symbols, each place once and in order. A list may be shared by symbols: none is changed."""
    for symbol in symbols:
        known = found.get(symbol)
        found[symbol] = new if known is None else sorted({*known, *new})


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
    builder.spread()
    fillers = frozenset(form for form, symbols in builder.forms.items() if "{filler}" in symbols)
    forms = {form: tuple(sorted(symbols - {"{filler}"})) for form, symbols in builder.forms.items()}
    weights = builder.weights()
    return Lexicon(forms, fillers, builder.units(weights), weights)


@dataclass(slots=True)
class _Builder:
    """What a lexicon is made from: forms of words, for each unit the symbols it stands for, and the classes that hold
    a class whole."""

    irregular: dict[str, tuple[str, ...]]
    forms: dict[str, set[str]] = field(default_factory=dict)
    names: dict[Pattern, list[str]] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add_member(self, name: str, member: Pattern) -> None:
        only = member.elements[0].symbols if len(member.elements) == 1 else ()
        bare = len(only) == 1 and not member.needs and not member.unless
        if bare and only[0][0] == "{":
            self.holders.setdefault(only[0], set()).add(name)
            return
        if bare and not is_unit(only[0]):
            for form in _forms(only[0], self.irregular):
                self.forms.setdefault(form, set()).add(name)
            return
        self.know_all(member)
        self.names.setdefault(unit(only[0]) if bare and is_unit(only[0]) else member, []).append(name)

    def spread(self) -> None:
        """What stands for a class stands for every class that holds it."""
        for symbols in self.forms.values():
            symbols |= self._held_by(symbols)
        for names in self.names.values():
            names.extend(sorted(self._held_by(set(names)) - set(names)))

    def _held_by(self, symbols: set[str]) -> set[str]:
        found: set[str] = set()
        new = set(symbols)
        while new:
            new = {holder for symbol in new for holder in self.holders.get(symbol, ())} - found
            found |= new
        return found

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

    def weights(self) -> dict[str, int]:
        """How often, roughly, a symbol is met: words that every note holds weigh much, a class as all its words."""
        found: dict[str, int] = {}
        for form, symbols in self.forms.items():
            for symbol in symbols:
                found[symbol] = found.get(symbol, 0) + _weight(form)
        for pattern, names in self.names.items():
            for name in names:
                lightest = min(sum(found.get(each, 1) for each in element.symbols) for element in pattern.elements)
                found[name] = found.get(name, 0) + min(lightest, _OFTEN_WEIGHT // 4)
        return found

    def units(self, weights: Mapping[str, int]) -> WordIndex[Unit]:
        """Each unit under its words, or the symbols of its first place. Classes are not asked for beforehand: units
        that stand before may be what fills them."""
        units = [_unit(tuple(names), pattern) for pattern, names in self.names.items()]
        units.sort(key=lambda each: not each.gaps)
        return word_index(
            ((each, [(word,) for word in each.words] or [each.pattern.elements[0].symbols]) for each in units), weights
        )


def _unit(names: tuple[str, ...], pattern: Pattern) -> Unit:
    elements = pattern.elements
    words = tuple(
        each.symbols[0] for each in elements if len(each.symbols) == 1 and not each.optional and _is_word(each.symbols[0])
    )
    plain = 1 < len(words) == len(elements) and not pattern.needs and not pattern.unless
    return Unit(names, pattern, words, tuple(each.gap for each in elements) if plain else ())


def _weight(form: str) -> int:
    """How often, roughly, a form is met beside a word that most notes do without."""
    return _ALWAYS_WEIGHT if form in ALWAYS else _OFTEN_WEIGHT if form in OFTEN else 1


def _is_word(symbol: str) -> bool:
    return symbol[0] != "{" and not is_unit(symbol)


def _forms(symbol: str, irregular: dict[str, tuple[str, ...]]) -> set[str]:
    return {symbol[1:]} if symbol[0] == "=" else forms_of(symbol, irregular)

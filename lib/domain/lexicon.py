"""The lexicon: every form that a phrase, cue or class uses, and the units of several words, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lib.domain.note_words import NAMED, NoteWords
from lib.domain.phrase_language import Element, Pattern, is_unit, unit
from lib.domain.phrase_matching import Place, Places, Steps, placed
from lib.domain.small_words import ALWAYS, OFTEN
from lib.domain.word_forms import forms_of
from lib.domain.word_index import WordIndex, word_index
from lib.domain.word_runs import Run, WordRuns, word_runs

_OFTEN_WEIGHT, _ALWAYS_WEIGHT = 200, 1500


class Unit(NamedTuple):
    """More than words in their order, taken as one: what it stands for, what it is told by, and the groups of symbols
    of each of which one must stand in the sentence."""

    names: tuple[str, ...]
    pattern: Pattern
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form that some phrase, cue or class uses -> the symbols it stands for; and what is told by several words.

    `runs` are words that follow one another. `units` hold classes or ask for more: they are tried after these and in
    order, for a unit may hold classes whose units stand before it."""

    forms: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    runs: WordRuns
    units: WordIndex[Unit]
    weights: Mapping[str, int]

    def places(self, note: NoteWords, steps: Steps) -> Places:
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
        units = self.units.standing(found.keys())
        for names, place in self.runs.places(note.words, steps):
            _add(found, names, [place])
        for names, pattern, groups in units:
            if not any(found.keys().isdisjoint(group) for group in groups):
                _add(found, names, [(match.start, match.end) for match in placed(pattern, found, steps)])
        return found


def _add(found: Places, symbols: Iterable[str], new: list[Place]) -> None:
    """Add places of these symbols, each place once and in order. A list may be shared by symbols: none is changed."""
    for symbol in symbols if new else ():
        found[symbol] = sorted({*found[symbol], *new}) if symbol in found else new


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
    return Lexicon(forms, fillers, builder.runs(), builder.units(weights), weights)


@dataclass(slots=True)
class _Builder:
    """What a lexicon is made from: forms of words, for each unit the symbols it stands for, and the classes that hold
    a class whole."""

    irregular: dict[str, tuple[str, ...]]
    forms: dict[str, set[str]] = field(default_factory=dict)
    names: dict[Pattern, list[str]] = field(default_factory=dict)
    holders: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    known: dict[str, set[str]] = field(default_factory=dict)

    def add_member(self, name: str, member: Pattern) -> None:
        only = member.elements[0].symbols if len(member.elements) == 1 else ()
        bare = len(only) == 1 and not member.needs and not member.unless
        if bare and only[0][0] == "{":
            self.holders.setdefault(only[0], set()).add(name)
            return
        if bare and not is_unit(only[0]):
            for form in self.forms_of(only[0]):
                self.forms.setdefault(form, set()).add(name)
            return
        told = unit(only[0]) if bare else member
        if not _is_run(told):
            self.know_all(told)
        self.names.setdefault(told, []).append(name)

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
            self.names.setdefault(unit(symbol), []).append(symbol)
            return
        for form in self.forms_of(symbol):
            self.forms.setdefault(form, set()).add(symbol)

    def forms_of(self, symbol: str) -> set[str]:
        """The forms in which a plain word may stand."""
        found = self.known.get(symbol)
        if found is None:
            found = self.known[symbol] = {symbol[1:]} if symbol[0] == "=" else forms_of(symbol, self.irregular)
        return found

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

    def runs(self) -> WordRuns:
        """Words that follow one another."""
        return word_runs(
            (
                Run(
                    tuple(each.symbols[0] for each in pattern.elements),
                    tuple(each.gap for each in pattern.elements),
                    tuple(names),
                )
                for pattern, names in self.names.items()
                if _is_run(pattern)
            ),
            self.forms_of,
        )

    def units(self, weights: Mapping[str, int]) -> WordIndex[Unit]:
        """Each unit under its words, or the symbols of its first place. Classes are not asked for beforehand: units
        that stand before may be what fills them."""
        units = [
            Unit(tuple(names), pattern, tuple(pattern.groups))
            for pattern, names in self.names.items()
            if not _is_run(pattern)
        ]
        return word_index(((each, _words(each.pattern) or each.groups[:1]) for each in units), weights)


def _words(pattern: Pattern) -> list[tuple[str, ...]]:
    """The plain words without which a pattern cannot stand in a sentence."""
    return [each.symbols for each in pattern.elements if not each.optional and _is_word(each)]


def _is_run(pattern: Pattern) -> bool:
    """Whether it is words in their order and nothing else."""
    return not pattern.needs and not pattern.unless and len(_words(pattern)) == len(pattern.elements)


def _is_word(element: Element) -> bool:
    only, *others = element.symbols
    return not others and only[0] != "{" and not is_unit(only)


def _weight(form: str) -> int:
    """How often, roughly, a form is met beside a word that most notes do without."""
    return _ALWAYS_WEIGHT if form in ALWAYS else _OFTEN_WEIGHT if form in OFTEN else 1

"""The lexicon: every form that a phrase, cue or class uses, and the units of several words, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from lib.domain.note_words import NAMED, NoteWords
from lib.domain.phrase_language import Pattern, is_unit, unit
from lib.domain.phrase_matching import Places, Steps, matches, placed
from lib.domain.small_words import ALWAYS, OFTEN
from lib.domain.word_forms import forms_of

_OFTEN_WEIGHT, _ALWAYS_WEIGHT = 200, 1500


@dataclass(frozen=True, slots=True)
class Unit:
    """Several words taken as one: the symbols they stand for, and the words without which they cannot be there."""

    names: tuple[str, ...]
    pattern: Pattern
    words: frozenset[str]
    plain: bool


FiledUnit = tuple[int, frozenset[str], Unit]  # its turn, the words that must be there besides the one it lies under


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every form that some phrase, cue or class uses -> the symbols it stands for; and units of several words.

    Units are tried in order, plain words first: a unit may hold classes whose units stand before it."""

    forms: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    units: Mapping[str, tuple[FiledUnit, ...]]
    weights: Mapping[str, int]

    def places(self, note: NoteWords) -> Places:
        """Where each symbol stands in the sentence."""
        found: Places = {}
        forms = self.forms
        for at, word in enumerate(note.words):
            symbols = forms.get(word)
            if symbols:
                place = (at, at + 1)
                for symbol in symbols:
                    known = found.get(symbol)
                    if known is None:
                        found[symbol] = [place]
                    else:
                        known.append(place)
        for at in note.named:
            for symbol in forms.get(NAMED, ()):
                known = found.setdefault(symbol, [])
                if (at, at + 1) not in known:
                    known.append((at, at + 1))
                    known.sort()
        return found

    def add_units(self, found: Places, steps: Steps) -> None:
        """Add the places of units of several words."""
        units = self.units
        present = set(found)
        waiting = [each for symbol in present & units.keys() for each in units[symbol] if each[1] <= present]
        waiting.sort(key=itemgetter(0))
        for _order, _others, unit_ in waiting:
            find = placed if unit_.plain and not unit_.pattern.needs else matches
            new = [(match.start, match.end) for match in find(unit_.pattern, found, steps)]
            if new:
                for name in unit_.names:
                    known = found.setdefault(name, [])
                    known.extend(place for place in new if place not in known)
                    known.sort()


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
    return Lexicon(forms, fillers, builder.filed_units(), builder.weights())


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

    def filed_units(self) -> dict[str, tuple[FiledUnit, ...]]:
        """Each unit under the word, or the symbols of its first place, that is met least."""
        units = [_unit(tuple(names), pattern) for pattern, names in self.names.items()]
        units.sort(key=lambda each: not each.plain)
        used: dict[str, int] = {}
        for each in units:
            for word in each.words:
                used[word] = used.get(word, 0) + _weight(word.lstrip("="))
        filed: dict[str, list[FiledUnit]] = {}
        for order, each in enumerate(units):
            under = (
                [min(sorted(each.words), key=lambda word: used[word])]
                if each.words
                else each.pattern.elements[0].symbols
            )
            for symbol in under:
                filed.setdefault(symbol, []).append((order, each.words - {symbol}, each))
        return {symbol: tuple(its_units) for symbol, its_units in filed.items()}


def _unit(names: tuple[str, ...], pattern: Pattern) -> Unit:
    words = tuple(
        element.symbols[0]
        for element in pattern.elements
        if len(element.symbols) == 1 and not element.optional and _is_word(element.symbols[0])
    )
    return Unit(names, pattern, frozenset(words), plain=len(words) == len(pattern.elements))


def _weight(form: str) -> int:
    """How often, roughly, a form is met beside a word that most notes do without."""
    return _ALWAYS_WEIGHT if form in ALWAYS else _OFTEN_WEIGHT if form in OFTEN else 1


def _is_word(symbol: str) -> bool:
    return symbol[0] != "{" and not is_unit(symbol)


def _forms(symbol: str, irregular: dict[str, tuple[str, ...]]) -> set[str]:
    return {symbol[1:]} if symbol[0] == "=" else forms_of(symbol, irregular)

"""The language phrases are written in: words and their forms, classes of words, gaps, and what else must be said.

    pull away                 these words in this order, in any form (pulls, pulled, pulling)
    =left                     exactly this form
    wall|armour               one of these
    shut_down|clam_up         several words as one alternative
    turn~down                 the same, with up to two words between: turned every offer down
    {feeling}                 a class of words (classes.csv)
    [emotionally]             may be there
    tell ... need             up to four words between; `..2` up to two
    +{conflict}               must stand elsewhere in the same sentence
    -taxi                     must not stand anywhere in the sentence
    @anyone                   tells of the client whoever acts: nobody understands her
    @otherwise                believed only where nothing firmer is said beside it
    @twice                    believed only where another such phrase says the same

Small words (the, her, really, often; class {filler}) may stand between any two words. A semicolon or dash is never
crossed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.domain.errors import DefinitionProblem

GAP, WITHIN = 4, 2
ANYONE, OTHERWISE, TWICE = "@anyone", "@otherwise", "@twice"
_WORD = re.compile(r"=?[a-z'0-9]+(?:[_~]=?[a-z'0-9]+)*$")
_CLASS = re.compile(r"\{[a-z_]+\}$")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: any of `symbols` may stand there, after at most `gap` words that are not small ones."""

    symbols: tuple[str, ...]
    gap: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase taken apart. `needs`: each group must be met elsewhere in the sentence; `unless`: none may stand in it;
    `whoever_acts`: it is about the client even where somebody else is the one who acts; `otherwise`: it is believed
    only where nothing firmer is said; `twice`: only where another such phrase says the same."""

    elements: tuple[Element, ...]
    needs: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    whoever_acts: bool = False
    otherwise: bool = False
    twice: bool = False

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The groups of symbols of each of which one must stand in the sentence."""
        return [*(element.symbols for element in self.elements if not element.optional), *self.needs]


def parse(phrase: str, classes: set[str], where: str) -> Pattern:
    """Take a phrase apart. Raises DefinitionProblem naming `where` and the rule."""
    elements: list[Element] = []
    needs: list[tuple[str, ...]] = []
    unless: list[str] = []
    gap = 0
    for part in phrase.split():
        if part in (ANYONE, OTHERWISE, TWICE):
            continue
        if part.startswith(".."):
            gap = _gap(part, where)
        elif part[0] == "+":
            needs.append(_symbols(part[1:], classes, where))
        elif part[0] == "-":
            unless.extend(_symbols(part[1:], classes, where))
        else:
            optional = part[0] == "[" and part[-1] == "]"
            elements.append(Element(_symbols(part[1:-1] if optional else part, classes, where), gap, optional))
            gap = 0
    if not elements or elements[0].optional or gap:
        raise DefinitionProblem(
            f"{where}: phrase: must begin with a word that is not optional and end in one: {phrase!r}"
        )
    marks = (mark in phrase.split() for mark in (ANYONE, OTHERWISE, TWICE))
    return Pattern(tuple(elements), tuple(needs), tuple(unless), *marks)


def is_unit(symbol: str) -> bool:
    """Whether a symbol is several words taken as one."""
    return symbol[0] != "{" and ("_" in symbol or "~" in symbol)


def unit(symbol: str) -> Pattern:
    """The words of such a symbol, one after the other."""
    words = re.split("([_~])", symbol)
    gaps = [0, *(WITHIN if mark == "~" else 0 for mark in words[1::2])]
    return Pattern(tuple(Element((word,), gap) for word, gap in zip(words[::2], gaps, strict=True)))


def _gap(part: str, where: str) -> int:
    if part == "...":
        return GAP
    if not part[2:].isdigit() or not 1 <= int(part[2:]) <= 12:
        raise DefinitionProblem(f"{where}: phrase: a gap is ... or ..1 to ..12, not {part!r}")
    return int(part[2:])


def _symbols(part: str, classes: set[str], where: str) -> tuple[str, ...]:
    symbols = tuple(part.split("|"))
    for symbol in symbols:
        if _CLASS.match(symbol):
            if symbol[1:-1] not in classes:
                raise DefinitionProblem(f"{where}: phrase: there is no class {symbol}")
        elif not _WORD.match(symbol):
            raise DefinitionProblem(f"{where}: phrase: {symbol!r} is no word in small letters, class or list of them")
    return symbols

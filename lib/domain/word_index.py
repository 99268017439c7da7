"""An index by words: what needs several of them is tried only in a sentence that holds the two of them met least."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
_ALONE = ""
"""Where what needs no second word lies: a sentence is taken to hold it always."""


class _Filed(NamedTuple):
    """One thing in its place: its number, and the groups besides the two it lies under, of each of which one symbol
    must be met too. A tuple, because each sentence asks dozens of them."""

    number: int
    others: tuple[frozenset[str], ...]


class _Drawer(NamedTuple):
    """What lies under one symbol, by the second one that must be met."""

    seconds: frozenset[str]
    filed: Mapping[str, tuple[_Filed, ...]]


@dataclass(frozen=True, slots=True)
class WordIndex(Generic[T]):
    """Things filed under two groups of symbols each, of either of which a sentence must hold one."""

    things: tuple[T, ...]
    drawers: Mapping[str, _Drawer]

    def standing(self, symbols: Set[str]) -> list[T]:
        """The things of which every group has a symbol among these, each once, in the order they were filed."""
        present = {_ALONE, *symbols}
        found: set[int] = set()
        drawers = self.drawers
        for first in present & drawers.keys():
            seconds, filed = drawers[first]
            if seconds.isdisjoint(present):  # most are, and asking costs less than an empty set
                continue
            for second in seconds & present:
                for number, others in filed[second]:
                    for group in others:
                        if present.isdisjoint(group):
                            break
                    else:
                        found.add(number)
        things = self.things
        return [things[number] for number in sorted(found)]


def word_index(filed: Iterable[tuple[T, Sequence[Collection[str]]]], weights: Mapping[str, int]) -> WordIndex[T]:
    """An index of things, each with its groups of symbols. `weights` tells how often, roughly, a symbol is met."""
    things: list[T] = []
    drawers: dict[str, dict[str, list[_Filed]]] = {}

    def weight(group: Collection[str]) -> int:
        return sum(weights.get(symbol, 1) for symbol in group)

    for thing, needed in filed:
        rarest = min(needed, key=weight)
        others = [group for group in needed if group is not rarest] or [(_ALONE,)]
        # A wide group takes room, a frequent one is met in vain.
        others.sort(key=lambda group: len(group) * weight(group))
        narrow = others.pop(0)
        lying = _Filed(len(things), tuple(frozenset(group) for group in others))
        things.append(thing)
        for first in rarest:
            drawer = drawers.setdefault(first, {})
            for second in narrow:
                drawer.setdefault(second, []).append(lying)
    return WordIndex(
        tuple(things),
        {
            first: _Drawer(frozenset(drawer), {second: tuple(lying) for second, lying in drawer.items()})
            for first, drawer in drawers.items()
        },
    )

"""Words that follow one another, kept as a tree: from each word of a sentence it is followed as far as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lib.domain.phrase_matching import Place, Steps


class Run(NamedTuple):
    """Words in their order, the gap before each, and the symbols that the whole of them stands for."""

    words: tuple[str, ...]
    gaps: tuple[int, ...]
    names: tuple[str, ...]


class _Branch:
    """Runs that have begun alike: what they stand for if they end here, and how they go on: with which form, after
    which gap at most. `reach` is the largest of these gaps."""

    __slots__ = ("names", "onward", "reach")

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.onward: dict[str, list[tuple[int, _Branch]]] = {}
        self.reach = 0

    def add(self, form: str, gap: int, branch: _Branch) -> None:
        self.onward.setdefault(form, []).append((gap, branch))
        self.reach = max(self.reach, gap)


@dataclass(frozen=True, slots=True)
class WordRuns:
    """Many runs of words. Build with `word_runs`."""

    first: Mapping[str, _Branch]

    def places(self, words: Sequence[str], steps: Steps) -> list[tuple[tuple[str, ...], Place]]:
        """What stands in a sentence, with its place: of each run leftmost first, its words the nearest ones, and none
        overlapping another of the same run."""
        before, after = steps
        count = len(words)
        first = self.first
        found: list[tuple[tuple[str, ...], Place]] = []
        ended: dict[_Branch, int] = {}
        begun = [(first[word], at, at + 1) for at, word in enumerate(words) if word in first]
        # What is added while it is gone through stays in order: earlier before later, near before far.
        for branch, start, end in begun:
            if branch.names and ended.get(branch, 0) <= start:
                ended[branch] = end
                found.append((branch.names, (start, end)))
            onward, so_far = branch.onward, after[end]
            reach = so_far + branch.reach
            at = end
            while at < count and before[at] <= reach:
                if words[at] in onward:
                    for gap, longer in onward[words[at]]:
                        if before[at] - so_far <= gap:
                            begun.append((longer, start, at + 1))
                at += 1
        return found


def word_runs(runs: Iterable[Run], forms: Callable[[str], Iterable[str]]) -> WordRuns:
    """The tree of these runs, each of two words or more; `forms` tells in which forms a word may stand."""
    root = _Branch()
    children: dict[tuple[_Branch, int, str], _Branch] = {}
    for run in runs:
        branch = root
        for word, gap in zip(run.words, run.gaps, strict=True):
            longer = children.get((branch, gap, word))
            if longer is None:
                longer = children[branch, gap, word] = _Branch()
                for form in forms(word):
                    branch.add(form, gap, longer)
            branch = longer
        branch.names = run.names
    return WordRuns({form: _merged(begun) for form, begun in root.onward.items()})


def _merged(begun: Sequence[tuple[int, _Branch]]) -> _Branch:
    """Several beginnings of one form as one: `her` begins what begins with `her` and with `=her`."""
    if len(begun) == 1:
        return begun[0][1]
    whole = _Branch()
    for _gap, branch in begun:
        for form, following in branch.onward.items():
            for gap, longer in following:
                whole.add(form, gap, longer)
    return whole

"""Text changes: what two versions of somebody's words have in common, what was taken out and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKEN = re.compile(r"\s+|[^\s]+")


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with one fate, exactly as they stand, spaces and line breaks with them."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole lines that were left as they are, or that changed together. Kept and new pieces in order are the text
    after, kept and gone ones the text before."""

    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything in these lines was taken out or added."""
        return any(piece.fate is not Fate.KEPT for piece in self.pieces)


def stretches(before: str, after: str) -> tuple[Stretch, ...]:
    """The text after, in stretches of lines; changed lines are compared word by word (`difflib`: Ratcliff and
    Obershelp's matching). Nothing is normalised: a changed space is a change."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found = []
    for tag, first, last, begins, ends in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[begins:ends])
        found.append(Stretch((Piece(Fate.KEPT, come),) if tag == "equal" else tuple(_pieces(gone, come))))
    return tuple(found)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Word by word; a space alone is nothing to hold on to, so that rewritten words are not shown in shreds."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    gone, come = "", ""
    for tag, first, last, begins, ends in matcher.get_opcodes():
        shared = "".join(new[begins:ends])
        if tag == "equal" and not shared.isspace():
            yield from _changed(gone, come)
            gone = come = ""
            yield Piece(Fate.KEPT, shared)
        else:
            gone, come = gone + "".join(old[first:last]), come + shared
    yield from _changed(gone, come)


def _changed(gone: str, come: str) -> Sequence[Piece]:
    if gone == come:  # a space between two kept words
        return [Piece(Fate.KEPT, come)] if come else []
    return [Piece(fate, text) for fate, text in ((Fate.GONE, gone), (Fate.NEW, come)) if text]

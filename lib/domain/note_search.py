"""Searching notes: what was asked in words, and where in a text it was found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.domain.errors import InvalidInput

LONGEST_QUESTION = 200
MOST_TERMS = 12
_BEFORE, _AFTER = 70, 110  # letters shown around the first hit
_MOST_PLACES = 2
_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that stand together. The last one may be a beginning: `clos*`."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of plain text, and whether it is what was looked for."""

    text: str
    is_hit: bool


Extract = tuple[Piece, ...]


def terms_of(question: str) -> tuple[Term, ...]:
    """What is looked for: words that all must be there, "words in quotes" in this order, `begin*` as a beginning.

    A word with signs inside (self-reliant) is looked for as words that stand together. Raises InvalidInput."""
    if len(question) > LONGEST_QUESTION:
        raise InvalidInput(f"The question has more than {LONGEST_QUESTION} letters.", "Shorten it.", field="search")
    found: list[Term] = []
    for quoted, bare in _ASKED.findall(question):
        told = quoted or bare
        words = tuple(word.lower() for word in _WORD.findall(told))
        if words:
            found.append(Term(words, told.rstrip().endswith("*")))
    if not found:
        raise InvalidInput("There is no word to look for.", "Type a word of the note.", field="search")
    if len(found) > MOST_TERMS:
        raise InvalidInput(f"At most {MOST_TERMS} words or phrases at a time.", "Leave some out.", field="search")
    return tuple(found)


def extracts(text: str, terms: tuple[Term, ...]) -> tuple[Extract, ...]:
    """Up to two places of the text with what was found marked; its beginning where nothing can be pointed to."""
    spans = _spans(text, terms)
    if not spans:
        return ((Piece(_shortened(text, 0, _BEFORE + _AFTER), False),),)
    places: list[tuple[int, int]] = []
    for start, _ in spans:
        if len(places) == _MOST_PLACES:
            break
        if not places or start >= places[-1][1]:
            places.append((max(start - _BEFORE, places[-1][1] if places else 0), min(start + _AFTER, len(text))))
    return tuple(_extract(text, _at_words(text, place), spans) for place in places)


def _spans(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """Where the terms stand, in the order of the text, overlapping ones as one."""
    words = [(found.group().lower(), found.start(), found.end()) for found in _WORD.finditer(text)]
    found = sorted(
        (words[at][1], words[at + len(term.words) - 1][2])
        for term in terms
        for at in range(len(words) - len(term.words) + 1)
        if _stands_at(words, at, term)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _stands_at(words: list[tuple[str, int, int]], at: int, term: Term) -> bool:
    *whole, last = term.words
    if any(words[at + step][0] != word for step, word in enumerate(whole)):
        return False
    there = words[at + len(whole)][0]
    return there.startswith(last) if term.is_prefix else there == last


def _at_words(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """The same place without half a word at its ends."""
    start, end = place
    while 0 < start < end and not text[start - 1].isspace():
        start += 1
    while start < end < len(text) and not text[end].isspace():
        end -= 1
    return (start, end) if end > start else place


def _extract(text: str, place: tuple[int, int], spans: list[tuple[int, int]]) -> Extract:
    start, end = place
    pieces: list[Piece] = [Piece("… ", False)] if start > 0 else []
    at = start
    for hit_start, hit_end in spans:
        if hit_end <= start or hit_start >= end:
            continue
        hit_start, hit_end = max(hit_start, start), min(hit_end, end)
        pieces += [Piece(text[at:hit_start], False), Piece(text[hit_start:hit_end], True)]
        at = hit_end
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(Piece(" ".join(piece.text.split("\n")), piece.is_hit) for piece in pieces if piece.text)


def _shortened(text: str, start: int, length: int) -> str:
    cut = text[start : start + length].replace("\n", " ")
    return f"{cut} …" if start + length < len(text) else cut

"""The phrase book: phrases, classes, cues, people and headings as data, checked, and made ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from lib.domain.lexicon import Lexicon, build_lexicon
from lib.domain.note_words import NoteWords
from lib.domain.phrase_language import Pattern
from lib.domain.phrase_matching import Match, Places, Steps, matches, placed

MARKERS = ("trust", "needs", "presence", "vulnerability", "reciprocity")
SIGNS = (
    "intimacy",
    "minimising",
    "independence",
    "mixed_signals",
    "shutdown",
    "surface_talk",
    "misunderstood",
    "guarded",
    "estranged",
    "defensive_detachment",
    "suppressed_feeling",
    "fear",
)
CODES = MARKERS + SIGNS
RISK = "risk"
"""The code of risk wording: never suggested, it only raises the plain line."""


class Polarity(StrEnum):
    """Whether what is told is the code, or its opposite or absence."""

    FOR = "for"
    AGAINST = "against"


class PhraseStatus(StrEnum):
    """A muted phrase is kept and not searched; a proposed one waits for a person to activate it."""

    ACTIVE = "active"
    MUTED = "muted"
    PROPOSED = "proposed"


class CueKind(StrEnum):
    """What a cue tells of the phrase beside it."""

    NEGATION = "negation"
    HYPOTHETICAL = "hypothetical"
    INTERVENTION = "intervention"
    HISTORICAL = "historical"
    CURRENT = "current"
    CONTRAST = "contrast"
    STOP = "stop"
    REPORT = "report"
    NO_CUE = "no_cue"


class CueScope(StrEnum):
    """How far a cue reaches: words before or after the phrase, the part of the sentence, or the whole of it."""

    BEFORE = "before"
    AFTER = "after"
    PART = "part"
    SENTENCE = "sentence"


class PersonKind(StrEnum):
    """Who a word means."""

    CLIENT = "client"
    OTHER = "other"
    TOGETHER = "together"
    ANYONE = "anyone"
    THERAPIST = "therapist"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the phrase file. `must` and `must_not` are sentences that it has to match and not to match."""

    id: str
    code: str
    polarity: Polarity
    text: str
    pattern: Pattern
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    source: str
    author: str
    status: PhraseStatus = PhraseStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of the cue file. `applies` is any, marker or sign: which codes the cue speaks of."""

    id: str
    kind: CueKind
    applies: str
    scope: CueScope
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Person:
    """Who a word means, and whether he or she, as far as the word tells."""

    kind: PersonKind
    gender: str = ""


class Hit(NamedTuple):
    """A phrase found in a sentence."""

    phrase: Phrase
    match: Match


class CueHit(NamedTuple):
    """A cue found in a sentence: words [start, end)."""

    cue: Cue
    start: int
    end: int


class Filed(NamedTuple):
    """A phrase as it lies in the book: `others` are the groups of symbols besides the one it lies under, of each of
    which one must be met too, those met least first. A tuple, because each sentence asks hundreds of them."""

    id: str
    others: tuple[frozenset[str], ...]
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Everything reading for evidence was told by data files. Build one with `phrase_book`; safe to share.

    `headings` maps a heading in small letters to planned, past or plain; `mirror` a (code, polarity) to the
    (code, polarity) it supports."""

    phrases: tuple[Phrase, ...]
    cues: tuple[Cue, ...]
    people: Mapping[str, Person]
    headings: Mapping[str, str]
    mirror: Mapping[tuple[str, Polarity], tuple[str, Polarity]]
    lexicon: Lexicon
    by_anchor: Mapping[str, tuple[Filed, ...]] = field(repr=False)
    cues_by_first: Mapping[str, tuple[Cue, ...]] = field(repr=False)

    def phrases_in(self, found: Places, steps: Steps) -> list[Hit]:
        """The active phrases that stand in a sentence."""
        present = frozenset(found)
        tried: set[str] = set()
        hits: list[Hit] = []
        by_anchor = self.by_anchor
        for symbol in present & by_anchor.keys():
            for id_, others, phrase in by_anchor[symbol]:
                for group in others:
                    if present.isdisjoint(group):
                        break
                else:
                    if id_ in tried:
                        continue
                    tried.add(id_)
                    hits.extend(Hit(phrase, match) for match in placed(phrase.pattern, found, steps))
        return hits

    def cues_in(self, found: Places, steps: Steps) -> list[CueHit]:
        """The cues that stand in a sentence. Of two that overlap the longer counts, or what is no cue."""
        tried: set[str] = set()
        hits: list[CueHit] = []
        by_first = self.cues_by_first
        for symbol in found.keys() & by_first.keys():
            for cue in by_first[symbol]:
                if cue.id not in tried:
                    tried.add(cue.id)
                    hits.extend(CueHit(cue, match.start, match.end) for match in matches(cue.pattern, found, steps))
        hits.sort(key=lambda hit: (hit.start - hit.end, hit.start, hit.cue.kind is not CueKind.NO_CUE, hit.cue.id))
        kept: list[CueHit] = []
        for hit in hits:
            if not any(hit.start < other.end and other.start < hit.end for other in kept):
                kept.append(hit)
        return [hit for hit in sorted(kept, key=lambda hit: hit.start) if hit.cue.kind is not CueKind.NO_CUE]

    def places(self, note: NoteWords) -> Places:
        """Where each word that the book knows stands in the sentence; small words are left out."""
        return self.lexicon.places(note)


def phrase_book(
    phrases: Iterable[Phrase],
    cues: Iterable[Cue],
    classes: Mapping[str, Sequence[Pattern]],
    people: Mapping[str, Person],
    headings: Mapping[str, str],
    mirror: Mapping[tuple[str, Polarity], tuple[str, Polarity]],
    irregular: dict[str, tuple[str, ...]],
) -> PhraseBook:
    """Make the book ready: one lexicon over everything, each active phrase filed under its rarest place."""
    phrases, cues = tuple(phrases), tuple(cues)
    active = [phrase for phrase in phrases if phrase.status is PhraseStatus.ACTIVE]
    lexicon = build_lexicon([*(each.pattern for each in phrases), *(each.pattern for each in cues)], classes, irregular)
    return PhraseBook(
        phrases=phrases,
        cues=cues,
        people=people,
        headings=headings,
        mirror=mirror,
        lexicon=lexicon,
        by_anchor=_filed(active, lexicon.weights),
        cues_by_first=_first(cues),
    )


def _filed(phrases: Sequence[Phrase], weights: Mapping[str, int]) -> dict[str, tuple[Filed, ...]]:
    """Each phrase under every symbol of its element that is met least."""
    filed: dict[str, list[Filed]] = {}
    for phrase in phrases:
        groups = [element.symbols for element in phrase.pattern.elements if not element.optional]
        groups += phrase.pattern.needs
        groups.sort(key=lambda group: sum(weights.get(symbol, 1) for symbol in group))
        lying = Filed(phrase.id, tuple(frozenset(group) for group in groups[1:]), phrase)
        for symbol in groups[0]:
            filed.setdefault(symbol, []).append(lying)
    return {symbol: tuple(filed_here) for symbol, filed_here in filed.items()}


def _first(cues: Sequence[Cue]) -> dict[str, tuple[Cue, ...]]:
    filed: dict[str, list[Cue]] = {}
    for cue in cues:
        for symbol in cue.pattern.elements[0].symbols:
            filed.setdefault(symbol, []).append(cue)
    return {symbol: tuple(filed_here) for symbol, filed_here in filed.items()}

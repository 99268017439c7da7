"""The phrase book: phrases, classes, cues, people and headings as data, checked, and made ready to be searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from lib.domain.lexicon import Lexicon, build_lexicon
from lib.domain.phrase_language import Pattern
from lib.domain.phrase_matching import Match, Places, Steps, placed
from lib.domain.word_index import WordIndex, word_index

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
    searched: WordIndex[Phrase] = field(repr=False)
    searched_cues: WordIndex[Cue] = field(repr=False)

    def phrases_in(self, found: Places, steps: Steps) -> list[Hit]:
        """The active phrases that stand in a sentence, in the order of the book."""
        return [
            Hit(phrase, match)
            for phrase in self.searched.standing(found.keys())
            for match in placed(phrase.pattern, found, steps)
        ]

    def cues_in(self, found: Places, steps: Steps) -> list[CueHit]:
        """The cues that stand in a sentence. Of two that overlap the longer counts, or what is no cue."""
        hits = [
            CueHit(cue, match.start, match.end)
            for cue in self.searched_cues.standing(found.keys())
            for match in placed(cue.pattern, found, steps)
        ]
        hits.sort(key=lambda hit: (hit.start - hit.end, hit.start, hit.cue.kind is not CueKind.NO_CUE, hit.cue.id))
        kept: list[CueHit] = []
        for hit in hits:
            if not any(hit.start < other.end and other.start < hit.end for other in kept):
                kept.append(hit)
        return [hit for hit in sorted(kept, key=lambda hit: hit.start) if hit.cue.kind is not CueKind.NO_CUE]


def phrase_book(
    phrases: Iterable[Phrase],
    cues: Iterable[Cue],
    classes: Mapping[str, Sequence[Pattern]],
    people: Mapping[str, Person],
    headings: Mapping[str, str],
    mirror: Mapping[tuple[str, Polarity], tuple[str, Polarity]],
    irregular: dict[str, tuple[str, ...]],
) -> PhraseBook:
    """Make the book ready: one lexicon over everything, phrases and cues filed under their rarest words."""
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
        searched=word_index(((phrase, phrase.pattern.groups) for phrase in active), lexicon.weights),
        searched_cues=word_index(((cue, cue.pattern.groups) for cue in cues), lexicon.weights),
    )

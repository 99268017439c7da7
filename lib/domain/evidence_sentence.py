"""A sentence made ready for the context step: its cues, the people it names, and where its parts begin."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib.domain.evidence_people import Mention, mentions_in
from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_book import MARKERS, CueHit, CueKind, Hit, PhraseBook
from lib.domain.phrase_matching import Places, Steps

_PART_ENDS = BREAKS - {":"}
"""What stands before a colon speaks of what follows: `Task for the week: ...`."""


@dataclass(slots=True)
class SentenceContext:
    """What every hit of a sentence needs: cues, people, and where its parts begin."""

    note: NoteWords
    steps: Steps
    cues: list[CueHit]
    mentions: list[Mention]
    section: str
    heading: str
    parts: list[int] = field(default_factory=list)

    def of(self, *kinds: CueKind) -> list[CueHit]:
        """The cues of these kinds."""
        return [hit for hit in self.cues if hit.cue.kind in kinds]

    def words(self, hit: CueHit) -> str:
        """A cue as it stands in the sentence."""
        return " ".join(self.note.words[hit.start : hit.end])


def context_of(
    note: NoteWords, book: PhraseBook, found: Places, steps: Steps, section: str, heading: str = ""
) -> SentenceContext:
    """Prepare a sentence once for all its hits."""
    cues = [cue for cue in book.cues_in(found, steps) if not _opens_a_quotation(cue, note)]
    context = SentenceContext(note, steps, cues, mentions_in(note, book, cues), section, heading)
    context.parts = _parts(context)
    return context


def _opens_a_quotation(cue: CueHit, note: NoteWords) -> bool:
    """`stopped saying "but it could be worse"`: that `but` sets nothing against what stands before it."""
    at = cue.start
    return cue.cue.kind is CueKind.CONTRAST and at > 0 and note.quoted[at] and not note.quoted[at - 1]


def _parts(context: SentenceContext) -> list[int]:
    """For each word the number of its part: parts begin at ; and dashes, at `but`, and at `now` after a past."""
    note = context.note
    begins = {at for at, marks in enumerate(note.before) if any(mark in _PART_ENDS for mark in marks)}
    begins |= {hit.start for hit in context.of(CueKind.CONTRAST)}
    past = [hit.end for hit in context.of(CueKind.HISTORICAL)]
    for hit in context.of(CueKind.CURRENT):
        since = max((end for end in past if end <= hit.start), default=None)
        if since is not None:
            borders = [at for at in range(since + 1, hit.start) if "," in note.before[at] or note.words[at] == "and"]
            if borders or hit.end < len(note.words) - 1:
                begins.add(borders[-1] if borders else hit.start)
    parts, number = [], 0
    for at in range(len(note.words)):
        number += at in begins and at > 0
        parts.append(number)
    return [*parts, number]


def speaks_of(cue: CueHit, hit: Hit) -> bool:
    """`behaviour` is all but fear: to fear that he will leave is to fear now, whatever has not happened yet."""
    if cue.cue.applies == "behaviour":
        return hit.phrase.code != "fear"
    return cue.cue.applies == "any" or (cue.cue.applies == "marker") == (hit.phrase.code in MARKERS)


def is_own(cue: CueHit, hit: Hit) -> bool:
    """Whether every word of the cue is a word of the phrase itself."""
    pieces = (*hit.match.parts, *hit.match.needs)
    return all(any(begin <= at < stop for begin, stop in pieces) for at in range(cue.start, cue.end))

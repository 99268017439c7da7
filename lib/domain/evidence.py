"""Reading a note for evidence: sentences, and what each may be evidence of. It suggests; a person decides.

Nothing here names an attachment style, scores a person, or makes a diagnosis."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from lib.domain.evidence_context import EvidenceStatus, Reading, read_hit
from lib.domain.evidence_sentence import SentenceContext, context_of
from lib.domain.note_words import words_of
from lib.domain.phrase_book import RISK, CueKind, Hit, PhraseBook, Polarity
from lib.domain.phrase_matching import steps_of
from lib.domain.sentence_split import Stretch, lines_of, sentences_of

_GENERAL = {"misunderstood", "guarded", "estranged"}
"""Signs told in general words: where a more particular code claims the same words, it has them."""
_WHOLE_SCENES = {"mixed_signals"}
"""Told by a scene whose halves are not told besides: texting him, then blocking him."""
_STANCES = {"vulnerability"}
"""How an act is held, over the act itself: that asking is brave is said of the asking."""
_WITHIN = {
    (("mixed_signals", Polarity.FOR), ("needs", Polarity.FOR)),
    (("independence", Polarity.FOR), ("needs", Polarity.AGAINST)),
}
"""What the first tells the second is part of: begging him to come and then sending him off, doing it alone rather
than ask."""
_LOOSE = {"needs", "reciprocity"}
_BESIDE = {"fear", "intimacy", "mixed_signals"}
"""Told in the same words: suffocated when people come close."""
Told = tuple[Hit, Reading]
_CURRENT = {EvidenceStatus.PRESENT, EvidenceStatus.NEGATED}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a sentence may be evidence of. `start` and `end` are offsets into the note of the words matched,
    `phrase` is those words as they stand there, `cues` the words of the context step, `words` why, in words."""

    code: str
    polarity: Polarity
    status: EvidenceStatus
    phrase: str
    phrase_id: str
    cues: tuple[str, ...]
    start: int
    end: int
    words: str

    @property
    def is_offered(self) -> bool:
        """Present and negated are put before the clinician; planned, past and other people's are folded away."""
        return self.status in _CURRENT


class SentenceReading(NamedTuple):
    """One sentence: `sentence` is exactly text[start:end] of the note. With risk language there are no suggestions."""

    sentence: str
    start: int
    end: int
    suggestions: tuple[Suggestion, ...]
    risk_language: bool
    risk_phrase: str = ""
    section: str = ""


def read_note(text: str, book: PhraseBook, *, as_lines: bool = False) -> tuple[SentenceReading, ...]:
    """Every sentence of a note in order, with what it may be evidence of.

    `as_lines`: each line is one sentence, and every line gives one entry, empty ones too."""
    stretches = lines_of(text, book.headings) if as_lines else sentences_of(text, book.headings)
    return tuple(_read(text, stretch, book) for stretch in stretches)


def _read(text: str, stretch: Stretch, book: PhraseBook) -> SentenceReading:
    sentence = text[stretch.start : stretch.end]
    note = words_of(sentence)
    steps = steps_of(note, book.lexicon.fillers)
    found = book.lexicon.places(note, steps)
    hits = book.phrases_in(found, steps)
    if not hits:
        return SentenceReading(sentence, stretch.start, stretch.end, (), False, "", stretch.heading)
    context = context_of(note, book, found, steps, stretch.section, stretch.heading)
    risks = [hit.match for hit in hits if hit.phrase.code == RISK]
    if risks:
        longest = min(risks, key=lambda match: (match.start - match.end, match.start))
        start, end = _span(longest.start, longest.end, context)
        return SentenceReading(sentence, stretch.start, stretch.end, (), True, sentence[start:end], stretch.heading)
    suggestions = tuple(
        _suggestion(hit, reading, stretch, sentence, context) for hit, reading in _chosen(hits, context, book)
    )
    return SentenceReading(sentence, stretch.start, stretch.end, suggestions, False, "", stretch.heading)


def _chosen(hits: list[Hit], context: SentenceContext, book: PhraseBook) -> list[tuple[Hit, Reading]]:
    """The strongest hits: one a code and reading; no weaker hit on the same words; no mirror of another hit.

    A faint one (`@otherwise`) counts where nothing firmer is said in its part of the sentence, and what no phrase
    tells alone where two agree (`@twice`)."""
    whole = [hit for hit in hits if not hit.phrase.pattern.twice]
    firm = {context.parts[hit.match.start] for hit in whole if not hit.phrase.pattern.otherwise}
    believed = [hit for hit in whole if not (hit.phrase.pattern.otherwise and context.parts[hit.match.start] in firm)]
    read = [(hit, read_hit(hit, context)) for hit in believed]
    denials = {at for cue in context.of(CueKind.NEGATION) for at in range(cue.start, cue.end)}
    read.sort(key=lambda pair: (-_strength(pair[0], pair[1], denials), pair[0].match.start, pair[0].phrase.id))
    kept: list[tuple[Hit, Reading]] = []
    for hit, reading in read:
        if any(_overlaps(hit, other) for other, _ in kept):
            continue
        if not any(_repeats(hit, reading, other, said, book, context) for other, said in kept):
            kept.append((hit, reading))
    told = [pair for pair in kept if not any(_yields(pair, other, context, denials) for other in kept)]
    if len(whole) < len(hits) and (agreed := _agreed(hits, told, context, book)) is not None:
        told.append(agreed)
    return sorted(told, key=lambda pair: (pair[0].match.start, pair[0].phrase.code))


def _agreed(hits: list[Hit], told: list[Told], context: SentenceContext, book: PhraseBook) -> Told | None:
    """What two phrases or more say alike that no one of them tells alone, where it is not told besides."""
    faint = [hit for hit in hits if hit.phrase.pattern.twice]
    phrases = Counter(code for code, _id in {(hit.phrase.code, hit.phrase.id) for hit in faint})
    said: dict[tuple[str, Polarity, EvidenceStatus], dict[str, Told]] = {}
    for hit in faint:
        if phrases[hit.phrase.code] > 1:
            reading = read_hit(hit, context)
            said.setdefault((hit.phrase.code, reading.polarity, reading.status), {})[hit.phrase.id] = (hit, reading)
    if not said:
        return None
    most = max(said, key=lambda each: (len(said[each]), each))
    hit, reading = first = said[most][min(said[most])]
    if len(said[most]) < 2 or any(other.phrase.code == hit.phrase.code for other, _ in told):
        return None
    return None if any(_repeats(hit, reading, other, was, book, context) for other, was in told) else first


def _yields(pair: Told, other: Told, context: SentenceContext, denials: set[int]) -> bool:
    """Of two found among each other's words one is meant: the stronger, but rather not a request or a give and take,
    whose words stand in much else. What a whole scene holds, or is the other side of what is told, is not told besides.
    """
    (hit, reading), (rival, said) = pair, other
    if hit is rival or reading.status not in _CURRENT or said.status not in _CURRENT:
        return False
    mine, theirs = (hit.phrase.code, reading.polarity), (rival.phrase.code, said.polarity)
    if context.parts[hit.match.start] == context.parts[rival.match.start] and (theirs, mine) in _WITHIN:
        return True
    if hit.match.end <= rival.match.start or rival.match.end <= hit.match.start:
        return False
    if {mine[0], theirs[0]} <= _BESIDE:
        return False
    here, there = (_strength(each, read, denials) - 9 * (each.phrase.code in _LOOSE) for each, read in (pair, other))
    return (here, hit.phrase.id) < (there, rival.phrase.id)


def _strength(hit: Hit, reading: Reading, denials: set[int]) -> float:
    """The more words of its own a phrase finds, the stronger; a bare `not` among them says little.

    What is only denied is weaker than what is told."""
    own = sum(0.5 if start in denials else 2 for start, _end in hit.match.parts)
    scene = hit.phrase.code in _WHOLE_SCENES and reading.status is not EvidenceStatus.NEGATED
    own += 3 * ((scene or hit.phrase.code in _STANCES) and len(hit.match.parts) > 1)
    weaker = (reading.status is EvidenceStatus.NEGATED) + 2 * (hit.phrase.code in _GENERAL)
    return own + len(hit.match.needs) - weaker


def _overlaps(hit: Hit, other: Hit) -> bool:
    """The same words tell one thing, unless two rows hold the very same phrase on purpose."""
    if hit.phrase.text == other.phrase.text:
        return hit.phrase.code == other.phrase.code
    mine, theirs = hit.match.parts, other.match.parts
    if other.phrase.code in _WHOLE_SCENES and hit.match.start >= other.match.start and hit.match.end <= other.match.end:
        return True
    return any(a < d and c < b for a, b in mine for c, d in theirs)


def _repeats(hit: Hit, reading: Reading, other: Hit, said: Reading, book: PhraseBook, context: SentenceContext) -> bool:
    """The same code again in the same tense, or its mirror: `stayed and did not leave` is one thing.

    Nor can one part of a sentence tell a sign and the opposite of what it supports: the stronger is believed."""
    both_current = reading.status in _CURRENT and said.status in _CURRENT
    if hit.phrase.code == other.phrase.code:
        return both_current or reading.status is said.status
    mine, theirs = (hit.phrase.code, reading.polarity), (other.phrase.code, said.polarity)
    mirrored = book.mirror.get(mine) == theirs or book.mirror.get(theirs) == mine
    same_part = context.parts[hit.match.start] == context.parts[other.match.start]
    if same_part and both_current and (_gainsays(mine, theirs, book) or _gainsays(theirs, mine, book)):
        return True
    return mirrored and (both_current or reading.status is said.status)


def _gainsays(sign: tuple[str, Polarity], marker: tuple[str, Polarity], book: PhraseBook) -> bool:
    supported = book.mirror.get(sign)
    return supported is not None and supported[0] == marker[0] and supported[1] is not marker[1]


def _span(start: int, end: int, context: SentenceContext) -> tuple[int, int]:
    """Offsets into the sentence of the words [start, end)."""
    return context.note.spans[start][0], context.note.spans[end - 1][1]


def _suggestion(hit: Hit, reading: Reading, stretch: Stretch, sentence: str, context: SentenceContext) -> Suggestion:
    start, end = _span(hit.match.start, hit.match.end, context)
    phrase = sentence[start:end]
    beside = [sentence[slice(*_span(*place, context))] for place in hit.match.needs]
    matched = " with ".join(f"'{words}'" for words in (phrase, *beside))
    words = "; ".join([f"matched {matched}", *reading.why]) + f" -> {hit.phrase.code} {reading.polarity.value}"
    return Suggestion(
        code=hit.phrase.code,
        polarity=reading.polarity,
        status=reading.status,
        phrase=phrase,
        phrase_id=hit.phrase.id,
        cues=reading.cues,
        start=stretch.start + start,
        end=stretch.start + end,
        words=words,
    )

"""The context step: is what a phrase tells denied, planned, past or somebody else's? Every answer names its cue."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lib.domain.evidence_actor import CLIENT, Mention, Role, actor_of, mentions_in
from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_book import MARKERS, CueHit, CueKind, CueScope, Hit, PersonKind, PhraseBook, Polarity
from lib.domain.phrase_matching import Places, Steps
from lib.domain.sentence_split import PAST, PLANNED
from lib.domain.small_words import PAST_FORMS, PLAIN_DENIALS, WEEKDAYS

NEGATION_REACH, AFTER_REACH, INNER_REACH = 6, 3, 3
_PART_ENDS = BREAKS - {":"}
"""What stands before a colon speaks of what follows: `Task for the week: ...`."""


class EvidenceStatus(StrEnum):
    """When several hold, the first of other, historical, hypothetical, negated wins; present is all else."""

    PRESENT = "present"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the context says of one hit: polarity and status, and the cues as they stand in the sentence."""

    polarity: Polarity
    status: EvidenceStatus
    cues: tuple[str, ...]
    why: tuple[str, ...]


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


def read_hit(hit: Hit, context: SentenceContext) -> Reading:
    """Polarity and status of one hit, with the cues that decided."""
    denied = _denials(hit, context)
    odd = len(denied) % 2 == 1
    flipped = Polarity.AGAINST if hit.phrase.polarity is Polarity.FOR else Polarity.FOR
    polarity = flipped if odd else hit.phrase.polarity
    actor = (
        CLIENT if hit.phrase.pattern.whoever_acts else actor_of(_acts_at(hit, context), context.note, context.mentions)
    )
    if actor.kind is PersonKind.OTHER or (actor.kind is PersonKind.THERAPIST and _planned(hit, context) is None):
        return Reading(polarity, EvidenceStatus.OTHER, (actor.word,), (f"'{actor.word}' is somebody else",))
    past = _past(hit, context)
    if past is not None:
        return Reading(polarity, EvidenceStatus.HISTORICAL, (past,), (f"'{past}' tells of the past",))
    planned = _planned(hit, context)
    if planned is not None:
        return Reading(polarity, EvidenceStatus.HYPOTHETICAL, (planned,), (f"'{planned}': has not happened",))
    words = tuple(context.words(cue) for cue in denied)
    if polarity is Polarity.AGAINST and (odd or _denies_itself(hit, context)):
        return Reading(polarity, EvidenceStatus.NEGATED, words, tuple(f"'{each}' denies it" for each in words))
    return Reading(polarity, EvidenceStatus.PRESENT, words, tuple(f"'{each}' turns it round" for each in words))


def _acts_at(hit: Hit, context: SentenceContext) -> int:
    """The word whose subject counts: a phrase that begins `when they come close` is about who then pulls away."""
    start = hit.match.start
    last = hit.match.parts[-1][0]
    opened = [cue for cue in context.of(CueKind.STOP) if cue.start <= start]
    if any(start < cue.end for cue in opened):
        return last
    return last if any(_goes_on(cue, start, last, context) for cue in opened) else start


def _goes_on(cue: CueHit, start: int, last: int, context: SentenceContext) -> bool:
    """`when his wife says she loves him, he leaves`: it begins within the clause and ends with another's act."""
    if any("," in context.note.before[at] for at in range(cue.end, start + 1)):
        return False
    told = {each.end for each in context.of(CueKind.REPORT)}
    return any(
        start < each.at <= last and each.role is not Role.OBJECT and not each.subordinate and each.begin not in told
        for each in context.mentions
    )


def _speaks_of(cue: CueHit, hit: Hit) -> bool:
    """`behaviour` is all but fear: to fear that he will leave is to fear now, whatever has not happened yet."""
    if cue.cue.applies == "behaviour":
        return hit.phrase.code != "fear"
    return cue.cue.applies == "any" or (cue.cue.applies == "marker") == (hit.phrase.code in MARKERS)


def _denials(hit: Hit, context: SentenceContext) -> list[CueHit]:
    """The negations that bear on the hit and are no words of its own."""
    start, end = hit.match.start, hit.match.end
    contrary = hit.phrase.polarity is Polarity.AGAINST
    if contrary and _denies_itself(hit, context):
        return []  # "cannot take a gift without giving back" is told by the phrase whole
    found = []
    for cue in context.of(CueKind.NEGATION):
        hard = cue.cue.applies != "any"  # "hates", "struggles to" deny an act, and stand beside its opposite
        if _is_own(cue, hit) or not _speaks_of(cue, hit) or (contrary and hard):
            continue
        if cue.cue.scope is CueScope.AFTER:
            near = end <= cue.start and context.steps.between(end, cue.start) <= AFTER_REACH
        elif cue.start < start:
            near = cue.end > start or context.steps.between(cue.end, start) <= NEGATION_REACH
            near = near and not _stopped(cue.end, start, context)
        else:
            near = start < cue.start < end and _denies_within(cue, hit, context)
        if near:
            found.append(cue)
    return found


def _denies_within(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """Between two words of a phrase only a plain `not` denies, and only the last, the act: `when he did not reply
    she was certain` denies nothing."""
    after = [begin for begin, _stop in hit.match.parts if begin >= cue.end]
    plain = context.note.words[cue.start] in PLAIN_DENIALS
    return plain and len(after) == 1 and context.steps.between(cue.end, after[0]) <= INNER_REACH


def _is_own(cue: CueHit, hit: Hit) -> bool:
    """Whether every word of the cue is a word of the phrase itself."""
    pieces = (*hit.match.parts, *hit.match.needs)
    return all(any(begin <= at < stop for begin, stop in pieces) for at in range(cue.start, cue.end))


def _stopped(cue_end: int, start: int, context: SentenceContext) -> bool:
    """Whether something between a negation and the phrase ends its reach: `when`, `but`, a comma, a new subject."""
    note = context.note
    if any(cue_end <= hit.start < start for hit in context.of(CueKind.STOP, CueKind.CONTRAST)):
        return True
    for at in range(cue_end, start + 1):
        if at < len(note.words) and "," in note.before[at] and at > cue_end:
            return True
    return any(
        cue_end < mention.at < start and note.words[mention.at - 1] == "and" and mention.role is Role.SUBJECT
        for mention in context.mentions
    )


def _denies_itself(hit: Hit, context: SentenceContext) -> bool:
    """Whether the phrase's own words hold the negation, as in `keeps ... not tell`."""
    return any(
        cue.start < stop and begin < cue.end for cue in context.of(CueKind.NEGATION) for begin, stop in hit.match.parts
    )


def _past(hit: Hit, context: SentenceContext) -> str | None:
    last = hit.match.end - 1
    part = context.parts[last]
    current = [cue for cue in context.of(CueKind.CURRENT) if context.parts[cue.start] == part]
    if current:
        return None
    contrast = [cue.start for cue in context.of(CueKind.CONTRAST)]
    for cue in context.of(CueKind.HISTORICAL):
        if _is_own(cue, hit) or not _speaks_of(cue, hit):
            continue
        same = context.parts[cue.start] == part
        if cue.cue.scope is CueScope.BEFORE:
            reaches = same and cue.end <= hit.match.start
        elif cue.cue.scope is CueScope.PART:
            reaches = same
        else:
            reaches = same or not any(min(cue.start, last) <= at <= last for at in contrast)
        if reaches:
            return context.words(cue)
    return context.heading or "history" if context.section == PAST else None


def _planned(hit: Hit, context: SentenceContext) -> str | None:
    start = hit.match.start
    for cue in context.of(CueKind.HYPOTHETICAL, CueKind.INTERVENTION):
        if not _speaks_of(cue, hit) or (cue.start >= start and cue.cue.scope is not CueScope.SENTENCE):
            continue
        if _is_own(cue, hit):
            continue
        if cue.cue.kind is CueKind.INTERVENTION and not _is_the_therapists(cue, hit, context):
            continue
        if cue.cue.scope is CueScope.SENTENCE or context.parts[cue.start] == context.parts[start]:
            comma = cue.cue.scope is CueScope.BEFORE and _comma_between(cue.end, start, context)
            if comma and not _is_listed(cue, start, context):
                continue
            if _was_done(cue, start, context):
                continue
            return context.words(cue)
    if context.section == PLANNED and all(context.words(cue) in WEEKDAYS for cue in context.of(CueKind.CURRENT)):
        return context.heading or "plan"
    return None


def _was_done(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`Experiment: told her brother ...` tells what was done; `Experiment: tell him` what is to be."""
    colon = any(":" in context.note.before[at] for at in range(cue.end, start + 1))
    word = context.note.words[start]
    return colon and _tells_the_past(word)


def _is_listed(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`means to set a timer, cool off and come back`: what is listed after `to` is all still to come."""
    note = context.note
    if note.words[cue.end - 1] != "to" or _tells_the_past(note.words[start]):
        return False
    listed = note.words[start - 1] in {"and", "or", "then"} or "," in note.before[start]
    return listed and not any(cue.end <= each.at < start and each.role is Role.SUBJECT for each in context.mentions)


def _tells_the_past(word: str) -> bool:
    return (word.endswith("ed") and not word.endswith("eed")) or word in PAST_FORMS


def _comma_between(first: int, last: int, context: SentenceContext) -> bool:
    return any("," in context.note.before[at] for at in range(first, last + 1) if at < len(context.note.words))


def _is_the_therapists(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """An intervention: nobody or the therapist is its subject, and no client acts between it and the phrase."""
    before = [m for m in context.mentions if m.at < cue.start and m.role is Role.SUBJECT]
    if before and before[-1].kind in (PersonKind.CLIENT, PersonKind.OTHER) and before[-1].word != "i":
        return False
    between = [m for m in context.mentions if cue.end <= m.at <= hit.match.start and m.role is Role.SUBJECT]
    return not any(m.kind in (PersonKind.CLIENT, PersonKind.OTHER, PersonKind.TOGETHER) for m in between)

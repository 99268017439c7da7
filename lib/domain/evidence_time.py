"""The context step's question of time: does a sentence tell of the past, or of what has not happened yet?"""

from __future__ import annotations

from lib.domain.evidence_actor import Role
from lib.domain.evidence_sentence import SentenceContext, is_own, speaks_of
from lib.domain.note_words import BREAKS
from lib.domain.phrase_book import MARKERS, CueHit, CueKind, CueScope, Hit, PersonKind, Polarity
from lib.domain.sentence_split import PAST, PLANNED
from lib.domain.small_words import BETWEEN, BIDDING, DETERMINERS, HOPING, PAST_FORMS, SUPPOSING, WEEKDAYS

_STANCES = {"independence", "minimising", "defensive_detachment"}
_SAID_REACH = 3


def past_of(hit: Hit, context: SentenceContext) -> str | None:
    """The words that put a hit into the past, or None."""
    last = hit.match.end - 1
    part = context.parts[last]
    current = [cue for cue in context.of(CueKind.CURRENT) if context.parts[cue.start] == part]
    if current:
        return None
    contrast = [cue.start for cue in context.of(CueKind.CONTRAST)]
    for cue in context.of(CueKind.HISTORICAL):
        if is_own(cue, hit) or not speaks_of(cue, hit):
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


def plan_of(hit: Hit, polarity: Polarity, context: SentenceContext) -> str | None:
    """The words that say it has not happened: planned, wished, supposed, explored; or None."""
    start = hit.match.start
    hoped_for = hit.phrase.code not in MARKERS and polarity is Polarity.AGAINST  # "wants to stop hiding it"
    for cue in context.of(CueKind.HYPOTHETICAL, CueKind.INTERVENTION):
        speaks = speaks_of(cue, hit) or (hoped_for and context.note.words[cue.start] in HOPING)
        if not speaks or is_own(cue, hit):
            continue
        if context.words(cue) in {"will", "would"} and _is_told(cue, hit, context):
            continue
        if cue.start >= start and cue.cue.scope is not CueScope.SENTENCE and not _is_supposed(cue, hit, context):
            continue
        if cue.cue.kind is CueKind.INTERVENTION and not _is_the_therapists(cue, hit, context):
            continue
        if cue.cue.scope is CueScope.SENTENCE or context.parts[cue.start] == context.parts[max(start, cue.start)]:
            comma = cue.cue.scope is CueScope.BEFORE and _comma_between(cue.end, start, context)
            if comma and not _is_listed(cue, start, context):
                continue
            if _was_done(cue, start, context) or _is_a_stance(cue, hit, context) or _is_over(cue, context):
                continue
            return context.words(cue)
    if _is_told_to(hit, context):
        return context.note.words[start]
    if context.section == PLANNED and all(context.words(cue) in WEEKDAYS for cue in context.of(CueKind.CURRENT)):
        return context.heading or "plan"
    return None


def _is_told_to(hit: Hit, context: SentenceContext) -> bool:
    """`Ask wife for help once`, `experiment: stay in the room`: nobody has done yet what a clause bids."""
    start, note = hit.match.start, context.note
    opens = start == 0 or any(mark in BREAKS for mark in note.before[start]) or note.words[start - 1].isdigit()
    return opens and note.words[start] in BIDDING and not note.quoted[start]


def _is_told(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`who'd welled up` is `who had`; and in `now he'll want more, and I went off` somebody has gone off."""
    words, act = context.note.words, hit.match.parts[-1][0]
    after = next((word for word in words[cue.end : cue.end + 3] if word not in BETWEEN), "")
    if _tells_the_past(after):
        return True
    anew = any(cue.end <= each.at < act and each.role is Role.SUBJECT for each in context.mentions)
    return anew and _tells_the_past(words[act])


def _is_supposed(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`if he raised his voice she would leave`: the act, the last of the phrase's words, is what would be; and so is
    the asking in `asking her would feel like begging`."""
    act, end = hit.match.parts[-1][0], hit.match.end
    if context.words(cue) not in SUPPOSING:
        return False
    if cue.end <= act:
        return context.steps.between(cue.end, act) <= 1
    gerund = context.note.words[hit.match.start].endswith("ing")
    return gerund and end <= cue.start and context.steps.between(end, cue.start) <= 1


def _is_a_stance(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`turned the offer down, saying she would manage alone`, `considers her wish greedy`: it is the stance, whatever
    comes."""
    if context.words(cue) == "considers" and hit.phrase.code in _STANCES | {"vulnerability"}:
        return cue.end < len(context.note.words) and context.note.words[cue.end] in DETERMINERS
    if hit.phrase.code not in _STANCES or context.words(cue) not in {"will", "would"}:
        return False
    said = [each.end for each in context.of(CueKind.REPORT) if each.end <= cue.start]
    return any(context.parts[end] == context.parts[cue.start] and cue.start - end <= _SAID_REACH for end in said)


def _is_over(cue: CueHit, context: SentenceContext) -> bool:
    """`calmer with her since the mode work`: what is told came after it."""
    before = [word for word in context.note.words[max(cue.start - 2, 0) : cue.start] if word not in DETERMINERS]
    return cue.cue.scope is CueScope.SENTENCE and before[-1:] in (["since"], ["after"], ["following"])


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
    if context.note.words[cue.end : cue.end + 1] in (["himself"], ["herself"], ["themselves"]):
        return False  # "teaching himself conveyancing"
    before = [m for m in context.mentions if m.at < cue.start and m.role is Role.SUBJECT]
    if before and before[-1].kind in (PersonKind.CLIENT, PersonKind.OTHER) and before[-1].word != "i":
        return False
    between = [m for m in context.mentions if cue.end <= m.at <= hit.match.start and m.role is Role.SUBJECT]
    return not any(m.kind in (PersonKind.CLIENT, PersonKind.OTHER, PersonKind.TOGETHER) for m in between)

"""The context step's question of time: does a sentence tell of the past, or of what has not happened yet?"""

from __future__ import annotations

from lib.domain.evidence_people import CLIENT_NOUNS, Role
from lib.domain.evidence_sentence import SentenceContext, is_own, speaks_of
from lib.domain.note_words import BREAKS
from lib.domain.phrase_book import MARKERS, CueHit, CueKind, CueScope, Hit, PersonKind, Polarity
from lib.domain.sentence_split import PAST, PLANNED
from lib.domain.small_words import (
    BETWEEN,
    BIDDING,
    DETERMINERS,
    HOPING,
    IMAGINING,
    SAYING,
    SUPPOSING,
    TELLING,
    WEEKDAYS,
    is_habitual,
    tells_the_past,
)

_STANCES = {"independence", "minimising", "defensive_detachment"}
_SAID_REACH = 3
_SPEAKING = SAYING | TELLING
_APART = {"whose", "who", "as", "than", "unlike", "which"}
_ASKING = {"has", "have", "did", "does", "do", "is", "was", "can", "could", "would", "will", "might"}
_FORESEEING = {"will", "would", "might"}
_FELT = {"feel", "feeling", "back"}
_FEARING = {"afraid", "worried", "worries", "worry", "fears", "fear", "scared", "dread", "dreads", "terrified"}
_OPENING = {"how", "why", "what", "whether"}
_TOLD = {"surface_talk", "defensive_detachment"}
_OF = {"about", "of", "describing", "describes", "described", "recounts", "recounted", "recounting", "discussing"}


def past_of(hit: Hit, context: SentenceContext) -> str | None:
    """The words that put a hit into the past, or None."""
    last = hit.match.end - 1
    part = context.parts[last]
    current = [cue for cue in context.of(CueKind.CURRENT) if context.parts[cue.start] == part]
    if any(cue.end - cue.start > 1 or context.words(cue) not in WEEKDAYS for cue in current):
        return None
    contrast = [cue.start for cue in context.of(CueKind.CONTRAST)]
    for cue in context.of(CueKind.HISTORICAL):
        if is_own(cue, hit) or not speaks_of(cue, hit):
            continue
        if _is_another_past(cue, hit, context) or _is_habit_now(cue, hit, context):
            continue
        same = context.parts[cue.start] == part
        if current and not same:
            continue  # a weekday beside "used to" undoes nothing: "used to keep the Sunday calls to recipes"
        if cue.cue.scope is CueScope.BEFORE:
            reaches = same and cue.end <= hit.match.start and not _comma_between(cue.end, hit.match.start, context)
        elif cue.cue.scope is CueScope.PART:
            reaches = same
        else:
            reaches = same or not any(min(cue.start, last) <= at <= last for at in contrast)
        if reaches:
            return context.words(cue)
    return context.heading or "history" if context.section == PAST and not current else None


def _is_another_past(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`clams up while her husband, whose parents split when he was six, ...`, `asked, as she never could as a child`;
    and who talks of her first marriage as of a stranger's does so now."""
    words = context.note.words
    if any(word in _APART for word in words[hit.match.end : cue.start]):
        return True
    before = [word for word in words[max(cue.start - 2, 0) : cue.start] if word not in DETERMINERS]
    named = before[-1] if before else ""
    return named in {"unlike", "than"} or (hit.phrase.code in _TOLD and named in _OF)


def _is_habit_now(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`raised by a cold father, he bottles it up`: the verb is of today."""
    words, start = context.note.words, hit.match.start
    before = next((word for word in reversed(words[:start]) if word not in BETWEEN), "")
    return cue.end < start and is_habitual(words[start]) and before in CLIENT_NOUNS | {"he", "she"}


def plan_of(hit: Hit, polarity: Polarity, context: SentenceContext) -> str | None:
    """The words that say it has not happened: planned, wished, supposed, explored; or None."""
    start = hit.match.start
    for cue in context.of(CueKind.HYPOTHETICAL, CueKind.INTERVENTION):
        if _may_speak(cue, hit, polarity, context) and _reaches(cue, hit, context):
            return context.words(cue)
    if _is_told_to(hit, context) or _is_asked(hit, context):
        return context.note.words[start]
    foreseen = _foreseen(hit, context) if hit.phrase.code == "fear" else None
    if foreseen is not None:
        return foreseen
    if context.section == PLANNED and all(context.words(cue) in WEEKDAYS for cue in context.of(CueKind.CURRENT)):
        return context.heading or "plan"
    return None


def _foreseen(hit: Hit, context: SentenceContext) -> str | None:
    """`thinks he might start to feel caged`: it is the feeling that has not come; to fear it is to fear now."""
    words = context.note.words
    for at in range(max(hit.match.start - _SAID_REACH * 2, 0), hit.match.end):
        if words[at] in _FORESEEING and not _FELT.isdisjoint(words[at + 1 : at + 4]):
            return words[at] if _FEARING.isdisjoint(words[:at]) else None
    return None


def _is_asked(hit: Hit, context: SentenceContext) -> bool:
    """`Has he ever asked her for help, I wondered`: a question tells nothing."""
    words = context.note.words
    opens = words[0] in _ASKING and words[1:2] != [] and words[1] in CLIENT_NOUNS | {"he", "she", "they"}
    return opens and context.parts[hit.match.start] == 0 and hit.match.start > 1


def _may_speak(cue: CueHit, hit: Hit, polarity: Polarity, context: SentenceContext) -> bool:
    """Whether a cue is one of the hit's kind, and none of its own words."""
    first = context.note.words[cue.start]
    marker = hit.phrase.code in MARKERS
    if is_own(cue, hit) or any("," in marks for marks in context.note.before[cue.start + 1 : cue.end]):
        return False
    if marker and hit.phrase.polarity is Polarity.AGAINST and first in HOPING:
        return False  # "wanting to ask, went back without a word": it is told, whatever was wished
    hoped_for = not marker and polarity is Polarity.AGAINST  # "wants to stop hiding it"
    if not speaks_of(cue, hit) and not (hoped_for and first in HOPING):
        return False
    return cue.cue.kind is not CueKind.INTERVENTION or _is_the_therapists(cue, hit, context)


def _reaches(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """Whether what a cue says of the time holds for the hit."""
    start, whole = hit.match.start, cue.cue.scope is CueScope.SENTENCE
    if context.words(cue) in {"will", "would"} and _is_told(cue, hit, context):
        return False
    if cue.start >= start and not whole and not _is_supposed(cue, hit, context):
        return False
    if not whole and context.parts[cue.start] != context.parts[max(start, cue.start)]:
        return False
    comma = cue.cue.scope is CueScope.BEFORE and _comma_between(cue.end, start, context)
    if comma and not _is_listed(cue, start, context) and not _is_put_between(cue, start, context):
        return False
    if _is_over(cue, context) or _is_a_stance(cue, hit, context):
        return False
    return not _was_done(cue, start, context) and not _was_done_then(cue, start, context)


def _was_done_then(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`rehearsed the call and on Thursday asked her`: what follows an `and` in the past has been done."""
    words = context.note.words
    if cue.start >= start or not tells_the_past(words[start]) or IMAGINING.intersection(words[: cue.end]):
        return False
    if cue.cue.kind is CueKind.INTERVENTION:
        return False
    return any(word in {"and", "then"} for word in words[cue.end : start])


def _is_put_between(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`would like, by the summer, to ask ...`: what stands between two commas ends nothing."""
    note = context.note
    commas = [at for at in range(cue.end, start + 1) if "," in note.before[at]]
    if len(commas) != 2 or tells_the_past(note.words[start]):
        return False
    return commas[0] == cue.end or note.words[cue.end - 1] == "to" or note.words[commas[0]] == "as"


def _is_told_to(hit: Hit, context: SentenceContext) -> bool:
    """`Ask wife for help once`, `to ask her once`, `experiment: stay in the room`: nobody has done yet what a clause
    bids."""
    start, note = hit.match.start, context.note
    if note.words[0] == "to" and start > 0 and note.words[1] not in DETERMINERS and not note.quoted[0]:
        return not any(each.at < start and each.is_subject for each in context.mentions)
    opens = start == 0 or any(mark in BREAKS for mark in note.before[start]) or note.words[start - 1].isdigit()
    return opens and note.words[start] in BIDDING and not note.quoted[start]


def _is_told(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`who'd welled up` is `who had`; and in `now he'll want more, and I went off` somebody has gone off."""
    words, act = context.note.words, hit.match.parts[-1][0]
    after = next((word for word in words[cue.end : cue.end + 3] if word not in BETWEEN), "")
    if tells_the_past(after) or after in {"better", "gone", "been", "come", "done", "taken"}:
        return True
    if words[cue.end : cue.end + 1] == ["and"] or "," in "".join(context.note.before[cue.end : cue.end + 1]):
        return True  # "rang when she'd said she would and let him finish"
    anew = any(cue.end <= each.at < act and each.role is Role.SUBJECT for each in context.mentions)
    return anew and tells_the_past(words[act])


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
    against = hit.phrase.polarity is Polarity.AGAINST
    if context.words(cue) == "if" and hit.phrase.code in {"vulnerability", "independence"}:
        return True
    if context.words(cue) == "would" and hit.phrase.code == "vulnerability":
        return against
    if hit.phrase.code not in _STANCES or context.words(cue) not in {"will", "would"}:
        return False
    said = [each.end for each in context.of(CueKind.REPORT) if each.end <= cue.start]
    if any(context.parts[end] == context.parts[cue.start] and cue.start - end <= _SAID_REACH for end in said):
        return True
    return not _SPEAKING.isdisjoint(context.note.words[max(cue.start - _SAID_REACH - 1, 0) : cue.start])


def _is_over(cue: CueHit, context: SentenceContext) -> bool:
    """`calmer with her since the mode work`: what is told came after it."""
    before = [word for word in context.note.words[max(cue.start - 2, 0) : cue.start] if word not in DETERMINERS]
    return cue.cue.scope is CueScope.SENTENCE and before[-1:] in (["since"], ["after"], ["following"])


def _was_done(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`Experiment: told her brother ...` tells what was done; `Experiment: tell him` what is to be."""
    note = context.note
    colon = next((at for at in range(cue.end, start + 1) if ":" in note.before[at]), None)
    if colon is None:
        return False
    return tells_the_past(note.words[start]) or note.words[colon] in {"did", "had", "was"}


def _is_listed(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`means to set a timer, cool off and come back`: what is listed after `to` is all still to come."""
    note = context.note
    if note.words[cue.end - 1] != "to" or tells_the_past(note.words[start]):
        return False
    listed = note.words[start - 1] in {"and", "or", "then"} or "," in note.before[start]
    return listed and not any(cue.end <= each.at < start and each.role is Role.SUBJECT for each in context.mentions)


def _comma_between(first: int, last: int, context: SentenceContext) -> bool:
    return any("," in context.note.before[at] for at in range(first, last + 1) if at < len(context.note.words))


def _is_the_therapists(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """An intervention: nobody or the therapist is its subject, and no client acts between it and the phrase."""
    if context.note.words[cue.end : cue.end + 1] in (["himself"], ["herself"], ["themselves"]):
        return False  # "teaching himself conveyancing"
    if cue.start - 1 in context.note.named:
        return False  # "Stu offered the mileage"
    before = [m for m in context.mentions if m.at < cue.start and m.role is Role.SUBJECT]
    if before and before[-1].kind in (PersonKind.CLIENT, PersonKind.OTHER) and before[-1].word != "i":
        return False
    words, start = context.note.words, hit.match.start
    if cue.end < start and words[cue.end] in _OPENING and not tells_the_past(words[start]):
        return True  # "explored how he hides it"
    owned = hit.phrase.code != "vulnerability" and words[start - 1] in {"his", "her", "their"}
    if owned and cue.end < start and words[start].endswith("ing"):
        return False  # "discussed his asking her"
    between = [m for m in context.mentions if cue.end <= m.at <= hit.match.start and m.role is Role.SUBJECT]
    return not any(m.kind in (PersonKind.CLIENT, PersonKind.OTHER, PersonKind.TOGETHER) for m in between)

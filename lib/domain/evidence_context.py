"""The context step: is what a phrase tells denied, planned, past or somebody else's? Every answer names its cue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.domain.evidence_actor import CLIENT, Actor, actor_of, is_told_of
from lib.domain.evidence_people import CLIENT_NOUNS, Mention, Role
from lib.domain.evidence_sentence import SentenceContext, is_own, speaks_of
from lib.domain.evidence_time import past_of, plan_of
from lib.domain.phrase_book import MARKERS, CueHit, CueKind, CueScope, Hit, PersonKind, Polarity
from lib.domain.small_words import DETERMINERS, GROUPS, LASTING, PLAIN_DENIALS, has_tense

_JUDGED = {"vulnerability", "independence"}
_SAID = {"vulnerability", "defensive_detachment"}
"""In quotation marks they are the view of who speaks, whoever is spoken of: "dad died, dads do"."""
_ACTS = {"needs", "shutdown", "suppressed_feeling", "presence", "surface_talk"}
"""What one does oneself; of the rest much is told by what the other does to one: "he has my back"."""
NEGATION_REACH, AFTER_REACH, INNER_REACH = 8, 3, 3


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


def read_hit(hit: Hit, context: SentenceContext) -> Reading:
    """Polarity and status of one hit, with the cues that decided."""
    denied = _denials(hit, context)
    odd = len(denied) % 2 == 1
    flipped = Polarity.AGAINST if hit.phrase.polarity is Polarity.FOR else Polarity.FOR
    polarity = flipped if odd else hit.phrase.polarity
    actor = _actor(hit, context)
    explored = (actor.kind is PersonKind.THERAPIST or actor.word in GROUPS) and plan_of(hit, polarity, context)
    if actor.kind in (PersonKind.OTHER, PersonKind.THERAPIST) and not explored:
        return Reading(polarity, EvidenceStatus.OTHER, (actor.word,), (f"'{actor.word}' is somebody else",))
    past = past_of(hit, context)
    if past is not None:
        return Reading(polarity, EvidenceStatus.HISTORICAL, (past,), (f"'{past}' tells of the past",))
    planned = plan_of(hit, polarity, context)
    if planned is not None:
        return Reading(polarity, EvidenceStatus.HYPOTHETICAL, (planned,), (f"'{planned}': has not happened",))
    words = tuple(context.words(cue) for cue in denied)
    if polarity is Polarity.AGAINST and (denied or _denies_itself(hit, context) or _is_denied_beside(hit, context)):
        return Reading(polarity, EvidenceStatus.NEGATED, words, tuple(f"'{each}' denies it" for each in words))
    return Reading(polarity, EvidenceStatus.PRESENT, words, tuple(f"'{each}' turns it round" for each in words))


def _actor(hit: Hit, context: SentenceContext) -> Actor:
    """Who does it. What is thought of people `who cry` is the stance of whoever thinks it."""
    if hit.phrase.pattern.whoever_acts:
        return CLIENT
    mentions = context.mentions
    if hit.phrase.code in _JUDGED:
        mentions = [each for each in mentions if not _is_anyone(each, context)]
    actor = actor_of(_acts_at(hit, context), context.note, mentions, said=hit.phrase.code in _SAID)
    if actor.kind is PersonKind.OTHER and _is_given(hit, actor, context):
        return CLIENT
    spoken_of = hit.phrase.code in _ACTS and actor.kind is PersonKind.CLIENT and actor.word in {"he", "she"}
    if spoken_of and is_told_of(hit.match.start, context.note, mentions):
        return Actor(PersonKind.OTHER, actor.word)
    return actor


def _is_given(hit: Hit, actor: Actor, context: SentenceContext) -> bool:
    """`the lads carried him`, `her flatmates gave her nothing`: give and take with the client is the client's."""
    if hit.phrase.code != "reciprocity":
        return False
    words = context.note.words
    acts = [each for each in context.mentions if each.word == actor.word and each.at <= hit.match.end]
    if not acts:
        return False
    after = words[acts[-1].at + 1 : hit.match.end + 1]
    told = any(word in {"him", "ct", "cl", "pt", "client", "patient"} for word in after)
    return told or any(word == "her" and _stands_alone(after[at + 1 : at + 2]) for at, word in enumerate(after))


def _stands_alone(following: list[str]) -> bool:
    """Whether `her` is no owner of what follows: nothing, a word that opens a phrase, or the end."""
    return not following or following[0] in DETERMINERS | {"nothing", "and", "in", "with", "back", "when", "no", "up"}


def _is_anyone(mention: Mention, context: SentenceContext) -> bool:
    """`a good wife does it alone`, `members who lean on sponsors`: said of anybody, it is the stance of who says it."""
    words = context.note.words
    follows = words[mention.at + 1 : mention.at + 2] == ["who"]
    named = mention.kind is PersonKind.OTHER and not mention.owner
    anyone = follows if mention.role is Role.SUBJECT else False
    return mention.word == "who" or (named and (words[mention.begin] in {"a", "an"} or anyone))


def _acts_at(hit: Hit, context: SentenceContext) -> int:
    """The word whose subject counts: a phrase that begins `when they come close` is about who then pulls away."""
    start = hit.match.start
    last = hit.match.parts[-1][0]
    if hit.phrase.code == "fear":
        named = any(each.at == start for each in context.mentions)
        return last if named else start  # what is feared is another's act
    clients = [m for m in context.mentions if start < m.at <= last and m.word in CLIENT_NOUNS and m.is_subject]
    if any(not each.subordinate for each in clients):
        return last  # "her daughter shouted and ct did not leave", not "her husband leaves whenever ct shouts"
    opened = [cue for cue in context.of(CueKind.STOP) if cue.start <= start]
    if any(start < cue.end for cue in opened):
        return last
    return last if any(_goes_on(cue, start, last, context) for cue in opened) else start


def _goes_on(cue: CueHit, start: int, last: int, context: SentenceContext) -> bool:
    """`when his wife says she loves him, he leaves`: it begins within the clause and ends with another's act; or
    after the comma that closes the clause."""
    if any("," in context.note.before[at] for at in range(cue.end, start + 1)):
        return False
    if "," in context.note.before[last]:
        return True
    told = {each.end for each in context.of(CueKind.REPORT)}
    return any(
        start < each.at <= last and each.role is not Role.OBJECT and not each.subordinate and each.begin not in told
        for each in context.mentions
    )


def _denials(hit: Hit, context: SentenceContext) -> list[CueHit]:
    """The negations that bear on the hit and are no words of its own."""
    start, end = hit.match.start, hit.match.end
    contrary = hit.phrase.polarity is Polarity.AGAINST
    if contrary and _denies_itself(hit, context):
        return []  # "cannot take a gift without giving back" is told by the phrase whole
    found = []
    for cue in context.of(CueKind.NEGATION):
        hard = cue.cue.applies != "any"  # "hates", "struggles to" deny an act, and stand beside its opposite
        own = is_own(cue, hit) and not _is_nobody(cue, hit, context)
        if own or not speaks_of(cue, hit) or (contrary and hard):
            continue
        if cue.cue.scope is CueScope.AFTER:
            near = end <= cue.start and context.steps.between(end, cue.start) <= AFTER_REACH
        elif cue.start < start:
            near = cue.end > start or context.steps.between(cue.end, start) <= NEGATION_REACH
            near = near and not _stopped(cue, start, context)
        elif cue.start < end:
            near = _denies_within(cue, hit, context)
        else:
            near = hit.phrase.code not in MARKERS and _is_done_less(cue, end, context)
        paired = context.words(cue) == "neither" and "nor" in context.note.words[cue.end : start]
        if near and not paired:  # "neither asked nor told" denies once
            found.append(cue)
    return found


def _is_denied_beside(hit: Hit, context: SentenceContext) -> bool:
    """`let the tears run without choking them off`: the opposite of a sign, told beside its denial."""
    return hit.phrase.code not in MARKERS and any(cue.cue.applies == "any" for cue in context.of(CueKind.NEGATION))


def _is_nobody(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """`asks nobody for help`, where the phrase says no more than whom."""
    if context.words(cue) != "nobody" or hit.phrase.polarity is Polarity.AGAINST or hit.phrase.code not in MARKERS:
        return False
    return not any("nobody" in symbol for each in hit.phrase.pattern.elements for symbol in each.symbols)


def _is_done_less(cue: CueHit, end: int, context: SentenceContext) -> bool:
    """`bottles it up less`, `less often`: what follows at once and stands for nothing else."""
    words, after = context.note.words, cue.end
    last = after >= len(words) or bool(context.note.before[after]) or words[after] in {"often", "now", "than", "and"}
    return words[cue.start] == "less" and last and context.steps.between(end, cue.start) <= 1


def _denies_within(cue: CueHit, hit: Hit, context: SentenceContext) -> bool:
    """Between two words of a phrase only a plain `not` denies, and only the last, the act: `when he did not reply
    she was certain` denies nothing."""
    after = [begin for begin, _stop in hit.match.parts if begin >= cue.end]
    word = context.note.words[cue.start]
    if word == "nobody":
        return True
    if hit.phrase.code == "fear" and word != "less":
        return False  # "afraid that nothing would be left of her"
    if word == "less" and after:
        told = hit.phrase.polarity is Polarity.FOR  # "feels less afraid of being left", not "deeper, less small talk"
        return told and context.steps.between(cue.end, after[0]) <= 2
    if after and any("," in context.note.before[at] for at in range(cue.end, after[0] + 1)):
        return False  # "not a tear, not a word, she smiled"
    return word in PLAIN_DENIALS and len(after) == 1 and context.steps.between(cue.end, after[0]) <= INNER_REACH


def _stopped(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """Whether something between a negation and the phrase ends its reach: `when`, `but`, a comma, a new subject, the
    end of a quotation, an `and` that opens a predicate of its own."""
    note, cue_end = context.note, cue.end
    if (note.quoted[cue.start] and not note.quoted[start]) or _goes_on_anew(cue, start, context):
        return True
    if any(cue_end <= hit.start < start for hit in context.of(CueKind.STOP, CueKind.CONTRAST)):
        return True
    for at in range(cue_end, start + 1):
        if at < len(note.words) and "," in note.before[at] and at > cue_end:
            return True
    instead = note.words[cue.start] in {
        "rather",
        "instead",
        "far",
        "without",
    }  # "rather than ask for help he carried it alone"
    return any(
        cue_end < mention.at < start and (instead or note.words[mention.at - 1] == "and")
        for mention in context.mentions
        if mention.role is Role.SUBJECT
    )


def _goes_on_anew(cue: CueHit, start: int, context: SentenceContext) -> bool:
    """`never complains and bottles it up`, `did not go and told her why`: what has a tense of its own takes no `not`
    over; but a habit that is gone is gone whole."""
    words = context.note.words
    if not LASTING.isdisjoint(words[cue.start : cue.end]):
        return False
    return any(
        words[at] == "and" and any(has_tense(word) for word in words[at + 1 : min(at + 3, start + 1)])
        for at in range(cue.end, start)
    )


def _denies_itself(hit: Hit, context: SentenceContext) -> bool:
    """Whether the phrase's own words hold the negation, as in `keeps ... not tell`."""
    pieces = (*hit.match.parts, *hit.match.needs)
    return any(cue.start < stop and begin < cue.end for cue in context.of(CueKind.NEGATION) for begin, stop in pieces)

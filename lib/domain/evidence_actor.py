"""Who does what a phrase tells: the client or someone else. Read from the one sentence alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_book import CueHit, CueKind, Person, PersonKind, PhraseBook
from lib.domain.small_words import (
    ACTING,
    DESCRIBING,
    DETERMINERS,
    EVENTS,
    OCCASIONS,
    PAST_FORMS,
    SAYING,
    SEEING,
    TAKING,
    TELLING,
    TRAITS,
)

_THEIRS = {"his": "m", "her": "f", "their": "", "my": "", "our": "", "pt's": "", "ct's": ""}
_JOINING = frozenset({"and", "or", "nor", "&"})
_PRONOUNS = frozenset({"he", "she", "they", "i", "we"})
_LETTING = frozenset({"let", "lets", "letting"})
"""Who is let do it does that much: `let the neighbours rake and told them ...`: it is the client who told."""
_NO_PERSON = (["i", "statement"], ["i", "statements"], ["i", "message"], ["i", "messages"])
_BOTH = frozenset({"both", "neither", "each", "either"})
_PAIR = frozenset({"partner", "partners", "spouse", "spouses", "parties"})
CLIENT_NOUNS = frozenset({"ct", "pt", "cl", "client", "patient"})


class Role(StrEnum):
    """What a person is in the clause."""

    SUBJECT = "subject"
    OBJECT = "object"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a sentence at word `at`, with his determiner from `begin` on. `owner` is he or she whose
    mother or partner it is."""

    at: int
    word: str
    kind: PersonKind
    gender: str
    role: Role
    owner: str = ""
    subordinate: bool = False
    begin: int = -1

    @property
    def is_subject(self) -> bool:
        """Whether the mention is the subject of its clause."""
        return self.role is Role.SUBJECT


@dataclass(frozen=True, slots=True)
class Actor:
    """Who it is, and the word that says so; no word where the sentence names nobody, and the client is meant."""

    kind: PersonKind
    word: str = ""


CLIENT = Actor(PersonKind.CLIENT)


def mentions_in(note: NoteWords, book: PhraseBook, cues: list[CueHit]) -> list[Mention]:
    """Every person named, in order, with the part they play."""
    stops = {word: hit for hit in cues if hit.cue.kind is CueKind.STOP for word in range(hit.start, hit.end)}
    starters = {hit.end for hit in cues if hit.cue.kind in {CueKind.STOP, CueKind.REPORT, CueKind.CONTRAST}}
    starters |= {hit.end for hit in cues if hit.cue.kind in {CueKind.CURRENT, CueKind.HISTORICAL}}
    found: list[Mention] = []
    for at, word in enumerate(note.words):
        person = book.people.get(word)
        if person is not None and note.words[at : at + 2] not in _NO_PERSON:
            found.append(_mention(note, at, person, stops, starters))
        elif word == "who" and found and at - found[-1].at <= 3:
            last = found[-1]
            found.append(Mention(at, word, last.kind, last.gender, Role.SUBJECT, last.owner, True))
    return _joined(note, found)


def _mention(note: NoteWords, at: int, person: Person, stops: dict[int, CueHit], starters: set[int]) -> Mention:
    words = note.words
    begin, owner = at, ""
    while begin > 0 and not note.before[begin]:
        previous = words[begin - 1]
        if previous == "that" and begin < at:
            break  # "told me that his brother": it opens a clause
        if previous in _THEIRS:
            owner = _THEIRS[previous] or "known"
        elif previous in CLIENT_NOUNS and words[begin] == "'s":
            owner = "known"
        elif previous not in DETERMINERS and previous not in DESCRIBING and previous != "'s":
            break
        begin -= 1
    trait = at + 2 < len(words) and words[at + 1] == "'s" and words[at + 2] in TRAITS
    if words[begin] == "'s" and begin > 0:
        begin, owner = begin - 1, "known"  # "Beto's sister": a name that nobody knows owns her
    opens = begin == 0 or bool(note.before[begin]) or begin in starters or words[begin - 1] in _JOINING | OCCASIONS
    role = Role.SUBJECT if words[at] in _PRONOUNS or opens else Role.OBJECT
    if trait or (
        opens
        and at + 1 < len(words)
        and words[at + 1] == "'s"
        and not _is_verb_after(words, at + 2)
        and (words[at] not in _PRONOUNS)
    ):
        role = Role.OWNER
    elif not opens and at + 1 < len(words) and words[at + 1] == "'s":
        role = Role.OBJECT
    if words[at + 1 : at + 2] == ["'s"] and words[at + 2 : at + 3] and words[at + 2] in EVENTS:
        role = Role.OBJECT
    if _is_explained(note, begin, at):
        role = Role.OBJECT
    if role is Role.OBJECT and words[at] in CLIENT_NOUNS and _acts_next(words, at):
        role = Role.SUBJECT
    if role is Role.SUBJECT and _only_reports(note, begin, at):
        role = Role.OBJECT
    kind = PersonKind.TOGETHER if at > 0 and words[at] in _PAIR and words[at - 1] in _BOTH else person.kind
    within = (begin - 1) in stops or words[begin - 1] in _LETTING
    return Mention(at, words[at], kind, person.gender, role, owner, within and begin > 0, begin)


def _acts_next(words: list[str], at: int) -> bool:
    """`when wife raised the bills pt put his coat on`: no word before it takes an object, and a verb follows."""
    if at + 1 >= len(words) or words[at - 1] in TAKING or words[at - 1].endswith("ing"):
        return False
    after = words[at + 1]
    return after.endswith("ed") or after in PAST_FORMS or after in ACTING


def _is_explained(note: NoteWords, begin: int, at: int) -> bool:
    """`Deon, a junior, has come round`: who is told between commas, after `a`, says who the one before is."""
    after = note.before[at + 1] if at + 1 < len(note.words) else ""
    return begin > 0 and note.words[begin] in {"a", "an"} and "," in note.before[begin] and "," in after


def _only_reports(note: NoteWords, begin: int, at: int) -> bool:
    """`Husband, says Cl, cannot ...`, `her in-laws, she observes, swap ...`: who is named between is not who acts."""
    words, before = note.words, note.before
    after = before[at + 1] if at + 1 < len(words) else ","
    if begin > 1 and words[begin - 1] in {"per", "says", "said"} and before[begin - 1] and after:
        return True
    told = at + 1 < len(words) and words[at + 1] in TELLING
    return begin > 0 and "," in before[begin] and told and (at + 2 >= len(words) or "," in before[at + 2])


def _is_verb_after(words: list[str], at: int) -> bool:
    """`husband's leaving`, `husband's always`: is, not of."""
    return at < len(words) and (words[at] in {"not", "always", "been", "just"} or at == len(words))


def _joined(note: NoteWords, found: list[Mention]) -> list[Mention]:
    """`ct and partner`: what they do they do together."""
    result = list(found)
    for index in range(1, len(found)):
        first, second = result[index - 1], found[index]
        between = note.words[first.at + 1 : second.at]
        near = second.at - first.at <= 3 and between and between[0] in {"and", "&"}
        if near and second.word not in _PRONOUNS and PersonKind.CLIENT in (first.kind, second.kind):
            kind = PersonKind.THERAPIST if PersonKind.THERAPIST in (first.kind, second.kind) else PersonKind.TOGETHER
            result[index] = Mention(second.at, second.word, kind, "", first.role, second.owner, first.subordinate)
        elif "," in note.before[second.begin] and first.at + 1 == second.begin and first.role is Role.OBJECT:
            if second.kind is PersonKind.OTHER and second.word not in _PRONOUNS:  # "keeps colleagues, friends and ..."
                result[index] = Mention(second.at, second.word, second.kind, second.gender, first.role, second.owner)
        elif near and second.word not in _PRONOUNS and second.role is Role.SUBJECT and first.role is not Role.SUBJECT:
            result[index] = Mention(second.at, second.word, second.kind, second.gender, first.role, second.owner)
    return result


def actor_of(start: int, note: NoteWords, mentions: list[Mention], *, said: bool = False) -> Actor:
    """Who does what begins at word `start`; with `said`, whose view it is where it stands in quotation marks."""
    if start < len(note.quoted) and note.quoted[start] and (said or not note.quoted[0]):
        speaker = _speaker(start, note, mentions, said)
        if speaker is not None:
            return speaker
    before = [mention for mention in mentions if mention.at <= start]
    owner = _owner_beside(start, note, before)
    if owner is not None:
        return owner
    for mention in reversed(before):
        if mention.role is Role.OBJECT and _is_seen(mention, start, note):
            return _resolved(mention, note, mentions)
        if mention.role is not Role.SUBJECT or mention.kind is PersonKind.ANYONE:
            continue
        if mention.subordinate and _left_behind(mention, start, note):
            continue
        return _resolved(mention, note, mentions)
    return CLIENT


def _speaker(start: int, note: NoteWords, mentions: list[Mention], said: bool) -> Actor | None:
    """Who says a quotation: the person named right after it, else the last one before it that speaks."""
    after = start
    while after < len(note.words) and note.quoted[after]:
        after += 1
    opens = start
    while opens > 0 and note.quoted[opens - 1]:
        opens -= 1
    for mention in mentions:
        near = after <= mention.at <= after + 2 and mention.role is Role.SUBJECT
        if near and any(word in SAYING for word in note.words[mention.at : mention.at + 4]):
            return _resolved(mention, note, mentions)
    inside = [m for m in mentions if opens <= m.at <= start and m.role is Role.SUBJECT and m.word not in {"i", "we"}]
    if inside and inside[-1].kind is not PersonKind.ANYONE and not said:
        return _resolved(inside[-1], note, mentions)
    for mention in reversed([m for m in mentions if m.at < opens and m.role is Role.SUBJECT]):
        told_of = mention.kind is PersonKind.OTHER and "=" in note.before[opens] and mention.at < opens - 1
        if told_of and not any(word in SAYING | TELLING for word in note.words[mention.at + 1 : opens]):
            continue  # "Sister died in May: 'it is done'"
        if not (mention.subordinate and _left_behind(mention, opens, note)):
            return _resolved(mention, note, mentions)
    return CLIENT


def _owner_beside(start: int, note: NoteWords, before: list[Mention]) -> Actor | None:
    """`her husband's silent treatment`: what stands right after an owner is the owner's."""
    for mention in reversed(before):
        if mention.role is Role.OWNER and mention.at < start <= mention.at + 4:
            if any(note.before[at] for at in range(mention.at + 1, start + 1)):
                return None
            return Actor(mention.kind, mention.word)
        if mention.at < start:
            return None
    return None


def _is_seen(mention: Mention, start: int, note: NoteWords) -> bool:
    """`watched her mother shut down`: the one seen is the one who acts."""
    at = mention.at - 1
    while at > 0 and (note.words[at] in DETERMINERS or note.words[at] in DESCRIBING):
        at -= 1
    return start - mention.at <= 2 and note.words[at] in SEEING


def _left_behind(mention: Mention, start: int, note: NoteWords) -> bool:
    """A subordinate clause is closed by a comma or an `and` before the words looked at; after `let`, by `without`; a
    `who` that a comma opens, by the next comma; `how his wife stayed and listened` by no `and`."""
    if mention.word == "who":
        later = range(mention.at + 1, min(start + 1, len(note.words)))
        return "," in note.before[mention.at] and any("," in note.before[at] for at in later)
    closing = {"and", "without"} if note.words[mention.begin - 1] in _LETTING else {"and"}
    return any(
        "," in note.before[at] or note.words[at] in closing
        for at in range(mention.at + 1, start + 1)
        if at < len(note.words)
    ) or any(
        mark in BREAKS for at in range(mention.at + 1, min(start + 1, len(note.words))) for mark in note.before[at]
    )


def _resolved(mention: Mention, note: NoteWords, mentions: list[Mention]) -> Actor:
    """A pronoun means the client unless the sentence shows that it cannot."""
    if mention.word == "i" and not note.quoted[mention.at]:
        third = any(m.kind is PersonKind.CLIENT and m.word not in {"i", "we"} for m in mentions)
        return Actor(PersonKind.THERAPIST, "I") if third and not all(note.quoted) else Actor(PersonKind.CLIENT, "I")
    if mention.word in {"he", "she", "they"}:
        meant = _meant(mention, mentions)
        if meant is not None:
            return Actor(meant.kind, meant.word)
    return Actor(mention.kind, mention.word)


def _meant(pronoun: Mention, mentions: list[Mention]) -> Mention | None:
    """Someone else named before, when the pronoun can only mean them."""
    earlier = [m for m in mentions if m.at < pronoun.at]
    if any(m.kind is PersonKind.CLIENT and m.word not in _PRONOUNS and m.role is Role.SUBJECT for m in earlier):
        named = True
    else:
        named = any(m.word == pronoun.word for m in earlier if m.word in _PRONOUNS)
    for mention in reversed(earlier):
        if mention.kind is not PersonKind.OTHER or not _fits(mention, pronoun):
            continue
        if pronoun.gender and mention.owner in {"m", "f"} and mention.owner != pronoun.gender:
            return mention  # "her husband ... he": the client is she
        if not named and not mention.owner and mention.role is Role.SUBJECT and not mention.subordinate:
            return mention  # "Mother said she": nobody else was named
    return None


def _fits(mention: Mention, pronoun: Mention) -> bool:
    if pronoun.word == "they":
        return mention.gender == "p"
    if not mention.gender:
        return mention.owner in {"m", "f"}  # "her partner ... he"
    return mention.gender == pronoun.gender

"""The people a sentence names, each with the part they play in their clause."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.domain.note_words import NoteWords
from lib.domain.phrase_book import CueHit, CueKind, Person, PersonKind, PhraseBook
from lib.domain.small_words import (
    ACTING,
    DESCRIBING,
    DETERMINERS,
    EVENTS,
    OCCASIONS,
    PAST_FORMS,
    TAKING,
    TELLING,
    TRAITS,
)

_THEIRS = {"his": "m", "her": "f", "their": "", "my": "", "our": "", "pt's": "", "ct's": ""}
_JOINING = frozenset({"and", "or", "nor", "&"})
PRONOUNS = frozenset({"he", "she", "they", "i", "we"})
LETTING = frozenset({"let", "lets", "letting"})
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
    role = Role.SUBJECT if words[at] in PRONOUNS or opens else Role.OBJECT
    if trait or (
        opens
        and at + 1 < len(words)
        and words[at + 1] == "'s"
        and not _is_verb_after(words, at + 2)
        and (words[at] not in PRONOUNS)
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
    within = (begin - 1) in stops or words[begin - 1] in LETTING
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
    end = at + 2 + (words[at + 2 : at + 3] in (["me"], ["us"]))
    return begin > 0 and "," in before[begin] and told and (end >= len(words) or "," in before[end])


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
        if near and second.word not in PRONOUNS and PersonKind.CLIENT in (first.kind, second.kind):
            kind = PersonKind.THERAPIST if PersonKind.THERAPIST in (first.kind, second.kind) else PersonKind.TOGETHER
            result[index] = Mention(second.at, second.word, kind, "", first.role, second.owner, first.subordinate)
        elif "," in note.before[second.begin] and first.at + 1 == second.begin and first.role is Role.OBJECT:
            if second.kind is PersonKind.OTHER and second.word not in PRONOUNS:  # "keeps colleagues, friends and ..."
                result[index] = Mention(second.at, second.word, second.kind, second.gender, first.role, second.owner)
        elif near and second.word not in PRONOUNS and second.role is Role.SUBJECT and first.role is not Role.SUBJECT:
            result[index] = Mention(second.at, second.word, second.kind, second.gender, first.role, second.owner)
    return result

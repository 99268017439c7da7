"""Who does what a phrase tells: the client or someone else. Read from the one sentence alone."""

from __future__ import annotations

from dataclasses import dataclass

from lib.domain.evidence_people import LETTING, PRONOUNS, Mention, Role
from lib.domain.note_words import BREAKS, NoteWords
from lib.domain.phrase_book import PersonKind
from lib.domain.small_words import DESCRIBING, DETERMINERS, SAYING, SEEING, TELLING


@dataclass(frozen=True, slots=True)
class Actor:
    """Who it is, and the word that says so; no word where the sentence names nobody, and the client is meant."""

    kind: PersonKind
    word: str = ""


CLIENT = Actor(PersonKind.CLIENT)


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
        if _is_of_the_client(start, note.words):
            return CLIENT
        if mention.subordinate and _left_behind(mention, start, note):
            continue
        return _resolved(mention, note, mentions)
    return CLIENT


def _is_of_the_client(start: int, words: list[str]) -> bool:
    """`his partner says that talking to him is like reading a report`: it is what the client is like."""
    with_whom = words[start + 1 : start + 3]
    return start > 0 and words[start - 1] == "that" and with_whom in (["to", "him"], ["to", "her"], ["with", "him"])


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
    if mention.at == start - 1 and mention.kind is PersonKind.OTHER and note.words[start].endswith("ing"):
        return not note.before[start]  # "what hurts is her husband going silent"
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
    closing = {"and", "without"} if note.words[mention.begin - 1] in LETTING else {"and"}
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


def is_told_of(start: int, note: NoteWords, mentions: list[Mention]) -> bool:
    """`"He never asks me for help," she said`: whom a client who says `me` calls `he` is somebody else."""
    if not note.quoted[start]:
        return False
    spoken = {word for word, quoted in zip(note.words, note.quoted, strict=True) if quoted}
    speaks = any(m.kind is PersonKind.OTHER and m.is_subject and not note.quoted[m.at] for m in mentions)
    return not speaks and not spoken.isdisjoint({"i", "me", "my", "us", "we"})


def _meant(pronoun: Mention, mentions: list[Mention]) -> Mention | None:
    """Someone else named before, when the pronoun can only mean them."""
    earlier = [m for m in mentions if m.at < pronoun.at]
    if any(m.kind is PersonKind.CLIENT and m.word not in PRONOUNS and m.role is Role.SUBJECT for m in earlier):
        named = True
    else:
        named = any(m.word == pronoun.word for m in earlier if m.word in PRONOUNS)
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

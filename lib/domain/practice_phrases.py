"""Practice phrases: what a practice adds to the shipped phrases and mutes, checked, and one book made of both."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lib.domain.errors import DefinitionProblem
from lib.domain.evidence import read_note
from lib.domain.phrase_book import CODES, RISK, Phrase, PhraseBook, PhraseStatus, Polarity, phrase_book
from lib.domain.phrase_language import Pattern, parse

LONGEST_PHRASE, LONGEST_SENTENCE, MOST_SENTENCES = 200, 300, 20
OWN = "practice-"
"""How the id of a practice's own phrase begins; no shipped one may."""


@dataclass(frozen=True, slots=True)
class ShippedPhrases:
    """The shipped book with what it was made from, and sentences of ordinary notes that no phrase should match."""

    book: PhraseBook
    classes: Mapping[str, Sequence[Pattern]]
    irregular: dict[str, tuple[str, ...]]
    negative: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhraseDraft:
    """A phrase as a person writes it, before anything is checked."""

    code: str
    polarity: str
    text: str
    must: tuple[str, ...]
    must_not: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence of a phrase: whether it has to match there, and whether it does."""

    sentence: str
    must_match: bool
    matches: bool

    @property
    def holds(self) -> bool:
        """True when the phrase does what its writer said."""
        return self.must_match == self.matches


def own_id(number: int) -> str:
    """The id of a practice's own phrase, as evidence keeps it."""
    return f"{OWN}{number}"


def own_number(phrase_id: str) -> int | None:
    """The number of a practice's own phrase; None for a shipped one."""
    number = phrase_id.removeprefix(OWN)
    return int(number) if phrase_id.startswith(OWN) and number.isdecimal() else None


def checked(draft: PhraseDraft, phrase_id: str, author: str, status: PhraseStatus, classes: Collection[str]) -> Phrase:
    """The phrase of a draft. Raises DefinitionProblem naming the phrase, the field and the rule."""
    where = f"phrase {phrase_id}"
    if draft.code not in CODES:
        raise DefinitionProblem(f"{where}: code: must be a marker or a sign, not {draft.code!r}")
    if draft.polarity not in set(Polarity):
        raise DefinitionProblem(f"{where}: polarity: must be for or against, not {draft.polarity!r}")
    text = " ".join(draft.text.lower().split())
    _check_words(where, "phrase", text, LONGEST_PHRASE)
    _check_words(where, "source", draft.source.strip(), LONGEST_PHRASE)
    if not draft.must:
        raise DefinitionProblem(f"{where}: must match: needs at least one sentence")
    for field, sentences in (("must match", draft.must), ("must not match", draft.must_not)):
        if len(sentences) > MOST_SENTENCES:
            raise DefinitionProblem(f"{where}: {field}: at most {MOST_SENTENCES} sentences")
        for sentence in sentences:
            _check_words(where, field, sentence, LONGEST_SENTENCE)
    pattern = parse(text, set(classes), where)
    polarity, source = Polarity(draft.polarity), draft.source.strip()
    return Phrase(phrase_id, draft.code, polarity, text, pattern, draft.must, draft.must_not, source, author, status)


def _check_words(where: str, field: str, words: str, longest: int) -> None:
    if not words:
        raise DefinitionProblem(f"{where}: {field}: must not be empty")
    if len(words) > longest or "\x00" in words:
        raise DefinitionProblem(f"{where}: {field}: is text of at most {longest} letters")


def in_use(shipped: ShippedPhrases, own: Iterable[Phrase], muted: Collection[str]) -> PhraseBook:
    """The book a practice reads with: the shipped phrases without the muted ones, and its own active ones.

    Risk wording cannot be muted: it only raises a plain line, and a practice must not lose it by a click."""
    kept = [one for one in shipped.book.phrases if one.code == RISK or one.id not in muted]
    return _book(shipped, [*kept, *own])


def alone(shipped: ShippedPhrases, phrase: Phrase) -> PhraseBook:
    """A book that suggests by this one phrase, whatever its status, with the context step and risk wording of all."""
    active = Phrase(
        phrase.id, phrase.code, phrase.polarity, phrase.text, phrase.pattern, phrase.must, phrase.must_not,
        phrase.source, phrase.author,
    )  # fmt: skip
    return _book(shipped, [active, *(one for one in shipped.book.phrases if one.code == RISK)])


def checks_of(phrase: Phrase, book: PhraseBook) -> tuple[Check, ...]:
    """Every sentence of the phrase tried with this book."""
    told = [*((one, True) for one in phrase.must), *((one, False) for one in phrase.must_not)]
    return tuple(Check(sentence, must, _stands_in(phrase, sentence, book)) for sentence, must in told)


def _stands_in(phrase: Phrase, sentence: str, book: PhraseBook) -> bool:
    readings = read_note(sentence, book)
    return any(one.phrase_id == phrase.id for reading in readings for one in reading.suggestions)


def _book(shipped: ShippedPhrases, phrases: Sequence[Phrase]) -> PhraseBook:
    book = shipped.book
    return phrase_book(phrases, book.cues, shipped.classes, book.people, book.headings, book.mirror, shipped.irregular)

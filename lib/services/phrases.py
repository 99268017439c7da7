"""Phrases: what a practice reads its notes with. Therapists propose, the practice admin decides, nothing learns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import DefinitionProblem, InvalidInput, NotYours, StaleVersion
from lib.domain.evidence_yield import Yield, by_phrase
from lib.domain.people import Actor
from lib.domain.phrase_book import RISK, Phrase, PhraseBook, PhraseStatus, Polarity
from lib.domain.policy import Action, RecordKind
from lib.domain.practice_phrases import (
    PhraseDraft,
    ShippedPhrases,
    alone,
    checked,
    checks_of,
    in_use,
    own_id,
    own_number,
)
from lib.services import access
from lib.storage import phrase_records
from lib.storage.phrase_records import Stamp, StoredMute, StoredPhrase
from lib.storage.tables import PracticePhrase

__all__ = [
    "ListedPhrase",
    "Stamp",
    "accept",
    "book_in_use",
    "mute",
    "phrases_of_practice",
    "propose",
    "stamp",
    "unmute",
]
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class ListedPhrase:
    """One phrase as the screen lists it. `version` None for a shipped one; `decided_*` who accepted or muted it last.

    `told` is how often it was confirmed of decided, None while nobody decided about it; `problem` says why one of
    the practice's own cannot be used by the rules of today, and is then not searched."""

    id: str
    code: str
    polarity: Polarity
    text: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    source: str
    author: str
    status: PhraseStatus
    version: int | None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    told: Yield | None = None
    problem: str = ""

    @property
    def proposed_to_mute(self) -> bool:
        """Whether it is searched, and so seldom confirmed that muting is proposed. A person decides."""
        return self.status is PhraseStatus.ACTIVE and self.told is not None and self.told.proposed_to_mute


def stamp(session: Session) -> Stamp:
    """What changes whenever the practice's phrases do: a book made under one stamp holds until then."""
    return phrase_records.stamp(session)


def book_in_use(session: Session, shipped: ShippedPhrases) -> PhraseBook:
    """The shipped phrases without the muted ones, with the practice's own active ones that keep today's rules."""
    stored = phrase_records.own_phrases(session)
    muted = {one.phrase_id for one in phrase_records.muted_phrases(session)}
    if not muted and not any(one.status == PhraseStatus.ACTIVE for one in stored):
        return shipped.book
    return in_use(shipped, _usable(stored, shipped), muted)


def phrases_of_practice(session: Session, actor: Actor, shipped: ShippedPhrases) -> tuple[ListedPhrase, ...]:
    """Every phrase there is here: the practice's own first, then the shipped ones; risk wording is not among them.

    Counts are of the whole practice and name nobody. Raises NotAllowed for whoever works with no phrases."""
    access.check_practice(session, actor, Action.READ, RecordKind.DEFINITIONS)
    told = {one.key: one for one in by_phrase(_decided(session))}
    muted = {one.phrase_id: one for one in phrase_records.muted_phrases(session)}
    own = [_own(one, shipped, told) for one in phrase_records.own_phrases(session)]
    built_in = [_built_in(one, muted, told) for one in shipped.book.phrases if one.code != RISK]
    return (*own, *built_in)


def propose(session: Session, actor: Actor, draft: PhraseDraft, now: datetime, shipped: ShippedPhrases) -> int:
    """Keep a phrase for the practice admin to accept. Returns its number. It is searched by nobody until then.

    Every sentence it must match and must not match is tried first. Raises NotAllowed, InvalidInput naming the rule."""
    access.check_practice(session, actor, Action.PROPOSE, RecordKind.DEFINITIONS)
    phrase = _checked(draft, own_id(0), shipped)
    _check_sentences(phrase, shipped)
    _check_new(phrase, phrase_records.own_phrases(session), shipped)
    row = PracticePhrase(
        code=phrase.code, polarity=phrase.polarity.value, phrase=phrase.text, must_match=list(phrase.must),
        must_not_match=list(phrase.must_not), source=phrase.source, author_id=actor.account_id,
        status=PhraseStatus.PROPOSED.value, proposed_at=now, version=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, actor, "phrase_proposed", own_id(row.id), now, {"code": row.code, "polarity": row.polarity})
    return row.id


def accept(
    session: Session, actor: Actor, phrase_id: str, version: int, now: datetime, shipped: ShippedPhrases
) -> None:
    """Search a proposed or muted phrase of the practice's own from now on. Its rules and sentences are tried again.

    Raises NotAllowed, NotYours for no such phrase, StaleVersion, InvalidInput."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    row = _row(session, phrase_id)
    _check_sentences(_checked(_draft(row), phrase_id, shipped), shipped)
    _set(session, actor, row, PhraseStatus.ACTIVE, version, "phrase_accepted", now)


def mute(
    session: Session,
    actor: Actor,
    phrase_id: str,
    reason: str,
    version: int | None,
    now: datetime,
    shipped: ShippedPhrases,
) -> None:
    """Search this phrase no more, be it shipped or the practice's own; refuse it, where it was proposed. Nothing goes:
    what it found and a person confirmed stays confirmed.

    Raises NotAllowed, NotYours for no such phrase, StaleVersion, InvalidInput."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise InvalidInput(f"Say why, in at most {LONGEST_REASON} letters.", field="reason")
    if own_number(phrase_id) is not None:
        row = _row(session, phrase_id)
        act = "phrase_refused" if row.status == PhraseStatus.PROPOSED.value else "phrase_muted"
        _set(session, actor, row, PhraseStatus.MUTED, version, act, now, reason)
        return
    _check_built_in(phrase_id, shipped)
    if any(one.phrase_id == phrase_id for one in phrase_records.muted_phrases(session)):
        raise InvalidInput("This phrase is muted already.", "Open the page anew.", "phrase")
    phrase_records.mute(session, phrase_id, reason, actor.account_id, now)
    _record(session, actor, "phrase_muted", phrase_id, now, {"reason": reason})


def unmute(session: Session, actor: Actor, phrase_id: str, now: datetime, shipped: ShippedPhrases) -> None:
    """Search a muted shipped phrase again; one of the practice's own is accepted again instead.

    Raises NotAllowed, NotYours for no such phrase, InvalidInput where it is not muted."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    _check_built_in(phrase_id, shipped)
    if not phrase_records.unmute(session, phrase_id):
        raise InvalidInput("This phrase is not muted.", "Open the page anew.", "phrase")
    _record(session, actor, "phrase_unmuted", phrase_id, now, {})


def _usable(stored: Iterable[StoredPhrase], shipped: ShippedPhrases) -> list[Phrase]:
    """The active ones; what breaks a rule of today is left out, and the screen tells of it."""
    found = []
    for one in stored:
        phrase, _problem = _parsed(one, shipped)
        if phrase is not None and phrase.status is PhraseStatus.ACTIVE:
            found.append(phrase)
    return found


def _parsed(one: StoredPhrase, shipped: ShippedPhrases) -> tuple[Phrase | None, str]:
    draft = PhraseDraft(one.code, one.polarity, one.text, one.must, one.must_not, one.source)
    try:
        return checked(draft, own_id(one.number), one.author, PhraseStatus(one.status), shipped.classes.keys()), ""
    except DefinitionProblem as problem:
        return None, str(problem)


def _own(one: StoredPhrase, shipped: ShippedPhrases, told: dict[str, Yield]) -> ListedPhrase:
    phrase_id = own_id(one.number)
    return ListedPhrase(
        phrase_id, one.code, Polarity(one.polarity), one.text, one.must, one.must_not, one.source, one.author,
        PhraseStatus(one.status), one.version, one.decided_by, one.decided_at, one.reason, told.get(phrase_id),
        _parsed(one, shipped)[1],
    )  # fmt: skip


def _built_in(one: Phrase, muted: dict[str, StoredMute], told: dict[str, Yield]) -> ListedPhrase:
    by_practice = muted.get(one.id)
    return ListedPhrase(
        one.id, one.code, one.polarity, one.text, one.must, one.must_not, one.source, one.author,
        PhraseStatus.MUTED if by_practice is not None else one.status, None,
        by_practice.muted_by if by_practice is not None else "", by_practice.muted_at if by_practice else None,
        by_practice.reason if by_practice is not None else "", told.get(one.id),
    )  # fmt: skip


def _decided(session: Session) -> Iterable[tuple[str, bool, int]]:
    return ((each, state == "confirmed", count) for each, state, count in phrase_records.decided_counts(session))


def _checked(draft: PhraseDraft, phrase_id: str, shipped: ShippedPhrases) -> Phrase:
    try:
        return checked(draft, phrase_id, "", PhraseStatus.PROPOSED, shipped.classes.keys())
    except DefinitionProblem as problem:
        raise InvalidInput(f"{problem}.".removeprefix(f"phrase {own_id(0)}: "), field="phrase") from problem


def _check_sentences(phrase: Phrase, shipped: ShippedPhrases) -> None:
    for check in checks_of(phrase, alone(shipped, phrase)):
        if not check.holds:
            said = "must match and does not" if check.must_match else "must not match and does"
            raise InvalidInput(f"The phrase {said}: {check.sentence}", "Mend the phrase or the sentence.", "phrase")


def _check_new(phrase: Phrase, stored: Iterable[StoredPhrase], shipped: ShippedPhrases) -> None:
    known = {(one.code, one.polarity.value, one.text) for one in shipped.book.phrases}
    known |= {(one.code, one.polarity, one.text) for one in stored}
    if (phrase.code, phrase.polarity.value, phrase.text) in known:
        raise InvalidInput("This very phrase is there already.", "Look for it in the list.", "phrase")


def _check_built_in(phrase_id: str, shipped: ShippedPhrases) -> None:
    """Risk wording is no phrase that anybody mutes: to the practice it does not exist as one."""
    if not any(one.id == phrase_id and one.code != RISK for one in shipped.book.phrases):
        raise NotYours("phrase", phrase_id, Action.WRITE.value)


def _row(session: Session, phrase_id: str) -> PracticePhrase:
    number = own_number(phrase_id)
    row = phrase_records.phrase_to_change(session, number) if number is not None else None
    if row is None:
        raise NotYours("phrase", phrase_id, Action.WRITE.value)
    return row


def _draft(row: PracticePhrase) -> PhraseDraft:
    return PhraseDraft(row.code, row.polarity, row.phrase, tuple(row.must_match), tuple(row.must_not_match), row.source)


def _set(
    session: Session,
    actor: Actor,
    row: PracticePhrase,
    status: PhraseStatus,
    version: int | None,
    act: str,
    now: datetime,
    reason: str = "",
) -> None:
    if row.version != version:
        raise StaleVersion(status.value, row.status, row.version)
    if row.status == status.value:
        raise InvalidInput(f"This phrase is {row.status} already.", "Open the page anew.", "phrase")
    before, row.status, row.version = row.status, status.value, row.version + 1
    row.decided_by_id, row.decided_at, row.reason = actor.account_id, now, reason
    session.flush()
    _record(session, actor, act, own_id(row.id), now, {"before": before, "after": row.status, "reason": reason})


def _record(session: Session, actor: Actor, act: str, phrase_id: str, now: datetime, details: dict[str, str]) -> None:
    """The event names the phrase; its words and sentences stay in its row."""
    access.record_event(session, actor, act, "phrase", now, details={"phrase": phrase_id, **details})

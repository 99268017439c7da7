"""Phrase records: a practice's own phrases and the shipped ones it muted, and how often each phrase was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from lib.domain.notes import Compartment
from lib.storage.evidence_queries import FINAL
from lib.storage.tables import Account, Evidence, MutedPhrase, Note, PracticePhrase

Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class StoredPhrase:
    """One of the practice's own phrases, whatever its status, with the names of who wrote and decided."""

    number: int
    code: str
    polarity: str
    text: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    source: str
    author: str
    status: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class StoredMute:
    """A shipped phrase that is not searched here, by whom, when and why."""

    phrase_id: str
    reason: str
    muted_by: str
    muted_at: datetime


def own_phrases(session: Session) -> list[StoredPhrase]:
    """Every phrase of the practice's own, the oldest first."""
    author, decider = aliased(Account), aliased(Account)
    statement = (
        select(PracticePhrase, author.name, decider.name)
        .outerjoin(author, author.id == PracticePhrase.author_id)
        .outerjoin(decider, decider.id == PracticePhrase.decided_by_id)
        .order_by(PracticePhrase.id)
    )
    return [
        StoredPhrase(
            row.id, row.code, row.polarity, row.phrase, tuple(row.must_match), tuple(row.must_not_match), row.source,
            wrote or "operator", row.status, row.proposed_at, (decided or "operator") if row.decided_at else "",
            row.decided_at, row.reason, row.version,
        )
        for row, wrote, decided in session.execute(statement)
    ]  # fmt: skip


def muted_phrases(session: Session) -> list[StoredMute]:
    """The shipped phrases that are muted here, by id."""
    statement = (
        select(MutedPhrase.phrase_id, MutedPhrase.reason, Account.name, MutedPhrase.muted_at)
        .outerjoin(Account, Account.id == MutedPhrase.muted_by_id)
        .order_by(MutedPhrase.phrase_id)
    )
    return [StoredMute(each, why, who or "operator", at) for each, why, who, at in session.execute(statement)]


def stamp(session: Session) -> Stamp:
    """What changes whenever a phrase of the practice's own does, or a shipped one is muted or unmuted."""
    own = session.execute(select(PracticePhrase.id, PracticePhrase.version).order_by(PracticePhrase.id))
    muted = session.execute(select(MutedPhrase.phrase_id, MutedPhrase.id).order_by(MutedPhrase.phrase_id))
    return (*((f"own {number}", version) for number, version in own), *((each, row) for each, row in muted))


def phrase_to_change(session: Session, number: int) -> PracticePhrase | None:
    """A phrase of the practice's own, held against other writers until the transaction ends."""
    return session.scalar(select(PracticePhrase).where(PracticePhrase.id == number).with_for_update())


def mute(session: Session, phrase_id: str, reason: str, account_id: int | None, now: datetime) -> None:
    """Keep a shipped phrase from being searched. The caller has looked that it is not muted already."""
    session.add(MutedPhrase(phrase_id=phrase_id, reason=reason, muted_by_id=account_id, muted_at=now))
    session.flush()


def unmute(session: Session, phrase_id: str) -> bool:
    """Search a shipped phrase again. False when it was not muted."""
    row = session.scalar(select(MutedPhrase.id).where(MutedPhrase.phrase_id == phrase_id).with_for_update())
    session.execute(delete(MutedPhrase).where(MutedPhrase.phrase_id == phrase_id))
    return row is not None


def decided_counts(session: Session) -> list[tuple[str, str, int]]:
    """(phrase id, confirmed or rejected, how often) over the practice's final progress notes. No client is named."""
    statement = (
        select(Evidence.phrase, Evidence.state, func.count())
        .join(Note, Note.id == Evidence.note_id)
        .where(
            Evidence.phrase != "",
            Evidence.state.in_(("confirmed", "rejected")),
            Note.compartment == Compartment.PROGRESS.value,
            Note.status.in_(FINAL),
        )
        .group_by(Evidence.phrase, Evidence.state)
    )
    return [(phrase, state, count) for phrase, state, count in session.execute(statement)]

"""Unflagged sentences: the monthly samples by their places in notes, and what was judged. No words are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.tables import UnflaggedSentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: letters [starts, ends) of a note of this client."""

    client_id: int
    note_id: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sentence of a sample as it is kept."""

    id: int
    place: Place
    verdict: str
    code: str
    polarity: str


def add_sample(session: Session, account_id: int, month: date, places: Sequence[Place]) -> None:
    """Keep the places of a sample in the order they are to be judged."""
    for position, place in enumerate(places, start=1):
        session.add(
            UnflaggedSentence(
                account_id=account_id, month=month, position=position, client_id=place.client_id,
                note_id=place.note_id, starts=place.starts, ends=place.ends,
            )
        )  # fmt: skip
    session.flush()


def sample(session: Session, account_id: int, month: date) -> list[Drawn]:
    """This account's sample of that month, in order; empty when none was drawn."""
    row = UnflaggedSentence
    statement = select(row).where(row.account_id == account_id, row.month == month).order_by(row.position)
    return [
        Drawn(one.id, Place(one.client_id, one.note_id, one.starts, one.ends), one.verdict, one.code, one.polarity)
        for one in session.scalars(statement)
    ]


def sentence_to_judge(session: Session, sentence_id: int) -> UnflaggedSentence | None:
    """One sentence of a sample, held against other writers until the transaction ends."""
    return session.scalar(select(UnflaggedSentence).where(UnflaggedSentence.id == sentence_id).with_for_update())


def judged_counts(session: Session) -> list[tuple[int, str, int]]:
    """(account, nothing or evidence, how many) over all samples."""
    row = UnflaggedSentence
    statement = select(row.account_id, row.verdict, func.count()).where(row.verdict != "")
    return [
        (account, verdict, count)
        for account, verdict, count in session.execute(statement.group_by(row.account_id, row.verdict))
    ]

"""Phrases of a practice, shipped ones it muted, and monthly samples of sentences in which no phrase was found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class PracticePhrase(Base):
    """A phrase the practice reads its notes with beside the shipped ones: proposed, active or muted; never deleted."""

    __tablename__ = "practice_phrase"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    polarity: Mapped[str] = mapped_column(String(10))
    phrase: Mapped[str] = mapped_column(String(200))
    must_match: Mapped[list[Any]]
    must_not_match: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    status: Mapped[str] = mapped_column(String(10))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class MutedPhrase(Base):
    """A shipped phrase that this practice does not search, who said so and why. The row goes when it is unmuted."""

    __tablename__ = "muted_phrase"
    id: Mapped[int] = mapped_column(primary_key=True)
    phrase_id: Mapped[str] = mapped_column(String(80), unique=True)
    reason: Mapped[str] = mapped_column(String(300))
    muted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    muted_at: Mapped[datetime]


class UnflaggedSentence(Base):
    """One sentence of a month's sample, by its place in a note, and what its reader judged: nothing, or evidence.

    The words stay in the note. `month` is the first day of the month the notes are of."""

    __tablename__ = "unflagged_sentence"
    __table_args__ = (UniqueConstraint("account_id", "month", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    month: Mapped[date]
    position: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    starts: Mapped[int]
    ends: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10), default="")
    code: Mapped[str] = mapped_column(String(30), default="")
    polarity: Mapped[str] = mapped_column(String(10), default="")
    judged_at: Mapped[datetime | None]

"""Closure documents: drafts by section, signed bytes frozen, check-ins after the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class Document(Base):
    """A closure summary or a relapse-prevention plan. A correction is a new document that names what it supersedes."""

    __tablename__ = "document"
    __table_args__ = (Index(None, "client_id", "kind", "status"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    kind: Mapped[str] = mapped_column(String(10))  # summary | plan | letter
    audience: Mapped[str] = mapped_column(String(10))  # file | referrer | client
    status: Mapped[str] = mapped_column(String(12))  # draft | signed | cosigned | superseded | discarded
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    drafted_at: Mapped[datetime]
    header: Mapped[dict[str, Any]]  # title, letterhead, therapist, day of drafting, what it supersedes in words
    basis: Mapped[list[Any]]  # every source the record offered then, to notice at signing what has changed
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    version: Mapped[int] = mapped_column(default=1)


class DocumentSection(Base):
    """One section of a draft. `sentences`: list of {text, sources, own_words}; `asks`: what is missing."""

    __tablename__ = "document_section"
    __table_args__ = (Index(None, "document_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    sentences: Mapped[list[Any]]
    asks: Mapped[list[Any]] = mapped_column(default=list)
    must_review: Mapped[bool] = mapped_column(default=False)
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)


class SignedDocument(Base):
    """A signed document: exact content and rendered bytes with their sha256. No update, no delete."""

    __tablename__ = "signed_document"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    content: Mapped[str]
    content_sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    docx: Mapped[bytes] = mapped_column(LargeBinary)
    docx_sha256: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime]
    meaning: Mapped[str]


class DocumentReview(Base):
    """A supervisor's co-signature of a trainee's document, or its return with a comment. No update, no delete.

    `pdf` and `docx`: the document as it leaves the practice, with both signatures; the content is the signed one."""

    __tablename__ = "document_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(default="")
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    docx: Mapped[bytes | None] = mapped_column(LargeBinary)
    docx_sha256: Mapped[str | None] = mapped_column(String(64))


class AgreedLevel(Base):
    """A level on one of the client's own measures that means "get in touch", as agreed. The newest one stands."""

    __tablename__ = "agreed_level"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    measure: Mapped[str] = mapped_column(String(120))  # "instrument.scale@target"
    level: Mapped[float]
    agreed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class CheckIn(Base):
    """A contact after the end, agreed for a month; what was seen when it happened."""

    __tablename__ = "check_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    get_in_touch_level: Mapped[dict[str, Any]] = mapped_column(default=dict)
    what: Mapped[str] = mapped_column(default="")
    month: Mapped[int | None]  # how many months after the end it was agreed for
    state: Mapped[str] = mapped_column(String(12), default="due", server_default="due")  # domain.check_ins.CheckInState
    measures: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))  # instrument ids to ask
    signs: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))  # [{"sign", "seen"}]
    level_value: Mapped[float | None]  # the score on the measure of the agreed level, None without one
    is_crossed: Mapped[bool | None]  # whether that score lies beyond the agreed level, None when nobody can say
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class EndingDecision(Base):
    """What was decided after looking at the reasons for and against ending, with the board as it was then. Frozen.

    `decision`: not_yet, plan_ending or end_now; `planned_on` is the day an ending is planned for."""

    __tablename__ = "ending_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    planned_on: Mapped[date | None]
    reasons: Mapped[str]
    board: Mapped[list[Any]]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class EpisodeEnding(Base):
    """How a course of therapy was closed, beside the episode's own kind and reason. Frozen.

    `decided_by` by domain.endings.DecidedBy; `closed_over`: the warnings that stood then, in words; `over_reason`: why
    it was closed all the same."""

    __tablename__ = "episode_ending"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), unique=True)
    is_sudden: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(String(20))
    not_done: Mapped[str] = mapped_column(default="")
    closed_over: Mapped[list[Any]] = mapped_column(default=list)
    over_reason: Mapped[str] = mapped_column(default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime]


class Outreach(Base):
    """One try to reach a client who did not come, and what came of it. Frozen: a correction is another entry."""

    __tablename__ = "outreach"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"))
    tried_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(20))  # domain.endings.OutreachWay
    what: Mapped[str]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

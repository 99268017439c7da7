"""Session notes: drafts, frozen versions, addenda, the process compartment and its grants, evidence quoted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class Note(Base):
    """A note about one client. `text` is the draft while status is draft, and the signed text after.

    `template`: the name of the practice's own headings it was begun with; empty for a built-in format.
    `compartment`: progress or process. `version` counts saves; every save carries the version it began from."""

    __tablename__ = "note"
    __table_args__ = (
        Index(None, "client_id", "compartment", "dated_on"),
        Index(None, "originator_id", "status"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("therapy_session.id"))
    originator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    compartment: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(12))
    format: Mapped[str] = mapped_column(String(12))
    template: Mapped[str] = mapped_column(String(60), default="", server_default="")
    dated_on: Mapped[date]
    text: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    import_file: Mapped[str] = mapped_column(String(300), default="")
    import_labels: Mapped[list[Any]] = mapped_column(default=list)
    retracted_at: Mapped[datetime | None]
    retraction_reason: Mapped[str] = mapped_column(default="")


class NoteVersion(Base):
    """Signed (or imported) text, frozen: no update, no delete. sha256 is over the canonical content."""

    __tablename__ = "note_version"
    __table_args__ = (UniqueConstraint("note_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    number: Mapped[int]
    content: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime]
    meaning: Mapped[str]


class Addendum(Base):
    """Something added to a frozen note later, itself frozen."""

    __tablename__ = "addendum"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))


class NoteReview(Base):
    """A supervisor's co-signature of a trainee's note, or its return with a comment."""

    __tablename__ = "note_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10))  # cosigned | returned
    comment: Mapped[str] = mapped_column(default="")


class ProcessGrant(Base):
    """Leave to read one process note, within dates, by its originator or, with a legal reason, an admin."""

    __tablename__ = "process_grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    revoked_at: Mapped[datetime | None]


class NoteTemplate(Base):
    """Headings the practice writes its notes under, beside the built-in formats. Retired ones are offered no more."""

    __tablename__ = "note_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    headings: Mapped[list[Any]]
    is_retired: Mapped[bool] = mapped_column(default=False)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    saved_at: Mapped[datetime]


class NotePhrase(Base):
    """A phrase of one's own: the abbreviation one types, and the words that take its place."""

    __tablename__ = "note_phrase"
    __table_args__ = (UniqueConstraint("account_id", "short"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    short: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(1000))


class Evidence(Base):
    """A sentence of a note and what it may be evidence of. Only `confirmed` rows count anywhere."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "client_id", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id"))
    dated_on: Mapped[date]
    code: Mapped[str] = mapped_column(String(30))
    polarity: Mapped[str] = mapped_column(String(10))
    context: Mapped[str] = mapped_column(String(20), default="")
    quote: Mapped[str]
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    phrase: Mapped[str] = mapped_column(String(200), default="")
    cues: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(12))  # suggested | confirmed | rejected
    reason: Mapped[str] = mapped_column(String(30), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]

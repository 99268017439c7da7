"""Clients, their episodes of therapy and their sessions; what happened around them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base
from lib.storage.tables.kept import Kept


class Client(Base):
    """A client. `code` is the practice's own, kept verbatim; `name` is empty when an import knew only the code."""

    __tablename__ = "client"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    born_on: Mapped[date | None]
    referred_on: Mapped[date | None]
    is_couple: Mapped[bool] = mapped_column(default=False)
    main_measure: Mapped[str | None] = mapped_column(String(80))  # "instrument.scale", chosen by the therapist
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Episode(Base):
    """One course of therapy. `status`: open or closed; `ending_kind` by domain.process.EndingKind."""

    __tablename__ = "episode"
    __table_args__ = (UniqueConstraint("client_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ending_planned_on: Mapped[date | None]
    ending_kind: Mapped[str | None] = mapped_column(String(30))
    ending_reason: Mapped[str] = mapped_column(default="")
    needs_at_start: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class TherapySession(Base):
    """One meeting, held or not. `parts` and `approaches` hold keys of the clinical model."""

    __tablename__ = "therapy_session"
    __table_args__ = (Index(None, "client_id", "held_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episode.id"))
    number: Mapped[int | None]
    held_on: Mapped[date]
    starts_at_time: Mapped[str | None] = mapped_column(String(5))  # "HH:MM", the clock on the wall
    modality: Mapped[str] = mapped_column(String(30), default="")
    minutes: Mapped[int | None]
    attendance: Mapped[str] = mapped_column(String(30))
    parts: Mapped[list[Any]] = mapped_column(default=list)
    approaches: Mapped[list[Any]] = mapped_column(default=list)
    techniques: Mapped[str] = mapped_column(default="", server_default="")
    agreed: Mapped[str] = mapped_column(default="")
    risk_note: Mapped[str] = mapped_column(default="")
    next_plan: Mapped[str] = mapped_column(default="")
    next_on: Mapped[date | None]
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    version: Mapped[int] = mapped_column(default=1)


class TherapyBreak(Kept, Base):
    """A break or separation in therapy: holiday, cancellations, illness, ending, anniversary."""

    __tablename__ = "therapy_break"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    what: Mapped[str] = mapped_column(default="")
    prepared: Mapped[str] = mapped_column(default="")
    weathered: Mapped[str] = mapped_column(default="")


class LifeEvent(Kept, Base):
    """Something that happened in the client's life, for the timeline and the charts."""

    __tablename__ = "life_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    happened_on: Mapped[date]
    what: Mapped[str]


class ImportBatch(Base):
    """One file taken in: what it was recognised as, its sha256, and what came of each row."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    recognised: Mapped[str]
    rows: Mapped[int]
    new: Mapped[int]
    unchanged: Mapped[int]
    corrected: Mapped[int]
    rejected: Mapped[int]
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    imported_at: Mapped[datetime]


class SavedMapping(Base):
    """A column mapping a person made once, under a name."""

    __tablename__ = "saved_mapping"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    definition: Mapped[dict[str, Any]]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    saved_at: Mapped[datetime]


class PracticeInstrument(Base):
    """An instrument the practice defined itself, in the same form as the shipped ones."""

    __tablename__ = "practice_instrument"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    definition: Mapped[dict[str, Any]]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    saved_at: Mapped[datetime]

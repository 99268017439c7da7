"""Audits of records: a checklist the practice edits, samples drawn at random on the record, findings and follow-up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class ChecklistItem(Base):
    """A question of the practice's checklist. Changed, it is retired and a new one stands in its place: what was
    found under the old words keeps them."""

    __tablename__ = "checklist_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(300))
    retired_on: Mapped[date | None]


class RecordAudit(Base):
    """A random sample of files. `seed` and the sorted `population` it was drawn from make it drawable again."""

    __tablename__ = "record_audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    therapist_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    seed: Mapped[int]
    population: Mapped[int]
    drawn_at: Mapped[datetime]


class AuditedFile(Base):
    """One file of a sample, whose it was when drawn, and what is to follow from the findings."""

    __tablename__ = "audited_file"
    __table_args__ = (UniqueConstraint("record_audit_id", "client_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    record_audit_id: Mapped[int] = mapped_column(ForeignKey("record_audit.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    therapist_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    position: Mapped[int]
    audited_at: Mapped[datetime | None]
    follow_up: Mapped[str] = mapped_column(default="")
    follow_up_due_on: Mapped[date | None]
    follow_up_done_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class AuditFinding(Base):
    """What was found on one question of the checklist in one file: yes, no or not_applicable."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        UniqueConstraint("audited_file_id", "checklist_item_id"),
        Index(None, "checklist_item_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    audited_file_id: Mapped[int] = mapped_column(ForeignKey("audited_file.id"))
    checklist_item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"))
    finding: Mapped[str] = mapped_column(String(15))
    remark: Mapped[str] = mapped_column(default="")

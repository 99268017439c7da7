"""The audit trail: who did what when to which record, chained. Never what a record says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class AuditEvent(Base):
    """One event. `hmac` is over the previous event's hmac and this event in canonical form (audit_records)."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "client_code", "sequence"), Index(None, "actor_id", "sequence"))
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(60))  # several roles are joined by +
    action: Mapped[str] = mapped_column(String(60))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    client_code: Mapped[str | None] = mapped_column(String(100))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    hmac: Mapped[str] = mapped_column(String(64))

"""Models fitted on the practice's own closed courses: figures of the whole, nothing of one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class FittedResponse(Base):
    """One version of the expected response on one measure; the highest version holds, and all stay.

    `parameters` by domain.expected_response.as_json; null where too few closed courses were left to show any."""

    __tablename__ = "fitted_response"
    __table_args__ = (UniqueConstraint("measure", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    clients: Mapped[int]
    parameters: Mapped[dict[str, Any] | None]
    fitted_at: Mapped[datetime]
    fitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

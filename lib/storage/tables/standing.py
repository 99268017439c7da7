"""The standing: what every list needs to know about one client now. Derived, never edited; `rebuild` makes it anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class Standing(Base):
    """One row a client. Columns are what lists filter, sort and add up; `detail` is what one row of a list draws.

    `attention`: 0 risk, 1 watch, 2 prepare, 9 nothing; `detail` is a domain.standing.StandingDetail."""

    __tablename__ = "standing"
    __table_args__ = (Index(None, "attention"),)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    rules_version: Mapped[str] = mapped_column(String(20))
    computed_at: Mapped[datetime]
    is_open: Mapped[bool]
    attention: Mapped[int]
    sessions_held: Mapped[int]
    last_seen_on: Mapped[date | None]
    open_risk_flags: Mapped[int]
    oldest_open_risk_on: Mapped[date | None]
    open_flags: Mapped[int]
    unsigned_notes: Mapped[int]
    main_measure: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]]


class StandingScore(Base):
    """One row a client and scale: first and latest score and the verdict on the change between them."""

    __tablename__ = "standing_score"
    __table_args__ = (Index(None, "measure", "client_id"),)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), primary_key=True, autoincrement=False)
    measure: Mapped[str] = mapped_column(String(80), primary_key=True)  # "instrument.scale[@target]"
    first_on: Mapped[date]
    first_value: Mapped[float]
    latest_on: Mapped[date]
    latest_value: Mapped[float]
    points: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(25))

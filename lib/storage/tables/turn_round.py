"""Turn it round: what of the record may be shown to the client on the same screen, as it was last chosen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class TurnRound(Base):
    """One row a client. `sections` by domain.turn_round.Section; the alliance only since the client agreed to it."""

    __tablename__ = "turn_round"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), unique=True)
    sections: Mapped[list[Any]] = mapped_column(default=list)
    alliance_agreed_on: Mapped[date | None]
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    chosen_at: Mapped[datetime]

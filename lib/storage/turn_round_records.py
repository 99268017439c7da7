"""Turn-round records: what was chosen to be shown to a client, one row a client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.storage.tables import TurnRound


def chosen_row(session: Session, client_id: int) -> TurnRound | None:
    """The row of this client; None while nothing was ever chosen."""
    return session.scalar(select(TurnRound).where(TurnRound.client_id == client_id))


def keep_choice(
    session: Session, client_id: int, sections: Sequence[str], agreed_on: date | None, by_id: int | None, now: datetime
) -> None:
    """Put the choice in the place of the one before; the audit log keeps both."""
    held = session.scalar(select(TurnRound).where(TurnRound.client_id == client_id).with_for_update())
    row = held or TurnRound(client_id=client_id)
    row.sections, row.alliance_agreed_on = list(sections), agreed_on
    row.chosen_by_id, row.chosen_at = by_id, now
    session.add(row)
    session.flush()

"""Episodes at rest: a course of therapy begins, and ends."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.process import EndingKind, EpisodeStatus
from lib.storage.tables import Episode


def newest_episode(session: Session, client_id: int) -> Episode | None:
    """The client's current or last course of therapy."""
    return session.scalar(
        select(Episode).where(Episode.client_id == client_id).order_by(Episode.number.desc()).limit(1)
    )


def is_closed(session: Session, client_id: int) -> bool:
    """Whether the newest course of therapy has ended; False where none was ever begun."""
    status = session.scalar(
        select(Episode.status).where(Episode.client_id == client_id).order_by(Episode.number.desc()).limit(1)
    )
    return status == EpisodeStatus.CLOSED


def add_episode(session: Session, client_id: int, number: int, starts_on: date, needs: str) -> int:
    """A new open course of therapy. Returns its id."""
    row = Episode(
        client_id=client_id,
        number=number,
        status=EpisodeStatus.OPEN.value,
        starts_on=starts_on,
        needs_at_start=needs,
    )
    session.add(row)
    session.flush()
    return row.id


def close_episode(row: Episode, ended_on: date, kind: EndingKind, reason: str) -> None:
    """End a course of therapy."""
    row.status = EpisodeStatus.CLOSED.value
    row.ends_on = ended_on
    row.ending_kind = kind.value
    row.ending_reason = reason
    row.version += 1

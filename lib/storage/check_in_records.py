"""Check-ins at rest: agreed at an ending, and what was found when they were held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.tables import CheckIn, Episode


def add_check_ins(
    session: Session,
    client_id: int,
    episode_id: int,
    days: Sequence[tuple[int, date]],
    measures: Sequence[str],
) -> None:
    """One for each month agreed; each asks the same measures, by instrument id."""
    session.add_all(
        CheckIn(client_id=client_id, episode_id=episode_id, due_on=due_on, month=month, measures=list(measures))
        for month, due_on in days
    )
    session.flush()


def check_ins_of(session: Session, client_id: int) -> Sequence[CheckIn]:
    """Every check-in of a client, in the order of days."""
    return session.scalars(
        select(CheckIn).where(CheckIn.client_id == client_id).order_by(CheckIn.due_on, CheckIn.id)
    ).all()


def check_in_of(session: Session, check_in_id: int, client_id: int) -> CheckIn | None:
    """One check-in of exactly this client."""
    return session.scalar(select(CheckIn).where(CheckIn.id == check_in_id, CheckIn.client_id == client_id))


def ended_on(session: Session, row: CheckIn) -> date | None:
    """The last day of the episode this check-in belongs to."""
    return session.scalar(select(Episode.ends_on).where(Episode.id == row.episode_id))


def before(session: Session, row: CheckIn, held_on: date) -> date | None:
    """The day from which on scores belong to this check-in: the one held before it, else the end of therapy."""
    earlier = session.scalar(
        select(func.max(CheckIn.held_on)).where(
            CheckIn.episode_id == row.episode_id, CheckIn.id != row.id, CheckIn.held_on < held_on
        )
    )
    return earlier or ended_on(session, row)

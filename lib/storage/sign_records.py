"""Sign ratings at rest: rows of the table of ratings whose subject is a sign. A correction ends the row it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lib.domain.signs import SignRating
from lib.storage.tables import Rating

_SUBJECT = "sign"


def sign_ratings(session: Session, client_id: int) -> tuple[SignRating, ...]:
    """The ratings that stand, oldest first."""
    r = Rating
    statement = select(r.key, r.context, r.rated_on, r.level, r.id).where(
        r.client_id == client_id, r.subject == _SUBJECT, r.superseded_at.is_(None)
    )
    return tuple(SignRating(*row) for row in session.execute(statement.order_by(r.rated_on, r.id)))


def add_sign_ratings(
    session: Session,
    client_id: int,
    context: str,
    rated_on: date,
    levels: Mapping[str, int | None],
    account_id: int | None,
    now: datetime,
) -> list[int]:
    """One row a sign; a rating of the same sign, context and day is replaced and stays. Returns the new ids."""
    r = Rating
    session.execute(
        update(r)
        .where(r.client_id == client_id, r.subject == _SUBJECT, r.context == context, r.rated_on == rated_on)
        .where(r.key.in_(list(levels)), r.superseded_at.is_(None))
        .values(superseded_at=now)
    )
    rows = [
        Rating(
            client_id=client_id,
            subject=_SUBJECT,
            key=sign,
            context=context,
            level=level,
            rated_on=rated_on,
            rated_by_id=account_id,
            rated_at=now,
        )
        for sign, level in levels.items()
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def end_sign_ratings(session: Session, client_id: int, context: str, rated_on: date, now: datetime) -> int:
    """Take the ratings of one context and day back; they stay in the database. Returns how many."""
    r = Rating
    ended = session.execute(
        update(r)
        .where(r.client_id == client_id, r.subject == _SUBJECT, r.context == context, r.rated_on == rated_on)
        .where(r.superseded_at.is_(None))
        .values(superseded_at=now)
        .returning(r.id)
    )
    return len(ended.all())

"""Rating records: rows of ratings of markers and facets. A correction adds a row and ends the old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lib.domain.markers import CheckedRating
from lib.storage.bulk import add_rows, chunks, table_of
from lib.storage.tables import Rating


def rating_row(client_id: int, checked: CheckedRating, account_id: int | None, now: datetime) -> dict[str, Any]:
    """A rating as a row."""
    draft = checked.draft
    return {
        "client_id": client_id,
        "subject": draft.subject,
        "key": draft.marker,
        "context": draft.context,
        "source": draft.source,
        "level": checked.level,
        "giving": draft.giving,
        "receiving": draft.receiving,
        "confidence": draft.confidence,
        "rated_on": draft.rated_on,
        "episode_on": draft.episode_on,
        "evidence": draft.evidence,
        "episode_with": draft.episode_with,
        "second_on": draft.second_on,
        "second_with": draft.second_with,
        "second_evidence": draft.second_evidence,
        "rated_by_id": account_id,
        "rated_at": now,
    }


def add_rating(session: Session, client_id: int, checked: CheckedRating, account_id: int | None, now: datetime) -> int:
    """One rating. Returns its id."""
    row = Rating(**rating_row(client_id, checked, account_id, now))
    session.add(row)
    session.flush()
    return row.id


def add_ratings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many ratings at once."""
    add_rows(session, Rating, rows)


def supersede(session: Session, rating_ids: Sequence[int], now: datetime) -> None:
    """End ratings that a newer one of the same marker, context and day corrects. They stay in the record."""
    ratings = table_of(Rating)
    for piece in chunks(rating_ids):
        session.execute(update(ratings).where(ratings.c.id.in_(piece)).values(superseded_at=now))

"""Rating queries: marker ratings as the record holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.bulk import among, chunks
from lib.storage.tables import Account, Rating


@dataclass(frozen=True, slots=True)
class StoredRating:
    """A rating of the record. `rated_by` is a name, empty for an imported rating; `source` clinician or client,
    `subject` marker or trust (`marker` then names the facet)."""

    id: int
    client_id: int
    marker: str
    context: str
    level: int | None
    giving: int | None
    receiving: int | None
    confidence: str
    rated_on: date
    episode_on: date | None
    evidence: str
    import_batch_id: int | None
    superseded_at: datetime | None
    rated_by: str
    source: str = "clinician"
    subject: str = "marker"
    rated_by_id: int | None = None


def _select_ratings() -> tuple[object, ...]:
    r = Rating
    return (
        r.id, r.client_id, r.key, r.context, r.level, r.giving, r.receiving, r.confidence, r.rated_on, r.episode_on,
        r.evidence, r.import_batch_id, r.superseded_at,
    )  # fmt: skip


def current_rating(session: Session, client_id: int, marker: str, context: str, rated_on: date) -> int | None:
    """The id of the clinician's current rating of this marker, context and day."""
    r = Rating
    return session.scalar(
        select(r.id)
        .where(r.client_id == client_id, r.subject == "marker", r.key == marker, r.context == context)
        .where(r.rated_on == rated_on, r.source == "clinician", r.superseded_at.is_(None))
        .order_by(r.id.desc())
        .limit(1)
    )


def current_ratings(session: Session, client_ids: Sequence[int]) -> list[StoredRating]:
    """The clinician's current marker ratings of these clients."""
    found: list[StoredRating] = []
    for piece in chunks(client_ids):
        statement = (
            select(*_select_ratings(), func.coalesce(Account.name, ""))  # type: ignore[call-overload]
            .outerjoin(Account, Account.id == Rating.rated_by_id)
            .where(among(Rating.client_id, piece), Rating.subject == "marker", Rating.source == "clinician")
            .where(Rating.superseded_at.is_(None))
            .order_by(Rating.rated_on, Rating.id)
        )
        found.extend(StoredRating(*row) for row in session.execute(statement))
    return found


def ratings_of_client(session: Session, client_id: int) -> list[StoredRating]:
    """Every current rating of markers and trust facets, by therapists and by the client, oldest first."""
    statement = (
        select(*_select_ratings(), func.coalesce(Account.name, ""), Rating.source, Rating.subject, Rating.rated_by_id)  # type: ignore[call-overload]
        .outerjoin(Account, Account.id == Rating.rated_by_id)
        .where(Rating.client_id == client_id, Rating.superseded_at.is_(None))
        .where(Rating.subject.in_(["marker", "trust"]))
        .order_by(Rating.rated_on, Rating.id)
    )
    return [StoredRating(*row) for row in session.execute(statement)]

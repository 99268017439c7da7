"""Rating queries: marker ratings as the record holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain.markers import MARKER, TRUST, RatingDraft
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
    episode_with: str = ""
    second_on: date | None = None
    second_with: str = ""
    second_evidence: str = ""


def _select_ratings() -> tuple[object, ...]:
    r = Rating
    return (
        r.id, r.client_id, r.key, r.context, r.level, r.giving, r.receiving, r.confidence, r.rated_on, r.episode_on,
        r.evidence, r.import_batch_id, r.superseded_at,
    )  # fmt: skip


def current_rating(session: Session, client_id: int, draft: RatingDraft) -> int | None:
    """The id of the current rating that this one corrects: the same subject, key, context, source and day."""
    r = Rating
    return session.scalar(
        select(r.id)
        .where(r.client_id == client_id, r.subject == draft.subject, r.key == draft.marker)
        .where(r.context == draft.context, r.rated_on == draft.rated_on, r.source == draft.source)
        .where(r.superseded_at.is_(None))
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
    r = Rating
    more = (r.source, r.subject, r.rated_by_id, r.episode_with, r.second_on, r.second_with, r.second_evidence)
    statement = (
        select(*_select_ratings(), func.coalesce(Account.name, ""), *more)  # type: ignore[call-overload]
        .outerjoin(Account, Account.id == r.rated_by_id)
        .where(r.client_id == client_id, r.superseded_at.is_(None), r.subject.in_([MARKER, TRUST]))
        .order_by(r.rated_on, r.id)
    )
    return [StoredRating(*row) for row in session.execute(statement)]

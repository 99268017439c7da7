"""Link queries: the one-time questionnaire links of clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.storage.tables import Account, QuestionnaireLink


@dataclass(frozen=True, slots=True)
class StoredLink:
    """One link."""

    id: int
    client_id: int
    instrument: str
    target: str
    expires_at: datetime
    answered_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be answered."""
        return self.answered_at is None and now < self.expires_at


_L = QuestionnaireLink
_ROW = select(_L.id, _L.client_id, _L.instrument, _L.target, _L.expires_at, _L.answered_at)


def link_with(session: Session, token_hash: str, *, for_update: bool = False) -> StoredLink | None:
    """The link whose token has this hash."""
    statement = _ROW.where(_L.token_hash == token_hash)
    row = session.execute(statement.with_for_update() if for_update else statement).one_or_none()
    return StoredLink(*row) if row is not None else None


def link_of(session: Session, link_id: int) -> StoredLink | None:
    """A link by its id."""
    row = session.execute(_ROW.where(_L.id == link_id)).one_or_none()
    return StoredLink(*row) if row is not None else None


def open_links(session: Session, client_id: int, now: datetime) -> list[Any]:
    """Id, instrument, target, maker's name, made at and expires at of a client's open links, the newest first."""
    statement = (
        select(_L.id, _L.instrument, _L.target, Account.name, _L.made_at, _L.expires_at)
        .join(Account, Account.id == _L.made_by_id)
        .where(_L.client_id == client_id, _L.answered_at.is_(None), _L.expires_at > now)
        .order_by(_L.made_at.desc(), _L.id.desc())
    )
    return list(session.execute(statement).all())

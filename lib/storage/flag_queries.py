"""Flag queries: flags of clients, and what was done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.flag_changes import HeldFlag
from lib.storage.bulk import among, chunks
from lib.storage.tables import Account, Flag, FlagResponse

_COLUMNS = (
    Flag.id,
    Flag.kind,
    Flag.is_risk,
    Flag.reason,
    Flag.raised_on,
    Flag.rule,
    Flag.administration_id,
    Flag.state,
    Flag.rests_until,
)


@dataclass(frozen=True, slots=True)
class Response:
    """What somebody did about a flag."""

    flag_id: int
    responded_by: str
    responded_at: datetime
    what_was_done: str


def flags_of(session: Session, client_ids: Sequence[int]) -> dict[int, list[HeldFlag]]:
    """Every flag ever raised for these clients, oldest first, by client id."""
    found: dict[int, list[HeldFlag]] = {}
    for piece in chunks(client_ids):
        statement = select(Flag.client_id, *_COLUMNS).where(among(Flag.client_id, piece)).order_by(Flag.id)
        for client_id, *columns in session.execute(statement):
            found.setdefault(client_id, []).append(HeldFlag(*columns))
    return found


def flags_of_forms(session: Session, form_ids: Sequence[int]) -> dict[int, list[HeldFlag]]:
    """The risk flags raised from these forms, by form id."""
    found: dict[int, list[HeldFlag]] = {}
    for piece in chunks(form_ids):
        statement = select(*_COLUMNS).where(among(Flag.administration_id, piece), Flag.is_risk.is_(True))
        for row in session.execute(statement):
            flag = HeldFlag(*row)
            found.setdefault(flag.form_id or 0, []).append(flag)
    return found


def flag_row(session: Session, flag_id: int) -> Flag | None:
    """The flag's row, held against other writers until the transaction ends."""
    return session.scalar(select(Flag).where(Flag.id == flag_id).with_for_update())


def responses_of_client(session: Session, client_id: int) -> list[Response]:
    """What was done about every flag of one client, oldest first."""
    statement = (
        select(FlagResponse.flag_id, Account.name, FlagResponse.responded_at, FlagResponse.what_was_done)
        .join(Flag, Flag.id == FlagResponse.flag_id)
        .outerjoin(Account, Account.id == FlagResponse.responded_by_id)
        .where(Flag.client_id == client_id)
        .order_by(FlagResponse.id)
    )
    return [Response(row[0], row[1] or "Operator", row[2], row[3]) for row in session.execute(statement)]

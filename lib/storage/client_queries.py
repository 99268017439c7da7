"""Client queries: which clients there are, by code and by id, as far as an actor may know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.bulk import among, chunks
from lib.storage.tables import Account, Client


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client an import may write to. `may_write` False: the code exists, and this actor may not write there."""

    id: int
    code: str
    born_on: date | None
    referred_on: date | None
    may_write: bool


def writable(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition under which this actor may write to a client: owned or covered today, or the operator."""
    return true() if actor.is_operator else Client.id.in_(sight.own_clients(actor, now.date()))


def clients_by_code(session: Session, actor: Actor, codes: Sequence[str], now: datetime) -> dict[str, KnownClient]:
    """The clients behind these codes, verbatim. Callers must treat `may_write` False as if there were none."""
    found: dict[str, KnownClient] = {}
    for piece in chunks(codes):
        statement = select(
            Client.id, Client.code, Client.born_on, Client.referred_on, writable(actor, now).label("may_write")
        ).where(Client.code.in_(piece))
        found.update({row.code: KnownClient(*row) for row in session.execute(statement)})
    return found


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a client is, as printed and signed."""

    id: int
    code: str
    name: str
    born_on: date | None


def identities(session: Session, client_ids: Sequence[int]) -> dict[int, Identity]:
    """The identities of these clients by id. The caller has checked that the actor may know of them."""
    found: dict[int, Identity] = {}
    for piece in chunks(client_ids):
        statement = select(Client.id, Client.code, Client.name, Client.born_on).where(among(Client.id, piece))
        found.update({row.id: Identity(*row) for row in session.execute(statement)})
    return found


def client_row(session: Session, client_id: int) -> Client | None:
    """The client's row, to be edited."""
    return session.get(Client, client_id)


def code_is_taken(session: Session, code: str) -> bool:
    """True when a client of the practice has this code."""
    return session.scalar(select(Client.id).where(Client.code == code)) is not None


def all_client_ids(session: Session) -> list[int]:
    """Every client of the practice, for rebuilding."""
    return list(session.scalars(select(Client.id).order_by(Client.id)))


def therapist_by_email(session: Session, email: str) -> Account | None:
    """The account of a therapist who still works here."""
    return session.scalar(
        select(Account).where(and_(func.lower(Account.email) == email.strip().lower(), Account.is_disabled.is_(False)))
    )


def account_by_id(session: Session, account_id: int) -> Account | None:
    """An account by id."""
    return session.get(Account, account_id)

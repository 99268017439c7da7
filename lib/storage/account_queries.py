"""Account queries: who may sign in, who is signed in, and how often it was tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.tables import Account, LoginSession, Practice, SignInAttempt


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account as the people page lists it: never the hash or the secret."""

    account_id: int
    email: str
    name: str
    roles: tuple[str, ...]
    is_trainee: bool
    is_disabled: bool
    has_second_step: bool
    must_change_password: bool
    team: str


def any_account(session: Session) -> bool:
    """Whether anybody was ever given an account here."""
    return session.scalar(select(Account.id).limit(1)) is not None


def account(session: Session, account_id: int) -> Account | None:
    """One account by id."""
    return session.get(Account, account_id)


def account_of_email(session: Session, email: str, *, for_update: bool = False) -> Account | None:
    """One account by its address, which is kept in small letters. `for_update` lets one sign-in at a time decide."""
    found = select(Account).where(Account.email == email)
    return session.scalar(found.with_for_update() if for_update else found)


def people(session: Session) -> list[PersonRow]:
    """Every account by name, disabled ones last."""
    rows = session.scalars(select(Account).order_by(Account.is_disabled, Account.name, Account.id))
    return [
        PersonRow(
            row.id,
            row.email,
            row.name,
            tuple(row.roles),
            row.is_trainee,
            row.is_disabled,
            row.totp_secret is not None,
            row.must_change_password,
            row.team,
        )
        for row in rows
    ]


def login_of_token(session: Session, token_hash: str) -> tuple[LoginSession, Account] | None:
    """The signed-in browser behind a token's sha256, with its account."""
    row = session.execute(
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.token_hash == token_hash)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def failures_of_email(session: Session, email: str, since: datetime) -> int:
    """Failed tries for this address since `since`, or since the last one that succeeded if that is later."""
    latest_success = session.scalar(
        select(func.max(SignInAttempt.id)).where(SignInAttempt.email == email, SignInAttempt.succeeded)
    )
    return _failures(session, SignInAttempt.email == email, SignInAttempt.id > (latest_success or 0), since=since)


def failures_of_address(session: Session, address: str, since: datetime) -> int:
    """Failed tries from this network address since `since`, whatever account they meant."""
    return _failures(session, SignInAttempt.address == address, since=since)


def practice(session: Session) -> Practice | None:
    """The one practice of this database, once set up."""
    return session.get(Practice, 1)


def _failures(session: Session, *conditions: object, since: datetime) -> int:
    counted = select(func.count()).select_from(SignInAttempt)
    counted = counted.where(SignInAttempt.tried_at > since, SignInAttempt.succeeded.is_(False), *conditions)  # type: ignore[arg-type]
    return session.scalar(counted) or 0

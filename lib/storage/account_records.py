"""Account records: accounts, signed-in browsers and tries, written inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from lib.storage.tables import Account, LoginSession, Practice, SignInAttempt


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    password_hash: str,
    now: datetime,
    is_trainee: bool = False,
    must_change_password: bool = False,
) -> Account:
    """A new account with its id."""
    row = Account(
        email=email,
        name=name,
        roles=list(roles),
        password_hash=password_hash,
        is_trainee=is_trainee,
        must_change_password=must_change_password,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def add_practice(
    session: Session, name: str, now: datetime, *, is_demonstration: bool = False, clock_on: date | None = None
) -> Practice:
    """The practice's one row. `clock_on` fixes the day of a demonstration."""
    row = Practice(id=1, name=name, settings={}, created_at=now, is_demonstration=is_demonstration, clock_on=clock_on)
    session.add(row)
    session.flush()
    return row


def add_login(
    session: Session, account_id: int, token_hash: str, csrf_token: str, now: datetime, ends_at: datetime
) -> LoginSession:
    """A signed-in browser. It acts in whichever of its roles a record asks for."""
    row = LoginSession(
        token_hash=token_hash,
        account_id=account_id,
        acting_role="all",
        csrf_token=csrf_token,
        created_at=now,
        seen_at=now,
        ends_at=ends_at,
    )
    session.add(row)
    session.flush()
    return row


def add_attempt(session: Session, email: str, address: str, succeeded: bool, now: datetime) -> None:
    """One try, for the limits."""
    session.add(SignInAttempt(email=email[:254], address=address[:64], tried_at=now, succeeded=succeeded))
    session.flush()


def forget_attempts_before(session: Session, moment: datetime) -> None:
    """Drop tries that no limit looks at any more."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at < moment))


def revoke_logins(session: Session, account_id: int, now: datetime, keep_token_hash: str | None = None) -> int:
    """End every signed-in browser of an account, except perhaps the one that asks. Returns how many ended."""
    ended = (
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None), LoginSession.ends_at > now)
        .values(revoked_at=now)
    )
    if keep_token_hash is not None:
        ended = ended.where(LoginSession.token_hash != keep_token_hash)
    return session.execute(ended).rowcount  # type: ignore[attr-defined]

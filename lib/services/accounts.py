"""Accounts: signing in and out, who a token belongs to, and asking for the password again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.account_rules import clean_email, clean_name, clean_roles
from lib.domain.audit import AuditFacts
from lib.domain.errors import InvalidInput, NotAllowed, ReauthenticationNeeded
from lib.domain.passwords import check_password
from lib.domain.people import Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access, second_step
from lib.services.hashing import digest, new_code, new_token, password_hash, password_matches
from lib.storage import access_queries, account_queries, account_records, audit_records
from lib.storage.tables import Account, LoginSession

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)  # activity is written at most this often
_WATCHED = timedelta(minutes=15)
_FAILURES_OF_ACCOUNT = 5
_FAILURES_OF_ADDRESS = 20

WRONG = "E-mail, password or code is not right."
TOO_MANY = "Too many tries. Wait fifteen minutes, then try again."
DEMONSTRATION_DOMAIN = "@demo.invalid"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser: who acts, and what the door needs to know of the sign-in. `turned_to` is the client who is
    looking at its screen, if it was turned round."""

    actor: Actor
    login_id: int
    csrf_token: str
    must_change_password: bool
    seen_at: datetime
    turned_to: int | None = None


@dataclass(frozen=True, slots=True)
class SignInOutcome:
    """A token, or why there is none. A refusal is not raised: its attempt and event must stay written."""

    token: str | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A new account, and the one-time password that is shown once; empty where a password was given."""

    account_id: int
    one_time_password: str = ""


def create_account(
    session: Session,
    actor: Actor,
    email: str,
    name: str,
    roles: Iterable[Role],
    now: datetime,
    *,
    is_trainee: bool = False,
    password: str | None = None,
) -> NewAccount:
    """An account for one more person. Without a password a one-time one is made, to be changed at first sign-in.

    Raises NotYours or NotAllowed for anybody but practice admin and operator; InvalidInput."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.PEOPLE)
    email, name, chosen = clean_email(email), clean_name(name), clean_roles(roles)
    _check_new(session, email, name, password)
    once = new_code() if password is None else ""
    row = account_records.add_account(
        session,
        email=email,
        name=name,
        roles=chosen,
        password_hash=password_hash(password or once),
        now=now,
        is_trainee=is_trainee,
        must_change_password=password is None,
    )
    details = {"roles": chosen, "is_trainee": is_trainee}
    access.record_event(session, actor, "account_created", "account", now, record_id=row.id, details=details)
    return NewAccount(row.id, once)


def sign_in(
    session: Session, email: str, password: str, code: str, address: str, now: datetime, token_mark: str
) -> SignInOutcome:
    """A token for the right password, and code where the account asks for one. Unknown accounts cost the same work.

    `address` is the browser's network address, `token_mark` tells the database in the token. Commit the outcome
    either way: it carries the attempt and its audit event."""
    email = email.strip().lower()
    account = account_queries.account_of_email(session, email, for_update=True)
    if _too_many(session, email, address, now):
        return SignInOutcome(None, TOO_MANY)
    right = password_matches(password, account.password_hash if account is not None else None)
    if account is None or not right or account.is_disabled or not second_step.passes(account, code, now):
        account_records.add_attempt(session, email, address, False, now)
        known = account.email if account is not None else ""  # what a stranger typed may be a password
        _stranger_event(session, "sign_in_failed", known, account, now, {"address": address})
        return SignInOutcome(None, WRONG)
    account_records.add_attempt(session, email, address, True, now)
    account_records.forget_attempts_before(session, now - timedelta(days=1))
    return SignInOutcome(begin_login(session, account, now, token_mark))


def begin_login(session: Session, account: Account, now: datetime, token_mark: str) -> str:
    """A new signed-in browser for an account whose right to it was checked; its token, of which only the hash stays."""
    token = f"{token_mark}.{new_token()}"
    account_records.add_login(session, account.id, digest(token), new_token(), now, now + LONGEST)
    access.record_event(session, actor_of(account), "sign_in", "account", now, record_id=account.id)
    return token


def first_login(session: Session, account_id: int, now: datetime) -> str:
    """The token of whoever just set the practice up."""
    account = account_queries.account(session, account_id)
    if account is None:
        raise NotAllowed("sign_in", "account")
    return begin_login(session, account, now, "p")


def enter_demonstration(session: Session, email: str, now: datetime) -> str:
    """A token for one of the demonstration's own people, without a password. Raises NotAllowed anywhere else."""
    account = account_queries.account_of_email(session, email)
    fits = _is_demonstration(session) and email.endswith(DEMONSTRATION_DOMAIN)
    if not fits or account is None or account.is_disabled:
        raise NotAllowed("enter_demonstration", "account")
    return begin_login(session, account, now, "d")


def signed_in_for_token(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who a token belongs to now; None when it is unknown, idle, over, revoked, or its account is disabled."""
    found = account_queries.login_of_token(session, digest(token))
    if found is None:
        return None
    login, account = found
    if account.is_disabled or not _holds(login, now):
        return None
    actor = actor_of(account)
    if Role.PRACTICE_ADMIN in actor.roles and access_queries.has_opened_a_record(session, actor, now):
        actor = replace(actor, reads_with_a_reason=True)
    return SignedIn(actor, login.id, login.csrf_token, account.must_change_password, login.seen_at, login.turned_to_id)


def note_activity(session: Session, token: str, now: datetime) -> None:
    """Keep a sign-in that still holds from becoming idle."""
    found = account_queries.login_of_token(session, digest(token))
    if found is not None and _holds(found[0], now):
        found[0].seen_at = now


def revoke(session: Session, token: str, now: datetime) -> None:
    """Sign this browser out. An unknown token is no error: signing out twice is signing out."""
    found = account_queries.login_of_token(session, digest(token))
    if found is None or found[0].revoked_at is not None:
        return
    login, account = found
    login.revoked_at = now
    access.record_event(session, actor_of(account), "sign_out", "account", now, record_id=account.id)


def sign_out_everywhere(session: Session, actor: Actor, now: datetime) -> int:
    """End every signed-in browser of the actor's account. Returns how many."""
    account = own_account(session, actor)
    ended = account_records.revoke_logins(session, account.id, now)
    details = {"everywhere": True, "browsers": ended}
    access.record_event(session, actor, "sign_out", "account", now, record_id=account.id, details=details)
    return ended


def reauthenticate(session: Session, actor: Actor, password: str, now: datetime) -> None:
    """The password again, before an act that asks for it. Raises ReauthenticationNeeded when missing or wrong.

    The operator at the terminal has no account and needs none, and nobody knows a password in the demonstration.
    Wrong ones are counted by the edge that shows the error (`count_failed_reauthentication`), since this transaction
    rolls back."""
    if actor.is_operator or _is_demonstration(session):
        return
    if not password:
        raise ReauthenticationNeeded("This act asks for your password again.")
    account = own_account(session, actor)
    if _too_many(session, account.email, "", now):
        raise ReauthenticationNeeded(TOO_MANY)
    if not password_matches(password, account.password_hash):
        raise ReauthenticationNeeded("That password is not right.", was_wrong=True)


def count_failed_reauthentication(session: Session, actor: Actor, now: datetime) -> None:
    """Write down a wrong password of somebody signed in, so that guessing is limited here as at the door."""
    account_records.add_attempt(session, actor.email, "signed in", False, now)
    access.record_event(session, actor, "reauthentication_failed", "account", now, record_id=actor.account_id)


def count_if_wrong_password(session: Session, actor: Actor, error: Exception, now: datetime) -> None:
    """Count a refusal as a try when it was a wrong password."""
    if isinstance(error, ReauthenticationNeeded) and error.was_wrong:
        count_failed_reauthentication(session, actor, now)


def change_password(session: Session, actor: Actor, old: str | None, new: str, now: datetime, token_mark: str) -> str:
    """The actor's own new password. Every browser of the account is signed out; the one that asks gets a new token.

    `old` None: in place of a one-time password, which was asked for at the door. Such a sign-in opens nothing else and
    ends fifteen minutes after it. Raises ReauthenticationNeeded, InvalidInput."""
    account = own_account(session, actor)
    if old is not None or not account.must_change_password:
        reauthenticate(session, actor, old or "", now)
    check_password(new, account.email, account.name)
    if password_matches(new, account.password_hash):
        raise InvalidInput("The new password is the old one.", field="password")
    account.password_hash = password_hash(new)
    account.must_change_password = False
    account.version += 1
    ended = account_records.revoke_logins(session, account.id, now)
    details = {"signed_out": ended}
    access.record_event(session, actor, "password_changed", "account", now, record_id=account.id, details=details)
    return begin_login(session, account, now, token_mark)


def own_account(session: Session, actor: Actor) -> Account:
    """The actor's own row. Raises NotAllowed for the operator, who has none, and for a disabled account."""
    account = account_queries.account(session, actor.account_id) if actor.account_id is not None else None
    if account is None or account.is_disabled:
        raise NotAllowed("act", "account")
    return account


def actor_of(account: Account) -> Actor:
    """The actor an account acts as."""
    roles = frozenset(Role(role) for role in account.roles)
    return Actor(account.id, account.email, account.name, roles, account.is_trainee)


def _check_new(session: Session, email: str, name: str, password: str | None) -> None:
    if account_queries.account_of_email(session, email) is not None:
        raise InvalidInput("There is an account with this e-mail address already.", field="e-mail")
    if password is not None:
        check_password(password, email, name)


def _is_demonstration(session: Session) -> bool:
    held = account_queries.practice(session)
    return held is not None and held.is_demonstration


def _holds(login: LoginSession, now: datetime) -> bool:
    return login.revoked_at is None and now < login.ends_at and now - login.seen_at <= IDLE


def _too_many(session: Session, email: str, address: str, now: datetime) -> bool:
    since = now - _WATCHED
    if account_queries.failures_of_email(session, email, since) >= _FAILURES_OF_ACCOUNT:
        return True
    return bool(address) and account_queries.failures_of_address(session, address, since) >= _FAILURES_OF_ADDRESS


def _stranger_event(
    session: Session, action: str, email: str, account: Account | None, now: datetime, details: dict[str, Any]
) -> None:
    """An event of nobody signed in: no actor, and the role says so."""
    record_id = account.id if account is not None else None
    event = AuditFacts(now, None, email, "stranger", action, "account", record_id, details=details)
    audit_records.append_event(session, event)

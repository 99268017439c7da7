"""Account changes: what a practice admin does to other people's accounts. Each throws out whoever it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.account_rules import clean_roles
from lib.domain.errors import Blocked, InvalidInput, NotYours
from lib.domain.people import Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts
from lib.services.hashing import new_code, password_hash
from lib.storage import account_queries, account_records, note_review_queries
from lib.storage.tables import Account

LONGEST_TEAM = 60


def change_roles(
    session: Session,
    actor: Actor,
    account_id: int,
    roles: Iterable[Role],
    is_trainee: bool,
    password: str,
    now: datetime,
) -> None:
    """Give an account other roles; `password` is the admin's own, asked for again. The person signs in anew.

    Raises NotYours, NotAllowed, ReauthenticationNeeded, InvalidInput; Blocked when nobody would be admin any more, or
    when a trainee's work still waits for its co-signature, which nobody would be asked for any more."""
    row = _account(session, actor, account_id)
    accounts.reauthenticate(session, actor, password, now)
    chosen = clean_roles(roles)
    if Role.PRACTICE_ADMIN not in chosen:
        _check_another_admin(session, row)
    if row.is_trainee and not is_trainee:
        _check_nothing_waits(session, row)
    before = {"roles": list(row.roles), "is_trainee": row.is_trainee}
    row.roles, row.is_trainee = chosen, is_trainee
    row.version += 1
    account_records.revoke_logins(session, row.id, now)
    details = {"before": before, "after": {"roles": chosen, "is_trainee": is_trainee}}
    access.record_event(session, actor, "role_changed", "account", now, record_id=row.id, details=details)


def disable_account(session: Session, actor: Actor, account_id: int, now: datetime) -> None:
    """Close an account; whoever uses it is out at the next action. What they wrote stays theirs."""
    row = _account(session, actor, account_id)
    _check_another_admin(session, row)
    row.is_disabled = True
    row.version += 1
    account_records.revoke_logins(session, row.id, now)
    access.record_event(session, actor, "account_disabled", "account", now, record_id=row.id)


def enable_account(session: Session, actor: Actor, account_id: int, now: datetime) -> None:
    """Open a closed account again, with the password it had."""
    row = _account(session, actor, account_id)
    row.is_disabled = False
    row.version += 1
    access.record_event(session, actor, "account_enabled", "account", now, record_id=row.id)


def put_in_team(session: Session, actor: Actor, account_id: int, team: str, now: datetime) -> None:
    """Count a therapist in the team of this name; an empty one takes them out. Nobody sees more or less by it.

    Raises NotYours, NotAllowed, InvalidInput."""
    row = _account(session, actor, account_id)
    named = " ".join(team.split())
    if len(named) > LONGEST_TEAM or not named.isprintable():
        raise InvalidInput(f"The name of a team is text of at most {LONGEST_TEAM} letters.", "Shorten it.", "team")
    known = {one.team.casefold(): one.team for one in account_queries.people(session) if one.account_id != row.id}
    before, row.team = row.team, known.get(named.casefold(), named)  # one team, however its name is typed
    row.version += 1
    details = {"before": before, "after": row.team}
    access.record_event(session, actor, "team_changed", "account", now, record_id=row.id, details=details)


def reset_password(
    session: Session, actor: Actor, account_id: int, password: str, now: datetime, *, without_second_step: bool = False
) -> str:
    """A one-time password for somebody who lost theirs, shown once; the person changes it at the next sign-in.

    `password` is the admin's own, asked for again: this opens another person's account.
    `without_second_step` also takes away the six-digit codes, for a lost telephone."""
    row = _account(session, actor, account_id)
    accounts.reauthenticate(session, actor, password, now)
    once = new_code()
    row.password_hash = password_hash(once)
    row.must_change_password = True
    if without_second_step:
        row.totp_secret, row.totp_last_step, row.recovery_hashes = None, None, []
    row.version += 1
    account_records.revoke_logins(session, row.id, now)
    details = {"reset": True, "second_step_removed": without_second_step}
    access.record_event(session, actor, "password_changed", "account", now, record_id=row.id, details=details)
    return once


def _account(session: Session, actor: Actor, account_id: int) -> Account:
    access.check_practice(session, actor, Action.WRITE, RecordKind.PEOPLE)
    row = account_queries.account(session, account_id)
    if row is None:
        raise NotYours("account", account_id, Action.WRITE.value)
    return row


def _check_nothing_waits(session: Session, row: Account) -> None:
    """Whether a signature needs another beneath it goes by who is a trainee now: first the open ones are put."""
    notes, documents = note_review_queries.uncosigned_work(session, row.id)
    if notes or documents:
        raise Blocked(
            f"Signed work of {row.name} waits for a supervisor's signature: notes {notes}, documents {documents}.",
            [("Nobody would be asked for it any more.", "Have it co-signed first; what was returned, signed again.")],
        )


def _check_another_admin(session: Session, row: Account) -> None:
    """Somebody must be left who can look after accounts."""
    if Role.PRACTICE_ADMIN not in row.roles or row.is_disabled:
        return
    others = [
        one
        for one in account_queries.people(session)
        if one.account_id != row.id and not one.is_disabled and Role.PRACTICE_ADMIN in one.roles
    ]
    if not others:
        raise Blocked(
            "This is the only practice admin.",
            [("Nobody could look after accounts any more.", "Make somebody else practice admin first.")],
        )

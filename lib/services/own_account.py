"""Own account: what anybody may see and change of their own sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor
from lib.services import accounts, second_step


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """A person's own account as they see it."""

    name: str
    email: str
    roles: tuple[str, ...]
    is_trainee: bool
    has_second_step: bool
    recovery_codes_left: int


def own_facts(session: Session, actor: Actor) -> OwnFacts:
    """The actor's own account. Raises NotAllowed for the operator, who has none."""
    row = accounts.own_account(session, actor)
    return OwnFacts(
        row.name, row.email, tuple(row.roles), row.is_trainee, row.totp_secret is not None, len(row.recovery_hashes)
    )


def add_second_step(session: Session, actor: Actor, secret: str, code: str, password: str, now: datetime) -> list[str]:
    """Ask for six-digit codes from now on. Returns the recovery codes, shown once.

    `now` is the real clock, which the telephone follows. Raises ReauthenticationNeeded, InvalidInput."""
    accounts.reauthenticate(session, actor, password, now)
    row = accounts.own_account(session, actor)
    if row.totp_secret is not None:
        raise InvalidInput("This account has a second step already.", "Remove it first.", "code")
    return second_step.enrol(session, actor, row, secret, code, now)


def remove_second_step(session: Session, actor: Actor, password: str, now: datetime) -> None:
    """Sign in with the password alone again. Raises ReauthenticationNeeded."""
    accounts.reauthenticate(session, actor, password, now)
    second_step.remove(session, actor, accounts.own_account(session, actor), now)

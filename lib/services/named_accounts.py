"""Accounts as the terminal names them: by their e-mail address."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor
from lib.services.accounts import actor_of
from lib.storage import account_queries


def account_id_of_email(session: Session, email: str) -> int:
    """The id of an account named by its address at the terminal. Raises InvalidInput when there is none."""
    found = account_queries.account_of_email(session, email.strip().lower())
    if found is None:
        raise InvalidInput(f"There is no account {email}.", "See `account list`.", "e-mail")
    return found.id


def actor_by_email(session: Session, email: str) -> Actor:
    """The actor whom the person at the terminal acts for. Raises InvalidInput when unknown or closed."""
    found = account_queries.account_of_email(session, email.strip().lower())
    if found is None or found.is_disabled:
        raise InvalidInput(f"There is no open account {email}.", "See `account list`.", "actor")
    return actor_of(found)

"""Turned screen: while a client looks at it, a sign-in opens nothing but their page, until the password is given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import NotAllowed
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts
from lib.services.hashing import digest
from lib.storage import account_queries, client_queries
from lib.storage.tables import LoginSession


def turn(session: Session, actor: Actor, token: str, client_id: int, now: datetime) -> None:
    """From now on this sign-in shows this client's own page and nothing else. Raises NotYours, NotAllowed."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    login = _own_login(session, actor, token)
    login.turned_to_id = client_id
    access.record_event(session, actor, "screen_turned_round", "client", now, client_code=client.code)


def turn_back(session: Session, actor: Actor, token: str, password: str, now: datetime) -> int | None:
    """The clinician's screens again, after the password. Returns the client who was looking.

    Needs no right to the record any more: it may have been handed over meanwhile. Raises ReauthenticationNeeded."""
    accounts.reauthenticate(session, actor, password, now)
    login = _own_login(session, actor, token)
    client_id, login.turned_to_id = login.turned_to_id, None
    if client_id is not None:
        client = client_queries.client_row(session, client_id)
        code = client.code if client is not None else None
        access.record_event(session, actor, "screen_turned_back", "client", now, client_code=code)
    return client_id


def _own_login(session: Session, actor: Actor, token: str) -> LoginSession:
    found = account_queries.login_of_token(session, digest(token))
    if found is None or found[1].id != actor.account_id:
        raise NotAllowed("turn_round", "account")
    return found[0]

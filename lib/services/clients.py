"""Clients: who is added, with which code, and to whom they belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.course import measure_of
from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotAllowed, NotYours, StaleVersion
from lib.domain.people import Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.storage import client_queries, client_records
from lib.storage.tables import Client

LONGEST_CODE = 100


@dataclass(frozen=True, slots=True)
class ClientEdit:
    """A client's identity as a form gives it back. `version` is the one the person began from."""

    name: str
    born_on: date | None
    referred_on: date | None
    main_measure: str | None
    version: int


def create_client(
    session: Session,
    actor: Actor,
    code: str,
    name: str,
    born_on: date | None,
    referred_on: date | None,
    now: datetime,
    owner_id: int | None = None,
) -> int:
    """A new client. A therapist's are their own; a practice admin or the operator names the therapist or leaves it.

    Raises InvalidInput for a code that cannot be used, NotAllowed for a role that adds no clients."""
    owner = _owner(session, access.as_of_now(session, actor), owner_id)
    check_code(code)
    _check_days(born_on, referred_on, now.date())
    if client_queries.code_is_taken(session, code):
        # The same words whoever holds the code: that another therapist has this client is not told.
        raise InvalidInput("This code cannot be used.", "Choose another, or ask your practice admin.", "code")
    row = {"code": code, "name": _clean_name(name), "born_on": born_on, "referred_on": referred_on}
    (client_id,) = client_records.add_clients(session, [row], now)
    if owner is not None:
        client_records.assign_owner(session, [client_id], owner, now.date())
    details = {"owner_id": owner}
    access.record_event(
        session, actor, "client_created", "client", now, record_id=client_id, client_code=code, details=details
    )
    standing.begin(session, [client_id], now)
    return client_id


def edit_client(
    session: Session, actor: Actor, client_id: int, edit: ClientEdit, now: datetime, definitions: Definitions
) -> int:
    """Change a client's identity or main measure; the code stays. Returns the new version.

    Raises NotYours, NotAllowed, InvalidInput, StaleVersion."""
    facts = access.client_for(session, actor, Action.WRITE, RecordKind.CLIENT_IDENTITY, client_id, now)
    row = client_queries.client_row(session, client_id)
    if row is None:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, client_id, Action.WRITE.value)
    if row.version != edit.version:
        raise StaleVersion(yours=_told(edit), theirs=_told(row), their_version=row.version)
    _check_days(edit.born_on, edit.referred_on, now.date())
    _check_measure(edit.main_measure, definitions)
    row.name, row.born_on, row.referred_on = _clean_name(edit.name), edit.born_on, edit.referred_on
    row.main_measure = edit.main_measure
    row.version += 1
    session.flush()
    access.record_event(session, actor, "client_edited", "client", now, record_id=client_id, client_code=facts.code)
    standing.recompute(session, client_id, now, definitions)
    return row.version


def check_code(code: str) -> None:
    """Raises InvalidInput when this text cannot be a client's code. It is kept verbatim: 007 stays 007."""
    if not code or code != code.strip() or len(code) > LONGEST_CODE or not code.isprintable():
        raise InvalidInput(
            "This code cannot be used.",
            f"A code is 1 to {LONGEST_CODE} printable characters, without a space before or after.",
            "code",
        )


def _owner(session: Session, actor: Actor, owner_id: int | None) -> int | None:
    may_assign = actor.is_operator or Role.PRACTICE_ADMIN in actor.roles
    if not may_assign and Role.THERAPIST not in actor.roles:
        raise NotAllowed("create_client", "client")
    if owner_id is None:
        return None if may_assign and Role.THERAPIST not in actor.roles else actor.account_id
    if owner_id != actor.account_id:
        if not may_assign:
            raise NotAllowed("assign_client", "assignment")
        account = client_queries.account_by_id(session, owner_id)
        if account is None or account.is_disabled or Role.THERAPIST not in account.roles:
            raise InvalidInput("There is no such therapist here.", "Choose another.", "therapist")
    return owner_id


def _clean_name(name: str) -> str:
    name = name.strip()
    if len(name) > 200 or (name and not name.isprintable()):
        raise InvalidInput("A name has up to 200 letters, on one line.", field="name")
    return name


def _check_days(born_on: date | None, referred_on: date | None, today: date) -> None:
    for what, day in (("date of birth", born_on), ("date of referral", referred_on)):
        if day is not None and day > today:
            raise InvalidInput(f"The {what} lies in the future.", "Correct it.", what)
    if born_on is not None and referred_on is not None and referred_on < born_on:
        raise InvalidInput("The referral lies before the birth.", "Correct one of the two.", "date of referral")


def _check_measure(measure: str | None, definitions: Definitions) -> None:
    if measure is None:
        return
    try:
        wanted = measure_of(measure)
        definitions.instruments[wanted.instrument].scale(wanted.scale)
    except (ValueError, KeyError) as error:
        raise InvalidInput(f"There is no measure {measure!r}.", "Choose another.", "main measure") from error


def _told(identity: ClientEdit | Client) -> str:
    days = [day.isoformat() if day else "–" for day in (identity.born_on, identity.referred_on)]
    return f"{identity.name or '–'}, born {days[0]}, referred {days[1]}, main measure {identity.main_measure or '–'}"

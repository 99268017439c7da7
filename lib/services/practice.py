"""Practice: setting it up once, and its settings: letterhead, crisis contacts and the day they were confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lib.domain.account_rules import clean_email, clean_name
from lib.domain.errors import Blocked, InvalidInput, StaleVersion
from lib.domain.passwords import check_password
from lib.domain.people import OPERATOR, Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts
from lib.storage import account_queries, account_records
from lib.storage.tables import Practice

CONFIRMED_FOR = timedelta(days=90)
_LETTERHEAD_LINES = 6
_CONTACTS = 12


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """Whom a client in crisis can reach. `confirmed_on`: the day somebody here last made sure that it is right."""

    name: str
    number: str
    hours: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What the practice admin decides for everybody. `version` is of the row they were read from."""

    practice_name: str
    letterhead: tuple[str, ...]
    crisis_contacts: tuple[CrisisContact, ...]
    version: int


def is_set_up(session: Session) -> bool:
    """Whether anybody has an account here."""
    return account_queries.any_account(session)


def clock_on(session: Session) -> date | None:
    """The day that is always today here, in a demonstration; None where time goes on."""
    found = account_queries.practice(session)
    return found.clock_on if found is not None else None


def set_up_practice(
    session: Session, practice_name: str, name: str, email: str, password: str, now: datetime
) -> accounts.NewAccount:
    """The practice and its first account, practice admin and therapist. Possible once: needs a writing session.

    Raises Blocked when the practice is set up already, InvalidInput."""
    if account_queries.any_account(session) or account_queries.practice(session) is not None:
        raise _set_up_already()
    practice_name = _clean_line(practice_name, "practice name", needed=True)
    check_password(password, clean_email(email), clean_name(name))
    try:
        account_records.add_practice(session, practice_name, now)
    except IntegrityError:  # two at once on a database that lets writers in together: its one row decides
        raise _set_up_already() from None
    access.record_event(session, OPERATOR, "practice_set_up", "practice", now, record_id=1)
    roles = (Role.PRACTICE_ADMIN, Role.THERAPIST)
    return accounts.create_account(session, OPERATOR, email, name, roles, now, password=password)


def practice_settings(session: Session, actor: Actor) -> PracticeSettings:
    """The settings, for whoever looks after them. Raises NotYours for others."""
    access.check_practice(session, actor, Action.READ, RecordKind.SETTINGS)
    return _read(_practice(session))


def crisis_contacts(session: Session, today: date) -> tuple[CrisisContact, ...]:
    """The contacts that may be printed today: confirmed within 90 days, never from the future."""
    found = account_queries.practice(session)
    contacts = _read(found).crisis_contacts if found is not None else ()
    return tuple(one for one in contacts if is_confirmed(one, today))


def listed_contacts(session: Session) -> tuple[CrisisContact, ...]:
    """Every contact of the settings, confirmed or not: a document says of the unconfirmed ones that they are."""
    found = account_queries.practice(session)
    return _read(found).crisis_contacts if found is not None else ()


def is_confirmed(contact: CrisisContact, today: date) -> bool:
    """Whether somebody made sure of this contact in the last 90 days."""
    return contact.confirmed_on is not None and today - CONFIRMED_FOR <= contact.confirmed_on <= today


def practice_name(session: Session) -> str:
    """What the practice calls itself; empty before it is set up."""
    found = account_queries.practice(session)
    return found.name if found is not None else ""


def letterhead(session: Session) -> tuple[str, ...]:
    """The lines at the head of a document; the practice's name where none are set."""
    found = account_queries.practice(session)
    if found is None:
        return ()
    settings = _read(found)
    return settings.letterhead or (settings.practice_name,)


def change_settings(
    session: Session,
    actor: Actor,
    practice_name: str,
    letterhead_lines: Iterable[str],
    contacts: Iterable[CrisisContact],
    version: int,
    now: datetime,
) -> None:
    """Keep all settings anew. Raises NotYours, InvalidInput, and StaleVersion when somebody else saved meanwhile."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.SETTINGS)
    row = _practice(session)
    if row.version != version:
        raise StaleVersion(practice_name, row.name, row.version)
    lines = [line for line in (_clean_line(line, "letterhead") for line in letterhead_lines) if line]
    kept = [_checked(contact, now.date()) for contact in contacts]
    if len(lines) > _LETTERHEAD_LINES or len(kept) > _CONTACTS:
        raise InvalidInput(f"At most {_LETTERHEAD_LINES} letterhead lines and {_CONTACTS} crisis contacts have room.")
    before = row.settings
    row.name = _clean_line(practice_name, "practice name", needed=True)
    row.settings = {**before, "letterhead": lines, "crisis_contacts": [_plain(contact) for contact in kept]}
    row.version += 1
    changed = [key for key in ("letterhead", "crisis_contacts") if before.get(key) != row.settings[key]]
    details = {"changed": changed, "version": row.version}
    access.record_event(session, actor, "settings_changed", "practice", now, record_id=1, details=details)


def _practice(session: Session) -> Practice:
    row = account_queries.practice(session)
    if row is None:
        raise Blocked("The practice is not set up yet.", [("Nobody has an account here.", "Set it up first.")])
    return row


def _read(row: Practice) -> PracticeSettings:
    contacts = tuple(_contact(one) for one in row.settings.get("crisis_contacts", []))
    return PracticeSettings(row.name, tuple(row.settings.get("letterhead", [])), contacts, row.version)


def _contact(plain: Mapping[str, Any]) -> CrisisContact:
    on = plain.get("confirmed_on")
    confirmed_on = date.fromisoformat(on) if on else None
    return CrisisContact(plain["name"], plain["number"], plain.get("hours", ""), confirmed_on)


def _plain(contact: CrisisContact) -> dict[str, Any]:
    on = contact.confirmed_on
    return {**asdict(contact), "confirmed_on": on.isoformat() if on is not None else None}


def _checked(contact: CrisisContact, today: date) -> CrisisContact:
    if contact.confirmed_on is not None and contact.confirmed_on > today:
        raise InvalidInput("A contact cannot have been confirmed on a day to come.", field="confirmed on")
    return CrisisContact(
        _clean_line(contact.name, "contact's name", needed=True),
        _clean_line(contact.number, "contact's number", needed=True),
        _clean_line(contact.hours, "contact's hours"),
        contact.confirmed_on,
    )


def _clean_line(text: str, field: str, *, needed: bool = False) -> str:
    text = text.strip()
    if needed and not text:
        raise InvalidInput(f"The {field} is empty.", field=field)
    if len(text) > 200 or not text.isprintable():
        raise InvalidInput(f"The {field} must be one line of up to 200 letters.", field=field)
    return text


def _set_up_already() -> Blocked:
    return Blocked("This practice is set up already.", [("It is done once.", "Sign in, or ask its practice admin.")])

"""Factories: a practice with people, clients and dated relations, made quickly and plainly for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.imports import AdministrationIn
from lib.domain.people import Actor, Role
from lib.exchange.definition_files import load_definitions
from lib.services import clients, measures
from lib.services.measures import EnteredForm
from lib.storage.tables import Account, Assignment, Practice, Supervision
from tests.conftest import NOW

DATA = Path(__file__).resolve().parents[1] / "data"
LONG_AGO = date(2020, 1, 1)


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """The shipped definitions, loaded once."""
    return load_definitions(DATA)


def practice(session: Session, name: str = "Test Practice", now: datetime = NOW) -> Practice:
    """The practice's one row."""
    row = Practice(id=1, name=name, settings={}, created_at=now)
    session.add(row)
    session.flush()
    return row


def account(
    session: Session,
    name: str,
    roles: Iterable[Role] = (Role.THERAPIST,),
    *,
    is_trainee: bool = False,
    is_disabled: bool = False,
) -> Actor:
    """An account `<name>@example.org` that nobody can sign in to, and its actor."""
    row = Account(
        email=f"{name.lower()}@example.org",
        name=name,
        roles=[role.value for role in roles],
        is_trainee=is_trainee,
        is_disabled=is_disabled,
        password_hash="-",
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    return Actor(row.id, row.email, row.name, frozenset(roles), is_trainee)


def assign(
    session: Session,
    client_id: int,
    therapist: Actor,
    kind: str = "owner",
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> None:
    """A dated assignment."""
    session.add(
        Assignment(
            client_id=client_id, therapist_id=therapist.account_id, kind=kind, starts_on=starts_on, ends_on=ends_on
        )
    )
    session.flush()


def supervise(
    session: Session, supervisor: Actor, therapist: Actor, starts_on: date = LONG_AGO, ends_on: date | None = None
) -> Supervision:
    """A dated supervision."""
    row = Supervision(
        supervisor_id=supervisor.account_id, therapist_id=therapist.account_id, starts_on=starts_on, ends_on=ends_on
    )
    session.add(row)
    session.flush()
    return row


def client(session: Session, therapist: Actor, code: str, name: str = "", now: datetime = NOW) -> int:
    """A client of this therapist, with the audit key the database carries."""
    return clients.create_client(session, therapist, code, name, None, None, now)


def phq9(code: str, taken_on: date, *answers: int | None) -> AdministrationIn:
    """A PHQ-9 with these nine answers; fewer are followed by zeros."""
    filled = [*answers, *[0] * (9 - len(answers))]
    return AdministrationIn(code, taken_on, "phq9", {f"phq9_{n}": a for n, a in enumerate(filled, 1)}, {})


def phq9_total(code: str, taken_on: date, total: int, item_9: int = 0) -> AdministrationIn:
    """A PHQ-9 whose nine answers make this total, with this answer to item 9."""
    rest, answers = total - item_9, []
    for _ in range(8):
        answers.append(min(3, rest))
        rest -= answers[-1]
    assert rest == 0, "no nine answers make this total"
    return phq9(code, taken_on, *answers, item_9)


def enter(session: Session, actor: Actor, client_id: int, form: AdministrationIn, now: datetime = NOW) -> EnteredForm:
    """Enter a form through the service."""
    return measures.enter_form(session, actor, client_id, form, now, definitions())


def course(
    session: Session, actor: Actor, client_id: int, code: str, totals: Iterable[int], first_on: date, days: int = 7
) -> None:
    """PHQ-9 totals at regular spacing, through the service."""
    for step, total in enumerate(totals):
        enter(session, actor, client_id, phq9_total(code, first_on + timedelta(days=days * step), total))


@dataclass
class House:
    """Two therapists with a client each, a supervisor of the first, another supervisor, and an admin."""

    lark: Actor
    finch: Actor
    heron: Actor  # supervises lark
    stork: Actor  # supervises finch
    admin: Actor
    anna: int  # SB-001, lark's
    boris: int  # SB-002, finch's
    others: dict[str, int] = field(default_factory=dict)


def house(session: Session) -> House:
    """A small practice in which every relation of the policy can be tried."""
    practice(session)
    lark, finch = account(session, "Lark"), account(session, "Finch")
    heron = account(session, "Heron", [Role.SUPERVISOR])
    stork = account(session, "Stork", [Role.SUPERVISOR])
    admin = account(session, "Admin", [Role.PRACTICE_ADMIN])
    supervise(session, heron, lark)
    supervise(session, stork, finch)
    anna = client(session, lark, "SB-001", "Anna Muster")
    boris = client(session, finch, "SB-002", "Boris Beispiel")
    return House(lark, finch, heron, stork, admin, anna, boris)

"""Sight: which clients an actor may know of today, as a condition inside every query, never a filter afterwards."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, false, or_, select, true

from lib.domain.people import Actor, Role
from lib.storage.tables import Account, Assignment, BreakGlass, Supervision


def _current(starts: ColumnElement[date], ends: ColumnElement[date | None], today: date) -> ColumnElement[bool]:
    return and_(starts <= today, or_(ends.is_(None), ends >= today))


def assigned_today(today: date) -> ColumnElement[bool]:
    """Assignment rows that hold today."""
    return _current(Assignment.starts_on, Assignment.ends_on, today)  # type: ignore[arg-type]


def supervised_today(today: date) -> ColumnElement[bool]:
    """Supervision rows that hold today."""
    return _current(Supervision.starts_on, Supervision.ends_on, today)  # type: ignore[arg-type]


def works_here(actor: Actor, role: Role | None = None) -> ColumnElement[bool]:
    """The actor's account is open at this moment, and has this role, whatever the caller was told of them earlier."""
    conditions = [Account.id == actor.account_id, Account.is_disabled.is_(False)]
    if role is not None:
        conditions.append(cast(Account.roles, Text).contains(f'"{role.value}"', autoescape=True))
    return exists().where(*conditions)


def supervisees(actor: Actor, today: date) -> Select[int]:
    """Account ids of the therapists this actor supervises today; none without the supervisor's role."""
    return select(Supervision.therapist_id).where(
        true() if Role.SUPERVISOR in actor.roles else false(),
        Supervision.supervisor_id == actor.account_id,
        supervised_today(today),
        works_here(actor, Role.SUPERVISOR),
    )


def own_clients(actor: Actor, today: date) -> Select[int]:
    """Client ids the actor owns or covers today; none without the therapist's role."""
    return select(Assignment.client_id).where(
        true() if Role.THERAPIST in actor.roles else false(),
        Assignment.therapist_id == actor.account_id,
        assigned_today(today),
        works_here(actor, Role.THERAPIST),
    )


def supervised_clients(actor: Actor, today: date) -> Select[int]:
    """Client ids owned today by a therapist whom the actor supervises today. Cover does not pass supervision on."""
    return select(Assignment.client_id).where(
        Assignment.therapist_id.in_(supervisees(actor, today)),
        Assignment.kind == "owner",
        assigned_today(today),
    )


def opened_by_break_glass(actor: Actor, now: datetime) -> Select[int]:
    """Client ids the actor has opened with a recorded reason that still holds.

    A supervisor's reading ends with the supervision, as all their sight does; an admin's with the role."""
    is_admin = works_here(actor, Role.PRACTICE_ADMIN) if Role.PRACTICE_ADMIN in actor.roles else false()
    return select(BreakGlass.client_id).where(
        BreakGlass.account_id == actor.account_id,
        BreakGlass.begins_at <= now,
        BreakGlass.ends_at > now,
        or_(is_admin, BreakGlass.client_id.in_(supervised_clients(actor, now.date()))),
        works_here(actor),
    )


def client_is_visible(client_id: ColumnElement[int], actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that makes a client exist for this actor: owned, covered, supervised, or opened by break-glass.

    `client_id` is the column of the query. The operator of the installation sees every client at the terminal."""
    if actor.is_operator:
        return true()
    today = now.date()
    return or_(
        client_id.in_(own_clients(actor, today)),
        client_id.in_(supervised_clients(actor, today)),
        client_id.in_(opened_by_break_glass(actor, now)),
    )

"""Supervision records: comments on cases, agreed steps, and the sessions of supervision they were spoken of in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import Account, Assignment, Client, SupervisionComment, SupervisionMeeting


@dataclass(frozen=True, slots=True)
class CaseComment:
    """A supervisor's comment on a case and the step agreed with its therapist. `done_on` None while it is open.

    `said_done_on` and `said`: the therapist's word that it was done, which the supervisor looks at again."""

    id: int
    meeting_id: int | None
    client_id: int
    client_code: str
    client_name: str
    supervisor_id: int
    supervisor: str
    therapist_id: int
    therapist: str
    written_at: datetime
    comment: str
    agreed_step: str
    due_on: date | None
    done_on: date | None
    said_done_on: date | None
    said: str

    @property
    def is_open_step(self) -> bool:
        """A step was agreed and has not been looked at as done."""
        return bool(self.agreed_step) and self.done_on is None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session of supervision. What was said of a case stands in its comments."""

    id: int
    supervisor_id: int
    supervisor: str
    therapist_id: int
    therapist: str
    held_on: date
    summary: str


def add_comment(session: Session, **values: Any) -> int:
    """A comment by its column names. Returns its id."""
    row = SupervisionComment(**values)
    session.add(row)
    session.flush()
    return row.id


def comment_row(session: Session, comment_id: int) -> SupervisionComment | None:
    """One comment's row, held against other writers until the transaction ends."""
    return session.scalar(select(SupervisionComment).where(SupervisionComment.id == comment_id).with_for_update())


def add_meeting(session: Session, supervisor_id: int, therapist_id: int, held_on: date, summary: str) -> int:
    """A session of supervision. Returns its id."""
    row = SupervisionMeeting(
        supervisor_id=supervisor_id, therapist_id=therapist_id, held_on=held_on, summary=summary
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def comments_of_supervisor(
    session: Session,
    actor: Actor,
    today: date,
    *,
    client_ids: Sequence[int] | None = None,
    therapist_id: int | None = None,
) -> list[CaseComment]:
    """The actor's own comments on clients they supervise today, the newest first."""
    s = SupervisionComment
    conditions: list[ColumnElement[bool]] = [
        s.supervisor_id == actor.account_id,
        s.client_id.in_(sight.supervised_clients(actor, today)),
    ]
    if client_ids is not None:
        conditions.append(s.client_id.in_(client_ids))
    if therapist_id is not None:
        conditions.append(s.therapist_id == therapist_id)
    return _comments(session, *conditions)


def comments_for_owner(session: Session, actor: Actor, today: date, client_id: int | None = None) -> list[CaseComment]:
    """Comments written to this actor about clients they own today, the newest first."""
    s = SupervisionComment
    owned = select(Assignment.client_id).where(
        Assignment.therapist_id == actor.account_id,
        Assignment.kind == "owner",
        sight.assigned_today(today),
        Assignment.client_id.in_(sight.own_clients(actor, today)),
    )
    conditions: list[ColumnElement[bool]] = [s.therapist_id == actor.account_id, s.client_id.in_(owned)]
    if client_id is not None:
        conditions.append(s.client_id == client_id)
    return _comments(session, *conditions)


def open_steps_for_owner(session: Session, actor: Actor, today: date) -> list[CaseComment]:
    """Steps agreed with this actor that still wait for them, what is due first coming first."""
    found = [one for one in comments_for_owner(session, actor, today) if one.is_open_step and one.said_done_on is None]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.written_at))


def meetings(session: Session, actor: Actor, today: date) -> list[Meeting]:
    """Sessions the actor held with supervisees of today, or had as a therapist, the newest first."""
    m, supervisor, therapist = SupervisionMeeting, aliased(Account), aliased(Account)
    held = and_(m.supervisor_id == actor.account_id, m.therapist_id.in_(sight.supervisees(actor, today)))
    statement = (
        select(m.id, m.supervisor_id, supervisor.name, m.therapist_id, therapist.name, m.held_on, m.summary)
        .join(supervisor, supervisor.id == m.supervisor_id)
        .join(therapist, therapist.id == m.therapist_id)
        .where(held | (m.therapist_id == actor.account_id), sight.works_here(actor))
        .order_by(m.held_on.desc(), m.id.desc())
    )
    return [Meeting(*row) for row in session.execute(statement)]


def _comments(session: Session, *conditions: ColumnElement[bool]) -> list[CaseComment]:
    s, supervisor, therapist = SupervisionComment, aliased(Account), aliased(Account)
    columns: tuple[Any, ...] = (
        s.id, s.meeting_id, s.client_id, Client.code, Client.name, s.supervisor_id, supervisor.name, s.therapist_id,
        therapist.name, s.written_at, s.comment, s.agreed_step, s.due_on, s.done_on, s.said_done_on, s.said,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Client, Client.id == s.client_id)
        .join(supervisor, supervisor.id == s.supervisor_id)
        .join(therapist, therapist.id == s.therapist_id)
        .where(*conditions)
        .order_by(s.written_at.desc(), s.id.desc())
    )
    return [CaseComment(*row) for row in session.execute(statement)]

"""Supervision: a comment on a case, the step agreed with its therapist, and the session it was spoken of in.

Read by who wrote it while they supervise, and by whom it is for while the client is theirs; by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotYours
from lib.domain.people import Actor, Permission, Role
from lib.domain.policy import Action, Record, RecordKind, Relation, check_may
from lib.services import access
from lib.storage import access_queries, supervision_records
from lib.storage.access_queries import ClientFacts
from lib.storage.supervision_records import CaseComment, Meeting
from lib.storage.tables import SupervisionComment

LONGEST = 4_000
_KIND = RecordKind.SUPERVISION_COMMENT


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What a supervisor wants to say of a case: a comment, a step, or both; `due_on` for the step."""

    comment: str = ""
    agreed_step: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A session of supervision with the cases of it that this actor may still know of."""

    meeting: Meeting
    cases: tuple[CaseComment, ...]


def comment_on_case(session: Session, actor: Actor, client_id: int, draft: CaseDraft, now: datetime) -> int:
    """Keep a comment for the client's therapist of today. Returns its id.

    Raises NotYours, NotAllowed for everybody but the therapist's supervisor, InvalidInput, Blocked without a
    therapist."""
    client = access.client_for(session, actor, Action.COMMENT, RecordKind.FLAG, client_id, now)
    check_may(actor, Action.WRITE, Record(_KIND, client.relations, record_id=client_id))
    comment, step = _clean(draft.comment, "comment"), _clean(draft.agreed_step, "agreed step")
    if not comment and not step:
        raise InvalidInput("There is nothing to keep yet.", "Write a comment or an agreed step.", "comment")
    if draft.due_on is not None and (not step or draft.due_on < now.date()):
        raise InvalidInput("A step falls due today or later.", "Name the step and correct its day.", "due on")
    owner = access_queries.owner_of(session, client_id, now.date())
    if owner is None:
        raise Blocked("Nobody has this client today.", [("There is nobody to tell.", "Ask the practice admin.")])
    made = supervision_records.add_comment(
        session, client_id=client_id, supervisor_id=actor.account_id, therapist_id=owner.id, written_at=now,
        comment=comment, agreed_step=step, due_on=draft.due_on,
    )  # fmt: skip
    _record(session, actor, "supervision_comment_added", made, client, now)
    return made


def mark_step_done(
    session: Session, actor: Actor, comment_id: int, client_id: int, done_on: date, now: datetime
) -> None:
    """The step was looked at again and is done. For the supervisor who wrote it, while they supervise.

    Raises NotYours, NotAllowed for the therapist, InvalidInput for a day that cannot be."""
    row, client = _comment_for(session, actor, Action.WRITE, comment_id, client_id, now)
    _check_open_and_day(row, done_on, now)
    row.done_on = done_on
    _record(session, actor, "supervision_step_done", comment_id, client, now)


def say_step_done(
    session: Session, actor: Actor, comment_id: int, client_id: int, done_on: date, said: str, now: datetime
) -> None:
    """The therapist's own word that the step was done, and what came of it. The supervisor looks at it again.

    Raises NotYours, NotAllowed for the supervisor, Blocked without an open step, InvalidInput."""
    row, client = _comment_for(session, actor, Action.RESPOND, comment_id, client_id, now)
    if row.said_done_on is not None:
        raise Blocked("You have said so already.", [("The step waits for your supervisor.", "Speak of it there.")])
    _check_open_and_day(row, done_on, now)
    row.said_done_on, row.said = done_on, _clean(said, "words")
    _record(session, actor, "supervision_step_said_done", comment_id, client, now)


def _check_open_and_day(row: SupervisionComment, done_on: date, now: datetime) -> None:
    if not row.agreed_step or row.done_on is not None:
        raise Blocked("No step is open here.", [("It was done, or none was agreed.", "Look at the list again.")])
    if not row.written_at.astimezone(now.tzinfo).date() <= done_on <= now.date():
        raise InvalidInput("A step is done after it was agreed, and not in the future.", field="done on")


def comment_of_client(session: Session, actor: Actor, comment_id: int, client_id: int, now: datetime) -> CaseComment:
    """One comment. Raises NotYours for who neither wrote it nor is meant, or no longer."""
    _row, _client = _comment_for(session, actor, Action.READ, comment_id, client_id, now)
    return next(one for one in comments_on_client(session, actor, client_id, now) if one.id == comment_id)


def comments_on_client(session: Session, actor: Actor, client_id: int, now: datetime) -> list[CaseComment]:
    """What this supervisor wrote about the case, or what was written to its owner. Raises NotYours for others."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLIENT_IDENTITY, client_id, now)
    today, found = now.date(), list[CaseComment]()
    if not client.relations & {Relation.SUPERVISOR, Relation.OWNER}:
        raise NotYours(_KIND.value, client_id)
    if Relation.SUPERVISOR in client.relations:
        found += supervision_records.comments_of_supervisor(session, actor, today, client_ids=[client_id])
    if Relation.OWNER in client.relations:
        found += supervision_records.comments_for_owner(session, actor, today, client_id)
    return sorted(found, key=lambda one: (one.written_at, one.id), reverse=True)


def steps_for_me(session: Session, actor: Actor, now: datetime) -> list[CaseComment]:
    """Agreed steps that wait for this therapist, on clients who are theirs today; none for other roles.

    What they said was done waits for the supervisor, not for them."""
    if Role.THERAPIST not in actor.roles or actor.account_id is None:
        return []
    return supervision_records.open_steps_for_owner(session, actor, now.date())


def to_look_at(session: Session, actor: Actor, therapist_id: int, now: datetime) -> list[CaseComment]:
    """For the next session with this therapist: what is not yet put to a session, and steps still open."""
    _check_supervisee(session, actor, therapist_id, now)
    found = supervision_records.comments_of_supervisor(session, actor, now.date(), therapist_id=therapist_id)
    return [one for one in found if one.meeting_id is None or one.is_open_step]


def hold_meeting(
    session: Session,
    actor: Actor,
    therapist_id: int,
    held_on: date,
    summary: str,
    case_ids: Sequence[int],
    done_ids: Sequence[int],
    now: datetime,
) -> int:
    """Record a session of supervision: `case_ids` are comments spoken of in it, `done_ids` steps found done.

    Raises NotAllowed without the role, NotYours for a therapist or comment that is not this supervisor's, today."""
    _check_supervisee(session, actor, therapist_id, now)
    if held_on > now.date():
        raise InvalidInput("The session lies ahead.", "Record it when it was held.", "held on")
    told = _clean(summary, "summary")
    if not told and not case_ids:
        raise InvalidInput("Say what was agreed, or name a case.", field="summary")
    known = {one.id: one for one in to_look_at(session, actor, therapist_id, now)}
    if not set(case_ids) | set(done_ids) <= known.keys():
        raise NotYours(_KIND.value, None, Action.WRITE.value)
    made = supervision_records.add_meeting(session, _account(actor), therapist_id, held_on, told)
    for comment_id in case_ids:
        row = supervision_records.comment_row(session, comment_id)
        if row is not None and row.meeting_id is None:
            row.meeting_id = made
    for comment_id in done_ids:
        day = max(held_on, known[comment_id].written_at.astimezone(now.tzinfo).date())
        mark_step_done(session, actor, comment_id, known[comment_id].client_id, day, now)
    codes = sorted({known[one].client_code for one in case_ids})
    access.record_event(
        session, actor, "supervision_held", "supervision", now, record_id=made,
        details={"therapist_id": therapist_id, "cases": codes, "held_on": held_on.isoformat()},
    )  # fmt: skip
    return made


def meetings(session: Session, actor: Actor, now: datetime) -> list[MeetingView]:
    """Sessions this actor held with supervisees of today, or had as a therapist, the newest first."""
    today = now.date()
    comments = supervision_records.comments_for_owner(session, actor, today) if Role.THERAPIST in actor.roles else []
    if Role.SUPERVISOR in actor.roles:
        comments += supervision_records.comments_of_supervisor(session, actor, today)
    return [
        MeetingView(one, tuple(case for case in comments if case.meeting_id == one.id))
        for one in supervision_records.meetings(session, actor, today)
    ]


def _check_supervisee(session: Session, actor: Actor, therapist_id: int, now: datetime) -> None:
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    if not access_queries.supervises(session, actor, therapist_id, now.date()):
        raise NotYours("therapist", therapist_id)


def _comment_for(
    session: Session, actor: Actor, action: Action, comment_id: int, client_id: int, now: datetime
) -> tuple[SupervisionComment, ClientFacts]:
    row = supervision_records.comment_row(session, comment_id)
    client = access_queries.client_facts(session, actor, client_id, now)
    if row is None or client is None or row.client_id != client_id or actor.account_id is None:
        raise NotYours(_KIND.value, comment_id, action.value)
    relations = set(client.relations)
    relations |= {Relation.ORIGINATOR} if row.supervisor_id == actor.account_id else set()
    relations |= {Relation.CONCERNED} if row.therapist_id == actor.account_id else set()
    record = Record(_KIND, frozenset(relations), record_id=comment_id)
    check_may(actor, Action.READ, record)
    check_may(actor, action, record)
    return row, client


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise InvalidInput("Only a person with an account holds supervision.", field="actor")
    return actor.account_id


def _clean(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST or "\x00" in text:
        raise InvalidInput(f"The {field} is text of at most {LONGEST:,} letters.", "Shorten it.", field)
    return text


def _record(session: Session, actor: Actor, act: str, comment_id: int, client: ClientFacts, now: datetime) -> None:
    access.record_event(
        session, actor, act, "supervision comment", now, record_id=comment_id, client_code=client.code
    )  # fmt: skip

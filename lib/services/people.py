"""People: who has which client and who answers for whom. Dated, so that access ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotYours
from lib.domain.people import Actor, Role
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import account_queries, people_queries, people_records, process_grant_records
from lib.storage.account_queries import PersonRow
from lib.storage.people_queries import ClientAssignmentRow, CoverRow, SupervisionRow
from lib.storage.tables import Account

LISTED = 200  # clients a screen lists; beyond it one searches


@dataclass(frozen=True, slots=True)
class ClientList:
    """Clients as a practice admin may see them. `found` counts what the search finds, listed here or not."""

    rows: list[ClientAssignmentRow]
    found: int
    unassigned: int


def people_of_practice(session: Session, actor: Actor) -> list[PersonRow]:
    """Everybody with an account. Raises NotYours for anybody but practice admin and operator."""
    access.check_practice(session, actor, Action.READ, RecordKind.PEOPLE)
    return account_queries.people(session)


def supervisions_of_practice(session: Session, actor: Actor) -> list[SupervisionRow]:
    """Who answers for whom, open ones first."""
    access.check_practice(session, actor, Action.READ, RecordKind.PEOPLE)
    return people_queries.supervisions(session)


def covers_of_practice(session: Session, actor: Actor, now: datetime) -> list[CoverRow]:
    """Who covers which client, now or later."""
    access.check_practice(session, actor, Action.READ, RecordKind.PEOPLE)
    return people_queries.covers(session, now.date())


def clients_of_practice(session: Session, actor: Actor, search: str, now: datetime) -> ClientList:
    """Name, code and assignment of clients, those without a therapist first. Nothing else about them is read."""
    access.check_practice(session, actor, Action.READ, RecordKind.ASSIGNMENT)
    today = now.date()
    return ClientList(
        people_queries.client_assignments(session, today, search, LISTED),
        people_queries.count_clients(session, search),
        people_queries.count_unassigned(session, today),
    )


def assign_client(
    session: Session,
    actor: Actor,
    client_id: int,
    therapist_id: int,
    now: datetime,
    *,
    kind: str = "owner",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """Give a client to a therapist: as owner, where nobody has the client, or as cover for dated days.

    Dates are both included; `starts_on` None is today. Raises NotYours, NotAllowed, InvalidInput, and Blocked when
    the client has an owner already (transfer instead)."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.ASSIGNMENT, client_id, now)
    starts_on = starts_on or now.date()
    _check_days(starts_on, ends_on)
    _check_kind(kind, ends_on)
    therapist = _with_role(session, therapist_id, Role.THERAPIST)
    if kind == "owner" and people_queries.open_owners(session, client_id, starts_on):
        raise Blocked("This client has a therapist already.", [("Only one owns a client.", "Transfer the client.")])
    made = people_records.add_assignment(session, client_id, therapist.id, kind, starts_on, ends_on)
    details = {"kind": kind, "therapist_id": therapist.id, "starts_on": str(starts_on), "ends_on": _day(ends_on)}
    if kind == "owner":  # the client changes hands, with days without a therapist in between: sealed all the same
        process_grant_records.seal(session, client_id, now)
    access.record_event(
        session, actor, "client_assigned", "assignment", now, record_id=made, client_code=client.code, details=details
    )
    return made


def transfer_client(session: Session, actor: Actor, client_id: int, to_therapist_id: int, now: datetime) -> int:
    """Give a client from one owner to another, from this moment on. Owner or practice admin.

    Raises Blocked while the owner has unsigned work on the client: a former owner could never finish it."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.ASSIGNMENT, client_id, now)
    today = now.date()
    therapist = _with_role(session, to_therapist_id, Role.THERAPIST)
    held = people_queries.open_owners(session, client_id, today)
    if not held:
        raise Blocked(
            "Nobody has this client today.", [("There is nothing to transfer.", "Assign the client instead.")]
        )
    if any(one.therapist_id == therapist.id for one in held):
        raise InvalidInput("The client is with this therapist already.", field="therapist")
    for one in held:
        _check_nothing_unsigned(session, client_id, one.therapist_id)
        one.ends_on = today - timedelta(days=1)  # days are included, and access is to stop now
    made = people_records.add_assignment(session, client_id, therapist.id, "owner", today, None)
    sealed = process_grant_records.seal(session, client_id, now)  # until somebody opens a process note anew
    details = {"from": [one.therapist_id for one in held], "to": therapist.id, "grants_ended": sealed}
    access.record_event(
        session,
        actor,
        "client_transferred",
        "assignment",
        now,
        record_id=made,
        client_code=client.code,
        details=details,
    )
    return made


def end_assignment(session: Session, actor: Actor, assignment_id: int, last_day: date, now: datetime) -> None:
    """End an assignment or cover; the last day is included, so yesterday ends it at once."""
    row = people_queries.assignment(session, assignment_id)
    if row is None:
        raise NotYours(RecordKind.ASSIGNMENT.value, assignment_id, Action.WRITE.value)
    client = access.client_for(session, actor, Action.WRITE, RecordKind.ASSIGNMENT, row.client_id, now)
    _check_may_end(row.ends_on, last_day, now.date())
    if row.kind == "owner":
        _check_nothing_unsigned(session, row.client_id, row.therapist_id)
        process_grant_records.seal(session, row.client_id, now)
    row.ends_on = last_day
    details = {"kind": row.kind, "last_day": str(last_day)}
    access.record_event(
        session,
        actor,
        "assignment_ended",
        "assignment",
        now,
        record_id=row.id,
        client_code=client.code,
        details=details,
    )


def supervise(
    session: Session,
    actor: Actor,
    supervisor_id: int,
    therapist_id: int,
    now: datetime,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """Let a supervisor answer for a therapist from one day to another, both included; None: from today, open."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.PEOPLE)
    starts_on = starts_on or now.date()
    _check_days(starts_on, ends_on)
    if supervisor_id == therapist_id:
        raise InvalidInput("Nobody supervises themselves.", field="supervisor")
    supervisor = _with_role(session, supervisor_id, Role.SUPERVISOR)
    therapist = _with_role(session, therapist_id, Role.THERAPIST)
    if people_queries.has_overlapping_supervision(session, supervisor.id, therapist.id, starts_on, ends_on):
        raise Blocked("These two are in supervision then already.", [("One is enough.", "End the earlier one first.")])
    made = people_records.add_supervision(session, supervisor.id, therapist.id, starts_on, ends_on)
    details = {"supervisor_id": supervisor.id, "therapist_id": therapist.id, "starts_on": str(starts_on)}
    details["ends_on"] = _day(ends_on)
    access.record_event(session, actor, "supervision_began", "supervision", now, record_id=made, details=details)
    return made


def end_supervision(session: Session, actor: Actor, supervision_id: int, last_day: date, now: datetime) -> None:
    """End a supervision; the last day is included, so yesterday ends it at once."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.PEOPLE)
    row = people_queries.supervision(session, supervision_id)
    if row is None:
        raise NotYours("supervision", supervision_id, Action.WRITE.value)
    _check_may_end(row.ends_on, last_day, now.date())
    row.ends_on = last_day
    details = {"last_day": str(last_day)}
    access.record_event(session, actor, "supervision_ended", "supervision", now, record_id=row.id, details=details)


def _with_role(session: Session, account_id: int, role: Role) -> Account:
    account = account_queries.account(session, account_id)
    if account is None or account.is_disabled or role not in account.roles:
        words = role.value.replace("_", " ")
        raise InvalidInput(f"This person has no active account as {words}.", field=words)
    return account


def _check_nothing_unsigned(session: Session, client_id: int, therapist_id: int) -> None:
    count = people_queries.unsigned_drafts(session, client_id, therapist_id)
    if count:
        what = "1 note or document is" if count == 1 else f"{count} notes or documents are"
        raise Blocked(
            "The client cannot change hands yet.",
            [(f"{what} begun by the present therapist and not signed.", "They sign or discard them first.")],
        )


def _check_kind(kind: str, ends_on: date | None) -> None:
    if kind not in ("owner", "cover"):
        raise InvalidInput("A client is given as owner or as cover.", field="kind")
    if kind == "cover" and ends_on is None:
        raise InvalidInput("A cover needs its last day.", field="last day")


def _check_days(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("The last day lies before the first.", field="last day")


def _check_may_end(held: date | None, last_day: date, today: date) -> None:
    if held is not None and held < today:
        raise InvalidInput("This has ended already.", field="last day")
    if last_day < today - timedelta(days=1):
        raise InvalidInput("The last day can be yesterday at the earliest: what was seen was seen.", field="last day")


def _day(on: date | None) -> str | None:
    return str(on) if on is not None else None

"""Break-glass: reading one client out of the ordinary, for a reason, for an hour; the owner is told, the log shows it.

It opens everything but process notes, and nothing to write."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, InvalidInput, NotYours
from lib.domain.people import Actor, Permission, Role
from lib.domain.policy import Action, Record, RecordKind, Relation, may
from lib.services import access, accounts
from lib.storage import access_queries, break_glass_records
from lib.storage.break_glass_records import ReasonedReading

LASTS = timedelta(minutes=60)
SHORTEST_REASON, LONGEST_REASON = 10, 1_000


def open_with_a_reason(
    session: Session, actor: Actor, client_code: str, reason: str, password: str, now: datetime
) -> ReasonedReading:
    """Open one client's record to this actor for an hour.

    Raises NotYours for a code this actor may not open (as for one there is not), InvalidInput without a reason,
    ReauthenticationNeeded, Blocked while a reading of this client is open already."""
    access.require(session, actor, Permission.READ_WITH_A_REASON)
    client_id = access_queries.client_id_of_code(session, client_code)
    facts = access_queries.client_facts(session, actor, client_id, now) if client_id is not None else None
    if facts is None or actor.account_id is None or not _may_open(actor, facts.relations):
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, client_code, Action.BREAK_GLASS.value)
    told = reason.strip()
    if not SHORTEST_REASON <= len(told) <= LONGEST_REASON:
        raise InvalidInput(
            "A reason is needed, in words.", f"{SHORTEST_REASON} to {LONGEST_REASON} letters.", field="reason"
        )
    accounts.reauthenticate(session, actor, password, now)
    if any(one.client_id == facts.client_id for one in break_glass_records.open_readings(session, actor, now)):
        raise Blocked("You have this record open already.", [("An hour has not passed.", "Open the record.")])
    made = break_glass_records.add_reading(session, facts.client_id, actor.account_id, told, now, now + LASTS)
    access.record_event(
        session, actor, "break_glass_opened", "client", now,
        record_id=facts.client_id, client_code=facts.code,
        details={"reading_id": made, "minutes": LASTS.seconds // 60},
    )  # fmt: skip
    return next(one for one in break_glass_records.open_readings(session, actor, now) if one.id == made)


def open_readings(session: Session, actor: Actor, now: datetime) -> list[ReasonedReading]:
    """What this actor has opened and may still read."""
    access.require(session, actor, Permission.READ_WITH_A_REASON)
    return break_glass_records.open_readings(session, actor, now)


def end_reading(session: Session, actor: Actor, reading_id: int, now: datetime) -> None:
    """End one's own reading before its hour is over. Raises NotYours."""
    row = break_glass_records.reading_row(session, reading_id)
    if row is None or actor.account_id is None or row.account_id != actor.account_id or row.ends_at <= now:
        raise NotYours("reading", reading_id, "end")
    row.ends_at = now
    facts = access_queries.client_facts(session, actor, row.client_id, now)
    access.record_event(
        session, actor, "break_glass_ended", "client", now,
        record_id=row.client_id, client_code=facts.code if facts else None, details={"reading_id": reading_id},
    )  # fmt: skip


def notices(session: Session, actor: Actor, now: datetime) -> list[ReasonedReading]:
    """Readings of one's own clients that one has not seen the notice of yet; none without a caseload."""
    if Role.THERAPIST not in actor.roles:
        return []
    return break_glass_records.untold_readings(session, actor, now.date())


def acknowledge_notice(session: Session, actor: Actor, reading_id: int, client_id: int, now: datetime) -> None:
    """The owner has seen who read the record, and why. Raises NotYours for everybody but the owner of today."""
    row = break_glass_records.reading_row(session, reading_id)
    facts = access_queries.client_facts(session, actor, client_id, now)
    if row is None or facts is None or row.client_id != client_id or Relation.OWNER not in facts.relations:
        raise NotYours("reading", reading_id, "acknowledge")
    if row.owner_saw_at is None:
        row.owner_saw_at = now
        access.record_event(
            session, actor, "break_glass_seen", "client", now,
            record_id=client_id, client_code=facts.code, details={"reading_id": reading_id},
        )  # fmt: skip


def _may_open(actor: Actor, relations: frozenset[Relation]) -> bool:
    return may(actor, Action.BREAK_GLASS, Record(RecordKind.CLIENT_IDENTITY, relations))

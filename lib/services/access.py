"""Access: every service begins here. The check, the facts it rested on, and the audit event of the act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.audit import AuditFacts
from lib.domain.errors import Frozen, NotAllowed, NotYours
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, Record, RecordKind, check_may, may, relations_of_role
from lib.storage import access_queries, audit_records, episode_records
from lib.storage.access_queries import ClientFacts


def client_for(
    session: Session, actor: Actor, action: Action, kind: RecordKind, client_id: int, now: datetime
) -> ClientFacts:
    """The client, when this actor may do this to this kind of its records now.

    Raises NotYours when there is no such client or none the actor may know of, NotAllowed when they may only read,
    Frozen where the clinical record is to be written and therapy has ended: the one place that says so."""
    facts = access_queries.client_facts(session, actor, client_id, now)
    if facts is None:
        raise NotYours(kind.value, client_id, action.value)  # in the words of a client who is somebody else's
    check_may(as_of_now(session, actor), action, Record(kind, facts.relations, record_id=client_id))
    if action is Action.WRITE and kind is RecordKind.CLINICAL_RECORD and episode_records.is_closed(session, client_id):
        raise Frozen("This course of therapy has ended; its record is read-only.", "Begin a new episode to write here.")
    return facts


def may_write(session: Session, actor: Actor, facts: ClientFacts) -> bool:
    """Whether `client_for` would let this actor write in the clinical record now: for screens that offer it."""
    allowed = may(actor, Action.WRITE, Record(RecordKind.CLINICAL_RECORD, facts.relations, record_id=facts.client_id))
    return allowed and not episode_records.is_closed(session, facts.client_id)


def client_id_by_code(
    session: Session,
    actor: Actor,
    code: str,
    now: datetime,
    kind: RecordKind = RecordKind.CLIENT_IDENTITY,
) -> int:
    """The id of a client by the practice's code, if the actor may know of them; else NotYours, in the same words.

    `kind`: what of the client the act is about; a practice admin may know of the assignment alone."""
    client_id = access_queries.client_id_of_code(session, code)
    facts = access_queries.client_facts(session, actor, client_id, now) if client_id is not None else None
    if facts is None or not may(as_of_now(session, actor), Action.READ, Record(kind, facts.relations)):
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, code)
    return facts.client_id


def as_of_now(session: Session, actor: Actor) -> Actor:
    """The actor with what their account is at this moment: roles taken away since are gone, a closed account has none.

    A screen looks its actor up on every run; this holds for whoever kept one longer."""
    if actor.is_operator:
        return actor
    held = access_queries.roles_of(session, actor)
    return replace(actor, roles=actor.roles & held, reads_with_a_reason=actor.reads_with_a_reason and bool(held))


def require(session: Session, actor: Actor, permission: Permission) -> None:
    """Raises NotAllowed when none of the roles the actor holds now opens this."""
    if not as_of_now(session, actor).has(permission):
        raise NotAllowed(permission.value)


def check_practice(session: Session, actor: Actor, action: Action, kind: RecordKind) -> None:
    """The check for records that belong to no client: people, settings, audit log, exports of the practice.

    That a practice has these is no secret, so a refusal says that the role does not include them: NotAllowed."""
    now = as_of_now(session, actor)
    if not may(now, action, Record(kind, relations_of_role(now))):
        raise NotAllowed(action.value, kind.value)


def record_event(
    session: Session,
    actor: Actor,
    action: str,
    record_type: str,
    now: datetime,
    *,
    record_id: int | None = None,
    client_code: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Append the audit event of an act to its own transaction. Details never hold record text. Returns its number."""
    event = AuditFacts(
        at=now,
        actor_id=actor.account_id,
        actor_email=actor.email,
        role="+".join(sorted(actor.roles)) or "operator",
        action=action,
        record_type=record_type,
        record_id=record_id,
        client_code=client_code,
        details=dict(details or {}),
    )
    return audit_records.append_event(session, event)


def record_denial(session: Session, actor: Actor, denied: NotAllowed | NotYours, now: datetime) -> None:
    """Denials are events too, written in a transaction of their own after the refused one rolled back."""
    numeric = denied.record_id if isinstance(denied.record_id, int) else None
    record_event(session, actor, f"denied_{denied.action}", denied.record_type or "page", now, record_id=numeric)

"""Audit log: reading it as a practice admin may, and checking that nobody altered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import ChainBroken
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import audit_queries
from lib.storage.audit_queries import LoggedEvent

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of the chain found. `count` events; `problem` names the first bad one, empty when all holds."""

    count: int
    head: str
    problem: str = ""


def latest_events(
    session: Session, actor: Actor, *, client_code: str | None = None, before: int | None = None
) -> list[LoggedEvent]:
    """Who, what, when and which client's code, newest first. Raises NotYours for anybody but practice admin."""
    access.check_practice(session, actor, Action.READ, RecordKind.AUDIT_LOG)
    return audit_queries.events(session, client_code=client_code, before=before, limit=AT_ONCE)


def verify_log(session: Session, actor: Actor, now: datetime) -> Verification:
    """Recompute the chain from its first event. The check is an event too: needs a writing session."""
    access.check_practice(session, actor, Action.VERIFY, RecordKind.AUDIT_LOG)
    anchor = audit_queries.current_anchor(session, now)
    try:
        audit_queries.check_chain(session, session.info.get("audit_key"))
        problem = ""
    except ChainBroken as broken:
        problem = str(broken)
    access.record_event(session, actor, "audit_verified", "audit log", now, details={"holds": not problem})
    return Verification(anchor.count, anchor.head, problem)

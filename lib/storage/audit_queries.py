"""Audit queries: reading the log, and finding where its chain does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from lib.domain.audit import FIRST_PREVIOUS, Anchor, AuditFacts, canonical_event, link
from lib.domain.errors import ChainBroken, KeyMissing
from lib.storage.tables import AuditEvent

# As the driver gives it: a forged date or JSON that does not parse must be named, not stop the search.
_RAW_EVENTS = text(
    "SELECT sequence, at, actor_id, actor_email, role, action, record_type, record_id, client_code, details, "
    "previous, hmac FROM audit_event ORDER BY sequence"
)
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log and its number."""

    sequence: int
    facts: AuditFacts


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """Where the chain does not hold, and why. `sequence`: the first bad event, or the first one missing."""

    sequence: int
    what: str


def events(
    session: Session, *, client_code: str | None = None, before: int | None = None, limit: int = 100
) -> list[LoggedEvent]:
    """The newest events first, of one client or all; `before` is the last sequence of the page above."""
    statement = select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(limit)
    if client_code is not None:
        statement = statement.where(AuditEvent.client_code == client_code)
    if before is not None:
        statement = statement.where(AuditEvent.sequence < before)
    return [LoggedEvent(row.sequence, _facts(row)) for row in session.scalars(statement)]


def current_anchor(session: Session, now: datetime) -> Anchor:
    """Count and head of the log now, to be kept outside the database."""
    count = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    head = session.scalar(select(AuditEvent.hmac).order_by(AuditEvent.sequence.desc()).limit(1))
    return Anchor(count, head or FIRST_PREVIOUS, now)


def chain_problems(session: Session, audit_key: bytes | None, anchor: Anchor | None = None) -> list[ChainProblem]:
    """Recompute the chain: the first bad event, and what an anchor knows that the log no longer says.

    Empty when all holds. Raises KeyMissing: without the key nothing can be said."""
    if audit_key is None:
        raise KeyMissing("The audit log cannot be checked without its key.")
    expected, previous, at_anchor = 1, FIRST_PREVIOUS, FIRST_PREVIOUS
    with session.execute(_RAW_EVENTS, execution_options={"yield_per": _BATCH}) as rows:
        for row in rows:
            what = _problem_with(row, expected, previous, audit_key)
            if what:
                return [ChainProblem(min(expected, row.sequence), what)]
            previous = row.hmac
            if anchor is not None and expected == anchor.count:
                at_anchor = previous
            expected += 1
    return list(_against(anchor, expected - 1, at_anchor)) if anchor is not None else []


def check_chain(session: Session, audit_key: bytes | None, anchor: Anchor | None = None) -> None:
    """Raises ChainBroken, naming the first bad sequence."""
    for problem in chain_problems(session, audit_key, anchor):
        raise ChainBroken(f"Audit event {problem.sequence}: {problem.what}", problem.sequence)


def _problem_with(row: Row[Any], expected: int, previous: str, key: bytes) -> str:
    if row.sequence != expected:
        return "missing" if row.sequence > expected else "not a number of this log"
    if row.previous != previous:
        return "does not follow the event before it"
    try:
        canonical = canonical_event(row.sequence, _raw_facts(row))
    except (ValueError, TypeError):
        return "cannot be read any more"
    return "" if link(key, previous, canonical) == row.hmac else "was changed, or written with another key"


def _against(anchor: Anchor, count: int, head_at_anchor: str) -> Iterator[ChainProblem]:
    if count < anchor.count:
        yield ChainProblem(
            count + 1, f"missing: on {anchor.at:%Y-%m-%d} the log had {anchor.count} events, now {count}"
        )
    elif head_at_anchor != anchor.head:
        yield ChainProblem(
            anchor.count, f"not the event that stood here on {anchor.at:%Y-%m-%d}: the log was rewritten"
        )


def _facts(event: AuditEvent | Row[Any]) -> AuditFacts:
    return AuditFacts(
        at=event.at,
        actor_id=event.actor_id,
        actor_email=event.actor_email,
        role=event.role,
        action=event.action,
        record_type=event.record_type,
        record_id=event.record_id,
        client_code=event.client_code,
        details=event.details,
    )


def _raw_facts(row: Row[Any]) -> AuditFacts:
    at = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at).replace(tzinfo=UTC)
    details = json.loads(row.details) if isinstance(row.details, str) else row.details
    return AuditFacts(
        at,
        row.actor_id,
        row.actor_email,
        row.role,
        row.action,
        row.record_type,
        row.record_id,
        row.client_code,
        details,
    )

"""Audit records: each event appended to the chain, inside the transaction of the act it tells of."""

from __future__ import annotations

import json
from dataclasses import fields

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lib.domain.audit import FIRST_PREVIOUS, AuditFacts, canonical_event, link
from lib.domain.errors import KeyMissing
from lib.storage.tables import AuditEvent


def append_event(session: Session, event: AuditFacts) -> int:
    """Append one event and return its sequence number, 1, 2, 3 ... without gaps.

    Use a session of `Database.writing()`. Raises KeyMissing without an audit key: no event, no write."""
    key = session.info.get("audit_key")
    if key is None:
        raise KeyMissing("There is no audit key, and nothing is written without its audit event.")
    sequence, previous = _end_of_chain(session)
    canonical = canonical_event(sequence + 1, event)
    # Details go in as they will come out, so that a later check sees the same bytes (tuples as lists, keys as text).
    details = json.loads(canonical)["details"]
    row = {field.name: getattr(event, field.name) for field in fields(event)} | {
        "sequence": sequence + 1,
        "details": details,
        "previous": previous,
        "hmac": link(key, previous, canonical),
    }
    session.execute(insert(AuditEvent), row)
    return sequence + 1


def _end_of_chain(session: Session) -> tuple[int, str]:
    """Sequence and hmac of the last event. `Database.writing()` lets nobody else write until this transaction ends."""
    last = select(AuditEvent.sequence, AuditEvent.hmac).order_by(AuditEvent.sequence.desc()).limit(1)
    row = session.execute(last).first()
    return (row.sequence, row.hmac) if row is not None else (0, FIRST_PREVIOUS)

"""Audit: what an event tells, in the one exact form that the chain of hashes is made over."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lib.domain.errors import InvalidInput

FIRST_PREVIOUS = "0" * 64  # what the first event has before it


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """Who did what, when, to which record. `details` holds counts, keys and reasons, never record text.

    `at` carries a time zone; `actor_id` and `actor_email` are empty for a stranger, `client_code` where no client
    is meant."""

    at: datetime
    actor_id: int | None
    actor_email: str
    role: str
    action: str
    record_type: str
    record_id: int | None = None
    client_code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def canonical_event(sequence: int, event: AuditFacts) -> bytes:
    """The event as JSON with sorted keys, no blanks, UTC to the microsecond: the same bytes whoever writes them.

    Raises ValueError for a moment without a time zone or a number that JSON does not know (NaN, infinity),
    TypeError for details that are not plain values."""
    if event.at.tzinfo is None:
        raise ValueError("an event's moment needs a time zone")
    plain = {
        "sequence": sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": event.actor_id,
        "actor_email": event.actor_email,
        "role": event.role,
        "action": event.action,
        "record_type": event.record_type,
        "record_id": event.record_id,
        "client_code": event.client_code,
        "details": dict(event.details),
    }
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def link(key: bytes, previous: str, canonical: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) over the previous event's hmac and this event; 64 hexadecimal letters."""
    return hmac.new(key, bytes.fromhex(previous) + canonical, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Count of events and hmac of the last one at a moment, kept outside the database.

    A chain proves nothing about its own end: only an anchor shows that the last events are gone."""

    count: int
    head: str
    at: datetime

    def as_json(self) -> str:
        """The anchor as a small JSON text for a file."""
        return json.dumps({"count": self.count, "head": self.head, "at": self.at.astimezone(UTC).isoformat()})


def anchor_from_json(text: str) -> Anchor:
    """An anchor read back. Raises InvalidInput when the text is not one."""
    try:
        plain = json.loads(text)
        at = datetime.fromisoformat(plain["at"])
        anchor = Anchor(int(plain["count"]), str(plain["head"]), at)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("This is not an exported anchor.", "It holds count, head and at, as JSON.") from error
    if anchor.count < 0 or at.tzinfo is None or len(anchor.head) != len(FIRST_PREVIOUS):
        raise InvalidInput("This anchor cannot be right.", "Take the file as it was exported.")
    return anchor

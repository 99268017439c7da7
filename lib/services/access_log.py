"""Who looked: the access log of one client, for its owner and their supervisor. Acts, never what a record says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.services import access
from lib.storage import access_log_queries, break_glass_records
from lib.storage.access_log_queries import ClientEvent
from lib.storage.break_glass_records import ReasonedReading

AT_ONCE = 100
OPENED = "record_opened"
SAME_LOOK = timedelta(hours=1)


class Way(StrEnum):
    """In what way a record was touched, as a log is read."""

    READ = "read"
    WROTE = "wrote"
    TOOK = "printed or exported"
    REFUSED = "refused"
    BREAK_GLASS = "out of the ordinary"


_TOOK = ("exported", "taken", "printed", "downloaded")
_READ = ("read", "opened", "seen", "drafted")


@dataclass(frozen=True, slots=True)
class Look:
    """One event of the log. `reading` is the break-glass reading it fell into, if any: those stand out."""

    event: ClientEvent
    way: Way
    reading: ReasonedReading | None


@dataclass(frozen=True, slots=True)
class ClientLog:
    """A page of the log, the newest first, and every break-glass reading of the client. `before` leads to older."""

    looks: tuple[Look, ...]
    readings: tuple[ReasonedReading, ...]
    before: int | None


def log_of_client(
    session: Session, actor: Actor, client_id: int, now: datetime, before: int | None = None
) -> ClientLog:
    """Who read, wrote, printed and exported. Raises NotYours, and NotAllowed for who only covers the client."""
    client = access.client_for(session, actor, Action.READ, RecordKind.ACCESS_LOG, client_id, now)
    readings = tuple(break_glass_records.readings_of_client(session, client_id))
    events = access_log_queries.events_of_client(session, client.code, before, AT_ONCE)
    looks = tuple(_look(event, readings) for event in events)
    return ClientLog(looks, readings, events[-1].sequence if len(events) == AT_ONCE else None)


def may_read_log(session: Session, actor: Actor, client_id: int, now: datetime) -> bool:
    """Whether the log of this client is this actor's to read. Raises NotYours for a client not to be known of."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLIENT_IDENTITY, client_id, now)
    return may(actor, Action.READ, Record(RecordKind.ACCESS_LOG, client.relations))


def note_opening(session: Session, actor: Actor, client_id: int, now: datetime) -> None:
    """Write down that the record was opened; the same person within the hour is the same look. Raises NotYours."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    since = now - SAME_LOOK
    if not access_log_queries.has_event_since(session, client.code, actor.account_id, (OPENED,), since):
        access.record_event(session, actor, OPENED, "client", now, record_id=client_id, client_code=client.code)


def way_of(action: str) -> Way:
    """How an event's act is read in a log: what is neither a refusal, a reading nor a taking away wrote something."""
    if action.startswith("denied_"):
        return Way.REFUSED
    if action.startswith("break_glass"):
        return Way.BREAK_GLASS
    if action.endswith(_TOOK):
        return Way.TOOK
    return Way.READ if action.endswith(_READ) else Way.WROTE


def _look(event: ClientEvent, readings: tuple[ReasonedReading, ...]) -> Look:
    reading = next((one for one in readings if one.covers(event.actor_id, event.at)), None)
    way = way_of(event.action)
    return Look(event, Way.BREAK_GLASS if reading is not None and way is not Way.REFUSED else way, reading)

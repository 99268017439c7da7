"""Episodes: a course of therapy begins with what the client came for, and ends with how and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, InvalidInput
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.process import EndingKind, EpisodeStatus
from lib.services import access, standing
from lib.storage import episode_records


def begin_episode(
    session: Session,
    actor: Actor,
    client_id: int,
    starts_on: date,
    needs: str,
    now: datetime,
    definitions: Definitions,
) -> int:
    """A new course of therapy with the needs it begins with, in the client's words. Returns its id.

    Raises Blocked while the earlier one is open, InvalidInput for a day that lies ahead or before its end."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLIENT_IDENTITY, client_id, now)
    earlier = episode_records.newest_episode(session, client_id)
    if earlier is not None and earlier.status == EpisodeStatus.OPEN:
        raise Blocked("A course of therapy is open already.", [("Two cannot run at once.", "End it first.")])
    if starts_on > now.date() or (earlier is not None and earlier.ends_on and starts_on < earlier.ends_on):
        raise InvalidInput("It begins today or before, and after the last one ended.", field="starts on")
    number = earlier.number + 1 if earlier is not None else 1
    episode_id = episode_records.add_episode(session, client_id, number, starts_on, needs.strip())
    _record(session, actor, "episode_began", episode_id, client.code, now, {"number": number})
    standing.recompute(session, client_id, now, definitions)
    return episode_id


def end_episode(
    session: Session,
    actor: Actor,
    client_id: int,
    ended_on: date,
    kind: EndingKind,
    reason: str,
    now: datetime,
    definitions: Definitions,
) -> None:
    """End the open course of therapy. Raises Blocked when none is open, InvalidInput for an impossible day."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLIENT_IDENTITY, client_id, now)
    row = episode_records.newest_episode(session, client_id)
    if row is None or row.status != EpisodeStatus.OPEN:
        raise Blocked("No course of therapy is open.", [("There is nothing to end.", "Begin one first.")])
    if not row.starts_on <= ended_on <= now.date():
        raise InvalidInput("It ends after it began, and not in the future.", field="ended on")
    episode_records.close_episode(row, ended_on, kind, reason.strip())
    _record(session, actor, "episode_ended", row.id, client.code, now, {"kind": kind.value})
    standing.recompute(session, client_id, now, definitions)


def _record(
    session: Session, actor: Actor, action: str, episode_id: int, code: str, now: datetime, details: dict[str, object]
) -> None:
    access.record_event(session, actor, action, "episode", now, record_id=episode_id, client_code=code, details=details)

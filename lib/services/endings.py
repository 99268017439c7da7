"""Endings: closing a course of therapy with everything that goes with it, and the tries to reach a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain import check_ins as check_in_rules
from lib.domain.definitions import Definitions
from lib.domain.endings import EndingDraft, Obstacle, Tried, check_closable, check_ending, check_words, obstacles
from lib.domain.errors import Blocked, InvalidInput
from lib.domain.flags import FlagState
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.domain.process import EndingKind, EpisodeStatus
from lib.services import access, episodes
from lib.services.readiness import papers_of
from lib.storage import check_in_records, ending_records, episode_records, flag_queries, note_queries, standing_queries
from lib.storage.tables import Episode


@dataclass(frozen=True, slots=True)
class Closed:
    """How a course was closed. `closed_over`: the warnings that stood then."""

    ended_on: date
    kind: EndingKind | None
    reason: str
    is_sudden: bool
    decided_by: str
    not_done: str
    closed_over: tuple[str, ...]
    over_reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What the ending of the newest course is about. `closed` None while it is open; `number` 0 where none began."""

    number: int
    starts_on: date | None
    closed: Closed | None
    obstacles: tuple[Obstacle, ...]
    outreach: tuple[Tried, ...]
    measures: tuple[str, ...]
    may_close: bool
    may_note: bool


def ending_of(session: Session, actor: Actor, client_id: int, now: datetime) -> Ending:
    """How the newest course stands towards its end. `measures`: instruments asked so far. Raises NotYours."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    row = episode_records.newest_episode(session, client_id)
    is_open = row is not None and row.status == EpisodeStatus.OPEN
    return Ending(
        number=row.number if row else 0,
        starts_on=row.starts_on if row else None,
        closed=_closed(session, row) if row is not None and not is_open else None,
        obstacles=_obstacles(session, client_id, now) if is_open else (),
        outreach=ending_records.outreach_of(session, row.id) if row else (),
        measures=_asked_so_far(session, client_id),
        may_close=may(actor, Action.WRITE, Record(RecordKind.CLIENT_IDENTITY, client.relations)),
        may_note=row is not None and may(actor, Action.WRITE, Record(RecordKind.CHECK_IN, client.relations)),
    )


def close_course(
    session: Session, actor: Actor, client_id: int, draft: EndingDraft, now: datetime, definitions: Definitions
) -> None:
    """End the open course: kind, reason, by whom, what was closed over, and the check-ins that were agreed.

    Raises NotYours, NotAllowed, InvalidInput, and Blocked for an open risk flag, or for warnings without a reason."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLIENT_IDENTITY, client_id, now)
    row = episode_records.newest_episode(session, client_id)
    if row is None or row.status != EpisodeStatus.OPEN:
        raise Blocked("No course of therapy is open.", [("There is nothing to end.", "Begin one first.")])
    check_ending(draft, row.starts_on, _last_session_on(session, client_id), now.date())
    check_in_rules.check_days(draft.check_ins, draft.ended_on)
    _check_measures(draft, definitions)
    found = _obstacles(session, client_id, now)
    check_closable(found, draft.over_reason)
    ending_id = ending_records.add_ending(
        session, client_id, row.id, draft, [one.why for one in found], actor.account_id, now
    )
    check_in_records.add_check_ins(session, client_id, row.id, draft.check_ins, draft.measures)
    details = {"sudden": draft.is_sudden, "decided_by": draft.decided_by.value, "check_ins": len(draft.check_ins)}
    access.record_event(
        session, actor, "course_closed", "episode ending", now,
        record_id=ending_id, client_code=client.code, details=details,
    )  # fmt: skip
    episodes.end_episode(session, actor, client_id, draft.ended_on, draft.kind, draft.reason, now, definitions)


def note_outreach(session: Session, actor: Actor, client_id: int, tried: Tried, now: datetime) -> int:
    """Keep a try to reach the client, while therapy goes on or after it. Returns its id; never changed afterwards.

    Raises NotYours, NotAllowed, Blocked where no course was begun, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CHECK_IN, client_id, now)
    row = episode_records.newest_episode(session, client_id)
    if row is None:
        raise Blocked("No course of therapy was begun.", [("Outreach belongs to one.", "Begin one first.")])
    if not tried.what.strip():
        raise InvalidInput("What came of it is missing.", "Write it in a few words, even if it is nothing.", "what")
    if not row.starts_on <= tried.tried_on <= now.date():
        raise InvalidInput("It was tried after therapy began, and not in the future.", "Correct the day.", "day")
    check_words(tried.what)
    kept = Tried(tried.tried_on, tried.how, " ".join(tried.what.split()))
    row_id = ending_records.add_outreach(session, client_id, row.id, kept, actor.account_id, now)
    access.record_event(
        session, actor, "outreach_noted", "outreach", now,
        record_id=row_id, client_code=client.code, details={"how": tried.how.value},
    )  # fmt: skip
    return row_id


def _closed(session: Session, row: Episode) -> Closed | None:
    if row.ends_on is None:
        return None
    kept = ending_records.ending_of(session, row.id)
    kind = EndingKind(row.ending_kind) if row.ending_kind else None
    if kept is None:
        return Closed(row.ends_on, kind, row.ending_reason, False, "", "", (), "")
    return Closed(
        row.ends_on, kind, row.ending_reason, kept.is_sudden, kept.decided_by, kept.not_done,
        tuple(kept.closed_over), kept.over_reason,
    )  # fmt: skip


def _obstacles(session: Session, client_id: int, now: datetime) -> tuple[Obstacle, ...]:
    flags = flag_queries.flags_of(session, [client_id]).get(client_id, [])
    risks = sum(1 for flag in flags if flag.is_risk and flag.state == FlagState.OPEN)
    unsigned = standing_queries.unsigned_notes(session, client_id)
    return obstacles(risks, unsigned, papers_of(session, client_id, now))


def _last_session_on(session: Session, client_id: int) -> date | None:
    return max((one.held_on for one in note_queries.sessions_of(session, client_id)), default=None)


def _asked_so_far(session: Session, client_id: int) -> tuple[str, ...]:
    """Instruments the client filled in, the most often asked first."""
    return standing_queries.instruments_asked(session, client_id)


def _check_measures(draft: EndingDraft, definitions: Definitions) -> None:
    unknown = [key for key in draft.measures if key not in definitions.instruments]
    if unknown:
        raise InvalidInput(f"There is no instrument {unknown[0]!r}.", "Choose one the practice knows.", "measures")

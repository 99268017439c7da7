"""Readiness: the reasons for and against ending as the record tells them, and what a person decided, kept with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotAllowed
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.domain.readiness import Criterion, Papers, ReadinessFacts, readiness_board
from lib.domain.standing import StandingDetail
from lib.services import access, entries, record_extract, standing
from lib.storage import document_records, ending_records, episode_records, standing_queries
from lib.storage.document_records import OPEN, RETURNED, SIGNED, DocumentHeader
from lib.storage.ending_records import StoredDecision

_STATES = {OPEN: "draft", SIGNED: "waiting", RETURNED: "returned"}


class EndingChoice(StrEnum):
    """What may be decided after looking at the board."""

    NOT_YET = "not_yet"
    PLAN_ENDING = "plan_ending"
    END_NOW = "end_now"


@dataclass(frozen=True, slots=True)
class Board:
    """The criteria as they stand today, and the decisions so far, the newest first."""

    criteria: tuple[Criterion, ...]
    decisions: tuple[StoredDecision, ...]
    may_decide: bool


def board_of(session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions) -> Board:
    """Every criterion with its reasons, made from the record as it is. Raises NotYours."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    criteria = _criteria(session, actor, client_id, now, definitions)
    may_decide = actor.account_id is not None and may(
        actor, Action.WRITE, Record(RecordKind.CLIENT_IDENTITY, client.relations)
    )
    return Board(criteria, tuple(ending_records.decisions_of(session, client_id)), may_decide)


def decide_ending(
    session: Session,
    actor: Actor,
    client_id: int,
    choice: EndingChoice,
    reasons: str,
    planned_on: date | None,
    now: datetime,
    definitions: Definitions,
) -> int:
    """Keep what the owner decided and why, with the board as it stood. Returns its id. Never changed afterwards.

    Raises NotYours, NotAllowed, InvalidInput without reasons, or for a planned day that is missing or past."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLIENT_IDENTITY, client_id, now)
    if actor.account_id is None:
        raise NotAllowed(Action.WRITE.value, RecordKind.CLIENT_IDENTITY.value, client_id)
    if not reasons.strip():
        raise InvalidInput("The reasons are missing.", "Write what decided it, in your words.", "reasons")
    if (choice is EndingChoice.PLAN_ENDING) != (planned_on is not None):
        raise InvalidInput("A planned ending has its day, and nothing else has.", "Choose the day.", "planned on")
    if planned_on is not None and planned_on < now.date():
        raise InvalidInput("The planned day has passed.", "Choose a day ahead.", "planned on")
    board = [_as_kept(one) for one in _criteria(session, actor, client_id, now, definitions)]
    row_id = ending_records.add_decision(
        session, client_id, choice.value, planned_on, reasons.strip(), board, actor.account_id, now
    )
    episode = episode_records.newest_episode(session, client_id)
    if episode is not None:
        episode.ending_planned_on = planned_on
        episode.version += 1
    details = {"decision": choice.value, "planned_on": planned_on.isoformat() if planned_on else None}
    access.record_event(
        session, actor, "ending_decided", "ending decision", now,
        record_id=row_id, client_code=client.code, details=details,
    )  # fmt: skip
    standing.recompute(session, client_id, now, definitions)
    return row_id


def _criteria(
    session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions
) -> tuple[Criterion, ...]:
    facts = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    kept = standing_queries.standing_detail(session, client_id)
    detail = StandingDetail.from_json(kept) if kept is not None else None
    readiness = ReadinessFacts(
        today=now.date(),
        extract=record_extract.extract(session, facts, (), now, definitions),
        record=entries.attachment_record(session, actor, client_id, now),
        markers=detail.markers if detail is not None else (),
        labels={key: marker.label for key, marker in definitions.model.markers.items()},
        papers=papers_of(session, client_id, now),
        next_on=detail.next_on if detail is not None else None,
    )
    return readiness_board(readiness, definitions.model.readiness)


def papers_of(session: Session, client_id: int, now: datetime) -> Papers:
    """The newest plan and the newest summary for the file of the newest episode, as far as they have come.

    The caller has checked access."""
    episode = episode_records.newest_episode(session, client_id)
    documents = [
        one
        for one in document_records.documents_of_client(session, client_id)
        if episode is None or one.episode_id in (None, episode.id)
    ]
    plan, summary = (
        [one for one in documents if (one.kind, one.audience) == paper]
        for paper in (("plan", "client"), ("summary", "file"))
    )
    return Papers(*_state(plan, now), *_state(summary, now))


def _state(versions: Sequence[DocumentHeader], now: datetime) -> tuple[str, date | None]:
    """How far a document has come, by the version that stands, else by its newest."""
    newest = next((one for one in versions if one.stands), versions[0] if versions else None)
    if newest is None:
        return "none", None
    at = newest.signed_at or newest.drafted_at
    state = "signed" if newest.stands else _STATES.get(newest.status, "none")
    return state, at.astimezone(now.tzinfo).date()


def _as_kept(criterion: Criterion) -> dict[str, Any]:
    """The criterion as plain values: what it said that day stays readable without the record."""
    plain = asdict(criterion)
    for side in ("in_favour", "against", "unknown"):
        plain[side] = [{**one, "on": one["on"].isoformat() if one["on"] else None} for one in plain[side]]
    return {**plain, "source": list(criterion.source)}

"""Client record: all that the client page knows of one client, put together for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.check_ins import CourseEnd, Level, course_ends
from lib.domain.definitions import Definitions
from lib.domain.errors import NotYours
from lib.domain.expected_response import ResponseModel
from lib.domain.flag_changes import HeldFlag
from lib.domain.flags import AttentionLevel, rule_of
from lib.domain.markers import MarkerSummary, RatingPoint, summarise
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.domain.process import Attendance
from lib.domain.standing import StandingDetail
from lib.services import access
from lib.services.client_measures import FormView, MeasureCourse, forms_told, measures_told
from lib.storage import (
    access_queries,
    client_queries,
    client_record_queries,
    extract_queries,
    flag_queries,
    measure_queries,
    note_queries,
    rating_queries,
    response_records,
    standing_queries,
)
from lib.storage.client_record_queries import BreakRow, EventRow, NoteHead, RuptureRow
from lib.storage.flag_queries import Response
from lib.storage.note_queries import SessionRow
from lib.storage.rating_queries import StoredRating


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """Who the client is. `version` is what an edit begins from.

    `may_write`: in the clinical record, which nobody may once therapy has ended; `may_respond`: to flags, and
    `may_edit`: this identity, both of which go on."""

    id: int
    code: str
    name: str
    born_on: date | None
    referred_on: date | None
    main_measure: str | None
    version: int
    owner: str
    may_write: bool
    may_respond: bool = False
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class MarkerCourse:
    """One growth marker: what has been said about it, and every rating that stands."""

    summary: MarkerSummary
    ratings: tuple[StoredRating, ...]


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag, its rule in words, and what people did about it. `state`: open, answered or lapsed."""

    id: int
    kind: str
    level: AttentionLevel
    is_risk: bool
    reason: str
    rule: str
    step: str
    raised_on: date
    state: str
    form_id: int | None
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class ClientOverview:
    """Everything about one client but the text of notes. Lists are newest first where not said otherwise.

    `measures`, `breaks`, `events` and `ruptures` run from the oldest on; `markers` are by key, all of the model.
    `parts`: state and since when of the parts of the work that somebody marked, by key. `ends` of courses of therapy,
    in their order; `level`: what was agreed last as "get in touch"."""

    client: ClientIdentity
    standing: StandingDetail
    measures: tuple[MeasureCourse, ...]
    forms: tuple[FormView, ...]
    markers: dict[str, MarkerCourse]
    flags: tuple[FlagView, ...]
    sessions: tuple[SessionRow, ...]
    notes: tuple[NoteHead, ...]
    breaks: tuple[BreakRow, ...]
    events: tuple[EventRow, ...]
    ruptures: tuple[RuptureRow, ...]
    parts: dict[str, tuple[str, date]]
    ends: tuple[CourseEnd, ...] = ()
    level: Level | None = None

    def form(self, form_id: int) -> FormView | None:
        """The form behind a point."""
        return next((form for form in self.forms if form.form_id == form_id), None)


def client_overview(
    session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions
) -> ClientOverview:
    """The whole record of one client as this actor may see it. Raises NotYours."""
    facts = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    kept = standing_queries.standing_detail(session, client_id)
    if kept is None:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, client_id)
    stored = measure_queries.forms_of_client(session, client_id)
    offered = note_queries.sessions_of(session, client_id)
    identity = replace(
        _identity(session, client_id, access.may_write(session, actor, facts), now),
        may_respond=may(actor, Action.RESPOND, Record(RecordKind.FLAG, facts.relations)),
        may_edit=may(actor, Action.WRITE, Record(RecordKind.CLIENT_IDENTITY, facts.relations)),
    )
    return ClientOverview(
        client=identity,
        standing=StandingDetail.from_json(kept),
        measures=measures_told(stored, definitions.instruments, _attended_on(offered), _models(session, kept)),
        forms=forms_told(stored, definitions.instruments),
        markers=_markers(session, client_id, definitions),
        flags=_flags(session, client_id),
        sessions=tuple(offered),
        notes=tuple(client_record_queries.note_heads(session, actor, client_id, now)),
        breaks=tuple(client_record_queries.breaks_of(session, client_id)),
        events=tuple(client_record_queries.events_of(session, client_id)),
        ruptures=tuple(client_record_queries.ruptures_of(session, client_id)),
        parts=client_record_queries.states_of_parts(session, client_id),
        ends=course_ends(client_record_queries.course_days(session, client_id)),
        level=_level(session, client_id),
    )


def _level(session: Session, client_id: int) -> Level | None:
    agreed = extract_queries.agreed_level(session, client_id)
    return None if agreed is None else Level(agreed.measure, agreed.level)


def _models(session: Session, kept: Mapping[str, Any]) -> Mapping[str, ResponseModel]:
    """The practice's expected response; none for a closed course, which may be one of those it was fitted on."""
    return response_records.current_models(session) if kept["is_open"] else {}


def _attended_on(offered: Sequence[SessionRow]) -> list[date]:
    return sorted(one.held_on for one in offered if one.attendance == Attendance.ATTENDED)


def as_json(overview: ClientOverview) -> dict[str, Any]:
    """The overview as the terminal prints it: plain values, days as ISO texts."""
    return {field.name: _plain(getattr(overview, field.name)) for field in fields(overview)}


def _identity(session: Session, client_id: int, may_write: bool, now: datetime) -> ClientIdentity:
    row = client_queries.client_row(session, client_id)
    if row is None:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, client_id)
    owner = access_queries.owner_of(session, client_id, now.date())
    return ClientIdentity(
        id=row.id,
        code=row.code,
        name=row.name,
        born_on=row.born_on,
        referred_on=row.referred_on,
        main_measure=row.main_measure,
        version=row.version,
        owner=owner.name if owner else "",
        may_write=may_write,
    )


def _markers(session: Session, client_id: int, definitions: Definitions) -> dict[str, MarkerCourse]:
    ratings = rating_queries.current_ratings(session, [client_id])
    points = [RatingPoint(r.id, r.marker, r.level, r.rated_on, r.context, r.evidence) for r in ratings]
    return {
        key: MarkerCourse(summarise(key, points), tuple(rating for rating in ratings if rating.marker == key))
        for key in definitions.model.markers
    }


def _flags(session: Session, client_id: int) -> tuple[FlagView, ...]:
    responses = flag_queries.responses_of_client(session, client_id)
    held = flag_queries.flags_of(session, [client_id]).get(client_id, [])
    views = [_flag_view(flag, tuple(r for r in responses if r.flag_id == flag.id)) for flag in held]
    return tuple(sorted(views, key=lambda flag: (flag.state != "open", not flag.is_risk, -flag.raised_on.toordinal())))


def _flag_view(flag: HeldFlag, responses: tuple[Response, ...]) -> FlagView:
    rule = rule_of(flag.kind)
    return FlagView(
        id=flag.id,
        kind=flag.kind,
        level=rule.level,
        is_risk=flag.is_risk,
        reason=flag.reason,
        rule=rule.rule,
        step=rule.step,
        raised_on=flag.raised_on,
        state=flag.state,
        form_id=flag.form_id,
        responses=responses,
    )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value

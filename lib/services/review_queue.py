"""Review queue: cases to talk about next, why, since when, and what was done. From standings; nothing is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.flags import AttentionLevel, FlagKind, day_in_words
from lib.domain.people import Actor, Permission
from lib.domain.standing import StandingDetail
from lib.services import access
from lib.storage import outcome_queries, review_queue_queries, supervision_records
from lib.storage.outcome_queries import StandingOfSupervised
from lib.storage.review_queue_queries import Disagreement, LastDeed, WaitingCase
from lib.storage.supervision_records import CaseComment

MOST_LISTED = 200
ENDING_NEAR = timedelta(days=14)


class Topic(StrEnum):
    """What a case is about, in the word its row begins with."""

    RISK = "Risk"
    WORSE = "Worse"
    OFF_TRACK = "Off track"
    RUPTURE = "Rupture"
    ALLIANCE = "Alliance"
    SOURCES = "Sources disagree"
    SILENCE = "Silence"
    COSIGN = "To co-sign"
    ENDING = "Ending"
    OTHER = "Watch"


TOPICS: dict[str, Topic] = {
    FlagKind.RELIABLE_DETERIORATION: Topic.WORSE,
    FlagKind.TWO_WORSENINGS: Topic.WORSE,
    FlagKind.NO_EARLY_RESPONSE: Topic.OFF_TRACK,
    FlagKind.OPEN_RUPTURE: Topic.RUPTURE,
    FlagKind.NO_NEXT_DATE: Topic.SILENCE,
    FlagKind.NO_DATA: Topic.SILENCE,
    "not_on_track": Topic.OFF_TRACK,
    "alliance_drop": Topic.ALLIANCE,
    "sources_disagree": Topic.SOURCES,
}
_ORDER = [
    Topic.RISK, Topic.COSIGN, Topic.WORSE, Topic.RUPTURE, Topic.OFF_TRACK, Topic.ALLIANCE, Topic.SOURCES, Topic.OTHER,
    Topic.ENDING, Topic.SILENCE,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One client and one reason to talk about them. `deed`: what was done about a flag last; None: nothing.

    `last_word`: this supervisor's newest comment on the case."""

    client_id: int
    code: str
    name: str
    therapist_id: int
    therapist: str
    topic: Topic
    reason: str
    since: date
    deed: LastDeed | None = None
    last_word: CaseComment | None = None


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The cases, the gravest and oldest first. `cut`: more clients ask than are listed; `clients`: all supervised."""

    cases: tuple[Case, ...]
    cut: bool
    therapists: dict[int, str]
    clients: int
    checked_at: datetime


def queue(session: Session, actor: Actor, now: datetime, definitions: Definitions | None = None) -> ReviewQueue:
    """What this supervisor's supervisees' clients ask for today; `definitions` for the names of growth markers.

    Raises NotAllowed without the role."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    today = now.date()
    asking = outcome_queries.standings_asking(session, actor, now, MOST_LISTED + 1)
    cases = [case for row in asking[:MOST_LISTED] for case in _cases(row, today)]
    cases += [_cosign(case, "note") for case in review_queue_queries.notes_to_cosign(session, actor, now)]
    cases += [_cosign(case, "document") for case in review_queue_queries.documents_to_cosign(session, actor, now)]
    cases += _disagreements(review_queue_queries.disagreements(session, actor, now), definitions)
    due = review_queue_queries.endings_due(session, actor, today, today + ENDING_NEAR)
    cases += [_ending(case, today) for case in due]
    ids = sorted({case.client_id for case in cases})
    supervised = outcome_queries.supervised_therapists(session, actor, now)
    return ReviewQueue(
        cases=tuple(sorted(_told(session, actor, cases, ids, today), key=_order)),
        cut=len(asking) > MOST_LISTED,
        therapists={one.therapist_id: one.therapist for one in supervised},
        clients=sum(one.clients for one in supervised),
        checked_at=now,
    )


def _cases(row: StandingOfSupervised, today: date) -> list[Case]:
    detail = StandingDetail.from_json(row.detail)
    who = (row.client_id, detail.code, detail.name, row.therapist_id, row.therapist)
    return [
        Case(*who, _topic(one.level, one.kind), one.reason, one.since)
        for one in detail.reasons_on(today)
        if one.level is not AttentionLevel.PREPARE
    ]


def _topic(level: AttentionLevel, kind: str) -> Topic:
    return Topic.RISK if level is AttentionLevel.RISK else TOPICS.get(kind, Topic.OTHER)


def _cosign(case: WaitingCase, what: str) -> Case:
    reason = f"A {what} of {day_in_words(case.since)} waits for your co-signature."
    return Case(
        case.client_id, case.code, case.name, case.therapist_id, case.therapist, Topic.COSIGN, reason, case.since
    )


def _disagreements(found: Sequence[Disagreement], definitions: Definitions | None) -> list[Case]:
    """One case a client, naming every marker on which therapist and client are far apart."""
    by_client: dict[int, list[Disagreement]] = {}
    for one in found:
        by_client.setdefault(one.client_id, []).append(one)
    cases = []
    for apart in by_client.values():
        first, *others = apart
        told = f"{_marker(first, definitions)}: the therapist rated {first.clinician}, the client {first.client}"
        told += "".join(f"; {_marker(one, definitions)}: {one.clinician} and {one.client}" for one in others)
        since = min(one.since for one in apart)
        who = (first.client_id, first.code, first.name, first.therapist_id, first.therapist)
        cases.append(Case(*who, Topic.SOURCES, f"{told} ({day_in_words(since)}).", since))
    return cases


def _marker(one: Disagreement, definitions: Definitions | None) -> str:
    known = None if definitions is None else definitions.model.markers.get(one.marker)
    return known.label if known is not None else one.marker.replace("_", " ").capitalize()


def _ending(case: WaitingCase, today: date) -> Case:
    day = day_in_words(case.since)
    reason = f"Ending planned for {day}." if case.since >= today else f"The ending planned for {day} has passed."
    return Case(
        case.client_id, case.code, case.name, case.therapist_id, case.therapist, Topic.ENDING, reason, case.since
    )


def _told(session: Session, actor: Actor, cases: list[Case], ids: list[int], today: date) -> list[Case]:
    """The cases with what was done, what this supervisor said last, and how many sessions a rupture is old."""
    deeds = review_queue_queries.last_deeds(session, ids)
    said = {
        one.client_id: one
        for one in reversed(supervision_records.comments_of_supervisor(session, actor, today, client_ids=ids))
    }
    ruptures = {
        (one.client_id, one.happened_on): one.sessions_since for one in review_queue_queries.open_ruptures(session, ids)
    }
    told = []
    for case in cases:
        reason = case.reason
        if case.topic is Topic.RUPTURE and (held := ruptures.get((case.client_id, case.since))):
            reason = f"{reason.rstrip('.')}, open for {held} session{'' if held == 1 else 's'}."
        told.append(
            replace(case, reason=reason, deed=deeds.get(case.client_id), last_word=said.get(case.client_id))
        )  # fmt: skip
    return told


def _order(case: Case) -> tuple[int, date, str, str]:
    return _ORDER.index(case.topic), case.since, case.code, case.reason

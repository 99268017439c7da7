"""Turn it round: what the clinician chose to show a client, and the client's page made of nothing else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.standing import StandingDetail
from lib.domain.turn_round import (
    Chosen,
    ClientsOwn,
    Line,
    Section,
    own_beliefs,
    own_lines,
    own_markers,
    own_measures,
)
from lib.services import access, entries
from lib.storage import client_queries, extract_queries, goal_queries, standing_queries, turn_round_records


def chosen(session: Session, actor: Actor, client_id: int, now: datetime) -> Chosen:
    """What was last chosen for this client; nothing until somebody chose. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return _chosen(session, client_id)


def choose(session: Session, actor: Actor, client_id: int, sections: Collection[Section], now: datetime) -> Chosen:
    """Keep what may be shown. The alliance among it means: agreed with the client today, or on the day it was before.

    Raises NotYours, NotAllowed."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    before = _chosen(session, client_id)
    agreed_on = (before.alliance_agreed_on or now.date()) if Section.ALLIANCE in sections else None
    made = Chosen(frozenset(sections), agreed_on)
    if made == before:
        return made
    ordered = [section.value for section in Section if section in made.sections]
    turn_round_records.keep_choice(session, client_id, ordered, agreed_on, actor.account_id, now)
    details = {"sections": ordered, "alliance_agreed_on": agreed_on.isoformat() if agreed_on else None}
    access.record_event(session, actor, "turn_round_chosen", "client", now, client_code=client.code, details=details)
    return made


def clients_own(session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions) -> ClientsOwn:
    """The client's page: only the chosen sections are read into it at all. Raises NotYours."""
    record = entries.attachment_record(session, actor, client_id, now)
    client, kept = client_queries.client_row(session, client_id), standing_queries.standing_detail(session, client_id)
    choice, plain = _chosen(session, client_id), definitions.model.plain
    standing = StandingDetail.from_json(kept) if kept is not None else None
    measures = own_measures(standing.measures, definitions.instruments, plain) if standing is not None else {}
    return ClientsOwn(
        name=client.name if client is not None else "",
        chosen=choice,
        lines=own_lines(choice, record, _came_with(session, client_id), measures),
        beliefs=own_beliefs(record) if choice.shows(Section.BELIEFS) else (),
        markers=own_markers(standing.markers, plain) if standing and choice.shows(Section.MARKERS) else (),
    )


def _came_with(session: Session, client_id: int) -> list[Line]:
    """What was asked for at the start, and the goals agreed since."""
    episode = extract_queries.latest_episode(session, client_id)
    said = [Line(episode.needs_at_start, episode.starts_on)] if episode is not None and episode.needs_at_start else []
    return [*said, *(Line(goal.goal, goal.agreed_on) for goal in goal_queries.goals_of(session, client_id))]


def _chosen(session: Session, client_id: int) -> Chosen:
    row = turn_round_records.chosen_row(session, client_id)
    if row is None:
        return Chosen()
    known = {section.value for section in Section}
    return Chosen(frozenset(Section(one) for one in row.sections if one in known), row.alliance_agreed_on)

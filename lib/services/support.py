"""Support when stuck: what the record of one client says about why a flag may stand. A reading; nothing is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import NotYours
from lib.domain.flags import FlagState, day_in_words
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.standing import StandingDetail
from lib.domain.support import Support, SupportFacts, support_for
from lib.services import access, entries
from lib.storage import evidence_queries, flag_queries, note_queries, standing_queries

_MEASURED = (".avoidance", ".anxiety")
_SURFACE_TALK = "surface_talk"


def support_of_flag(
    session: Session, actor: Actor, client_id: int, flag_id: int, now: datetime, definitions: Definitions
) -> Support:
    """What this flag of this client opens, for whoever may read the record. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.FLAG, client_id, now)
    held = flag_queries.flags_of(session, [client_id]).get(client_id, [])
    flag = next((one for one in held if one.id == flag_id), None)
    if flag is None:
        raise NotYours("flag", flag_id)
    facts = SupportFacts(
        record=entries.attachment_record(session, actor, client_id, now),
        offered=[(one.held_on, one.attendance) for one in note_queries.sessions_of(session, client_id)],
        flags=[(one.kind, one.raised_on, one.reason) for one in held if one.state == FlagState.OPEN],
        surface_on=[
            one.dated_on for one in evidence_queries.confirmed(session, client_id) if one.code == _SURFACE_TALK
        ],
        measured=_measured(session, client_id),
    )
    return support_for(flag.is_risk, facts, definitions.model.support, now.date())


def _measured(session: Session, client_id: int) -> list[str]:
    """The latest self-reported avoidance and anxiety, each with its day and scale."""
    kept = standing_queries.standing_detail(session, client_id)
    if kept is None:
        return []
    return [
        f"{one.name} {one.latest:.{min(2, one.decimals)}f} of {one.low:g} to {one.high:g},"
        f" {day_in_words(one.latest_on)}"
        for one in StandingDetail.from_json(kept).measures
        if one.measure.endswith(_MEASURED)
    ]

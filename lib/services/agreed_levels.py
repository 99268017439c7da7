"""The level that means "get in touch": what may be proposed from the record, and what was agreed with the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.agreed_level import LevelProposal, proposed_level
from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput
from lib.domain.instruments import Scale
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.services.extract_measures import measure_named, scale_facts
from lib.storage import extract_queries
from lib.storage.tables import AgreedLevel

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A measure the client answered, by its key, with what may be proposed for it."""

    measure: str
    name: str
    better: str
    low: float | None
    high: float | None
    decimals: int
    last: float
    proposal: LevelProposal | None


def level_choices(
    session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions
) -> tuple[LevelChoice, ...]:
    """The client's own measures with a proposal where the figures allow one, the most often answered first."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    episode = extract_queries.latest_episode(session, client_id)
    forms = extract_queries.current_administrations(session, client_id, extract_queries.days_of(episode))
    own = [fact for fact in scale_facts(forms, definitions.instruments) if fact.respondent == "client"]
    own.sort(key=lambda fact: -len(fact.points))
    return tuple(
        LevelChoice(
            fact.measure,
            fact.name,
            fact.better,
            fact.low,
            fact.high,
            fact.decimals,
            fact.points[-1].value,
            proposed_level(fact),
        )
        for fact in own
    )


def agree_level(
    session: Session,
    actor: Actor,
    client_id: int,
    measure: str,
    level: float,
    reason: str,
    now: datetime,
    definitions: Definitions,
) -> int:
    """Keep what was agreed; the level before it stays on record. Returns the id of the row.

    Raises NotYours, NotAllowed, or InvalidInput for a measure the practice does not know or a level off its scale."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    _name, scale = measure_named(measure, definitions.instruments)
    _check_on_scale(level, scale)
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON or "\x00" in reason:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON:,} letters.", "Shorten it.", field="reason")
    row = AgreedLevel(
        client_id=client_id,
        measure=measure,
        level=level,
        agreed_on=now.date(),
        reason=reason,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    access.record_event(session, actor, "level_agreed", "agreed_level", now, record_id=row.id, client_code=client.code)
    standing.recompute(session, client_id, now, definitions)
    return row.id


def _check_on_scale(level: float, scale: Scale) -> None:
    below = scale.low is not None and level < scale.low
    above = scale.high is not None and level > scale.high
    if not (below or above) and level == level:  # nan is no level
        return
    raise InvalidInput(
        "This level is not on the scale.", f"{scale.name} runs from {scale.low:g} to {scale.high:g}.", field="level"
    )

"""Flags: what a person did about one. Until then it stays open and stays in sight."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.flag_changes import RESTS, USUAL_REST, rest_until
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.storage import flag_queries, flag_records

LONGEST_RESPONSE = 4_000


def respond_to_flag(
    session: Session,
    actor: Actor,
    flag_id: int,
    client_id: int,
    what_was_done: str,
    now: datetime,
    definitions: Definitions,
    rest_weeks: int = USUAL_REST,
) -> None:
    """Keep what was done about a flag, and close it; an answered flag may be answered again, and both stay.

    A rule flag then sleeps one, two or four weeks, and asks again while its rule holds; a risk flag never rests: it
    wakes through a new form, whenever that is. The flag must be this client's.
    Raises NotYours, NotAllowed (a supervisor comments, and does not answer), InvalidInput for empty words or a rest."""
    flag = flag_queries.flag_row(session, flag_id)
    if flag is None or flag.client_id != client_id:
        raise NotYours("flag", flag_id, Action.RESPOND.value)
    client = access.client_for(session, actor, Action.RESPOND, RecordKind.FLAG, client_id, now)
    words = what_was_done.strip()
    if not words or len(words) > LONGEST_RESPONSE:
        raise InvalidInput("Say what was done.", f"Up to {LONGEST_RESPONSE} letters.", "response")
    if rest_weeks not in RESTS:
        raise InvalidInput("A flag may rest for one, two or four weeks.", "Choose one of them.", "rest_weeks")
    rests_until = None if flag.is_risk else rest_until(now.date(), rest_weeks)
    flag_records.answer_flag(session, flag, actor.account_id, words, now, rests_until)
    kind = {"kind": flag.kind, **({"rests_until": rests_until.isoformat()} if rests_until else {})}
    access.record_event(
        session, actor, "flag_answered", "flag", now, record_id=flag_id, client_code=client.code, details=kind
    )
    standing.recompute(session, client_id, now, definitions)

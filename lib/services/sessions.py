"""Sessions: a meeting held or missed is put into the record."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput
from lib.domain.notes import SessionDetails, check_dated_on, check_details
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.storage import note_records


def record_session(
    session: Session,
    actor: Actor,
    client_id: int,
    held_on: date,
    details: SessionDetails,
    now: datetime,
    definitions: Definitions,
) -> int:
    """A session held or offered, numbered after the last one. Returns its id.

    Raises NotYours, NotAllowed, InvalidInput for a date or a detail that breaks a rule."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    check_dated_on(held_on, now.date(), client.born_on)
    check_details_of_model(details, held_on, definitions)
    session_id = note_records.add_session(session, client_id, held_on, details)
    kept = {"held_on": held_on.isoformat(), "attendance": details.attendance}
    access.record_event(
        session, actor, "session_recorded", "session", now, record_id=session_id, client_code=client.code, details=kept
    )
    standing.recompute(session, client_id, now, definitions)
    return session_id


def check_details_of_model(details: SessionDetails, held_on: date, definitions: Definitions) -> None:
    """Raises InvalidInput when a detail breaks a rule, or names a part or an approach that the model does not hold."""
    check_details(details, held_on)
    _check_keys("part of the work", details.parts, definitions.model.parts)
    _check_keys("approach", details.approaches, definitions.model.approaches)


def _check_keys(what: str, keys: tuple[str, ...], known: Container[str]) -> None:
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise InvalidInput(f"There is no {what} {unknown[0]!r}.", "Choose from the list.", what)

"""Entries of the attachment record: one road for everything that is written beside notes, scores and ratings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.entries import Entry, check_entry, day_of
from lib.domain.errors import NotYours
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.storage import entry_records


def add_entry(
    session: Session, actor: Actor, client_id: int, entry: Entry, now: datetime, definitions: Definitions
) -> int:
    """Keep an entry about this client. Returns its id.

    Raises NotYours (also for an entry that hangs on another client's), NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    check_entry(entry, definitions.model, now.date())
    if not entry_records.parent_is_of_client(session, entry, client_id):
        raise NotYours("entry", None, Action.WRITE.value)
    entry_id = entry_records.add_entry(session, client_id, entry, actor.account_id, now)
    kind = type(entry).__name__
    details = {"kind": kind, "about": day_of(entry).isoformat()}
    access.record_event(
        session, actor, "entry_added", kind, now, record_id=entry_id, client_code=client.code, details=details
    )
    standing.recompute(session, client_id, now, definitions)
    return entry_id

"""Entries of the attachment record: one road for everything that is written beside notes, scores and ratings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.domain.entries import KINDS, NEW_ONLY, Entry, Repair, day_of
from lib.domain.entry_checks import check_entry
from lib.domain.errors import InvalidInput, NotYours, StaleVersion
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.signs import check_sign_ratings
from lib.services import access, standing
from lib.storage import entry_queries, entry_records, sign_records

# the field of AttachmentRecord -> the kind of entry it holds
_HELD = {
    "ruptures": "rupture",
    "moments": "moment",
    "beliefs": "belief",
    "convictions": "conviction",
    "people": "person",
    "safety": "safety",
    "practices": "practice",
    "reviews": "review",
    "steps": "step",
    "attempts": "attempt",
    "breaks": "break",
    "events": "event",
    "formulations": "formulation",
    "parts": "part",
    "changes": "change",
    "ending_talks": "ending_talk",
}
MISTAKE = "Entered by mistake"


def attachment_record(session: Session, actor: Actor, client_id: int, now: datetime) -> AttachmentRecord:
    """Every entry about this client that stands. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    held = {name: entry_queries.held_entries(session, KINDS[kind], client_id) for name, kind in _HELD.items()}
    return AttachmentRecord(
        **held,
        repairs=entry_queries.repairs_of(session, client_id),
        signs=sign_records.sign_ratings(session, client_id),
    )


def may_write(session: Session, actor: Actor, client_id: int, now: datetime) -> bool:
    """Whether this actor may write in the client's record. Raises NotYours for a client they may not know of."""
    facts = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return access.may_write(session, actor, facts)


def add_entry(
    session: Session, actor: Actor, client_id: int, entry: Entry, now: datetime, definitions: Definitions
) -> int:
    """Keep an entry about this client. Returns its id.

    Raises NotYours (also for an entry that hangs on another client's), NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    _check(session, client_id, entry, now, definitions)
    if isinstance(entry, Repair):
        _check_repair(session, entry)
    entry_id = entry_records.add_entry(session, client_id, entry, actor.account_id, now)
    details = {"kind": type(entry).__name__, "about": day_of(entry).isoformat()}
    _written(session, actor, "entry_added", type(entry), entry_id, client.code, details, now)
    standing.recompute(session, client_id, now, definitions)
    return entry_id


def change_entry(
    session: Session,
    actor: Actor,
    client_id: int,
    entry_id: int,
    entry: Entry,
    version: int,
    now: datetime,
    definitions: Definitions,
) -> None:
    """Correct an entry. What it said before stays with it.

    Raises NotYours, NotAllowed, InvalidInput, and StaleVersion when somebody changed it since `version`."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    row = _row(session, type(entry), entry_id, client_id)
    if type(entry) in NEW_ONLY:
        raise InvalidInput("This is not changed: write a new version.", field="kind")
    _check(session, client_id, entry, now, definitions)
    if row.version != version:
        theirs = {name: getattr(row, name) for name in entry_records.content_of(entry)}
        raise StaleVersion(_told(entry_records.content_of(entry)), _told(theirs), row.version)
    entry_records.change_entry(session, row, entry, actor.name, now)
    details = {"kind": type(entry).__name__, "version": row.version}
    _written(session, actor, "entry_changed", type(entry), entry_id, client.code, details, now)
    standing.recompute(session, client_id, now, definitions)


def strike_entry(
    session: Session,
    actor: Actor,
    client_id: int,
    kind: str,
    entry_id: int,
    why: str,
    now: datetime,
    definitions: Definitions,
) -> None:
    """Strike an entry out: it stays in the database with the reason, and nothing that reads the record finds it.

    A repair that is struck out opens its rupture again. Raises NotYours, NotAllowed, InvalidInput without a reason."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    if kind not in KINDS:
        raise InvalidInput(f"{kind!r} is no kind of entry.", field="kind")
    if not why.strip():
        raise InvalidInput("Say why it is struck out.", field="why")
    row = _row(session, KINDS[kind], entry_id, client_id)
    if kind == "repair":
        entry_records.open_again(session, row, actor.name, now)
    else:
        entry_records.strike(session, row, why.strip(), actor.account_id, now)
    details = {"kind": KINDS[kind].__name__}
    _written(session, actor, "entry_struck", KINDS[kind], entry_id, client.code, details, now)
    standing.recompute(session, client_id, now, definitions)


def rate_signs(
    session: Session,
    actor: Actor,
    client_id: int,
    context: str,
    rated_on: date,
    levels: Mapping[str, int | None],
    now: datetime,
    definitions: Definitions,
) -> None:
    """Rate signs in one context. Rating one again on the same day corrects it.

    Raises NotYours, NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    check_sign_ratings(context, rated_on, levels, definitions.model, now.date())
    ids = sign_records.add_sign_ratings(session, client_id, context, rated_on, levels, actor.account_id, now)
    details = {"context": context, "about": rated_on.isoformat(), "signs": len(ids)}
    access.record_event(session, actor, "signs_rated", "sign", now, client_code=client.code, details=details)
    standing.recompute(session, client_id, now, definitions)


def take_back_signs(
    session: Session, actor: Actor, client_id: int, context: str, rated_on: date, now: datetime
) -> None:
    """Take the ratings of one context and day back; they stay in the database.

    Raises NotYours, NotAllowed, InvalidInput when nothing was rated there."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    ended = sign_records.end_sign_ratings(session, client_id, context, rated_on, now)
    if not ended:
        raise InvalidInput("No sign was rated in this context on this day.", field="signs")
    details = {"context": context, "about": rated_on.isoformat(), "signs": ended}
    access.record_event(session, actor, "signs_taken_back", "sign", now, client_code=client.code, details=details)


def _check(session: Session, client_id: int, entry: Entry, now: datetime, definitions: Definitions) -> None:
    check_entry(entry, definitions.model, now.date())
    if not entry_records.parent_is_of_client(session, entry, client_id):
        raise NotYours("entry", None, Action.WRITE.value)


def _check_repair(session: Session, repair: Repair) -> None:
    happened_on, repaired = entry_records.rupture_of(session, repair.rupture_id)
    if repaired:
        raise InvalidInput("This rupture has a repair already.", "Strike the repair out first.", "rupture")
    if repair.repaired_on < happened_on:
        raise InvalidInput("A repair comes after the rupture.", "Correct the day.", "date")


def _row(session: Session, kind: type, entry_id: int, client_id: int) -> Any:
    row = entry_records.entry_row(session, kind, entry_id, client_id)
    if row is None or (kind is Repair and row.repaired_on is None):
        raise NotYours("entry", None, Action.WRITE.value)
    return row


def _told(content: Mapping[str, Any]) -> str:
    return " · ".join(str(value) for value in content.values() if value not in (None, "", []))


def _written(
    session: Session,
    actor: Actor,
    action: str,
    kind: type,
    entry_id: int,
    code: str,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    access.record_event(
        session, actor, action, kind.__name__, now, record_id=entry_id, client_code=code, details=details
    )

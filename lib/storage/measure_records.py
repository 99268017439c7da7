"""Measure records: rows of filled-in forms. A correction adds a row and keeps the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from lib.domain.form_changes import FormToWrite
from lib.domain.instruments import Instruments
from lib.storage.bulk import add_alike, next_ids, table_of
from lib.storage.tables import Administration

_forms = table_of(Administration)
_END = update(_forms).where(_forms.c.id == bindparam("old_id")).values(superseded_at=bindparam("at"))
_POINT = update(_forms).where(_forms.c.id == bindparam("old_id")).values(superseded_by_id=bindparam("new_id"))
_OF_EACH = ("id", "client_id", "taken_on", "answers", "scales")
_FLAWS = ("prorated", "unscorable", "alerts")
_FLAWLESS: Mapping[str, Any] = {"prorated": "[]", "unscorable": "{}", "alerts": "[]"}


class _Kind(NamedTuple):
    """What forms share that are written together. Flawless: all was answered and nothing alerts."""

    instrument: str
    target: str
    respondent: str
    session_id: int | None
    is_flawless: bool


def add_forms(
    session: Session, forms: Sequence[FormToWrite], instruments: Instruments, entered: Mapping[str, Any]
) -> list[int]:
    """New forms, each in place of the one its change names, if any. Returns their ids in order.

    `entered` holds `entered_at`, `entered_by_id` and `import_batch_id` of all. The old ones are ended first, because
    only one form of a kind and day may be current."""
    session.flush()
    new_ids = next_ids(session, Administration, len(forms)) if forms else []
    told = zip(forms, new_ids, strict=True)
    replaced = [(form.change.held_id, new_id) for form, new_id in told if form.change.held_id is not None]
    if replaced:
        at = entered["entered_at"]
        session.connection().execute(_END, [{"old_id": old_id, "at": at} for old_id, _ in replaced])
    for kind, rows in _by_kind(forms, new_ids).items():
        same = {**entered, **kind._asdict(), "instrument_version": instruments[kind.instrument].version}
        is_flawless = same.pop("is_flawless")
        names = _OF_EACH if is_flawless else (*_OF_EACH, *_FLAWS)
        add_alike(session, Administration, names, rows, {**same, **_FLAWLESS} if is_flawless else same)
    if replaced:
        session.connection().execute(_POINT, [{"old_id": old_id, "new_id": new_id} for old_id, new_id in replaced])
    return new_ids


def _by_kind(forms: Sequence[FormToWrite], ids: Sequence[int]) -> dict[_Kind, list[tuple[Any, ...]]]:
    """The rows of the forms, those of one kind together."""
    found: dict[_Kind, list[tuple[Any, ...]]] = defaultdict(list)
    for form_id, (client_id, incoming, change, session_id) in zip(ids, forms, strict=True):
        scales, *flaws = change.scored
        answers = None if change.answers is None else _json(change.answers)
        row = (form_id, client_id, incoming.taken_on.isoformat(), answers, _json(scales))
        kind = _Kind(incoming.instrument, incoming.target, incoming.respondent, session_id, not any(flaws))
        found[kind].append(row if kind.is_flawless else (*row, *map(_json, flaws)))
    return found


def _json(value: Any) -> str:
    return orjson.dumps(value, default=dict).decode()  # a mapping that is no dict becomes one

"""Measure records: rows of filled-in forms. A correction adds a row and keeps the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

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
_OF_EACH = ("id", "client_id", "session_id", "taken_on", "answers", "scales", "prorated", "unscorable", "alerts")


def add_forms(
    session: Session, forms: Sequence[FormToWrite], instruments: Instruments, entered: Mapping[str, Any]
) -> list[int]:
    """New forms, each in place of the one its change names, if any. Returns their ids in order.

    `entered` holds `entered_at`, `entered_by_id` and `import_batch_id` of all. The old ones are ended first, because
    only one form of a kind and day may be current."""
    session.flush()
    old = [form.change.held_id for form in forms if form.change.held_id is not None]
    if old:
        session.connection().execute(_END, [{"old_id": old_id, "at": entered["entered_at"]} for old_id in old])
    new_ids = next_ids(session, Administration, len(forms)) if forms else []
    kinds: dict[tuple[str, str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for form_id, form in zip(new_ids, forms, strict=True):
        incoming = form.incoming
        kinds[incoming.instrument, incoming.target, incoming.respondent].append(_row(form_id, form))
    for (instrument, target, respondent), rows in kinds.items():
        kind = {"instrument": instrument, "target": target, "respondent": respondent}
        version = instruments[instrument].version
        add_alike(session, Administration, _OF_EACH, rows, {**kind, "instrument_version": version, **entered})
    replaced = zip((form.change.held_id for form in forms), new_ids, strict=True)
    pairs = [{"old_id": old_id, "new_id": new_id} for old_id, new_id in replaced if old_id is not None]
    if pairs:
        session.connection().execute(_POINT, pairs)
    return new_ids


def _row(form_id: int, form: FormToWrite) -> tuple[Any, ...]:
    answers, scored = form.change.answers, form.change.scored
    return (
        form_id,
        form.client_id,
        form.session_id,
        form.incoming.taken_on.isoformat(),
        None if answers is None else _json(dict(answers)),
        _json(scored.scales),
        _json(scored.prorated) if scored.prorated else "[]",
        _json(scored.unscorable) if scored.unscorable else "{}",
        _json(scored.alerts) if scored.alerts else "[]",
    )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()

"""Form writing: the one road by which filled-in forms reach the record, so that no path skips a risk flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.flag_changes import HeldFlag
from lib.domain.flags import RaisedFlag, risk_flags
from lib.domain.form_changes import FormChange, Outcome
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instruments
from lib.domain.people import Actor
from lib.storage import flag_queries, flag_records, measure_records


@dataclass(frozen=True, slots=True)
class FormToWrite:
    """A form whose client, rules and change have been checked."""

    client_id: int
    incoming: AdministrationIn
    change: FormChange
    session_id: int | None = None


def write_forms(
    session: Session,
    actor: Actor,
    forms: Sequence[FormToWrite],
    now: datetime,
    definitions: Definitions,
    batch_id: int | None = None,
) -> list[int]:
    """Store the new and corrected ones of these forms and raise their risk flags. Returns the new rows' ids.

    An alert that a superseded form has already raised in the same words is not raised twice; its flag, open or
    answered, stays as it is."""
    changed = [form for form in forms if form.change.outcome in (Outcome.NEW, Outcome.CORRECTED)]
    rows = [_row(form, actor, now, definitions.instruments, batch_id) for form in changed]
    new_ids = measure_records.add_forms(session, rows, [form.change.held_id for form in changed], now)
    replaced = [form.change.held_id for form in changed if form.change.held_id is not None]
    known = flag_queries.flags_of_forms(session, replaced) if replaced else {}
    raised = [
        (form.client_id, flag)
        for form, form_id in zip(changed, new_ids, strict=True)
        if form.change.scored.alerts
        for flag in _risk_flags(form, form_id, definitions.instruments)
        if not _told(flag, known.get(form.change.held_id or 0, ()))
    ]
    flag_records.add_flags(session, raised)
    return new_ids


def _row(
    form: FormToWrite, actor: Actor, now: datetime, instruments: Instruments, batch_id: int | None
) -> dict[str, Any]:
    incoming, scored = form.incoming, form.change.scored
    return {
        "client_id": form.client_id,
        "session_id": form.session_id,
        "instrument": incoming.instrument,
        "instrument_version": instruments[incoming.instrument].version,
        "target": incoming.target,
        "respondent": incoming.respondent,
        "taken_on": incoming.taken_on,
        "answers": dict(form.change.answers) if form.change.answers is not None else None,
        "scales": scored.scales,
        "prorated": list(scored.prorated),
        "unscorable": scored.unscorable,
        "alerts": list(scored.alerts),
        "import_batch_id": batch_id,
        "entered_by_id": actor.account_id,
        "entered_at": now,
    }


def _risk_flags(form: FormToWrite, form_id: int, instruments: Instruments) -> tuple[RaisedFlag, ...]:
    instrument = instruments[form.incoming.instrument]
    return risk_flags(instrument, form.change.answers, form.change.scored.alerts, form.incoming.taken_on, form_id)


def _told(flag: RaisedFlag, known: Sequence[HeldFlag]) -> bool:
    return any(held.kind == flag.kind and held.reason == flag.reason for held in known)

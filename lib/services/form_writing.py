"""Form writing: the one road by which filled-in forms reach the record, so that no path skips a risk flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.flag_changes import HeldFlag
from lib.domain.flags import RaisedFlag, risk_flags
from lib.domain.form_changes import FormToWrite, HeldForm, Outcome, change_of_form, day_problem
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument, Instruments
from lib.domain.policy import Action, RecordKind
from lib.domain.scoring import ScoredForm
from lib.storage import client_queries, flag_queries, flag_records, measure_queries, measure_records
from lib.storage.access_queries import ClientFacts


@dataclass(frozen=True, slots=True)
class EnteredForm:
    """What came of one form: new, unchanged or corrected, how it scored, and the form it took the place of."""

    form_id: int
    outcome: Outcome
    scored: ScoredForm
    superseded_id: int | None = None


def keep_form(
    session: Session,
    entered_by_id: int | None,
    client: ClientFacts,
    incoming: AdministrationIn,
    now: datetime,
    definitions: Definitions,
    session_id: int | None = None,
) -> EnteredForm:
    """Score one form of a client to whom the caller has checked the way, and put it into the record.

    The same form again changes nothing; another answer is a correction that keeps the old form. The event and the
    standing are the caller's. Raises NotYours for a form that names another client, InvalidInput."""
    if incoming.client_code != client.code:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, incoming.client_code, Action.WRITE.value)
    instrument = _instrument(incoming, definitions)
    _check_day(session, client, incoming, now)
    change = change_of_form(instrument, incoming, _held(session, client.client_id, incoming))
    if change.problem:
        raise InvalidInput(f"{instrument.short_name}: {change.problem}.", change.mend, "total")
    if change.outcome is Outcome.UNCHANGED and change.held_id is not None:
        return EnteredForm(change.held_id, change.outcome, change.scored)
    form = FormToWrite(client.client_id, incoming, change, session_id)
    (form_id,) = write_forms(session, entered_by_id, [form], now, definitions)
    return EnteredForm(form_id, change.outcome, change.scored, change.held_id)


def write_forms(
    session: Session,
    entered_by_id: int | None,
    forms: Sequence[FormToWrite],
    now: datetime,
    definitions: Definitions,
    batch_id: int | None = None,
) -> list[int]:
    """Store the new and corrected ones of these forms and raise their risk flags. Returns the new rows' ids.

    An alert that a superseded form has already raised in the same words is not raised twice; its flag, open or
    answered, stays as it is."""
    writes = (Outcome.NEW, Outcome.CORRECTED)
    changed = [form for form in forms if form.change.outcome in writes]
    entered = {"import_batch_id": batch_id, "entered_by_id": entered_by_id, "entered_at": now}
    new_ids = measure_records.add_forms(session, changed, definitions.instruments, entered)
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


def _risk_flags(form: FormToWrite, form_id: int, instruments: Instruments) -> tuple[RaisedFlag, ...]:
    instrument = instruments[form.incoming.instrument]
    return risk_flags(instrument, form.change.answers, form.change.scored.alerts, form.incoming.taken_on, form_id)


def _told(flag: RaisedFlag, known: Sequence[HeldFlag]) -> bool:
    return any(held.kind == flag.kind and held.reason == flag.reason for held in known)


def _instrument(incoming: AdministrationIn, definitions: Definitions) -> Instrument:
    instrument = definitions.instruments.get(incoming.instrument)
    if instrument is None:
        raise InvalidInput(f"There is no instrument {incoming.instrument!r}.", field="instrument")
    if incoming.target not in (instrument.targets or ("general",)):
        raise InvalidInput(f"{instrument.short_name} is not asked about {incoming.target!r}.", field="target")
    return instrument


def _check_day(session: Session, client: ClientFacts, incoming: AdministrationIn, now: datetime) -> None:
    row = client_queries.client_row(session, client.client_id)
    referred_on = row.referred_on if row is not None else None
    problem = day_problem(incoming.taken_on, now.date(), client.born_on, referred_on)
    if problem is not None:
        raise InvalidInput(f"{problem[0].capitalize()}.", problem[1], "date")


def _held(session: Session, client_id: int, incoming: AdministrationIn) -> HeldForm | None:
    wanted = (incoming.target, incoming.respondent)
    for form in measure_queries.current_forms(session, [client_id], [incoming.instrument], {incoming.taken_on}):
        if (form.target, form.respondent) == wanted:
            return HeldForm(form.id, form.answers, form.scales)
    return None

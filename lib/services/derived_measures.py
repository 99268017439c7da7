"""Derived measures: scores that several forms of one day make together, beside the forms of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.derived_scores import DerivedForm, derived_forms
from lib.domain.instruments import Instruments
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import measure_queries
from lib.storage.measure_queries import StoredForm


def with_derived(current: Sequence[StoredForm], instruments: Instruments) -> list[StoredForm]:
    """These current forms of one client, then what they make together; such a form has the id of its first part."""
    by_id = {form.id: form for form in current}
    return [*current, *(_as_stored(one, by_id) for one in derived_forms(current, instruments))]


def _as_stored(derived: DerivedForm, by_id: dict[int, StoredForm]) -> StoredForm:
    return replace(
        by_id[derived.of[0]],
        instrument=derived.instrument,
        target=derived.target,
        answers=None,
        scales=dict(derived.scales),
        prorated=[key for key in derived.scales if any(by_id[form_id].prorated for form_id in derived.of)],
        unscorable=dict(derived.unscorable),
        alerts=[],
    )


def derived_of_day(
    session: Session,
    actor: Actor,
    client_id: int,
    instrument_id: str,
    day: date,
    now: datetime,
    definitions: Definitions,
) -> tuple[DerivedForm, ...]:
    """What this client's forms of this day make, as far as a form of this instrument is part of it.

    Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    instruments = definitions.instruments
    together = _together_with(instrument_id, instruments)
    if not together:
        return ()
    forms = measure_queries.current_forms(session, [client_id], sorted(together), {day})
    wanted = instruments.keys() & _made_of(together, instruments)
    return tuple(derived_forms(forms, {key: instruments[key] for key in sorted(wanted)}))


def _together_with(instrument_id: str, instruments: Instruments) -> set[str]:
    """The instruments whose forms may make a score together with one of this instrument."""
    found = {instrument_id} if instrument_id in instruments and instruments[instrument_id].mean_over else set()
    for instrument in instruments.values():
        parts = {part.split(".")[0] for scale in instrument.scales for part in scale.parts}
        if instrument_id in parts:
            found |= parts
    return found


def _made_of(parts: set[str], instruments: Instruments) -> set[str]:
    """The parts themselves, for their names and means, and what is made of them alone."""
    made = {
        key
        for key, one in instruments.items()
        if one.is_derived and {part.split(".")[0] for scale in one.scales for part in scale.parts} <= parts
    }
    return parts | made

"""Measures: a therapist enters a form or rates a growth marker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.form_changes import HeldForm, Outcome, change_of_form, day_problem
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.domain.markers import RatingDraft, check_rating
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.scoring import ScoredForm
from lib.services import access, standing
from lib.services.form_writing import FormToWrite, write_forms
from lib.storage import client_queries, measure_queries, note_queries, rating_queries, rating_records
from lib.storage.access_queries import ClientFacts


@dataclass(frozen=True, slots=True)
class EnteredForm:
    """What came of a form: new, unchanged or corrected, and how it scored. `form_id` is the current row's."""

    form_id: int
    outcome: Outcome
    scored: ScoredForm


def enter_form(
    session: Session,
    actor: Actor,
    client_id: int,
    incoming: AdministrationIn,
    now: datetime,
    definitions: Definitions,
    *,
    session_id: int | None = None,
) -> EnteredForm:
    """Score a form and put it into the record; risk items raise their flags whatever the total.

    The same form again changes nothing; another answer is a correction that keeps the old form. The form is bound to
    `client_id`: one that names another client's code is refused. Raises NotYours, NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    if incoming.client_code != client.code:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, incoming.client_code, Action.WRITE.value)
    instrument = _instrument(incoming, definitions)
    if session_id is not None and not note_queries.session_belongs(session, session_id, client_id):
        raise NotYours("session", session_id, Action.WRITE.value)
    _check_day(session, client, incoming, now)
    change = change_of_form(instrument, incoming, _held(session, client_id, incoming))
    if change.problem:
        raise InvalidInput(f"{instrument.short_name}: {change.problem}.", change.mend, "total")
    if change.outcome is Outcome.UNCHANGED and change.held_id is not None:
        return EnteredForm(change.held_id, change.outcome, change.scored)
    form = FormToWrite(client_id, incoming, change, session_id)
    (form_id,) = write_forms(session, actor, [form], now, definitions)
    details = {
        "instrument": incoming.instrument,
        "taken_on": incoming.taken_on.isoformat(),
        "superseded": change.held_id,
    }
    action = "form_corrected" if change.outcome is Outcome.CORRECTED else "form_entered"
    access.record_event(
        session, actor, action, "administration", now, record_id=form_id, client_code=client.code, details=details
    )
    standing.recompute(session, client_id, now, definitions)
    return EnteredForm(form_id, change.outcome, change.scored)


def rate_marker(
    session: Session, actor: Actor, client_id: int, draft: RatingDraft, now: datetime, definitions: Definitions
) -> int:
    """Keep a clinician's rating of a growth marker. Returns its id.

    A second rating of the same marker, context and day takes the place of the first, which is
    kept. Raises NotYours, NotAllowed, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    checked = check_rating(draft, definitions.model.markers, definitions.model.contexts, now.date())
    if client.born_on is not None and draft.rated_on < client.born_on:
        raise InvalidInput("The day of the rating lies before the client was born.", "Correct the date.", "date")
    held = rating_queries.current_rating(session, client_id, draft.marker, draft.context, draft.rated_on)
    rating_id = rating_records.add_rating(session, client_id, checked, actor.account_id, now)
    if held is not None:
        rating_records.supersede(session, [held], now)
    details = {"marker": draft.marker, "rated_on": draft.rated_on.isoformat(), "superseded": held}
    access.record_event(
        session, actor, "marker_rated", "rating", now, record_id=rating_id, client_code=client.code, details=details
    )
    standing.recompute(session, client_id, now, definitions)
    return rating_id


def latest_rating(
    session: Session, actor: Actor, client_id: int, marker: str, now: datetime
) -> rating_queries.StoredRating | None:
    """The clinician's latest current rating of one marker, NE included; None when there is none."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    ratings = [one for one in rating_queries.current_ratings(session, [client_id]) if one.marker == marker]
    return ratings[-1] if ratings else None


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

"""Measures: a therapist enters a form or rates a growth marker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.clinical_model import ClinicalModel
from lib.domain.course import measure_of
from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.form_changes import Outcome
from lib.domain.imports import AdministrationIn
from lib.domain.markers import TRUST, RatingDraft, check_rating
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.services.form_writing import EnteredForm, keep_form
from lib.storage import note_queries, rating_queries, rating_records, standing_queries
from lib.storage.access_queries import ClientFacts

__all__ = ["EnteredForm", "KeptRating", "enter_form", "rate_marker", "rate_markers", "usual_instrument"]


def usual_instrument(session: Session, actor: Actor, client_id: int, now: datetime) -> str | None:
    """The questionnaire this client is followed by; None while there is none. Raises NotYours, NotAllowed."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    followed = standing_queries.main_measure(session, client_id)
    return measure_of(followed).instrument if followed else None


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
    if session_id is not None and not note_queries.session_belongs(session, session_id, client_id):
        raise NotYours("session", session_id, Action.WRITE.value)
    kept = keep_form(session, actor.account_id, client, incoming, now, definitions, session_id)
    if kept.outcome is Outcome.UNCHANGED:
        return kept
    details = {
        "instrument": incoming.instrument,
        "taken_on": incoming.taken_on.isoformat(),
        "superseded": kept.superseded_id,
    }
    action = "form_corrected" if kept.outcome is Outcome.CORRECTED else "form_entered"
    access.record_event(
        session, actor, action, "administration", now, record_id=kept.form_id, client_code=client.code, details=details
    )
    standing.recompute(session, client_id, now, definitions)
    return kept


@dataclass(frozen=True, slots=True)
class KeptRating:
    """A rating that was kept, and the one before it by the same source, None where there was none."""

    rating_id: int
    draft: RatingDraft
    level: int | None
    before: rating_queries.StoredRating | None


def rate_marker(
    session: Session, actor: Actor, client_id: int, draft: RatingDraft, now: datetime, definitions: Definitions
) -> int:
    """Keep a rating of a growth marker or a facet of trust, the clinician's or the client's own. Returns its id.

    A second rating of the same marker, context and day by the same source takes the place of the first, which is
    kept. Raises NotYours, NotAllowed, InvalidInput."""
    return rate_markers(session, actor, client_id, [draft], now, definitions)[0].rating_id


def rate_markers(
    session: Session,
    actor: Actor,
    client_id: int,
    drafts: Sequence[RatingDraft],
    now: datetime,
    definitions: Definitions,
) -> list[KeptRating]:
    """Keep several ratings at once, all or none: the first that breaks a rule is named by its marker."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)
    kept = [_keep_rating(session, actor, client, draft, now, definitions.model) for draft in drafts]
    standing.recompute(session, client_id, now, definitions)
    return kept


def _keep_rating(
    session: Session, actor: Actor, client: ClientFacts, draft: RatingDraft, now: datetime, model: ClinicalModel
) -> KeptRating:
    ratable = model.rated_facets if draft.subject == TRUST else model.markers
    try:
        checked = check_rating(draft, ratable, model.contexts, now.date())
    except InvalidInput as error:
        known = ratable.get(draft.marker)
        words = f"{known.label}: {error.message}" if known else error.message
        raise InvalidInput(words, error.mend, error.field) from error
    if client.born_on is not None and draft.rated_on < client.born_on:
        raise InvalidInput("The day of the rating lies before the client was born.", "Correct the date.", "date")
    before = _latest_rating(session, client.client_id, draft)
    held = rating_queries.current_rating(session, client.client_id, draft)
    rating_id = rating_records.add_rating(session, client.client_id, checked, actor.account_id, now)
    if held is not None:
        rating_records.supersede(session, [held], now)
    details = {
        "subject": draft.subject,
        "marker": draft.marker,
        "source": draft.source,
        "rated_on": draft.rated_on.isoformat(),
        "superseded": held,
    }
    access.record_event(
        session, actor, "marker_rated", "rating", now, record_id=rating_id, client_code=client.code, details=details
    )
    return KeptRating(rating_id, draft, checked.level, before)


def _latest_rating(session: Session, client_id: int, draft: RatingDraft) -> rating_queries.StoredRating | None:
    """The latest current rating of what this draft rates, by the same source, NE included."""
    wanted = (draft.subject, draft.marker, draft.source)
    ratings = [
        one
        for one in rating_queries.ratings_of_client(session, client_id)
        if (one.subject, one.marker, one.source) == wanted
    ]
    return ratings[-1] if ratings else None

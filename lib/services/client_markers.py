"""Client markers: the estimates of one client's markers and trust facets over time, and what each source said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from lib.domain.course import Form
from lib.domain.definitions import Definitions
from lib.domain.marker_definitions import MarkerModel
from lib.domain.marker_estimates import MarkerEstimate, estimate_weighed
from lib.domain.marker_sources import GoalPoint, observed
from lib.domain.marker_standing import disagreement_told
from lib.domain.markers import RatingPoint
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import goal_queries, measure_queries, rating_queries
from lib.storage.goal_queries import StoredAttainment, StoredGoal
from lib.storage.rating_queries import StoredRating

EVERY_DAYS = 28


@dataclass(frozen=True, slots=True)
class MarkerTold:
    """One marker or facet: the estimate on each of its days and today, every rating, goals and disagreements.

    `disagreements`: both sides in words, by the day on which they disagreed."""

    key: str
    estimate: MarkerEstimate
    ratings: tuple[StoredRating, ...]
    goals: tuple[tuple[StoredGoal, tuple[StoredAttainment, ...]], ...]
    disagreements: dict[date, str]


@dataclass(frozen=True, slots=True)
class ClientMarkers:
    """Markers and trust facets by key, in the order of the model."""

    markers: dict[str, MarkerTold]
    facets: dict[str, MarkerTold]


def client_markers(
    session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions
) -> ClientMarkers:
    """What is known of one client's markers and trust facets until today. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    ratings = rating_queries.ratings_of_client(session, client_id)
    goals = goal_queries.goals_of(session, client_id)
    attainments = goal_queries.attainments_of(session, client_id)
    stored = measure_queries.forms_of_client(session, client_id)
    forms = [
        Form(one.id, one.instrument, one.target, one.respondent, one.taken_on, one.scales)
        for one in stored
        if one.superseded_at is None
    ]
    model, today = definitions.model, now.date()
    by_subject = {subject: [one for one in ratings if one.subject == subject] for subject in ("marker", "trust")}
    told = _Telling(model.estimation, today, goals, attainments, forms)
    return ClientMarkers(
        markers={key: told.marker(key, by_subject["marker"]) for key in model.markers},
        facets={key: told.facet(key, by_subject["trust"]) for key in model.facets},
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    model: MarkerModel
    today: date
    goals: Sequence[StoredGoal]
    attainments: Sequence[StoredAttainment]
    forms: Sequence[Form]

    def marker(self, key: str, ratings: Sequence[StoredRating]) -> MarkerTold:
        own = [goal for goal in self.goals if goal.marker == key]
        reached = {goal.id: tuple(one for one in self.attainments if one.goal_id == goal.id) for goal in own}
        points = [
            GoalPoint(goal.id, key, goal.weight, one.rated_on, one.attained) for goal in own for one in reached[goal.id]
        ]
        return self._told(key, ratings, points, self.forms, tuple((goal, reached[goal.id]) for goal in own))

    def facet(self, key: str, ratings: Sequence[StoredRating]) -> MarkerTold:
        return self._told(key, ratings, [], [], ())

    def _told(
        self,
        key: str,
        ratings: Sequence[StoredRating],
        goals: Sequence[GoalPoint],
        forms: Sequence[Form],
        listed: tuple[tuple[StoredGoal, tuple[StoredAttainment, ...]], ...],
    ) -> MarkerTold:
        own = tuple(one for one in ratings if one.marker == key)
        weighed, left_out = observed(key, [_point(one) for one in own], goals, forms, self.model)
        said_on = sorted({one.observation.on for one in weighed})
        estimate = estimate_weighed(weighed, left_out, self.model, silent_days(said_on, self.today))
        disagreements = {
            surprise.observation.on: disagreement_told(surprise, estimate.observations, self.model)
            for point in estimate.points
            for surprise in point.surprises
        }
        return MarkerTold(key, estimate, own, listed, disagreements)


def silent_days(said_on: Sequence[date], today: date) -> list[date]:
    """Days within every longer silence, today included: there a drawing shows how the interval has widened."""
    found = []
    for earlier, later in pairwise([*said_on, max(today, *said_on)] if said_on else []):
        steps = range(EVERY_DAYS, (later - earlier).days, EVERY_DAYS)
        found += [earlier + timedelta(days=days) for days in steps]
    return [*found, today]


def _point(one: StoredRating) -> RatingPoint:
    return RatingPoint(
        one.id,
        one.marker,
        one.level,
        one.rated_on,
        one.context,
        one.evidence,
        one.confidence,
        one.rated_by_id,
        one.source,
    )

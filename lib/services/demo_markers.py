"""Markers of a story of the demonstration: ratings by therapist and client, facets of trust, and the client's goals."""

from __future__ import annotations

from datetime import datetime

from lib.domain.goals import GoalDraft
from lib.domain.markers import BY_CLINICIAN, MARKER, RatingDraft
from lib.services import goals, measures
from lib.services.demo_telling import Telling, Told


def tell_rating(telling: Telling, told: Told, now: datetime) -> None:
    """One day's ratings: `levels` maps a marker to a level, "NE", or for reciprocity [giving, receiving].

    `evidence` maps it to the line of its episode, `with` to whom it was with, and `second` to the line and the
    relationship of a second episode. `by` and `subject` where they are not the therapist and a marker."""
    for marker, given in told["levels"].items():
        giving, receiving = given if isinstance(given, list) else (None, None)
        line = told.get("evidence", {}).get(marker, "")
        second_line, second_with = told.get("second", {}).get(marker, ("", ""))
        draft = RatingDraft(
            marker=marker,
            level=None if given == "NE" or isinstance(given, list) else given,
            rated_on=told["on"],
            context=told.get("context", ""),
            giving=giving,
            receiving=receiving,
            episode_on=told["on"] if line else None,
            evidence=line,
            source=told.get("by", BY_CLINICIAN),
            subject=told.get("subject", MARKER),
            episode_with=told.get("with", {}).get(marker, ""),
            second_on=told["on"] if second_line else None,
            second_with=second_with,
            second_evidence=second_line,
        )
        measures.rate_marker(telling.session, telling.actor, telling.client_id, draft, now, telling.definitions)


def tell_goal(telling: Telling, told: Told, now: datetime) -> None:
    """A goal of a marker; `levels` are the five steps from -2 to 2 in words."""
    levels = dict(zip(range(-2, 3), told.get("levels", ()), strict=False))
    draft = GoalDraft(told["marker"], told["goal"], told["on"], told.get("weight", 1.0), levels)
    telling.ids[told["id"]] = goals.agree_goal(
        telling.session, telling.actor, telling.client_id, draft, now, telling.definitions
    )


def tell_attainment(telling: Telling, told: Told, now: datetime) -> None:
    """How far a goal was reached on a day."""
    goals.rate_goal(
        telling.session,
        telling.actor,
        telling.client_id,
        telling.ids[told["goal"]],
        told["on"],
        told["attained"],
        now,
        telling.definitions,
    )

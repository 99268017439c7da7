"""Growth markers: the rules of a rating, and a plain account of the ratings given so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lib.domain.clinical_model import LEVELS, Marker
from lib.domain.errors import InvalidInput

HIGHEST = LEVELS - 1
EPISODE_FROM = 2  # from this level up a rating rests on at least one dated episode
BY_CLINICIAN, BY_CLIENT = "clinician", "client"  # whose rating it is
MARKER, TRUST = "marker", "trust"  # what is rated: a growth marker, or a facet of trust
NO_INTERVAL = "one rater, no interval yet"


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """A rating as a person gives it. `level` None means NE, not enough evidence: missing data, never zero.

    For a marker with two halves `giving` and `receiving` are given, and `level` may be left to them. `source` is whose
    rating it is, `subject` a growth marker or a facet of trust (then `marker` is the facet's key). `episode_with` is
    the relationship of the episode; the highest level of a marker needs a second episode in another relationship."""

    marker: str
    level: int | None
    rated_on: date
    context: str = ""
    giving: int | None = None
    receiving: int | None = None
    episode_on: date | None = None
    evidence: str = ""
    confidence: str = "medium"
    source: str = BY_CLINICIAN
    subject: str = MARKER
    episode_with: str = ""
    second_on: date | None = None
    second_with: str = ""
    second_evidence: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRating:
    """A rating that keeps the rules; `level` is final."""

    draft: RatingDraft
    level: int | None


@dataclass(frozen=True, slots=True)
class RatingPoint:
    """One rating as the record holds it."""

    id: int
    marker: str
    level: int | None
    rated_on: date
    context: str = ""
    evidence: str = ""
    confidence: str = "medium"
    rated_by_id: int | None = None
    source: str = BY_CLINICIAN


@dataclass(frozen=True, slots=True)
class MarkerSummary:
    """What one rater has said about one marker. No interval: one rater's level and its date, no more.

    `level` is the latest given; a later NE does not erase it and stands in `not_enough_evidence_on`.
    `contexts` counts the contexts rated on `rated_on`; of several without an overall one, the lowest is shown."""

    marker: str
    level: int | None
    rated_on: date | None
    first_level: int | None
    first_on: date | None
    context: str = ""
    contexts: int = 0
    not_enough_evidence_on: date | None = None
    history: tuple[RatingPoint, ...] = ()

    @property
    def interval(self) -> str:
        """Why no interval is shown."""
        return NO_INTERVAL


def check_rating(
    draft: RatingDraft, markers: Mapping[str, Marker], contexts: Iterable[str], today: date, *, imported: bool = False
) -> CheckedRating:
    """The rating with its final level, or InvalidInput naming field and rule.

    Half points are refused; a level of 2 or more needs a dated episode in words, level 4 of a marker a second one in
    another relationship; of giving and receiving the lower counts. An imported rating was made elsewhere, and a
    client's own rests on their word: there an episode may be missing, and a screen then says so."""
    marker = markers.get(draft.marker)
    if marker is None:
        raise InvalidInput(f"There is no {draft.subject} {draft.marker!r}.", f"Choose {', '.join(markers)}.", "marker")
    for field, key in (("context", draft.context), ("episode", draft.episode_with), ("episode", draft.second_with)):
        if key and key not in set(contexts):
            raise InvalidInput(f"There is no context {key!r}.", f"Contexts are {', '.join(contexts)}.", field)
    if draft.confidence not in ("low", "medium", "high"):
        raise InvalidInput(f"Confidence is {draft.confidence!r}.", "Choose low, medium or high.", "confidence")
    if draft.source not in (BY_CLINICIAN, BY_CLIENT) or draft.subject not in (MARKER, TRUST):
        raise InvalidInput("A rating is the therapist's or the client's.", field="source")
    if draft.subject == TRUST and draft.source == BY_CLIENT:
        raise InvalidInput("Facets of trust are rated by the therapist.", field="source")
    if draft.rated_on > today:
        raise InvalidInput("The day of the rating lies in the future.", "Correct the date.", "date")
    level = _level(draft, marker)
    if level is not None and not imported and draft.source == BY_CLINICIAN:
        _check_episodes(draft, level)
    for on in (draft.episode_on, draft.second_on):
        if on is not None and on > draft.rated_on:
            raise InvalidInput("The episode lies after the rating.", "Correct one of the two dates.", "episode date")
    return CheckedRating(draft, level)


def _level(draft: RatingDraft, marker: Marker) -> int | None:
    for field, value in (("level", draft.level), ("giving", draft.giving), ("receiving", draft.receiving)):
        _check_whole(field, value)
    if not marker.two_halves:
        if draft.giving is not None or draft.receiving is not None:
            raise InvalidInput(f"{marker.label} has no giving and receiving.", "Give one level.", "giving")
        return draft.level
    if (draft.giving is None) != (draft.receiving is None):
        raise InvalidInput(
            f"{marker.label}: only one half is rated.", "Rate giving and receiving, or neither.", "giving"
        )
    if draft.giving is None or draft.receiving is None:
        return draft.level
    lower = min(draft.giving, draft.receiving)
    if draft.level is not None and draft.level != lower:
        raise InvalidInput(
            f"{marker.label} is {draft.level}, but the lower of giving and receiving is {lower}.",
            "The lower half is the level.",
            "level",
        )
    return lower


def _check_whole(field: str, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST:
        raise InvalidInput(
            f"{field} is {value}; it is a whole number from 0 to {HIGHEST}, or NE.",
            "Choose the highest level whose whole statement is supported; half points are not given.",
            field,
        )


def _check_episodes(draft: RatingDraft, level: int) -> None:
    if level >= EPISODE_FROM and not draft.evidence.strip():
        raise InvalidInput(
            f"Level {level} needs at least one episode, in words.",
            "Write what happened, or choose a lower level or NE.",
            "evidence",
        )
    if level >= EPISODE_FROM and draft.episode_on is None:
        raise InvalidInput(f"Level {level} needs the day of its episode.", "Enter when it happened.", "episode date")
    if level < HIGHEST or draft.subject != MARKER:
        return
    if not draft.second_evidence.strip() or draft.second_on is None:
        raise InvalidInput(
            f"Level {level} needs two relationships: a second dated episode.",
            "Write what happened with somebody else, or choose a lower level.",
            "second episode",
        )
    first_with = draft.episode_with or draft.context
    if not first_with or not draft.second_with or first_with == draft.second_with:
        raise InvalidInput(
            f"Level {level} needs episodes in two different relationships.",
            "Say with whom each of the two was.",
            "second episode",
        )


def summarise(marker: str, points: Iterable[RatingPoint]) -> MarkerSummary:
    """The clinician's ratings of one marker in the order of days: latest level and its date, the first, and all."""
    own = (p for p in points if p.marker == marker and p.source == BY_CLINICIAN)
    history = tuple(sorted(own, key=lambda p: (p.rated_on, p.id)))
    rated = [point for point in history if point.level is not None]
    if not rated:
        ne_on = history[-1].rated_on if history else None
        return MarkerSummary(marker, None, None, None, None, not_enough_evidence_on=ne_on, history=history)
    latest_on, first_on = rated[-1].rated_on, rated[0].rated_on
    on_the_day = [point for point in rated if point.rated_on == latest_on]
    latest = one_of_the_day(on_the_day)
    first = one_of_the_day([point for point in rated if point.rated_on == first_on])
    later_ne = [point.rated_on for point in history if point.level is None and point.rated_on > latest_on]
    return MarkerSummary(
        marker=marker,
        level=latest.level,
        rated_on=latest_on,
        first_level=first.level,
        first_on=first_on,
        context=latest.context,
        contexts=len(on_the_day),
        not_enough_evidence_on=later_ne[-1] if later_ne else None,
        history=history,
    )


def one_of_the_day(points: Sequence[RatingPoint]) -> RatingPoint:
    """The overall rating of a day; where only contexts were rated, the lowest: the level all of them support."""
    overall = [point for point in points if not point.context]
    return overall[-1] if overall else min(points, key=lambda point: point.level or 0)

"""Goals: what a client wants to reach of a marker, in their own words, agreed before it is rated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.domain.errors import InvalidInput
from lib.domain.goal_scaling import ATTAINED_WORDS

LONGEST = 500
HEAVIEST = 10.0


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal for Goal Attainment Scaling. `levels`: step -2 to 2 -> what would be seen; may be empty."""

    marker: str
    goal: str
    agreed_on: date
    weight: float = 1.0
    levels: Mapping[int, str] = field(default_factory=dict)


def check_goal(draft: GoalDraft, markers: Collection[str], today: date) -> None:
    """Raises InvalidInput naming field and rule."""
    if draft.marker not in markers:
        raise InvalidInput(f"There is no marker {draft.marker!r}.", f"Markers are {', '.join(markers)}.", "marker")
    if not draft.goal.strip():
        raise InvalidInput("The goal has no words.", "Write it as the client says it.", "goal")
    if len(draft.goal) > LONGEST or any(len(words) > LONGEST for words in draft.levels.values()):
        raise InvalidInput(f"A goal has at most {LONGEST} characters.", "Shorten it.", "goal")
    if not 0 < draft.weight <= HEAVIEST:
        raise InvalidInput(f"A weight is above 0 and at most {HEAVIEST:g}.", "1 is the usual weight.", "weight")
    if set(draft.levels) - set(ATTAINED_WORDS):
        raise InvalidInput("Steps of a goal run from -2 to 2.", field="levels")
    if draft.agreed_on > today:
        raise InvalidInput("The day of the goal lies in the future.", "Correct the date.", "date")


def check_rated_on(rated_on: date, agreed_on: date, ended_on: date | None, today: date) -> None:
    """An attainment is rated while its goal holds, and not ahead of time. Raises InvalidInput."""
    if rated_on > today:
        raise InvalidInput("The day of the rating lies in the future.", "Correct the date.", "date")
    if rated_on < agreed_on:
        raise InvalidInput("The goal was agreed later than this day.", "Correct the date.", "date")
    if ended_on is not None and rated_on > ended_on:
        raise InvalidInput("The goal had ended by this day.", "Agree on a new goal, or correct the date.", "date")

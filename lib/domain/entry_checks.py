"""Entry checks: what an entry of the attachment record must be before it is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lib.domain.clinical_model import ClinicalModel
from lib.domain.entries import (
    MOVES,
    Belief,
    ChangeStep,
    EndingTalk,
    Entry,
    Formulation,
    HomePractice,
    HomePracticeReview,
    ImportantPerson,
    LadderAttempt,
    LadderStep,
    LifeEvent,
    Moment,
    PartOfWork,
    PersonSafety,
    Repair,
    Rupture,
    TherapyBreak,
    day_of,
)
from lib.domain.errors import InvalidInput
from lib.domain.process import PartState

LONGEST_TEXT = 10_000

# fields that say something in a person's words, of which one must not be empty
_SAID: dict[type, tuple[str, ...]] = {
    Rupture: ("what",),
    Repair: ("repair",),
    Moment: ("line",),
    Belief: ("belief",),
    ImportantPerson: ("name",),
    HomePractice: ("agreement",),
    HomePracticeReview: ("done",),
    LadderStep: ("step",),
    LadderAttempt: ("prediction", "happened", "learned"),
    LifeEvent: ("what",),
    EndingTalk: ("what",),
}
# the room the tables give to short texts
_SHORT: dict[tuple[type, str], int] = {
    (ImportantPerson, "name"): 200,
    (ImportantPerson, "relation"): 100,
    (Moment, "with_whom"): 100,
    (HomePractice, "frequency"): 60,
    (HomePracticeReview, "done"): 60,
}
_RANGES = {
    "rank": (1, 100),
    "felt_safety": (0, 10),
    "helpful": (0, 10),
    "conviction": (0, 100),
    "balanced_conviction": (0, 100),
}


def check_entry(entry: Entry, model: ClinicalModel, today: date) -> None:
    """Raises InvalidInput for an empty or over-long text, a number out of range, an unknown key, an impossible day."""
    _check_days(entry, today)
    said = _SAID.get(type(entry), ())
    if said and not any(str(getattr(entry, name)).strip() for name in said):
        raise InvalidInput("There is nothing to keep yet.", "Write a line.", said[0])
    for name in entry.__dataclass_fields__:
        _check_value(entry, name)
    _check_keys(entry, model)


def _check_days(entry: Entry, today: date) -> None:
    if not isinstance(entry, TherapyBreak) and day_of(entry) > today:
        raise InvalidInput("The day lies ahead.", "Enter it when it has happened.", "date")
    ended_on = getattr(entry, "ended_on", None)
    if ended_on is not None and not day_of(entry) <= ended_on <= today:
        raise InvalidInput("The end lies before the beginning, or ahead.", "Correct one of the days.", "ended_on")


def _check_value(entry: Entry, name: str) -> None:
    value = getattr(entry, name)
    longest = _SHORT.get((type(entry), name), LONGEST_TEXT)
    if isinstance(value, str) and len(value) > longest:
        raise InvalidInput(f"The text is longer than {longest} characters.", "Shorten it.", name)
    if name in _RANGES and value is not None:
        low, high = _RANGES[name]
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InvalidInput(f"This is a whole number from {low} to {high}.", field=name)


def _check_keys(entry: Entry, model: ClinicalModel) -> None:
    match entry:
        case Moment():
            _known("marker", [entry.marker], model.markers)
            _known("context", [entry.context] if entry.context else [], model.contexts)
        case HomePractice():
            _known("practice", [entry.practice], model.practices)
        case TherapyBreak():
            _known("kind", [entry.kind], model.breaks)
            if entry.ends_on is not None and entry.ends_on < entry.starts_on:
                raise InvalidInput("The break ends before it begins.", "Correct one of the days.", "ends_on")
        case PartOfWork():
            _known("part", [entry.part], model.parts)
            _known("state", [entry.state], list(PartState))
        case ChangeStep():
            _known("step", [entry.step], model.steps)
            _known("state", [entry.state], list(PartState))
        case ImportantPerson() | PersonSafety():
            _known("moves", [entry.moves], MOVES)
        case Formulation():
            _known("origins", entry.origins, model.origins)
            _known("fears", entry.fears, model.fears)
            _known("costs", entry.costs, model.costs)
            _known("stories", entry.stories, model.prompts)


def _known(name: str, keys: Collection[str], known: Collection[str]) -> None:
    for key in keys:
        if key not in known:
            raise InvalidInput(f"{key!r} is none of the {name} the clinical model knows.", field=name)

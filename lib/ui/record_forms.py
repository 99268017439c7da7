"""Record forms: what the one-line form of each kind of entry asks, with what is known filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.clinical_model import ClinicalModel, Entries, Marker
from lib.domain.process import PartState
from lib.ui import words
from lib.ui.marker_view import PART_WORDS

QUICK = ("moment", "rupture", "repair", "attempt", "conviction", "review", "event", "ending_talk")
MOVES_WORDS = {
    "pursues": "pursues",
    "withdraws": "withdraws",
    "both": "pursues and withdraws",
    "neither": "neither pursues nor withdraws",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `main`: what the hand goes to first. A number lies between `low` and `high`."""

    name: str
    label: str
    type: str = "line"
    required: bool = False
    main: bool = False
    options: Sequence[Mapping[str, Any]] = ()
    low: int = 0
    high: int = 0
    hint: str = ""
    only_on_change: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The form of one kind of entry. `missing` says what must be on record first; then nothing is asked."""

    kind: str
    label: str
    fields: tuple[Field, ...]
    values: dict[str, Any] = field(default_factory=dict)
    missing: str = ""

    def as_data(self) -> dict[str, Any]:
        """What the browser is sent."""
        return asdict(self)


def forms(record: AttachmentRecord, model: ClinicalModel, about_on: date, today: date) -> list[Form]:
    """Every form, the day filled in: the session's, or today."""
    day = about_on.isoformat()
    return [
        *_together(record, model, day, today),
        *_trying(record, model, day, today),
        *_people(record, day),
        *_around(model, day),
    ]


def _day(name: str, day: str) -> tuple[Field, dict[str, Any]]:
    return Field(name, "Day", "date", required=True), {name: day}


def _together(record: AttachmentRecord, model: ClinicalModel, day: str, today: date) -> list[Form]:
    """What happened between people: moments, ruptures, repairs."""
    on, when = _day("happened_on", day)
    repaired, when_repaired = _day("repaired_on", day)
    ruptures = [
        {"value": held.id, "label": f"{words.day(held.entry.happened_on, today)}: {_short(held.entry.what)}"}
        for held in record.open_ruptures()
    ]
    return [
        Form(
            "moment",
            "Moment",
            (
                Field("line", "Moment of connection", required=True, main=True, hint="what the client did or said"),
                Field("marker", "Speaks for", "choice", required=True, options=_options(model.markers)),
                Field("with_whom", "With", high=100),
                Field("context", "Where", "choice", options=_options(model.contexts)),
                on,
            ),
            when,
        ),
        Form(
            "rupture",
            "Rupture",
            (Field("what", "What happened between us", required=True, main=True), on),
            when,
        ),
        Form(
            "repair",
            "Repair",
            (
                Field("repair", "How it was repaired", required=True, main=True),
                Field("rupture_id", "Of the rupture", "choice", required=True, options=ruptures),
                repaired,
            ),
            when_repaired | _only(ruptures, "rupture_id"),
            "" if ruptures else "No rupture is open.",
        ),
    ]


def _trying(record: AttachmentRecord, model: ClinicalModel, day: str, today: date) -> list[Form]:
    """What is tried between sessions, and what is believed."""
    steps = [{"value": held.id, "label": f"{held.entry.rank} · {_short(held.entry.step)}"} for held in record.steps]
    agreed = [{"value": held.id, "label": _short(held.entry.agreement)} for held in record.agreed_practices()]
    beliefs = [{"value": held.id, "label": _short(held.entry.belief)} for held in record.beliefs]
    starters = [
        {"label": one.label, "fills": {"belief": one.label, "balanced": one.words, "own_words": False}}
        for one in model.beliefs.values()
    ]
    tried, when_tried = _day("tried_on", day)
    rated, when_rated = _day("rated_on", day)
    reviewed, when_reviewed = _day("reviewed_on", day)
    agreed_on, when_agreed = _day("agreed_on", day)
    noted, when_noted = _day("noted_on", day)
    return [
        Form(
            "attempt",
            "Ladder attempt",
            (
                Field("step_id", "Step", "choice", required=True, options=steps),
                Field("prediction", "Predicted"),
                Field("happened", "What happened", main=True),
                Field("learned", "Learned"),
                tried,
            ),
            when_tried | _only(steps, "step_id"),
            "" if steps else "The ladder has no step yet. Choose “Ladder step” and write the first one.",
        ),
        Form(
            "conviction",
            "Conviction",
            (
                Field("belief_id", "Belief", "choice", required=True, options=beliefs),
                Field("conviction", "Believed, %", "number", required=True, main=True, high=100),
                Field("balanced_conviction", "Its answer, %", "number", high=100),
                rated,
            ),
            when_rated | _only(beliefs, "belief_id"),
            "" if beliefs else "No belief is on record yet. Choose “Belief”, and write it in the client's words.",
        ),
        Form(
            "review",
            "Practice done",
            (
                Field("home_practice_id", "Practice", "choice", required=True, options=agreed),
                Field("done", "Done", required=True, main=True, high=60, hint="5 of 7 days"),
                Field("helpful", "Helpful", "number", high=10),
                reviewed,
            ),
            when_reviewed | _only(agreed, "home_practice_id"),
            "" if agreed else "No everyday practice is agreed. Choose “Practice agreed”.",
        ),
        Form(
            "belief",
            "Belief",
            (
                Field("belief", "Belief, in the client's words", required=True, main=True),
                Field("balanced", "A balanced answer"),
                Field("own_words", "Client's own words", "check"),
                Field("starter", "Or a starter", "starter", options=starters),
                noted,
            ),
            when_noted | {"own_words": True},
        ),
        Form(
            "step",
            "Ladder step",
            (
                Field("step", "A small risk", required=True, main=True),
                Field("rank", "Place", "number", required=True, low=1, high=100),
                noted,
            ),
            when_noted | {"rank": max((held.entry.rank for held in record.steps), default=0) + 1},
        ),
        Form(
            "practice",
            "Practice agreed",
            (
                Field("agreement", "What was agreed", required=True, main=True),
                Field("practice", "Kind", "choice", required=True, options=_options(model.practices)),
                Field("frequency", "How often", high=60, hint="every evening"),
                agreed_on,
                Field("ended_on", "Ended", "date", only_on_change=True),
            ),
            when_agreed,
        ),
    ]


def _people(record: AttachmentRecord, day: str) -> list[Form]:
    people = [{"value": held.id, "label": _short(held.entry.name)} for held in still_there(record)]
    moves = [{"value": key, "label": said} for key, said in MOVES_WORDS.items()]
    noted, when_noted = _day("noted_on", day)
    rated, when_rated = _day("rated_on", day)
    return [
        Form(
            "person",
            "Important person",
            (
                Field("name", "Who", required=True, main=True, high=200),
                Field("relation", "What they are to the client", high=100),
                Field("felt_safety", "Felt safety", "number", high=10),
                Field("moves", "In the cycle", "choice", options=moves),
                Field("is_safe_haven", "Comforts", "check"),
                Field("is_secure_base", "Encourages", "check"),
                noted,
                Field("ended_on", "No longer there since", "date", only_on_change=True),
            ),
            when_noted,
        ),
        Form(
            "safety",
            "Felt safety",
            (
                Field("person_id", "With", "choice", required=True, options=people),
                Field("felt_safety", "Felt safety", "number", required=True, main=True, high=10),
                Field("moves", "In the cycle", "choice", options=moves),
                rated,
            ),
            when_rated | _only(people, "person_id"),
            "" if people else "Nobody is on record yet. Choose “Important person”.",
        ),
    ]


def _around(model: ClinicalModel, day: str) -> list[Form]:
    """What lies around the sessions: events, endings, breaks, the parts of the work."""
    happened, when_happened = _day("happened_on", day)
    talked, when_talked = _day("talked_on", day)
    return [
        Form(
            "event", "Life event", (Field("what", "What happened", required=True, main=True), happened), when_happened
        ),
        Form(
            "ending_talk",
            "Ending talked about",
            (Field("what", "What was said about ending", required=True, main=True), talked),
            when_talked,
        ),
        Form(
            "break",
            "Break",
            (
                Field("kind", "Kind", "choice", required=True, options=_options(model.breaks)),
                Field("starts_on", "From", "date", required=True),
                Field("ends_on", "Until", "date"),
                Field("what", "In words", main=True),
                Field("prepared", "How it was prepared"),
                Field("weathered", "How it was weathered"),
            ),
            {"starts_on": day},
        ),
        _marked("part", "Part of the work", Field("part", "Part", "choice", True, options=_options(model.parts)), day),
        _marked("change", "Step of change", Field("step", "Step", "choice", True, options=_options(model.steps)), day),
    ]


def _marked(kind: str, label: str, of: Field, day: str) -> Form:
    """What has a state since a day: a part of the work, a step of change."""
    since, when_since = _day("since_on", day)
    states = [{"value": state.value, "label": PART_WORDS[state.value]} for state in PartState]
    state = Field("state", "State", "choice", required=True, main=True, options=states)
    return Form(kind, label, (of, state, Field("done", "What was done, or how it shows"), since), when_since)


def still_there(record: AttachmentRecord) -> list[Held[e.ImportantPerson]]:
    """Important people who have not left the client's life."""
    return [held for held in record.people if held.entry.ended_on is None]


def _only(options: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Where only one can be meant, it is chosen already."""
    return {name: options[0]["value"]} if len(options) == 1 else {}


def _options(listed: Entries | Mapping[str, Marker]) -> list[dict[str, Any]]:
    told: Iterable[Any] = listed.values()
    return [{"value": one.key, "label": one.label} for one in told]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:58]}…"

"""Entries of the attachment record: what may be written down about a client beside notes, scores and ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.domain.process import PartState

MOVES = ("", "pursues", "withdraws", "both", "neither")


@dataclass(frozen=True, slots=True)
class Rupture:
    """A strain in the therapeutic relationship."""

    happened_on: date
    what: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The repair of a rupture noted earlier."""

    rupture_id: int
    repaired_on: date
    repair: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of connection: one line, with whom, and the marker it speaks for."""

    happened_on: date
    line: str
    marker: str
    with_whom: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Belief:
    """A core belief and its balanced answer."""

    noted_on: date
    belief: str
    balanced: str = ""
    own_words: bool = True


@dataclass(frozen=True, slots=True)
class Conviction:
    """How far a belief and its answer are held, 0-100 %."""

    belief_id: int
    rated_on: date
    conviction: int
    balanced_conviction: int | None = None


@dataclass(frozen=True, slots=True)
class ImportantPerson:
    """Somebody who matters to the client. `felt_safety` 0-10, None when not asked."""

    noted_on: date
    name: str
    relation: str = ""
    felt_safety: int | None = None
    moves: str = ""
    is_safe_haven: bool = False
    is_secure_base: bool = False
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonSafety:
    """How safe the client felt with somebody on a later day, 0-10, and who pursued or withdrew then."""

    person_id: int
    rated_on: date
    felt_safety: int
    moves: str = ""


@dataclass(frozen=True, slots=True)
class HomePractice:
    """An everyday practice agreed with the client."""

    agreed_on: date
    practice: str
    agreement: str
    frequency: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class HomePracticeReview:
    """Whether an agreed practice was done, in words, and how helpful it was, 0-10."""

    home_practice_id: int
    reviewed_on: date
    done: str
    helpful: int | None = None


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A graded small risk on the vulnerability ladder."""

    noted_on: date
    rank: int
    step: str


@dataclass(frozen=True, slots=True)
class LadderAttempt:
    """One behavioural experiment at a step."""

    step_id: int
    tried_on: date
    prediction: str = ""
    happened: str = ""
    learned: str = ""


@dataclass(frozen=True, slots=True)
class TherapyBreak:
    """A break or separation in therapy; it may lie ahead."""

    kind: str
    starts_on: date
    ends_on: date | None = None
    what: str = ""
    prepared: str = ""
    weathered: str = ""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happened in the client's life."""

    happened_on: date
    what: str


@dataclass(frozen=True, slots=True)
class Formulation:
    """How the pattern came to be and what keeps it going. `stories`: reflection prompt key -> the client's answer."""

    dated_on: date
    origins: tuple[str, ...] = ()
    fears: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    stories: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True, slots=True)
class PartOfWork:
    """A change of state of one of the ten parts of the therapy."""

    part: str
    state: PartState
    since_on: date
    done: str = ""


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """A change of state of one of the steps of change; any may be under way beside any other."""

    step: str
    state: PartState
    since_on: date
    done: str = ""


@dataclass(frozen=True, slots=True)
class EndingTalk:
    """Ending was talked about."""

    talked_on: date
    what: str


Entry = (
    Rupture
    | Repair
    | Moment
    | Belief
    | Conviction
    | ImportantPerson
    | PersonSafety
    | HomePractice
    | HomePracticeReview
    | LadderStep
    | LadderAttempt
    | TherapyBreak
    | LifeEvent
    | Formulation
    | PartOfWork
    | ChangeStep
    | EndingTalk
)

# what an entry is called in addresses, payloads and the audit log
KINDS: dict[str, type] = {
    "rupture": Rupture,
    "repair": Repair,
    "moment": Moment,
    "belief": Belief,
    "conviction": Conviction,
    "person": ImportantPerson,
    "safety": PersonSafety,
    "practice": HomePractice,
    "review": HomePracticeReview,
    "step": LadderStep,
    "attempt": LadderAttempt,
    "break": TherapyBreak,
    "event": LifeEvent,
    "formulation": Formulation,
    "part": PartOfWork,
    "change": ChangeStep,
    "ending_talk": EndingTalk,
}
# entries that are never corrected in place: each save is a dated version of its own, or part of another entry
NEW_ONLY = frozenset({Formulation, Repair})


def day_of(entry: Entry) -> date:
    """The day an entry is about."""
    for name in ("happened_on", "noted_on", "agreed_on", "rated_on", "reviewed_on", "tried_on", "talked_on"):
        if hasattr(entry, name):
            return _date(getattr(entry, name))
    for name in ("repaired_on", "dated_on", "since_on", "starts_on"):
        if hasattr(entry, name):
            return _date(getattr(entry, name))
    raise TypeError(f"{type(entry).__name__} has no day")


def kind_of(entry: Entry) -> str:
    """The stable key of an entry's kind."""
    return next(key for key, made in KINDS.items() if made is type(entry))


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("not a date")
    return value

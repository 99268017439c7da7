"""The record as drafting may see it: plain dated values, each with the id of its row, process notes never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lib.domain.closure import ClientHeader
from lib.domain.measure_facts import RiskAnswer, ScaleFact, ScorePoint
from lib.domain.process import Attendance, PartState


@dataclass(frozen=True, slots=True)
class EpisodeFact:
    """One course of therapy. `ending` is its kind in words (planned, transferred, withdrew ...), "" if unknown."""

    id: int
    number: int
    started_on: date
    ended_on: date | None = None
    ending: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One offered session. `process_parts` and `approaches` are labels as printed."""

    id: int
    held_on: date
    attendance: Attendance
    number: int | None = None
    process_parts: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    agreed: str = ""
    on_ending: bool = False


@dataclass(frozen=True, slots=True)
class NoteFact:
    """One progress note, signed or imported: quoted where confirmed, never interpreted. `headings`: as they stand."""

    id: int
    dated_on: date
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskFlag:
    """A flag and what was done. `response` None means it is still open."""

    id: int
    raised_on: date
    reason: str
    response: str | None = None
    responded_on: date | None = None


@dataclass(frozen=True, slots=True)
class RatingFact:
    """One clinician rating of a growth marker, 0-4; `level` None is "not enough evidence", never zero."""

    id: int
    rated_on: date
    marker: str
    label: str
    level: int | None
    context: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """A sentence of a note a clinician has confirmed as evidence. `polarity` is "for" or "against"."""

    id: int
    note_id: int
    dated_on: date
    code: str
    label: str
    polarity: str
    quote: str


@dataclass(frozen=True, slots=True)
class RuptureFact:
    """A rupture in the therapeutic relationship; `repaired_on` None means it stands open."""

    id: int
    happened_on: date
    what: str
    repaired_on: date | None = None
    repair: str = ""


@dataclass(frozen=True, slots=True)
class BreakFact:
    """A break in therapy, a life event or an anniversary. `kind` is "break", "event" or "anniversary"."""

    id: int
    kind: str
    starts_on: date
    what: str
    ends_on: date | None = None
    how_it_went: str = ""


@dataclass(frozen=True, slots=True)
class FormulationEntry:
    """`kind`: need, origin, fear, cost, story, sign, trigger; `label`: the model's word; `words`: the client's own."""

    id: int
    kind: str
    noted_on: date
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conviction:
    """How true a belief felt on a day, 0-100 percent."""

    id: int
    rated_on: date
    percent: int


@dataclass(frozen=True, slots=True)
class BeliefFact:
    """An old belief, its balanced answer and the conviction in the old one over time."""

    id: int
    noted_on: date
    old: str
    balanced: str = ""
    convictions: tuple[Conviction, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Somebody important to the client. `felt_safety` 0-10, None when never asked."""

    id: int
    noted_on: date
    name: str
    relation: str = ""
    safe_haven: bool = False
    secure_base: bool = False
    felt_safety: int | None = None


@dataclass(frozen=True, slots=True)
class PracticeReview:
    """How an agreed practice went: done or not, helpful 0-10 or not rated."""

    reviewed_on: date
    done: bool | None = None
    helpful: int | None = None


@dataclass(frozen=True, slots=True)
class PracticeFact:
    """An everyday practice agreed between sessions."""

    id: int
    agreed_on: date
    label: str
    frequency: str = ""
    reviews: tuple[PracticeReview, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderFact:
    """One attempt at a step of the vulnerability ladder."""

    id: int
    tried_on: date
    step: str
    prediction: str = ""
    happened: str = ""
    learned: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A step of change that reached a state on a day. `state`: not_started, under_way or consolidated."""

    id: int
    since_on: date
    step: str
    state: PartState
    done: str = ""


@dataclass(frozen=True, slots=True)
class MomentFact:
    """A moment of connection: one line, with whom, and the marker it speaks for."""

    id: int
    happened_on: date
    line: str
    with_whom: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class CrisisContact:
    """A number from the practice settings; printed only when confirmed within 90 days."""

    id: int
    name: str
    number: str
    confirmed_on: date | None = None
    hours: str = ""


@dataclass(frozen=True, slots=True)
class AgreedLevel:
    """The level on the client's own measure that means "get in touch"."""

    id: int
    agreed_on: date
    measure: str
    level: float
    better: str = "lower"


@dataclass(frozen=True, slots=True)
class CheckInFact:
    """A check-in agreed at the ending, on the day it stands on now. `month`: so many after the end; None: another."""

    id: int
    due_on: date
    month: int | None = None


@dataclass(frozen=True, slots=True)
class RecordExtract:
    """All that drafting may use about one episode; any list may be empty, notes are signed or imported ones only.

    `check_ins`: () where none were agreed at the ending, None while nobody has said.
    `forms_after_end`: days of forms left out on which no check-in was held; `check_in_scores`: of all of them.
    `other_names`: of other clients; no drafted sentence may hold one."""

    client: ClientHeader
    client_id: int
    episode: EpisodeFact | None = None
    sessions: tuple[SessionFact, ...] = ()
    notes: tuple[NoteFact, ...] = ()
    scales: tuple[ScaleFact, ...] = ()
    risk_answers: tuple[RiskAnswer, ...] = ()
    risk_flags: tuple[RiskFlag, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    ruptures: tuple[RuptureFact, ...] = ()
    breaks: tuple[BreakFact, ...] = ()
    formulation: tuple[FormulationEntry, ...] = ()
    beliefs: tuple[BeliefFact, ...] = ()
    people: tuple[PersonFact, ...] = ()
    practices: tuple[PracticeFact, ...] = ()
    ladder: tuple[LadderFact, ...] = ()
    changes: tuple[ChangeFact, ...] = ()
    moments: tuple[MomentFact, ...] = ()
    crisis_contacts: tuple[CrisisContact, ...] = ()
    agreed_level: AgreedLevel | None = None
    check_ins: tuple[CheckInFact, ...] | None = None
    forms_after_end: tuple[date, ...] = ()
    other_names: tuple[str, ...] = ()
    check_in_scores: Mapping[str, tuple[ScorePoint, ...]] = field(default_factory=dict)

"""Plainly fictional records for the closure tests: an empty one, and one with something in every list."""

from __future__ import annotations

from datetime import date, timedelta

from lib.domain.closure import Audience, ClientHeader, DocumentDraft, DocumentKind, Letterhead
from lib.domain.closure_draft import draft_closure_summary
from lib.domain.measure_facts import RiskAnswer, ScaleFact, ScorePoint, WorseItem
from lib.domain.plan_draft import draft_relapse_plan
from lib.domain.process import Attendance, PartState
from lib.domain.record_extract import (
    AgreedLevel,
    BeliefFact,
    BreakFact,
    ChangeFact,
    Conviction,
    CrisisContact,
    EpisodeFact,
    EvidenceFact,
    FormulationEntry,
    LadderFact,
    MomentFact,
    NoteFact,
    PersonFact,
    PracticeFact,
    PracticeReview,
    RatingFact,
    RecordExtract,
    RiskFlag,
    RuptureFact,
    SessionFact,
)
from lib.exchange.document_models import load_document_model

TODAY = date(2026, 11, 22)
PRACTICE = Letterhead("Harbour Lane Practice", ("12 Harbour Lane", "Exampletown"))
SUMMARY_MODEL = load_document_model(DocumentKind.SUMMARY)
PLAN_MODEL = load_document_model(DocumentKind.PLAN)
EMPTY = RecordExtract(ClientHeader("Cleo Sample", "SB-003", date(1978, 9, 19)), client_id=3)
NOTE = NoteFact(
    5,
    date(2026, 9, 16),
    "Denies any thoughts of self-harm.\nHer sister says she “wants to die of shame”. Told Ben she was struggling.",
)


def summary(record: RecordExtract, audience: Audience = Audience.FILE, today: date = TODAY) -> DocumentDraft:
    """The closure summary of a record as the shipped definitions draft it."""
    return draft_closure_summary(record, SUMMARY_MODEL, audience, PRACTICE, "Dr Lark", today)


def plan(record: RecordExtract, today: date = TODAY) -> DocumentDraft:
    """The plan of a record as the shipped definitions draft it."""
    return draft_relapse_plan(record, PLAN_MODEL, PRACTICE, "Dr Lark", today)


def texts(draft: DocumentDraft, key: str | None = None) -> list[str]:
    """The sentences of one section, or of all."""
    return [s.text for part in draft.sections if key in (None, part.key) for s in part.sentences]


def phq(values: list[float], verdict: str = "recovered", **changed: object) -> ScaleFact:
    """PHQ-9 scores 28 days apart from 21 January 2025."""
    days = [date(2025, 1, 21) + timedelta(days=28 * index) for index in range(len(values))]
    points = tuple(
        ScorePoint(10 + index, day, value) for index, (day, value) in enumerate(zip(days, values, strict=True))
    )
    given = {"verdict_sentence": "", "cutoff": 10.0, "low": 0.0, "high": 27.0} | changed
    return ScaleFact("phq9", "PHQ-9", "PHQ-9", points, verdict, **given)  # type: ignore[arg-type]


WORSE = WorseItem(3, "Trouble sleeping", ScorePoint(10, date(2025, 1, 21), 1), ScorePoint(12, date(2025, 3, 18), 2))


def rated(levels: list[int | None], context: str = "", evidence: str = "") -> tuple[RatingFact, ...]:
    """Ratings of the marker "presence", 28 days apart."""
    first = date(2025, 2, 1)
    return tuple(
        RatingFact(i + 50, first + timedelta(days=28 * i), "presence", "Staying present", level, context, evidence)
        for i, level in enumerate(levels)
    )


FULL = RecordExtract(
    client=EMPTY.client,
    client_id=3,
    episode=EpisodeFact(1, 1, date(2025, 1, 14), date(2026, 10, 31), "planned", "I can do this now"),
    sessions=(
        SessionFact(1, date(2025, 1, 14), Attendance.ATTENDED, 1, ("Assessment",), ("CBT",)),
        SessionFact(2, date(2025, 1, 28), Attendance.NO_SHOW, 2, ("Alliance",), ("Group",)),
        SessionFact(3, date(2026, 10, 20), Attendance.ATTENDED, 3, ("Closure",), (), "Ring Ben on Sundays", True),
    ),
    notes=(NOTE,),
    scales=(phq([17, 9, 6], norms="Primary care (Kroenke 2001)", worse_items=(WORSE,)),),
    risk_answers=(
        RiskAnswer(10, date(2025, 1, 21), "PHQ-9", 9, 2),
        RiskAnswer(11, date(2025, 2, 18), "PHQ-9", 9, None),
        RiskAnswer(12, date(2025, 3, 18), "PHQ-9", 9, 0),
    ),
    risk_flags=(
        RiskFlag(1, date(2025, 1, 21), "Item 9 answered 2", "Asked in session; safety plan", date(2025, 1, 22)),
        RiskFlag(2, date(2025, 2, 18), "Item 9 not answered"),
    ),
    ratings=rated([1, 2, 3], evidence="Stayed while Ben cried"),
    evidence=(EvidenceFact(1, 5, date(2026, 9, 16), "needs", "Saying needs", "for", "Told Ben she was struggling."),),
    ruptures=(
        RuptureFact(1, date(2025, 3, 11), "Therapist late", date(2025, 4, 8), "Named it"),
        RuptureFact(2, date(2026, 5, 1), "Felt judged"),
    ),
    breaks=(
        BreakFact(1, "break", date(2026, 8, 1), "Summer", date(2026, 8, 28), "Rang Ben twice"),
        BreakFact(2, "anniversary", date(2020, 2, 29), "Father's death"),
        BreakFact(3, "event", date(2026, 3, 1), "Moved house"),
    ),
    formulation=(
        FormulationEntry(1, "need", date(2025, 1, 14), words="I am fine alone"),
        FormulationEntry(2, "origin", date(2025, 2, 1), "distant care", "Dad left the room"),
        FormulationEntry(3, "fear", date(2025, 2, 1), "loss of independence"),
        FormulationEntry(4, "sign", date(2026, 9, 1), words="I answer Ben with one word"),
        FormulationEntry(5, "trigger", date(2026, 9, 1), words="Being asked how I am"),
    ),
    beliefs=(
        BeliefFact(
            1,
            date(2025, 3, 1),
            "Needing others is weak",
            "Asking takes strength",
            (Conviction(1, date(2025, 3, 1), 90), Conviction(2, date(2026, 10, 6), 60)),
        ),
    ),
    people=(PersonFact(1, date(2026, 10, 1), "Ben", "brother", safe_haven=True, felt_safety=8),),
    practices=(
        PracticeFact(1, date(2025, 5, 1), "One honest feeling", "daily", (PracticeReview(date(2026, 9, 1), True, 8),)),
        PracticeFact(2, date(2025, 6, 1), "Journaling"),
    ),
    ladder=(LadderFact(1, date(2025, 9, 1), "Ask for a lift", "annoyed", "he said of course", "asking is cheap"),),
    changes=(
        ChangeFact(1, date(2025, 6, 10), "Explore its origins", PartState.UNDER_WAY),
        ChangeFact(2, date(2026, 2, 3), "Explore its origins", PartState.CONSOLIDATED, "Told Ben of the seven moves"),
    ),
    moments=(MomentFact(1, date(2026, 9, 2), "I let him make me tea", "Ben", "reciprocity"),),
    crisis_contacts=(
        CrisisContact(1, "Crisis line", "0800 555 0100", date(2026, 10, 1), "day and night"),
        CrisisContact(2, "Night clinic", "0800 555 0199", date(2026, 8, 23)),
    ),
    agreed_level=AgreedLevel(1, date(2026, 10, 6), "PHQ-9", 10),
)

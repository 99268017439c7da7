"""Readiness: every criterion says what speaks for ending, what against, and what is not known; nothing adds up."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.clinical_model import Entry
from lib.domain.closure import ClientHeader
from lib.domain.entries import EndingTalk
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.measure_facts import RiskAnswer, ScaleFact, ScorePoint
from lib.domain.process import Attendance
from lib.domain.readiness import (
    RULES,
    Criterion,
    Papers,
    ReadinessFacts,
    Reason,
    chance_of_level,
    readiness_board,
)
from lib.domain.record_extract import (
    BreakFact,
    PersonFact,
    RatingFact,
    RecordExtract,
    RiskFlag,
    RuptureFact,
    SessionFact,
)
from lib.domain.standing import MarkerStanding

TODAY = date(2026, 11, 22)
NOBODY = RecordExtract(ClientHeader("Cleo Sample", "SB-003"), client_id=3)
EMPTY = ReadinessFacts(TODAY, NOBODY, AttachmentRecord(), (), {"trust": "Trust"}, Papers())


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def criterion(key: str, **known: object) -> Criterion:
    """One criterion over an empty record with these fields of the extract, or of the facts themselves."""
    own = {field.name for field in fields(ReadinessFacts)}
    extract = replace(NOBODY, **{name: value for name, value in known.items() if name not in own})
    facts = replace(EMPTY, extract=extract, **{name: value for name, value in known.items() if name in own})
    return readiness_board(facts, {key: Entry(key, key, "?", ("S2",))})[0]


def said(reasons: list[Reason]) -> str:
    return " | ".join(reason.text for reason in reasons)


def estimate(level: float, variance: float = 9.0, days_ago: int = 5, disagreement: str = "") -> MarkerStanding:
    on = ago(days_ago)
    told = EstimatedLevel(
        on, ago(200), level, level - 0.6, level + 0.6, 1.0, 0.5, 1.5, 0.99, 0.9, "growth", disagreement,
        on + timedelta(days=60), variance, 0.09,
    )  # fmt: skip
    return MarkerStanding("trust", round(level), on, 1, ago(200), estimate=told)


def rating(days_ago: int, level: int, context: str = "") -> RatingFact:
    return RatingFact(days_ago, ago(days_ago), "trust", "Trust", level, context)


def sessions(*attendance: Attendance, every: int = 7) -> tuple[SessionFact, ...]:
    count = len(attendance)
    return tuple(SessionFact(n, ago(every * (count - n)), one) for n, one in enumerate(attendance))


def test_a_record_without_anything_speaks_for_nothing() -> None:
    board = readiness_board(EMPTY, {key: Entry(key, key, "?", ("S2",)) for key in RULES})
    assert [one.key for one in board if one.in_favour] == []
    assert all(one.against or one.unknown for one in board)


def test_no_field_of_a_criterion_is_a_number() -> None:
    assert {field.name for field in fields(Criterion)} == {
        "key", "label", "question", "source", "in_favour", "against", "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(("level", "expected"), [(3.9, "in_favour"), (2.4, "unknown"), (1.0, "against")])
def test_a_marker_stands_on_the_side_its_chance_tells(level: float, expected: str) -> None:
    ratings = (rating(100, 3, "Partner"), rating(10, 4, "Friends"))
    found = criterion("markers", markers=(estimate(level),), ratings=ratings)
    assert [name for name in ("in_favour", "against", "unknown") if getattr(found, name)] == [expected]


def test_a_level_counts_as_held_only_when_it_was_rated_more_than_once() -> None:
    once = criterion("markers", markers=(estimate(3.9),), ratings=(rating(10, 4),))
    assert not once.in_favour and "rated 3 or above 1 time since" in said(once.unknown)
    broken = criterion("markers", markers=(estimate(3.9),), ratings=(rating(90, 4), rating(50, 2), rating(10, 4)))
    assert not broken.in_favour


def test_contexts_and_strain_are_told_with_a_held_level() -> None:
    ratings = (rating(100, 3, "Partner"), rating(10, 4, "Friends"))
    rupture = RuptureFact(1, ago(30), "She felt lectured.", ago(20), "Said so.")
    words = said(criterion("markers", markers=(estimate(3.9),), ratings=ratings, ruptures=(rupture,)).in_favour)
    assert "seen with friends, partner" in words and "once within six weeks of strain" in words


def test_stale_and_disagreeing_estimates_are_not_known() -> None:
    ratings = (rating(100, 3), rating(80, 4))
    stale = criterion("markers", markers=(estimate(3.9, days_ago=70),), ratings=ratings)
    assert "nobody has rated since" in said(stale.unknown) and not stale.in_favour
    apart = criterion("markers", markers=(estimate(3.9, disagreement="therapist 4, client 1"),), ratings=ratings)
    assert "sources disagree" in said(apart.unknown) and not apart.in_favour


def test_a_chance_is_never_told_as_certain_and_widens_with_silence() -> None:
    held = estimate(3.9).estimate
    assert held is not None
    assert chance_of_level(held, 3, TODAY) > chance_of_level(held, 3, TODAY + timedelta(days=365)) > 0.5
    words = said(criterion("markers", markers=(estimate(4.0, 1.0),), ratings=(rating(90, 4), rating(9, 4))).in_favour)
    assert "over 99 % likely" in words and "100 %" not in words


@pytest.mark.parametrize(
    ("verdict", "side"),
    [
        ("recovered", "in_favour"), ("improved", "in_favour"), ("unchanged", "unknown"), ("undetermined", "unknown"),
        ("deteriorated", "against"), ("worsened_across_cutoff", "against"),
    ],
)  # fmt: skip
def test_each_verdict_has_its_side(verdict: str, side: str) -> None:
    scale = ScaleFact("phq9", "PHQ-9", "PHQ-9", (ScorePoint(1, ago(9), 4.0),), verdict, "PHQ-9 fell.")
    found = criterion("change", scales=(scale,))
    assert said(getattr(found, side)) == "PHQ-9 fell."


def test_risk_is_never_told_as_absent() -> None:
    flag = RiskFlag(1, ago(30), "Item 9 was endorsed.", "Asked directly.", ago(29))
    zero = RiskAnswer(2, ago(3), "PHQ-9", 9, 0)
    found = criterion("risk", risk_flags=(flag,), risk_answers=(zero,))
    assert said(found.in_favour) == "Item 9 of the last PHQ-9: not endorsed on this form."
    assert "What was done: Asked directly." in said(found.unknown)
    open_flag = replace(flag, response=None, responded_on=None)
    for answer, words in ((None, "not a zero"), (1, "was answered 1")):
        against = said(criterion("risk", risk_flags=(open_flag,), risk_answers=(replace(zero, value=answer),)).against)
        assert "Open: Item 9 was endorsed." in against and words in against


def test_an_open_rupture_speaks_against_with_its_age_and_a_repair_for() -> None:
    found = criterion(
        "ruptures",
        ruptures=(RuptureFact(1, ago(33), "Late start."), RuptureFact(2, ago(90), "Forgot.", ago(80), "Owned it.")),
    )
    assert said(found.against) == "Open for 33 days: Late start." and "Owned it." in said(found.in_favour)


def test_a_gap_among_people_is_shown() -> None:
    found = criterion("supports", people=(PersonFact(1, ago(9), "Mara", safe_haven=True),))
    assert said(found.in_favour) == "As a safe haven: Mara." and "secure base" in said(found.unknown)


def test_how_a_break_went_is_left_to_the_clinician() -> None:
    over = BreakFact(1, "break", ago(60), "Summer", ago(40), "Rang twice, came back on time.")
    found = criterion("breaks", breaks=(over,))
    assert not found.in_favour and not found.against and "Rang twice" in said(found.unknown)


def test_an_ending_nobody_speaks_of_speaks_against() -> None:
    assert "Nothing is written about ending" in said(criterion("ending").against)
    talk = Held(1, 1, EndingTalk(ago(5), "January, with a check-in."))
    found = criterion("ending", record=AttachmentRecord(ending_talks=(talk,)))
    assert "January, with a check-in." in said(found.in_favour) and not found.against


def test_leaving_early_or_by_silence_is_named() -> None:
    came, gone = Attendance.ATTENDED, Attendance.NO_SHOW
    early = criterion("leaving", sessions=sessions(came, came))
    assert "Early: 2 sessions held." in said(early.against)
    missed = criterion("leaving", sessions=sessions(*[came] * 7, gone, came, gone))
    assert "2 of the last" in said(missed.against)
    silent = criterion("leaving", sessions=sessions(*[came] * 8, every=30), next_on=None)
    assert "endings by silence begin so" in said(silent.against)
    steady = criterion("leaving", sessions=sessions(*[came] * 8), next_on=TODAY + timedelta(days=7))
    assert steady.in_favour and not steady.against


def test_papers_are_told_as_they_stand() -> None:
    found = criterion("plan", papers=Papers("signed", ago(3), "draft", ago(1)))
    assert said(found.in_favour) == "Relapse-prevention plan is signed."
    assert "Closure summary is a draft." in said(found.unknown)
    assert "is not begun" in said(criterion("plan").against)
    trainees = said(criterion("plan", papers=Papers("waiting", ago(3), "returned", ago(1))).unknown)
    assert "waits for its co-signature" in trainees and "Closure summary was given back by the supervisor." in trainees

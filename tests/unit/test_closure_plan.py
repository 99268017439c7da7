"""The relapse-prevention plan: the client's own words and dates, and questions where there are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.domain.draft_words import months_later
from lib.domain.record_extract import BreakFact, CheckInFact, CrisisContact, PersonFact
from tests.unit.closure_record import EMPTY, FULL, TODAY, phq, plan, rated, summary, texts


def test_an_empty_record_makes_a_plan_of_questions() -> None:
    draft = plan(EMPTY)
    assert texts(draft) == []
    assert all(section.asks for section in draft.sections)


def test_every_sentence_of_the_plan_has_a_source() -> None:
    assert len(texts(plan(FULL))) > 20
    assert all(line.sources for section in plan(FULL).sections for line in section.sentences)


def test_check_ins_fall_one_three_six_and_twelve_months_after_the_ending() -> None:
    days = [line.rsplit(": ", 1)[1] for line in texts(plan(FULL), "checkins")]
    assert days == [
        "30 Nov 2026.",
        "31 Jan 2027.",
        "30 Apr 2027.",
        "31 Oct 2027.",
    ]


def test_check_ins_that_were_agreed_stand_on_their_own_days_and_none_are_made_up() -> None:
    agreed = (CheckInFact(4, date(2026, 12, 2), 1), CheckInFact(5, date(2027, 3, 15), 3))
    lines = plan(replace(FULL, check_ins=agreed)).section("checkins").sentences
    assert [line.text for line in lines] == ["Check-in at 1 month: 2 Dec 2026.", "Check-in at 3 months: 15 Mar 2027."]
    assert [line.sources[0].dated_on for line in lines] == [each.due_on for each in agreed]
    none_agreed = plan(replace(FULL, check_ins=())).section("checkins")
    assert not none_agreed.sentences and any("No check-in was agreed" in ask for ask in none_agreed.asks)
    told = texts(summary(replace(FULL, check_ins=agreed)), "recommendations")
    assert "Check-ins agreed: 2 Dec 2026 (at 1 month); 15 Mar 2027 (at 3 months)." in told
    assert not any("heck-in" in line for line in texts(summary(replace(FULL, check_ins=())), "recommendations"))


def test_without_an_end_the_check_ins_are_a_question() -> None:
    assert FULL.episode is not None
    section = plan(replace(FULL, episode=replace(FULL.episode, ended_on=None))).section("checkins")
    assert not section.sentences and section.asks


@pytest.mark.parametrize(("age", "printed"), [(0, True), (90, True), (91, False), (-1, False), (None, False)])
def test_a_crisis_number_is_printed_only_when_confirmed_within_ninety_days(age: int | None, printed: bool) -> None:
    confirmed_on = None if age is None else TODAY - timedelta(days=age)
    draft = plan(replace(EMPTY, crisis_contacts=(CrisisContact(1, "Line", "0800 555 0100", confirmed_on),)))
    sentence = draft.section("red").sentences[0]
    assert ("0800 555 0100" in sentence.text) is printed
    assert ("0800 555 0100" in sentence.sources[0].quote) is printed
    assert ("must be checked" in sentence.text) is not printed


def test_gaps_among_my_people_are_shown() -> None:
    section = plan(FULL).section("people")
    assert "A gap: nobody on my list is a secure base yet." in [line.text for line in section.sentences]
    assert not any("safe haven yet" in line.text for line in section.sentences)
    assert any("secure base" in ask for ask in section.asks)


def test_somebody_who_is_neither_haven_nor_base_is_not_made_one() -> None:
    record = replace(EMPTY, people=(PersonFact(1, date(2026, 1, 1), "Noor", "colleague"),))
    assert "not yet a safe haven or secure base" in texts(plan(record), "people")[0]


def test_what_got_worse_is_said_in_the_plan_too() -> None:
    record = replace(EMPTY, scales=(phq([8, 19], "deteriorated"),), ratings=rated([3, 1]))
    said = texts(plan(record), "changed")
    assert "worse than at first" in said[0]
    assert "lower" in said[1]


def test_a_belief_that_kept_its_hold_is_not_called_loosened() -> None:
    belief = FULL.beliefs[0]
    held = replace(belief, convictions=(belief.convictions[0], replace(belief.convictions[1], percent=90)))
    said = " ".join(texts(plan(replace(EMPTY, beliefs=(held,))), "understanding"))
    assert "has not let go of me" in said


def test_each_early_sign_asks_for_its_if_then_step_and_none_is_made_up() -> None:
    section = plan(FULL).section("amber")
    assert "If “I answer Ben with one word” happens, then what do I do?" in section.asks
    assert [line.text for line in section.sentences] == [
        "If PHQ-9 comes to 10 or above, then I get in touch; we agreed this on 6 Oct 2026."
    ]


def test_an_anniversary_returns_within_the_twelve_months_also_on_a_leap_day() -> None:
    assert "1 Mar 2027: “Father's death”." in texts(plan(FULL), "year")


def test_a_break_in_the_past_is_not_among_the_next_twelve_months() -> None:
    past = BreakFact(1, "break", TODAY - timedelta(days=1), "Gone")
    ahead = BreakFact(2, "break", TODAY + timedelta(days=30), "Winter")
    said = texts(plan(replace(EMPTY, breaks=(past, ahead))), "year")
    assert len(said) == 1 and "Winter" in said[0]


def test_the_plan_speaks_in_the_first_person_and_without_jargon() -> None:
    said = " ".join(texts(plan(FULL))).lower()
    for word in ("client", "rupture", "reliable change", "cut-off", "item 9", "therapist rated"):
        assert word not in said


def test_notes_stay_out_of_the_plan() -> None:
    assert "struggling" not in " ".join(texts(plan(FULL)))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert months_later(start, months) == end

"""One question to consider: the first rule that fits, in the order of the data file, and none where nothing fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.parts import WorkedOn, counted_approaches, counted_techniques, parts_now
from lib.domain.process import PartState
from lib.domain.question import RULES, Situation, closure_under_way_on, next_anniversary, question_to_ask
from tests import factories

TODAY = date(2026, 3, 2)
QUESTIONS = factories.definitions().model.questions


def days_ago(days: int) -> date:
    """A day before TODAY."""
    return TODAY - timedelta(days=days)


def asked(record: AttachmentRecord, **more: date) -> str:
    """The key of the question, "" for none."""
    found = question_to_ask(Situation(record, TODAY, **more), QUESTIONS)
    return found.key if found else ""


def test_every_question_of_the_file_has_a_rule_and_every_rule_a_question() -> None:
    assert list(QUESTIONS) == list(RULES)


def test_nothing_on_record_suggests_nothing() -> None:
    assert asked(AttachmentRecord()) == ""


RUPTURE = Held(1, 1, e.Rupture(days_ago(12), "the clock"))
HOLIDAY = e.TherapyBreak("holiday", days_ago(30), days_ago(9))
ATTEMPT = e.LadderAttempt(1, days_ago(3), "no", "yes")


@pytest.mark.parametrize(
    ("record", "more", "expected"),
    [
        (AttachmentRecord(ruptures=(RUPTURE,)), {"risk_on": days_ago(2)}, "risk_open"),
        (AttachmentRecord(ruptures=(RUPTURE,)), {}, "open_rupture"),
        (AttachmentRecord(ruptures=(RUPTURE,), repairs=(Held(1, 1, e.Repair(1, TODAY, "said so")),)), {}, ""),
        (AttachmentRecord(breaks=(Held(1, 1, HOLIDAY),)), {}, "break_looked_back"),
        (AttachmentRecord(breaks=(Held(1, 1, e.TherapyBreak("holiday", days_ago(-28))),)), {}, "break_ahead"),
        (AttachmentRecord(breaks=(Held(1, 1, e.TherapyBreak("holiday", days_ago(-29))),)), {}, ""),
        (
            AttachmentRecord(breaks=(Held(1, 1, e.TherapyBreak("holiday", days_ago(-5), prepared="a letter")),)),
            {},
            "",
        ),
        (
            AttachmentRecord(breaks=(Held(1, 1, e.TherapyBreak("anniversary", date(2019, 3, 20))),)),
            {},
            "anniversary_ahead",
        ),
        (AttachmentRecord(attempts=(Held(1, 1, ATTEMPT),)), {}, "attempt_open"),
        (AttachmentRecord(), {"agreed_on": days_ago(7)}, "agreed_not_asked"),
        (
            AttachmentRecord(reviews=(Held(1, 1, e.HomePracticeReview(1, days_ago(1), "5 of 7")),)),
            {"agreed_on": days_ago(7)},
            "",
        ),
        (AttachmentRecord(), {"closure_on": days_ago(20)}, "ending_not_talked"),
        (
            AttachmentRecord(ending_talks=(Held(1, 1, e.EndingTalk(days_ago(3), "not yet")),)),
            {"closure_on": days_ago(20)},
            "",
        ),
        (AttachmentRecord(moments=(Held(1, 1, e.Moment(days_ago(43), "x", "trust")),)), {}, "moment_long_ago"),
        (AttachmentRecord(moments=(Held(1, 1, e.Moment(days_ago(42), "x", "trust")),)), {}, ""),
        (AttachmentRecord(convictions=(Held(1, 1, e.Conviction(1, days_ago(61), 80)),)), {}, "conviction_long_ago"),
    ],
)
def test_the_first_rule_that_fits_is_taken(record: AttachmentRecord, more: dict[str, date], expected: str) -> None:
    assert asked(record, **more) == expected


def test_a_rupture_of_this_very_day_is_not_asked_about_yet() -> None:
    today = (Held(1, 1, e.Rupture(TODAY, "the clock")),)
    assert asked(AttachmentRecord(ruptures=today)) == ""
    assert asked(AttachmentRecord(ruptures=(*today, RUPTURE))) == "open_rupture"


def test_the_reason_names_the_day_and_the_source_but_no_words_of_the_client() -> None:
    found = question_to_ask(Situation(AttachmentRecord(ruptures=(RUPTURE,)), TODAY), QUESTIONS)
    assert found is not None
    assert found.reason == "The rupture of 18 Feb has no repair on record, 12 days on."
    assert found.source == ("S2",) and "clock" not in found.words + found.reason


@pytest.mark.parametrize(
    ("first_on", "expected"),
    [
        (date(2019, 3, 2), TODAY),
        (date(2019, 3, 1), date(2027, 3, 1)),
        (date(2020, 2, 29), date(2027, 3, 1)),
        (date(2026, 5, 1), date(2026, 5, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
    ],
)
def test_a_day_returns_every_year(first_on: date, expected: date) -> None:
    assert next_anniversary(first_on, TODAY) == expected


def mark(state: PartState, days: int) -> e.PartOfWork:
    """A mark of the part "beliefs"."""
    return e.PartOfWork("beliefs", state, days_ago(days))


@pytest.mark.parametrize(
    ("marks", "days", "state", "since", "by_sessions"),
    [
        ([], [], PartState.NOT_STARTED, None, False),
        ([], [30, 10], PartState.UNDER_WAY, days_ago(30), True),
        ([mark(PartState.CONSOLIDATED, 20)], [30, 10], PartState.CONSOLIDATED, days_ago(20), False),
        ([mark(PartState.NOT_STARTED, 20)], [30, 10], PartState.UNDER_WAY, days_ago(10), True),
        ([mark(PartState.NOT_STARTED, 20)], [30], PartState.NOT_STARTED, days_ago(20), False),
        (
            [mark(PartState.CONSOLIDATED, 20), mark(PartState.UNDER_WAY, 5)],
            [],
            PartState.UNDER_WAY,
            days_ago(5),
            False,
        ),
    ],
)
def test_a_part_follows_its_mark_and_else_the_sessions(
    marks: list[e.PartOfWork], days: list[int], state: PartState, since: date | None, by_sessions: bool
) -> None:
    sessions = [WorkedOn(days_ago(day), ("beliefs",), ()) for day in days]
    part = parts_now(["beliefs"], marks, sessions)["beliefs"]
    assert (part.state, part.since_on, part.by_sessions, part.sessions) == (state, since, by_sessions, len(days))


def test_approaches_are_counted_with_their_latest_day() -> None:
    sessions = [WorkedOn(days_ago(9), (), ("cbt", "eft")), WorkedOn(days_ago(2), (), ("cbt",))]
    assert list(counted_approaches(sessions).items()) == [("cbt", (2, days_ago(2))), ("eft", (1, days_ago(9)))]


def test_techniques_are_counted_from_free_words_whatever_their_capitals() -> None:
    sessions = [
        WorkedOn(days_ago(9), (), (), "Role-play, imagery"),
        WorkedOn(days_ago(2), (), (), "role-play; ROLE-PLAY\nchair work"),
        WorkedOn(days_ago(1), (), (), " , "),
    ]
    assert list(counted_techniques(sessions).items()) == [
        ("Role-play", (2, days_ago(2))),
        ("imagery", (1, days_ago(9))),
        ("chair work", (1, days_ago(2))),
    ]


def test_closure_is_under_way_until_another_mark() -> None:
    begun = Held(1, 1, e.PartOfWork("closure", PartState.UNDER_WAY, days_ago(9)))
    done = Held(2, 1, e.PartOfWork("closure", PartState.CONSOLIDATED, days_ago(2)))
    assert closure_under_way_on(AttachmentRecord(parts=(begun,))) == days_ago(9)
    assert closure_under_way_on(AttachmentRecord(parts=(begun, done))) is None

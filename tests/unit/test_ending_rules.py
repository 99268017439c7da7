"""Endings and check-ins: what blocks and what warns, the days, the level, and small groups that are not told."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.check_ins import is_crossed, months_after, names_day, usual_days
from lib.domain.ending_figures import EndingCount, of, told_apart
from lib.domain.endings import OutreachWay, Tried, check_closable, ending_told, obstacles, reason_told
from lib.domain.errors import Blocked
from lib.domain.instruments import Direction
from lib.domain.readiness_facts import Papers

LOW, HIGH = Direction.LOWER_BETTER, Direction.HIGHER_BETTER
DONE = Papers("signed", None, "signed", None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
    ],
)
def test_months_after_a_day_stay_in_their_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_the_usual_days_are_at_one_three_six_and_twelve_months() -> None:
    assert [month for month, _on in usual_days(date(2026, 3, 2))] == [1, 3, 6, 12]


@pytest.mark.parametrize(
    ("level", "value", "direction", "crossed"),
    [(10, 9.5, LOW, False), (10, 10, LOW, True), (10, 11, LOW, True), (5, 6, HIGH, False), (5, 5, HIGH, True)],
)
def test_the_level_itself_counts_as_crossed(level: float, value: float, direction: Direction, crossed: bool) -> None:
    assert is_crossed(level, value, direction) is crossed


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Check-in at 3 months: 2 Mar 2027.", True),
        ("We meet on 2 March 2027 or on March 2, 2027", True),
        ("2027-03-02, at ten", True),
        ("Check-in at 3 months: 12 Mar 2027.", False),
        ("2 Mar 20271 and 2 Mar 2026", False),
        ("", False),
    ],
)
def test_a_day_is_found_as_people_write_it_and_no_other_day_for_it(text: str, is_named: bool) -> None:
    assert names_day(text, date(2027, 3, 2)) is is_named


def test_only_an_open_risk_flag_blocks() -> None:
    found = obstacles(1, 2, Papers("draft", None, "none", None))
    assert [one.is_block for one in found] == [True, False, False, False]
    assert "summary for the file is not begun" in found[2].why and "plan is a draft" in found[3].why
    assert obstacles(0, 0, DONE) == ()
    with pytest.raises(Blocked, match="cannot be closed"):
        check_closable(found, "Because.")


def test_warnings_are_closed_over_with_a_reason_and_not_without() -> None:
    found = obstacles(0, 1, DONE)
    with pytest.raises(Blocked, match="not finished"):
        check_closable(found, "  ")
    check_closable(found, "The client moved away.")
    check_closable((), "")


def test_a_reason_is_told_with_outreach_and_what_was_not_done() -> None:
    tries = [Tried(date(2026, 3, 2), OutreachWay.LETTER, "No reply.")]
    told = reason_told("Stopped coming", "No goodbye", tries)
    assert told == "Stopped coming. Outreach: 2 Mar 2026 by letter: No reply. Not done: No goodbye."
    assert reason_told("", "", ()) == "" and reason_told('"Enough."', "", ()) == '"Enough."'
    assert ending_told("ended_by_therapist", False) == "ended by therapist" and ending_told("", True) == ""


def test_small_groups_are_not_told_and_no_difference_gives_one_away() -> None:
    def way(kind: str, courses: int) -> EndingCount:
        return EndingCount(kind, False, courses, 0, 0)

    alone, together = told_apart([way("completed", 9), way("withdrew", 6), way("other", 1)])
    assert [one.kind for one in alone] == ["completed"]
    assert [one.kind for one in together] == ["withdrew", "other"]
    assert told_apart([way("completed", 9), way("withdrew", 5)])[1] == []
    assert of(2, 4) == "under 5, not told" and of(2, 5) == "2 of 5"

"""Flags of alliance and of the expected response: each edge of the rules, and the words with their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.domain.course import Course, Form, courses_of
from lib.domain.expected_course import expected_course
from lib.domain.expected_response import AMBER, RED, ResponseModel, Track, expected_at
from lib.domain.flag_rules import flags_for
from lib.domain.flags import FlagKind, RaisedFlag
from tests.factories import definitions

DAY = date(2026, 1, 5)
INSTRUMENTS = definitions().instruments
# From a first score of 15 always 10 is expected, with an SD of 2.
FLAT = ResponseModel(
    "phq9.total", 3, DAY, 120, 700, 15.0, 10.0, 24.0, 8, (10.0, 0.0, 0.0, 0.0),
    ((0.0,) * 4,) * 4, ((0.0, 0.0), (0.0, 0.0)), 4.0,
)  # fmt: skip


def weekly(*values: float | None, instrument: str = "phq9") -> Mapping[str, Course]:
    return courses_of(
        Form(n, instrument, "general", "client", DAY + timedelta(days=7 * n), {"total": value})
        for n, value in enumerate(values)
    )


def raised(courses: Mapping[str, Course], kind: FlagKind, model: ResponseModel | None = None) -> list[RaisedFlag]:
    models = {} if model is None else {model.measure: model}
    return [flag for flag in flags_for(courses, INSTRUMENTS, [], [], models) if flag.kind == kind]


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ((38, 38, 39, 37), 1),  # mean 38.3, one SD 0.6, a drop of 1.3
        ((36, 38, 40, 36), 1),  # a drop of exactly one SD: mean 38, SD 2
        ((36, 38, 40, 36.1), 0),
        ((36, 38, 40, 40), 0),  # better, by as much
        ((38, 38, 38, 37.9), 1),  # it never varied before: any drop is more than that
        ((38, 38, 38, 38), 0),
        ((38, 39, 36), 0),  # two earlier scores say nothing yet
        ((36,), 0),
        ((35.9,), 1),
        ((30, 30, 36), 0),
    ],
)
def test_an_alliance_that_drops_is_flagged(scores: tuple[float, ...], found: int) -> None:
    assert len(raised(weekly(*scores, instrument="srs"), FlagKind.ALLIANCE_DROP)) == found


def test_both_reasons_of_an_alliance_flag_are_said_with_their_figures() -> None:
    (flag,) = raised(weekly(36, 38, 40, 30.5, instrument="srs"), FlagKind.ALLIANCE_DROP)
    assert flag.reason == (
        "SRS is 30.5: below its own mean of 38.0 over 3 earlier scores by 7.5, where one SD of them is 2.0; below 36."
    )
    assert (flag.raised_on, flag.form_id, flag.about, flag.is_risk) == (DAY + timedelta(days=21), 3, "srs.total", False)


def test_another_alliance_scale_has_no_cutoff_of_the_srs_and_a_symptom_scale_no_alliance() -> None:
    assert raised(weekly(30, instrument="wai_sr"), FlagKind.ALLIANCE_DROP) == []
    (flag,) = raised(weekly(48, 50, 52, 44, instrument="wai_sr"), FlagKind.ALLIANCE_DROP)
    assert (
        flag.reason
        == "WAI-SR is 44: below its own mean of 50.0 over 3 earlier scores by 6.0, where one SD of them is 2.0."
    )
    assert raised(weekly(20, 10, 20, 3), FlagKind.ALLIANCE_DROP) == []


@pytest.mark.parametrize(
    ("latest", "words"),
    [
        (10 + 2 * AMBER - 0.01, None),
        (10 + 2 * AMBER + 0.01, "80 %, amber"),
        (10 + 2 * RED - 0.01, "80 %, amber"),
        (10 + 2 * RED + 0.01, "90 %, red"),
        (3, None),
    ],
)
def test_a_course_behind_what_was_expected_is_flagged(latest: float, words: str | None) -> None:
    found = raised(weekly(15, latest), FlagKind.NOT_ON_TRACK, FLAT)
    assert [str(words) in flag.reason for flag in found] == ([True] if words else [])


def test_the_flag_says_on_whom_it_rests() -> None:
    (flag,) = raised(weekly(15, 13, 20), FlagKind.NOT_ON_TRACK, FLAT)
    assert flag.reason == (
        "PHQ-9 is 20 at session 2, where 10.0 was expected from 15: worse than the band of 90 %, red"
        " (120 closed courses of this practice, version 3)."
    )
    assert (flag.raised_on, flag.form_id, flag.about) == (DAY + timedelta(days=14), 2, "phq9.total")


@pytest.mark.parametrize(
    ("scores", "model"),
    [
        ((15, 20), None),
        ((15,), FLAT),
        ((9, 20), FLAT),
        ((15, 20), replace(FLAT, measure="gad7.total")),
        ((15, 20), replace(FLAT, longest=0)),
    ],
)
def test_without_a_model_that_knows_the_like_nothing_is_flagged(
    scores: tuple[float, ...], model: ResponseModel | None
) -> None:
    assert raised(weekly(*scores), FlagKind.NOT_ON_TRACK, model) == []


def test_sessions_and_not_forms_are_counted_where_they_are_on_record() -> None:
    attended = [DAY + timedelta(days=day) for day in (0, 3, 7)]
    (flag,) = [
        f
        for f in flags_for(weekly(15, 20), INSTRUMENTS, attended, [], {"phq9.total": FLAT})
        if f.kind == "not_on_track"
    ]
    assert "at session 2" in flag.reason


def test_two_worsenings_are_flagged_from_exactly_what_error_allows_on() -> None:
    (flag,) = raised(weekly(3, 8, 11), FlagKind.TWO_WORSENINGS)
    assert flag.reason == "PHQ-9 worsened twice in a row (3, 8, 11), together at least what error allows (6.8)."


def test_a_symptom_that_worsens_is_no_alliance_and_an_unknown_instrument_is_left_out() -> None:
    assert raised(weekly(10, 10, 11, 20), FlagKind.ALLIANCE_DROP) == []
    assert flags_for(weekly(3, 9, 30, instrument="nobody_knows"), INSTRUMENTS, [], []) == ()


def test_no_early_response_needs_a_cutoff_and_two_scores() -> None:
    attended = [DAY + timedelta(days=day) for day in range(0, 42, 7)]
    forms = [Form(n, "phq9", "general", "client", attended[place], {"total": 14.0}) for n, place in enumerate((0, 5))]
    (flag,) = flags_for(courses_of(forms), INSTRUMENTS, attended, [])
    assert flag.kind == FlagKind.NO_EARLY_RESPONSE and "moved 0 points in 6 sessions" in flag.reason
    assert flags_for(courses_of(forms[:1]), INSTRUMENTS, attended, []) == ()
    same = [Form(n, "ecr_r", "general", "client", attended[n], {"avoidance": 5.0}) for n in range(6)]
    assert flags_for(courses_of(same), INSTRUMENTS, attended, []) == ()


# --- the same in the chart and in words --------------------------------------------------------------


def test_the_course_of_expectations_has_a_point_for_each_later_score() -> None:
    course = weekly(15, 13, None, 9)["phq9.total"]
    found = expected_course(course, [], FLAT, -1)
    assert [(one.on, one.score) for one in found.points] == [
        (DAY + timedelta(days=7), 10),
        (DAY + timedelta(days=21), 10),
    ]
    low, high = expected_at(FLAT, 15, 1).bounds()  # type: ignore[union-attr]
    assert (found.points[0].low, found.points[0].high) == (low, high) == pytest.approx((7.4368, 12.5632))
    assert (found.version, found.clients, found.track) == (3, 120, Track.ON_TRACK)
    assert found.sentence == (
        "At session 2, from a first score of 15, 120 closed courses of this practice (version 3) lead one to expect"
        " 10.0, and between 7.4 and 12.6 in eight of ten. The latest score is 9: within what was usual, or better."
    )


@pytest.mark.parametrize(
    ("latest", "track", "words"),
    [(13, Track.AMBER, "amber: worse than the band of 80 %."), (14, Track.RED, "red: worse than the band of 90 %.")],
)
def test_the_words_name_amber_and_red(latest: float, track: Track, words: str) -> None:
    found = expected_course(weekly(15, latest)["phq9.total"], [], FLAT, -1)
    assert found.track is track and found.sentence.endswith(words)


OF_WHOM = ", in 120 closed courses of this practice (version 3)."


@pytest.mark.parametrize(
    ("scores", "model", "why"),
    [
        ((9, 8), FLAT, "at session 1 from a first score of 9: no course began there"),
        ((25, 8), FLAT, "at session 1 from a first score of 25: no course began there"),
        ((15,), FLAT, "at session 0 from a first score of 15: it is no later session yet"),
        ((10,), FLAT, "at session 0 from a first score of 10: it is no later session yet"),
        ((24,), FLAT, "at session 0 from a first score of 24: it is no later session yet"),
        ((15, 8), replace(FLAT, longest=0), "at session 1 from a first score of 15: too few courses lasted as long"),
    ],
)
def test_where_nothing_is_expected_it_says_why(scores: tuple[float, ...], model: ResponseModel, why: str) -> None:
    found = expected_course(weekly(*scores)["phq9.total"], [], model, -1)
    assert found.track is None and found.points == ()
    assert found.sentence == f"Nothing is expected {why}{OF_WHOM}"

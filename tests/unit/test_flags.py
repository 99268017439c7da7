"""Flags: each rule, on which figures it stands, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.domain.course import Course, Form, Measure, courses_of, measure_of
from lib.domain.flag_changes import FlagChanges, HeldFlag, Resting, reconcile, rest_until, resting
from lib.domain.flag_rules import flags_for
from lib.domain.flags import (
    RULES,
    FlagKind,
    FlagState,
    OpenRupture,
    RaisedFlag,
    risk_flags,
    rule_of,
)
from tests.factories import definitions

DAY = date(2026, 1, 5)
INSTRUMENTS = definitions().instruments
PHQ9 = INSTRUMENTS["phq9"]
NOT_A_ZERO = "This is not a zero: ask, and note the answer."


def weekly(*values: float, instrument: str = "phq9", scale: str = "total") -> dict[str, Course]:
    return courses_of(
        Form(number, instrument, "general", "client", DAY + timedelta(days=7 * number), {scale: value})
        for number, value in enumerate(values)
    )


def kinds(courses: dict[str, Course], sessions: int = 0) -> list[str]:
    attended = [DAY + timedelta(days=7 * n) for n in range(sessions)]
    return [flag.kind for flag in flags_for(courses, INSTRUMENTS, attended, [])]


# PHQ-9: error alone allows 6.76 points (SD 6.1, r .84); half of it is 3.38; cut-off 10
@pytest.mark.parametrize(
    ("values", "sessions", "expected"),
    [
        ((8, 14), 0, []),
        ((8, 15), 0, [FlagKind.RELIABLE_DETERIORATION]),
        ((8, 15, 14), 0, []),
        ((15, 8), 0, []),
        ((4, 8, 11), 0, [FlagKind.RELIABLE_DETERIORATION, FlagKind.TWO_WORSENINGS]),
        ((12, 4, 8, 11), 0, [FlagKind.TWO_WORSENINGS]),
        ((12, 4, 4, 11), 0, []),
        ((12, 4, 8, 10), 0, []),
        ((14, 12), 6, []),
        ((14, 13, 13, 13, 13, 12), 5, []),
        ((14, 13, 13, 13, 13, 12), 6, [FlagKind.NO_EARLY_RESPONSE]),
        ((14, 13, 13, 13, 13, 10), 6, []),
        ((9, 9, 9, 9, 9, 9), 6, []),
        ((14,), 6, []),
    ],
)
def test_rules_over_the_course(values: tuple[float, ...], sessions: int, expected: list[str]) -> None:
    assert kinds(weekly(*values), sessions) == expected


def test_without_published_figures_no_flag_claims_a_change() -> None:
    assert kinds(weekly(10, 60, instrument="bdi")) == []


def test_a_flag_names_scores_and_what_error_allows_and_since_when() -> None:
    (flag,) = flags_for(weekly(8, 16, 15.5), INSTRUMENTS, [], [])
    assert flag.reason == "PHQ-9 is 7.5 points worse than at the first score (8 to 15.5); error alone allows 6.8."
    assert flag.raised_on == DAY + timedelta(days=7) and flag.form_id == 2 and not flag.is_risk


def test_an_open_rupture_is_a_flag_of_its_day() -> None:
    (flag,) = flags_for({}, INSTRUMENTS, [], [OpenRupture(3, date(2026, 10, 22))])
    assert flag.reason == "Rupture of 22 Oct 2026 has no repair noted." and flag.raised_on == date(2026, 10, 22)


@pytest.mark.parametrize(
    ("answer", "alert", "words"),
    [
        (1, "item9_endorsed", "PHQ-9 item 9 answered 'several days' on 5 Jan 2026."),
        (3, "item9_endorsed", "PHQ-9 item 9 answered 'nearly every day' on 5 Jan 2026."),
        (
            None,
            "item9_missing",
            "PHQ-9 item 9 was left empty on 5 Jan 2026. This is not a zero: ask, and note the answer.",
        ),
    ],
)
def test_a_risk_flag_says_what_was_answered(answer: int | None, alert: str, words: str) -> None:
    (flag,) = risk_flags(PHQ9, {"phq9_9": answer}, (alert,), DAY, 7)
    assert (flag.reason, flag.kind, flag.is_risk, flag.form_id) == (words, alert, True, 7)


def test_a_total_alone_says_that_item_nine_is_not_known() -> None:
    (flag,) = risk_flags(PHQ9, None, ("item9_missing",), DAY, 7)
    assert "Only the total" in flag.reason and "not a zero" in flag.reason


def test_every_kind_has_a_rule_in_words_and_every_other_alert_is_a_risk() -> None:
    risks = {FlagKind.ITEM9_ENDORSED, FlagKind.ITEM9_MISSING}
    assert set(RULES) == set(FlagKind) - risks
    assert rule_of("core10_item6_endorsed").level == "Risk" == rule_of(FlagKind.ITEM9_ENDORSED).level


def test_two_respondents_and_two_targets_never_share_a_course() -> None:
    forms = [Form(n, "phq9", "general", who, DAY, {"total": 3}) for n, who in enumerate(["client", "therapist"])]
    assert set(courses_of(forms)) == {"phq9.total", "phq9.total:therapist"}
    for measure in (Measure("ecr_rs", "avoidance", "mother"), Measure("a", "b", "c", "therapist")):
        assert measure_of(measure.key) == measure


RAISED = RaisedFlag(FlagKind.TWO_WORSENINGS, False, "worse twice", DAY, "phq9.total", 5)
TODAY = date(2026, 3, 2)


def held(state: FlagState, form_id: int = 5, rests_until: date | None = None, is_risk: bool = False) -> HeldFlag:
    kind = "item9_endorsed" if is_risk else RAISED.kind
    return HeldFlag(1, kind, is_risk, RAISED.reason, DAY, RAISED.about, form_id, state, rests_until)


def test_a_rule_flag_is_raised_once_and_lapses_when_its_rule_no_longer_holds() -> None:
    assert reconcile([RAISED], [], TODAY).to_raise == (RAISED,)
    assert reconcile([RAISED], [held(FlagState.OPEN)], TODAY).to_raise == ()
    assert reconcile([], [held(FlagState.OPEN)], TODAY).to_lapse == (1,)


def test_a_risk_flag_never_lapses() -> None:
    assert reconcile([], [held(FlagState.OPEN, is_risk=True)], TODAY).to_lapse == ()


@pytest.mark.parametrize(
    ("form_id", "rests_until", "wakes"),
    [
        (5, TODAY - timedelta(days=1), True),  # the same form: its rule still holds, so it asks again
        (5, TODAY + timedelta(days=1), False),
        (4, TODAY + timedelta(days=1), False),  # a newer form, still resting
        (4, TODAY, True),
    ],
)
def test_an_answered_flag_asks_again_when_its_rest_is_over_and_its_rule_still_holds(
    form_id: int, rests_until: date, wakes: bool
) -> None:
    found = reconcile([RAISED], [held(FlagState.ANSWERED, form_id, rests_until)], TODAY)
    assert (found.to_raise == (RAISED,)) is wakes


def test_an_open_flag_is_reworded_when_a_newer_form_bears_it_out() -> None:
    newer = replace(RAISED, reason="worse twice again", form_id=6)
    assert reconcile([newer], [held(FlagState.OPEN)], TODAY) == FlagChanges(to_reword=((1, newer),))
    same_words = replace(RAISED, form_id=6)
    assert reconcile([same_words], [held(FlagState.OPEN)], TODAY).to_reword == ((1, same_words),)
    assert reconcile([RAISED], [held(FlagState.OPEN)], TODAY) == FlagChanges()


def test_a_flag_about_another_measure_is_another_flag() -> None:
    other = replace(RAISED, about="gad7.total")
    assert reconcile([other], [held(FlagState.OPEN)], TODAY) == FlagChanges(to_raise=(other,), to_lapse=(1,))
    assert reconcile([other], [held(FlagState.ANSWERED, rests_until=TODAY + timedelta(days=1))], TODAY).to_raise == (
        other,
    )


def test_a_lapsed_flag_holds_nothing_back_and_an_answered_one_without_a_rest_only_its_form() -> None:
    assert reconcile([RAISED], [held(FlagState.LAPSED)], TODAY).to_raise == (RAISED,)
    assert reconcile([RAISED], [held(FlagState.ANSWERED, form_id=4)], TODAY).to_raise == (RAISED,)
    assert reconcile([RAISED], [held(FlagState.ANSWERED, form_id=5)], TODAY).to_raise == ()


def test_a_flag_without_a_form_wakes_after_its_rest() -> None:
    rupture = RaisedFlag(FlagKind.OPEN_RUPTURE, False, "Rupture.", DAY, "3")
    answered = HeldFlag(1, FlagKind.OPEN_RUPTURE, False, "Rupture.", DAY, "3", None, FlagState.ANSWERED, TODAY)
    assert reconcile([rupture], [answered], TODAY - timedelta(days=1)).to_raise == ()
    assert reconcile([rupture], [answered], TODAY).to_raise == (rupture,)


def test_an_answered_flag_rests_four_weeks_or_as_chosen() -> None:
    assert [rest_until(TODAY), rest_until(TODAY, 1)] == [date(2026, 3, 30), date(2026, 3, 9)]


def test_a_resting_flag_is_known_by_the_day_it_asks_again_while_its_rule_holds() -> None:
    until = TODAY + timedelta(days=7)
    answered = held(FlagState.ANSWERED, rests_until=until)
    assert resting([RAISED], [answered], TODAY) == (Resting(answered, RAISED.reason, until),)
    assert resting([], [answered], TODAY) == (), "its rule no longer holds"
    assert resting([RAISED], [answered], until) == (), "it is raised anew from that day on"
    assert resting([RAISED], [answered, replace(answered, id=2, state=FlagState.OPEN)], TODAY) == ()


def test_a_deterioration_is_dated_from_the_first_form_of_the_stretch_that_lasts() -> None:
    (flag,) = [
        f for f in flags_for(weekly(8, 16, 9, 16, 17), INSTRUMENTS, [], []) if f.kind == "reliable_deterioration"
    ]
    assert flag.raised_on == DAY + timedelta(days=21) and flag.form_id == 4


def test_the_words_of_no_early_response_name_sessions_and_scores() -> None:
    attended = [DAY + timedelta(days=7 * n) for n in range(9)]
    (flag,) = flags_for(weekly(14, 14, 14, 14, 14, 13), INSTRUMENTS, attended, [])
    assert flag.reason == "PHQ-9 has moved 1 point in 6 sessions (14 to 13): no early response."
    assert (flag.raised_on, flag.form_id) == (DAY + timedelta(days=35), 5)


def test_an_answer_without_a_label_is_shown_as_its_number_and_an_unknown_alert_by_its_name() -> None:
    (flag,) = risk_flags(PHQ9, {"phq9_9": 9}, ("item9_endorsed",), DAY, 7)
    assert flag.reason == "PHQ-9 item 9 answered '9' on 5 Jan 2026."
    (flag,) = risk_flags(PHQ9, {}, ("something_else",), DAY, 7)
    assert flag.reason == "PHQ-9 of 5 Jan 2026 raised the alert something_else."

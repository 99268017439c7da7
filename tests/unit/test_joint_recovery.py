"""Joint recovery: PHQ-9 with GAD-7 after the rule of the English service, each edge of it, and what is not judged."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from lib.domain.course import Course, Form, courses_of
from lib.domain.joint_recovery import joint_recovery

DAY = date(2026, 1, 5)


def courses(phq9: tuple[float, ...], gad7: tuple[float, ...]) -> dict[str, Course]:
    forms = [
        Form(place + 100 * (name == "gad7"), name, "general", "client", DAY + timedelta(days=7 * place), {"total": v})
        for name, values in (("phq9", phq9), ("gad7", gad7))
        for place, v in enumerate(values)
    ]
    return courses_of(forms)


def asked(phq9: tuple[float, float], gad7: tuple[float, float]) -> tuple[bool | None, ...]:
    found = joint_recovery(courses(phq9, gad7), 5)
    assert found is not None and found.is_judged
    return (
        found.was_case, found.is_case, found.reliably_improved, found.reliably_deteriorated, found.recovered,
        found.reliably_recovered,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phq9", "gad7", "expected"),
    [
        ((16, 9), (12, 7), (True, False, True, False, True, True)),
        ((16, 10), (12, 7), (True, True, True, False, False, False)),  # 10 is still a case
        ((16, 9), (12, 8), (True, True, True, False, False, False)),  # 8 is still a case
        ((10, 9), (7, 7), (True, False, False, False, True, False)),  # recovery without reliable improvement
        ((9, 9), (8, 7), (True, False, False, False, True, False)),  # a case by GAD-7 alone
        ((9, 3), (7, 7), (False, False, True, False, False, False)),  # reliably better, never a case
        ((15, 9), (7, 7), (True, False, True, False, True, True)),  # exactly six points
        ((14, 9), (7, 7), (True, False, False, False, True, False)),  # five
        ((9, 9), (11, 7), (True, False, True, False, True, True)),  # exactly four on the GAD-7
        ((9, 9), (10, 7), (True, False, False, False, True, False)),  # three
        ((16, 9), (3, 7), (True, False, False, False, True, False)),  # one down, the other up by as much
        ((3, 9), (12, 7), (True, False, False, False, True, False)),
        ((3, 9), (3, 3), (False, False, False, True, False, False)),
        ((3, 3), (3, 7), (False, False, False, True, False, False)),
        ((3, 8), (3, 6), (False, False, False, False, False, False)),
        ((9, 15), (7, 7), (False, True, False, True, False, False)),
    ],
)
def test_each_edge_of_the_rule(
    phq9: tuple[float, float], gad7: tuple[float, float], expected: tuple[bool, ...]
) -> None:
    assert asked(phq9, gad7) == expected


def test_every_pair_of_scores_is_judged_as_the_rule_is_written() -> None:
    some = range(0, 22, 3)
    for before, after, anxious, calmer in product(some, repeat=4):
        dp, dg = after - before, calmer - anxious
        first, last = before >= 10 or anxious >= 8, after >= 10 or calmer >= 8
        improved = (dp <= -6 or dg <= -4) and not (dp >= 6 or dg >= 4)
        worse = (dp >= 6 or dg >= 4) and not (dp <= -6 or dg <= -4)
        recovered = first and not last
        expected = (first, last, improved, worse, recovered, recovered and improved)
        assert asked((before, after), (anxious, calmer)) == expected


def test_the_latest_scores_count_and_not_those_between() -> None:
    found = joint_recovery(courses((16, 4, 16), (12, 3, 12)), 5)
    assert found is not None and not found.recovered


@pytest.mark.parametrize(
    ("phq9", "gad7", "contacts", "why"),
    [
        ((16,), (12, 7), 5, "there is no second score on the PHQ-9"),
        ((16, 9), (12,), 5, "there is no second score on the GAD-7"),
        ((16,), (12,), 5, "there is no second score on the PHQ-9 and the GAD-7"),
        ((16, 9), (12, 7), 1, "fewer than two attended sessions are on record"),
    ],
)
def test_without_enough_data_nothing_is_judged_and_it_says_why(
    phq9: tuple[float, ...], gad7: tuple[float, ...], contacts: int, why: str
) -> None:
    found = joint_recovery(courses(phq9, gad7), contacts)
    assert found is not None and not found.is_judged
    assert found.sentence == f"PHQ-9 and GAD-7 together: not judged, because {why}."
    assert found.recovered is found.was_case is found.reliably_improved is None


def test_two_contacts_are_enough() -> None:
    found = joint_recovery(courses((16, 9), (12, 7)), 2)
    assert found is not None and found.is_judged


def test_with_one_questionnaire_there_is_nothing_to_read_together() -> None:
    assert joint_recovery(courses((16, 9), ()), 5) is None
    assert joint_recovery(courses((), (16, 9)), 5) is None


@pytest.mark.parametrize(
    ("phq9", "gad7", "words"),
    [
        ((16, 9), (12, 7), "reliable recovery: a case at first, none at last, and reliably better (PHQ-9 16 on"
         " 5 Jan 2026 to 9 on 12 Jan 2026; GAD-7 12 on 5 Jan 2026 to 7 on 12 Jan 2026)."),
        ((10, 9), (7, 7), "recovery, but not a reliable one: a case at first and none at last, by less"
         " than the rule asks (PHQ-9 10 on"),
        ((16, 9), (3, 7), "by less than the rule asks or with one scale up ("),
        ((20, 12), (12, 11), "reliably better; a case at first, a case at last ("),
        ((3, 9), (3, 3), "reliably worse; no case at first, no case at last ("),
        ((12, 12), (3, 3), "no reliable change; a case at first, a case at last ("),
        ((20, 12), (3, 9), "one scale reliably better and the other reliably worse, so no reliable change of the two"),
    ],
)  # fmt: skip
def test_the_sentence_says_what_was_found_with_the_scores(
    phq9: tuple[float, float], gad7: tuple[float, float], words: str
) -> None:
    found = joint_recovery(courses(phq9, gad7), 2)
    assert found is not None and found.sentence.endswith(").")
    told = found.sentence.removeprefix("PHQ-9 and GAD-7 together: ")
    assert told.startswith(words) or ("with one scale up" in words and words in told)

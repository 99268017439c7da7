"""Outcomes page: counts with denominators across one's own supervisees' clients, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/supervisor/outcomes.py"
FIRST = date(2026, 1, 5)


@pytest.fixture
def courses(practice: Practice, people: House) -> House:
    """Lark has six clients with two scores, one better, one worse, and Anna with one score; Finch's Boris is worse."""
    with practice.database.writing() as session:
        pairs = [(18, 6), (8, 20), (12, 12), (11, 10), (9, 9), (14, 13)]
        for number, totals in enumerate(pairs, start=10):
            client_id = factories.client(session, people.lark, f"SB-{number:03}", f"Person {number}")
            factories.course(session, people.lark, client_id, f"SB-{number:03}", totals, FIRST)
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", FIRST, 9))
        factories.course(session, people.finch, people.boris, "SB-002", [5, 20], FIRST)
    return people


def test_every_rate_stands_beside_its_denominator(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.heron)
    figures = {metric.label: metric.value for metric in browser.metric}
    assert figures["Reliably better"] == "1 of 6" and figures["Reliably worse"] == "1 of 6"
    assert "with two PHQ-9 scores; 1 have fewer" in words_on(browser)


def test_verdicts_add_up_to_the_clients_with_two_scores(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.heron)
    (table,) = [frame.value for frame in browser.dataframe if "Measure" in frame.value]
    row = table.iloc[0]
    assert row["With two scores"] == "6 of 7"
    assert sum(int(row[name]) for name in row.index if name[0] in "●◐○▲–") == 6


def test_another_supervisors_clients_are_in_no_count_and_no_list(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.heron)
    (cases,) = [frame.value for frame in browser.dataframe if "Why" in frame.value]
    assert "SB-002" not in set(cases["Code"]) and "Boris" not in words_on(browser)


def test_a_group_under_five_gives_no_verdicts_by_therapist(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.stork)
    (table,) = [frame.value for frame in browser.dataframe if "Open risk flags" in frame.value]
    row = table.iloc[0]
    assert row["Therapist"] == "Finch" and row["With two scores"] == "1 of 1"
    assert {row[name] for name in row.index if name[0] in "●◐○▲–"} == {"–"}


def test_a_supervisor_of_nobody_is_told_so(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        from lib.domain.people import Role

        alone = factories.account(session, "Robin", [Role.SUPERVISOR])
    assert "You supervise nobody today." in words_on(practice.open(PAGE, alone))


@pytest.mark.parametrize("name", ["lark", "admin"])
def test_other_roles_see_no_outcomes(practice: Practice, courses: House, name: str) -> None:
    browser = practice.open_past_the_shell(PAGE, getattr(courses, name))
    assert "Your role does not include this" in words_on(browser) and not browser.dataframe


def test_a_stranger_sees_nothing(practice: Practice, courses: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None)
    assert "signed out" in words_on(browser) and not browser.dataframe

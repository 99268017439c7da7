"""Outcomes page: counts with denominators across one's own supervisees' clients, and nobody else's."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.domain.funnel import Place
from lib.domain.imports import AdministrationIn
from lib.services.progress import Filters
from lib.ui import drawings, navigation, state
from tests import factories
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE, REVIEW = "pages/supervisor/outcomes.py", "pages/supervisor/review_queue.py"
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


def _tables(browser: AppTest) -> dict[str, list[dict[str, str]]]:
    """The plain tables on the page by their key, as rows by column."""
    found: dict[str, list[dict[str, str]]] = {}
    for element in browser.get("bidi_component"):
        data = json.loads(element.proto.json)
        if "rows" in data:
            texts = [[cell["text"] for cell in row["cells"]] for row in data["rows"]]
            found[str(element.key)] = [dict(zip(data["columns"], row, strict=True)) for row in texts]
    return found


def _verdicts(row: dict[str, str]) -> list[str]:
    return [value for name, value in row.items() if name[0] in "●◐○▲–"]


def _drawing(browser: AppTest) -> dict[str, Any]:
    found = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    return next(data for data in found if "nodes" in data)


def _figures(browser: AppTest) -> list[dict[str, str]]:
    found = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    return next(data["figures"] for data in found if "figures" in data)


def test_every_rate_stands_beside_its_denominator(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.heron)
    figures = {one["what"]: one["value"] for one in _figures(browser)}
    assert figures["Reliably better"] == "1 of 6" and figures["Reliably worse"] == "1 of 6"
    assert all(one["of"] == "with two PHQ-9 scores; 1 have fewer" for one in _figures(browser)[2:])


def test_verdicts_add_up_to_the_clients_with_two_scores(practice: Practice, courses: House) -> None:
    (row,) = _tables(practice.open(PAGE, courses.heron))["verdicts-by-measure"]
    assert row["Measure"] == "PHQ-9" and row["With two scores"] == "6 of 7"
    assert sum(int(value) for value in _verdicts(row)) == 6


def test_another_supervisors_clients_are_in_no_count_no_list_and_no_drawing(practice: Practice, courses: House) -> None:
    cases = _tables(practice.open(REVIEW, courses.heron))["review-queue"]
    assert cases and "SB-002" not in {row["Code"] for row in cases}
    browser = practice.open(PAGE, courses.heron)
    assert "Boris" not in words_on(browser)
    drawn = {node.get("opens") for node in _drawing(browser)["nodes"]} - {None}
    assert len(drawn) == 6 and str(courses.boris) not in drawn


def test_a_group_under_five_gives_no_verdicts_by_therapist(practice: Practice, courses: House) -> None:
    (row,) = _tables(practice.open(PAGE, courses.stork))["verdicts-by-therapist"]
    assert row["Therapist"] == "Finch" and row["With two scores"] == "1 of 1"
    assert set(_verdicts(row)) == {"–"}


def test_first_against_latest_says_who_is_drawn_and_what_became_of_them(practice: Practice, courses: House) -> None:
    browser = practice.open(PAGE, courses.heron)
    assert "6 of 7 clients with a score; 1 have one only." in words_on(browser)
    assert "improved: 1, worse: 1, no clear change: 4" in _drawing(browser)["label"]


def test_a_chosen_dot_opens_the_client_and_an_id_not_drawn_opens_nobody(
    practice: Practice, courses: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = practice.open(PAGE, courses.heron)
    drawn = next(node["opens"] for node in _drawing(browser)["nodes"] if "opens" in node)
    opened: list[int] = []
    monkeypatch.setattr(state, "open_client", opened.append)
    monkeypatch.setattr(navigation, "open_page", lambda _: None)
    monkeypatch.setattr(drawings, "_mount", lambda **_: {"opened": str(courses.boris)})
    browser.run()
    assert opened == []
    monkeypatch.setattr(drawings, "_mount", lambda **_: {"opened": drawn})
    browser.run()
    assert opened == [int(drawn)]


def test_a_supervisor_of_nobody_is_told_so(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        from lib.domain.people import Role

        alone = factories.account(session, "Robin", [Role.SUPERVISOR])
    assert "You supervise nobody today." in words_on(practice.open(PAGE, alone))


@pytest.mark.parametrize("name", ["lark", "admin"])
def test_other_roles_see_no_outcomes(practice: Practice, courses: House, name: str) -> None:
    browser = practice.open_past_the_shell(PAGE, getattr(courses, name))
    assert "Your role does not include this" in words_on(browser) and not browser.get("bidi_component")


def test_a_stranger_sees_nothing(practice: Practice, courses: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None)
    assert "signed out" in words_on(browser) and not browser.get("bidi_component")


def test_a_measure_without_published_figures_claims_no_rate(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        for day, total in ((FIRST, 20.0), (date(2026, 2, 9), 8.0)):
            form = AdministrationIn("SB-001", day, "hamd17", None, {"total": total})
            factories.enter(session, people.lark, people.anna, form)
    browser = practice.open(PAGE, people.heron)
    figures = {one["what"]: one["value"] for one in _figures(browser)}
    assert figures["Reliable change"] == "not known" and "Reliably better" not in figures
    assert "no published figures entered" in _figures(browser)[-1]["of"]


def test_the_funnel_says_the_true_reason_why_nobody_is_drawn(practice: Practice, people: House) -> None:
    """Five clients with two scores on a measure without figures are enough people, and still not judged."""
    with practice.database.writing() as session:
        for number in range(10, 15):
            client_id = factories.client(session, people.lark, f"SB-{number:03}")
            for day, total in ((FIRST, 20.0 - number % 3), (date(2026, 2, 9), 8.0 + number % 4)):
                form = AdministrationIn(f"SB-{number:03}", day, "hamd17", None, {"total": total})
                factories.enter(session, people.lark, client_id, form)
    browser = practice.open(PAGE, people.heron)
    assert "No funnel: no figures say what change on this measure is more than error" in words_on(browser)
    (row,) = _tables(browser)["verdicts-by-therapist"]
    assert row["In the funnel"] == "not drawn: no figures to judge change by"


def test_figures_narrowed_to_too_few_are_replaced_by_the_reason_and_show_no_dot(
    practice: Practice, courses: House
) -> None:
    with practice.database.writing() as session:
        factories.supervise(session, courses.heron, courses.finch)
    browser = practice.open(PAGE, courses.heron)
    rows = {row["Therapist"]: row["In the funnel"] for row in _tables(browser)["verdicts-by-therapist"]}
    assert rows == {"Finch": "fewer than five with two scores", "Lark": Place.HELD_BACK.value}
    browser.session_state["progress-filters"] = Filters(therapist_id=courses.lark.account_id)
    browser.run()
    said = words_on(browser)
    assert "Not told: beside this part of the team" in said and "No dots" in said and "Lark · 7 clients" in said
    assert not [one for one in browser.get("bidi_component") if "nodes" in json.loads(one.proto.json)]

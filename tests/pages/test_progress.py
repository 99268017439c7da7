"""Progress tab: charts and reasons of each measure, questionnaires read together, items side by side, the fit."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.domain.imports import AdministrationIn
from lib.storage.tables import AuditEvent, FittedResponse
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.integration.test_expected_response import add_closed
from tests.pages.opening import Practice, components_on, words_on

PAGE, SETTINGS = "pages/clinician/client.py", "pages/practice/settings.py"
TODAY = NOW.date()
WEEKLY = (19, 20, 19, 12, 11, 12)


def weekly(practice: Practice, people: House, *totals: int) -> None:
    with practice.database.writing() as session:
        begun = TODAY - timedelta(days=7 * (len(totals) - 1))
        factories.course(session, people.lark, people.anna, "SB-001", totals, begun)


def progress(practice: Practice, people: House) -> AppTest:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser.session_state[f"tabs-{people.anna}"] = "Progress"
    return browser.run()


def drawing_of(browser: AppTest, name: str) -> dict[str, object]:
    told = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    (found,) = [one for one in told if str(one.get("label", "")).startswith(f"{name}:") and "nodes" in one]
    return dict(found)


def test_a_sudden_gain_is_drawn_and_said(practice: Practice, people: House) -> None:
    weekly(practice, people, *WEEKLY)
    browser = progress(practice, people)
    assert "Sudden gain, 9 Feb to 16 Feb: from 19 to 12; less than half of it was lost again since." in words_on(
        browser
    )
    drawing = json.dumps(drawing_of(browser, "PHQ-9"))
    for said in ("sudden gain 7", "cut-off 10", "within error", "first score 19", "Click for the answers"):
        assert said in drawing
    assert not browser.get("plotly_chart")


def test_a_drawing_tells_every_score_to_whoever_does_not_see_it(practice: Practice, people: House) -> None:
    weekly(practice, people, 14, 9)
    assert drawing_of(progress(practice, people), "PHQ-9")["label"] == (
        "PHQ-9: 23 Feb 14, 2 Mar 9. PHQ-9 fell from 14 to 9: 5 points down where error alone allows 6.8 (SD 6.1,"
        " major depression, Kroenke 2001; reliability .84, test-retest over 48 hours, Kroenke 2001). This cannot be"
        " told from no change. Above the cut-off of 10 before, below it now."
    )


def opened(browser: AppTest, people: House, part: str) -> str:
    """The page with one of the foldings of the PHQ-9 open, as one text."""
    browser.session_state[f"course-{people.anna}-phq9.total-{part}"] = True
    browser.run()
    return words_on(browser) + components_on(browser)


def test_why_this_verdict_shows_every_method_and_limit(practice: Practice, people: House) -> None:
    weekly(practice, people, *WEEKLY)
    browser = progress(practice, people)
    assert "Gulliksen" not in components_on(browser)  # drawn only when asked for
    said = opened(browser, people, "why")
    assert "Does the verdict depend on the method? No: JT, GLN and EN agree on" in said.replace("“", '"')
    for words in ("GLN, Gulliksen", "no mean of the group after", "95 %, reliable", "more than 6.76", "at least 6"):
        assert words in said
    assert "Sudden gain or loss: two neighbouring forms (at most 21 days apart) that differ by 6 points" in said


def test_first_and_latest_form_stand_side_by_side(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        for days, answers in ((30, (3, 2, None, 1)), (2, (1, 2, 3, 2))):
            form = factories.phq9("SB-001", TODAY - timedelta(days=days), *answers)
            factories.enter(session, people.lark, people.anna, form)
    said = opened(progress(practice, people), people, "items")
    rows = [json.loads(one.proto.json) for one in _last(practice, people) if "Change" in one.proto.json]
    assert "no item has a verdict" in said
    cells = [[cell["text"] for cell in row["cells"]] for row in rows[0]["rows"][:4]]
    assert [row[2:] for row in cells] == [["3", "1", "-2"], ["2", "2", "same"], ["–", "3", "–"], ["1", "2", "+1"]]


def _last(practice: Practice, people: House) -> list[Any]:
    browser = progress(practice, people)
    browser.session_state[f"course-{people.anna}-phq9.total-items"] = True
    return list(browser.run().get("bidi_component"))


def test_both_questionnaires_are_read_together_and_the_rule_is_said(practice: Practice, people: House) -> None:
    weekly(practice, people, 16, 9)
    assert "PHQ-9 with GAD-7" not in words_on(progress(practice, people))
    with practice.database.writing() as session:
        for days, total in ((7, 12), (0, 7)):
            form = AdministrationIn("SB-001", TODAY - timedelta(days=days), "gad7", None, {"total": total})
            factories.enter(session, people.lark, people.anna, form)
    said = words_on(progress(practice, people))
    assert "PHQ-9 and GAD-7 together: not judged, because fewer than two attended sessions are on record." in said
    assert "Case: PHQ-9 of 10 or more, or GAD-7 of 8 or more." in said


def test_no_cutoff_is_invented_for_attachment_and_unchecked_figures_say_so(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        for days, value in ((30, 4.5), (1, 4.1)):
            form = AdministrationIn(
                "SB-001", TODAY - timedelta(days=days), "ecr_r", None, {"avoidance": value, "anxiety": value}
            )
            factories.enter(session, people.lark, people.anna, form)
    drawing = json.dumps(drawing_of(progress(practice, people), "ECR-R avoidance")["nodes"])
    assert "cut-off" not in drawing and "not checked: 2.92" in drawing and "within error" in drawing


def test_a_long_course_can_be_drawn_from_a_later_day_on(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [19, 15, 12, 9], date(2025, 6, 2), days=80)
    browser = progress(practice, people)
    assert str(drawing_of(browser, "PHQ-9")["nodes"]).count("'opens'") == 4
    browser.session_state[f"period-{people.anna}"] = "Last 3 months"
    browser.run()
    drawing = drawing_of(browser, "PHQ-9")
    assert str(drawing["nodes"]).count("'opens'") == 1 and "first score 19" in str(drawing["nodes"])


def test_the_expected_band_and_its_words_come_with_the_fit_and_not_before(practice: Practice, people: House) -> None:
    weekly(practice, people, 15, 15, 16, 18, 19, 20)
    assert "expected" not in words_on(progress(practice, people))
    with practice.database.writing() as session:
        add_closed(session, 100)
    settings = practice.open(SETTINGS, people.admin)
    assert "Nothing is fitted yet" in words_on(settings)
    settings.button(key="fit-responses").click().run()
    assert "PHQ-9: version 1, fitted 2 Mar on 100 closed courses." in words_on(settings)
    with practice.database.reading() as session:
        (row,) = session.scalars(select(FittedResponse)).all()
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "expected_response_fitted")).one()
        assert row.fitted_by_id == people.admin.account_id == event.actor_id
    browser = progress(practice, people)
    assert "100 closed courses of this practice (version 1) lead one to expect" in words_on(browser)
    assert "expected, 80 % band" in json.dumps(drawing_of(browser, "PHQ-9"))


@pytest.mark.parametrize("part", ["why", "items"])
def test_a_single_score_opens_nothing_that_needs_two(practice: Practice, people: House, part: str) -> None:
    weekly(practice, people, 12)
    said = opened(progress(practice, people), people, part)
    assert ("no method has a verdict" in said) is (part == "why") and "no item has a verdict" not in said

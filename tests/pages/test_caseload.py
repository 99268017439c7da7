"""Caseload page: who needs me today, the table of clients, what to do when there is none, and who may not see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lib.storage.tables import Client
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/caseload.py"
TODAY = NOW.date()


def test_an_unanswered_risk_item_stands_first_with_its_reason_and_one_verb(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        form = factories.phq9("SB-001", TODAY - timedelta(days=3), 0, 0, 0, 0, 0, 0, 0, 0, 1)
        factories.enter(session, people.lark, people.anna, form)
    browser = practice.open(PAGE, people.lark)
    said = words_on(browser)
    assert "PHQ-9 item 9 answered 'several days' on 27 Feb 2026; no response recorded." in said
    assert "Risk" in said and "since 27 Feb" in said
    browser.button(key=f"go-{people.anna}").click().run()
    assert browser.session_state["open_client_id"] == people.anna
    assert "Open flags" in words_on(browser)


def test_the_table_says_session_verdict_and_absence_in_words(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [18, 16, 8], date(2026, 2, 1))
        factories.client(session, people.lark, "SB-009", "Mira Beispiel")
    browser = practice.open(PAGE, people.lark)
    browser.session_state["caseload-view"] = "Numbers"
    table = browser.run().dataframe[0].value.set_index("Client")
    assert table.loc["Anna Muster", "Now"] == "8" and table.loc["Anna Muster", "Since first score"] == "● Recovered"
    assert table.loc["Mira Beispiel", "Since first score"] == "– No score yet"
    assert table.loc["Mira Beispiel", "Trust"] == "not rated" and table.loc["Mira Beispiel", "Now"] == "–"


def test_pictures_hold_no_word_of_a_person(practice: Practice, people: House) -> None:
    table = practice.open(PAGE, people.lark).dataframe[0].value
    assert all(cell.startswith("data:image/svg+xml;base64,") for cell in [*table["Course"], *table["Trust"]])


def test_no_chart_library_is_asked_of_the_browser(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [18, 16, 8], date(2026, 2, 1))
    assert not practice.open(PAGE, people.lark).get("plotly_chart")


def test_without_clients_it_says_what_to_do_next(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        newcomer = factories.account(session, "Wren")
    browser = practice.open(PAGE, newcomer)
    assert "No clients yet." in words_on(browser)
    browser.text_input(key="new-client-code").input("007")
    browser.text_input(key="new-client-name").input("*Olga* [Nomen](http://x)")
    browser.date_input(key="new-client-born").set_value(date(1990, 5, 1))
    browser.button(key="new-client-save").click().run()
    with practice.database.reading() as session:
        assert session.scalars(select(Client.name).where(Client.code == "007")).one() == "*Olga* [Nomen](http://x)"
    assert any(element.value == "*Olga* [Nomen](http://x)" for element in browser.text)
    assert all("Olga" not in str(element.value) for element in browser.markdown)


def test_nobody_waiting_is_said_with_what_was_checked(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", TODAY, 9))
    said = words_on(practice.open(PAGE, people.lark))
    assert "Nobody is waiting on you." in said and "1 client, no open flag, nothing overdue." in said


def test_a_code_that_is_taken_is_refused_without_telling_whose_it_is(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark)
    browser.button(key="add-client").click().run()
    browser.text_input(key="new-client-code").input("SB-002")
    browser.button(key="new-client-save").click().run()
    said = words_on(browser)
    assert "This code cannot be used." in said and "Boris" not in said


def test_the_form_for_a_new_client_is_sent_only_when_it_was_asked_for(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark)
    assert not browser.date_input and not browser.text_input
    browser.button(key="add-client").click().run()
    assert len(browser.date_input) == 2
    browser.button(key="add-client-not-now").click().run()
    assert not browser.date_input


def test_only_ones_own_clients_are_listed(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark)
    assert list(browser.dataframe[0].value["Client"]) == ["Anna Muster"]
    assert browser.selectbox(key="caseload-find").options == ["Anna Muster · SB-001"]


@pytest.mark.parametrize("name", ["heron", "admin"])
def test_other_roles_have_no_caseload(practice: Practice, people: House, name: str) -> None:
    browser = practice.open_past_the_shell(PAGE, getattr(people, name))
    assert "Your role does not include this" in words_on(browser) and not browser.dataframe


def test_a_stranger_sees_nothing(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None)
    assert "signed out" in words_on(browser) and not browser.dataframe

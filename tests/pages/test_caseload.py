"""Caseload page: who needs me today, the table of clients, what to do when there is none, and who may not see it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.storage.tables import Client, Note, NoteReview
from lib.ui import attention_rows, caseload_screen, caseload_table
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/caseload.py"
TODAY = NOW.date()


def test_an_unanswered_risk_item_stands_first_with_its_reason_and_one_verb(
    practice: Practice, people: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice.database.writing() as session:
        form = factories.phq9("SB-001", TODAY - timedelta(days=3), 0, 0, 0, 0, 0, 0, 0, 0, 1)
        factories.enter(session, people.lark, people.anna, form)
    browser = practice.open(PAGE, people.lark)
    (row,) = _waiting(browser)
    assert row["why"] == "PHQ-9 item 9 answered 'several days' on 27 Feb 2026; no response recorded."
    assert (row["who"], row["level"], row["since"], row["urgent"]) == ("Anna Muster", "Risk", "since 27 Feb", True)
    with monkeypatch.context() as pressed:
        pressed.setattr(attention_rows, "_mount", lambda **_: {"opened": people.boris})
        assert "Who needs me today" in words_on(browser.run()), "a client who is not in the rows opens nothing"
        pressed.setattr(attention_rows, "_mount", lambda **_: {"opened": people.anna})
        browser.run()
    assert browser.session_state["open_client_id"] == people.anna
    assert "Open flags" in words_on(browser)


def _waiting(browser: AppTest) -> list[dict[str, Any]]:
    """The rows of those who need somebody today, as the browser is given them."""
    shown = [json.loads(one.proto.json) for one in browser.get("bidi_component") if str(one.key) == "attention"]
    return [row for rows in shown for row in rows["rows"]]


def _table(browser: AppTest) -> dict[str, Any]:
    """What the browser is given to draw the table from."""
    (shown,) = [json.loads(one.proto.json) for one in browser.get("bidi_component") if '"columns"' in one.proto.json]
    return dict(shown)


def _rows(browser: AppTest) -> dict[str, dict[str, Any]]:
    """The cells of each client by the label of their column."""
    table = _table(browser)
    labels = [column["label"] for column in table["columns"]]
    rows = [dict(zip(labels, row["cells"], strict=True)) for row in table["rows"]]
    return {row["Client"]["text"]: row for row in rows}


def test_the_table_says_session_verdict_and_absence_in_words(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [18, 16, 8], date(2026, 2, 1))
        factories.client(session, people.lark, "SB-009", "Mira Beispiel")
    rows = _rows(practice.open(PAGE, people.lark))
    assert rows["Anna Muster"]["Now"]["text"] == "8"
    assert rows["Anna Muster"]["Since first score"]["text"] == "● Recovered"
    assert rows["Mira Beispiel"]["Since first score"]["text"] == "– No score yet"
    assert rows["Mira Beispiel"]["Trust"]["text"] == "not rated" and rows["Mira Beispiel"]["Now"]["text"] == "–"


def test_neither_grid_nor_form_is_asked_of_the_browser_for_a_caseload(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark)
    assert _table(browser)["find"] is True
    assert not browser.dataframe and not browser.selectbox and not browser.text_input and not browser.date_input


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


def test_a_row_carries_its_code_alone_so_that_a_code_typed_in_full_opens_its_client(
    practice: Practice, people: House
) -> None:
    (row,) = _table(practice.open(PAGE, people.lark))["rows"]
    assert row["code"] == "SB-001" and row["find"] == "Anna Muster SB-001"


def _returned_rows(browser: AppTest) -> list[list[str]]:
    shown = [json.loads(one.proto.json) for one in browser.get("bidi_component") if str(one.key) == "returned-work"]
    return [[cell["text"] for cell in row["cells"]] for table in shown for row in table["rows"]]


def test_a_returned_note_is_told_on_the_authors_first_page_until_it_is_signed_again(
    practice: Practice, people: House
) -> None:
    with practice.database.writing() as session:
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", TODAY, 9))
        note = Note(
            client_id=people.anna, originator_id=people.lark.account_id, dated_on=TODAY, status="returned",
            format="narrative", compartment="progress", text="She stayed.", saved_at=NOW,
        )  # fmt: skip
        session.add(note)
        session.flush()
        note_id = note.id
        for hours, comment in ((2, "Say more."), (1, "Say what you did.")):
            reviewed = NOW - timedelta(hours=hours)
            session.add(
                NoteReview(
                    note_id=note_id, supervisor_id=people.heron.account_id, decided_at=reviewed,
                    decision="returned", comment=comment,
                )
            )  # fmt: skip
    browser = practice.open(PAGE, people.lark)
    (row,) = _returned_rows(browser)
    assert row[0] == "Anna Muster" and row[1] == "Note of 2 Mar" and row[2] == "Say what you did."
    assert "No client is waiting on you." in words_on(browser) and "Nobody is waiting" not in words_on(browser)
    assert _returned_rows(practice.open(PAGE, people.finch)) == []
    with practice.database.writing() as session:
        session.get_one(Note, note_id).status = "signed"
    assert _returned_rows(practice.open(PAGE, people.lark)) == []


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


def test_only_ones_own_clients_are_sent_to_the_browser(practice: Practice, people: House) -> None:
    table = _table(practice.open(PAGE, people.lark))
    assert [(row["id"], row["find"]) for row in table["rows"]] == [(people.anna, "Anna Muster SB-001")]
    assert "Boris" not in json.dumps(table) and "SB-002" not in json.dumps(table)


@pytest.mark.parametrize(("asked_for", "opened"), [("anna", True), ("boris", False)])
def test_the_browser_opens_a_client_of_the_list_and_no_other(
    practice: Practice, people: House, monkeypatch: pytest.MonkeyPatch, asked_for: str, opened: bool
) -> None:
    browser = practice.open(PAGE, people.lark)
    asked = getattr(people, asked_for)
    monkeypatch.setattr(caseload_table, "_mount", lambda **_: {"opened": asked})
    with monkeypatch.context() as until_opened:
        seen: list[int] = []
        until_opened.setattr(caseload_screen, "_open", seen.append)
        browser.run()
    assert seen == ([asked] if opened else [])


def test_a_list_of_several_pages_is_paged_and_found_in_as_a_whole(
    practice: Practice, people: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice.database.writing() as session:
        factories.client(session, people.lark, "SB-009", "Mira Beispiel")
    monkeypatch.setattr(caseload_table, "PAGE", 1)
    browser = practice.open(PAGE, people.lark)
    assert len(_table(browser)["rows"]) == 1 and _table(browser)["find"] is False
    assert len(browser.selectbox(key="caseload-find").options) == 2
    first = set(_rows(browser))
    browser.selectbox(key="caseload-page-2").select(1).run()
    assert first | set(_rows(browser)) == {"Anna Muster", "Mira Beispiel"}


@pytest.mark.parametrize("name", ["heron", "admin"])
def test_other_roles_have_no_caseload(practice: Practice, people: House, name: str) -> None:
    browser = practice.open_past_the_shell(PAGE, getattr(people, name))
    assert "Your role does not include this" in words_on(browser) and not browser.get("bidi_component")


def test_a_stranger_sees_nothing(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None)
    assert "signed out" in words_on(browser) and not browser.get("bidi_component")

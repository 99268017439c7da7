"""People: covers ended before their last day, one-time passwords until passed on, an account closed by choice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.domain.errors import NotYours
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.services.people import covers_of_practice
from lib.storage.tables import Account
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE = "pages/practice/people.py"


def test_a_cover_is_ended_at_once_and_with_it_the_sight_of_the_client(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        until = NOW.date() + timedelta(days=20)
        factories.assign(session, people.anna, people.finch, "cover", ends_on=until)
        access.client_for(session, people.finch, Action.READ, RecordKind.CLIENT_IDENTITY, people.anna, NOW)
    browser = practice.open(PAGE, people.admin)
    next(button for button in browser.button if button.label == "End it now").click().run()
    assert not [button for button in browser.button if button.label == "End it now"]
    with practice.database.reading() as session:
        assert covers_of_practice(session, people.admin, NOW) == []
        with pytest.raises(NotYours):
            access.client_for(session, people.finch, Action.READ, RecordKind.CLIENT_IDENTITY, people.anna, NOW)


def _add_account(browser: AppTest, name: str, address: str) -> None:
    next(box for box in browser.text_input if box.label == "Name").set_value(name)
    next(box for box in browser.text_input if box.label == "E-mail").set_value(address)
    next(button for button in browser.button if button.label == "Add the account").click().run()


def test_a_second_account_hides_no_one_time_password_that_was_not_passed_on(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.admin)
    _add_account(browser, "Wren", "wren@example.org")
    _add_account(browser, "Swift", "swift@example.org")
    assert len(browser.code) == 2 and browser.code[0].value != browser.code[1].value
    kept = browser.code[1].value
    next(button for button in browser.button if button.label == "I have passed it on").click().run()
    assert [one.value for one in browser.code] == [kept] and "password for Swift" in words_on(browser)


def test_closing_an_account_without_the_tick_closes_nothing_and_says_so(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.admin)
    browser.selectbox(key="account_to_change").set_value(people.finch.account_id).run()
    next(button for button in browser.button if button.label == "Close the account").click().run()
    assert "still open" in words_on(browser)
    with practice.database.reading() as session:
        assert session.get_one(Account, people.finch.account_id).is_disabled is False


def test_handing_a_client_over_says_who_has_them_now_and_who_no_more(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.admin)
    next(button for button in browser.button if button.label == "Assign or transfer").click().run()
    assert "Choose the client and the therapist first." in words_on(browser)  # nobody is chosen beforehand
    next(box for box in browser.selectbox if box.label == "Client").set_value(people.anna)
    next(box for box in browser.selectbox if box.label == "To").set_value(people.finch.account_id)
    next(button for button in browser.button if button.label == "Assign or transfer").click().run()
    (said,) = [one.value for one in browser.success]
    assert "went from Lark to Finch" in said and "Lark has no sight" in said
    browser.run()
    assert not browser.success
    with practice.database.reading() as session, pytest.raises(NotYours):
        access.client_for(session, people.lark, Action.READ, RecordKind.CLIENT_IDENTITY, people.anna, NOW)


def test_a_therapist_is_put_in_a_team_and_a_supervisor_is_offered_none(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.admin)
    browser.selectbox(key="account_to_change").set_value(people.finch.account_id).run()
    next(box for box in browser.text_input if box.label.startswith("Team")).set_value("Quay")
    next(button for button in browser.button if button.label == "Keep the team").click().run()
    assert "Finch is counted in the team Quay." in [one.value for one in browser.success]
    with practice.database.reading() as session:
        assert session.get_one(Account, people.finch.account_id).team == "Quay"
    browser.selectbox(key="account_to_change").set_value(people.stork.account_id).run()
    assert "Keep the team" not in [button.label for button in browser.button]


@pytest.mark.parametrize("page", [PAGE, "pages/practice/audit.py"])
def test_no_list_of_the_practice_brings_a_download_of_its_own(practice: Practice, people: House, page: str) -> None:
    """A data grid saves its rows from the browser: nobody would see it, and a spreadsheet would run what is in them."""
    browser = practice.open(page, people.admin)
    assert not browser.dataframe and "SB-001" in components_on(browser)

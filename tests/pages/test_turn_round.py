"""Turn it round: ticked by the therapist, read by the client; no flag, no code, no other client on that page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.domain import entries as e
from lib.services import entries
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE = "pages/client/turn_round.py"
TODAY = NOW.date()


@pytest.fixture
def told(practice: Practice, people: House) -> House:
    with practice.database.writing() as session:
        for entry in (e.Moment(TODAY, "Let *Jo* help", "reciprocity", "Jo"), e.Rupture(TODAY, "PRIVATE strain")):
            entries.add_entry(session, people.lark, people.anna, entry, NOW, factories.definitions())
        form = factories.phq9_total("SB-001", TODAY - timedelta(days=2), 17, 2)
        factories.enter(session, people.lark, people.anna, form)
    return people


def _turned(browser: AppTest, client_id: int, *sections: str) -> AppTest:
    for section in sections:
        browser.checkbox(key=f"turn-round-{client_id}-{section}").check()
    return browser.button(key=f"turn-round-{client_id}-go").click().run()


def test_only_what_was_ticked_is_shown_and_remembered(practice: Practice, told: House) -> None:
    browser = _turned(practice.open(PAGE, told.lark, told.anna), told.anna, "moments", "markers")
    said = words_on(browser)
    assert "Let *Jo* help" in said and "Where I am now" in said and "We have not looked at this together yet." in said
    assert "What I came with" not in said
    again = practice.open(PAGE, told.lark, told.anna)
    ticked = [one.key for one in again.checkbox if one.value]
    assert ticked == [f"turn-round-{told.anna}-moments", f"turn-round-{told.anna}-markers"]


def test_the_clients_page_says_nothing_that_is_not_theirs(practice: Practice, told: House) -> None:
    every = ("came_with", "moments", "practised", "beliefs", "markers", "measures", "alliance")
    browser = _turned(practice.open(PAGE, told.lark, told.anna), told.anna, *every)
    assert not browser.exception
    said = words_on(browser) + components_on(browser)
    for private in ("PRIVATE", "item 9", "SB-001", "Boris", "SB-002", "avoidan", "flag"):
        assert private not in said, private
    assert [button.label for button in browser.button] == ["End this view"]
    assert len(browser.text_input) == len(browser.selectbox) == len(browser.get("page_link")) == 0
    browser.button(key=f"turn-back-{told.anna}").click().run()
    assert "What may be shown?" in words_on(browser)


def test_another_therapist_and_a_supervisor_do_not_get_there(practice: Practice, told: House) -> None:
    for actor in (told.finch, told.heron):
        assert "Anna Muster" not in words_on(practice.open_past_the_shell(PAGE, actor, told.anna))

"""Turn it round: ticked by the therapist, read by the client; no flag, no code, no other client on that page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from lib.domain import entries as e
from lib.services import entries
from lib.services.hashing import password_hash
from lib.storage.tables import Account, Assignment, AuditEvent
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import ROOT, SHELL, Practice, components_on, words_on

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
    assert [field.label for field in browser.text_input] == ["Your password"]
    assert len(browser.selectbox) == len(browser.get("page_link")) == 0


def test_while_it_is_turned_every_address_leads_to_the_clients_page_in_every_tab(
    practice: Practice, told: House
) -> None:
    browser = _turned(practice.open(PAGE, told.lark, told.anna), told.anna, "moments")
    another_tab = AppTest.from_file(str(SHELL), default_timeout=60).run()
    for tab in (browser, another_tab):
        for page in ("clinician/client", "clinician/caseload", "clinician/session_note", "account/own_account"):
            tab.session_state["open_client_id"] = told.anna
            said = words_on(tab.switch_page(str(ROOT / "pages" / f"{page}.py")).run())
            assert "My progress" in said and "Let *Jo* help" in said, page
            assert "SB-001" not in said and "What may be shown?" not in said, page


def test_the_way_back_asks_for_the_password_and_counts_a_wrong_one(practice: Practice, told: House) -> None:
    with practice.database.writing() as session:
        account = session.get(Account, told.lark.account_id)
        assert account is not None
        account.password_hash = password_hash("a long way home")
    browser = _turned(practice.open(PAGE, told.lark, told.anna), told.anna, "moments")
    for given in ("", "a short way home"):
        browser.text_input(key="turn-back-password").input(given)
        browser.button(key="turn-back").click().run()
        assert "My progress" in words_on(browser) and "⚠" in words_on(browser), given
    browser.text_input(key="turn-back-password").input("a long way home")
    browser.button(key="turn-back").click().run()
    assert "What may be shown?" in words_on(browser) and "My progress" not in words_on(browser)
    with practice.database.reading() as session:
        said = session.scalars(select(AuditEvent.action)).all()
    assert said.count("reauthentication_failed") == 1
    assert [one for one in said if one.startswith("screen_")] == ["screen_turned_round", "screen_turned_back"]


def test_the_way_back_stands_when_the_record_was_handed_over_meanwhile(practice: Practice, told: House) -> None:
    browser = _turned(practice.open(PAGE, told.lark, told.anna), told.anna, "moments")
    with practice.database.writing() as session:
        session.execute(update(Assignment).values(ends_on=TODAY - timedelta(days=1)))
    browser.run()
    assert "Let *Jo* help" not in words_on(browser)
    assert [button.label for button in browser.button] == ["End this view"]


def test_another_therapist_and_a_supervisor_do_not_get_there(practice: Practice, told: House) -> None:
    for actor in (told.finch, told.heron):
        assert "Anna Muster" not in words_on(practice.open_past_the_shell(PAGE, actor, told.anna))

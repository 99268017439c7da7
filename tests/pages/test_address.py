"""The address keeps the open record over a refresh, and opens nothing that is not one's own."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests import factories
from tests.factories import House
from tests.pages.opening import ROOT, SHELL, Practice, words_on

PAGE = str(ROOT / "pages/clinician/client.py")


def _by_address(practice: Practice, people: House, told: str) -> AppTest:
    """The client page of a fresh tab whose address carries this."""
    practice.sign_in(people.lark)
    browser = AppTest.from_file(str(SHELL), default_timeout=60)
    browser.query_params["client"] = told
    browser.run()
    browser.switch_page(PAGE)
    return browser.run()


def test_a_refresh_comes_back_to_the_same_record(practice: Practice, people: House) -> None:
    opened = practice.open("pages/clinician/client.py", people.lark, people.anna)
    assert opened.query_params["client"] == str(people.anna)
    assert "Anna Muster" in words_on(_by_address(practice, people, str(people.anna)))


@pytest.mark.parametrize("told", ["", "x", "-1", "1e3", "99999999999", "٣"])
def test_an_address_that_names_no_client_opens_none(practice: Practice, people: House, told: str) -> None:
    assert "No client is open." in words_on(_by_address(practice, people, told))


def test_anothers_client_in_the_address_does_not_exist(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.finch, people.boris, "SB-002", [12, 9], factories.LONG_AGO)
    words = words_on(_by_address(practice, people, str(people.boris)))
    assert "There is no such" in words and "Boris" not in words and "SB-002" not in words

"""Measures page: what is typed is scored, flagged and filed under the client it was typed for."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.domain.people import Actor
from lib.storage.tables import Administration, AuditEvent, Flag, Rating
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/measures.py"


def _type(browser: AppTest, client_id: int, digits: str) -> None:
    for number, digit in enumerate(digits, start=1):
        browser.text_input(key=f"measure-{client_id}-phq9-general-0-phq9_{number}").input(digit.strip())


def _save(browser: AppTest, client_id: int) -> AppTest:
    return browser.button(key=f"measure-{client_id}-phq9-general-0-save").click().run()


def _choose_phq9(browser: AppTest, client_id: int) -> AppTest:
    return browser.selectbox(key=f"measure-{client_id}-which").set_value("phq9").run()


def _rate(browser: AppTest, client_id: int) -> AppTest:
    browser.session_state[f"measures-what-{client_id}"] = "Marker rating"
    return browser.run()


def test_a_form_typed_in_is_scored_and_the_sum_is_shown(practice: Practice, people: House) -> None:
    browser = _choose_phq9(practice.open(PAGE, people.lark, people.anna), people.anna)
    _type(browser, people.anna, "222211110")
    said = words_on(_save(browser, people.anna))
    assert "Saved." in said and "PHQ-9: 12 of 0 to 27." in said
    with practice.database.reading() as session:
        form = session.scalars(select(Administration)).one()
        assert (form.client_id, form.scales) == (people.anna, {"total": 12.0})


def test_item_nine_raises_its_flag_at_once_with_a_plain_message(practice: Practice, people: House) -> None:
    browser = _choose_phq9(practice.open(PAGE, people.lark, people.anna), people.anna)
    _type(browser, people.anna, "000000001")
    assert "Item 9 was endorsed. A risk flag is open" in words_on(_save(browser, people.anna))
    with practice.database.reading() as session:
        assert session.scalars(select(Flag.kind)).all() == ["item9_endorsed"]


def test_item_nine_left_empty_is_no_zero(practice: Practice, people: House) -> None:
    browser = _choose_phq9(practice.open(PAGE, people.lark, people.anna), people.anna)
    _type(browser, people.anna, "00000000 ")
    said = words_on(_save(browser, people.anna))
    assert "This is not a zero" in said and "PHQ-9: no score" in said


def test_a_wrong_digit_is_named_and_nothing_is_saved(practice: Practice, people: House) -> None:
    browser = _choose_phq9(practice.open(PAGE, people.lark, people.anna), people.anna)
    _type(browser, people.anna, "222911110")
    assert "Not an answer of this form: item 4" in words_on(_save(browser, people.anna))
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Administration)) == 0


def test_what_was_typed_for_one_client_is_never_filed_under_the_next(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        carla = factories.client(session, people.lark, "SB-003", "Carla Beispiel")
    browser = _choose_phq9(practice.open(PAGE, people.lark, people.anna), people.anna)
    _type(browser, people.anna, "333333333")
    browser.session_state["open_client_id"] = carla  # the next client is opened before anything was saved
    browser.run()
    assert "Carla Beispiel" in words_on(browser)
    assert all(not box.value for box in browser.text_input)
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Administration)) == 0


def test_a_rating_from_level_two_needs_its_episode_and_shows_the_earlier_one_only_afterwards(
    practice: Practice, people: House
) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser = _rate(browser, people.anna)
    browser.radio(key=f"marker-{people.anna}-trust-0-level").set_value("1")
    browser.button(key=f"marker-{people.anna}-trust-0-save").click().run()
    assert "There was no earlier rating." in words_on(browser)
    browser.radio(key=f"marker-{people.anna}-trust-1-level").set_value("2")
    browser.button(key=f"marker-{people.anna}-trust-1-save").click().run()
    assert "Level 2 needs at least one episode" in words_on(browser)
    browser.text_input(key=f"marker-{people.anna}-trust-1-evidence").input("Asked a neighbour for help.")
    browser.date_input(key=f"marker-{people.anna}-trust-1-episode").set_value(NOW.date())
    browser.button(key=f"marker-{people.anna}-trust-1-save").click().run()
    assert "Saved. Trust: 2." in words_on(browser) and "Before: 1 on 2 Mar." in words_on(browser)


def test_no_level_chosen_is_not_saved_as_not_enough_evidence(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser = _rate(browser, people.anna)
    browser.button(key=f"marker-{people.anna}-trust-0-save").click().run()
    assert "No level is chosen" in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Rating)) == 0


@pytest.mark.parametrize("name", ["heron", "stork", "admin"])
def test_nobody_but_a_therapist_opens_it(practice: Practice, people: House, name: str) -> None:
    actor: Actor = getattr(people, name)
    browser = practice.open_past_the_shell(PAGE, actor, people.anna)
    said = words_on(browser)
    assert "Your role does not include this" in said and "Anna" not in said and not browser.text_input


def test_another_therapists_client_does_not_exist_here(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark, people.boris)
    said = words_on(browser)
    assert "There is no such client" in said and "Boris" not in said
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.action == "denied_read")) == 1


def test_a_stranger_sees_nothing(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None, people.anna)
    assert "signed out" in words_on(browser) and not browser.text_input

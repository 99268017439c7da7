"""Search page: hits with client and day, the whole note beside them, and nothing for whom it is not."""

from __future__ import annotations

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.storage.tables import AuditEvent, Note
from tests import factories
from tests.conftest import NOW
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/search.py"


def a_note(practice: Practice, people: factories.House, words: str, **more: object) -> int:
    """A signed note about Anna by Lark."""
    values = {
        "client_id": people.anna, "originator_id": people.lark.account_id, "compartment": "progress",
        "status": "signed", "format": "narrative", "dated_on": NOW.date(), "text": words, "saved_at": NOW,
    }  # fmt: skip
    with practice.database.writing() as session:
        note = Note(**values | more)
        session.add(note)
        session.flush()
        return note.id


def search(browser: AppTest, words: str) -> AppTest:
    """Type and press Enter."""
    return next(one for one in browser.text_input if one.label == "Words").set_value(words).run()


def test_a_word_is_found_with_its_client_and_the_search_is_on_the_record(
    practice: Practice, people: factories.House
) -> None:
    a_note(practice, people, "Said closeness felt like a **trap**.")
    browser = search(practice.open(PAGE, people.lark), "trap")
    assert not browser.exception
    assert "1 note" in words_on(browser)
    with practice.database.reading() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("notes_searched") == 1


def test_nothing_is_said_of_notes_one_may_not_see(practice: Practice, people: factories.House) -> None:
    a_note(practice, people, "lighthouse")
    a_note(practice, people, "lighthouse", compartment="process")
    for actor in (people.finch, people.stork):
        browser = search(practice.open(PAGE, actor), "lighthouse")
        assert "No note holds all of this." in words_on(browser)
    assert "1 note" in words_on(search(practice.open(PAGE, people.heron), "lighthouse"))


def test_a_question_without_words_is_answered_in_words(practice: Practice, people: factories.House) -> None:
    assert "There is no word to look for." in words_on(search(practice.open(PAGE, people.lark), "***"))


def test_the_open_client_alone_may_be_searched(practice: Practice, people: factories.House) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    choice = next(one for one in browser.selectbox if one.label == "In notes about")
    assert choice.options == ["All my clients", "Anna Muster · SB-001"]
    browser = practice.open(PAGE, people.lark, people.boris)
    assert not [one for one in browser.selectbox if one.label == "In notes about"]

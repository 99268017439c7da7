"""Phrases page: read by therapists and admins, proposed with a preview, decided by the admin, sampled by oneself."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from lib.domain.imports import NoteIn, Parsed
from lib.domain.practice_phrases import PhraseDraft, own_id
from lib.services import imports, phrases, unflagged
from lib.ui import app_context
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE = "pages/practice/phrases.py"
DRAFT = PhraseDraft("surface_talk", "for", "zephyr story", ("He told the zephyr story.",), (), "the team")


def _note(practice: Practice, people: House, text: str) -> None:
    month, _last = unflagged.month_before(NOW.date())
    parsed = Parsed("notes", "notes", 1, notes=(NoteIn("SB-001", month, text),))
    with practice.database.writing() as session:
        imports.commit_import(
            session, people.lark, parsed, imports.ImportOptions(), "n.csv", "0" * 64, NOW, factories.definitions()
        )


def _proposed(practice: Practice, people: House) -> str:
    with practice.database.writing() as session:
        return own_id(phrases.propose(session, people.lark, DRAFT, NOW, app_context.house().shipped_phrases))


def _tab(browser: AppTest, name: str) -> AppTest:
    browser.session_state["phrases-tabs"] = name
    return browser.run()


def _press(browser: AppTest, label: str) -> AppTest:
    return next(one for one in browser.button if one.label == label).click().run()


def test_the_phrases_of_a_code_are_listed_with_what_waits_for_a_decision(practice: Practice, people: House) -> None:
    _proposed(practice, people)
    browser = practice.open(PAGE, people.lark)
    assert not browser.exception
    assert "Waiting for a decision" in words_on(browser) and "zephyr story" in components_on(browser)


def test_an_admin_accepts_what_a_therapist_proposed_and_a_therapist_cannot(practice: Practice, people: House) -> None:
    phrase_id = _proposed(practice, people)
    browser = practice.open(PAGE, people.lark)
    browser.session_state["phrase-chosen"] = phrase_id
    assert "He told the zephyr story." in words_on(browser.run())
    assert "Accept it" not in {one.label for one in browser.button}
    browser = practice.open(PAGE, people.admin)
    browser.session_state["phrase-chosen"] = phrase_id
    assert not _press(browser.run(), "Accept it").exception
    with practice.database.reading() as session:
        book = phrases.book_in_use(session, app_context.house().shipped_phrases)
    assert phrase_id in {one.id for one in book.phrases if one.status == "active"}


def test_a_proposal_is_sent_only_after_its_preview(practice: Practice, people: House) -> None:
    _note(practice, people, "Told a zephyr story today, again.")
    browser = _tab(practice.open(PAGE, people.lark), "Propose a phrase")
    assert "Propose this phrase" not in {one.label for one in browser.button}
    for label, value in (("Phrase", "zephyr story"), ("Where the wording is from", "the team")):
        next(one for one in browser.text_input if one.label == label).set_value(value)
    next(one for one in browser.text_area if one.label.startswith("Sentences it must match")).set_value(
        "A zephyr story."
    )
    _press(browser, "Show what it would match")
    assert not browser.exception and "Told a zephyr story today, again." in components_on(browser)
    ordinary = len(app_context.house().shipped_phrases.negative)
    assert f"No sentence in {ordinary} ordinary sentences" in words_on(browser)
    _press(browser, "Propose this phrase")
    with practice.database.reading() as session:
        listed = phrases.phrases_of_practice(session, people.lark, app_context.house().shipped_phrases)
    assert [(one.text, one.status.value) for one in listed if one.version is not None] == [("zephyr story", "proposed")]


def test_a_sample_is_drawn_and_shown_to_its_reader_alone(practice: Practice, people: House) -> None:
    _note(practice, people, "The neighbour of the library bought a blue car.")
    browser = _press(_tab(practice.open(PAGE, people.lark), "What is missed"), "Draw the sample")
    assert not browser.exception and "bought a blue car" in components_on(browser)
    for other in (people.finch, people.admin):
        browser = _tab(practice.open(PAGE, other), "What is missed")
        assert not browser.exception and "blue car" not in components_on(browser) + words_on(browser)

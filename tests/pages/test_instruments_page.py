"""Instruments page: therapists read keys and figures with sources, the admin adds and changes, others stay out."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor
from lib.services import practice_definitions
from lib.services.instruments import ListedInstrument
from lib.ui import instrument_words
from lib.ui.instrument_forms import typed_figures, words_of
from tests import factories
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/practice/instruments.py"
SHIPPED = factories.definitions()


def _chosen(practice: Practice, actor: Actor, key: str) -> AppTest:
    browser = practice.open(PAGE, actor)
    browser.session_state["instruments-chosen"] = key
    return browser.run()


def test_a_therapist_reads_an_instrument_and_changes_nothing(practice: Practice, people: House) -> None:
    browser = _chosen(practice, people.lark, "phq9")
    said = words_on(browser)
    assert not browser.exception
    assert "Kroenke K" in said and "Item 9 raises its own flag from 1 up" in said
    assert [one.label for one in browser.button] == ["All instruments"] and not browser.text_area


@pytest.mark.parametrize("key", list(SHIPPED.instruments))
def test_every_instrument_is_told_in_full(key: str) -> None:
    instrument = SHIPPED.instruments[key]
    told = [*instrument_words.scale_rows(instrument), *instrument_words.figure_rows(instrument)]
    told += [*instrument_words.reference_rows(instrument), *instrument_words.item_rows(instrument)]
    words = " ".join([*instrument_words.facts(instrument), *(cell.text for row in told for cell in row.cells.values())])
    for scale in instrument.scales:
        figures = [(norm.mean, norm.citation) for norm in scale.norms]
        figures += [(one.value, one.citation) for one in (*scale.reliabilities, *scale.cutoffs)]
        figures += [(line.value, line.source) for line in scale.references]
        assert all(f"{value:g}" in words and citation in words for value, citation in figures)
        assert (instrument_words.NO_FIGURES in words) or scale.change is not None
    assert instrument.citation in words and instrument.licence in words
    verdict = instrument_words.listed_row(ListedInstrument(key, instrument)).cells["Verdict on change"].text
    assert verdict.startswith("none") is all(scale.change is None for scale in instrument.scales)


def test_the_admin_enters_figures_and_they_are_used(practice: Practice, people: House) -> None:
    browser = _chosen(practice, people.admin, "rses")
    form = "figures-rses-total"
    browser.text_input(key=f"{form}-sd").input("5,8")
    browser.text_input(key=f"{form}-sd-source").input("our clinic, 2025")
    browser.text_input(key=f"{form}-reliability").input("0.9")
    _press(browser, "Use these figures")
    assert "The reliability has no source" in words_on(browser)
    browser.text_input(key=f"{form}-reliability-source").input("our clinic, 2025")
    _press(browser, "Use these figures")
    assert not browser.exception
    with practice.database.reading() as session:
        found = practice_definitions.definitions_of(session, SHIPPED).instruments["rses"].scale("total").change
    assert found is not None and (found.sd, found.reliability) == (5.8, 0.9)
    assert browser.text_input(key=f"{form}-sd-source").value == "our clinic, 2025"


def test_the_admin_puts_in_words_one_a_line(practice: Practice, people: House) -> None:
    browser = _chosen(practice, people.admin, "ecr_rs")
    browser.text_area(key="words-ecr_rs-lines").input("\n".join(f"Question *{n}*" for n in range(1, 9)))
    browser.text_input(key="words-ecr_rs-licence").input("by its author")
    browser.text_input(key="words-ecr_rs-source").input("his page")
    _press(browser, "Check and keep", 0)
    assert "8 lines for 9 items" in words_on(browser)
    browser.text_area(key="words-ecr_rs-lines").input("\n".join(f"Question *{n}*" for n in range(1, 10)))
    _press(browser, "Check and keep", 0)
    assert not browser.exception and "Words: by its author. his page" in words_on(browser)


def _press(browser: AppTest, label: str, place: int = 0) -> None:
    [one for one in browser.button if one.label == label][place].click().run()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sd": ("", "x")}, "The sd is empty"),
        ({"sd": ("six", "x")}, "must be a number"),
        ({"sd": ("٦", "x")}, "must be a number"),
        ({"cutoff": ("10", " ")}, "The cutoff has no source"),
    ],
)
def test_typed_figures_are_checked_before_anything_is_sent(change: dict[str, Any], told: str) -> None:
    typed = {"sd": ("6.1", "a"), "reliability": ("0.8", "b"), "cutoff": ("", ""), "rule": ("", "")}
    assert typed_figures(typed) == {"sd": 6.1, "sd_citation": "a", "reliability": 0.8, "reliability_citation": "b"}
    with pytest.raises(InvalidInput, match=told):
        typed_figures({**typed, **change})


def test_typed_words_need_a_line_for_every_item() -> None:
    with pytest.raises(InvalidInput, match="2 lines for 9 items"):
        words_of(SHIPPED.instruments["ecr_rs"], "one\n\ntwo", "l", "s")


def test_a_supervisor_does_not_open_it(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, people.heron)
    assert "Your role does not include this" in words_on(browser) and not browser.title

"""A practice's own wording: what it may change, and what it may not silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.domain.closure import Audience, DocumentDraft
from lib.domain.closure_draft import draft_closure_summary
from lib.domain.document_wording import Wording, as_plain, check_wording, from_plain, reworded
from lib.domain.errors import InvalidInput
from tests.unit.closure_record import FULL, PRACTICE, SUMMARY_MODEL, TODAY, texts

FILE, REFERRER = Audience.FILE, Audience.REFERRER
OURS = Wording(
    title="Our summary",
    section_titles={"header": "Course"},
    hidden=frozenset({"formulation"}),
    say={"episode_started": "Begun {date}.", "start_score": ""},
)


def _drafted(audience: Audience, wording: Wording = OURS) -> DocumentDraft:
    model = reworded(SUMMARY_MODEL, FILE, wording)
    return draft_closure_summary(FULL, model, audience, PRACTICE, "Dr Lark", TODAY)


def test_a_practice_words_titles_sections_and_sentences_for_one_reader_and_leaves_the_others() -> None:
    check_wording(SUMMARY_MODEL, FILE, OURS)
    ours, others = _drafted(FILE), _drafted(REFERRER)
    assert (ours.title, ours.section("header").title) == ("Our summary", "Course")
    assert "formulation" not in {section.key for section in ours.sections}
    assert texts(ours, "header")[0] == "Begun 14 Jan 2025."
    assert not [line for line in texts(ours, "needs") if line.startswith("At the start")]
    assert others.title == "Closure summary for the referrer" and "Episode 1" in texts(others, "header")[0]


def test_what_is_kept_comes_back_as_it_was() -> None:
    assert from_plain(as_plain(OURS)) == OURS and from_plain({}) == Wording()


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (Wording(hidden=frozenset({"risk"})), "cannot be left out"),
        (Wording(hidden=frozenset({"nowhere"})), "no section"),
        (Wording(section_titles={"nowhere": "x"}), "no section"),
        (Wording(say={"nowhere": "x"}), "no sentence"),
        (Wording(say={"episode_started": "Begun {by}."}), "not given {by}"),
        (Wording(say={"risk_endorsed": "  "}), "may not be empty"),
        (Wording(title="x" * 601), "at most"),
        (Wording(title="two\nlines"), "one line"),
    ],
)
def test_a_wording_that_would_silence_or_break_a_document_is_refused_with_the_part(wording: Wording, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        check_wording(SUMMARY_MODEL, FILE, wording)


def test_a_section_that_must_be_reviewed_stays_whatever_settings_of_another_day_say() -> None:
    draft = _drafted(FILE, replace(OURS, hidden=frozenset({"risk"}), say={"gone_by_now": "x"}))
    assert draft.section("risk").must_review

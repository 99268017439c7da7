"""Closure words: states, sources and versions as the screen names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lib.domain.closure import DocumentKind, Section, Sentence, Source, SourceKind
from lib.storage.document_records import DocumentHeader
from lib.ui import closure_words
from lib.ui.closure_words import SLOTS, SectionState
from tests.unit.closure_record import EMPTY, summary

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
SOURCE = Source(SourceKind.NOTE, date(2025, 1, 14), "words", "note", 1)
LINE = Sentence("Said.", (SOURCE,))
SECTION = Section("risk", "Risk at closure")


@pytest.mark.parametrize(
    ("section", "state"),
    [
        (SECTION, SectionState.EMPTY),
        (replace(SECTION, sentences=(LINE,)), SectionState.DRAFTED),
        (replace(SECTION, must_review=True), SectionState.TO_ANSWER),
        (replace(SECTION, must_review=True, sentences=(LINE,)), SectionState.TO_REVIEW),
        (replace(SECTION, must_review=True, sentences=(LINE,), reviewed_at=AT), SectionState.DONE),
        (replace(SECTION, must_review=True, reviewed_at=AT), SectionState.TO_ANSWER),
    ],
)
def test_a_section_says_how_far_it_is_and_an_empty_one_is_never_done(section: Section, state: SectionState) -> None:
    assert closure_words.section_state(section) is state


def test_sources_are_named_by_kind_and_day_and_the_rest_counted() -> None:
    later = replace(SOURCE, kind=SourceKind.SCORE, dated_on=TODAY)
    assert closure_words.sources_label([SOURCE], TODAY) == "note 14 Jan 2025"
    assert closure_words.sources_label([later, SOURCE], TODAY) == "score 2 Mar +1"


def test_the_line_about_a_draft_counts_own_words_apart() -> None:
    draft = replace(summary(EMPTY), drafted_on=TODAY, sections=(replace(SECTION, sentences=(LINE, LINE)),))
    assert (
        closure_words.contents_line(draft, TODAY) == "drafted 2 Mar from the record · 2 sentences, each with a source"
    )
    own = Sentence("Mine.", own_words=True)
    draft = replace(draft, sections=(replace(SECTION, sentences=(LINE, own)),))
    assert closure_words.contents_line(draft, TODAY).endswith("2 sentences, 1 with a source, 1 in own words")
    letters = replace(draft, kind=DocumentKind.GOODBYE, sections=(replace(SECTION, sentences=(own,)),))
    assert closure_words.contents_line(letters, TODAY) == "1 sentence written here"


def _header(status: str, trainee: bool = False) -> DocumentHeader:
    return DocumentHeader(1, 1, "summary", "file", status, AT, None if status == "draft" else AT, "", trainee)


@pytest.mark.parametrize(
    ("header", "told", "short"),
    [
        (_header("draft"), "Draft of 2 Mar, not signed", "draft"),
        (_header("signed"), "Signed 2 Mar, 23:30", "signed"),
        (_header("signed", trainee=True), "Signed 2 Mar, 23:30, waits for co-signature", "to co-sign"),
        (_header("cosigned", trainee=True), "Signed 2 Mar, 23:30, co-signed", "co-signed"),
        (_header("returned", trainee=True), "Signed 2 Mar, 23:30, returned by the supervisor", "returned"),
        (_header("superseded"), "Signed 2 Mar, 23:30, superseded", "superseded"),
    ],
)
def test_a_version_says_how_it_stands(header: DocumentHeader, told: str, short: str) -> None:
    assert closure_words.status_words(header, TODAY, UTC) == told
    assert closure_words.short_status([header]) == short


def test_a_moment_is_told_on_the_practices_wall() -> None:
    assert closure_words.moment(AT, TODAY, timezone(timedelta(hours=2))) == "3 Mar, 01:30"


def test_a_draft_beside_a_signed_version_is_what_the_slot_tells() -> None:
    assert closure_words.short_status([_header("signed"), _header("draft")]) == "draft"
    assert closure_words.short_status([]) == "none yet"


def test_the_words_to_sign_hold_every_sentence_and_mark_own_ones() -> None:
    own = Sentence("Mine.", own_words=True)
    draft = replace(summary(EMPTY), sections=(replace(SECTION, sentences=(LINE, own)), Section("x", "Nothing here")))
    assert closure_words.as_text(draft) == ("RISK AT CLOSURE\n– Said.\n– Mine. (own words)\n\nNOTHING HERE\n(nothing)")


def test_a_long_title_is_cut_at_its_colon_or_bracket_and_never_to_nothing() -> None:
    assert closure_words.short_title("Recommendations: who does what by when") == "Recommendations"
    assert closure_words.short_title("Outcome (ratings)") == "Outcome"
    assert closure_words.short_title("(all in brackets)") == "(all in brackets)"


def test_each_document_has_one_slot() -> None:
    assert len({slot.key for slot in SLOTS}) == len(SLOTS) == 5


def test_a_sentence_is_told_by_its_first_words() -> None:
    assert closure_words.beginning("Short.") == "Short."
    long = "Trust: level 1 of 4 at the first rating, 4 at the last"
    assert closure_words.beginning(long) == "Trust: level 1 of 4 at the first rating …"


def test_letters_the_paper_has_no_typeface_for_are_named_with_their_numbers() -> None:
    assert closure_words.letters_line(("😀",)) == (
        "The printed document has no typeface for this letter and shows the number instead: 😀 grinning face (U+1F600)."
    )
    many = closure_words.letters_line(tuple("\x07\u202e" + "".join(chr(0x1F600 + n) for n in range(9))))
    assert "these letters" in many and "a control character (U+0007), right-to-left override (U+202E)" in many
    assert many.endswith(" and 3 more.") and "\u202e" not in many

"""The plan to be carried: folded to a leaflet, or set for a phone; the same words in the same order."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from lib.domain.closure import Audience, DocumentKind, Section, Sentence
from lib.domain.closure_draft import draft_goodbye
from lib.exchange.document_models import load_document_model
from lib.exchange.leaflet import render_leaflet
from lib.exchange.paper import PHONE, folded, page_count
from lib.exchange.pdf import render_pdf
from tests.unit.closure_record import FULL, PRACTICE, TODAY, plan, summary


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _read(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("pages", "sides"),
    [(1, [(4, 1), (2, 3)]), (4, [(4, 1), (2, 3)]), (5, [(8, 1), (2, 7), (6, 3), (4, 5)])],
)
def test_pages_stand_on_the_sheet_so_that_they_read_in_order_when_folded(
    pages: int, sides: list[tuple[int, int]]
) -> None:
    assert folded(pages) == sides


def test_a_plan_is_one_a4_sheet_printed_on_both_sides_with_every_word_of_it() -> None:
    made = render_leaflet(plan(FULL))
    reader = PdfReader(io.BytesIO(made))
    assert [round(float(page.mediabox.width)) for page in reader.pages] == [842, 842]
    printed = _squeezed("".join(_read(made)))
    for section in plan(FULL).sections:
        assert all(_squeezed(line.text) in printed for line in section.sentences)
    assert made == render_leaflet(plan(FULL))


def test_a_long_plan_takes_two_sheets_and_loses_nothing() -> None:
    own = tuple(Sentence(f"If this happens, then I do the thing of number {n}.", own_words=True) for n in range(320))
    long = replace(plan(FULL), sections=(Section("green", "Green", own),))
    made = render_leaflet(long)
    assert page_count(made) == 4
    printed = _squeezed("".join(_read(made)))
    assert all(_squeezed(line.text) in printed for line in own)


def test_for_a_phone_the_page_is_small_tagged_and_says_the_same() -> None:
    made = render_pdf(plan(FULL), paper=PHONE)
    reader = PdfReader(io.BytesIO(made))
    assert round(float(reader.pages[0].mediabox.width)) == 255 and "/StructTreeRoot" in reader.trailer["/Root"]
    printed = _squeezed("".join(_read(made)))
    for section in plan(FULL).sections:
        assert all(_squeezed(line.text) in printed for line in section.sentences)


def test_letters_are_set_as_letters_and_a_goodbye_bears_no_draft_mark_and_no_question() -> None:
    letter = "".join(_read(render_pdf(summary(FULL, Audience.CLIENT))))
    assert "We began on" in letter and "– We began" not in letter
    empty = draft_goodbye(FULL, load_document_model(DocumentKind.GOODBYE), PRACTICE, "Dr Lark", TODAY)
    said = (Sentence("Thank you for staying.", own_words=True),)
    goodbye = "".join(_read(render_pdf(replace(empty, sections=(replace(empty.sections[0], sentences=said),)))))
    assert "Thank you for staying." in goodbye and "DRAFT" not in goodbye and "?" not in goodbye

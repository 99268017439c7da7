"""The DOCX of a closure document: the same words as text, headings that are headings, nothing become markup."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.shared import Mm

from lib.domain.closure import Audience, ClientHeader, DocumentDraft, Letterhead, Sentence, as_signed
from lib.domain.closure_charts import charts_of
from lib.exchange.docx_out import render_docx
from tests.unit.closure_record import EMPTY, FULL, plan, summary

HOSTILE = [
    "<script>alert(1)</script> & <b>bold</b> &amp; </w:t>",
    "{{ client_name }} {% for x in y %} {# c #} {%p endfor %} {{r x }}",
    "{_{ x }_} {_% y %_} #x $y *z* _u_ \\ \"q\" 'q'",
    "שלום אני בסדר — أنا بخير — 你好 😀 Жизнь",
    "A" * 400,
]


def _open(draft: DocumentDraft) -> DocxDocument:
    return Document(io.BytesIO(render_docx(draft)))


def _lines(draft: DocumentDraft) -> list[str]:
    return [paragraph.text for paragraph in _open(draft).paragraphs]


def _saying(text: str) -> DocumentDraft:
    draft = summary(EMPTY)
    return replace(draft, sections=(replace(draft.sections[0], sentences=(Sentence(text, own_words=True),)),))


@pytest.mark.parametrize("draft", [*(summary(FULL, audience) for audience in Audience), plan(FULL)])
def test_every_sentence_and_question_is_a_paragraph(draft: DocumentDraft) -> None:
    lines = _lines(draft)
    for section in draft.sections:
        for text in (*section.asks, *(line.text for line in section.sentences)):
            assert any(line.startswith(text) for line in lines), text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert any(line.startswith(text) for line in _lines(_saying(text)))


def test_hostile_names_and_letterheads_stay_text() -> None:
    odd = '<w:p/> & {{ title }} {_{ "q"'
    draft = replace(
        _saying("x"), title=odd, client=ClientHeader(odd, odd), practice=Letterhead(odd, (odd,)), therapist=odd
    )
    document = _open(draft)
    assert sum(odd in paragraph.text for paragraph in document.paragraphs) >= 5
    assert odd in document.sections[0].header.paragraphs[0].text
    assert document.core_properties.title == odd


def test_characters_xml_forbids_stand_as_their_numbers() -> None:
    assert any("bell[U+0007] null[U+0000] [U+202E]" in line for line in _lines(_saying("bell\x07 null\x00 \u202e")))


def test_headings_are_headings_in_the_order_of_the_sections() -> None:
    draft = summary(FULL)
    headings = [p.text for p in _open(draft).paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == [*(section.title for section in draft.sections), "Sources"]


def test_name_code_and_draft_mark_stand_in_the_header_of_every_page() -> None:
    header = _open(summary(FULL)).sections[0].header.paragraphs[0].text
    assert "Cleo Sample" in header and "SB-003" in header and "DRAFT - not signed" in header


def test_a_signed_document_carries_its_signature_and_no_draft_mark() -> None:
    signed = as_signed(summary(FULL), "Dr Lark", datetime(2026, 11, 22, 14, 3, tzinfo=UTC), "I wrote this.")
    lines = _lines(signed)
    assert "Signed by Dr Lark, 22 Nov 2026, 14:03 UTC." in lines
    assert not any("DRAFT" in line or line == "Still to answer" for line in lines)
    assert "DRAFT" not in _open(signed).sections[0].header.paragraphs[0].text


def test_a_right_to_left_sentence_is_set_from_right_to_left() -> None:
    paragraphs = [p for p in _open(_saying("שלום אני בסדר")).paragraphs if "שלום" in p.text]
    assert len(paragraphs) == 1
    assert "<w:bidi/>" in paragraphs[0]._element.xml


def test_only_the_file_carries_numbered_sources() -> None:
    assert any("Told Ben she was struggling." in line and line.startswith("[") for line in _lines(summary(FULL)))
    assert not any("Episode 1 began" in line for line in _lines(summary(FULL, Audience.REFERRER)))


def test_the_package_is_well_formed_and_equal_for_equal_documents() -> None:
    made = render_docx(summary(FULL))
    assert made == render_docx(summary(FULL))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                content = package.read(name)
                ElementTree.fromstring(content)
                assert b"{{" not in content and b"{%" not in content


def _pictures(document: DocxDocument) -> list[str | None]:
    """What each picture says in words, in the order of the page."""
    return [place.get("descr") for place in document.element.body.iter(qn("wp:docPr"))]


def test_charts_are_pictures_under_their_section_with_their_figures_in_words() -> None:
    charts = charts_of(FULL)
    document = Document(io.BytesIO(render_docx(summary(FULL), charts)))
    assert _pictures(document) == [chart.alt for chart in charts]
    assert all(shape.width == Mm(53) and shape.height < Mm(53) for shape in document.inline_shapes)
    under, drawn = "", []
    for paragraph in document.paragraphs:
        is_heading = paragraph.style is not None and paragraph.style.name == "Heading 1"
        under = paragraph.text if is_heading else under
        drawn += [under] * paragraph._element.xml.count("<w:drawing>")
    titles = {section.key: section.title for section in summary(FULL).sections}
    assert drawn == [titles[chart.section] for chart in charts]


def test_a_document_with_charts_is_the_same_bytes_and_a_letter_to_the_client_has_none() -> None:
    assert render_docx(summary(FULL), charts_of(FULL)) == render_docx(summary(FULL), charts_of(FULL))
    letter = Document(io.BytesIO(render_docx(summary(FULL, Audience.CLIENT), charts_of(FULL))))
    assert _pictures(letter) == []


def test_hostile_words_in_a_chart_stay_words() -> None:
    odd = '<b>&"{{ title }}" #let \x07 你'
    chart = replace(charts_of(FULL)[0], title=odd, alt=odd)
    (told,) = _pictures(Document(io.BytesIO(render_docx(summary(FULL), (chart,)))))
    assert told == '<b>&"{{ title }}" #let [U+0007] 你'

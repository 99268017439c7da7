"""A closure document as DOCX, to work on in a word processor: real headings and lists, record text only as text."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from markupsafe import Markup, escape

from lib.domain.closure import DocumentDraft
from lib.domain.closure_charts import ChartSeries
from lib.exchange.chart_pictures import WIDTH_MM, Picture, pictures_of
from lib.exchange.document_view import (
    DRAFT_MARK,
    SOURCES,
    TO_ANSWER,
    DocumentView,
    Line,
    is_right_to_left,
    view_of,
)
from lib.exchange.docx_template import template_bytes
from lib.exchange.font_coverage import TURNING
from lib.exchange.pdf import charts_for

# docxtpl turns these back into template brackets after filling in; in record text they must stay what they are.
TEMPLATE_ESCAPES = ("{_{", "}_}", "{_%", "%_}")
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def render_docx(draft: DocumentDraft, charts: Sequence[ChartSeries] = ()) -> bytes:
    """The document as DOCX bytes, the same for the same input. Charts are pictures with their figures in words.

    Characters that XML forbids, and direction overrides, stand as their number: "[U+0007]"."""
    template = DocxTemplate(io.BytesIO(template_bytes()))
    view = view_of(draft)
    shown = {section.key: charts_for(section.key, charts, draft) for section in view.sections}
    drawn = iter(pictures_of([chart for found in shown.values() for chart in found]))
    pictures = {key: [next(drawn) for _ in found] for key, found in shown.items()}
    template.render(_values(draft, view, _inline(template, pictures)), autoescape=True)
    _tell_in_words(template, [picture.alt for found in pictures.values() for picture in found])
    properties = template.docx.core_properties
    properties.title, properties.author = _plain(draft.title), _plain(draft.therapist)[:255]
    properties.comments, properties.language = "", "en-GB"
    held = io.BytesIO()
    template.save(held)
    return _undated(held.getvalue())


def _inline(template: DocxTemplate, pictures: Mapping[str, list[Picture]]) -> dict[str, list[InlineImage]]:
    return {
        key: [InlineImage(template, io.BytesIO(picture.png), width=Mm(WIDTH_MM)) for picture in found]
        for key, found in pictures.items()
    }


def _tell_in_words(template: DocxTemplate, told: Sequence[str]) -> None:
    """What each picture shows, for who cannot see it. The pictures stand in the order of the words."""
    places = list(template.docx.element.body.iter(qn("wp:docPr")))
    for number, (place, words) in enumerate(zip(places, told, strict=True), start=1):
        place.set("name", f"Chart {number}")
        place.set("descr", _plain(words))


def _values(draft: DocumentDraft, view: DocumentView, pictures: Mapping[str, list[InlineImage]]) -> dict[str, Any]:
    footer = " · ".join(part for part in (draft.practice.name, draft.title) if part)
    return {
        "client_name": _text(draft.client.name or draft.client.code),
        "client_rest": _text(view.client_rest),
        "draft_mark": DRAFT_MARK if view.is_draft else "",
        "letter": view.is_letter,
        "footer": _text(footer),
        "practice_name": _text(draft.practice.name),
        "practice_address": _text(" · ".join(draft.practice.address)),
        "title": _text(draft.title),
        "facts": [{"name": name, "value": _text(value)} for name, value in view.facts],
        "to_answer": TO_ANSWER,
        "sources_title": SOURCES,
        "sections": [
            {
                "title": _text(section.title),
                "lines": [_line(line) for line in section.lines],
                "asks": [_line(Line(ask)) for ask in section.asks],
                "empty": section.empty,
                "pictures": pictures.get(section.key, []),
            }
            for section in view.sections
        ],
        "sign_off": [_text(line) for line in view.sign_off],
        "references": [{"number": number, "text": _text(text)} for number, text in enumerate(view.references, start=1)],
    }


def _line(line: Line) -> dict[str, Any]:
    references = f" [{line.references}]" if line.references else ""
    return {"text": _text(line.text), "references": references, "rtl": is_right_to_left(line.text)}


def _plain(text: str) -> str:
    """One line, with every character a word processor could not or should not hold written as its number."""
    shown = "".join(f"[U+{ord(c):04X}]" if _unholdable(c) else c for c in text)
    return " ".join(shown.split())


def _unholdable(letter: str) -> bool:
    if letter.isspace():
        return False
    return letter in TURNING or letter in "\ufffe\uffff" or unicodedata.category(letter) in ("Cc", "Cs")


def _text(text: str) -> Markup:
    """Escaped for XML, and safe from docxtpl's own brackets."""
    escaped = str(escape(_plain(text)))
    for bracket in TEMPLATE_ESCAPES:
        escaped = escaped.replace(bracket, bracket.replace("_", "&#95;"))
    return Markup(escaped)  # noqa: S704  escaped two lines above


def _undated(document: bytes) -> bytes:
    """The same package without the moment of its making, so that equal documents are equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return held.getvalue()

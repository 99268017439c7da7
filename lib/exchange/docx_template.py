"""The Word template of the closure documents, built in memory: styles, header and footer, and where values go."""

from __future__ import annotations

import io
from functools import lru_cache

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

INK, MUTED = RGBColor(0x1F, 0x2B, 0x2A), RGBColor(0x55, 0x62, 0x5F)
ACCENT, WARNING = RGBColor(0x0F, 0x6E, 0x7C), RGBColor(0x8A, 0x58, 0x00)
FONT = "Calibri"
# Chinese, Japanese and Korean letters have a typeface of their own: Calibri has none of them.
EAST_ASIAN_FONT = "Microsoft YaHei"
TEXT_WIDTH = Mm(166)


@lru_cache(maxsize=1)
def template_bytes() -> bytes:
    """The template as a .docx file with the tags docxtpl fills in."""
    document = Document()
    _page(document)
    _styles(document)
    _header_and_footer(document)
    _front(document)
    _sections(document)
    _end(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _page(document: DocxDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(27), Mm(22)


def _styles(document: DocxDocument) -> None:
    for name, size, colour, bold in (
        ("Normal", 10.5, INK, False),
        ("List Bullet", 10.5, INK, False),
        ("Title", 19, INK, True),
        ("Heading 1", 12.5, ACCENT, True),
    ):
        style = document.styles[name]
        style.font.size, style.font.color.rgb, style.font.bold = Pt(size), colour, bold
        _font(style.element.get_or_add_rPr())
    borders = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        document.styles["Title"].element.pPr.remove(borders)
    spacing = document.styles["Normal"].paragraph_format
    spacing.space_after, spacing.line_spacing = Pt(4), 1.1
    document.styles["Heading 1"].paragraph_format.space_before = Pt(14)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _font(properties: BaseOxmlElement) -> None:
    """One typeface for every script but the East Asian ones; the theme's own would win over it otherwise."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), EAST_ASIAN_FONT if script == "eastAsia" else FONT)
    properties.insert(0, fonts)


def _header_and_footer(document: DocxDocument) -> None:
    section = document.sections[0]
    header = section.header.paragraphs[0]
    _right_tab(header)
    _run(header, "{{ client_name }}", bold=True, size=8.5)
    _run(header, " · {{ client_rest }}\t", colour=MUTED, size=8.5)
    _run(header, "{{ draft_mark }}", bold=True, colour=WARNING, size=8.5)
    footer = section.footer.paragraphs[0]
    _right_tab(footer)
    _run(footer, "{{ footer }}\tPage ", colour=MUTED, size=8.5)
    _field(footer, "PAGE")
    _run(footer, " of ", colour=MUTED, size=8.5)
    _field(footer, "NUMPAGES")


def _right_tab(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field Word computes itself: the page, or how many there are."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(8.5), MUTED
    field.append(run._element)
    paragraph._element.append(field)


def _run(paragraph: Paragraph, text: str, *, bold: bool = False, colour: RGBColor = INK, size: float = 10.5) -> None:
    run = paragraph.add_run(text)
    run.bold, run.font.color.rgb, run.font.size = bold, colour, Pt(size)


def _front(document: DocxDocument) -> None:
    document.add_paragraph("{%p if practice_name %}")
    _run(document.add_paragraph(), "{{ practice_name }}", bold=True, colour=ACCENT, size=12.5)
    _run(document.add_paragraph(), "{{ practice_address }}", colour=MUTED, size=8.5)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{%p for fact in facts %}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(26))
    _run(paragraph, "{{ fact.name }}\t", colour=MUTED)
    _run(paragraph, "{{ fact.value }}")
    document.add_paragraph("{%p endfor %}")


def _sections(document: DocxDocument) -> None:
    document.add_paragraph("{%p for section in sections %}")
    document.add_paragraph("{{ section.title }}", style="Heading 1")
    document.add_paragraph("{%p for line in section.lines %}")
    document.add_paragraph("{%p if letter %}")
    _both_directions(document, "line", "Normal", references=True)
    document.add_paragraph("{%p else %}")
    _both_directions(document, "line", "List Bullet", references=True)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if section.empty %}")
    _run(document.add_paragraph(), "{{ section.empty }}", colour=MUTED)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if section.pictures %}")
    document.add_paragraph("{% for picture in section.pictures %}{{ picture }} {% endfor %}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p if section.asks %}")
    _run(document.add_paragraph(), "{{ to_answer }}", bold=True, colour=WARNING)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for ask in section.asks %}")
    _both_directions(document, "ask", "List Bullet", colour=MUTED)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def _both_directions(
    document: DocxDocument, name: str, style: str, *, references: bool = False, colour: RGBColor = INK
) -> None:
    """The same paragraph twice: set from right to left where its text runs so, else from left to right."""
    for tag, turned in (("{%p if NAME.rtl %}", True), ("{%p else %}", False)):
        document.add_paragraph(tag.replace("NAME", name))
        paragraph = document.add_paragraph(style=style)
        _run(paragraph, f"{{{{ {name}.text }}}}", colour=colour)
        if references:
            _run(paragraph, f"{{{{ {name}.references }}}}", colour=MUTED, size=8)
        if turned:
            paragraph._element.get_or_add_pPr().append(OxmlElement("w:bidi"))
            for run in paragraph.runs:
                run.font.rtl = True
    document.add_paragraph("{%p endif %}")


def _end(document: DocxDocument) -> None:
    document.add_paragraph("{%p for line in sign_off %}")
    document.add_paragraph("{{ line }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if references %}")
    document.add_paragraph("{{ sources_title }}", style="Heading 1")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for reference in references %}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(1)
    _run(paragraph, "[{{ reference.number }}] ", colour=MUTED, size=8.5)
    _run(paragraph, "{{ reference.text }}", size=8.5)
    document.add_paragraph("{%p endfor %}")

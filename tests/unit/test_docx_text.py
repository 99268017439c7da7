"""DOCX: nothing a person can see or has written is dropped; what is not plain text comes with a label."""

from __future__ import annotations

import io

import docx
import pytest

from lib.domain.errors import ImportProblem
from lib.domain.imports import NoteIn
from lib.exchange.note_files import read_notes
from tests.unit.exchange_material import INSTRUMENTS, OPTIONS, zipped

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def document(body: str, **parts: str) -> bytes:
    """A minimal document of this body; further parts of word/ by name."""
    contents: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    contents |= {f"word/{name}.xml": f"<w:{name} {W}>{content}</w:{name}>" for name, content in parts.items()}
    return zipped(contents)


def note(data: bytes) -> NoteIn:
    return read_notes(data, "A_2026-01-05.docx", INSTRUMENTS, OPTIONS).notes[0]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_a_document_written_by_a_library_is_read_paragraph_by_paragraph():
    source = docx.Document()
    source.add_paragraph("Subjective: tired  <b> & “so”")
    source.add_paragraph("")
    source.add_paragraph("Plan:\trest")
    target = io.BytesIO()
    source.save(target)
    found = note(target.getvalue())
    assert found.text == "Subjective: tired  <b> & “so”\n\nPlan:\trest"
    assert found.labels == ()


@pytest.mark.parametrize(
    ("body", "text", "label"),
    [
        (
            f'<w:p>{run("I ")}<w:ins w:author="B">{run("never")}</w:ins></w:p>',
            "I [inserted by B: never]",
            "tracked change",
        ),
        (
            '<w:p><w:del w:author="B"><w:r><w:delText>hurt</w:delText></w:r></w:del></w:p>',
            "[deleted by B: hurt]",
            "tracked change",
        ),
        (f"<w:p><w:moveFrom>{run('x')}</w:moveFrom></w:p>", "[moved from here: x]", "tracked change"),
        (f"<w:p>{run('secret', '<w:vanish/>')}</w:p>", "[hidden: secret]", "hidden text"),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p></w:tc><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr></w:tbl>",
            "[table]\na | b\n[end of table]",
            "table",
        ),
        (
            f"<w:p><w:r><w:pict><w:txbxContent><w:p>{run('boxed')}</w:p></w:txbxContent></w:pict></w:r></w:p>",
            "[text box: boxed]",
            "text box",
        ),
        (f"<w:p><w:pPr><w:numPr/></w:pPr>{run('point')}</w:p>", "- point", "list"),
        (
            "<w:p><w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"
            f"{run(' risk')}</w:p>",
            "[x] risk",
            "form field",
        ),
        ("<w:p><w:r><w:drawing><w:pic/></w:drawing></w:r></w:p>", "[picture, not imported]", "picture, not imported"),
    ],
)
def test_what_is_not_plain_text_comes_with_a_label(body, text, label):
    found = note(document(f"{body}<w:p>{run('end')}</w:p>"))
    assert found.text == f"{text}\nend"
    assert label in found.labels


def test_visible_text_in_links_controls_and_fields_is_plain_text():
    body = (
        f"<w:p><w:hyperlink>{run('a')}</w:hyperlink><w:sdt><w:sdtContent>{run('b')}</w:sdtContent></w:sdt>"
        f"<w:fldSimple>{run('c')}</w:fldSimple><w:smartTag>{run('d')}</w:smartTag><w:r><w:tab/><w:br/>"
        "<w:noBreakHyphen/></w:r></w:p>"
    )
    assert note(document(body)).text == "abcd\t\n\u2011"


def test_a_text_told_twice_for_old_and_new_programs_is_read_once():
    told = f"<w:txbxContent><w:p>{run('once')}</w:p></w:txbxContent>"
    both = f"<w:Choice>{told}</w:Choice><w:Fallback>{told}</w:Fallback>"
    body = f"<w:p><w:r><w:AlternateContent>{both}</w:AlternateContent></w:r></w:p>"
    assert note(document(body)).text == "[text box: once]"


def test_comments_footnotes_headers_and_footers_follow_the_text():
    found = note(
        document(
            f'<w:p>{run("said")}<w:r><w:commentReference w:id="4"/></w:r>'
            '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
            comments=f'<w:comment w:id="4" w:author="Sup"><w:p>{run("check")}</w:p></w:comment>',
            footnotes='<w:footnote w:id="0" w:type="separator"/>'
            f'<w:footnote w:id="2"><w:p>{run("per mail")}</w:p></w:footnote>',
            header1=f"<w:p>{run('Confidential')}</w:p>",
            footer2=f"<w:p>{run('page')}</w:p>",
        )
    )
    assert found.text.splitlines() == [
        "said[comment 4][footnote 2]",
        "[footer: page]",
        "[header: Confidential]",
        "[comment 4: Sup: check]",
        "[footnote 2: per mail]",
    ]
    assert set(found.labels) == {"comment", "footnote", "header", "footer"}


def test_text_hidden_by_its_style_is_labelled():
    styles = '<w:style w:styleId="Ghost"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = "<w:p>" + run("boo", '<w:rStyle w:val="Ghost"/>') + "</w:p>"
    assert note(document(body, styles=styles)).text == "[hidden: boo]"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (document("<w:altChunk/>"), "another file"),
        (document(""), "no text"),
        (zipped({"[Content_Types].xml": TYPES, "word/other.xml": "<a/>"}), "text is missing"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<a/>"}), "no body"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<a><b>"}), "damaged"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<!DOCTYPE a><a/>"}), "DOCTYPE"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<a>" * 300 + "</a>" * 300}), "too deep"),
        (zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<a/>", "word/vbaProject.bin": "x"}), "macros"),
        (document("<w:p/>" * 400_001), "too big|100 times"),
    ],
)
def test_a_document_that_cannot_be_read_whole_is_refused(data, words):
    with pytest.raises(ImportProblem, match=words):
        note(data)


def test_a_document_named_as_text_and_a_text_named_as_document_are_refused():
    with pytest.raises(ImportProblem, match="not what its name says"):
        read_notes(document(f"<w:p>{run('x')}</w:p>"), "A_2026-01-05.txt", INSTRUMENTS, OPTIONS)
    with pytest.raises(ImportProblem, match="no DOCX"):
        read_notes(b"hello", "A_2026-01-05.docx", INSTRUMENTS, OPTIONS)

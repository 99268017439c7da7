"""DOCX to text: what a plain reader would lose (tracked changes, comments, hidden text, boxes) comes with a label."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element  # only for the type; parsing is defused

from lib.domain.errors import ImportProblem
from lib.exchange.archives import entry_bytes, local, open_zip, xml_root

MAX_ELEMENTS = 400_000

_FALLBACK_PART = "word/document.xml"
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "ptab": "\t"}
_PASSED_OVER = {"rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr", "instrText",
                "delInstrText", "proofErr", "bookmarkStart", "bookmarkEnd", "fldData", "binData"}  # fmt: skip
_BETWEEN_CELLS = " | "
_ENCLOSED = {
    "ins": "inserted",
    "del": "deleted",
    "moveFrom": "moved from here",
    "moveTo": "moved to here",
}


@dataclass(slots=True)
class _Reading:
    """What is gathered while a document is read: labels used, and comments and notes by id."""

    labels: dict[str, None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    footnotes: dict[str, str] = field(default_factory=dict)
    endnotes: dict[str, str] = field(default_factory=dict)
    hiding_styles: set[str] = field(default_factory=set)


def docx_text(data: bytes, what: str = "The document") -> tuple[str, tuple[str, ...]]:
    """Text of a document and the labels it carries. ImportProblem when it cannot be read whole.

    Paragraphs are lines, table rows are lines with ` | ` between cells. Whatever is not plain running text stands
    in square brackets with its kind, e.g. `[deleted by A. Author: …]`."""
    with open_zip(data) as package:
        reading = _Reading(hiding_styles=_hiding_styles(package, what))
        for kind, store in (
            ("comments", reading.comments),
            ("footnotes", reading.footnotes),
            ("endnotes", reading.endnotes),
        ):
            store.update(_side_texts(package, kind, reading, what))
        root = xml_root(entry_bytes(package, _main_part(package)), what, MAX_ELEMENTS)
        body = next((each for each in root if local(each.tag) == "body"), None)
        if body is None:
            raise ImportProblem(f"{what} is damaged: it has no body.", "Save it again.")
        lines = [_blocks(body, reading).rstrip("\n")]
        lines += _margins(package, reading, what)
    lines += [f"[comment {number}: {text}]" for number, text in reading.comments.items()]
    lines += [f"[footnote {number}: {text}]" for number, text in reading.footnotes.items()]
    lines += [f"[endnote {number}: {text}]" for number, text in reading.endnotes.items()]
    for label, store in (("comment", reading.comments), ("footnote", reading.footnotes), ("endnote", reading.endnotes)):
        if store:
            reading.labels[label] = None
    return "\n".join(line for line in lines if line), tuple(reading.labels)


def _main_part(package: zipfile.ZipFile) -> str:
    types = xml_root(entry_bytes(package, "[Content_Types].xml"), "The document", 100_000)
    named = (each.get("PartName", "") for each in types if each.get("ContentType", "").endswith(_MAIN_TYPE))
    part = next(named, _FALLBACK_PART).lstrip("/")
    if part not in package.namelist():
        raise ImportProblem("The document is damaged: its text is missing.", "Save it again.")
    return part


def _side_texts(package: zipfile.ZipFile, kind: str, reading: _Reading, what: str) -> Iterator[tuple[str, str]]:
    """Comments, footnotes or endnotes: (number, text with its author). Separator lines are none."""
    part = f"word/{kind}.xml"
    if part not in package.namelist():
        return
    for element in xml_root(entry_bytes(package, part), what, MAX_ELEMENTS):
        if _attribute(element, "type") in {"separator", "continuationSeparator", "continuationNotice"}:
            continue
        text = _blocks(element, reading).strip("\n")
        author = _attribute(element, "author")
        if text.strip():
            yield _attribute(element, "id"), f"{author}: {text}" if author else text


def _margins(package: zipfile.ZipFile, reading: _Reading, what: str) -> list[str]:
    """Headers and footers, each text once."""
    lines: dict[str, None] = {}
    for part in sorted(package.namelist()):
        found = re.fullmatch(r"word/(header|footer)\d*\.xml", part)
        if found:
            text = _blocks(xml_root(entry_bytes(package, part), what, MAX_ELEMENTS), reading).strip("\n")
            if text.strip():
                reading.labels[found.group(1)] = None
                lines[f"[{found.group(1)}: {text}]"] = None
    return list(lines)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _blocks(parent: Element, reading: _Reading) -> str:
    """Text of everything in a body, cell, comment, header: paragraphs end with a line end."""
    return "".join(_piece(child, reading) for child in parent)


def _piece(element: Element, reading: _Reading) -> str:
    kind = local(element.tag)
    if kind in _PASSED_OVER:
        return ""
    if kind in _BLANKS:
        return _BLANKS[kind]
    if kind in {"t", "delText"}:
        return element.text or ""
    if kind in _ENCLOSED:
        return _labelled(element, kind, reading)
    special = _SPECIAL.get(kind)
    return special(element, reading) if special else _blocks(element, reading)


def _paragraph(element: Element, reading: _Reading) -> str:
    properties = next((each for each in element if local(each.tag) == "pPr"), None)
    is_list = properties is not None and any(local(each.tag) == "numPr" for each in properties)
    bullet = "- " if is_list else ""
    if bullet:
        reading.labels["list"] = None
    text = _blocks(element, reading)
    if properties is not None and text.strip() and _hidden_style(properties, "pStyle", reading):
        reading.labels["hidden text"] = None
        text = f"[hidden: {text}]"
    return f"{bullet}{text}\n"


def _run(element: Element, reading: _Reading) -> str:
    text = _blocks(element, reading)
    properties = next((each for each in element if local(each.tag) == "rPr"), None)
    if properties is not None and _hides(properties, reading) and text.strip():
        reading.labels["hidden text"] = None
        return f"[hidden: {text}]"
    return text


def _hides(properties: Element, reading: _Reading) -> bool:
    """True when a run is hidden, by itself or by its character style."""
    for each in properties:
        kind = local(each.tag)
        if kind in {"vanish", "webHidden"} and _attribute(each, "val") not in {"0", "false", "off"}:
            return True
    return _hidden_style(properties, "rStyle", reading)


def _hidden_style(properties: Element, kind: str, reading: _Reading) -> bool:
    """True when the style these properties name hides its text."""
    return any(local(each.tag) == kind and _attribute(each, "val") in reading.hiding_styles for each in properties)


def _hiding_styles(package: zipfile.ZipFile, what: str) -> set[str]:
    """Ids of the styles that hide their text, by themselves or by a style they are based on."""
    if "word/styles.xml" not in package.namelist():
        return set()
    root = xml_root(entry_bytes(package, "word/styles.xml"), what, MAX_ELEMENTS)
    plain = _Reading()
    hiding: set[str] = set()
    children: dict[str, list[str]] = {}
    for style in root:
        identity = _attribute(style, "styleId")
        for each in style:
            if local(each.tag) == "basedOn":
                children.setdefault(_attribute(each, "val"), []).append(identity)
            elif local(each.tag) == "rPr" and _hides(each, plain):
                hiding.add(identity)
    waiting = list(hiding)
    while waiting:
        inherited = [child for child in children.get(waiting.pop(), []) if child not in hiding]
        hiding.update(inherited)
        waiting += inherited
    return hiding


def _labelled(element: Element, kind: str, reading: _Reading) -> str:
    text = _blocks(element, reading)
    if not text.strip():
        return text
    reading.labels["tracked change"] = None
    author = _attribute(element, "author")
    by = f" by {author}" if author else ""
    end = "\n" if text.endswith("\n") else ""
    return f"[{_ENCLOSED[kind]}{by}: {text.rstrip(chr(10))}]{end}"


def _table(element: Element, reading: _Reading) -> str:
    reading.labels["table"] = None
    return f"[table]\n{_blocks(element, reading)}[end of table]\n"


def _row(element: Element, reading: _Reading) -> str:
    return _blocks(element, reading).removesuffix(_BETWEEN_CELLS) + "\n"


def _cell(element: Element, reading: _Reading) -> str:
    return _blocks(element, reading).strip("\n") + _BETWEEN_CELLS


def _alternatives(element: Element, reading: _Reading) -> str:
    """The same content told for newer and older programs: the first telling that has text."""
    return next((text for each in element if (text := _blocks(each, reading)).strip()), "")


def _check_box(element: Element, reading: _Reading) -> str:
    reading.labels["form field"] = None
    states = {local(each.tag): _attribute(each, "val") not in {"0", "false", "off"} for each in element}
    return "[x]" if states.get("checked", states.get("default", False)) else "[ ]"


def _choice_list(element: Element, reading: _Reading) -> str:
    reading.labels["form field"] = None
    entries = [_attribute(each, "val") for each in element if local(each.tag) == "listEntry"]
    chosen = next((_attribute(each, "val") for each in element if local(each.tag) == "result"), "0")
    place = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
    return entries[place] if place < len(entries) else ""


def _text_box(element: Element, reading: _Reading) -> str:
    text = _blocks(element, reading).strip("\n")
    if not text.strip():
        return ""
    reading.labels["text box"] = None
    return f"[text box: {text}]"


def _reference(element: Element, reading: _Reading) -> str:
    kind = {"commentReference": "comment", "footnoteReference": "footnote"}.get(local(element.tag), "endnote")
    number = _attribute(element, "id")
    store = {"comment": reading.comments, "footnote": reading.footnotes, "endnote": reading.endnotes}[kind]
    return f"[{kind} {number}]" if number in store else ""


def _symbol(element: Element, reading: _Reading) -> str:
    reading.labels["symbol"] = None
    return f"[symbol {_attribute(element, 'font')} {_attribute(element, 'char')}]"


def _picture(element: Element, reading: _Reading) -> str:
    """A drawing may hold a text box; a picture itself cannot be imported, and its place and description are kept."""
    text = _blocks(element, reading)
    described = next((_attribute(each, "descr") for each in element.iter() if local(each.tag) == "docPr"), "")
    if any(local(each.tag) in {"pic", "imagedata", "OLEObject", "chart", "relIds"} for each in element.iter()):
        reading.labels["picture, not imported"] = None
        text += f"[picture, not imported: {described}]" if described else "[picture, not imported]"
    return text


def _outside(element: Element, reading: _Reading) -> str:
    raise ImportProblem(
        "The document takes in another file (an embedded chunk), which cannot be read here.",
        "Open it in its program, save it as .docx again, and import that.",
    )


_SPECIAL = {
    "p": _paragraph,
    "r": _run,
    "tbl": _table,
    "tr": _row,
    "tc": _cell,
    "AlternateContent": _alternatives,
    "checkBox": _check_box,
    "ddList": _choice_list,
    "txbxContent": _text_box,
    "commentReference": _reference,
    "footnoteReference": _reference,
    "endnoteReference": _reference,
    "sym": _symbol,
    "drawing": _picture,
    "pict": _picture,
    "object": _picture,
    "altChunk": _outside,
}

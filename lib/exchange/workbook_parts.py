"""The parts of a workbook around its sheets: which sheets there are, shared texts, number formats."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.domain.errors import ImportProblem
from lib.exchange.archives import entry_bytes, local, xml_pieces, xml_root

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

# ECMA-376 part 1, 18.8.30: built-in formats that show a date (27-36 and 50-58 in East Asian locales).
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


# Day counts up to the year 9999, the last a workbook can show.
_DAYS_IN_A_SHEET = 2_900_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, the part that holds it, whether it is hidden."""

    name: str
    part: str
    hidden: bool


def sheets(package: zipfile.ZipFile) -> list[Sheet]:
    """The worksheets in the order of the workbook. ImportProblem when there is none."""
    if "xl/workbook.xml" not in package.namelist():
        raise ImportProblem("The workbook is damaged: it has no list of sheets.", "Save it again.")
    targets = _relations(package)
    found = []
    for element in xml_root(entry_bytes(package, "xl/workbook.xml"), "The workbook", 100_000).iter():
        if local(element.tag) == "sheet":
            identity = next((value for key, value in element.attrib.items() if local(key) == "id"), "")
            part = targets.get(identity, "")
            if part in package.namelist():
                hidden = element.get("state", "visible") != "visible"
                found.append(Sheet(element.get("name", ""), part, hidden))
    if not found:
        raise ImportProblem("The workbook holds no sheet with cells.", "Save it again.")
    return found


def _relations(package: zipfile.ZipFile) -> dict[str, str]:
    """Worksheet parts by relation id; chart sheets and the like are no worksheets."""
    part = "xl/_rels/workbook.xml.rels"
    if part not in package.namelist():
        raise ImportProblem("The workbook is damaged: its sheets cannot be found.", "Save it again.")
    targets = {}
    for element in xml_root(entry_bytes(package, part), "The workbook", 100_000):
        if element.get("Type", "").endswith("/worksheet"):
            target = element.get("Target", "")
            targets[element.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return targets


def choose_sheet(known: list[Sheet], name: str | None) -> tuple[Sheet, list[str]]:
    """The sheet named, else the first that is not hidden, and what to say about the others."""
    if name is not None:
        for sheet in known:
            if sheet.name == name or sheet.name.casefold() == name.strip().casefold():
                return sheet, []
        names = ", ".join(repr(sheet.name) for sheet in known)
        raise ImportProblem(f"There is no sheet {name!r}.", f"The workbook has: {names}.")
    chosen = next((sheet for sheet in known if not sheet.hidden), known[0])
    others = [f"{sheet.name!r}{' (hidden)' if sheet.hidden else ''}" for sheet in known if sheet is not chosen]
    if not others:
        return chosen, []
    return chosen, [
        f"Only the sheet {chosen.name!r} was read; not read: {', '.join(others)}. Name one (terminal: --sheet)."
    ]


def shared_texts(package: zipfile.ZipFile) -> list[str]:
    """The texts cells point to, without phonetic guides."""
    part = "xl/sharedStrings.xml"
    if part not in package.namelist():
        return []
    texts = []
    inside = frozenset({"t", "r", "rPh", "rPr"})
    for _, item in xml_pieces(entry_bytes(package, part), "The workbook", {"si": "end"}, inside):
        pieces = []
        for child in item:
            if local(child.tag) == "t":
                pieces.append(child.text or "")
            elif local(child.tag) == "r":
                pieces += [each.text or "" for each in child if local(each.tag) == "t"]
        texts.append(unescaped("".join(pieces)))
    return texts


def unescaped(text: str) -> str:
    """Characters that XML cannot hold are written `_x000D_` in a workbook: turned back."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class SheetStyles:
    """How numbers are shown: which styles are dates, and which write leading zeros."""

    dates: frozenset[int]
    padded: dict[int, int]
    from_1904: bool

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> SheetStyles:
        """Read from the workbook's styles; without any, every number is a plain one."""
        book = xml_root(entry_bytes(package, "xl/workbook.xml"), "The workbook", 100_000)
        from_1904 = any(
            local(each.tag) == "workbookPr" and each.get("date1904") in {"1", "true"} for each in book.iter()
        )
        if "xl/styles.xml" not in package.namelist():
            return cls(frozenset(), {}, from_1904)
        root = xml_root(entry_bytes(package, "xl/styles.xml"), "The workbook")
        codes = {
            each.get("numFmtId", ""): each.get("formatCode", "") for each in root.iter() if local(each.tag) == "numFmt"
        }
        cell_formats = next((each for each in root if local(each.tag) == "cellXfs"), ())
        dates, padded = set(), {}
        for style, each in enumerate(cell_formats):
            identity = each.get("numFmtId", "0")
            code = codes.get(identity)
            if (code is None and identity.isdigit() and int(identity) in _DATE_FORMATS) or _shows_date(code or ""):
                dates.add(style)
            elif code and re.fullmatch(r"0{2,}", code):
                padded[style] = len(code)
        return cls(frozenset(dates), padded, from_1904)

    def shown(self, value: str, style: int) -> str:
        """A number as text: ISO for a date, with its leading zeros where the format shows them, else as stored."""
        if style in self.dates:
            return self._date(value)
        if style in self.padded and re.fullmatch(r"\d+", value, re.ASCII):
            return value.zfill(self.padded[style])
        return value

    def _date(self, value: str) -> str:
        try:
            serial = float(value)
        except ValueError:
            return value
        if not 61 <= serial < _DAYS_IN_A_SHEET:  # before March 1900 the day count has a day that never was
            return value
        epoch = datetime(1904, 1, 1) if self.from_1904 else datetime(1899, 12, 30)
        found = epoch + timedelta(seconds=round(serial * 86_400))
        whole_day = (found.hour, found.minute, found.second) == (0, 0, 0)
        return found.date().isoformat() if whole_day else found.strftime("%Y-%m-%dT%H:%M:%S")


def _shows_date(code: str) -> bool:
    """True when a format code shows a day or a year, quoted text and colours aside."""
    bare = _NOT_CODE.sub("", code.split(";")[0]).casefold()
    return bool(re.search(r"[dy]", bare)) and "general" not in bare

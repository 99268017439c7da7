"""Makers of files for the tests of imports, and what each file is expected to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.integration.terminal import CLOCK, PHQ9
from tests.unit.exchange_material import zipped

TOMORROW = (CLOCK.date() + timedelta(days=1)).isoformat()
SIDE = "client,date," + ",".join(f"phq9_{n}" for n in range(1, 10)) + "," + ",".join(f"gad7_{n}" for n in range(1, 8))
ECR_RS = "client,date,instrument,target," + ",".join(f"item_{n}" for n in range(1, 10))
ANSWERS = [f"A-1,2026-01-05,PHQ-9,{n},1" for n in range(1, 10)]
CELLS = PHQ9.split(",")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def document(body: str, **more: str) -> bytes:
    """A small DOCX; `more` are further parts of its word folder."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{DOCUMENT}"/></Types>'
    main = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    parts = {f"word/{name}.xml": f'<w:{name} xmlns:w="{W}">{inside}</w:{name}>' for name, inside in more.items()}
    return zipped({"[Content_Types].xml": types, "word/document.xml": main, **parts})


def said(text: str) -> str:
    """A paragraph of a DOCX."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def spread(*answers: object, client: object = "A-1", day: object = date(2026, 1, 5)) -> list[object]:
    """A row of a workbook of PHQ-9 forms."""
    return [client, day, "PHQ-9", *(answers or (1, 1, 1, 1, 1, 1, 1, 1, 0))]


@dataclass(frozen=True, slots=True)
class Good:
    """A file that must come in: how many rows are new, and text that must stand in the record afterwards."""

    name: str
    content: str | bytes
    new: int
    kind: str = "scores"
    file: str = "file.csv"
    options: tuple[str, ...] = ()
    keeps: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A file that must be refused: problems that must be named, words that must be said. Nothing may be written."""

    name: str
    content: str | bytes
    places: tuple[tuple[int | None, str], ...] = ()
    kind: str = "scores"
    file: str = "file.csv"
    options: tuple[str, ...] = ()
    says: str = ""

"""A report of tables as PDF: tagged (PDF/UA-1), fonts embedded, record text passed as data and never as markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from lib.exchange.font_coverage import is_drawable
from lib.exchange.pdf import shipped_fonts, words_of

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and a table; without rows it says so."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed: a title, lines beneath it, and tables."""

    title: str
    lines: Sequence[str]
    sections: Sequence[Section]
    made_at: datetime


def render_report(report: Report) -> bytes:
    """The report as PDF bytes, the same for the same input. Letters no shipped font has stand as "[U+4F60]"."""
    compiled = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"doc": json.dumps(_data(report), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=report.made_at.replace(microsecond=0),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst gave pages where one document was asked for")
    return compiled


def _data(report: Report) -> dict[str, Any]:
    made_on = report.made_at.date()
    return {
        "title": _safe(report.title),
        "lines": [words_of(_safe(line)) for line in report.lines],
        "date": {"year": made_on.year, "month": made_on.month, "day": made_on.day},
        "footer": _safe(report.title),
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": _safe(section.title),
        "header": [_safe(name) for name in section.header],
        "widths": _widths(section),
        "rows": [[words_of(_safe(cell)) or [""] for cell in row] for row in section.rows],
    }


def _widths(section: Section) -> list[int]:
    """A column's share of the page by its longest cell, between a narrow and a wide one."""
    columns = zip(section.header, *section.rows, strict=True)
    return [min(40, max(10, *(len(cell) for cell in column))) for column in columns]


def _safe(text: str) -> str:
    told = "".join(one if one.isspace() or is_drawable(one) else f"[U+{ord(one):04X}]" for one in text)
    return " ".join(told.split())

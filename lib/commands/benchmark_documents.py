"""Benchmark of documents: one PDF with charts beside an empty page of the same engine, and five hundred in a row."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import typst

from lib.domain.closure import (
    Audience,
    ClientHeader,
    DocumentDraft,
    DocumentKind,
    Letterhead,
    Section,
    Sentence,
    Source,
    SourceKind,
)
from lib.domain.closure_charts import ChartSeries
from lib.exchange.docx_out import render_docx
from lib.exchange.pdf import render_pdf, shipped_fonts

IN_A_ROW, WARM = 500, 50
SECTIONS, SENTENCES, CHARTS, POINTS = 12, 6, 8, 30
PDF_TARGET_S, GROWTH_TARGET = 2.0, 1.1
_FIRST = date(2025, 1, 7)
_EMPTY_PAGE = b'#set document(title: "Empty")\n#set text(font: "Noto Sans")\n#title()'
_PAGE_KB = 4


@dataclass(frozen=True, slots=True)
class DocumentTimes:
    """Seconds of one PDF, of an empty page and of one DOCX (medians), and memory in MB after 50 and after 500 PDFs."""

    pdf_s: float
    empty_page_s: float
    docx_s: float
    warm_mb: float
    after_mb: float

    @property
    def growth(self) -> float:
        """Memory after all of them over memory after the first fifty."""
        return round(self.after_mb / self.warm_mb, 3)

    def as_json(self) -> dict[str, Any]:
        """As the report has it."""
        return {
            "sentences": SECTIONS * SENTENCES,
            "charts": CHARTS,
            "pdf_s": round(self.pdf_s, 4),
            "empty_page_s": round(self.empty_page_s, 4),
            "docx_s": round(self.docx_s, 4),
            "in_a_row": IN_A_ROW,
            "memory_after_50_mb": self.warm_mb,
            "memory_after_all_mb": self.after_mb,
        }

    def lines(self) -> list[str]:
        """As the terminal says it."""
        return [
            f"A PDF of {SECTIONS * SENTENCES} sentences and {CHARTS} charts: {self.pdf_s * 1000:.0f} ms; an empty page "
            f"{self.empty_page_s * 1000:.0f} ms; the same as DOCX {self.docx_s * 1000:.0f} ms.",
            f"  {IN_A_ROW} in a row: {self.warm_mb} MB after {WARM}, {self.after_mb} MB after all.",
        ]


def time_documents(runs: int, in_a_row: int = IN_A_ROW) -> DocumentTimes:
    """Set the same invented document again and again, each time with another name, so that nothing is remembered."""
    charts = tuple(_chart(number) for number in range(CHARTS))
    pdf = [_seconds(lambda turn=turn: render_pdf(_document(turn), charts)) for turn in range(runs)]
    empty = [_seconds(lambda: _empty_page()) for _ in range(runs)]
    docx = [_seconds(lambda turn=turn: render_docx(_document(turn))) for turn in range(runs)]
    warm = 0.0
    for number in range(in_a_row):
        render_pdf(_document(number), charts)
        if number + 1 == min(WARM, in_a_row):
            warm = _memory_mb()
    return DocumentTimes(median(pdf), median(empty), median(docx), warm, _memory_mb())


def _seconds(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _empty_page() -> object:
    return typst.compile(_EMPTY_PAGE, format="pdf", font_paths=shipped_fonts(), ignore_system_fonts=True)


def _memory_mb() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * _PAGE_KB / 1024, 1)


def _document(number: int) -> DocumentDraft:
    sections = tuple(_section(place, number) for place in range(SECTIONS))
    return DocumentDraft(
        kind=DocumentKind.SUMMARY,
        audience=Audience.FILE,
        client=ClientHeader(f"Invented Person {number}", f"B-{number:04}", _FIRST),
        practice=Letterhead("Invented Practice", ("1 Example Lane",)),
        therapist="Dr Example",
        drafted_on=_FIRST,
        sections=sections,
        title="Closure summary",
    )


def _section(place: int, number: int) -> Section:
    keys = {0: "outcome_measures", 1: "outcome_markers"}
    lines = tuple(
        Sentence(
            f"Invented statement {each} of section {place} in document {number}: the score went from 17 to 6.",
            (Source(SourceKind.SCORE, _FIRST + timedelta(days=7 * each), f"PHQ-9 {each}", "administration", each),),
        )
        for each in range(SENTENCES)
    )
    return Section(keys.get(place, f"section_{place}"), f"Section {place}", lines)


def _chart(number: int) -> ChartSeries:
    points = tuple((_FIRST + timedelta(days=14 * each), float((each * 7 + number) % 27)) for each in range(POINTS))
    section = "outcome_measures" if number % 2 else "outcome_markers"
    return ChartSeries(section, f"Invented measure {number}", "Invented values.", points, 0, 27, cutoff=10)

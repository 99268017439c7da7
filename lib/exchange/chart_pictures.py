"""Charts of a document as pictures for a word processor: the PDF's own drawing at 200 dots an inch, told in words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import typst

from lib.domain.closure_charts import ChartSeries
from lib.exchange.font_coverage import is_drawable
from lib.exchange.pdf import chart_data, shipped_fonts, shown_with, template

DOTS_PER_INCH = 200
WIDTH_MM = 53.0


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart as PNG, `WIDTH_MM` wide, and what it shows in words."""

    png: bytes
    alt: str


def pictures_of(charts: Sequence[ChartSeries]) -> list[Picture]:
    """The charts drawn, in their order; the same bytes for the same charts."""
    if not charts:
        return []
    printed = "".join(f"{chart.title}{chart.alt}" for chart in charts)
    safe = shown_with([letter for letter in dict.fromkeys(printed) if not (letter.isspace() or is_drawable(letter))])
    data = {"page": {"width": WIDTH_MM, "text": 8.6}, "charts": [chart_data(chart, safe) for chart in charts]}
    drawn = typst.compile(
        template("pictures.typ"),
        format="png",
        ppi=DOTS_PER_INCH,
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"doc": json.dumps(data, ensure_ascii=False)},
    )
    pages = drawn if isinstance(drawn, list) else [drawn]
    return [Picture(page, chart.alt) for page, chart in zip(pages, charts, strict=True) if page is not None]

"""A closure document as PDF: tagged (PDF/UA-1), fonts embedded, record text passed as data and never as markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from lib.domain.closure import Audience, DocumentDraft, DocumentKind
from lib.domain.closure_charts import ChartSeries
from lib.domain.draft_words import day, figure
from lib.exchange.document_view import (
    DRAFT_MARK,
    SOURCES,
    TO_ANSWER,
    DocumentView,
    Line,
    SectionView,
    client_line,
    is_right_to_left,
    view_of,
)
from lib.exchange.font_coverage import FONTS, is_drawable
from lib.exchange.paper import A4, A4_CLOSE, CLOSE_SIZES, Paper, page_count

TEMPLATES = Path(__file__).parent / "templates"
# A run of letters longer than this may be broken anywhere: it would not fit on a line.
BREAK_RUNS_OVER = 28
WORDS = {"draft_mark": DRAFT_MARK, "page": "Page", "of": "of", "to_answer": TO_ANSWER, "sources": SOURCES}
Safe = Callable[[str], str]
# The words of a line take the last third of a chart, and a sixth of its height.
LABEL_FROM, LABEL_ROOM = 0.6, 0.2
CHART_SECTIONS = frozenset({"outcome_measures", "outcome_markers"})


def undrawable_letters(draft: DocumentDraft) -> tuple[str, ...]:
    """Letters of this document that no shipped font can draw, once each, to be told before signing."""
    return _undrawable(view_of(draft), draft)


def render_pdf(draft: DocumentDraft, charts: Sequence[ChartSeries] = (), paper: Paper = A4) -> bytes:
    """The document as PDF bytes, the same for the same input.

    Letters no shipped font has stand as "[U+4F60]" and are told on the first page. Charts go into the outcome
    sections. The timestamp is the day of drafting, or the moment of signing."""
    data = _data(draft, view_of(draft), charts)
    moment = made_at(draft)
    if paper != A4 or not is_dense(draft):
        return _set(data, paper, moment)
    *larger, smallest = CLOSE_SIZES
    fewest = _set(data, A4_CLOSE.at_size(smallest), moment)
    for size in larger:
        made = _set(data, A4_CLOSE.at_size(size), moment)
        if page_count(made) == page_count(fewest):
            return made
    return fewest


def _set(data: Mapping[str, Any], paper: Paper, moment: datetime) -> bytes:
    """The pages of a document on this paper."""
    compiled = typst.compile(
        template("document.typ"),
        format="pdf",
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"doc": json.dumps({**data, "page": asdict(paper)}, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=moment,
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst gave pages where one document was asked for")
    return compiled


def is_dense(draft: DocumentDraft) -> bool:
    """Whether the document is read by colleagues, who want it on two pages: a summary for the file or a referrer."""
    return draft.kind is DocumentKind.SUMMARY and draft.audience is not Audience.CLIENT


def made_at(draft: DocumentDraft) -> datetime:
    """The moment that stands in the file: of signing, or noon of the day of drafting. typst takes whole seconds."""
    moment = draft.signed_at or datetime.combine(draft.drafted_on, time(12), tzinfo=UTC)
    return moment.replace(microsecond=0)


def template(name: str) -> bytes:
    """A template of this folder with the chart it may draw before it."""
    return b"\n".join((TEMPLATES / each).read_bytes() for each in ("chart.typ", name))


@lru_cache(maxsize=1)
def shipped_fonts() -> typst.Fonts:
    """The fonts the product ships, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _undrawable(view: DocumentView, draft: DocumentDraft) -> tuple[str, ...]:
    printed = "".join([*view.texts, draft.title, draft.client.name, draft.practice.name, *draft.practice.address])
    return tuple(letter for letter in dict.fromkeys(printed) if not (letter.isspace() or is_drawable(letter)))


def _data(draft: DocumentDraft, view: DocumentView, charts: Sequence[ChartSeries]) -> dict[str, Any]:
    lost = _undrawable(view, draft)
    safe = shown_with(lost)
    today = draft.drafted_on
    return {
        "title": safe(draft.title),
        "title_words": words_of(safe(draft.title)),
        "client_name": words_of(safe(draft.client.name or draft.client.code)),
        "client_rest": safe(view.client_rest),
        "client_line": safe(client_line(draft.client)),
        "therapist": safe(draft.therapist),
        "date": {"year": today.year, "month": today.month, "day": today.day},
        "draft": view.is_draft,
        "letter": view.is_letter,
        "dense": is_dense(draft),
        "words": WORDS,
        "footer": safe(" · ".join(part for part in (draft.practice.name, draft.title) if part)),
        "practice": {"name": safe(draft.practice.name), "address": [safe(a) for a in draft.practice.address]},
        "facts": [[name, words_of(safe(value))] for name, value in view.facts],
        "missing": _told_missing(lost),
        "sections": [_section(section, charts_for(section.key, charts, draft), safe) for section in view.sections],
        "sign_off": [words_of(safe(line)) for line in view.sign_off],
        "references": [_line(Line(reference), safe) for reference in view.references],
    }


def shown_with(lost: Sequence[str]) -> Safe:
    """Text on one line, with each of these letters as its number."""
    marks = str.maketrans({letter: f"[U+{ord(letter):04X}]" for letter in lost})
    return lambda text: " ".join(text.translate(marks).split())


def _told_missing(lost: Sequence[str]) -> str:
    if not lost:
        return ""
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in lost[:12])
    more = f" and {len(lost) - 12} more" if len(lost) > 12 else ""
    return f"Letters this PDF has no typeface for stand as their Unicode numbers in brackets: {codes}{more}."


def _section(section: SectionView, charts: Sequence[ChartSeries], safe: Safe) -> dict[str, Any]:
    return {
        "title": words_of(safe(section.title)),
        "lines": [_line(line, safe) for line in section.lines],
        "asks": [_line(Line(ask), safe) for ask in section.asks],
        "empty": section.empty,
        "charts": [chart_data(chart, safe) for chart in charts],
    }


def _line(line: Line, safe: Safe) -> dict[str, Any]:
    text = safe(line.text)
    return {"words": words_of(text), "refs": line.references, "rtl": is_right_to_left(text)}


def words_of(text: str) -> list[str | list[str]]:
    """The text in order, with each over-long run given as short pieces between which a line may break."""
    pieces: list[str | list[str]] = []
    plain: list[str] = []
    for word in text.split(" "):
        if len(word) <= BREAK_RUNS_OVER:
            plain.append(word)
            continue
        pieces.append(" ".join([*plain, ""]) if plain else "")
        pieces.append([word[at : at + 8] for at in range(0, len(word), 8)])
        plain = [""]
    pieces.append(" ".join(plain))
    return [piece for piece in pieces if piece]


# --- charts ----------------------------------------------------------------------------------------


def charts_for(key: str, charts: Sequence[ChartSeries], draft: DocumentDraft) -> list[ChartSeries]:
    """The charts that belong to a section; the client's letter has none."""
    if key not in CHART_SECTIONS or draft.audience is Audience.CLIENT:
        return []
    return [chart for chart in charts if chart.section == key]


def chart_data(chart: ChartSeries, safe: Safe) -> dict[str, Any]:
    """A chart as positions between 0 and 1, so that the template only draws."""
    first = chart.points[0][0]
    last = max([when for when, _ in (*chart.points, *chart.after)] + [chart.ended_on or first])
    width = max((last - first).days, 1)
    height = max(chart.high - chart.low, 1e-9)

    def place(point: tuple[date, float]) -> list[float]:
        return [(point[0] - first).days / width, (point[1] - chart.low) / height]

    unrated = [(when - first).days / width for when, value in chart.points if value is None]
    cutoff, level = _lines(chart, height)
    if cutoff is not None:
        late = [place((when, value)) for when, value in chart.points if value is not None]
        cutoff["is_under"] = _is_under(cutoff["y"], [y for x, y in late if x > LABEL_FROM])
    named = []
    if chart.level is not None or chart.ended_on is not None:
        # In so small a drawing words beside two lines and an upright one stand on each other: the note names them.
        named = [f"{sign} {line.pop('label')}" for sign, line in (("- -", cutoff), ("- · -", level)) if line]
    note = _note(chart, named)
    return {
        "title": words_of(safe(chart.title)),
        "alt": safe(chart.alt),
        "note": note,
        "runs": [[place(point) for point in run] for run in _runs(chart.points, chart.gap_days)],
        "unrated": unrated,
        "ticks": [{"y": at, "label": figure(chart.low + at * height, chart.decimals)} for at in (0.0, 0.5, 1.0)],
        "cutoff": cutoff,
        "level": level,
        "ended": (chart.ended_on - first).days / width if chart.ended_on and chart.ended_on >= first else None,
        "after": [place(point) for point in chart.after],
        "first_on": day(first),
        "last_on": day(last),
    }


def _is_under(line: float, late: Sequence[float]) -> bool:
    """Whether the words beside a line stand under it: where the scores above them run at its end, and there is room."""
    return line > LABEL_ROOM and bool(late) and min(late) >= line


def _lines(chart: ChartSeries, height: float) -> list[dict[str, Any] | None]:
    """The cut-off and the agreed level, each with its name and how high it lies; None where there is none."""
    lines = (("cut-off", chart.cutoff), ("get in touch", chart.level))
    return [
        value if value is None
        else {"y": (value - chart.low) / height, "label": f"{name} {figure(value, chart.decimals)}"}
        for name, value in lines
    ]  # fmt: skip


def _note(chart: ChartSeries, lines: Sequence[str]) -> str:
    """What the signs of a chart mean."""
    unrated = any(value is None for _, value in chart.points)
    signs = [f"{chart.better} is better", "× not enough evidence" if unrated else "", *lines]
    signs += ["| therapy ended" if chart.ended_on else "", "◆ check-in after it" if chart.after else ""]
    return " · ".join(sign for sign in signs if sign)


def _runs(points: Sequence[tuple[date, float | None]], gap_days: int) -> list[list[tuple[date, float]]]:
    """Stretches that may be joined by a line: a long gap, or a rating without evidence, leaves it open."""
    runs: list[list[tuple[date, float]]] = []
    open_run = False
    for when, value in points:
        if value is None:
            open_run = False
            continue
        if open_run and (when - runs[-1][-1][0]).days <= gap_days:
            runs[-1].append((when, value))
        else:
            runs.append([(when, value)])
        open_run = True
    return runs

"""A plan as a leaflet: set on A5 pages that fit one sheet where they can, then two and two on A4 for folding."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import typst

from lib.domain.closure import DocumentDraft
from lib.exchange.paper import A5, LEAFLET_PAGES, LEAFLET_SIZES, folded, page_count
from lib.exchange.pdf import made_at, render_pdf, shipped_fonts

TEMPLATE = Path(__file__).parent / "templates" / "leaflet.typ"


def render_leaflet(draft: DocumentDraft) -> bytes:
    """The document as a PDF of A4 sides to print on both sides (short edge) and fold; the same for the same input.

    On one sheet where it fits at a size that can be read, else on two. For a screen reader the other forms are better:
    here each half of a side is a picture of a page, with its number and what the document is as its words."""
    pages, count = _pages(draft)
    day = draft.drafted_on
    alts = [f"Page {number} of {count}: {draft.title}" for number in range(1, count + 1)]
    data = {
        "title": draft.title,
        "therapist": draft.therapist,
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "sides": folded(count),
        "pages": count,
        "alts": alts,
    }
    with tempfile.TemporaryDirectory(prefix="securebase-leaflet-") as held:
        folder = Path(held)
        (folder / "pages.pdf").write_bytes(pages)
        (folder / "leaflet.typ").write_bytes(TEMPLATE.read_bytes())
        compiled = typst.compile(
            folder / "leaflet.typ",
            root=folder,
            format="pdf",
            font_paths=shipped_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"doc": json.dumps(data, ensure_ascii=False)},
            timestamp=made_at(draft),
        )
    if not isinstance(compiled, bytes):
        raise TypeError("typst gave pages where one document was asked for")
    return compiled


def _pages(draft: DocumentDraft) -> tuple[bytes, int]:
    """The A5 pages in the largest size that fits one sheet, or in the smallest where none does."""
    for size in LEAFLET_SIZES:
        pages = render_pdf(draft, paper=A5.at_size(size))
        count = page_count(pages)
        if count <= LEAFLET_PAGES:
            break
    return pages, count

"""Paper: what a document is set on. A4 pages for a file, a phone's screen, one A4 sheet folded to a leaflet of A5."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What is taken away. `leaflet` and `phone` are the same words as the PDF, set for another size."""

    PDF = "pdf"
    DOCX = "docx"
    LEAFLET = "leaflet"
    PHONE = "phone"


def extension_of(form: str) -> str:
    """How a file of this form ends its name."""
    return "docx" if form == Form.DOCX else "pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """A page in millimetres and its text size in points."""

    width: float
    height: float
    side: float
    top: float
    bottom: float
    text: float

    def at_size(self, text: float) -> Paper:
        """The same page with another text size."""
        return Paper(self.width, self.height, self.side, self.top, self.bottom, text)


A4 = Paper(210, 297, 22, 24, 20, 9.6)
# A summary among colleagues: two pages rather than four.
A4_CLOSE = Paper(210, 297, 18, 21, 16, 8.6)
# It is set smaller where that saves a page: a last page of a few lines is one too many.
CLOSE_SIZES = (8.6, 8.3, 8.0)
A5 = Paper(148.5, 210, 13, 17, 14, 8.8)
PHONE = Paper(90, 160, 7, 14, 11, 10)
# A leaflet is tried in these sizes until it fits on one sheet; smaller nobody reads.
LEAFLET_SIZES = (8.8, 8.2, 7.6)
LEAFLET_PAGES = 4


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of ours has; its page objects stand uncompressed. Raises ValueError when there is none."""
    found = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    if not found:
        raise ValueError("this PDF does not say how many pages it has")
    return found


def folded(pages: int) -> list[tuple[int, int]]:
    """Left and right page of each side of the sheets, by number from 1, so that they read in order when folded.

    One sheet: (4, 1) outside, (2, 3) inside. A number beyond `pages` is a blank."""
    whole = -(-pages // LEAFLET_PAGES) * LEAFLET_PAGES
    sides = []
    for inner in range(whole // 2):
        pair = (whole - inner, inner + 1)
        sides.append(pair if inner % 2 == 0 else (pair[1], pair[0]))
    return sides

"""The user guide: its pages and pictures are there, and every picture can be taken of the demonstration as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lib.bootstrap import ROOT
from tests.browser.conftest import Dashboard
from tests.browser.guide_pictures import PICTURES, take

GUIDE = ROOT / "docs" / "guide"
PAGES = ("README.md", "therapist.md", "supervisor.md", "admin.md", "client-screen.md")
LARGEST = 300_000  # bytes of a picture
_LINK = re.compile(r"\]\(([^)#]+)\)")


def test_every_page_of_the_guide_is_there_and_leads_where_it_says() -> None:
    assert {path.name for path in GUIDE.glob("*.md")} == set(PAGES)
    assert "docs/guide/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    for name in PAGES:
        for link in _LINK.findall((GUIDE / name).read_text(encoding="utf-8")):
            assert (GUIDE / link).resolve().is_file(), f"{name} leads to {link}"


def test_the_guide_shows_every_picture_that_is_taken_and_none_besides() -> None:
    shown = {
        Path(link).stem
        for name in PAGES
        for link in _LINK.findall((GUIDE / name).read_text(encoding="utf-8"))
        if link.endswith(".png")
    }
    assert shown == set(PICTURES)
    assert all((ROOT / "docs" / "images" / f"{name}.png").stat().st_size < LARGEST for name in shown)


@pytest.mark.browser
def test_every_picture_can_be_taken_anew(
    browser: Browser, shown: tuple[Dashboard, dict[str, int]], tmp_path: Path
) -> None:
    for path in take(browser, *shown, tmp_path):
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 10_000, path.name

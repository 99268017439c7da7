"""Closure in a real browser: a summary and a plan written, saved as one types, reviewed, signed and taken away."""

from __future__ import annotations

import io
import re
import time
import zipfile

from playwright.sync_api import BrowserContext, Locator, Page
from pypdf import PdfReader
from sqlalchemy import select

from lib.bootstrap import ROOT, local_now
from lib.domain.imports import AdministrationIn
from lib.domain.people import Actor, Role
from lib.exchange.definition_files import load_definitions
from lib.services import measures
from lib.storage.engine import Database
from lib.storage.tables import DocumentSection, SignedDocument
from tests.browser.conftest import PASSWORD, THERAPIST, Dashboard, sign_in

DORA = 4
OWN = "If I cancel twice, then I ring my sister. <b>{x}</b> #1"
PATIENCE_S = 60.0


def _with_scores(database: Database) -> None:
    """Dora's three GAD-7 forms: something to draft from, and nothing that raises a flag."""
    definitions = load_definitions(ROOT / "data")
    actor = Actor(1, THERAPIST, "Therapist", frozenset({Role.THERAPIST}))
    now = local_now()
    with database.writing() as session:
        for days, answer in ((90, 3), (60, 2), (5, 0)):
            taken_on = now.date().fromordinal(now.date().toordinal() - days)
            form = AdministrationIn(
                client_code="D-4",
                instrument="gad7",
                taken_on=taken_on,
                answers={f"gad7_{n}": answer for n in range(1, 8)},
                totals={},
            )
            measures.enter_form(session, actor, DORA, form, now, definitions)


def _settled(page: Page) -> None:
    page.wait_for_timeout(400)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and page.locator('.stApp[data-test-script-state="running"]').count():
        page.wait_for_timeout(150)
    page.wait_for_timeout(300)


def _press(page: Page, name: str | re.Pattern[str], *, exact: bool = False) -> None:
    page.get_by_role("button", name=name, exact=exact).first.click()
    _settled(page)


def _write(page: Page, database: Database, key: str, words: str) -> None:
    """Type into the open section, and wait until the database has it: nothing is pressed to save it."""
    area = page.locator("textarea:visible").first
    area.click()
    area.press("Control+End")
    area.type(("\n\n" if area.input_value() else "") + words, delay=4)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with database.reading() as session:
            held = session.scalars(select(DocumentSection.sentences).where(DocumentSection.key == key)).all()
        if any(line["text"] == words and line["own_words"] for lines in held for line in lines):
            page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d")).first.wait_for()
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"never saved: {words}")


def _review(page: Page, section: str) -> None:
    page.locator("[class*=st-key-sections-]").get_by_role("button", name=section, exact=True).click()
    _settled(page)


def _signed_away(page: Page) -> list[Locator]:
    """Sign what is open, and give the buttons that take it away."""
    _press(page, "Sign …")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("sha256 of the content").wait_for()
    _settled(page)
    return page.locator("[data-testid=stDownloadButton] button").all()


def _download(page: Page, button: Locator) -> bytes:
    with page.expect_download() as coming:
        button.click()
    return coming.value.path().read_bytes()


def _text(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_a_summary_and_a_plan_are_written_saved_reviewed_signed_and_taken_away(
    dashboard: Dashboard, context: BrowserContext
) -> None:
    database = dashboard.database()
    _with_scores(database)
    page = sign_in(context, dashboard)
    page.goto(f"{dashboard.address}/closure?client={DORA}")  # whatever else stands under her name on the caseload
    page.get_by_role("button", name="Draft closure summary for the file").wait_for()
    _settled(page)

    _press(page, "Draft closure summary for the file")
    for section, key in (
        ("Residual difficulties", "residual"),
        ("Risk at closure", "risk"),
        ("Recommendations", "recommendations"),
    ):
        _review(page, section)
        _write(page, database, key, f"{section}: asked on the last day; the client named none.")
        _press(page, "I have read this: mark as reviewed")
    buttons = _signed_away(page)
    assert len(buttons) == 2
    told = _text(_download(page, buttons[0]))
    assert "Recommendations: asked on the last day; the client named none." in told
    assert "Signed by" in told and "DRAFT" not in told and "GAD-7" in told
    with zipfile.ZipFile(io.BytesIO(_download(page, buttons[1]))) as package:
        assert "the client named none" in package.read("word/document.xml").decode()

    page.get_by_text(re.compile("Relapse-prevention plan ·")).first.click()
    _settled(page)
    _press(page, "Draft relapse-prevention plan")
    for section, key in (("Amber", "amber"), ("Red", "red"), ("A lapse is not a relapse", "lapse")):
        _review(page, section)
        _write(page, database, key, f"{section}: {OWN}")
        _press(page, "I have read this: mark as reviewed")
    buttons = _signed_away(page)
    assert len(buttons) == 4
    pdf, docx, leaflet, phone = (_download(page, button) for button in buttons)
    for made in (pdf, leaflet, phone):
        assert f"Amber: {OWN}" in _text(made)
    assert len(PdfReader(io.BytesIO(leaflet)).pages) == 2 and docx.startswith(b"PK")
    with database.reading() as session:
        assert len(session.scalars(select(SignedDocument.id)).all()) == 2
    database.close()

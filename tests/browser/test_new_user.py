"""A new practice in a real browser: from the welcome page to a signed note and a document, by the screens alone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE_MS, Dashboard, free_port

pytestmark = pytest.mark.browser
PASSWORD = "quiet lantern under seven bridges"
ITEMS = ",".join(f"phq9_{number}" for number in range(1, 10))
SCORES = f"client,date,{ITEMS}\nC-3,2026-01-05,2,2,3,2,1,2,2,1,0\nC-3,2026-02-02,1,0,1,1,0,1,1,0,0\n"
# What the little record cannot say is answered; what it says of risk is read.
ANSWERS = {
    "Recommendations": "Sees the family doctor by 1 March.",
    "Residual difficulties": "None that she names.",
    "Risk at closure": "",
}


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[Dashboard]:
    """The dashboard as it is on the first day: no practice, no key, no folder of data."""
    environment = {
        **os.environ,
        "SECUREBASE_DATA": str(tmp_path / "data"),
        "SECUREBASE_KEY_FILE": str(tmp_path / "key" / "master.key"),
        "SECUREBASE_KEYRING": "0",
    }
    for name in ("SECUREBASE_DATABASE_URL", "SECUREBASE_KEY"):
        environment.pop(name, None)
    running = Dashboard(tmp_path, free_port(), environment=environment)
    running.start()
    yield running
    running.kill()


def test_a_new_user_comes_from_the_welcome_page_to_a_signed_note_and_a_document(
    context: BrowserContext, untouched: Dashboard, tmp_path: Path
) -> None:
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    _set_up(page, untouched)
    _add_client(page)
    _import_scores(page, tmp_path / "scores.csv")
    _see_verdicts(page)
    _write_and_sign(page)
    _draft_and_take_away(page)
    _sign_out(page, untouched)


def _press(page: Page, name: str, *, exact: bool = False) -> None:
    """Press a button once the page has come to rest, as a person does who has read it."""
    page.wait_for_timeout(300)
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name=name, exact=exact).click()


def _set_up(page: Page, dashboard: Dashboard) -> None:
    page.goto(dashboard.address)
    page.get_by_role("link", name="Set up your practice").click()
    answers = {"practice_name": "Harbour Practice", "name": "Ada Exemplum", "email": "ada@example.org"}
    for name, value in {**answers, "password": PASSWORD, "again": PASSWORD}.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name="Set up the practice").click()
    expect(page.get_by_text("This is the only time the key is shown")).to_be_visible()
    assert len(re.findall(r"\b[A-Z2-7]{4}\b", page.inner_text("body"))) == 14, "the recovery key, group by group"
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("No clients yet.")).to_be_visible()


def _add_client(page: Page) -> None:
    page.get_by_label("Code", exact=True).fill("C-3")
    page.get_by_label("Name", exact=True).fill("Cleo Exemplum")
    _press(page, "Add client")
    expect(page.get_by_text("Nothing is on record yet.")).to_be_visible()


def _import_scores(page: Page, file: Path) -> None:
    file.write_text(SCORES, encoding="utf-8")
    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Recognised as scores, wide: 2 PHQ-9")).to_be_visible()
    _press(page, "Import this file")
    expect(page.get_by_role("button", name="See the caseload")).to_be_visible()
    _press(page, "See the caseload")
    expect(page.get_by_role("heading", name="Who needs me today")).to_be_visible()


def _see_verdicts(page: Page) -> None:
    """Found by the client's code in the table itself, and opened with the keyboard alone."""
    expect(page.get_by_role("cell", name="● Recovered")).to_be_visible()
    page.get_by_role("searchbox", name="Find a client").fill("c-3")
    expect(page.get_by_role("button", name="Cleo Exemplum", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="PHQ-9 15 → 5; since the first ● Recovered")).to_be_visible()


def _write_and_sign(page: Page) -> None:
    _press(page, "Write note")
    _press(page, "Start note")
    box = page.get_by_role("textbox", name="Note about Cleo Exemplum")
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("Stayed in the room when it grew tense.")
    expect(page.locator(".status")).to_contain_text("Saved ")
    _press(page, "Sign …")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("Stayed in the room when it grew tense.")
    sheet.get_by_label("Your password").fill(PASSWORD)
    sheet.get_by_role("button", name="Sign", exact=True).click()
    sheet.wait_for(state="detached")
    expect(page.get_by_text(re.compile("Note of .* · Signed"))).to_be_visible()


def _draft_and_take_away(page: Page) -> None:
    """Drafted, answered, reviewed, signed; then the very bytes the button gives."""
    page.get_by_role("link", name="Closure", exact=True).click()
    _press(page, "Draft closure summary for the file")
    for section, answer in ANSWERS.items():
        _press(page, section, exact=True)
        expect(page.get_by_role("heading", name=re.compile(section))).to_be_visible()
        if answer:
            area = page.locator("textarea:visible").first
            area.click()
            area.press("Control+End")
            area.type(("\n\n" if area.input_value() else "") + answer)
            expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d")).first).to_be_visible()
        _press(page, "I have read this")
        expect(page.get_by_text(re.compile(f"“{section}.*has not been reviewed"))).to_have_count(0)
    _press(page, "Sign …")
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Your password").fill(PASSWORD)
    sheet.get_by_role("button", name="Sign", exact=True).click()
    sheet.wait_for(state="detached")
    expect(page.get_by_text("sha256 of the content")).to_be_visible()
    for name, begins in (("PDF", b"%PDF-"), ("DOCX", b"PK\x03\x04")):
        with page.expect_download(timeout=PATIENCE_MS) as taken:
            page.get_by_role("button", name=name).click()
        assert Path(taken.value.path()).read_bytes().startswith(begins)
        assert taken.value.suggested_filename.startswith("C-3_summary_file_")


def _sign_out(page: Page, dashboard: Dashboard) -> None:
    record = page.url
    page.get_by_role("button", name="Ada Exemplum").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(record)
    page.wait_for_url("**/sign-in*")
    assert "Cleo" not in page.inner_text("body")

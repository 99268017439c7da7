"""The pictures of the user guide, taken of the demonstration: `python -m tests.browser.guide_pictures FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import Dashboard
from tests.browser.demonstration_pages import SHOWN, demonstration_in, enter, open_page, rest

WINDOW = {"width": 1366, "height": 768}
# picture -> (who, address, whether about the client shown); a person's first page has no address of its own
PICTURES = {
    "guide-caseload": ("therapist", "", False),
    "guide-client": ("therapist", "client", True),
    "guide-client-screen": ("therapist", "together", True),
    "guide-review": ("supervisor", "", False),
    "guide-outcomes": ("supervisor", "outcomes", False),
    "guide-people": ("admin", "", False),
}


def take(browser: Browser, dashboard: Dashboard, clients: dict[str, int], folder: Path) -> list[Path]:
    """Take every picture into this folder, and return their files."""
    taken, pages = [], {}
    for name, (role, address, about_client) in PICTURES.items():
        if role not in pages:
            context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
            context.set_default_timeout(60_000)
            pages[role] = enter(context, dashboard, role)
        page = pages[role]
        open_page(page, dashboard, address, clients[SHOWN] if about_client else None)
        if address == "together":
            turn_round(page)
        taken.append(folder / f"{name}.png")
        page.screenshot(path=taken[-1])
    for page in pages.values():
        page.context.close()
    return taken


def turn_round(page: Page) -> None:
    """Tick moments, beliefs and markers, and show the client's page."""
    for words in ("Moments of connection", "Beliefs in their own words", "The five markers"):
        box = page.get_by_label(words)
        if not box.is_checked():
            page.locator('[data-testid="stCheckbox"]', has_text=words).locator("label").click()
    page.get_by_role("button", name="Show the client's page").click()
    page.get_by_role("heading", name="My progress").wait_for()
    rest(page)


def main() -> None:
    """Make the demonstration, take the pictures, and end."""
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        dashboard, clients = demonstration_in(Path(scratch))
        dashboard.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            take(browser, dashboard, clients, folder)
        finally:
            browser.close()
            dashboard.kill()


if __name__ == "__main__":
    main()

"""The demonstration in a real browser: made before the dashboard starts, entered as one of its people."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from lib.bootstrap import House, read_settings
from lib.services.demonstration import make_demonstration
from lib.storage.tables import Client
from tests.browser.conftest import Dashboard, free_port

SHOWN = "SB-006"  # a client with an open rupture, moments, beliefs and a ladder
REST_MS = 700  # a page has come to rest when nothing was drawn for so long


def demonstration_in(folder: Path) -> tuple[Dashboard, dict[str, int]]:
    """A dashboard over a demonstration in this folder, not started yet, and its clients by code."""
    environment = {
        **os.environ,
        "SECUREBASE_DATA": str(folder / "data"),
        "SECUREBASE_KEY_FILE": str(folder / "key" / "master.key"),
        "SECUREBASE_KEYRING": "0",
    }
    for name in ("SECUREBASE_DATABASE_URL", "SECUREBASE_KEY"):
        environment.pop(name, None)
    house = House(read_settings(environment))
    make_demonstration(house.demonstration, house.definitions)
    with house.demonstration.reading() as session:
        clients = {row.code: row.id for row in session.execute(select(Client.code, Client.id))}
    house.demonstration.close()
    return Dashboard(folder, free_port(), environment=environment), clients


def enter(context: BrowserContext, dashboard: Dashboard, role: str) -> Page:
    """A tab of the therapist, the supervisor or the admin of the demonstration."""
    page = context.new_page()
    page.goto(f"{dashboard.address}/demonstration")
    page.locator(f'button[name="role"][value="{role}"]').click()
    page.wait_for_selector(".stApp")
    rest(page)
    return page


def open_page(page: Page, dashboard: Dashboard, address: str, client_id: int | None = None) -> None:
    """Go to one of our pages by its address, and wait until it stands."""
    asked = f"?client={client_id}" if client_id is not None else ""
    page.goto(f"{dashboard.address}/{address}{asked}")
    rest(page)


def rest(page: Page) -> None:
    """Wait until Streamlit runs no more and nothing is drawn any more."""
    page.wait_for_selector('[data-testid="stMainBlockContainer"] h1, [data-testid="stMainBlockContainer"] h2')
    page.wait_for_function(
        """(rest) => new Promise((done) => {
             let timer = setTimeout(() => done(true), rest);
             new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(() => done(true), rest); })
               .observe(document.body, { childList: true, subtree: true });
           })""",
        arg=REST_MS,
    )

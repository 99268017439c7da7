"""What a therapist does on the notes page, for browser tests: choosing, typing, signing; and what the record holds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, TimeoutError
from sqlalchemy import select

from lib.bootstrap import ROOT, local_now
from lib.domain.notes import Compartment, NoteFormat
from lib.domain.people import Actor, Role
from lib.exchange.definition_files import load_definitions
from lib.services import notes
from lib.storage.engine import Database
from lib.storage.tables import Note
from tests.browser.conftest import CLIENTS, PASSWORD, PATIENCE_MS, THERAPIST, Dashboard, sign_in

ACTOR = Actor(1, THERAPIST, "Therapist", frozenset({Role.THERAPIST}))


def draft(database: Database, client_id: int, note_format: NoteFormat = NoteFormat.NARRATIVE) -> int:
    """A fresh note of this client: nothing but its headings, and the newest."""
    with database.writing() as session:
        return notes.start_note(
            session, ACTOR, client_id, local_now().date(), note_format, Compartment.PROGRESS, local_now(),
            definitions=load_definitions(ROOT / "data"),
        ).note_id  # fmt: skip


def text_of(database: Database, note_id: int) -> str:
    """The note's text as the database holds it now."""
    with database.reading() as session:
        return session.scalars(select(Note.text).where(Note.id == note_id)).one()


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_MS / 1000) -> None:
    """Wait until this holds; fail with these words where it never does."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            pytest.fail(what)
        time.sleep(0.1)


def name_of(client_id: int) -> str:
    """A client as the list of clients shows them."""
    code, name = CLIENTS[client_id - 1]
    return f"{name} · {code}"


def notes_page(context: BrowserContext, dashboard: Dashboard, client_id: int) -> Page:
    """A signed-in tab with this client's newest note open."""
    page = sign_in(context, dashboard)
    page.goto(f"{dashboard.address}/session-note")
    choose(page, client_id)
    box(page, client_id).wait_for()
    return page


def choose(page: Page, client_id: int) -> None:
    """As a person does: where the list did not open, because the page was just drawn anew, click again."""
    for _ in range(5):
        try:
            page.get_by_role("combobox", name="Client").click(timeout=10_000)
            page.get_by_role("option", name=name_of(client_id)).click(timeout=10_000)
        except TimeoutError:
            continue
        return
    pytest.fail("the client could not be chosen")


def box(page: Page, client_id: int) -> Locator:
    """The box this client's note is written in."""
    return page.get_by_role("textbox", name=f"Note about {CLIENTS[client_id - 1][1]}")


def type_in(page: Page, client_id: int, words: str, delay: float = 8) -> None:
    """Type at the end of the note, with this many milliseconds between letters."""
    box(page, client_id).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words, delay=delay)


def kept_in_tab(page: Page) -> str:
    """Everything the tab keeps."""
    return str(page.evaluate("JSON.stringify(Object.entries(sessionStorage))"))


def open_signing(page: Page) -> None:
    """Ask for the sheet to sign on."""
    page.get_by_role("button", name="Sign …").click()
    page.get_by_label("Your password").wait_for()


def put_signature(page: Page, password: str = PASSWORD) -> None:
    """Sign on the sheet that is open."""
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Sign", exact=True).click()

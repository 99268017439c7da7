"""The record desk in a real browser: one line and Enter keep an entry of the right client; one press takes it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from lib.storage.engine import Database
from lib.storage.struck import WITH_STRUCK
from lib.storage.tables import Moment, Rupture
from tests.browser.conftest import CLIENTS, PATIENCE_MS, Dashboard, sign_in

pytestmark = pytest.mark.browser
CLIENT_ID = 4
LINE = "Said <b>no</b> & *meant* it"


@pytest.fixture
def database(dashboard: Dashboard) -> Iterator[Database]:
    """The running practice's database, beside the program."""
    opened = dashboard.database()
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, dashboard: Dashboard) -> Page:
    """The record tab of the fourth client."""
    page = sign_in(context, dashboard)
    page.goto(f"{dashboard.address}/client?client={CLIENT_ID}")
    expect(page.get_by_text(CLIENTS[CLIENT_ID - 1][1]).first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("tab", name="Record", exact=True).click()
    expect(page.get_by_role("radiogroup", name="Kind of entry")).to_be_visible(timeout=PATIENCE_MS)
    return page


def _outcome(page: Page) -> Locator:
    return page.get_by_role("group", name="Quick entry").get_by_role("status")


def test_a_line_and_enter_keep_it_and_undo_strikes_it_out(desk: Page, database: Database) -> None:
    desk.get_by_label("Moment of connection").fill(LINE)
    desk.get_by_label("Moment of connection").press("Enter")
    expect(_outcome(desk)).to_contain_text("Speaks for: still empty.")  # the words stay where they were
    desk.get_by_label("Speaks for").select_option("needs")
    desk.get_by_label("Speaks for").press("Enter")
    expect(desk.get_by_role("listitem").filter(has_text=LINE)).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.get_by_label("Moment of connection")).to_have_value("")
    with database.reading() as session:
        assert session.execute(select(Moment.client_id, Moment.line)).all() == [(CLIENT_ID, LINE)]
    _outcome(desk).get_by_role("button", name="Undo").click()
    expect(_outcome(desk)).to_contain_text("Struck out", timeout=PATIENCE_MS)
    expect(desk.get_by_role("listitem").filter(has_text=LINE)).to_have_count(0)
    with database.reading() as session:
        row = session.scalars(select(Moment), execution_options={WITH_STRUCK: True}).one()
        assert row.struck_at is not None and session.scalars(select(Moment)).all() == []


def test_the_keyboard_alone_chooses_a_kind_keeps_corrects_and_strikes_out(desk: Page, database: Database) -> None:
    desk.get_by_role("radio", name="Moment", exact=True).focus()
    desk.keyboard.press("2")
    desk.keyboard.type("Looked at the clock")
    desk.keyboard.press("Enter")
    expect(_outcome(desk)).to_contain_text("Kept for", timeout=PATIENCE_MS)
    desk.get_by_role("button", name="Change: Looked at the clock").press("Enter")
    desk.keyboard.press("End")
    desk.keyboard.type(" twice")
    desk.keyboard.press("Enter")
    expect(_outcome(desk)).to_contain_text("Changed", timeout=PATIENCE_MS)
    with database.reading() as session:
        row = session.scalars(select(Rupture)).one()
        assert row.what == "Looked at the clock twice" and row.earlier[0]["content"]["what"] == "Looked at the clock"
    desk.get_by_role("button", name="Strike out: Looked at the clock twice").press("Enter")
    desk.keyboard.press("Enter")
    expect(_outcome(desk)).to_contain_text("Struck out", timeout=PATIENCE_MS)
    with database.reading() as session:
        assert session.scalars(select(Rupture)).all() == []

"""The answer sheet in a real browser: digits typed straight through, a wrong key told at once, saved by Enter alone."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from lib.storage.tables import Administration, Client, Flag
from tests.browser.conftest import PATIENCE_MS, Dashboard, sign_in


def _open_measures(page: Page) -> None:
    page.get_by_role("button", name="Dora Ejemplo", exact=True).click(timeout=PATIENCE_MS)
    page.wait_for_url("**/client*", timeout=PATIENCE_MS)  # her code stands on the caseload too
    page.get_by_text("D-4", exact=False).first.wait_for(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Measures").click(timeout=PATIENCE_MS)
    expect(page.get_by_label("1. Little interest or pleasure in doing things")).to_be_focused(timeout=PATIENCE_MS)


def test_a_form_is_entered_by_the_keyboard_alone(context: BrowserContext, dashboard: Dashboard) -> None:
    page = sign_in(context, dashboard)
    _open_measures(page)
    page.keyboard.type("2233")
    page.keyboard.type("7")
    told = page.get_by_role("alert").filter(has_text="is no answer")
    expect(told).to_have_text("Item 5: “7” is no answer. Answers are 0 to 3.", timeout=PATIENCE_MS)
    expect(page.get_by_text("0 to 3, not “7”")).to_be_visible()
    page.keyboard.type("21110")
    page.keyboard.press("Backspace")  # from the check back into the sheet nothing is lost
    expect(page.get_by_text("PHQ-9: 15 of 0 to 27.")).to_be_visible(timeout=PATIENCE_MS)
    last = page.get_by_label("9. Thoughts that you would be better off dead")
    last.fill("1")
    expect(page.get_by_text("▲ Risk: Item 9 was endorsed. Saving opens a risk flag.")).to_be_visible(
        timeout=PATIENCE_MS
    )
    save = page.get_by_role("button", name="Save form")
    expect(save).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_text("PHQ-9: 16 of 0 to 27.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Item 9 was endorsed. A risk flag is open")).to_be_visible(timeout=PATIENCE_MS)
    database = dashboard.database()
    with database.reading() as session:
        dora = session.scalars(select(Client.id).where(Client.code == "D-4")).one()
        form = session.scalars(select(Administration).where(Administration.client_id == dora)).one()
        assert form.scales == {"total": 16.0}
        assert session.scalars(select(Flag.kind).where(Flag.client_id == dora, Flag.is_risk)).all() == [
            "item9_endorsed"
        ]
    database.close()

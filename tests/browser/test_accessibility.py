"""Accessibility: axe-core over every page in a real browser, light and dark, and the way to a note by keyboard alone.

What axe finds in Streamlit's own widgets is listed by rule with its reason; everything else serious fails."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Dashboard
from tests.browser.demonstration_pages import SHOWN, enter, open_page, rest

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python") / "axe.min.js"
GRAVE = ("serious", "critical")
# rule -> (a part of the node's markup or selector that only Streamlit makes, why it is not ours to mend)
STREAMLITS_OWN: dict[str, tuple[tuple[str, ...], str]] = {}
FIRST = ""  # the first page of whoever is here has no address of its own
THERAPIST = (
    (FIRST, False), ("client", True), ("session-note", True), ("search", False), ("evidence", True),
    ("measures", True), ("ending", True), ("closure", True), ("import", False), ("own-figures", False),
    ("together", True), ("account", False),
)  # fmt: skip
PAGES = {
    "therapist": THERAPIST,
    "supervisor": ((FIRST, False), ("outcomes", False), ("audit-records", False), ("co-sign", False), ("client", True)),
    "admin": (
        (FIRST, False),
        ("settings", False),
        ("instruments", False),
        ("audit", False),
        ("practice-figures", False),
    ),
}
DARK_TOO = (FIRST, "client", "measures", "together", "outcomes")  # every kind of thing once
DOORS = ("", "sign-in", "demonstration")


def grave(page: Page, where: str) -> list[str]:
    """What axe calls serious or critical here and is not Streamlit's own, a line each."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{where}: {rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
        if not _is_streamlits(rule["id"], node)
    ]


def _is_streamlits(rule: str, node: dict[str, Any]) -> bool:
    marks, _ = STREAMLITS_OWN.get(rule, ((), ""))
    return any(mark in node["html"] or mark in str(node["target"]) for mark in marks)


@pytest.mark.parametrize("role", list(PAGES))
def test_no_page_has_a_grave_finding_of_our_own_light_or_dark(
    context: BrowserContext, shown: tuple[Dashboard, dict[str, int]], role: str
) -> None:
    dashboard, clients = shown
    page, found = enter(context, dashboard, role), []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address, about_client in PAGES[role]:
            if scheme == "light" or address in DARK_TOO:
                open_page(page, dashboard, address, clients[SHOWN] if about_client else None)
                found += grave(page, f"{address} {scheme}")
    assert not found, "\n".join(found)


def test_the_door_has_no_grave_finding(context: BrowserContext, shown: tuple[Dashboard, dict[str, int]]) -> None:
    found, page = [], context.new_page()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in DOORS:
            page.goto(f"{shown[0].address}/{address}")
            found += grave(page, f"/{address} {scheme}")
    assert not found, "\n".join(found)


def _walk_to(page: Page, name: str, most: int = 120) -> None:
    """Press Tab until the thing with this text has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate("() => (document.activeElement?.innerText || '').trim()")
        if told.endswith(name):  # an icon's name may stand before the words of its button
            return
    pytest.fail(f"{name!r} is not reached by {most} times Tab")


def test_from_the_caseload_to_a_note_by_keyboard_alone(
    context: BrowserContext, shown: tuple[Dashboard, dict[str, int]]
) -> None:
    page = enter(context, shown[0], "therapist")
    name = page.locator(".secure-base-caseload tbody button.name").first.inner_text()
    _walk_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/client*")
    rest(page)
    _walk_to(page, "Write note")
    page.keyboard.press("Enter")
    page.wait_for_url("**/session-note*")
    rest(page)
    assert name in page.locator('[data-testid="stMainBlockContainer"]').inner_text()

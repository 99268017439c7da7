"""Opening pages in tests: the real shell and pages over a real database, as whoever is signed in, or as a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.bootstrap import House, Settings
from lib.domain.people import Actor
from lib.services import accounts
from lib.storage.engine import Database
from lib.ui import app_context
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "lib" / "ui" / "shell.py"


class Practice:
    """A practice in a plain database, whose clock stands at NOW, and the browsers that open its pages."""

    def __init__(self, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database = database
        self._monkeypatch = monkeypatch
        house = House(Settings(folder, folder / "key"))
        house.__dict__["practice"] = database
        app_context.use_house(house)
        monkeypatch.setattr(app_context, "local_now", lambda: NOW)

    def sign_in(self, actor: Actor | None) -> None:
        """From now on pages are opened by this person; None: by a stranger."""
        cookies = {}
        if actor is not None and actor.account_id is not None:
            with self.database.writing() as session:
                cookies[app_context.COOKIE] = accounts.first_login(session, actor.account_id, NOW)
        self._monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: cookies))
        self._monkeypatch.setattr(ContextProxy, "headers", property(lambda _: {"Host": "practice.example"}))

    def close_the_tab(self) -> None:
        """From now on nobody is connected: what runs is what was asked for before."""
        for name in ("cookies", "headers"):
            self._monkeypatch.setattr(ContextProxy, name, property(lambda _: {}))

    def open_past_the_shell(self, page: str, actor: Actor | None, client_id: int | None = None) -> AppTest:
        """The page's own file run without the shell, as a forged address would: its gate alone must hold."""
        self.sign_in(actor)
        browser = AppTest.from_file(str(ROOT / page), default_timeout=60)
        if client_id is not None:
            browser.session_state["open_client_id"] = client_id
        return browser.run()

    def open(self, page: str, actor: Actor | None, client_id: int | None = None) -> AppTest:
        """The page as this person sees it, with this client's record open."""
        self.sign_in(actor)
        browser = AppTest.from_file(str(SHELL), default_timeout=60)
        browser.run()
        if client_id is not None:
            browser.session_state["open_client_id"] = client_id
        browser.switch_page(str(ROOT / page))
        return browser.run()


@contextmanager
def practice_in(database: Database, folder: Path) -> Iterator[Practice]:
    """A practice for one test."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        try:
            yield Practice(database, folder, monkeypatch)
        finally:
            app_context.use_house(None)


def words_on(browser: AppTest) -> str:
    """Everything the page says, as one text."""
    kinds = (
        browser.title,
        browser.header,
        browser.text,
        browser.error,
        browser.warning,
        browser.markdown,
        browser.info,
    )
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def components_on(browser: AppTest) -> str:
    """What our own components were sent, as one text: tables, lists and drawings say their words there."""
    return "\n".join(element.proto.json for element in browser.get("bidi_component"))

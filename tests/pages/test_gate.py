"""Gate: every page, as a stranger and as each role; and out at the next action after a sign-in ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from lib.bootstrap import House, Settings, local_now
from lib.domain.people import OPERATOR, PERMISSIONS_OF_ROLE, Role
from lib.services import accounts, practice
from lib.storage.tables import AuditEvent
from lib.ui import app_context, navigation
from tests.pages.opening import components_on

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = "violet anchor seven moss"
SHELL = str(ROOT / "lib" / "ui" / "shell.py")
FILES = [entry.file for entry in navigation.PAGES]


class Browser:
    """One tab: the cookie it carries, and its pages."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house = house
        self.token = ""
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: {app_context.COOKIE: self.token}))

    def sign_in(self, role: Role) -> None:
        """Become somebody with exactly this role."""
        email = f"{role.value}@practice.example"
        with self.house.practice.writing() as session:
            accounts.create_account(session, OPERATOR, email, f"Some {role.value}", [role], local_now(), password=GOOD)
        with self.house.practice.writing() as session:
            outcome = accounts.sign_in(session, email, GOOD, "", "test", local_now(), app_context.PRACTICE_MARK)
        assert outcome.token is not None
        self.token = outcome.token

    def sign_out(self) -> None:
        """End the sign-in behind the tab's back; the tab keeps its cookie."""
        with self.house.practice.writing() as session:
            accounts.revoke(session, self.token, local_now())

    def actions(self) -> list[str]:
        """What the audit log tells, oldest first."""
        with self.house.practice.reading() as session:
            return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A tab at a practice that is set up, nobody signed in."""
    key_file = tmp_path / "keys" / "master.key"
    house = House(Settings(data_folder=tmp_path / "data", key_file=key_file, use_keyring=False))
    with house.practice.writing() as session:
        practice.set_up_practice(session, "Harbour", "Ada", "ada@practice.example", GOOD, local_now())
    app_context.use_house(house)
    yield Browser(house, monkeypatch)
    app_context.use_house(None)
    house.close()


def opened(file: str) -> AppTest:
    """A page run by itself, as a bookmark or a forged message would run it."""
    return AppTest.from_file(str(ROOT / file), default_timeout=30).run()


def through_the_shell(file: str) -> AppTest:
    """A page as people reach it, through the navigation."""
    tab = AppTest.from_file(SHELL, default_timeout=30).run()
    return tab.switch_page(f"../../{file}").run()


def texts(tab: AppTest) -> str:
    return "\n".join(str(one.value) for kind in (tab.title, tab.text, tab.error) for one in kind)


def opens(role: Role, file: str) -> bool:
    entry = next(one for one in navigation.PAGES if one.file == file)
    return entry.permission in PERMISSIONS_OF_ROLE[role]


@pytest.mark.parametrize("file", FILES)
def test_a_stranger_sees_nothing_of_any_page(browser: Browser, file: str) -> None:
    for tab in (opened(file), through_the_shell_as_stranger()):
        assert not tab.exception
        assert [one.value for one in tab.title] == ["You are signed out"]
        assert len(tab.dataframe) == len(tab.button) == len(tab.text_input) == len(tab.selectbox) == 0


def through_the_shell_as_stranger() -> AppTest:
    return AppTest.from_file(SHELL, default_timeout=30).run()


@pytest.mark.parametrize("token", ["p.", "d.", "p." + "A" * 43, "x." + "A" * 43, "nonsense"])
def test_a_forged_token_is_a_stranger(browser: Browser, token: str) -> None:
    browser.token = token
    assert "You are signed out" in texts(opened("pages/account/own_account.py"))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("file", FILES)
def test_each_role_opens_its_pages_and_is_refused_the_others_with_an_event(
    browser: Browser, role: Role, file: str
) -> None:
    browser.sign_in(role)
    tab = through_the_shell(file) if opens(role, file) else opened(file)
    assert not tab.exception
    refused = "Your role does not include this." in texts(tab)
    assert refused != opens(role, file)
    assert any(action.startswith("denied_") for action in browser.actions()) == refused
    if refused:
        assert len(tab.title) == len(tab.dataframe) == len(tab.button) == len(tab.text_input) == 0


def test_a_tab_is_out_at_its_next_action_after_the_sign_in_ended(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/people.py")
    assert [one.value for one in tab.title] == ["People"]
    browser.sign_out()
    assert [one.value for one in tab.run().title] == ["You are signed out"]
    assert len(tab.dataframe) == len(tab.text_input) == 0


def test_a_form_sent_after_the_sign_in_ended_writes_nothing(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/people.py")
    tab.text_input[0].set_value("New One")
    tab.text_input[1].set_value("new@practice.example")
    browser.sign_out()
    before = browser.actions()
    next(one for one in tab.button if one.label == "Add the account").click().run()
    assert browser.actions() == before


def test_an_admin_adds_an_account_and_its_password_is_shown_once(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/people.py")
    tab.text_input[0].set_value("New *One*")
    tab.text_input[1].set_value("new@practice.example")
    next(one for one in tab.button if one.label == "Add the account").click().run()
    assert not tab.exception
    once = tab.code[0].value
    with browser.house.practice.writing() as session:
        outcome = accounts.sign_in(session, "new@practice.example", once, "", "test", local_now(), "p")
    assert outcome.token is not None
    next(one for one in tab.button if one.label == "I have passed it on").click().run()
    assert len(tab.code) == 0 and "New *One*" in components_on(tab)


def test_a_wrong_value_is_told_in_words_and_nothing_is_written(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/people.py")
    tab.text_input[0].set_value("New One")
    tab.text_input[1].set_value("not an address")
    next(one for one in tab.button if one.label == "Add the account").click().run()
    assert "This is not an e-mail address." in texts(tab)
    assert browser.actions()[-1] == "sign_in"


def test_a_wrong_password_for_changing_roles_is_counted(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/people.py")
    next(one for one in tab.text_input if one.label == "Your own password").set_value("wrong wrong wrong")
    next(one for one in tab.button if one.label == "Change the roles").click().run()
    assert "That password is not right." in texts(tab)
    assert browser.actions()[-1] == "reauthentication_failed"


def test_the_log_page_verifies_the_log(browser: Browser) -> None:
    browser.sign_in(Role.PRACTICE_ADMIN)
    tab = through_the_shell("pages/practice/audit.py")
    next(one for one in tab.button if one.label == "Check the whole log").click().run()
    assert "all chained" in texts(tab) and not tab.error


def test_every_page_file_begins_with_the_gate() -> None:
    found = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").rglob("*.py"))
    assert found == sorted(FILES), "a page that no navigation lists, or one that is missing"
    assert not list((ROOT / "pages").glob("*.py")), "a page directly under pages/ is reachable without the door"
    for file in found:
        statements = [
            one
            for one in ast.parse((ROOT / file).read_text(encoding="utf-8")).body
            if not isinstance(one, ast.Import | ast.ImportFrom)
            and not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        ]
        assert ast.unparse(statements[0]).startswith(("actor = gate.require(", "gate.require(")), file

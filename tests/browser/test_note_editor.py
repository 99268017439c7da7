"""The note editor in a real browser: nothing typed is lost, and nothing lands under another client's name."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, Note, NoteVersion
from tests.browser.conftest import CLIENTS, Dashboard
from tests.browser.note_pages import (
    box,
    choose,
    draft,
    kept_in_tab,
    notes_page,
    open_signing,
    put_signature,
    text_of,
    type_in,
    until,
)

pytestmark = pytest.mark.browser
SEED = 20260302


@pytest.fixture
def database(dashboard: Dashboard) -> Iterator[Database]:
    """The running practice's database, beside the program."""
    opened = dashboard.database()
    yield opened
    opened.close()


# --- typing and leaving ----------------------------------------------------------------------------


def test_typing_and_switching_at_any_moment_loses_nothing_and_misfiles_nothing(
    context: BrowserContext, dashboard: Dashboard, database: Database, runs: int
) -> None:
    chance = random.Random(SEED)
    note_of = {client_id: draft(database, client_id) for client_id in (1, 2, 3)}
    written = dict.fromkeys(note_of, "")
    page = notes_page(context, dashboard, 1)
    here = 1
    for run in range(runs):
        words = f"<run {run} about {CLIENTS[here - 1][1]} {chance.randrange(10**6)}> "
        type_in(page, here, words, delay=chance.choice((0, 5, 30)))
        written[here] += words
        page.wait_for_timeout(chance.choice((0, 0, 30, 120, 400, 900, 1700, 2500)))
        there = chance.choice([one for one in note_of if one != here])
        if chance.random() < 0.5:  # to another page and back, else to another client at once
            page.get_by_role("link", name="Client", exact=True).click()
            page.wait_for_timeout(chance.choice((0, 200, 800)))
            page.get_by_role("link", name="Note", exact=True).click()
        choose(page, there)
        box(page, there).wait_for()
        here = there
    page.wait_for_timeout(2_000)
    until(lambda: all(text_of(database, note_of[one]) == written[one] for one in note_of), _difference(
        {one: text_of(database, note_of[one]) for one in note_of}, written), 15)  # fmt: skip


def _difference(found: dict[int, str], written: dict[int, str]) -> str:
    """What was lost or misfiled, run by run."""
    lost = [f"{one}: {part}>" for one in written for part in written[one].split("> ") if part not in found[one]]
    return f"lost or misfiled: {lost}"


def test_saved_is_said_only_when_it_is_and_a_pause_is_enough(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 4)
    page = notes_page(context, dashboard, 4)
    type_in(page, 4, "Said closeness felt like a trap.")
    expect(page.locator(".status")).to_contain_text("Saved ")
    assert text_of(database, note_id) == "Said closeness felt like a trap."
    assert "closeness" not in kept_in_tab(page), "what is saved is not kept in the browser"


def test_long_typing_without_a_pause_is_saved_on_the_way(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 4)
    page = notes_page(context, dashboard, 4)
    type_in(page, 4, "word " * 60, delay=20)  # six seconds without a pause
    saved = text_of(database, note_id)
    assert len(saved) > 100, "something was saved while the typing still went on"
    assert ("word " * 60).startswith(saved)


def test_control_s_saves_at_once(context: BrowserContext, dashboard: Dashboard, database: Database) -> None:
    note_id = draft(database, 4)
    page = notes_page(context, dashboard, 4)
    type_in(page, 4, "quick", delay=0)
    page.keyboard.press("Control+s")
    until(lambda: text_of(database, note_id) == "quick", "Ctrl+S saved nothing")
    expect(box(page, 4)).to_have_value("quick")


def test_a_rerun_of_the_page_while_typing_leaves_the_typed_words_alone(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 4)
    page = notes_page(context, dashboard, 4)
    written = ""
    for turn in range(4):
        page.get_by_role("spinbutton", name="Minutes").first.fill(str(40 + turn))
        page.keyboard.press("Enter")  # the whole page runs again
        type_in(page, 4, f"turn {turn} ", delay=15)
        written += f"turn {turn} "
        expect(box(page, 4)).to_have_value(written)
    until(lambda: text_of(database, note_id) == written, "words were lost in a rerun")


# --- refresh, crash, lost connection ---------------------------------------------------------------


@pytest.mark.parametrize("pause_ms", [0, 1_000])
def test_a_refresh_in_mid_typing_loses_nothing(
    context: BrowserContext, dashboard: Dashboard, database: Database, pause_ms: int
) -> None:
    note_id = draft(database, 1)
    page = notes_page(context, dashboard, 1)
    type_in(page, 1, "before the refresh")
    page.wait_for_timeout(pause_ms)
    page.reload()
    page.get_by_role("combobox", name="Client").wait_for()
    until(lambda: text_of(database, note_id) == "before the refresh", "the refresh lost words")
    choose(page, 1)
    expect(box(page, 1)).to_have_value("before the refresh")
    type_in(page, 1, ", and after it")
    until(lambda: text_of(database, note_id) == "before the refresh, and after it", "typing went on unsaved")


def test_words_typed_while_the_server_is_dead_arrive_when_it_lives_again(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 2)
    page = notes_page(context, dashboard, 2)
    type_in(page, 2, "before, ")
    dashboard.kill()
    try:
        type_in(page, 2, "while it was dead")
        page.wait_for_timeout(2_000)
        assert "while it was dead" in kept_in_tab(page)
        assert "Saved" not in page.locator(".status").inner_text()
    finally:
        dashboard.start()
    until(
        lambda: text_of(database, note_id) == "before, while it was dead",
        f"after the restart the note holds {text_of(database, note_id)!r}",
        60,
    )


def test_a_dropped_connection_ends_with_everything_saved(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 3)
    page = notes_page(context, dashboard, 3)
    type_in(page, 3, "online, ")
    context.set_offline(True)
    type_in(page, 3, "offline, ")
    page.wait_for_timeout(2_500)
    context.set_offline(False)
    type_in(page, 3, "online again")
    until(lambda: text_of(database, note_id) == "online, offline, online again", "words of the gap are missing", 60)


# --- two writers -----------------------------------------------------------------------------------


def test_two_tabs_are_shown_both_texts_and_the_person_chooses(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    choices = {
        1: ("Keep mine", "second tab"),
        2: ("Keep the other", "first tab"),
        3: ("Keep both, one after the other", "second tab\n\nfirst tab"),
    }
    note_of = {client_id: draft(database, client_id) for client_id in choices}
    first = notes_page(context, dashboard, 1)
    second = context.new_page()
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(f"{dashboard.address}/session-note")
    for client_id, (choice, kept) in choices.items():
        for page in (first, second):
            choose(page, client_id)
            box(page, client_id).wait_for()
        note_id = note_of[client_id]
        type_in(first, client_id, "first tab")
        until(lambda note_id=note_id: text_of(database, note_id) == "first tab", "the first tab did not save")
        type_in(second, client_id, "second tab")
        second.get_by_text("Nothing has been merged").wait_for()
        assert second.locator(".both pre").all_inner_texts() == ["second tab", "first tab"]
        assert text_of(database, note_id) == "first tab", "nothing is put over the other text unasked"
        second.get_by_role("button", name=choice).click()
        until(lambda note_id=note_id, kept=kept: text_of(database, note_id) == kept, f"after '{choice}' something else")
        expect(box(second, client_id)).to_have_value(kept)


# --- signing ---------------------------------------------------------------------------------------


def test_signing_right_after_typing_signs_every_word_and_the_editor_is_gone(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 4)
    page = notes_page(context, dashboard, 4)
    type_in(page, 4, "The last words before signing.", delay=0)
    open_signing(page)
    sheet = page.get_by_role("dialog")
    for told in ("Dora Ejemplo", "D-4", "born 31 Jan 1984", "true record", "The last words before signing."):
        expect(sheet).to_contain_text(told)
    put_signature(page, "wrong")
    sheet.get_by_text("That password is not right").wait_for()
    put_signature(page)
    sheet.wait_for(state="detached")
    with database.reading() as session:
        assert session.get_one(Note, note_id).status == "signed"
        version = session.scalars(select(NoteVersion).where(NoteVersion.note_id == note_id)).one()
    assert json.loads(version.content)["text"] == "The last words before signing."


def test_words_typed_in_another_tab_after_signing_are_refused_and_shown(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 3)
    first = notes_page(context, dashboard, 3)
    type_in(first, 3, "signed words")
    until(lambda: text_of(database, note_id) == "signed words", "the first tab did not save")
    second = context.new_page()
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(f"{dashboard.address}/session-note")
    choose(second, 3)
    expect(box(second, 3)).to_have_value("signed words")
    open_signing(first)
    put_signature(first)
    first.get_by_role("dialog").wait_for(state="detached")
    type_in(second, 3, ", too late")
    second.get_by_text("cannot change").wait_for()
    expect(second.locator(".stray pre")).to_have_text("signed words, too late")
    expect(second.locator("textarea:visible[aria-label^='Note about']")).to_have_count(0)
    assert text_of(database, note_id) == "signed words"


# --- what stays in the browser, and what a forged message can do ------------------------------------


def test_signing_out_leaves_no_words_in_the_tab(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    draft(database, 1)
    page = notes_page(context, dashboard, 1)
    type_in(page, 1, "private words")
    page.evaluate("sessionStorage.setItem('secure_base.unsaved.practice-1.999', 'private words, never saved')")
    page.get_by_role("button", name="Therapist").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert "private words" not in kept_in_tab(page)


def test_a_kept_text_that_names_another_client_is_refused_and_audited(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = draft(database, 2)
    page = notes_page(context, dashboard, 1)
    forged = {
        "note_id": note_id, "client_id": 1, "base_version": 1, "text": "about Anna", "also_mine": [],
        "keeps_mine": False, "what": "Boris",
    }  # fmt: skip
    page.evaluate(
        "([key, value]) => sessionStorage.setItem(key, value)",
        [f"secure_base.unsaved.practice-1.{note_id}", json.dumps(forged)],
    )
    page.reload()
    page.get_by_text("There is no such note").wait_for()
    assert text_of(database, note_id) == ""
    with database.reading() as session:
        denied = session.scalars(select(AuditEvent).where(AuditEvent.action == "denied_write")).all()
    assert [event.record_id for event in denied] == [note_id]
    page.get_by_role("button", name="Discard these words").click()
    assert "about Anna" not in kept_in_tab(page)

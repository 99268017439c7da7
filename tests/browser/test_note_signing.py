"""From a draft to what stands for good, in a real browser: keys, phrases, addendum, retraction, co-signature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from lib.bootstrap import ROOT, local_now
from lib.domain.imports import AdministrationIn
from lib.domain.notes import NoteFormat, text_hash
from lib.exchange.definition_files import load_definitions
from lib.services import measures, note_tools, notes
from lib.storage.engine import Database
from lib.storage.tables import Account, Addendum, Note, NoteVersion, TherapySession
from tests.browser.conftest import PASSWORD, PATIENCE_MS, SUPERVISOR, Dashboard, sign_in
from tests.browser.note_pages import (
    ACTOR,
    box,
    choose,
    draft,
    notes_page,
    open_signing,
    put_signature,
    text_of,
    type_in,
    until,
)

pytestmark = pytest.mark.browser
DEFINITIONS = load_definitions(ROOT / "data")


@pytest.fixture
def database(dashboard: Dashboard) -> Iterator[Database]:
    """The running practice's database, beside the program."""
    opened = dashboard.database()
    yield opened
    opened.close()


def _signed(database: Database, client_id: int, words: str) -> int:
    """A note of this client, written and signed."""
    note_id = draft(database, client_id)
    with database.writing() as session:
        notes.save_draft(session, ACTOR, note_id, client_id, words, 1, local_now())
        notes.sign_note(session, ACTOR, note_id, client_id, PASSWORD, text_hash(words), local_now(),
                        definitions=DEFINITIONS)  # fmt: skip
    return note_id


def _status(database: Database, note_id: int) -> str:
    with database.reading() as session:
        return session.scalars(select(Note.status).where(Note.id == note_id)).one()


def test_keys_sections_phrases_and_scores_write_a_note_without_the_mouse(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    with database.writing() as session:
        note_tools.keep_phrase(session, ACTOR, "wnl", "Affect congruent. ;wnl", local_now())
        form = AdministrationIn("D-4", local_now().date(), "phq9", {f"phq9_{n}": 1 for n in range(1, 10)}, {})
        measures.enter_form(session, ACTOR, 4, form, local_now(), DEFINITIONS)
    note_id = draft(database, 4, NoteFormat.SOAP)
    page = notes_page(context, dashboard, 4)
    page.get_by_role("button", name="Put in 1 score").wait_for()
    box(page, 4).focus()
    for key, words in (("Alt+1", "Came in tense."), ("Alt+3", "Seen ;wnl "), ("Alt+4", "Stay.")):
        page.keyboard.press(key)
        page.keyboard.type(words)
    page.keyboard.press("Alt+2")
    page.keyboard.press("Alt+0")
    expect(page.get_by_role("button", name="Put in 1 score")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    page.get_by_role("dialog").get_by_label("Your password").wait_for()
    today = local_now().date()
    score = f"PHQ-9 9 on {today.day} {today:%b %Y} (form "
    text = text_of(database, note_id)
    subjective, objective, assessment, plan = (part.strip() for part in text.split("\n\n") if part.strip())
    assert subjective == "SUBJECTIVE:\nCame in tense."
    assert objective.startswith(f"OBJECTIVE:\n{score}")
    assert assessment == "ASSESSMENT:\nSeen Affect congruent. ;wnl", "what a phrase says is not expanded again"
    assert plan == "PLAN:\nStay."
    # Words that reach the record late run the page anew: the sheet stays, says them, and keeps what was typed in it.
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Your password").fill(PASSWORD)
    late = "box => { box.value += ' Late.'; box.dispatchEvent(new Event('input', {bubbles: true})); }"
    box(page, 4).evaluate(late)
    expect(sheet).to_contain_text("Stay. Late.")
    expect(sheet.get_by_label("Your password")).to_have_value(PASSWORD)
    # Put away, it stays away.
    sheet.get_by_role("button", name="Close").click()
    sheet.wait_for(state="detached")
    box(page, 4).evaluate(late)
    until(lambda: text_of(database, note_id).endswith("Late. Late."), "the last words are not there")
    expect(sheet).to_have_count(0)


def test_a_short_field_beside_the_note_is_kept_after_a_pause_and_survives_a_refresh(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    draft(database, 2)
    page = notes_page(context, dashboard, 2)
    page.get_by_label("Risk", exact=True).first.click()
    page.keyboard.type("thinks of leaving, no plan")
    page.get_by_label("Techniques").first.focus()
    page.keyboard.type("two-chair work")

    def held() -> tuple[str, str]:
        with database.reading() as session:
            newest = select(TherapySession).where(TherapySession.client_id == 2).order_by(TherapySession.id.desc())
            row = session.scalars(newest.limit(1)).one()
            return row.risk_note, row.techniques

    until(lambda: held() == ("thinks of leaving, no plan", "two-chair work"), f"after a pause there is {held()}")
    page.reload()
    page.get_by_role("combobox", name="Client").wait_for()
    choose(page, 2)
    expect(page.get_by_label("Risk", exact=True).first).to_have_value("thinks of leaving, no plan")


def test_an_addendum_is_added_and_then_the_note_retracted_and_moved(
    context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    note_id = _signed(database, 3, "It was Dora who said this.")
    page = sign_in(context, dashboard)
    page.goto(f"{dashboard.address}/session-note")
    choose(page, 3)
    page.get_by_text("· Signed").first.click()
    page.get_by_label("Addendum").first.fill("She called later.")
    page.get_by_role("button", name="Add, and freeze it").first.click()
    until(lambda: _addenda(database, note_id) == ["She called later."], "the addendum is not there")
    expect(page.get_by_label("Addendum").first).to_have_value("")
    page.get_by_role("button", name="Belongs to another client …").first.click()
    sheet = page.get_by_role("dialog", name="This note belongs to another client")
    for told in ("Cleo Exemplum · C-3 · born 31 Jan 1983", "It was Dora who said this."):
        expect(sheet).to_contain_text(told)
    sheet.get_by_role("combobox", name="It belongs to").click()
    page.get_by_role("option", name="Dora Ejemplo · D-4").click()
    sheet.get_by_label("How it came to be here").fill("the wrong tab")
    sheet.get_by_label("Your password").fill(PASSWORD)
    sheet.get_by_role("button", name="Retract and move").click()
    sheet.get_by_role("button", name="Open that client").click()
    expect(box(page, 4)).to_have_value("It was Dora who said this.")
    assert _status(database, note_id) == "retracted"
    choose(page, 3)
    page.get_by_text("· Retracted").first.click()
    page.get_by_text("the wrong tab").first.wait_for()
    expect(page.get_by_text("It was Dora who said this.")).to_have_count(0)


def _addenda(database: Database, note_id: int) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Addendum.text).where(Addendum.note_id == note_id)))


def test_a_trainees_note_is_returned_mended_and_co_signed(
    browser: Browser, context: BrowserContext, dashboard: Dashboard, database: Database
) -> None:
    _be_a_trainee(database, True)
    try:
        note_id = draft(database, 1)
        trainee = notes_page(context, dashboard, 1)
        type_in(trainee, 1, "First wording.")
        open_signing(trainee)
        trainee.get_by_text("Your supervisor co-signs it next.").wait_for()
        put_signature(trainee)
        trainee.get_by_role("dialog").wait_for(state="detached")
        with _supervisor(browser, dashboard) as desk:
            desk.get_by_text("First wording.").wait_for()
            desk.get_by_label("Or give it back with a comment").fill("Say what you agreed.")
            desk.get_by_role("button", name="Return it").click()
            desk.get_by_text("Returned with your comment.").wait_for()
            trainee.reload()
            trainee.get_by_text("Say what you agreed.").first.wait_for()
            type_in(trainee, 1, " Agreed: one call.")
            open_signing(trainee)
            put_signature(trainee)
            trainee.get_by_role("dialog").wait_for(state="detached")
            desk.reload()
            desk.get_by_text("First wording. Agreed: one call.").first.wait_for()
            expect(desk.locator("ins")).to_have_text(" Agreed: one call.")
            desk.get_by_role("button", name="Co-sign …").click()
            sheet = desk.get_by_role("dialog")
            expect(sheet).to_contain_text("Anna Muster · A-1 · born 31 Jan 1981")
            sheet.get_by_label("Your password").fill(PASSWORD)
            sheet.get_by_role("button", name="Co-sign", exact=True).click()
            desk.get_by_text("No note of a trainee waits for you.").wait_for()
    finally:
        _be_a_trainee(database, False)
    assert _status(database, note_id) == "cosigned"
    with database.reading() as session:
        assert session.scalars(select(NoteVersion.number).where(NoteVersion.note_id == note_id)).all() == [1, 2]


def _be_a_trainee(database: Database, is_trainee: bool) -> None:
    with database.writing() as session:
        session.get_one(Account, 1).is_trainee = is_trainee


@contextmanager
def _supervisor(browser: Browser, dashboard: Dashboard) -> Iterator[Page]:
    """The supervisor's own browser, on the page of notes to co-sign."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE_MS)
    page = sign_in(context, dashboard, SUPERVISOR)
    page.goto(f"{dashboard.address}/co-sign")
    yield page
    context.close()

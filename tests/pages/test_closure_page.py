"""Closure page: drafted from the record, edited without a word under another name, blocked with reasons, signed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from lib.domain.errors import NotAllowed, NotYours, UserFacingError
from lib.domain.people import Actor
from lib.services import accounts, closure_sections
from lib.storage.tables import Account, AuditEvent, Document, DocumentSection, Episode, SignedDocument
from lib.ui import document_download, download, section_editor
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/closure.py"
PASSWORD = "correct horse battery staple"
MARKUP = "**Not** <b>markup</b> ![x](http://evil.example/x.png) $a$ :material/home:"


@pytest.fixture
def recorded(practice: Practice, people: House) -> House:
    """Lark's client Anna with three PHQ-9; everybody has the same password."""
    with practice.database.writing() as session:
        session.execute(
            update(Account).values(
                password_hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
            )
        )
        factories.course(session, people.lark, people.anna, "SB-001", (18, 12, 6), NOW.date() - timedelta(days=30))
    return people


def _drafted(practice: Practice, people: House, slot: str = "summary-file") -> AppTest:
    browser = practice.open(PAGE, people.lark, people.anna)
    if slot != "summary-file":
        browser = browser.button_group(key=f"closure-slot-{people.anna}").set_value(slot).run()
    return browser.button(key=f"start-{people.anna}-{slot}").click().run()


def _document_id(practice: Practice) -> int:
    with practice.database.reading() as session:
        return session.scalars(select(Document.id).order_by(Document.id.desc())).first() or 0


def _go(browser: AppTest, client_id: int, document_id: int, section: str) -> AppTest:
    return browser.button(key=f"go-{client_id}-{document_id}-{section}").click().run()


def _lines(practice: Practice, document_id: int, section: str) -> list[str]:
    with practice.database.reading() as session:
        row = session.scalars(
            select(DocumentSection).where(DocumentSection.document_id == document_id, DocumentSection.key == section)
        ).one()
        return [line["text"] for line in row.sentences]


def test_a_summary_is_drafted_on_one_press_and_shows_its_sentences_and_what_blocks_it(
    practice: Practice, recorded: House
) -> None:
    browser = _drafted(practice, recorded)
    said = words_on(browser)
    assert "Anna Muster" in said and "SB-001" in said
    assert "each with a source" in said and "has not been reviewed" in said
    assert browser.button(key=f"sign-open-{recorded.anna}-{_document_id(practice)}").disabled
    browser = _go(browser, recorded.anna, _document_id(practice), "outcome_measures")
    assert "PHQ-9" in words_on(browser)


@pytest.mark.parametrize("slot", ["summary-referrer", "summary-client", "plan-client"])
def test_the_other_documents_are_drafted_and_stay_open_on_the_screen(
    practice: Practice, recorded: House, slot: str
) -> None:
    _drafted(practice, recorded)
    browser = _drafted(practice, recorded, slot)
    assert not browser.exception
    with practice.database.reading() as session:
        kinds = session.execute(select(Document.kind, Document.audience).order_by(Document.id)).all()
    assert [f"{kind}-{audience}" for kind, audience in kinds] == ["summary-file", slot]
    document_id = _document_id(practice)
    assert browser.button(key=f"sign-open-{recorded.anna}-{document_id}")


def test_of_goodbye_letters_the_page_does_not_say_that_they_are_drafted(practice: Practice, recorded: House) -> None:
    browser = practice.open(PAGE, recorded.lark, recorded.anna)
    assert "Every sentence comes from the record" in words_on(browser)
    browser = browser.button_group(key=f"closure-slot-{recorded.anna}").set_value("goodbye-client").run()
    said = words_on(browser)
    assert "Nothing is drafted" in said and "Every sentence comes from the record" not in said


def _write(practice: Practice, people: House, document_id: int, section: str, lines: list[str]) -> None:
    """Save a section as the editor does; its own half is tried in a real browser."""
    with practice.database.writing() as session:
        row = session.scalars(
            select(DocumentSection).where(DocumentSection.document_id == document_id, DocumentSection.key == section)
        ).one()
        closure_sections.save_text(
            session, people.lark, row.id, people.anna, "\n\n".join(lines), row.version, NOW
        )  # fmt: skip


def test_own_words_are_shown_as_plain_text_with_the_day_they_were_written(practice: Practice, recorded: House) -> None:
    browser = _drafted(practice, recorded)
    document_id = _document_id(practice)
    browser = _go(browser, recorded.anna, document_id, "recommendations")
    held = _lines(practice, document_id, "recommendations")
    _write(practice, recorded, document_id, "recommendations", [*held, MARKUP])
    browser = browser.run()
    assert MARKUP in [element.value for element in browser.text]
    assert not any("evil.example" in str(element.value) for element in browser.markdown)
    assert any("Own words 2 Mar, no source" in str(element.value) for element in browser.markdown)


def test_a_section_that_says_nothing_is_open_for_writing_and_another_is_after_a_press(
    practice: Practice, recorded: House
) -> None:
    browser = _drafted(practice, recorded)
    document_id = _document_id(practice)
    browser = _go(browser, recorded.anna, document_id, "recommendations")
    assert browser.button(key=f"done-closure-{recorded.anna}-{document_id}-recommendations")
    browser = _go(browser, recorded.anna, document_id, "outcome_measures")
    browser = browser.button(key=f"edit-closure-{recorded.anna}-{document_id}-outcome_measures").click().run()
    assert browser.button(key=f"done-closure-{recorded.anna}-{document_id}-outcome_measures")
    assert "As saved, with where each sentence comes from:" in words_on(browser)


def test_a_section_saved_elsewhere_is_not_marked_as_read_in_the_wording_of_before(
    practice: Practice, recorded: House
) -> None:
    browser = _drafted(practice, recorded)
    document_id = _document_id(practice)
    browser = _go(browser, recorded.anna, document_id, "outcome_measures")
    _write(practice, recorded, document_id, "outcome_measures", ["From the other tab."])
    browser = browser.button(key=f"review-closure-{recorded.anna}-{document_id}-outcome_measures").click().run()
    with practice.database.reading() as session:
        row = session.scalars(select(DocumentSection).where(DocumentSection.key == "outcome_measures")).one()
        assert row.reviewed_at is None
    assert "From the other tab." in words_on(browser)


def _ready_to_sign(practice: Practice, people: House) -> AppTest:
    """Everything that must be answered and reviewed, through the screen."""
    browser = _drafted(practice, people)
    document_id = _document_id(practice)
    with practice.database.reading() as session:
        musts = session.scalars(
            select(DocumentSection.key).where(DocumentSection.document_id == document_id, DocumentSection.must_review)
        ).all()
    for section in musts:
        browser = _go(browser, people.anna, document_id, section)
        if not _lines(practice, document_id, section):
            _write(practice, people, document_id, section, ["Asked; nothing is known."])
            browser = browser.run()
        browser = browser.button(key=f"review-closure-{people.anna}-{document_id}-{section}").click().run()
    return browser


def test_a_document_is_signed_with_the_password_and_then_taken_away(practice: Practice, recorded: House) -> None:
    browser = _ready_to_sign(practice, recorded)
    document_id = _document_id(practice)
    assert "Nothing stands against signing." in words_on(browser)
    held = _lines(practice, document_id, "recommendations")
    _write(practice, recorded, document_id, "recommendations", [*held, "She laughed 😀."])
    browser = _go(browser.run(), recorded.anna, document_id, "recommendations")
    browser = browser.button(key=f"review-closure-{recorded.anna}-{document_id}-recommendations").click().run()
    key = f"sign-open-{recorded.anna}-{document_id}"
    browser = browser.button(key=key).click().run()
    said = words_on(browser)
    assert "shows the number instead: 😀 grinning face (U+1F600)." in said
    assert "Anna Muster · SB-001 · birth date not known" in said and "Your signature means" in said
    browser.text_input(key=f"document-password-{document_id}").input("wrong")
    browser = browser.button(key=f"document-sign-{recorded.anna}-{document_id}").click().run()
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignedDocument)) == 0
    _write(practice, recorded, document_id, "needs", ["A save that arrives late."])
    said = words_on(browser.run())
    assert "Your signature means" in said and "A save that arrives late." in said, "the sheet stays, and says it"
    browser.text_input(key=f"document-password-{document_id}").input(PASSWORD)
    browser = browser.button(key=f"document-sign-{recorded.anna}-{document_id}").click().run()
    with practice.database.reading() as session:
        assert session.scalars(select(SignedDocument.document_id)).all() == [document_id]
    browser = practice.open(PAGE, recorded.lark, recorded.anna)
    assert "Signed 2 Mar, 09:30" in words_on(browser)
    assert len(browser.get("download_button")) == 2


def test_a_supervisor_reads_a_draft_and_finds_no_way_to_change_sign_or_take_it(
    practice: Practice, recorded: House
) -> None:
    _drafted(practice, recorded)
    document_id = _document_id(practice)
    browser = practice.open(PAGE, recorded.heron, recorded.anna)
    browser = _go(browser, recorded.anna, document_id, "outcome_measures")
    assert "PHQ-9" in words_on(browser) and "only the client's therapist" in words_on(browser)
    keys = {str(button.key) for button in browser.button}
    assert not [key for key in keys if key.startswith(("edit-", "review-", "save-", "sign-", "start-", "discard-"))]
    assert not browser.text_area and not browser.get("download_button")


def _changed_record(practice: Practice, people: House) -> AppTest:
    """A draft whose record has one more score by now."""
    browser = _drafted(practice, people)
    with practice.database.writing() as session:
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", NOW.date(), 9))
    return browser.run()


@pytest.mark.parametrize(("way", "takes_it_up"), [("again", True), ("keep", False)])
def test_a_changed_record_is_said_and_taken_up_or_left_on_one_press(
    practice: Practice, recorded: House, way: str, takes_it_up: bool
) -> None:
    browser = _changed_record(practice, recorded)
    said = words_on(browser)
    assert "The record has changed since this was drafted (" in said and "2 Mar 2026" in said and "2026-0" not in said
    document_id = _document_id(practice)
    browser = browser.button(key=f"{way}-{recorded.anna}-{document_id}").click().run()
    assert "The record has changed" not in words_on(browser)
    assert any("last 9" in line for line in _lines(practice, document_id, "outcome_measures")) is takes_it_up


def test_a_draft_is_discarded_and_another_may_be_begun(practice: Practice, recorded: House) -> None:
    browser = _drafted(practice, recorded)
    document_id = _document_id(practice)
    browser = browser.button(key=f"discard-yes-{recorded.anna}-{document_id}").click().run()
    assert browser.button(key=f"start-{recorded.anna}-summary-file")
    with practice.database.reading() as session:
        assert session.get_one(Document, document_id).status == "discarded"


def test_a_trainees_document_is_cosigned_by_the_supervisor_on_the_screen(practice: Practice, recorded: House) -> None:
    with practice.database.writing() as session:
        session.execute(update(Account).where(Account.id == recorded.lark.account_id).values(is_trainee=True))
    browser = _ready_to_sign(practice, recorded)
    document_id = _document_id(practice)
    browser = browser.button(key=f"sign-open-{recorded.anna}-{document_id}").click().run()
    assert "Your supervisor co-signs it" in words_on(browser)
    browser.text_input(key=f"document-password-{document_id}").input(PASSWORD)
    browser.button(key=f"document-sign-{recorded.anna}-{document_id}").click().run()
    browser = practice.open(PAGE, recorded.lark, recorded.anna)
    assert "It cannot leave the practice before a supervisor has co-signed it." in words_on(browser)
    assert not browser.get("download_button")
    browser = practice.open(PAGE, recorded.heron, recorded.anna)
    browser = browser.button(key=f"cosign-{recorded.anna}-{document_id}").click().run()
    browser.text_input(key=f"document-password-{document_id}").input(PASSWORD)
    browser.button(key=f"document-sign-{recorded.anna}-{document_id}").click().run()
    browser = practice.open(PAGE, recorded.lark, recorded.anna)
    assert "Co-signed by Heron" in words_on(browser) and len(browser.get("download_button")) == 2
    browser = browser.button(key=f"correct-{recorded.anna}-{document_id}").click().run()
    assert "Will supersede the version signed on 2 Mar 2026 at 09:30." in words_on(browser)


def test_what_the_supervisor_asked_for_stands_beside_the_correction(practice: Practice, recorded: House) -> None:
    with practice.database.writing() as session:
        session.execute(update(Account).where(Account.id == recorded.lark.account_id).values(is_trainee=True))
    browser = _ready_to_sign(practice, recorded)
    document_id = _document_id(practice)
    browser = browser.button(key=f"sign-open-{recorded.anna}-{document_id}").click().run()
    browser.text_input(key=f"document-password-{document_id}").input(PASSWORD)
    browser.button(key=f"document-sign-{recorded.anna}-{document_id}").click().run()
    browser = practice.open(PAGE, recorded.heron, recorded.anna)
    browser.text_area(key=f"return-comment-{document_id}").input("By when is the GP told?")
    browser.button(key=f"return-{recorded.anna}-{document_id}-send").click().run()
    browser = practice.open(PAGE, recorded.lark, recorded.anna)
    assert "It was given back and does not leave the practice." in words_on(browser)
    browser = browser.button(key=f"correct-{recorded.anna}-{document_id}").click().run()
    said = words_on(browser)
    assert "Heron gave it back, 2 Mar, 09:30:" in said and "By when is the GP told?" in said
    assert "Will supersede the version signed on 2 Mar 2026 at 09:30." in said


@pytest.mark.parametrize("name", ["finch", "stork"])
def test_who_has_nothing_to_do_with_the_client_sees_no_word(practice: Practice, recorded: House, name: str) -> None:
    _drafted(practice, recorded)
    actor: Actor = getattr(recorded, name)
    said = words_on(practice.open(PAGE, actor, recorded.anna))
    assert "Anna" not in said and "PHQ-9" not in said
    with practice.database.reading() as session:
        denied = session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id == actor.account_id)).all()
    assert any(action.startswith("denied_") for action in denied)


def test_a_stranger_is_sent_to_the_door(practice: Practice, recorded: House) -> None:
    _drafted(practice, recorded)
    browser = practice.open(PAGE, None, recorded.anna)
    assert "You are signed out" in words_on(browser) and "Anna" not in words_on(browser)


def test_opening_is_one_event_and_drawing_again_none(practice: Practice, recorded: House) -> None:
    browser = _drafted(practice, recorded)
    document_id = _document_id(practice)
    for section in ("risk", "residual", "header"):
        browser = _go(browser, recorded.anna, document_id, section)
    with practice.database.reading() as session:
        reads = session.scalars(select(AuditEvent.sequence).where(AuditEvent.action == "document_read")).all()
    assert len(reads) == 1


def test_a_level_to_get_in_touch_is_asked_for_only_while_the_course_is_open(
    practice: Practice, recorded: House
) -> None:
    browser = _go(_drafted(practice, recorded, "plan-client"), recorded.anna, _document_id(practice), "lapse")
    assert "The level that means “get in touch”" in words_on(browser)
    with practice.database.writing() as session:
        begun, ended = NOW.date() - timedelta(days=40), NOW.date()
        session.add(Episode(client_id=recorded.anna, number=1, status="closed", starts_on=begun, ends_on=ended))
    ended_told = words_on(browser.run())
    assert "a level is agreed on while it is open" in ended_told
    assert "The level that means “get in touch”" not in ended_told


def _token(practice: Practice, actor: Actor) -> str:
    with practice.database.writing() as session:
        return accounts.first_login(session, actor.account_id or 0, NOW)


def test_the_download_asks_again_who_is_there_when_it_is_pressed(
    practice: Practice, recorded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "local_now", lambda: NOW)
    _drafted(practice, recorded)
    as_pdf = partial(document_download._document, _document_id(practice), "pdf")
    assert download._made(_token(practice, recorded.lark), as_pdf).startswith(b"%PDF")
    with pytest.raises(NotYours):
        download._made(_token(practice, recorded.finch), as_pdf)
    with pytest.raises(NotAllowed):
        download._made(_token(practice, recorded.heron), as_pdf)
    with pytest.raises(UserFacingError, match="signed out"):
        download._made("p.nobody", as_pdf)
    with practice.database.reading() as session:
        told = session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)).all()
    kept = [action for action in told if action.startswith(("document_exported", "denied_"))]
    assert kept == ["document_exported", "denied_read", "denied_write"]


def test_what_the_note_editor_says_of_a_note_is_said_of_a_section() -> None:
    script = (Path(section_editor.__file__).parent / "components" / "note_editor.js").read_text(encoding="utf-8")
    missing = [words for words in section_editor.SAID_OF_A_SECTION if words not in script]
    assert not missing

"""The desk of one client, the co-signing page and the grants: who sees what, and what a press does."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from lib.domain.notes import SignedContent, canonical_content
from lib.domain.people import Actor
from lib.services import note_tools
from lib.storage.tables import (
    LoginSession,
    Note,
    NotePhrase,
    NoteReview,
    NoteTemplate,
    NoteVersion,
    ProcessGrant,
    TherapySession,
)
from tests import factories
from tests.conftest import NOW
from tests.pages.opening import Practice, words_on

NOTES = "pages/clinician/session_note.py"
COSIGN = "pages/supervisor/note_reviews.py"
PROCESS = "pages/account/process_notes.py"
DAY = NOW.date()


def press(browser: AppTest, label: str) -> AppTest:
    """Press the button of this name."""
    return next(one for one in browser.button if one.label == label).click().run()


def field(browser: AppTest, kind: str, label: str) -> object:
    """The field of this label."""
    return next(one for one in getattr(browser, kind) if one.label == label)


def drawn(browser: AppTest, key: str) -> str:
    """What the component of this name was sent, as JSON."""
    return next(one.proto.json for one in browser.get("bidi_component") if one.key == key)


def a_note(practice: Practice, author: Actor, client_id: int, **more: object) -> int:
    """A note of today by this author, signed unless told otherwise."""
    values = {
        "client_id": client_id, "originator_id": author.account_id, "compartment": "progress", "status": "signed",
        "format": "narrative", "dated_on": DAY, "text": "held the silence", "saved_at": NOW,
    }  # fmt: skip
    with practice.database.writing() as session:
        note = Note(**values | more)
        session.add(note)
        session.flush()
        if note.status != "draft":
            content = canonical_content(
                SignedContent("SB-003", "", None, DAY, "narrative", note.compartment, 1, note.text)
            )
            session.add(NoteVersion(note_id=note.id, number=1, content=content, sha256="-", signed_at=NOW, meaning="-",
                                    signed_by_id=author.account_id))  # fmt: skip
        return note.id


# --- beginning a note, and the facts of its session ------------------------------------------------


def test_what_was_pressed_before_the_tab_was_closed_is_done_and_in_that_persons_name(
    practice: Practice, people: factories.House
) -> None:
    browser = practice.open(NOTES, people.lark, people.anna)
    practice.close_the_tab()
    press(browser, "Start note")
    with practice.database.reading() as session:
        assert session.scalars(select(Note.originator_id)).all() == [people.lark.account_id]


def test_a_tab_whose_person_signed_out_before_it_was_closed_does_nothing(
    practice: Practice, people: factories.House
) -> None:
    browser = practice.open(NOTES, people.lark, people.anna)
    with practice.database.writing() as session:
        session.execute(update(LoginSession).values(revoked_at=NOW))
    practice.close_the_tab()
    press(browser, "Start note")
    with practice.database.reading() as session:
        assert session.scalars(select(Note.id)).all() == []


def test_a_note_begins_with_the_practices_own_headings_and_the_time(
    practice: Practice, people: factories.House
) -> None:
    with practice.database.writing() as session:
        note_tools.add_template(session, people.admin, "Couples", ["Cycle", "Reach"], NOW)
    browser = practice.open(NOTES, people.lark, people.anna)
    choice = field(browser, "selectbox", "Format")
    assert choice.options[-1] == "Couples"  # type: ignore[attr-defined]
    choice.select("Couples")  # type: ignore[attr-defined]
    press(browser, "Start note")
    assert not browser.exception
    with practice.database.reading() as session:
        note = session.scalars(select(Note)).one()
        assert (note.template, note.format, note.text) == ("Couples", "narrative", "CYCLE:\n\n\nREACH:\n")


def test_what_was_worked_on_is_kept_and_last_times_comes_back_with_one_press(
    practice: Practice, people: factories.House
) -> None:
    with practice.database.writing() as session:
        session.add(
            TherapySession(client_id=people.anna, number=1, held_on=DAY.replace(day=1), attendance="attended",
                           parts=["beliefs"], approaches=["cbt"], techniques="thought record")
        )  # fmt: skip
    browser = press(practice.open(NOTES, people.lark, people.anna), "Start note")
    press(browser, "As last time")
    field(browser, "text_area", "Risk").set_value("none voiced today").run()  # type: ignore[attr-defined]
    assert not browser.exception and not browser.error
    with practice.database.reading() as session:
        held = session.scalars(select(TherapySession).where(TherapySession.number == 2)).one()
        assert (held.parts, held.approaches, held.techniques, held.risk_note) == (
            ["beliefs"], ["cbt"], "thought record", "none voiced today",
        )  # fmt: skip


# --- the supervisor's word -------------------------------------------------------------------------


def _trainee(practice: Practice, people: factories.House) -> tuple[Actor, int]:
    with practice.database.writing() as session:
        trainee = factories.account(session, "Wren", is_trainee=True)
        factories.supervise(session, people.heron, trainee)
        return trainee, factories.client(session, trainee, "SB-003", "Cleo Exemplum")


def test_a_supervisor_reads_what_waits_and_gives_it_back_with_a_comment(
    practice: Practice, people: factories.House
) -> None:
    trainee, cleo = _trainee(practice, people)
    a_note(practice, trainee, cleo)
    browser = practice.open(COSIGN, people.heron)
    assert "held the silence" in words_on(browser) and "Cleo Exemplum · SB-003" in words_on(browser)
    press(browser, "Return it")
    assert "A returned note needs a comment." in words_on(browser)
    field(browser, "text_area", "Or give it back with a comment").set_value("Say what you felt.")  # type: ignore[attr-defined]
    press(browser, "Return it")
    assert "Returned with your comment." in words_on(browser) and "held the silence" not in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalars(select(NoteReview.comment)).all() == ["Say what you felt."]
    mending = practice.open(NOTES, trainee, cleo)
    assert "Returned by Heron" in words_on(mending) and "Say what you felt." in words_on(mending)


def test_a_supervisor_sees_what_changed_since_the_note_was_given_back(
    practice: Practice, people: factories.House
) -> None:
    trainee, cleo = _trainee(practice, people)
    note_id = a_note(practice, trainee, cleo)
    assert "What changed" not in words_on(practice.open(COSIGN, people.heron)), "nothing was given back"
    later = NOW + timedelta(hours=1)
    content = canonical_content(SignedContent("SB-003", "", None, DAY, "narrative", "progress", 2, "kept the silence"))
    with practice.database.writing() as session:
        session.add(
            NoteReview(note_id=note_id, supervisor_id=people.heron.account_id, decided_at=NOW, decision="returned",
                       comment="Held or kept?")
        )  # fmt: skip
        session.add(NoteVersion(note_id=note_id, number=2, content=content, sha256="-", signed_at=later, meaning="-",
                                signed_by_id=trainee.account_id))  # fmt: skip
    browser = practice.open(COSIGN, people.heron)
    assert "Held or kept?" in words_on(browser)
    (stretch,) = json.loads(drawn(browser, f"changed-words-{note_id}"))["stretches"]
    assert stretch == [["gone", "held"], ["new", "kept"], ["kept", " the silence"]]


def test_another_supervisor_finds_nothing_to_co_sign(practice: Practice, people: factories.House) -> None:
    trainee, cleo = _trainee(practice, people)
    a_note(practice, trainee, cleo)
    browser = practice.open(COSIGN, people.stork)
    assert "No note of a trainee waits for you." in words_on(browser)


# --- process notes ---------------------------------------------------------------------------------


def test_the_page_of_grants_shows_no_words_but_those_that_were_opened(
    practice: Practice, people: factories.House
) -> None:
    note_id = a_note(practice, people.lark, people.anna, compartment="process", text="countertransference")
    for actor in (people.lark, people.finch, people.heron, people.admin):
        assert "countertransference" not in words_on(practice.open(PROCESS, actor))
    with practice.database.writing() as session:
        session.add(ProcessGrant(note_id=note_id, account_id=people.finch.account_id, reason="handover",
                                 granted_by_id=people.lark.account_id, starts_on=DAY, ends_on=DAY))  # fmt: skip
    browser = practice.open(PROCESS, people.finch)
    assert "countertransference" not in words_on(browser), "not before it is asked for"
    assert "countertransference" in words_on(press(browser, "Read it"))


# --- templates and phrases -------------------------------------------------------------------------


def test_an_admin_adds_a_template_and_withdraws_it(practice: Practice, people: factories.House) -> None:
    browser = practice.open("pages/practice/settings.py", people.admin)
    field(browser, "text_input", "Name of the template").set_value("Intake")  # type: ignore[attr-defined]
    field(browser, "text_area", "Headings, one a line").set_value("History\nWish")  # type: ignore[attr-defined]
    press(browser, "Add the template")
    press(browser, "Withdraw")
    assert "History · Wish  (withdrawn)" in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalars(select(NoteTemplate.is_retired)).all() == [True]


def test_a_phrase_is_kept_and_let_go_on_the_own_account_page(practice: Practice, people: factories.House) -> None:
    browser = practice.open("pages/account/own_account.py", people.lark)
    field(browser, "text_input", "Abbreviation, without the semicolon").set_value("wnl")  # type: ignore[attr-defined]
    field(browser, "text_area", "Phrase").set_value("Within *normal* limits.")  # type: ignore[attr-defined]
    press(browser, "Keep the phrase")
    assert "Within *normal* limits." in words_on(browser)
    press(browser, "Let it go")
    with practice.database.reading() as session:
        assert session.scalars(select(NotePhrase)).all() == []
    assert "Phrases for your notes" not in words_on(practice.open("pages/account/own_account.py", people.admin))

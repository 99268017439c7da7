"""Evidence page: a note of the open client is read, for who may; nobody else learns that it is there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lib.domain.imports import NoteIn, Parsed
from lib.services import imports, notes
from lib.ui import plain_table
from lib.ui.plain_table import Row
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/evidence.py"


def _note(practice: Practice, people: House) -> None:
    text = "She asked her sister for help with the move."
    parsed = Parsed("notes", "notes", 1, notes=(NoteIn("SB-001", NOW.date(), text),))
    with practice.database.writing() as session:
        imports.commit_import(
            session, people.lark, parsed, imports.ImportOptions(), "n.csv", "0" * 64, NOW, factories.definitions()
        )


def test_without_a_final_note_the_page_says_what_to_do(practice: Practice, people: House) -> None:
    said = words_on(practice.open(PAGE, people.lark, people.anna))
    assert "There is no signed or imported note yet" in said


def test_the_page_says_that_nothing_counts_until_it_is_confirmed(practice: Practice, people: House) -> None:
    _note(practice, people)
    browser = practice.open(PAGE, people.lark, people.anna)
    said = words_on(browser)
    assert "never findings" in said and "Nothing is confirmed yet" in said
    assert [box.label for box in browser.selectbox] == ["Note"]


def test_a_peer_sees_neither_note_nor_client(practice: Practice, people: House) -> None:
    _note(practice, people)
    said = words_on(practice.open(PAGE, people.finch, people.anna))
    assert "Anna" not in said and "SB-001" not in said and "Nothing is confirmed" not in said


def test_the_tab_of_notes_leads_to_reading_one_of_them(practice: Practice, people: House) -> None:
    _note(practice, people)
    with practice.database.writing() as session:
        (note,) = notes.notes_of_client(session, people.lark, people.anna, NOW)
    browser = practice.open("pages/clinician/client.py", people.lark, people.anna)
    browser.session_state[f"tabs-{people.anna}"] = "Sessions and notes"
    browser.run()
    browser.button(key=f"read-for-evidence-{people.anna}").click().run()
    assert not browser.exception and "never findings" in words_on(browser)
    assert browser.session_state[f"evidence-note-{people.anna}"] == note.id


def test_a_day_in_the_lists_opens_its_note_for_whom_the_note_page_opens(
    practice: Practice, people: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _note(practice, people)
    with practice.database.writing() as session:
        (note,) = notes.notes_of_client(session, people.lark, people.anna, NOW)
    offered: list[list[str]] = []

    def shown(rows: Sequence[Row], *_: object, **__: object) -> str | None:
        offered.append([row.row_id for row in rows])
        return next((row_id for row_id in offered[-1] if row_id), None)

    monkeypatch.setattr(plain_table, "show", shown)
    for reader, expected in ((people.heron, [""]), (people.lark, [str(note.id)])):
        browser = practice.open("pages/clinician/client.py", reader, people.anna)
        offered.clear()
        browser.session_state[f"tabs-{people.anna}"] = "Sessions and notes"
        browser.run()
        assert not browser.exception and expected in offered
        assert ("Session note" in words_on(browser)) == bool(expected[0])
    assert browser.session_state[f"read-note-{people.anna}"] == note.id

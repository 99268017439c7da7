"""`suggest` at the terminal: the shape it answers in, lines in their order, and what it refuses."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.integration.terminal import Terminal, refused

NOTE = "S: Ct did not ask her wife for comfort. Slept well.\nShe feels they would be better off without her.\n"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_a_note_is_answered_sentence_by_sentence(terminal: Terminal) -> None:
    said = terminal("suggest", terminal.put("note.txt", NOTE), "--json")
    assert said.code == 0
    assert [NOTE[each["start"] : each["end"]] for each in said.data] == [each["sentence"] for each in said.data]
    assert all(set(each) == {"sentence", "start", "end", "suggestions", "risk_language"} for each in said.data)
    (told,) = said.data[0]["suggestions"]
    assert told == {
        "code": "needs",
        "polarity": "against",
        "status": "negated",
        "phrase": "ask her wife for comfort",
        "cues": ["not"],
    }
    assert [each["risk_language"] for each in said.data] == [False, False, True]
    assert said.data[2]["suggestions"] == []


def test_every_line_has_its_entry(terminal: Terminal) -> None:
    said = terminal(
        "suggest",
        terminal.put("lines.txt", "Ate well.\r\n\r\nCt asked her wife for comfort. Slept.\n"),
        "--lines",
        "--json",
    )
    assert [each["sentence"] for each in said.data] == ["Ate well.", "", "Ct asked her wife for comfort. Slept."]
    assert [len(each["suggestions"]) for each in said.data] == [0, 0, 1]


def test_in_words_only_what_says_something_is_told(terminal: Terminal) -> None:
    said = terminal("suggest", terminal.put("note.txt", NOTE))
    assert "negated: matched 'ask her wife for comfort'; 'not' denies it -> needs against" in said.out
    assert "possible risk language" in said.out and "Slept well" not in said.out
    assert terminal("suggest", terminal.put("plain.txt", "Slept well.\n")).out == "No suggestion.\n"


def test_a_byte_order_mark_is_no_letter_of_the_note(terminal: Terminal) -> None:
    said = terminal(
        "suggest", terminal.put("note.txt", b"\xef\xbb\xbfCt asked her wife for comfort.\n"), "--lines", "--json"
    )
    assert said.data[0]["sentence"] == "Ct asked her wife for comfort." and said.data[0]["start"] == 0


def test_stdin_is_read_and_no_database_is_made(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(NOTE.encode())))
    assert terminal("suggest", "-", "--json").code == 0
    assert not terminal.file.exists()


def test_what_is_no_text_is_refused_in_words(terminal: Terminal) -> None:
    assert refused(terminal("suggest", terminal.put("note.txt", b"")), "empty")
    assert refused(terminal("suggest", terminal.put("note.txt", b"caf\xe9")), "not UTF-8", "--encoding")
    assert refused(terminal("suggest", terminal.put("note.docx", b"PK\x03\x04rest")), "Word document")
    assert refused(terminal("suggest", str(terminal.folder / "none.txt")), "cannot be read")
    assert terminal("suggest", terminal.put("note.txt", b"caf\xe9"), "--encoding", "latin-1").code == 0

"""Notes from text, Markdown and archives: kept as written, under the client and day their name says."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from datetime import date

import pytest

from lib.domain.errors import ImportProblem
from lib.domain.imports import Parsed
from lib.exchange.note_files import read_notes
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import INSTRUMENTS, OPTIONS, TODAY, rules, zipped


def notes(data: bytes | str, name: str, options: ReadOptions = OPTIONS) -> Parsed:
    return read_notes(data.encode() if isinstance(data, str) else data, name, INSTRUMENTS, options)


@pytest.mark.parametrize(
    ("name", "client", "day"),
    [
        ("A17_2026-01-05.txt", "A17", date(2026, 1, 5)),
        ("A17_2026-01-05_session 3.TXT", "A17", date(2026, 1, 5)),
        ("north_A_17_2026-01-05_x_y.md", "north_A_17", date(2026, 1, 5)),
        ("007_2026-01-05.md", "007", date(2026, 1, 5)),
        ("Å 1_2026-01-05.txt", "Å 1", date(2026, 1, 5)),
        ("A_2026-01-05_2026-01-06.txt", "A", date(2026, 1, 5)),
    ],
)
def test_a_name_says_whose_note_it_is_and_of_which_day(name, client, day):
    note = notes("hello", name).notes[0]
    assert (note.client_code, note.dated_on, note.file) == (client, day, name)


@pytest.mark.parametrize(
    "name",
    [
        "note.txt",
        "A_2026-02-30.txt",
        "A_26-01-05.txt",
        "A2026-01-05.txt",
        "_2026-01-05.txt",
        "A_2026-01-05x.txt",
        "=A_2026-01-05.txt",
        "A_2026-11-03.txt",
        "A_２０２６-01-05.txt",
    ],
)
def test_a_name_that_does_not_say_so_is_refused(name):
    with pytest.raises(ImportProblem, match="name"):
        notes("hello", name)


def test_a_note_before_birth_or_referral_is_refused():
    options = ReadOptions(today=TODAY, referred_on={"A": date(2026, 2, 1)})
    with pytest.raises(ImportProblem, match="referral"):
        notes("hello", "A_2026-01-05.txt", options)


TEXT = "\t=cmd()|x <b>&amp;</b> “quotes” — é e\u0301 \u200bשלום 🙂\u200d  \n\n- a\n+ b\n@c  \n \u2028end\n\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_notes_text_is_kept_as_written_but_for_its_line_ends(line_end):
    assert notes(TEXT.replace("\n", line_end), "A_2026-01-05.txt").notes[0].text == TEXT


@pytest.mark.parametrize("text", ["MZ is how she signs", "[Session 3] fine", "{braces}", "<html> he said", "BZh"])
def test_a_text_that_begins_like_something_else_is_still_a_note(text):
    assert notes(text, "A_2026-01-05.txt").notes[0].text == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "no text"),
        (b"caf\xe9", "not UTF-8"),
        (b"a\0b", "control character"),
        (b"line\nfour\x07", "line 2, column 5"),
        (b"%PDF-1.7", "PDF"),
        (b"a" * 100_001, "at most 100,000"),
    ],
)
def test_a_note_that_cannot_be_read_whole_is_refused(data, words):
    with pytest.raises(ImportProblem, match=words):
        notes(data, "A_2026-01-05.txt")


def test_an_archive_of_notes_is_read_and_the_computers_own_files_are_passed_over_and_said():
    parsed = notes(
        zipped(
            {
                "notes/A_2026-01-05.txt": "one",
                "B_1_2026-01-06_x.md": "two",
                "__MACOSX/._A_2026-01-05.txt": "x",
                ".DS_Store": "x",
                "notes/Thumbs.db": "x",
            }
        ),
        "n.zip",
    )
    assert [(note.client_code, note.text) for note in parsed.notes] == [("A", "one"), ("B_1", "two")]
    assert parsed.problems == ()
    assert any("3 files of the computer's own were passed over" in warning for warning in parsed.warnings)


@pytest.mark.parametrize(
    "name",
    [
        "../A_2026-01-05.txt",
        "a/../../A_2026-01-05.txt",
        "/A_2026-01-05.txt",
        "C:/A_2026-01-05.txt",
        "..\\A_2026-01-05.txt",
        "x\\A_2026-01-05.txt",
    ],
)
def test_a_name_that_leads_outside_refuses_the_whole_archive(name):
    with pytest.raises(ImportProblem, match="leads outside"):
        notes(zipped({"B_2026-01-05.txt": "good", name: "bad"}), "n.zip")


def test_a_link_refuses_the_whole_archive():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        link = zipfile.ZipInfo("A_2026-01-05.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
    with pytest.raises(ImportProblem, match="link"):
        notes(target.getvalue(), "n.zip")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("inner.zip", zipped({"A_2026-01-05.txt": "x"}), "archive inside"),
        ("A_2026-01-07.txt", zipped({"A_2026-01-05.txt": "x"}), "archive"),
        ("picture.png", b"\x89PNG", "no note file"),
        ("nobody.txt", b"x", "whose note"),
        ("A_2026-01-07.txt", b"", "empty"),
        ("A_2026-01-07.docx", b"text", "no DOCX"),
        ("A_2026-01-07.txt", b"caf\xe9", "UTF-8"),
    ],
)
def test_a_faulty_file_of_an_archive_is_a_problem_and_the_others_are_read(name, content, words):
    parsed = notes(zipped({"B_2026-01-05.txt": "good", name: content}), "n.zip")
    assert [note.client_code for note in parsed.notes] == ["B"]
    assert words in rules(parsed)
    assert parsed.problems[0].file == name
    assert parsed.bad_rows == (2,)


def test_two_files_of_one_name_are_a_problem_on_both():
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as package:
        warnings.simplefilter("ignore")
        package.writestr("A_2026-01-05.txt", "one")
        package.writestr("A_2026-01-05.txt", "two")
    parsed = notes(target.getvalue(), "n.zip")
    assert parsed.notes == ()
    assert parsed.bad_rows == (1, 2)


def test_an_encrypted_entry_is_a_problem():
    data = bytearray(zipped({"A_2026-01-05.txt": "secret"}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in rules(notes(bytes(data), "n.zip"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({}), "no notes"),
        (zipped({".DS_Store": "x"}), "no notes"),
        (zipped({f"A_2026-01-05_{number}.txt": "x" for number in range(2_001)}), "2,000 entries"),
        (zipped({"A_2026-01-05.txt": b"a" * 5_000_000}), "more than 100 times"),
        (zipped({"A_2026-01-05.txt": "x"}, zipfile.ZIP_BZIP2), "packed in a way"),
        (zipped({"A_2026-01-05.txt": "x"})[:-10], "damaged"),
    ],
)
def test_an_archive_beyond_its_bounds_is_refused(data, words):
    with pytest.raises(ImportProblem, match=words):
        notes(data, "n.zip")


def test_an_archive_that_would_unpack_beyond_the_limit_is_refused():
    varied = bytes(range(32, 127)) * 8 + b"\n"
    chunk = b"".join(varied + str(number).encode() for number in range(14_000))
    parts = {f"A_2026-01-05_{number}.txt": chunk for number in range(10)}
    with pytest.raises(ImportProblem, match=r"limit is 100 MB|100 times"):
        notes(zipped(parts), "n.zip")


def test_an_archive_that_lies_about_its_sizes_is_refused_or_cut_at_what_it_says():
    data = bytearray(zipped({"A_2026-01-05.txt": b"abc" * 1000}))
    place = data.find(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert "damaged" in rules(notes(bytes(data), "n.zip"))


def test_names_in_utf_8_without_the_mark_and_names_in_an_unknown_encoding():
    data = zipped({"Ü_2026-01-05.txt": "x"})
    unmarked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = unmarked.find(signature) + offset
        unmarked[place : place + 2] = b"\0\0"
    assert notes(bytes(unmarked), "n.zip").notes[0].client_code == "Ü"
    unknown = bytes(unmarked).replace("Ü".encode(), b"\x9a\x81")
    assert "unknown encoding" in rules(notes(unknown, "n.zip"))


def test_the_same_note_twice_counts_once_and_another_of_that_day_stays():
    parsed = notes(
        zipped({"a/A_2026-01-05.txt": "one", "b/A_2026-01-05.txt": "one", "A_2026-01-05_2.txt": "two"}), "n.zip"
    )
    assert sorted(note.text for note in parsed.notes) == ["one", "two"]
    assert any("counted once" in warning for warning in parsed.warnings)
    assert any("several notes of one day" in warning for warning in parsed.warnings)

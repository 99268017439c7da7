"""Notes in a table keep their text; every other column is checked."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.errors import ImportProblem
from lib.domain.imports import Parsed
from lib.exchange.note_files import read_notes
from tests.unit.exchange_material import INSTRUMENTS, OPTIONS, rules, workbook

HEADER = "client,date,text,session,format,modality,minutes,attendance"


def table(*rows: str, header: str = HEADER) -> Parsed:
    return read_notes("\n".join([header, *rows, ""]).encode(), "notes.csv", INSTRUMENTS, OPTIONS)


def test_a_row_becomes_a_note_with_its_text_as_written():
    parsed = table('A,2026-01-05,"She said ""no"",\r\n  =then; <left>  ",3,narrative,video,50,attended')
    note = parsed.notes[0]
    assert note.text == 'She said "no",\n  =then; <left>  '
    assert (note.client_code, note.dated_on, note.session_number, note.minutes) == ("A", date(2026, 1, 5), 3, 50)
    assert (note.format, note.modality, note.attendance, note.row) == ("narrative", "video", "attended", 2)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_text_that_begins_like_a_formula_is_text(start):
    assert table(f'A,2026-01-05,"{start}SUM(1)",,,,,').notes[0].text == f"{start}SUM(1)"


def test_a_format_that_is_not_given_is_recognised_in_the_text():
    assert table('A,2026-01-05,"S: x\nO: y\nA: z\nP: q",,,,,').notes[0].format == "soap"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("0,,,,", "session"),
        ("x,,,,", "session"),
        (",letter,,,", "format"),
        (f",,{'x' * 31},,", "modality"),
        (",,,601,", "minutes"),
        (",,,-5,", "minutes"),
        (",,,,maybe", "attendance"),
        ("1.5,,,,", "session"),
    ],
)
def test_a_column_outside_its_range_is_a_problem(cells, column):
    parsed = table(f"A,2026-01-05,hello,{cells}")
    assert parsed.notes == ()
    assert parsed.problems[0].column == column


@pytest.mark.parametrize("written", ["no_show", "No show", "NO-SHOW"])
def test_an_attendance_is_read_however_it_is_spelt(written):
    assert table(f"A,2026-01-05,hello,,,,,{written}").notes[0].attendance == "no_show"


def test_a_note_without_text_is_a_problem():
    assert "a note needs a text" in rules(table("A,2026-01-05,,,,,,", 'B,2026-01-05,"  ",,,,,'))


def test_a_nul_in_a_text_is_a_problem_with_row_and_column():
    problem = table("A,2026-01-05,a\0b,,,,,").problems[0]
    assert (problem.row, problem.column) == (2, "text")


def test_a_text_over_the_longest_is_a_problem_and_a_long_one_is_not():
    assert "100,000" in rules(table(f"A,2026-01-05,{'x' * 100_001},,,,,"))
    assert table(f"A,2026-01-05,{'x' * 100_000},,,,,").problems == ()


def test_a_text_cut_by_a_spreadsheet_is_said():
    rows = [["client", "date", "text"], ["A", "2026-01-05", "x" * 32_767]]
    parsed = read_notes(workbook(rows), "n.xlsx", INSTRUMENTS, OPTIONS)
    assert any("where a spreadsheet cuts it" in warning for warning in parsed.warnings)


def test_line_breaks_in_a_workbook_cell_are_kept():
    rows = [["client", "date", "text"], ["A", "2026-01-05", "one\ntwo\n\n  three "]]
    assert read_notes(workbook(rows), "n.xlsx", INSTRUMENTS, OPTIONS).notes[0].text == "one\ntwo\n\n  three "


def test_a_note_table_without_its_columns_is_refused():
    with pytest.raises(ImportProblem, match="'text'"):
        table("A,2026-01-05", header="client,date")


def test_an_unknown_column_of_a_note_table_is_a_problem():
    assert table("A,2026-01-05,hi,x", header="client,date,text,therapist").problems[0].column == "therapist"

"""CSV and TSV become tables without a shift, whatever the delimiter, the quoting and the blank lines."""

from __future__ import annotations

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import PHQ9_HEADER, TODAY, phq9, rules, scores

ROW = "A,2026-01-05,PHQ-9,0,1,2,3,0,0,0,0,0"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_comma_semicolon_and_tab_are_told_apart(delimiter):
    parsed = scores(f"{PHQ9_HEADER}\n{ROW}\n".replace(",", delimiter))
    assert parsed.administrations[0].answers["phq9_4"] == 3


def test_semicolons_come_with_a_decimal_comma():
    parsed = scores("client;date;instrument;score;scale\nA;2026-01-05;ECR-R;3,25;avoidance\n")
    assert parsed.administrations[0].totals == {"avoidance": 3.25}


def test_point_and_comma_in_one_file_are_a_problem():
    header = "client;date;instrument;score;scale"
    parsed = scores(f"{header}\nA;2026-01-05;ECR-R;3,25;avoidance\nB;2026-01-05;ECR-R;3.25;avoidance\n")
    assert [form.client_code for form in parsed.administrations] == ["A"]
    assert "one decimal sign a file" in rules(parsed)


def test_a_decimal_sign_that_was_named_is_the_only_one():
    text = "client;date;instrument;score;scale\nA;2026-01-05;ECR-R;3,25;avoidance\n"
    assert scores(text, ReadOptions(today=TODAY, decimal=".")).administrations == ()
    assert len(scores(text, ReadOptions(today=TODAY, decimal=",")).administrations) == 1


def test_a_number_with_a_thousands_mark_is_no_number():
    parsed = scores("client;date;instrument;score\nA;2026-01-05;BDI;1.012,5\n")
    assert parsed.administrations == ()


def test_a_row_in_another_delimiter_is_a_problem_of_that_row():
    parsed = phq9(ROW, ROW.replace(",", ";").replace("A", "B", 1))
    assert [form.client_code for form in parsed.administrations] == ["A"]
    assert parsed.bad_rows == (3,)


def test_a_header_that_mixes_delimiters_evenly_is_asked_about():
    with pytest.raises(ImportProblem, match="mixes delimiters"):
        scores("client,date;phq9_1\nA,2026-01-05;1\n")


def test_excels_own_first_line_names_the_delimiter():
    parsed = scores("sep=;\r\n" + f"{PHQ9_HEADER}\r\n{ROW}\r\n".replace(",", ";"))
    assert len(parsed.administrations) == 1


@pytest.mark.parametrize("broken", ['"A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0', '"A"x,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0'])
def test_quotation_marks_that_do_not_pair_up_refuse_the_file(broken):
    with pytest.raises(ImportProblem, match="quotation marks do not pair up"):
        phq9(ROW, broken)


def test_a_line_break_inside_a_quoted_code_does_not_shift_the_rows_after_it():
    parsed = phq9('"A\nB",2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0', ROW)
    assert parsed.bad_rows == (2,)
    assert parsed.administrations[0].rows == (3,)


def test_blank_rows_are_passed_over_and_counted_and_keep_the_row_numbers():
    parsed = phq9("", ROW, ",,,,,,,,,,,", ROW.replace("A", "B", 1))
    assert [form.rows for form in parsed.administrations] == [(3,), (5,)]
    assert "2 blank rows were passed over." in parsed.warnings
    assert parsed.rows == 2


def test_a_header_without_rows_is_refused():
    with pytest.raises(ImportProblem, match="no rows"):
        scores(PHQ9_HEADER + "\n")


def test_a_nameless_column_may_be_blank_but_not_hold_a_value():
    assert scores(f"{PHQ9_HEADER},\n{ROW},\n").problems == ()
    assert scores(f"{PHQ9_HEADER},\n{ROW},x\n").bad_rows == (2,)


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0b", "\x1b", "\x7f", "\x80"])
def test_a_control_character_is_a_problem_at_its_row_and_column(character):
    parsed = phq9(f"A{character},2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0", ROW.replace("A", "B", 1))
    assert [form.client_code for form in parsed.administrations] == ["B"]
    assert (parsed.problems[0].row, parsed.problems[0].column) == (2, "client")
    assert f"U+{ord(character):04X}" in parsed.problems[0].value


def test_a_cell_over_the_limit_is_a_problem():
    parsed = phq9(f"{'A' * 32_001},2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert "at most 32,000 characters" in rules(parsed)


def test_more_rows_than_the_limit_refuse_the_file():
    with pytest.raises(ImportProblem, match="200,000 rows"):
        scores("client,date,phq9_1,phq9_2\n" + "A,2026-01-05,1,1\n" * 200_001)


def test_a_cell_kept_from_running_by_an_apostrophe_is_read_as_it_was_and_said():
    header = "client,date,marker,level,evidence"
    from lib.exchange.marker_sheets import read_markers
    from tests.unit.exchange_material import INSTRUMENTS, OPTIONS

    parsed = read_markers(f"{header}\nA,2026-01-05,trust,2,'=she called\n".encode(), "m.csv", INSTRUMENTS, OPTIONS)
    assert parsed.ratings[0].evidence == "=she called"
    assert any("apostrophe was taken off" in warning for warning in parsed.warnings)


def test_a_flood_of_problems_is_cut_and_said_while_every_row_stays_left_out():
    parsed = phq9(*[f"C{number},2026-01-05,PHQ-9,9,9,9,9,9,9,9,9,9" for number in range(1_000)])
    assert len(parsed.bad_rows) == 1_000
    assert len(parsed.problems) == 5_001
    assert "more than 5,000 problems" in parsed.problems[-1].rule

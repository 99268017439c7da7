"""Wide sheets of answers become forms, or say in words why not."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import PHQ9_HEADER, TODAY, phq9, rules, scores


def test_a_wide_row_becomes_a_form_with_its_answers_bound_to_items():
    parsed = phq9("007,2026-01-05,PHQ-9,0,1,2,3,0,1,2,3,0")
    form = parsed.administrations[0]
    assert (form.client_code, form.taken_on, form.instrument) == ("007", date(2026, 1, 5), "phq9")
    assert form.answers == {f"phq9_{number}": (number - 1) % 4 for number in range(1, 10)}
    assert form.rows == (2,)
    assert parsed.problems == ()
    assert parsed.recognised.startswith("scores, wide: 1 PHQ-9")


@pytest.mark.parametrize("code", ["007", "NA", "null", "1e5", "None", "nan", "TRUE", "1.0", "A_7", "Ä-1", " A1 "])
def test_a_clients_code_is_kept_as_it_is_written(code):
    parsed = phq9(f"{code},2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert [form.client_code for form in parsed.administrations] == [code]


@pytest.mark.parametrize("name", ["PHQ-9", "phq9", "PHQ9", "phq-9", "Patient Health Questionnaire-9", " phq 9 "])
def test_an_instrument_is_known_by_its_usual_names(name):
    assert phq9(f"A,2026-01-05,{name},0,0,0,0,0,0,0,0,0").administrations[0].instrument == "phq9"


@pytest.mark.parametrize(
    "answer",
    [
        "４",
        "３",
        "٣",
        "+3",
        "1e0",
        "NaN",
        "inf",
        "-1",
        "4",
        "3.5",
        "3.0.0",
        "NA",
        "=1+1",
        "0x1",
        "1_0",
        "-0",
        "²",
        "9" * 40,
    ],
)
def test_an_answer_outside_the_ascii_rule_or_the_range_is_a_problem_and_never_clamped(answer):
    parsed = phq9(f"A,2026-01-05,PHQ-9,{answer},0,0,0,0,0,0,0,0", "B,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert [form.client_code for form in parsed.administrations] == ["B"]
    problem = parsed.problems[0]
    assert (problem.row, problem.column, problem.value) == (2, "item_1", answer)
    assert problem.rule == "an answer to PHQ-9 is a whole number from 0 to 3"
    assert parsed.bad_rows == (2,)


@pytest.mark.parametrize("answer", ["3", "3.0", "3.000", " 3 ", "03"])
def test_a_whole_number_may_be_written_as_a_decimal(answer):
    assert phq9(f"A,2026-01-05,PHQ-9,{answer},0,0,0,0,0,0,0,0").administrations[0].answers["phq9_1"] == 3


def test_a_blank_answer_is_missing_and_not_zero():
    parsed = phq9("A,2026-01-05,PHQ-9,1,1,1,1,1,1,1,1,")
    assert parsed.administrations[0].answers["phq9_9"] is None


def test_a_row_without_any_answer_is_said_and_makes_no_form():
    parsed = phq9("A,2026-01-05,PHQ-9,,,,,,,,,", "B,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert len(parsed.administrations) == 1
    assert parsed.problems == ()
    assert any("1 rows have no answer at all" in warning for warning in parsed.warnings)
    assert parsed.rows == 2


def test_a_row_with_too_many_or_too_few_cells_is_a_problem_and_never_a_shift():
    parsed = phq9(
        "A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0",
        "B,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0,0",
        "C,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0",
    )
    assert [form.client_code for form in parsed.administrations] == ["C"]
    assert [problem.row for problem in parsed.problems] == [2, 3]
    assert parsed.bad_rows == (2, 3)


@pytest.mark.parametrize(
    "header", ["client,date,client,phq9_1", "client,date,Client,phq9_1", "client,date,phq9_1,PHQ-9_1"]
)
def test_a_header_twice_is_refused(header):
    with pytest.raises(ImportProblem, match=r"twice|same item"):
        scores(f"{header}\nA,2026-01-05,1,1\n")


def test_several_instruments_stand_side_by_side_and_one_may_be_empty():
    header = "client,date," + ",".join([f"phq9_{n}" for n in range(1, 10)] + [f"gad7_{n}" for n in range(1, 8)])
    full = "A,2026-01-05" + ",1" * 16
    half = "B,2026-01-05" + ",1" * 9 + "," * 7
    parsed = scores(f"{header}\n{full}\n{half}\n")
    assert [(form.client_code, form.instrument) for form in parsed.administrations] == [
        ("A", "phq9"), ("A", "gad7"), ("B", "phq9"),
    ]  # fmt: skip
    assert parsed.problems == ()


def test_a_total_that_the_answers_do_not_make_is_a_problem():
    header = PHQ9_HEADER + ",total"
    parsed = scores(f"{header}\nA,2026-01-05,PHQ-9,1,1,1,1,1,1,1,1,1,10\nB,2026-01-05,PHQ-9,1,1,1,1,1,1,1,1,1,9\n")
    assert [form.client_code for form in parsed.administrations] == ["B"]
    assert "the answers make 9" in parsed.problems[0].rule
    assert parsed.problems[0].column == "total"


def test_an_unknown_column_is_a_problem_and_not_dropped_in_silence():
    parsed = scores(f"{PHQ9_HEADER},mood\nA,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0,low\n")
    assert [(problem.row, problem.column) for problem in parsed.problems] == [(None, "mood")]


def test_the_same_form_twice_counts_once_and_is_said():
    row = "A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0"
    parsed = phq9(row, row)
    assert len(parsed.administrations) == 1
    assert parsed.problems == ()
    assert "1 forms repeat another one exactly and were counted once." in parsed.warnings
    assert parsed.repeats == ((3, 2),)


def test_the_same_form_with_different_answers_is_a_problem_on_both_rows():
    parsed = phq9("A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0", "A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,1")
    assert parsed.administrations == ()
    assert [problem.row for problem in parsed.problems] == [2, 3]


def test_codes_that_differ_only_in_blanks_at_the_ends_are_refused():
    parsed = phq9("A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0", "A ,2026-01-06,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert parsed.administrations == ()
    assert "differ only in blanks" in rules(parsed)


@pytest.mark.parametrize("code", ["", "   ", "=cmd()", "@SUM(A1)", "+1", "A\u200b1", "A\u00a01", "A\ufffd", "x" * 101])
def test_a_code_that_is_empty_runs_as_a_formula_or_hides_characters_is_a_problem(code):
    parsed = phq9(f"{code},2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert parsed.administrations == ()
    assert parsed.problems[0].column == "client"


def test_dates_in_the_future_before_birth_and_before_referral_are_problems():
    options = ReadOptions(today=TODAY, born_on={"B": date(2000, 1, 1)}, referred_on={"C": date(2026, 5, 1)})
    zeros = ",PHQ-9" + ",0" * 9
    parsed = phq9(
        f"A,2026-11-03{zeros}", f"B,1999-12-31{zeros}", f"C,2026-04-30{zeros}", f"D,2026-11-02{zeros}", options=options
    )
    assert [form.client_code for form in parsed.administrations] == ["D"]
    assert [problem.rule.split()[-1] for problem in parsed.problems] == ["future", "birth", "referral"]


def test_an_instrument_not_known_here_is_a_problem_that_names_those_known():
    parsed = phq9("A,2026-01-05,PHQ-99,0,0,0,0,0,0,0,0,0")
    assert parsed.problems[0].rule == "an instrument known here"
    assert "PHQ-9" in parsed.problems[0].mend


def test_an_item_beyond_the_instruments_last_is_a_problem():
    parsed = phq9("A,2026-01-05,GAD-7,0,0,0,0,0,0,0,0,")
    assert "has 7 items" in rules(parsed)


def test_a_target_the_instrument_does_not_know_is_a_problem():
    header = "client,date,target," + ",".join(f"ecr_rs_{n}" for n in range(1, 10))
    parsed = scores(f"{header}\nA,2026-01-05,mother{',1' * 9}\nA,2026-01-05,boss{',1' * 9}\n")
    assert [form.target for form in parsed.administrations] == ["mother"]
    assert parsed.problems[0].column == "target"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ([f"phq9_{number}" for number in range(9)], "shifted|has items 1 to 9"),
        ([f"phq9_{number}" for number in range(2, 11)], "has items 1 to 9"),
        (["phq9_1", "bdi_1"], "held by its totals only"),
    ],
)
def test_items_an_instrument_does_not_have_refuse_the_file_because_all_may_be_shifted(columns, words):
    with pytest.raises(ImportProblem, match=words):
        scores(f"client,date,{','.join(columns)}\nA,2026-01-05{',1' * len(columns)}\n")


def test_items_numbered_from_zero_refuse_the_file():
    with pytest.raises(ImportProblem, match="count from 1"):
        scores("client,date,instrument,item_0,item_1\nA,2026-01-05,PHQ-9,1,1\n")


def test_codes_that_differ_in_case_are_kept_apart_and_said():
    parsed = phq9("A,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0", "a,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert [form.client_code for form in parsed.administrations] == ["A", "a"]
    assert any("look like another one here" in warning and "'A', 'a'" in warning for warning in parsed.warnings)


def test_a_code_shortened_by_a_spreadsheet_is_kept_and_said():
    parsed = phq9("1.23457E+11,2026-01-05,PHQ-9,0,0,0,0,0,0,0,0,0")
    assert parsed.administrations[0].client_code == "1.23457E+11"
    assert any("a spreadsheet has shortened" in warning for warning in parsed.warnings)


def test_a_row_like_those_before_it_is_read_as_if_it_stood_alone() -> None:
    rows = [
        f"{client},{month}-{day:02},{rest}"
        for day, rest in enumerate((
            "PHQ-9,0,1,2,3,0,1,2,3,0",
            "PHQ-9,3,,2,3.0,0,1,2,3,",
            "PHQ-9,0,1,2,4,0,1,2,3,0",
            "PHQ-9,,,,,,,,,",
            "GAD-7,0,1,2,3,0,1,2,,",
            "GAD-7,0,1,2,3,0,1,2,3,",
            "PHQ-10,0,1,2,3,0,1,2,3,0",
            "PHQ-9,0,1,2,3,0,1,2,3\x01,0",
        ), 1)
        for client, month in (("A-1", "2026-01"), ("B-2", "2026-01"), ("A-1", "2027-01"), ("=A", "2026-01"))
    ]  # fmt: skip
    alone, together = [phq9(row) for row in rows], phq9(*rows)
    assert [form._replace(rows=()) for form in together.administrations] == [
        form._replace(rows=()) for one in alone for form in one.administrations
    ]
    assert [form.rows for form in together.administrations] == [
        (number,) for number, one in enumerate(alone, start=2) for _ in one.administrations
    ]
    assert [(p.row, p.column, p.rule) for p in together.problems] == [
        (number, p.column, p.rule) for number, one in enumerate(alone, start=2) for p in one.problems
    ]
    assert len(together.administrations) == 6 and together.bad_rows


def test_a_cell_that_is_too_long_is_one_problem_however_its_row_began() -> None:
    right = "A-1,2026-01-05,PHQ-9,0,1,2,3,0,1,2,3,0"
    told = scores(f"{PHQ9_HEADER},\n{right},\n{right.replace('05', '06')},{' ' * 32_001}\n")
    assert rules(told) == "a cell holds at most 32,000 characters" and len(told.administrations) == 1

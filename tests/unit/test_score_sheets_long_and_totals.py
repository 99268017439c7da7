"""Long sheets are put together to forms; totals are range-checked; what contradicts itself is refused."""

from __future__ import annotations

import pytest

from lib.domain.errors import ImportProblem
from tests.unit.exchange_material import rules, scores

LONG = "client,date,instrument,item,answer\n"
TOTALS = "client,date,instrument,score,scale\n"


def long(*pairs: tuple[object, object], client: str = "A") -> str:
    """Rows of one GAD-7 form."""
    return "".join(f"{client},2026-01-05,GAD-7,{item},{answer}\n" for item, answer in pairs)


@pytest.mark.parametrize("name", ["{}", "gad7_{}", "GAD7_{}", "item_{}", "{}.0", "GAD-7_{}"])
def test_rows_of_answers_become_one_form_whatever_items_are_called(name):
    parsed = scores(LONG + long(*[(name.format(number), number % 4) for number in range(1, 8)]))
    assert parsed.administrations[0].answers == {f"gad7_{number}": number % 4 for number in range(1, 8)}
    assert parsed.administrations[0].rows == tuple(range(2, 9))
    assert parsed.problems == ()


def test_an_item_without_a_row_or_an_answer_is_missing_and_not_zero():
    parsed = scores(LONG + long((1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, "")))
    assert parsed.administrations[0].answers["gad7_6"] is None
    assert parsed.administrations[0].answers["gad7_7"] is None


def test_the_same_answer_twice_counts_once_and_is_said():
    parsed = scores(LONG + long((1, 1), (1, 1), *[(number, 0) for number in range(2, 8)]))
    assert len(parsed.administrations) == 1
    assert any("repeat an answer exactly" in warning for warning in parsed.warnings)
    assert parsed.repeats == ((3, 2),) and parsed.administrations[0].rows == (2, *range(4, 10))


def test_two_answers_to_one_item_are_a_problem_on_both_rows_and_leave_the_form_out():
    parsed = scores(LONG + long((1, 1), (1, 2), (2, 0)) + long((1, 1), client="B"))
    assert [form.client_code for form in parsed.administrations] == ["B"]
    assert [problem.row for problem in parsed.problems] == [2, 3]
    assert parsed.bad_rows == (2, 3, 4)


@pytest.mark.parametrize("item", ["0", "8", "phq9_1", "", "x", "１"])
def test_an_item_the_instrument_does_not_have_leaves_the_form_out(item):
    parsed = scores(LONG + long((1, 1), (item, 1)))
    assert parsed.administrations == ()
    assert "GAD-7 has items 1 to 7" in rules(parsed)


def test_a_faulty_answer_leaves_the_whole_form_out_so_that_it_does_not_look_unanswered():
    parsed = scores(LONG + long(*[(number, 9 if number == 3 else 0) for number in range(1, 8)]))
    assert parsed.administrations == ()
    assert len(parsed.problems) == 1
    assert parsed.bad_rows == tuple(range(2, 9))


def test_a_row_that_cannot_be_placed_leaves_incomplete_forms_out_and_complete_ones_in():
    lost = "A,2026-99-05,GAD-7,7,1\n"
    complete = long(*[(number, 1) for number in range(1, 8)], client="B")
    parsed = scores(LONG + long(*[(number, 1) for number in range(1, 7)]) + lost + complete)
    assert [form.client_code for form in parsed.administrations] == ["B"]


def test_a_wide_or_long_row_of_an_instrument_held_by_totals_is_a_problem():
    assert "held by its totals only" in rules(scores(LONG + "A,2026-01-05,BDI,1,1\n"))
    assert "held by its totals only" in rules(scores("client,date,instrument,item_1,item_2\nA,2026-01-05,BDI,1,1\n"))


def test_totals_of_several_scales_make_one_form():
    parsed = scores(
        TOTALS + "A,2026-01-05,ECR-R,3.5,anxiety\nA,2026-01-05,ecr_r,2.25,Avoidance\nB,2026-01-05,BDI,12,\n"
    )
    assert [dict(form.totals) for form in parsed.administrations] == [
        {"anxiety": 3.5, "avoidance": 2.25},
        {"total": 12.0},
    ]
    assert parsed.administrations[0].answers is None


@pytest.mark.parametrize("score", ["64", "-1", "NaN", "inf", "1e1", "+5", "５", "12.", "twelve", "=12", "-0.5", "1 2"])
def test_a_total_out_of_range_or_no_number_is_a_problem_and_never_clamped(score):
    parsed = scores(TOTALS + f"A,2026-01-05,BDI,{score},\nB,2026-01-05,BDI,63,\nC,2026-01-05,BDI,0,\n")
    assert [form.client_code for form in parsed.administrations] == ["B", "C"]
    assert parsed.problems[0].rule == "BDI is a number from 0 to 63"


def test_an_empty_score_is_passed_over_and_is_not_zero():
    parsed = scores(TOTALS + "A,2026-01-05,BDI,,\nB,2026-01-05,BDI,0,\n")
    assert [form.client_code for form in parsed.administrations] == ["B"]
    assert any("no score is not a score of zero" in warning for warning in parsed.warnings)


def test_a_scale_must_be_named_where_there_are_several_and_must_exist():
    parsed = scores(TOTALS + "A,2026-01-05,ECR-R,3,\nA,2026-01-05,ECR-R,3,foo\n")
    assert parsed.administrations == ()
    assert [problem.column for problem in parsed.problems] == ["scale", "scale"]


def test_a_total_twice_counts_once_and_two_different_ones_are_a_problem_on_both_rows():
    same = scores(TOTALS + "A,2026-01-05,BDI,12,\nA,2026-01-05,BDI,12.0,\n")
    assert len(same.administrations) == 1 and same.repeats == ((3, 2),)
    different = scores(TOTALS + "A,2026-01-05,BDI,12,\nA,2026-01-05,BDI,13,\n")
    assert different.administrations == ()
    assert different.bad_rows == (2, 3)


@pytest.mark.parametrize("name", ["HAM-D", "HAMD17", "HDRS", "Hamilton Rating Scale for Depression, 17 items"])
def test_an_instrument_is_known_by_what_other_systems_call_it(name: str):
    parsed = scores(TOTALS + f'A,2026-01-05,"{name}",12,\n')
    assert [form.instrument for form in parsed.administrations] == ["hamd17"]


def test_the_same_day_for_another_target_or_respondent_is_another_form():
    header = "client,date,instrument,score,scale,target,respondent\n"
    parsed = scores(
        header + "A,2026-01-05,ECR-RS,3,anxiety,mother,client\nA,2026-01-05,ECR-RS,4,anxiety,father,client\n"
        "A,2026-01-05,ECR-RS,5,anxiety,mother,therapist\n"
    )
    assert len(parsed.administrations) == 3
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("client,date,item_1,item_2\nA,2026-01-05,1,1\n", "must name its instrument"),
        ("client,date,instrument,phq9_1,phq9_2\nA,2026-01-05,phq9,1,1\n", "Remove that column|besides"),
        ("client,date,instrument,item,answer,score\nA,2026-01-05,phq9,1,1,1\n", "at once"),
        ("client,instrument,item_1,item_2\nA,phq9,1,1\n", "'date'"),
        ("foo,bar\n1,2\n", "not a table of scores"),
        ("client,date,text\nA,2026-01-05,hello\n", "not a table of scores"),
        ("client,date,item,answer\nA,2026-01-05,1,1\n", "'instrument'"),
        ("client,date,phq9_1,gad7_total\nA,2026-01-05,1,3\n", "none of its items"),
    ],
)
def test_columns_that_make_no_sense_refuse_the_file(text, words):
    with pytest.raises(ImportProblem, match=words):
        scores(text)

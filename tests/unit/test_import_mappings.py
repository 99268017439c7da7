"""Saved column mappings read other systems' exports; what they do not mention is never dropped in silence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.mappings import ColumnMapping, DateRule, MappedTotal, mapping_from_json, mapping_to_json
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import TODAY, scores

DATA = Path(__file__).parents[1] / "data"


def saved(name: str) -> ColumnMapping:
    return mapping_from_json((DATA / "mappings" / f"{name}.json").read_text(encoding="utf-8"))


def read(file: str, mapping: ColumnMapping):
    return scores((DATA / "imports" / file).read_bytes(), ReadOptions(today=TODAY, mapping=mapping), file)


def by_place(parsed) -> dict:
    return {(form.client_code, form.instrument, form.taken_on): form for form in parsed.administrations}


def test_sessions_side_by_side_become_totals_at_weekly_dates_and_gaps_stay_gaps():
    parsed = read("sgdata_first_6.csv", saved("sgdata"))
    forms = by_place(parsed)
    assert parsed.problems == ()
    assert forms["1", "bdi", date(2024, 1, 8)].totals == {"total": 33.0}
    assert forms["1", "bdi", date(2024, 4, 1)].totals == {"total": 7.0}
    assert forms["1", "rq", date(2024, 6, 30)].totals == {"total": 10.0}
    assert ("2", "bdi", date(2024, 1, 22)) not in forms
    filled = sum(cell != "" for line in (DATA / "imports/sgdata_first_6.csv").read_text().splitlines()[1:]
                 for cell in line.split(",")[1:])  # fmt: skip
    assert len(forms) == filled


def test_refused_and_dont_know_are_missing_answers_and_empty_people_make_no_form():
    parsed = read("nhanes_2017_phq9_12.csv", saved("nhanes_2017_phq9"))
    forms = {form.client_code: form for form in parsed.administrations}
    assert parsed.problems == ()
    assert parsed.rows == 12
    assert "93709" not in forms
    assert list(forms["93887"].answers.values()) == [0] + [None] * 8
    assert forms["95471"].answers["phq9_4"] is None
    assert forms["95471"].answers["phq9_5"] == 2
    assert forms["93711"].taken_on == date(2018, 6, 30)


def test_days_since_a_start_become_dates_and_a_repeated_baseline_counts_once():
    parsed = read("antidepressant_hamd17_first_11.csv", saved("antidepressant_hamd17"))
    forms = by_place(parsed)
    assert parsed.problems == ()
    assert forms["1503", "hamd17", date(2024, 1, 8)].totals == {"total": 32.0}
    assert forms["1503", "hamd17", date(2024, 1, 15)].totals == {"total": 21.0}
    assert len(forms) == 11 + 3


def test_an_unmapped_column_is_refused_unless_others_are_ignored_on_purpose():
    content = json.loads((DATA / "mappings/nhanes_2017_phq9.json").read_text())
    del content["ignore"]
    with pytest.raises(ImportProblem, match="DPQ100") as caught:
        read("nhanes_2017_phq9_12.csv", mapping_from_json(json.dumps(content)))
    assert caught.value.problems[0].column == "DPQ100"
    content["ignore_other_columns"] = True
    parsed = read("nhanes_2017_phq9_12.csv", mapping_from_json(json.dumps(content)))
    assert len(parsed.administrations) == 11
    assert any("leaves these columns out: DPQ100" in warning for warning in parsed.warnings)


def test_a_mapping_that_names_a_column_the_file_lacks_is_refused():
    with pytest.raises(ImportProblem, match="lacks"):
        read("sgdata_first_6.csv", saved("nhanes_2017_phq9"))


@pytest.mark.parametrize(
    ("columns", "constants", "content", "place"),
    [
        (("item_1", "item_2"), {"instrument": "ECR-RS"}, "client,date,item_1,item_2\nA,2024-01-05,7,1\n", "item_1"),
        (
            ("instrument", "item", "answer"),
            {},
            "client,date,instrument,item,answer\nA,2024-01-05,ECR-R,1,7\n",
            "answer",
        ),
        (("instrument", "score"), {}, "client,date,instrument,score\nA,2024-01-05,BDI,7\n", "score"),
    ],
)
def test_a_missing_code_that_an_instrument_of_the_file_can_give_is_a_problem_of_its_row(
    columns, constants, content, place
):
    kept = {name: name for name in ("client", "date", *columns)}
    mapping = ColumnMapping("m", kept, constants=constants, missing_codes=("7", "99"))
    parsed = scores(content, ReadOptions(today=TODAY, mapping=mapping))
    assert parsed.administrations == ()
    (problem,) = parsed.problems
    assert (problem.row, problem.column, problem.value) == (2, place, "7") and "calls it missing" in problem.rule


def test_a_missing_code_that_is_a_valid_answer_is_refused():
    mapping = ColumnMapping(
        "m", {"id": "client", "q": "phq9_1"}, date_rule=DateRule(on=date(2024, 1, 1)), missing_codes=("3",)
    )
    with pytest.raises(ImportProblem, match="calls 3 missing"):
        scores("id,q\nA,1\n", ReadOptions(today=TODAY, mapping=mapping))


def test_without_a_mapping_codes_for_refused_are_problems():
    assert scores("client,date,phq9_1,phq9_2\nA,2026-01-05,7,1\n").bad_rows == (2,)


def test_an_offset_that_is_no_number_of_days_is_a_problem_of_its_row():
    mapping = ColumnMapping(
        "m", {"id": "client"}, totals=(MappedTotal("s", "bdi"),),
        date_rule=DateRule(start=date(2024, 1, 1), offset_column="day"),
    )  # fmt: skip
    parsed = scores("id,day,s\nA,x,10\nB,-3,11\nC,7,12\nD,999999,1\n", ReadOptions(today=TODAY, mapping=mapping))
    assert [(form.client_code, form.taken_on) for form in parsed.administrations] == [("C", date(2024, 1, 8))]
    assert parsed.bad_rows == (2, 3, 5)


def test_a_mapped_total_out_of_range_names_its_own_column():
    mapping = ColumnMapping(
        "m", {"id": "client"}, totals=(MappedTotal("s", "bdi"),), date_rule=DateRule(on=date(2024, 1, 1))
    )
    parsed = scores("id,s\nA,99\n", ReadOptions(today=TODAY, mapping=mapping))
    assert (parsed.problems[0].row, parsed.problems[0].column, parsed.problems[0].value) == (2, "s", "99")


def test_constants_fill_columns_the_file_does_not_have():
    mapping = ColumnMapping("m", {"pid": "client", "when": "date", "sum": "score"}, constants={"instrument": "BDI"})
    parsed = scores("pid,when,sum\nA,2026-01-05,12\n", ReadOptions(today=TODAY, mapping=mapping))
    assert parsed.administrations[0].instrument == "bdi"


@pytest.mark.parametrize("name", ["sgdata", "nhanes_2017_phq9", "antidepressant_hamd17"])
def test_a_mapping_survives_being_saved(name):
    assert mapping_from_json(mapping_to_json(saved(name))) == saved(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        pytest.param("[" * 100_000, id="nested too deeply"),
        "[]",
        "{",
        '{"name": ""}',
        '{"name": "x", "surprise": 1}',
        '{"name": "x", "columns": []}',
        '{"name": "x", "columns": {"a": 1}}',
        '{"name": "x", "client_integral": "yes"}',
        '{"name": "x", "date_rule": {"on": "01/02/2024"}}',
        '{"name": "x", "date_rule": {"offset_column": "d"}}',
        '{"name": "x", "totals": [{"column": "a"}]}',
        '{"name": "x", "series": [{"instrument": "bdi", "columns": ["a"]}]}',
        '{"name": "x", "missing_codes": [true]}',
    ],
)
def test_a_mapping_that_is_wrong_is_refused_in_words(text):
    with pytest.raises(ImportProblem, match="column mapping is wrong"):
        mapping_from_json(text)

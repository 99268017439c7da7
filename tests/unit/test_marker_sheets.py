"""Marker ratings from a table: NE is not enough evidence and never zero."""

from __future__ import annotations

import pytest

from lib.domain.errors import ImportProblem
from lib.domain.imports import Parsed, problems_as_rows
from lib.exchange.marker_sheets import read_markers
from tests.unit.exchange_material import INSTRUMENTS, OPTIONS, rules

HEADER = "client,date,marker,level,context,evidence"


def markers(*rows: str, header: str = HEADER) -> Parsed:
    return read_markers("\n".join([header, *rows, ""]).encode(), "m.csv", INSTRUMENTS, OPTIONS)


def test_a_row_becomes_a_rating():
    rating = markers('A,2026-01-05,Trust,3,partner,"asked him, and stayed"').ratings[0]
    assert (rating.marker, rating.level, rating.context) == ("trust", 3, "partner")
    assert (rating.evidence, rating.row) == ("asked him, and stayed", 2)


@pytest.mark.parametrize("written", ["NE", "ne", " NE "])
def test_not_enough_evidence_is_no_level_and_no_zero(written):
    parsed = markers(f"A,2026-01-05,needs,{written},,")
    assert parsed.problems == ()
    assert parsed.ratings[0].level is None


@pytest.mark.parametrize("level", ["5", "-1", "2.5", "", "NA", "３", "high", "-0", "1e0", "+1"])
def test_a_level_outside_0_to_4_is_a_problem(level):
    parsed = markers(f"A,2026-01-05,needs,{level},,", "A,2026-01-05,trust,0,,", "A,2026-01-05,presence,4.0,,")
    assert [rating.level for rating in parsed.ratings] == [0, 4]
    assert "0 to 4, or NE" in rules(parsed)


@pytest.mark.parametrize(
    "row", ["A,2026-01-05,hope,1,,", "A,2026-01-05,,1,,", "A,2026-01-05,trust,1,dog,", ",2026-01-05,trust,1,,"]
)
def test_a_marker_a_context_or_a_client_that_is_not_known_is_a_problem(row):
    assert markers(row).bad_rows == (2,)


def test_the_same_rating_twice_counts_once_and_two_different_ones_are_problems():
    assert len(markers("A,2026-01-05,trust,1,,", "A,2026-01-05,trust,1,,").ratings) == 1
    assert markers("A,2026-01-05,trust,1,,", "A,2026-01-05,trust,NE,,").bad_rows == (2, 3)
    assert len(markers("A,2026-01-05,trust,1,work,", "A,2026-01-05,trust,2,family,").ratings) == 2


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(ImportProblem, match="'level'"):
        markers("A,2026-01-05,trust", header="client,date,marker")


def test_problems_become_rows_of_a_receipt():
    row = problems_as_rows(markers("A,2026-01-05,trust,9,,").problems)[0]
    assert row == {
        "row": 2,
        "column": "level",
        "value": "9",
        "rule": "a level is 0 to 4, or NE for not enough evidence",
        "mend": "Write a whole number or NE; half points are not given.",
        "file": "m.csv",
        "sheet": "",
    }

"""Scores of sources about markers: what a file may hold, what is refused with its row, and the estimates it gives."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.marker_series import SourceScores, read_marker_series
from lib.exchange.read_options import ReadOptions
from lib.services.marker_measurement import estimated_series
from tests.factories import definitions

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
HEADER = "client,marker,date,source,value,confidence\n"


def read(text: str, **more: Any) -> SourceScores:
    known, options = definitions(), ReadOptions(today=date(2026, 11, 2))
    return read_marker_series(text.encode(), "s.csv", known.instruments, options, tuple(known.model.markers), **more)


def told(text: str, **more: Any) -> list[dict[str, Any]]:
    return estimated_series(read(text, **more), definitions().model.estimation)


def problems(text: str, **more: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportProblem) as raised:
        read(text, **more)
    return [(problem.row, problem.column) for problem in raised.value.problems]


def test_one_score_a_row_gives_an_estimate_on_every_day() -> None:
    found = told(
        HEADER + "A,trust,2026-01-05,clinician_rating,1,\nA,trust,2026-02-05,Therapist,3,high\n"
        "B,needs,2026-01-05,client_rating,2,\n"
    )
    assert [(one["client"], one["marker"], one["date"]) for one in found] == [
        ("A", "trust", "2026-01-05"), ("A", "trust", "2026-02-05"), ("B", "needs", "2026-01-05"),
    ]  # fmt: skip
    assert found[0]["p_change_gt0"] is None and found[0]["verdict"] == "one_date"
    low, high = found[1]["interval"]
    assert low < found[1]["level"] < high and 0.5 < found[1]["p_change_gt0"] < 1
    assert found[1]["level"] == pytest.approx((found[1]["t"]["level"] - 30) / 10)
    assert found[0]["status"].startswith("RESEARCHER PRIOR")
    assert found[1]["stale_from"] == "2026-04-06"


def test_the_golden_state_model_comes_out_of_its_own_file() -> None:
    found = told((GOLDEN / "kalman_multisource.csv").read_text(encoding="utf-8"))
    with (GOLDEN / "kalman_bias_states.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert [one["date"] for one in found] == [float(row["day"]) for row in expected]
    for one, row in zip(found, expected, strict=True):
        mine = [one["t"][key] for key in ("level", "variance", "change", "change_variance")]
        assert mine == pytest.approx(
            [float(row[key]) for key in ("theta", "theta_var", "change", "change_var")], abs=1e-6
        )
        for key in ("p_change_gt0", "p_change_gt5"):
            assert one[key] == (pytest.approx(float(row[key]), abs=1e-6) if row[key] else None)


def test_days_may_be_numbers_and_values_t_scores() -> None:
    rows = "client,marker,day,source,value\nA,trust,0,clinician,44.2\nA,trust,28,gas,35.5\n"
    found = told(rows, in_t=True)
    assert [one["date"] for one in found] == [0, 28]


def test_values_of_which_none_could_be_a_level_are_t_scores_and_a_mixture_is_a_problem() -> None:
    rows = "client,marker,day,source,value\nA,trust,0,clinician,44.2\nA,trust,28,gas,35.5\nB,needs,0,client,NE\n"
    assert told(rows) == told(rows, in_t=True) and read(rows).in_t
    assert problems(rows + "B,needs,7,client,3\n") == [(2, "value"), (3, "value")]
    assert problems(HEADER + "A,trust,2026-01-05,clinician_rating,5,\n") == [(2, "value")]


def test_the_golden_state_model_comes_out_of_the_same_scores_one_a_row() -> None:
    with (GOLDEN / "kalman_multisource.csv").open(encoding="utf-8", newline="") as file:
        days = list(csv.DictReader(file))
    sources = ("clinician", "questionnaire", "gas")
    lines = [f"A,trust,{round(float(row['day']))},{one},{row['y_' + one]}" for row in days for one in sources]
    found = told("client,marker,day,source,value\n" + "\n".join(lines) + "\n")
    with (GOLDEN / "kalman_bias_states.csv").open(encoding="utf-8", newline="") as file:
        for row, one in zip(csv.DictReader(file), found, strict=True):
            assert one["t"]["level"] == pytest.approx(float(row["theta"]), abs=1e-9)
            assert one["t"]["change_variance"] == pytest.approx(float(row["change_var"]), abs=1e-9)


def test_goals_of_one_day_are_one_score() -> None:
    one = told(HEADER + "A,trust,2026-01-05,gas,1,\nA,trust,2026-01-05,goals,1,\n")
    more = told(HEADER + "A,trust,2026-01-05,gas,1,\n")
    assert len(one) == 1 and one[0]["level"] > more[0]["level"]


def test_not_enough_evidence_is_no_score_and_no_zero() -> None:
    found = told(HEADER + "A,trust,2026-01-05,clinician_rating,2,\nA,trust,2026-03-05,clinician_rating,NE,\n")
    assert found[1]["level"] == found[0]["level"]
    assert found[1]["t"]["variance"] == pytest.approx(found[0]["t"]["variance"] + 0.09 * 59)
    (only,) = told(HEADER + "A,trust,2026-01-05,clinician_rating,NE,\n")
    assert only["level"] is None and only["why"] == "not enough evidence yet" and only["date"] == "2026-01-05"
    before, after = told(HEADER + "A,trust,2026-01-05,gas,,\nA,trust,2026-02-05,clinician_rating,2,\n")
    assert before["level"] is None and before["interval"] is None and after["level"] is not None


def test_a_questionnaire_scale_is_compared_with_its_published_group() -> None:
    named = told(HEADER + "A,trust,2026-01-05,ECR-R.avoidance,2.92,\n")
    higher = told(HEADER + "A,trust,2026-01-05,ecr_r.avoidance,5,\n")
    assert named[0]["level"] == pytest.approx(2) and higher[0]["level"] < 2
    (none,) = told(HEADER + "A,trust,2026-01-05,ecr_rs.avoidance,3,\n")
    assert none["level"] is None and "no published figures entered for ecr_rs.avoidance" in none["why"]
    assert none["left_out"] == [
        {"source": "ecr_rs.avoidance", "value": 3.0, "why": "no published figures entered for ecr_rs.avoidance"}
    ]


def test_overlapping_scales_are_named_on_their_day() -> None:
    (one,) = told(HEADER + "A,trust,2026-01-05,ecr_r.avoidance,3,\nA,trust,2026-01-05,ecr_r.anxiety,3,\n")
    assert [each["source"] for each in one["left_out"]] == ["ecr_r.anxiety"]


def test_sources_that_disagree_are_listed() -> None:
    (one,) = told(HEADER + "A,trust,2026-01-05,clinician,0,\nA,trust,2026-01-05,client,4,\n")
    assert [(each["source"], each["value"]) for each in one["disagreements"]] == [("client_rating", 4.0)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A,trust,2026-01-05,clinician_rating,2.5,", "value"),
        ("A,trust,2026-01-05,clinician_rating,5,", "value"),
        ("A,trust,2026-01-05,clinician_rating,-1,", "value"),
        ("A,trust,2026-01-05,clinician_rating,nan,", "value"),
        ("A,trust,2026-01-05,gas,3,", "value"),
        ("A,trust,2026-01-05,questionnaire,140,", "value"),
        ("A,trust,2026-01-05,ecr_r.avoidance,0.5,", "value"),
        ("A,trust,2026-01-05,ecr_r.closeness,2,", "source"),
        ("A,trust,2026-01-05,horoscope,2,", "source"),
        ("A,hope,2026-01-05,clinician,2,", "marker"),
        ("A,,2026-01-05,clinician,2,", "marker"),
        ("A,trust,2026-13-05,clinician,2,", "date"),
        ("A,trust,2031-01-05,clinician,2,", "date"),
        (",trust,2026-01-05,clinician,2,", "client"),
        ("A,trust,2026-01-05,clinician,2,sure", "confidence"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(row: str, column: str) -> None:
    assert problems(HEADER + row + "\n") == [(2, column)]


def test_two_things_of_one_source_on_one_day_are_refused_and_a_repeated_row_counts_once() -> None:
    twice = HEADER + "A,trust,2026-01-05,clinician,2,\nA,trust,2026-01-05,clinician,{},\n"
    assert problems(twice.format(3)) == [(2, "value"), (3, "value")]
    assert told(twice.format(2)) == told(HEADER + "A,trust,2026-01-05,clinician,2,\n")


@pytest.mark.parametrize(
    "text",
    [
        "client,marker,date,source\nA,trust,2026-01-05,gas\n",
        "y_clinician,y_gas\n44,50\n",
        "client,marker,date,value\nA,trust,2026-01-05,1\n",
    ],
)
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(ImportProblem, match="need the columns"):
        read(text)


def test_a_column_nobody_knows_is_refused() -> None:
    assert problems("day,y_clinician,y_mood\n0,44,1\n") == [(None, "y_mood")]
    assert problems("client,marker,date,source,value,mood\nA,trust,2026-01-05,gas,1,x\n") == [(None, "mood")]
    assert problems("day,y_clinician\n-1,44\n") == [(2, "day")]

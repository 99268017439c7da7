"""The verb `markers`: estimates from a file, as text and as JSON, and refusals that name row and rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.terminal import Terminal

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
ROWS = (
    "client,marker,date,source,value,confidence\n"
    "A,trust,2026-01-05,clinician_rating,1,high\n"
    "A,trust,2026-01-05,client_rating,4,\n"
    "B,needs,2026-02-05,clinician_rating,2,\n"
)


def test_every_day_of_every_client_is_estimated(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(ROWS, encoding="utf-8")
    found = terminal("markers", str(file), "--json")
    assert found.code == 0
    told = found.data
    assert [(one["client"], one["marker"], one["date"]) for one in told] == [
        ("A", "trust", "2026-01-05"), ("B", "needs", "2026-02-05"),
    ]  # fmt: skip
    assert {"level", "interval", "change", "p_change_gt0", "p_change_gt5", "verdict", "left_out"} <= set(told[0])
    assert [each["source"] for each in told[0]["disagreements"]] == ["client_rating"]
    assert "sources disagree: client_rating" in terminal("markers", str(file)).out


def test_the_golden_file_is_taken_as_it_is(terminal: Terminal) -> None:
    found = terminal("markers", str(GOLDEN / "kalman_multisource.csv"), "--json")
    assert found.code == 0
    assert found.data[-1]["t"]["change"] == pytest.approx(9.120268304135825, abs=1e-6)


def test_a_wrong_row_is_refused_with_its_rule(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(ROWS + "B,needs,2026-03-05,clinician_rating,2.5,\n", encoding="utf-8")
    found = terminal("markers", str(file))
    assert found.code == 1 and "row 5, column value: a level is a whole number from 0 to 4" in found.words
    assert terminal("markers", str(file), "--metric", "t").code == 0

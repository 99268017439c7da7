"""`change` at the terminal: every golden person through the line itself, and what is refused in words."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.integration.terminal import Terminal

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
FILES = sorted((GOLDEN / "participants").glob("*.csv"))
IN_WORDS_OF_R = {"harmed": "worsened_across_cutoff"}
OWN = "client,instrument,before,after\nA,own,10,5\n"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_golden_person_is_judged_on_the_line_as_by_r(terminal: Terminal, path: Path) -> None:
    people = rows(path)
    before, after = (np.array([float(row[side]) for row in people]) for side in ("pre", "post"))
    given = next(row for row in rows(GOLDEN / "parameters.csv") if row["key"] == people[0]["key"])
    figures = {
        "sd": before.std(ddof=1), "reliability": given["reliability"], "reliability-post": given["reliability_post"],
        "mean-clinical": before.mean(), "sd-clinical": before.std(ddof=1), "mean-functional": given["m_functional"],
        "sd-functional": given["sd_functional"], "mean-after": after.mean(), "sd-after": after.std(ddof=1),
    }  # fmt: skip
    told = "".join(f"{row['id']},own,{row['pre']},{row['post']}\n" for row in people)
    said = terminal(
        "change", terminal.put("pairs.csv", f"client,instrument,before,after\n{told}"), "--json",
        "--method", people[0]["method"], "--cutoff", people[0]["cutoff_type"], "--better", given["better_is"],
        *(part for name, value in figures.items() for part in (f"--{name}", str(float(value)))),
    )  # fmt: skip
    assert said.code == 0
    for found, row in zip(said.data, people, strict=True):
        assert found["rci"] == pytest.approx(float(row["rci"]), abs=1e-9)
        assert found["verdict"] == IN_WORDS_OF_R.get(row["category"], row["category"])


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (("--better", "lower", "--sd", "0", "--reliability", ".8"), "sd is 0.0; it must be a number above 0"),
        (("--better", "lower", "--sd", "5", "--reliability", "1.2"), "reliability is 1.2; it must be a number between"),
        (("--better", "lower", "--sd", "5", "--reliability", "nan"), "reliability is nan"),
        (("--better", "lower", "--sd", "inf", "--reliability", ".8"), "sd is inf"),
        (("--sd", "5", "--reliability", ".8"), "Add --better"),
        (("--better", "lower", "--sd", "5", "--reliability", ".8", "--correlation", "2"), "between -1 and 1"),
    ],
)
def test_a_figure_that_cannot_be_one_is_refused_in_words(
    terminal: Terminal, figures: tuple[str, ...], words: str
) -> None:
    said = terminal("change", terminal.put("pairs.csv", OWN), *figures)
    assert said.code == 1 and words in said.words and said.out == ""


def test_text_and_nan_are_problems_of_their_row_and_a_missing_score_is_none(terminal: Terminal) -> None:
    file = terminal.put(
        "pairs.csv", "client,instrument,before,after\nA,phq9,ten,5\nB,phq9,nan,5\nC,phq9,10,40\nD,zzz,1,2\n"
    )
    said = terminal("change", file)
    assert said.code == 1 and "row 2, column before" in said.words and "row 3, column before" in said.words
    file = terminal.put("pairs.csv", "client,instrument,before,after\nC,phq9,10,40\nD,zzz,1,2\n")
    said = terminal("change", file)
    assert "row 2, column after: PHQ-9 is a number from 0 to 27" in said.words
    assert "row 3, column instrument: no known instrument" in said.words
    file = terminal.put("pairs.csv", "client,instrument,before,after\nA,phq9,,5\nB,phq9,NA,\nC,phq9,17,8\n")
    said = terminal("change", file, "--json")
    assert [one["verdict"] for one in said.data] == ["undetermined", "undetermined", "recovered"]
    assert said.data[0]["rci"] is None and "no first score" in said.data[0]["sentence"]


def test_a_correlation_and_a_cutoff_of_ones_own_are_taken(terminal: Terminal) -> None:
    file = terminal.put("pairs.csv", OWN)
    group = ("--better", "lower", "--sd", "5", "--reliability", ".9", "--mean-clinical", "12", "--mean-after", "8")
    judged = terminal("change", file, "--json", "--method", "HA", *group, "--sd-after", "6", "--correlation", ".4")
    assert judged.data[0]["rci"] is not None and judged.data[0]["cutoff"] is None
    judged = terminal("change", file, "--json", *group, "--published-cutoff", "7", "--rule-in-use", "4")
    assert (judged.data[0]["cutoff"], judged.data[0]["verdict"]) == (7, "recovered")


def test_a_scale_of_ones_own_need_not_be_named_and_a_known_one_must(terminal: Terminal) -> None:
    file = terminal.put("pairs.csv", "client,before,after\nA,10,5\n")
    judged = terminal("change", file, "--json", "--better", "lower", "--sd", "1", "--reliability", ".9999")
    assert (judged.data[0]["instrument"], judged.data[0]["verdict"]) == ("", "improved")
    assert "reliability .9999" in judged.data[0]["sentence"]
    assert "no column instrument" in terminal("change", file).words

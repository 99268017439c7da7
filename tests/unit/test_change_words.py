"""The words of a change verdict: whole sentences, whole accounts of what they rest on, and what is said where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.domain.change import judge_change
from lib.domain.change_basis import Basis, Method, basis_of
from lib.domain.change_comparison import compared
from lib.domain.change_methods import RELIABLE_AT_95_PERCENT, index_of
from lib.domain.change_words import beside, plain, share, why_no_figures
from lib.domain.instruments import Direction
from tests.factories import definitions

PHQ9, GAD7 = (basis_of(definitions().instruments[name].scale("total")) for name in ("phq9", "gad7"))
SHORT = Basis(Direction.LOWER_BETTER, name="A scale", sd=5, reliability=0.9, cutoff=10, decimals=0)
WHOLE = replace(
    SHORT, reliability=0.85, reliability_post=0.8, mean_clinical=17, sd_clinical=6, mean_functional=4, sd_functional=4,
    mean_after=10, sd_after=7, correlation=0.4, rule_in_use=6, sources={"sd": "a source"},
)  # fmt: skip
FIGURES = "SD 6.1, major depression, Kroenke 2001; reliability .84, test-retest over 48 hours, Kroenke 2001"
CLINICAL = "clinical group (mean 17.1, SD 6.1, major depression, US primary care, Kroenke 2001)"
FUNCTIONAL = "functional group (mean 3.3, SD 3.8, no depressive disorder, US primary care, Kroenke 2001)"
IN_USE = "rule in common use 6 points, talking-therapies rule, NCT05134103"


@pytest.mark.parametrize(
    ("kind", "cutoff"),
    [
        (None, "cut-off 10, caseness at 10 or more, Kroenke 2001"),
        ("a", f"cut-off a at 4.9 from the {CLINICAL}"),
        ("b", f"cut-off b at 10.9 from the {FUNCTIONAL}"),
        ("c", f"cut-off c at 8.6 from the {CLINICAL} and the {FUNCTIONAL}"),
    ],
)
def test_all_that_a_verdict_rests_on_is_told_in_order(kind: str | None, cutoff: str) -> None:
    assert judge_change(17, 8, PHQ9, cutoff_kind=kind).rests_on == (
        f"baseline 17 and 8 now, two scores; {FIGURES}; method JT (Jacobson and Truax 1991), index -2.608 against 1.96;"
        f" 95 % limit 6.76 points, 90 % limit 5.68 points; {IN_USE}; {cutoff}."
    )


def test_another_method_tells_its_index_its_limit_and_its_further_figures() -> None:
    result = judge_change(17, 8, PHQ9, "GLN", "c")
    assert result.sentence == (
        "PHQ-9 fell from 17 to 8: by the method of Gulliksen, Lord and Novick the index is -2.72, and beyond 1.96"
        f" either way counts as reliable ({FIGURES}). Reliably better. It began on the clinical side of the cut-off of"
        " 8.6 and ended beyond it: recovered."
    )
    assert result.rests_on == (
        f"baseline 17 and 8 now, two scores; {FIGURES}; clinical mean 17.1, major depression, US primary care, Kroenke"
        " 2001; method GLN (Gulliksen, Lord and Novick), index -2.724 against 1.96;"
        f" {IN_USE}; cut-off c at 8.6 from the {CLINICAL} and the {FUNCTIONAL}."
    )
    assert "the index is 0.32, and beyond 1.96 either way" in judge_change(16, 17, WHOLE, "GLN").sentence
    assert "the index is 2.55, and beyond 1.64 either way" in judge_change(8, 17, WHOLE, "HA").sentence


def test_the_figures_of_a_group_are_named_one_by_one() -> None:
    assert (
        "; SD 5, a source; reliability .85, source not named; clinical mean 17, source not named; mean of the group"
        " after 10, source not named; SD of the group after 7, source not named; correlation of before with after 0.4,"
        " source not named; method HA (Hageman and Arrindell), index -3.462 against 1.645; "
    ) in judge_change(17, 8, replace(WHOLE, mean_clinical=17.0004), "HA").rests_on
    assert "the clinical group (mean 17, SD 6, source not named)." in judge_change(17, 8, WHOLE, "JT", "a").rests_on


def test_the_figures_of_a_definition_come_with_their_sources() -> None:
    assert basis_of(definitions().instruments["phq9"].scale("total")).sources == {
        "sd": "major depression, Kroenke 2001",
        "reliability": "test-retest over 48 hours, Kroenke 2001",
        "cutoff": "caseness at 10 or more, Kroenke 2001",
        "rule_in_use": "talking-therapies rule, NCT05134103",
        "mean_clinical": "major depression, US primary care, Kroenke 2001",
        "mean_functional": "no depressive disorder, US primary care, Kroenke 2001",
    }
    assert basis_of(definitions().instruments["bdi2"].scale("total")).sources == {}


def test_a_cutoff_whose_figures_are_missing_is_said_with_what_it_needs() -> None:
    result = judge_change(17, 8, GAD7, cutoff_kind="a")
    assert result.sentence.endswith("No recovery is judged: cut-off a needs the clinical mean and clinical SD.")
    assert result.rests_on.endswith("; no cut-off: cut-off a needs the clinical mean and clinical SD.")


@pytest.mark.parametrize(
    ("before", "after", "opening", "side"),
    [
        (10, 10, "stayed at 10: 0 points where", "At the cut-off of 10 before, at it now."),
        (10, 12, "rose from 10 to 12: 2 points up where", "At the cut-off of 10 before, above it now."),
        (12, 10, "fell from 12 to 10: 2 points down where", "Above the cut-off of 10 before, at it now."),
        (9, 12.5, "rose from 9 to 12.5: 3.5 points up where", "Below the cut-off of 10 before, above it now."),
        (2, 1, "fell from 2 to 1: 1 point down where", "Below the cut-off of 10 before, below it now."),
        (5, 11, "rose from 5 to 11: 6 points up where", "It began on the good side of the cut-off of 10 and ended on"
         " the clinical side: worsened across the cut-off."),
    ],
)  # fmt: skip
def test_movement_and_side_are_told_in_plain_words(before: float, after: float, opening: str, side: str) -> None:
    sentence = judge_change(before, after, SHORT).sentence
    assert sentence.startswith(f"A scale {opening} error alone allows 4.4 (SD 5, source not named; reliability .9,")
    assert sentence.endswith(side)


def test_a_change_that_is_only_probable_or_none_is_told_with_its_way() -> None:
    assert "Probably worse (beyond the 90 % limit), but at 95 %" in judge_change(12, 16, SHORT).sentence
    assert "Probably better (beyond the 90 % limit), but at 95 %" in judge_change(16, 12, SHORT).sentence
    assert "source not named). This cannot be told from no change. Above" in judge_change(16, 13, SHORT).sentence
    assert "Reliably worse. Above" in judge_change(12, 30, SHORT).sentence


def test_the_rule_in_use_counts_from_its_own_points_on() -> None:
    basis = replace(SHORT, rule_in_use=3)
    told = "The rule in common use (3 points) does count it as a change; it is less strict."
    assert judge_change(12, 15, basis).sentence.endswith(told) and judge_change(15, 12, basis).sentence.endswith(told)
    for after in (14.9, 9.1, 20):
        assert "rule in common use" not in judge_change(12, after, basis).sentence


def test_the_cutoff_is_told_as_finely_as_the_nearer_score_asks() -> None:
    basis = replace(SHORT, cutoff=9.996)
    assert "Above the cut-off of 9.996 before, above it now." in judge_change(12, 10, basis).sentence
    assert "Below the cut-off of 9.996 before, above it now." in judge_change(6, 10, basis).sentence
    assert "Above the cut-off of 10 before, below it now." in judge_change(12, 9, basis).sentence


def test_a_scale_of_whole_points_has_limits_with_one_decimal_and_one_of_tenths_with_two() -> None:
    assert "error alone allows 4.38 (" in judge_change(9, 9.5, replace(SHORT, decimals=1)).sentence
    assert "error alone allows 4.38 (" in judge_change(9, 9.5, replace(SHORT, decimals=3)).sentence


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [(-0.001, 2, "0"), (0.0, 0, "0"), (10.0, 0, "10"), (100.0, 2, "100"), (-2.50, 2, "-2.5"), (0.125, 3, "0.125")],
)
def test_numbers_are_told_without_trailing_zeros_and_nothing_has_no_sign(
    value: float, decimals: int, words: str
) -> None:
    assert plain(value, decimals) == words


def test_a_share_is_told_as_papers_print_it() -> None:
    assert [share(value) for value in (0.84, 0.9, 0.905)] == [".84", ".9", ".905"]


def test_a_number_told_beside_an_equal_one_stays_equal_and_never_grows_endless() -> None:
    assert beside(7.000000001, 7, 1) == "7" and beside(6.9999999, 7, 1) == "6.9999999"


@pytest.mark.parametrize("known", [{"sd": 5}, {"reliability": 0.9}])
def test_half_of_the_figures_is_as_good_as_none(known: dict[str, float]) -> None:
    sentence = judge_change(20, 5, Basis(Direction.LOWER_BETTER, name="A scale", **known)).sentence  # type: ignore[arg-type]
    assert sentence == (
        "A scale fell from 20 to 5. Whether this is more than error cannot be told: no published figures entered."
    )


def test_a_method_that_lacks_nothing_has_no_reason_to_give() -> None:
    assert why_no_figures((), Method.JT) == ""
    assert why_no_figures(("mean_after", "sd_after", "correlation"), Method.HA).endswith(
        "also needs the mean of the group after, SD of the group after and correlation of before with after"
    )


# --- the comparison of methods -----------------------------------------------------------------------


def test_each_verdict_is_told_with_the_methods_that_give_it() -> None:
    found = compared(12, 18, replace(WHOLE, sd=6, sd_clinical=6))
    assert found is not None and found.sentence == (
        "Yes, it depends on the method: JT, GLN, NK and HA “no clear change”; HLL and EN “worse”."
        " The verdict shown is that of JT."
    )


def test_a_change_exactly_on_the_limit_is_not_more_than_it() -> None:
    limit = RELIABLE_AT_95_PERCENT * index_of(SHORT, Method.JT).standard_error
    found = compared(0.0, limit, SHORT)
    assert found is not None and [one.counts for one in found.limits] == [False, True]

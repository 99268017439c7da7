"""Change at its edges: a score exactly on a limit, figures that only just suffice, and what stands beside a verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lib.domain.change import (
    Basis,
    CutoffKind,
    Level,
    Method,
    Verdict,
    Way,
    judge_change,
    judge_changes,
    reliable_band,
    with_correlation,
)
from lib.domain.change_methods import (
    PROBABLE_AT_90_PERCENT,
    RELIABLE_AT_95_PERCENT,
    cutoff_of,
    figure,
    index_of,
)
from lib.domain.instruments import Direction

LOWER = Direction.LOWER_BETTER
# Figures whose roots come out whole: the error of measurement, and with it the index of EN, is one point exactly.
ROUND = Basis(
    LOWER, sd=2, reliability=0.75, mean_clinical=0, sd_clinical=2, mean_functional=-9, sd_functional=2, mean_after=0,
    sd_after=2, correlation=0.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("moved", "level"),
    [(RELIABLE_AT_95_PERCENT, Level.PROBABLE), (PROBABLE_AT_90_PERCENT, Level.NONE), (1.96, Level.RELIABLE)],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_change_exactly_on_a_limit_is_not_beyond_it(moved: float, level: Level, sign: int) -> None:
    one = judge_change(0.0, sign * moved, ROUND, Method.EN)
    many = judge_changes(np.array([0.0]), np.array([sign * moved]), ROUND, Method.EN)
    assert (one.rci, one.level) == (sign * moved, level)
    assert many.level.tolist() == [(Level.NONE, Level.PROBABLE, Level.RELIABLE).index(level)]
    assert many.verdicts() == [one.verdict]
    assert (one.verdict is Verdict.UNCHANGED) is (level is not Level.RELIABLE)


def test_many_pairs_without_figures_have_no_level_and_keep_their_cutoff() -> None:
    many = judge_changes(np.array([10.0, np.nan]), np.array([15.0, 12]), Basis(LOWER, cutoff=11))
    assert many.level.tolist() == [0, 0] and (many.cutoff, many.se_difference) == (11, None)


def test_the_change_of_many_pairs_is_after_minus_before() -> None:
    many = judge_changes(np.array([10.0, 12.0]), np.array([15.0, 3.0]), ROUND)
    assert many.change.tolist() == [5, -9]


def test_a_scale_without_figures_still_says_which_way_the_scores_went() -> None:
    basis = Basis(LOWER, name="A scale")
    rose, fell = judge_change(5, 20, basis), judge_change(20, 5, basis)
    assert rose.sentence.startswith("A scale rose from 5 to 20.") and rose.direction is Way.WORSE
    assert fell.sentence.startswith("A scale fell from 20 to 5.") and fell.direction is Way.BETTER


def test_three_pairs_are_enough_for_a_correlation_and_two_are_not() -> None:
    basis = replace(ROUND, correlation=None)
    before, after = np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0, 1.0])
    known = with_correlation(basis, before, after)
    assert known.correlation == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert with_correlation(basis, before, np.ones(3)).correlation is None
    assert with_correlation(known, before, after[::-1]) is known


def test_a_figure_that_is_asked_for_and_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="sd_after is not known"):
        figure(replace(ROUND, sd_after=None), "sd_after")


def test_the_error_band_of_every_method_ends_where_its_index_meets_the_limit() -> None:
    basis = replace(ROUND, reliability_post=0.6, mean_clinical=3, mean_after=1)
    for method in Method:
        band = reliable_band(5.0, basis, method)
        assert band is not None
        limit = PROBABLE_AT_90_PERCENT if method is Method.HA else RELIABLE_AT_95_PERCENT
        assert [index_of(basis, method).at(5.0, end) for end in band] == pytest.approx([-limit, limit])


def test_a_difference_with_no_true_variance_has_no_index_and_one_with_a_little_has() -> None:
    # The variances of the true scores are 3 and 3; twice the covariance is 8 times the correlation.
    with pytest.raises(ValueError, match="the difference does not come out above 0"):
        index_of(replace(ROUND, correlation=0.75), Method.HA)
    little = index_of(replace(ROUND, correlation=0.7), Method.HA)
    assert little.after_weight == pytest.approx(0.4 / 2.4)


def test_a_spread_after_treatment_that_is_all_error_gives_no_cutoff() -> None:
    with pytest.raises(ValueError, match="the SD after treatment is not above the error of measurement"):
        cutoff_of(replace(ROUND, sd_after=1), CutoffKind.C, Method.HA)


@pytest.mark.parametrize("sd", [1, 0.5])
def test_a_group_that_varies_by_no_more_than_error_gives_no_cutoff_of_true_scores(sd: float) -> None:
    with pytest.raises(ValueError, match="sd_clinical is not above the error of measurement"):
        cutoff_of(replace(ROUND, sd_clinical=sd), CutoffKind.A, Method.HA)

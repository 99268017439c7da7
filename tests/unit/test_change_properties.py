"""Change, whatever the figures: turned scales, shifted scores, and a second score that only gets better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.change import VERDICTS, judge_change, judge_changes, reliable_band
from lib.domain.change_basis import Basis, CutoffKind, Method, Verdict
from lib.domain.change_comparison import Comparison, compared
from lib.domain.change_methods import cutoff_of
from lib.domain.course import basis_for
from lib.domain.errors import InvalidInput
from lib.domain.instruments import Direction
from tests.factories import definitions

HIGHER, LOWER = Direction.HIGHER_BETTER, Direction.LOWER_BETTER
KINDS = [CutoffKind.A, CutoffKind.B, CutoffKind.C, CutoffKind.PUBLISHED]
MIRRORED = ("mean_clinical", "mean_functional", "mean_after", "cutoff")

tenths = st.integers(-500, 500).map(lambda n: n / 10)
scores = st.integers(0, 1000).map(lambda n: n / 10)
spreads = st.integers(10, 200).map(lambda n: n / 10)
shares = st.integers(50, 95).map(lambda n: n / 100)
bases = st.builds(
    Basis, better=st.sampled_from([HIGHER, LOWER]), sd=spreads, reliability=shares, reliability_post=shares,
    mean_clinical=scores, sd_clinical=spreads, mean_functional=scores, sd_functional=spreads, mean_after=scores,
    sd_after=spreads, correlation=st.integers(-30, 60).map(lambda n: n / 100), cutoff=scores,
)  # fmt: skip


def turned(basis: Basis) -> Basis:
    """The same scale upside down."""
    other = LOWER if basis.better is HIGHER else HIGHER
    return replace(basis, better=other, **{name: -getattr(basis, name) for name in MIRRORED})


@settings(max_examples=300, deadline=None)
@given(scores, scores, bases, st.sampled_from(list(Method)), st.sampled_from(KINDS))
def test_a_scale_turned_upside_down_gives_the_same_verdict(
    before: float, after: float, basis: Basis, method: Method, kind: CutoffKind
) -> None:
    one, other = (
        judge_change(before, after, basis, method, kind),
        judge_change(-before, -after, turned(basis), method, kind),
    )
    assert (one.verdict, one.level, one.direction) == (other.verdict, other.level, other.direction)
    if one.rci is not None and other.rci is not None:
        assert one.rci == pytest.approx(-other.rci, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(scores, scores, bases, tenths)
def test_where_a_scale_begins_does_not_matter_to_the_plain_difference(
    before: float, after: float, basis: Basis, by: float
) -> None:
    moved = replace(basis, **{name: getattr(basis, name) + by for name in MIRRORED})
    one, other = judge_change(before, after, basis), judge_change(before + by, after + by, moved)
    assert one.rci == pytest.approx(other.rci, abs=1e-9) and one.verdict is other.verdict


@settings(max_examples=200, deadline=None)
@given(scores, bases, st.sampled_from(list(Method)), st.sampled_from(KINDS), st.lists(scores, min_size=2, max_size=8))
def test_a_better_second_score_never_gives_a_worse_verdict(
    before: float, basis: Basis, method: Method, kind: CutoffKind, afters: list[float]
) -> None:
    ordered = sorted(afters, reverse=basis.better is HIGHER)
    codes = [VERDICTS.index(judge_change(before, after, basis, method, kind).verdict) for after in ordered]
    assert codes == sorted(codes)


@settings(max_examples=200, deadline=None)
@given(scores, bases, st.sampled_from([Method.JT, Method.GLN, Method.EN, Method.NK, Method.HLL]))
def test_the_error_band_ends_where_reliable_change_begins(before: float, basis: Basis, method: Method) -> None:
    band = reliable_band(before, basis, method)
    assert band is not None
    for inside, beyond in ((band[0] + 1e-6, band[0] - 1e-6), (band[1] - 1e-6, band[1] + 1e-6)):
        assert judge_change(before, inside, basis, method).verdict is Verdict.UNCHANGED
        assert judge_change(before, beyond, basis, method).verdict is not Verdict.UNCHANGED


@settings(max_examples=100, deadline=None)
@given(bases, st.sampled_from(list(Method)), st.sampled_from([None, *KINDS]), st.integers(0, 2**32 - 1))
def test_many_pairs_are_judged_as_one_by_one_whatever_the_figures(
    basis: Basis, method: Method, kind: CutoffKind | None, seed: int
) -> None:
    before, after = np.random.default_rng(seed).integers(0, 1000, (2, 12)) / 10
    before[0] = np.nan
    after[1] = basis.cutoff
    many = judge_changes(before, after, basis, method, kind)
    singly = [
        judge_change(None if np.isnan(b) else b, a, basis, method, kind)
        for b, a in zip(before.tolist(), after.tolist(), strict=True)
    ]
    assert many.verdicts() == [one.verdict for one in singly]
    assert many.level.tolist() == [("none", "probable", "reliable").index(one.level) for one in singly]


@pytest.mark.parametrize("better", [LOWER, HIGHER])
def test_arithmetic_does_not_lift_a_score_off_a_cutoff_it_meets(better: Direction) -> None:
    basis = Basis(better, sd=0.1, reliability=0.9, mean_clinical=0.3, sd_clinical=0.1, cutoff=0.1 + 0.2)
    sign = basis.sign
    cutoff = cutoff_of(basis, CutoffKind.A)
    exact = (3 + sign * 2) / 10  # 0.3 + 2 * 0.1 is 0.5 and a little less or more in binary
    for score in (exact, exact + 5e-17, exact - 5e-17):
        assert not cutoff.is_clinical(score) and not cutoff.is_functional(score)
    assert cutoff.is_clinical(exact - sign * 1e-8) and cutoff.is_functional(exact + sign * 1e-8)
    published = cutoff_of(basis, CutoffKind.PUBLISHED)
    assert published.is_clinical(0.3) and not published.is_functional(0.3)


# --- does the verdict depend on the method? ----------------------------------------------------------

PHQ9 = basis_for(definitions().instruments["phq9"].scale("total"))
WHOLE = Basis(
    LOWER, sd=6, reliability=0.85, reliability_post=0.8, mean_clinical=17, sd_clinical=6, mean_functional=4,
    sd_functional=4, mean_after=10, sd_after=7, correlation=0.4, cutoff=10, rule_in_use=6,
)  # fmt: skip


def comparison(before: float, after: float | None, basis: Basis) -> Comparison:
    found = compared(before, after, basis)
    assert found is not None
    return found


def test_all_six_methods_stand_together_with_what_each_lacks() -> None:
    found = comparison(17, 8, PHQ9)
    assert [one.method for one in found.methods] == list(Method)
    assert {one.method: one.lacks for one in found.methods} == {
        "JT": "", "GLN": "", "EN": "", "HLL": "mean of the group after", "NK": "reliability after",
        "HA": "mean of the group after, SD of the group after, correlation of before with after",
    }  # fmt: skip
    assert found.sentence == (
        "No: JT, GLN and EN agree on “recovered”. HLL, NK and HA cannot be computed from published figures."
    )
    assert [one.limit for one in found.methods if one.method == "HA"] == [pytest.approx(1.645, abs=1e-3)]


def test_methods_that_disagree_are_named_with_what_each_says() -> None:
    found = comparison(12, 18, WHOLE)
    verdicts = {one.method.value: one.verdict for one in found.methods}
    assert len(set(verdicts.values())) > 1
    assert found.sentence.startswith("Yes, it depends on the method: ") and "that of JT." in found.sentence
    for method, verdict in verdicts.items():
        assert method in found.sentence and verdict is judge_change(12, 18, WHOLE, method).verdict


def test_one_method_alone_says_that_it_is_alone() -> None:
    basis = Basis(LOWER, sd=5, reliability=0.9)
    assert comparison(20, 5, basis).sentence == (
        "Only JT can be computed: improved. GLN, HLL, EN, NK and HA cannot be computed from published figures."
    )
    assert comparison(20, None, basis).sentence == "There is no second score yet, so no method has a verdict."
    assert compared(20, 5, Basis(LOWER)) is None
    assert compared(20, 5, Basis(LOWER, sd=5)) is None and compared(20, 5, Basis(LOWER, reliability=0.9)) is None


def test_figures_that_contradict_each_other_are_said_to() -> None:
    found = comparison(20, 5, replace(WHOLE, sd_after=6, correlation=0.99))
    assert [one.lacks for one in found.methods if one.method == "HA"] == ["figures that agree with each other"]


@pytest.mark.parametrize(
    ("after", "counts"),
    [(11, (False, True, True)), (10, (True, True, True)), (12, (False, False, False)), (17, (False, False, False)),
     (23, (False, True, True)), (24, (True, True, True)), (None, (None, None, None))],
)  # fmt: skip
def test_the_three_limits_are_told_apart(after: float | None, counts: tuple[bool | None, ...]) -> None:
    limits = comparison(17, after, PHQ9).limits
    assert tuple(one.counts for one in limits) == counts
    assert [(one.name, round(one.points, 2), one.rule) for one in limits] == [
        ("95 %, reliable", 6.76, "more than"), ("90 %, probable", 5.68, "more than"),
        ("rule in common use", 6, "at least"),
    ]  # fmt: skip


def test_without_a_rule_in_use_two_limits_are_told() -> None:
    assert len(comparison(20, 5, Basis(LOWER, sd=5, reliability=0.9)).limits) == 2


def test_a_correlation_beyond_one_is_refused() -> None:
    for wrong in (-1.01, 1.01):
        with pytest.raises(InvalidInput, match="between -1 and 1"):
            Basis(LOWER, correlation=wrong)
    assert Basis(LOWER, correlation=-1.0).correlation == -1 and Basis(LOWER, correlation=1.0).correlation == 1

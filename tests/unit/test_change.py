"""Change: golden results, a second implementation, cut-offs and their edges, words, and many pairs at once."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.domain.change import (
    VERDICTS,
    Basis,
    CutoffKind,
    Level,
    Method,
    Verdict,
    Way,
    basis_of,
    judge_by_every_method,
    judge_change,
    judge_changes,
    reliable_band,
    with_correlation,
)
from lib.domain.change_methods import cutoff_of, index_of
from lib.domain.change_words import beside
from lib.domain.errors import InvalidInput
from lib.domain.instruments import Direction
from lib.exchange.definition_files import load_instruments
from tests.oracles.change_oracle import Figures, plain_cutoff, plain_index, plain_verdict

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden"
GOLDEN_FILES = sorted((GOLDEN / "participants").glob("*.csv"))
INSTRUMENTS = load_instruments(ROOT / "data" / "instruments")
PHQ9 = basis_of(INSTRUMENTS["phq9"].scale("total"))
GAD7 = basis_of(INSTRUMENTS["gad7"].scale("total"))
AVOIDANCE = basis_of(INSTRUMENTS["ecr_r"].scale("avoidance"))
RSES = basis_of(INSTRUMENTS["rses"].scale("total"))
IN_WORDS_OF_R = {"harmed": Verdict.WORSENED_ACROSS_CUTOFF}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def golden_basis(path: Path) -> tuple[Basis, np.ndarray, np.ndarray]:
    """The basis R used: group figures from the data itself, the rest from the parameter file."""
    table = rows(path)
    before = np.array([float(row["pre"]) for row in table])
    after = np.array([float(row["post"]) for row in table])
    given = next(row for row in rows(GOLDEN / "parameters.csv") if row["key"] == table[0]["key"])
    basis = Basis(
        better=Direction.HIGHER_BETTER if given["better_is"] == "higher" else Direction.LOWER_BETTER,
        sd=float(before.std(ddof=1)),
        reliability=float(given["reliability"]),
        reliability_post=float(given["reliability_post"]),
        mean_clinical=float(before.mean()),
        sd_clinical=float(before.std(ddof=1)),
        mean_functional=float(given["m_functional"]),
        sd_functional=float(given["sd_functional"]),
        mean_after=float(after.mean()),
        sd_after=float(after.std(ddof=1)),
    )
    return with_correlation(basis, before, after), before, after


@pytest.mark.parametrize("path", GOLDEN_FILES, ids=lambda path: path.stem)
def test_every_person_of_the_golden_files_gets_the_index_and_category_of_r(path: Path) -> None:
    basis, _, _ = golden_basis(path)
    for row in rows(path):
        result = judge_change(float(row["pre"]), float(row["post"]), basis, row["method"], row["cutoff_type"])
        assert result.rci == pytest.approx(float(row["rci"]), abs=1e-9)
        assert result.change == float(row["change"])
        assert result.verdict == IN_WORDS_OF_R.get(row["category"], row["category"])
        assert (result.level is Level.RELIABLE) is (row["rci_unchanged"] == "FALSE")


def test_the_golden_files_are_all_there() -> None:
    assert len(GOLDEN_FILES) == 25
    assert sum(len(rows(path)) for path in GOLDEN_FILES) == 712


@pytest.mark.parametrize("path", GOLDEN_FILES, ids=lambda path: path.stem)
def test_the_constants_behind_the_indices_are_those_of_r(path: Path) -> None:
    key, method, _ = path.stem.split("__")
    basis, before, _ = golden_basis(path)
    constants = next(row for row in rows(GOLDEN / "rci_constants.csv") if (row["key"], row["method"]) == (key, method))
    assert len(before) == int(constants["n_used"])
    assert basis.sd == pytest.approx(float(constants["sd_pre"]), abs=1e-9)
    assert basis.correlation == pytest.approx(float(constants["cor_pre_post"]), abs=1e-9)
    error = index_of(basis, Method(method)).standard_error
    column = {"JT": "s_diff", "GLN": "se_prediction", "HLL": "se_prediction", "EN": "se_measurement"}.get(method)
    if column:
        assert error == pytest.approx(float(constants[column]), abs=1e-9)
    if method == "HA":
        assert index_of(basis, Method.HA).after_weight == pytest.approx(float(constants["r_dd"]), abs=1e-9)


def test_the_example_of_jacobson_and_truax_comes_out_as_printed() -> None:
    example = json.loads((GOLDEN / "jacobson_truax_1991_example.json").read_text(encoding="utf-8"))
    basis = Basis(
        better=Direction.HIGHER_BETTER,
        sd=example["s"],
        reliability=example["r_xx"],
        mean_clinical=example["M_clinical"],
        sd_clinical=example["s"],
        mean_functional=example["M_functional"],
        sd_functional=example["s"],
    )
    for kind in "abc":
        result = judge_change(example["x_pre"], example["x_post"], basis, "JT", kind)
        assert result.cutoff == pytest.approx(example[kind])
        assert result.rci == pytest.approx(example["RC"], abs=1e-9)
        assert result.se_difference == pytest.approx(example["S_diff"], abs=1e-9)
    band = reliable_band(0, basis)
    assert band is not None and band[1] == pytest.approx(example["min_reliable_change"], abs=1e-6)


def random_figures(rng: np.random.Generator) -> Figures:
    higher = bool(rng.random() < 0.5)
    s0, gap = rng.uniform(4, 12), rng.uniform(5, 30)
    m0 = rng.uniform(30, 60)
    return Figures(
        higher_better=higher,
        s0=s0,
        r=rng.uniform(0.7, 0.95),
        r_post=rng.uniform(0.6, 0.95),
        m0=m0,
        m_fun=m0 + gap if higher else m0 - gap,
        s_fun=rng.uniform(7, 15),
        m1=m0 + rng.uniform(-0.2, 1) * (gap if higher else -gap),
        s1=s0 * rng.uniform(0.9, 2),
        r01=rng.uniform(-0.2, 0.6),
    )


def basis_from(figures: Figures) -> Basis:
    return Basis(
        better=Direction.HIGHER_BETTER if figures.higher_better else Direction.LOWER_BETTER,
        sd=figures.s0,
        reliability=figures.r,
        reliability_post=figures.r_post,
        mean_clinical=figures.m0,
        sd_clinical=figures.s0,
        mean_functional=figures.m_fun,
        sd_functional=figures.s_fun,
        mean_after=figures.m1,
        sd_after=figures.s1,
        correlation=figures.r01,
    )


@pytest.mark.parametrize("kind", ["a", "b", "c"])
@pytest.mark.parametrize("method", list(Method))
def test_thousands_of_pairs_are_judged_as_the_papers_say(method: Method, kind: str) -> None:
    rng = np.random.default_rng(20)
    seen = set()
    for _ in range(40):
        figures = random_figures(rng)
        basis = basis_from(figures)
        assert cutoff_of(basis, CutoffKind(kind), method).value == pytest.approx(
            plain_cutoff(kind, figures, method), abs=1e-9
        )
        for before, after in rng.uniform(10, 90, size=(40, 2)).round(1).tolist():
            result = judge_change(before, after, basis, method, kind)
            assert result.rci == pytest.approx(plain_index(method, before, after, figures), abs=1e-9)
            assert result.verdict == plain_verdict(method, kind, before, after, figures)
            seen.add(result.verdict)
    assert len(seen) == 5


@pytest.mark.parametrize("kind", [None, "a", "b", "c"])
@pytest.mark.parametrize("method", list(Method))
def test_many_pairs_at_once_are_judged_as_one_by_one(method: Method, kind: str | None) -> None:
    rng = np.random.default_rng(21)
    basis = replace(basis_from(random_figures(rng)), cutoff=None if kind else 45.0)
    before, after = rng.uniform(10, 90, size=(2, 2000)).round()
    before[5], after[6], before[7], after[7] = np.nan, np.nan, np.nan, np.nan
    before[8] = after[9] = 45.0
    many = judge_changes(before, after, basis, method, kind)
    for place, (first, second) in enumerate(zip(before.tolist(), after.tolist(), strict=True)):
        one = judge_change(
            None if np.isnan(first) else first, None if np.isnan(second) else second, basis, method, kind
        )
        assert many.verdicts()[place] is one.verdict if place < 20 else VERDICTS[many.verdict[place]] is one.verdict
        assert many.rci[place] == pytest.approx(np.nan if one.rci is None else one.rci, nan_ok=True)
        assert (Level.NONE, Level.PROBABLE, Level.RELIABLE)[many.level[place]] is one.level
        assert {1: Way.BETTER, 0: Way.NONE, -1: Way.WORSE}[int(many.direction[place])] is one.direction
    assert many.cutoff == one.cutoff
    assert many.se_difference == one.se_difference


def test_many_pairs_without_figures_are_all_undetermined() -> None:
    many = judge_changes(np.array([10.0, np.nan, 12]), np.array([15.0, 12, 12]), RSES)
    assert many.verdicts() == [Verdict.UNDETERMINED] * 3
    assert many.direction.tolist() == [1, 0, 0]
    assert np.isnan(many.rci).all()


@pytest.mark.parametrize(
    ("before", "after", "verdict", "level", "direction"),
    [
        (17, 8, "recovered", "reliable", "better"),
        (17, 9, "recovered", "reliable", "better"),
        (17, 10, "improved", "reliable", "better"),
        (10, 3, "recovered", "reliable", "better"),
        (9, 2, "improved", "reliable", "better"),
        (17, 11, "unchanged", "probable", "better"),
        (17, 12, "unchanged", "none", "better"),
        (12, 12, "unchanged", "none", "none"),
        (12, 17, "unchanged", "none", "worse"),
        (12, 18, "unchanged", "probable", "worse"),
        (12, 19, "deteriorated", "reliable", "worse"),
        (10, 17, "deteriorated", "reliable", "worse"),
        (9, 16, "worsened_across_cutoff", "reliable", "worse"),
        (3, 10, "worsened_across_cutoff", "reliable", "worse"),
        (2, 9, "deteriorated", "reliable", "worse"),
    ],
)
def test_the_phq9_is_judged_with_a_case_at_ten_or_more(
    before: float, after: float, verdict: str, level: str, direction: str
) -> None:
    result = judge_change(before, after, PHQ9)
    assert (result.verdict, result.level, result.direction) == (verdict, level, direction)
    assert result.cutoff == 10


@pytest.mark.parametrize(
    ("before", "after", "verdict"), [(8, 3, "recovered"), (7, 2, "improved"), (13, 8, "improved"), (13, 9, "unchanged")]
)
def test_the_gad7_is_judged_with_a_case_at_eight_or_more(before: float, after: float, verdict: str) -> None:
    assert judge_change(before, after, GAD7).verdict == verdict


@pytest.mark.parametrize(
    ("basis", "at_95", "at_90"),
    [(PHQ9, 6.76, 5.68), (GAD7, 4.32, 3.63), (AVOIDANCE, 0.87, 0.73)],
    ids=["phq9", "gad7", "avoidance"],
)
def test_the_limits_of_the_accepted_figures_are_the_published_ones(basis: Basis, at_95: float, at_90: float) -> None:
    error = index_of(basis, Method.JT).standard_error
    assert (round(1.959964 * error, 2), round(1.644854 * error, 2)) == (at_95, at_90)
    assert reliable_band(4.0, basis) == pytest.approx((4 - 1.959964 * error, 4 + 1.959964 * error), abs=1e-6)


def test_a_computed_cutoff_leaves_a_score_exactly_on_it_on_neither_side() -> None:
    basis = Basis(Direction.LOWER_BETTER, sd=5, reliability=0.9, mean_clinical=30, sd_clinical=5)
    assert cutoff_of(basis, CutoffKind.A).value == 20
    verdicts = [judge_change(before, after, basis, cutoff_kind="a").verdict for before, after in
                [(30, 20), (30, 19), (20, 10), (21, 10), (19, 30), (20, 30), (10, 20), (10, 21)]]  # fmt: skip
    assert verdicts == [
        "improved", "recovered", "improved", "recovered",
        "worsened_across_cutoff", "deteriorated", "deteriorated", "worsened_across_cutoff",
    ]  # fmt: skip


def test_a_published_cutoff_is_itself_clinical_where_higher_is_better_too() -> None:
    basis = Basis(Direction.HIGHER_BETTER, sd=5, reliability=0.9, cutoff=50)
    verdicts = [judge_change(b, a, basis).verdict for b, a in [(50, 60), (51, 61), (40, 50), (40, 51), (60, 50)]]
    assert verdicts == ["recovered", "improved", "improved", "recovered", "worsened_across_cutoff"]


def test_nothing_is_ever_recovered_on_the_ecr_r() -> None:
    grid = np.arange(1, 7.01, 0.25)
    before, after = (side.ravel() for side in np.meshgrid(grid, grid))
    for kind in (None, "a", "b", "c"):
        found = set(judge_changes(before, after, AVOIDANCE, "JT", kind).verdicts())
        assert found == {Verdict.IMPROVED, Verdict.UNCHANGED, Verdict.DETERIORATED}
    result = judge_change(4.5, 3.2, AVOIDANCE)
    assert result.cutoff is None
    assert "No recovery is judged: no cut-off is published for this scale." in result.sentence


def test_cutoff_b_takes_the_functional_sd() -> None:
    result = judge_change(17, 8, PHQ9, "JT", "b")
    assert result.cutoff == pytest.approx(3.3 + 2 * 3.8)


def test_without_a_second_score_there_is_no_verdict_and_it_says_why() -> None:
    result = judge_change(17, None, PHQ9)
    assert (result.verdict, result.change, result.rci) == (Verdict.UNDETERMINED, None, None)
    assert result.sentence == "PHQ-9: cannot be determined, because there is no second score."
    assert "no first score" in judge_change(None, 3, PHQ9).sentence
    assert "no score yet" in judge_change(None, None, PHQ9).sentence


@pytest.mark.parametrize("key", ["rses", "bdi2", "bdi", "hamd17", "rq", "who5"])
def test_a_scale_without_published_figures_gets_no_verdict_and_says_so(key: str) -> None:
    result = judge_change(20, 5, basis_of(INSTRUMENTS[key].scale("total")))
    assert result.verdict is Verdict.UNDETERMINED
    assert result.change == -15
    assert "no published figures entered" in result.sentence
    assert "no published figures entered" in result.rests_on


@pytest.mark.parametrize("method", ["GLN", "HLL", "EN", "NK", "HA"])
def test_a_method_whose_figures_are_missing_gives_no_verdict_and_names_them(method: str) -> None:
    result = judge_change(17, 8, GAD7, method)
    assert result.verdict is Verdict.UNDETERMINED
    assert "clinical mean" in result.sentence


def test_figures_that_contradict_each_other_give_no_verdict_and_the_reason() -> None:
    basis = basis_from(random_figures(np.random.default_rng(1)))
    result = judge_change(40, 20, replace(basis, sd_after=basis.sd, correlation=0.99), "HA", "c")
    assert result.verdict is Verdict.UNDETERMINED
    assert "does not come out above 0" in result.sentence


def test_a_cutoff_whose_true_spread_is_nothing_is_left_out_and_nothing_is_recovered() -> None:
    basis = replace(basis_from(random_figures(np.random.default_rng(1))), sd_after=1.0)
    result = judge_change(40, 20, basis, "HA", "c")
    assert (result.cutoff, result.verdict) == (None, Verdict.IMPROVED)
    assert "the SD after treatment is not above the error of measurement" in result.sentence


def test_the_sentence_says_every_figure_with_its_source() -> None:
    result = judge_change(17, 8, PHQ9)
    assert result.sentence == (
        "PHQ-9 fell from 17 to 8: 9 points down where error alone allows 6.8 (SD 6.1, major depression, Kroenke 2001;"
        " reliability .84, test-retest over 48 hours, Kroenke 2001). Reliably better. It began on the clinical side"
        " of the cut-off of 10 and ended beyond it: recovered."
    )
    for figure in ("baseline 17", "SD 6.1", ".84", "6.76", "5.68", "6 points", "cut-off 10", "Kroenke 2001", "1.96"):
        assert figure in result.rests_on


def test_a_change_the_common_rule_counts_but_95_percent_does_not_is_told_apart() -> None:
    sentence = judge_change(17, 11, PHQ9).sentence
    assert "Probably better" in sentence
    assert "The rule in common use (6 points) does count it as a change" in sentence
    assert "rule in common use (" not in judge_change(17, 12, PHQ9).sentence
    assert "rule in common use (" not in judge_change(17, 8, PHQ9).sentence


@pytest.mark.parametrize(
    ("value", "other", "words"),
    [(6.76, 7, "6.8"), (6.96, 7, "6.96"), (7.04, 7, "7.04"), (7, 7, "7"), (6.9996, 7, "6.9996")],
)
def test_a_rounded_limit_stays_on_its_own_side_of_the_change(value: float, other: float, words: str) -> None:
    assert beside(value, other, 1) == words


def test_the_index_of_another_method_is_told_with_its_sign_and_limit() -> None:
    sentence = judge_change(17, 8, PHQ9, "GLN", "c").sentence
    assert "by the method of Gulliksen, Lord and Novick the index is -2.72, and beyond 1.96 either way" in sentence


def test_a_score_that_did_not_move_is_said_to_have_stayed() -> None:
    assert judge_change(12, 12, GAD7).sentence.startswith("GAD-7 stayed at 12: 0 points where error alone allows 4.3")


def test_figures_without_a_named_source_say_so() -> None:
    basis = Basis(Direction.LOWER_BETTER, sd=5, reliability=0.9)
    assert "source not named" in judge_change(30, 10, basis).sentence


def test_all_six_methods_are_shown_together() -> None:
    results = judge_by_every_method(40, 20, basis_from(random_figures(np.random.default_rng(3))), "c")
    assert list(results) == list(Method)
    assert all(result.rci is not None for result in results.values())


def test_the_correlation_of_the_group_is_named_where_a_verdict_rests_on_it() -> None:
    basis = replace(basis_from(random_figures(np.random.default_rng(3))), correlation=None)
    before, after = np.array([1.0, 2, 3, 5, np.nan]), np.array([2.0, 2, 4, 4, 9])
    known = with_correlation(basis, before, after)
    assert known.correlation == pytest.approx(np.corrcoef(before[:4], after[:4])[0, 1])
    assert "the 4 pairs judged together" in judge_change(40, 20, known, "HA", "c").rests_on
    assert with_correlation(basis, before[:2], after[:2]).correlation is None
    assert with_correlation(basis, np.ones(4), after[:4]).correlation is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("sd", 0), ("sd", float("nan")), ("reliability", 1), ("reliability", 0), ("reliability_post", 1.2),
     ("sd_functional", -1), ("mean_clinical", float("inf")), ("correlation", 1.5), ("sd_after", float("inf"))],
)  # fmt: skip
def test_a_figure_that_cannot_be_one_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        Basis(Direction.LOWER_BETTER, **{name: value})  # type: ignore[arg-type]
    assert caught.value.field == name


def test_an_unknown_method_cutoff_or_score_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no method or cut-off"):
        judge_change(1, 2, PHQ9, "XX")
    with pytest.raises(InvalidInput, match="no method or cut-off"):
        judge_change(1, 2, PHQ9, "JT", "d")
    with pytest.raises(InvalidInput, match="finite"):
        judge_change(float("nan"), 2, PHQ9)


def test_without_figures_there_is_no_error_band() -> None:
    assert reliable_band(20, RSES) is None

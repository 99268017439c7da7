"""Figures of supervision: effect size, funnel limits, shares and medians, workbooks and reports out."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime
from math import comb, sqrt
from statistics import median, stdev

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lib.domain.audit_figures import Share, median_of
from lib.domain.effect_size import Sums, effect_size
from lib.domain.funnel import Place, limits, place_of
from lib.exchange.report_pdf import Report, Section, render_report
from lib.exchange.workbook_out import SheetOut, workbook_bytes
from lib.ui import funnel_drawing, palette
from lib.ui.funnel_drawing import Group

MADE_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _sums(pairs: list[tuple[float, float]]) -> Sums:
    return Sums(
        len(pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs), sum(a * a for a, _ in pairs),
        sum(b * b for _, b in pairs), sum(a * b for a, b in pairs),
    )  # fmt: skip


def test_the_effect_size_from_sums_is_the_one_from_the_scores_themselves() -> None:
    rng = random.Random(7)
    pairs = [(first := rng.gauss(15, 4), first - 5 + rng.gauss(0, 3)) for _ in range(20)]
    found = effect_size(_sums(pairs), higher_is_better=False)
    firsts, latest = [a for a, _ in pairs], [b for _, b in pairs]
    n, m1, m2 = len(pairs), sum(firsts) / 20, sum(latest) / 20
    r = sum((a - m1) * (b - m2) for a, b in pairs) / (n - 1) / stdev(firsts) / stdev(latest)
    g = (1 - 3 / (4 * (n - 1) - 1)) * (m1 - m2) / stdev(firsts)
    assert found is not None and found.value == pytest.approx(g)
    assert found.high - found.value == pytest.approx(1.959964 * sqrt(2 * (1 - r) / n + g * g / (2 * n)), abs=1e-5)


def test_higher_is_better_turns_the_sign_and_nothing_else() -> None:
    sums = _sums([(10, 5), (12, 8), (9, 9), (15, 7), (11, 10)])
    lower, higher = effect_size(sums, higher_is_better=False), effect_size(sums, higher_is_better=True)
    assert lower is not None and higher is not None and lower.value == -higher.value > 0


@pytest.mark.parametrize("pairs", [[(10.0, 5.0)] * 4, [(10.0, 5.0)] * 9])
def test_too_few_or_scores_that_do_not_vary_have_no_effect_size(pairs: list[tuple[float, float]]) -> None:
    assert effect_size(_sums(pairs), higher_is_better=False) is None


@pytest.mark.parametrize("n", [5, 12, 40])
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_the_limits_hold_what_they_say_of_all_outcomes(n: int, rate: float) -> None:
    found = limits(n, rate)
    chances = [comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)]
    inside = sum(c for k, c in enumerate(chances) if found.low_95 <= k / n <= found.high_95)
    assert inside >= 0.95 and found.low_998 <= found.low_95 <= rate <= found.high_95 <= found.high_998


@pytest.mark.parametrize(
    ("met", "of", "place"),
    [
        (0, 0, Place.NOT_JUDGED),
        (2, 4, Place.FEW_JUDGED),
        (10, 20, Place.INSIDE),
        (16, 20, Place.BETWEEN),
        (20, 20, Place.OUTSIDE),
    ],
)
def test_a_group_is_placed_and_never_ranked(met: int, of: int, place: Place) -> None:
    assert place_of(met, of, 0.5) is place


def test_no_group_or_rate_that_cannot_be_has_limits() -> None:
    for n, rate in ((0, 0.5), (5, 1.2)):
        with pytest.raises(ValueError, match="group"):
            limits(n, rate)


@pytest.mark.parametrize(("counts", "values"), [({0: 2, 3: 1}, [0, 0, 3]), ({1: 1, 4: 1}, [1, 4]), ({5: 3}, [5, 5, 5])])
def test_the_median_of_counts_is_the_median_of_the_values(counts: dict[int, int], values: list[int]) -> None:
    assert median_of(counts) == median(values)


def test_a_share_claims_a_percentage_only_from_five_on() -> None:
    assert [Share(2, 4).in_words, Share(4, 5).in_words, Share(0, 0).in_words] == [
        "2 of 4",
        "4 of 5, 80 %",
        "none to count",
    ]
    assert median_of({}) is None


def test_the_funnel_draws_nobody_under_five_and_names_nobody() -> None:
    groups = [Group("A", 3, 4), Group("B", 6, 8), Group("C", 9, 20)]
    shapes = funnel_drawing.funnel_shapes(groups, 0.5, palette.LIGHT)
    told = [one.told for one in shapes if one.told]
    assert told == ["B  6 of 8", "C  9 of 20"]
    hollow = [one.attributes["fill-opacity"] for one in shapes if one.told]
    assert hollow == [0, 1]


def test_therapists_with_the_same_figures_share_a_dot_with_all_their_letters() -> None:
    groups = [Group("A", 6, 8), Group("B", 9, 20), Group("C", 6, 8)]
    shapes = funnel_drawing.funnel_shapes(groups, 0.5, palette.LIGHT)
    assert [one.told for one in shapes if one.told] == ["A C  6 of 8", "B  9 of 20"]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    rows = [("=1+1", 2.5), ("-5", None), ("a <b> & \x07", True), ("'=x", 3)]
    made = workbook_bytes([SheetOut("a/b", ("what", "much"), rows), SheetOut("A b", ("x",), [])], MADE_AT)
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["a b", "A b 2"]
    cells = [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert cells == [
        ("what", "much"), ("'=1+1", 2.5), ("'-5", None), ("a <b> & \ufffd", "true"), ("''=x", 3),
    ]  # fmt: skip
    assert made == workbook_bytes([SheetOut("a/b", ("what", "much"), rows), SheetOut("A b", ("x",), [])], MADE_AT)


def test_a_report_prints_record_text_as_text_and_an_empty_table_in_words() -> None:
    sections = [
        Section("Cases", ("Client", "Why"), [("#strong[x]", "*not bold* 你 \U00012000")]),
        Section("Steps", ("Step",), []),
    ]
    made = render_report(Report("Supervision of $x$", ("2 Mar 2026",), sections, MADE_AT))
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    for said in ("#strong[x]", "*not bold*", "你", "[U+12000]", "Nothing.", "Supervision of $x$"):
        assert said in words

"""Sudden changes: the golden judgements of the R package, losses as the mirror, reversal, gaps and whose cut-off."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from lib.domain.change_basis import Basis, basis_of
from lib.domain.course import Course, Form, courses_of
from lib.domain.instruments import Direction
from lib.domain.sudden_changes import Criteria, SuddenChange, criteria_at, step_size, sudden_changes
from tests.factories import definitions

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
INSTRUMENTS = definitions().instruments
PHQ9 = basis_of(INSTRUMENTS["phq9"].scale("total"))
SRS = basis_of(INSTRUMENTS["srs"].scale("total"))
DAY = date(2026, 1, 5)
TRUTH = {True: "TRUE", False: "FALSE", None: ""}


def table(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bdi_of(row: dict[str, str]) -> list[float | None]:
    return [float(row[f"bdi_s{n}"]) if row[f"bdi_s{n}"] else None for n in range(1, 13)]


def test_every_criterion_of_the_golden_file_is_judged_as_by_r() -> None:
    scores = {row["id"]: bdi_of(row) for row in table("sgdata.csv")}
    gains = 0
    for row in table("sudden_gains_sgdata_bdi.csv"):
        for session in range(2, 11):
            found = criteria_at(scores[row["id"]], session - 1, 7, -1, is_gain=True)
            span = f"{session}to{session + 1}"
            assert TRUTH[found.is_large] == row[f"sg_crit1_{span}"]
            assert TRUTH[found.is_large_share] == row[f"sg_crit2_{span}"]
            assert TRUTH[found.is_lasting] == row[f"sg_crit3_{span}"]
            assert {True: "1", False: "0", None: ""}[found.all_met] == row[f"sg_{span}"]
            gains += found.all_met is True
    assert gains == 24


def test_a_loss_is_the_mirror_image_of_a_gain() -> None:
    for row in table("sgdata.csv"):
        scores = bdi_of(row)
        turned = [None if score is None else -score for score in scores]
        for place in range(11):
            assert criteria_at(scores, place, 7, -1, is_gain=False) == criteria_at(turned, place, 7, -1, is_gain=True)
            assert criteria_at(scores, place, 7, -1, is_gain=False) == criteria_at(scores, place, 7, 1, is_gain=True)


def weekly(*values: float | None, days: Iterable[int] | None = None, measure: str = "phq9") -> Course:
    days = days or range(0, 7 * len(values), 7)
    forms = [
        Form(n, measure, "general", "client", DAY + timedelta(days=day), {"total": value})
        for n, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    return courses_of(forms)[f"{measure}.total"]


def told(course: Course, basis: object = PHQ9) -> list[tuple[bool, float, float]]:
    return [(one.is_gain, one.before.value, one.after.value) for one in sudden_changes(course, basis)]  # type: ignore[arg-type]


def test_a_large_lasting_step_down_is_a_gain_and_up_a_loss() -> None:
    assert told(weekly(20, 20, 19, 12, 11, 12)) == [(True, 19, 12)]
    assert told(weekly(10, 11, 10, 17, 18, 18)) == [(False, 10, 17)]
    assert told(weekly(11, 12, 11, 19, 20, 20, measure="srs"), SRS) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((20, 20, 20, 14, 14, 14), 1),  # six points, the rule in use, is enough
        ((20, 20, 20, 15, 15, 15), 0),  # five are not
        ((27, 27, 27, 21, 21, 21), 0),  # six points, but not a quarter of 27
        ((24, 24, 24, 18, 18, 18), 1),  # exactly a quarter
        ((20, 10, 20, 13, 20, 12), 0),  # not lasting: the scores around it swing as much
        ((20, 13, 13, 13), 0),  # only one score before
        ((20, 20, 13), 0),  # only one score after
        ((20, 20, 13, 13), 1),
        ((20, None, 20, 13, 13), 1),
        ((20, 20, None, 13, 13), 0),  # a form without a score lies between
        ((13, 20, 13, 13), 0),  # the first score is one of those before
    ],
)
def test_each_criterion_decides(values: tuple[float | None, ...], found: int) -> None:
    assert len(told(weekly(*values))) == found


def test_forms_far_apart_are_no_neighbours() -> None:
    assert told(weekly(20, 20, 13, 13, days=(0, 7, 28, 35))) == [(True, 20, 13)]
    assert told(weekly(20, 20, 13, 13, days=(0, 7, 29, 36))) == []


def test_a_form_without_a_score_on_the_day_of_a_scored_one_does_not_part_it_from_the_next() -> None:
    assert told(weekly(20, 20, None, 13, 13, days=(0, 7, 7, 14, 21))) == [(True, 20, 13)]
    assert told(weekly(20, 20, None, 13, 13, days=(0, 7, 14, 14, 21))) == [(True, 20, 13)]


def test_a_step_between_two_forms_on_each_side_must_be_beyond_t_with_two_degrees_of_freedom() -> None:
    assert criteria_at([20, 18, 12.5, 9.5], 1, 5, -1, is_gain=True).is_lasting is True  # 4.44 pooled SDs
    assert criteria_at([20, 17, 12, 9], 1, 5, -1, is_gain=True).is_lasting is False  # 3.77


def only(course: Course) -> SuddenChange:
    (found,) = sudden_changes(course, PHQ9)
    return found


def test_a_gain_is_undone_on_the_day_half_of_it_is_lost() -> None:
    assert only(weekly(20, 20, 20, 12, 12, 12, 15.9)).undone_on is None
    assert only(weekly(20, 20, 20, 12, 12, 12, 16)).undone_on == DAY + timedelta(days=42)
    assert only(weekly(20, 20, 20, 12, 12, 12, 12, None, 17, 12)).undone_on == DAY + timedelta(days=56)
    assert only(weekly(20, 20, 20, 12, 16, 12)).undone_on == DAY + timedelta(days=28)  # the very next form
    assert only(weekly(20, 20, 20, 12, 12, 12)).points == 8


def test_a_loss_is_undone_on_the_day_half_of_it_is_regained() -> None:
    assert only(weekly(8, 8, 8, 16, 16, 16, 12.1)).undone_on is None
    found = only(weekly(8, 8, 8, 16, 16, 16, 12))
    assert not found.is_gain and found.undone_on == DAY + timedelta(days=42)


def test_a_later_great_step_is_itself_told_and_undoes_the_first() -> None:
    first, second = sudden_changes(weekly(20, 20, 20, 12, 12, 12, 20, 20), PHQ9)
    assert (first.is_gain, second.is_gain) == (True, False)
    assert first.undone_on == second.after.taken_on and second.undone_on is None


@pytest.mark.parametrize(
    ("instrument", "points", "source"),
    [
        ("phq9", 6, "talking-therapies rule, NCT05134103"),
        ("gad7", 4, ""),
        ("bdi", 7, "Tang and DeRubeis 1999"),
        ("bdi2", None, ""),
    ],
)
def test_the_cutoff_of_a_step_is_published_or_there_is_none(instrument: str, points: float | None, source: str) -> None:
    found = step_size(f"{instrument}.total", basis_of(INSTRUMENTS[instrument].scale("total")))
    assert (found.points if found else None) == points
    assert found is None or (source in found.source and found.source)


def test_without_a_rule_in_use_the_reliable_change_decides() -> None:
    found = step_size("ecr_r.avoidance", basis_of(INSTRUMENTS["ecr_r"].scale("avoidance")))
    assert found is not None and found.points == pytest.approx(1.959964 * 1.19 * (2 * 0.07) ** 0.5, abs=1e-5)
    assert found.source == "the reliable change at 95 %"


def test_what_cannot_be_judged_is_neither_true_nor_false() -> None:
    assert criteria_at([20.0, 13.0], 0, 6, -1, is_gain=True) == Criteria(True, True, None)
    assert Criteria(True, True, None).all_met is None
    assert Criteria(False, True, True).all_met is False


def test_scores_that_stand_still_are_no_lasting_step() -> None:
    assert criteria_at([5.0] * 6, 2, 0, -1, is_gain=True).is_lasting is False


def test_a_rule_in_use_without_a_source_is_called_what_it_is() -> None:
    found = step_size("own.total", Basis(Direction.LOWER_BETTER, rule_in_use=5))
    assert found is not None and (found.points, found.source) == (5, "the rule in common use")
    assert step_size("own.total", Basis(Direction.LOWER_BETTER, sd=5)) is None
    assert step_size("own.total", Basis(Direction.LOWER_BETTER, reliability=0.9)) is None


def test_a_step_of_less_than_a_point_can_be_sudden_on_a_scale_of_means() -> None:
    gain, loss = (
        avoidance_step(*values) for values in ((3.4, 3.4, 3.4, 2.5, 2.5, 2.5), (2.5, 2.5, 2.5, 3.4, 3.4, 3.4, 2.9))
    )
    assert gain.is_gain and gain.points == pytest.approx(0.9) and gain.undone_on is None
    assert not loss.is_gain and loss.undone_on == DAY + timedelta(days=42)


def avoidance_step(*values: float) -> SuddenChange:
    forms = [
        Form(n, "ecr_r", "general", "client", DAY + timedelta(days=7 * n), {"avoidance": value})
        for n, value in enumerate(values)
    ]
    basis = basis_of(INSTRUMENTS["ecr_r"].scale("avoidance"))
    (found,) = sudden_changes(courses_of(forms)["ecr_r.avoidance"], basis)
    return found

"""Markers in time and the security plane: drawn where they belong, honest about silence, error and disagreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import pytest

from lib.services.client_measures import MeasureCourse, measures_told
from lib.storage.measure_queries import StoredForm
from lib.ui import security_plane
from lib.ui.courses import Span
from lib.ui.drawings import Shape
from lib.ui.marker_course_drawing import SHIFT, Dot, MarkerPanel, months, panels_shapes, size
from lib.ui.palette import LIGHT
from tests.factories import definitions

BEGAN, TODAY = date(2026, 1, 5), date(2026, 7, 5)
LINE = ((BEGAN, 1.0, 0.2, 1.8), (date(2026, 4, 5), 1.6, 1.0, 2.2), (TODAY, 1.8, 0.9, 2.7))
PANEL = MarkerPanel("Trust", "+0.8, ● reliable growth", "", LINE, ())


def drawn(*panels: MarkerPanel, in_a_row: int = 5, width: float = 1310.0) -> list[Shape]:
    breaks = [Span(date(2026, 5, 1), date(2026, 5, 20), "holiday")]
    return panels_shapes(panels, in_a_row, width, (BEGAN, TODAY), breaks, LIGHT)


def named(shapes: list[Shape], shape: str, **attributes: object) -> list[Shape]:
    wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
    return [one for one in shapes if one.shape == shape and wanted.items() <= one.attributes.items()]


def texts(shapes: list[Shape]) -> list[str]:
    return [one.text for one in shapes if one.text]


def test_a_panel_has_title_verdict_levels_in_words_line_and_band() -> None:
    shapes = drawn(PANEL)
    assert {"Trust", "+0.8, ● reliable growth", "4 established", "0 absent"} <= set(texts(shapes))
    (band,), (line,) = named(shapes, "polygon"), named(shapes, "polyline")
    assert band.attributes["fill"] == LIGHT.soft and line.attributes["stroke"] == LIGHT.accent
    assert len(str(band.attributes["points"]).split()) == 6 and len(str(line.attributes["points"]).split()) == 3
    assert [one.told for one in named(shapes, "rect", fill=LIGHT.band)] == ["holiday"]


def test_a_stale_estimate_is_grey_and_says_so() -> None:
    shapes = drawn(replace(PANEL, is_stale=True, note="old: nothing since 5 Apr"))
    assert named(shapes, "polyline")[0].attributes["stroke"] == LIGHT.faint
    assert "old: nothing since 5 Apr" in texts(shapes)


def test_not_rated_is_a_dotted_line_and_never_zero() -> None:
    shapes = drawn(MarkerPanel("Needs", "", "", (), ()))
    assert "not rated" in texts(shapes) and len(named(shapes, "line", stroke_dasharray="1 5")) == 1
    assert not named(shapes, "polyline") and not named(shapes, "polygon")


def test_one_day_alone_is_a_bar_with_a_stroke() -> None:
    shapes = drawn(replace(PANEL, line=LINE[:1]))
    assert len(named(shapes, "rect", width=8.0)) == 1 and not named(shapes, "polyline")


def test_sources_of_one_day_stand_apart_and_differ_in_shape() -> None:
    dots = tuple(Dot(BEGAN, kind, 2.0, f"{kind} said", f"rating-{n}") for n, kind in enumerate(SHIFT))
    shapes = [one for one in drawn(replace(PANEL, dots=dots)) if one.told.endswith("said")]
    assert [one.shape for one in shapes] == ["circle", "polygon", "rect"]
    assert [one.opens for one in shapes] == ["rating-0", "rating-1", "rating-2"]


def test_not_enough_evidence_is_a_cross_below_the_scale() -> None:
    (cross,) = named(drawn(replace(PANEL, dots=(Dot(BEGAN, "therapist", None, "NE"),))), "path")
    zero = next(one for one in drawn(replace(PANEL, dots=(Dot(BEGAN, "therapist", 0.0, "0"),))) if one.told == "0")
    assert float(str(cross.attributes["d"]).split(",")[1].split(" ")[0]) > float(zero.attributes["cy"])


def test_levels_beyond_the_scale_stay_inside_the_panel() -> None:
    dots = (Dot(BEGAN, "other", -3.0, "low"), Dot(BEGAN, "other", 9.0, "high"))
    low, high = (one for one in drawn(replace(PANEL, dots=dots)) if one.told in ("low", "high"))
    assert 60 < float(high.attributes["y"]) < float(low.attributes["y"]) < 232


def test_disagreeing_scores_of_a_day_are_bracketed() -> None:
    dots = (Dot(BEGAN, "therapist", 1.0, ""), Dot(BEGAN, "client", 4.0, ""))
    panel = replace(PANEL, dots=dots, disagreed_on=(BEGAN,), note="≠ sources disagree")
    assert len(named(drawn(panel), "path", stroke=LIGHT.warning)) == 1
    assert not named(drawn(replace(panel, dots=dots[:1])), "path", stroke=LIGHT.warning)


def test_panels_go_on_in_the_next_row_where_the_screen_is_narrow() -> None:
    assert size(5, 3, 764.0) == (764, 524) and size(5, 5, 1310.0) == (1310, 262)
    shapes = drawn(*[replace(PANEL, title=f"P{n}") for n in range(5)], in_a_row=3, width=764.0)
    tops = {one.text: float(one.attributes["y"]) for one in shapes if one.text.startswith("P")}
    assert tops["P0"] == tops["P2"] < tops["P3"] and texts(shapes).count("4 established") == 2


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "said"),
    [
        (date(2026, 1, 5), date(2026, 7, 5), ["Feb", "Apr", "Jun"]),
        (date(2025, 11, 1), date(2026, 4, 1), ["Nov 25", "Jan 26", "Mar"]),
        (date(2026, 3, 3), date(2026, 3, 20), ["3 Mar"]),
        (date(2016, 1, 1), date(2026, 1, 1), ["Jan 16", "Jan 21", "Jan 26"]),
    ],
)
def test_months_are_named_evenly_and_never_too_many(begins_on: date, ends_on: date, said: list[str]) -> None:
    assert [told for _, told in months(begins_on, ends_on, most=3)] == said


# --- the plane ---------------------------------------------------------------------------------------


def _course(*scores: tuple[float, float], instrument: str = "ecr_r") -> tuple[MeasureCourse, ...]:
    forms = [
        StoredForm(
            n, 1, instrument, "general", "client", BEGAN + timedelta(days=60 * n), None,
            {"anxiety": anxiety, "avoidance": avoidance}, [], {}, [], None, None, None,
        )
        for n, (anxiety, avoidance) in enumerate(scores, start=1)
    ]  # fmt: skip
    return measures_told(forms, definitions().instruments)


def plane(*scores: tuple[float, float], instrument: str = "ecr_r") -> security_plane.Plane | None:
    return security_plane.plane_of(_course(*scores, instrument=instrument), definitions())


def test_ellipses_stand_on_first_and_last_only_with_the_joint_error() -> None:
    found = plane((4.0, 5.0), (3.5, 4.5), (3.0, 3.0))
    assert found is not None and found.errors == pytest.approx((1.12 * sqrt(0.08), 1.19 * sqrt(0.07)))
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    first, last = named(shapes, "path")
    assert first.attributes["stroke-dasharray"] == "4 3" and last.attributes["fill"] == LIGHT.soft
    radius = float(str(last.attributes["d"]).split("A")[1].split(",")[0])
    assert radius == pytest.approx(400 / 6 * 2.45 * 1.12 * sqrt(0.08), abs=0.1)


def test_the_path_starts_hollow_ends_filled_and_is_dated() -> None:
    found = plane((4.0, 5.0), (3.5, 4.5), (3.0, 3.0))
    assert found is not None
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    circles = named(shapes, "circle")
    assert [one.attributes["fill"] for one in circles] == [LIGHT.accent, LIGHT.page, LIGHT.accent]
    assert {"6 Mar", "4 Jul", "more security", "both lower:"} <= set(texts(shapes))
    told = security_plane.in_words(found, TODAY)
    assert (
        told == "ECR-R: from anxiety 4.0 and avoidance 5.0 on 6 Mar to anxiety 3.0 and avoidance 3.0 on 4 Jul, 3 dates."
    )


def test_one_date_has_one_ellipse_and_no_hollow_start() -> None:
    found = plane((4.0, 5.0))
    assert found is not None
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    assert len(named(shapes, "path")) == 1 and len(named(shapes, "circle")) == 1
    assert security_plane.in_words(found, TODAY).endswith("one date only.")


def test_without_published_figures_there_is_a_path_and_no_ellipse() -> None:
    found = plane((4.0, 5.0), (3.0, 3.0), instrument="ecr_rs")
    assert found is not None and found.errors is None
    assert not named(security_plane.plane_shapes(found, LIGHT, TODAY), "path")


def test_without_both_scores_there_is_no_plane() -> None:
    assert security_plane.plane_of((), definitions()) is None

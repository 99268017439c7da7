"""Caseload table: what the browser draws it from says the same in words and pictures, and opens only who is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lib.domain.flags import AttentionLevel
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.standing import AttentionReason, DecidedEnding, DueItem, MarkerStanding, MeasureStanding, StandingDetail
from lib.ui import caseload_table
from tests.factories import definitions

TODAY = date(2026, 3, 2)
MARKERS = definitions().model.markers
TRUST = next(iter(MARKERS))
FIRST, LAST = date(2026, 1, 5), date(2026, 2, 23)


def _measure(verdict: str, points: int = 2) -> MeasureStanding:
    return MeasureStanding(
        measure="phq9.total", name="PHQ-9", decimals=0, better="lower_better", low=0, high=27, cutoff=10,
        error_low=11, error_high=21, first_on=FIRST, first=16, best_on=LAST, best=8, latest_on=LAST, latest=8,
        points=points, forms=points, verdict=verdict, sentence="", series=((FIRST, 16.0), (LAST, 8.0))[:points],
    )  # fmt: skip


def _detail(
    name: str, *, measure: MeasureStanding | None = None, level: int | None = None, due: tuple[DueItem, ...] = ()
) -> StandingDetail:
    marker = MarkerStanding(TRUST, level, LAST if level is not None else None, level, None)
    return StandingDetail(
        code="007", name=name, born_on=None, is_open=True, sessions_held=7, sessions_missed=0, last_seen_on=LAST,
        next_on=None, main_measure=measure.measure if measure else None, measures=(measure,) if measure else (),
        markers=(marker,), reasons=(), due=due, open_flags=0, open_risk_flags=0, oldest_open_risk_on=None,
        unsigned_notes=0,
    )  # fmt: skip


def _table(*details: StandingDetail, narrow: bool = False) -> dict[str, Any]:
    return caseload_table.table(list(enumerate(details, start=11)), MARKERS, TODAY, narrow)


def _row(detail: StandingDetail, *, narrow: bool = False) -> dict[str, dict[str, Any]]:
    table = _table(detail, narrow=narrow)
    labels = [column["label"] for column in table["columns"]]
    return dict(zip(labels, table["rows"][0]["cells"], strict=True))


def test_a_rating_is_a_picture_and_the_same_in_words() -> None:
    rated, unrated = _row(_detail("Anna", level=3)), _row(_detail("Anna"))
    label = MARKERS[TRUST].label
    assert (rated[label]["text"], rated[label]["sort"]) == ("3", 3)
    assert (unrated[label]["text"], unrated[label]["sort"]) == ("not rated", None)
    assert len(_table(_detail("Anna", level=3), _detail("Boris", level=2))["pictures"]) == 4


def test_the_course_says_its_scores_to_who_does_not_see_it() -> None:
    row = _row(_detail("Anna", measure=_measure("recovered")))
    assert row["Course"]["text"] == "16, 8" and _row(_detail("Anna"))["Course"]["text"] == "no score"


def test_pictures_are_sent_once_and_hold_no_word_of_a_person() -> None:
    table = _table(_detail("Anna", level=2), _detail("Boris", level=2), _detail("Cleo", level=2))
    assert len(table["pictures"]) == 3, "the rated marker, the markers not rated, the course without a score"
    paths = [path for picture in table["pictures"] for _kind, path in picture["strokes"]]
    assert paths and all(re.fullmatch(r"[MLhvaz0-9. -]+", path) for path in paths)
    places = [cell["picture"] for row in table["rows"] for cell in row["cells"] if "picture" in cell]
    assert set(places) == {0, 1, 2}


def test_a_name_is_passed_as_it_is_and_found_by_name_or_code() -> None:
    (row,) = _table(_detail("<b>*Olga*</b>"))["rows"]
    assert row["cells"][0]["text"] == "<b>*Olga*</b>" and row["find"] == "<b>*Olga*</b> 007"
    assert _row(_detail(""))["Client"]["text"] == "007"


@pytest.mark.parametrize(
    ("verdict", "points", "said", "tone"),
    [
        ("recovered", 2, "● Recovered", None),
        ("deteriorated", 2, "▲ Worse", "warning"),
        ("unchanged", 2, "○ No clear change", "quiet"),
        ("undetermined", 1, "– One score only", "quiet"),
    ],
)
def test_a_verdict_is_a_sign_and_a_word_and_only_then_a_colour(
    verdict: str, points: int, said: str, tone: str | None
) -> None:
    cell = _row(_detail("Anna", measure=_measure(verdict, points)))["Since first score"]
    assert (cell["text"], cell.get("tone")) == (said, tone)
    assert (cell["sort"] is None) == (points < 2)


def test_what_is_late_is_said_and_sorted_by_its_day() -> None:
    late = _row(_detail("Anna", due=(DueItem("markers", date(2026, 2, 21)), DueItem("PHQ-9", TODAY))))["Due"]
    assert late == {"text": "markers 9 d late", "sort": "2026-02-21", "tone": "warning"}
    assert _row(_detail("Anna", due=(DueItem("PHQ-9", TODAY),)))["Due"] == {"text": "PHQ-9 today", "sort": "2026-03-02"}
    assert _row(_detail("Anna"))["Due"] == {"text": "", "sort": None}


def test_what_was_decided_about_ending_is_said_and_planned_days_are_sorted() -> None:
    planned = replace(_detail("Anna"), ending=DecidedEnding("plan_ending", LAST, date(2026, 4, 20)))
    waits = replace(_detail("Boris"), ending=DecidedEnding("not_yet", LAST))
    ended = replace(planned, is_open=False)
    assert _row(planned)["Ending"] == {"text": "20 Apr", "sort": date(2026, 4, 20).toordinal()}
    assert _row(waits)["Ending"] == {"text": "not yet", "sort": None}
    assert "Ending" not in _row(_detail("Cleo")) and "Ending" not in _row(ended)


def test_a_narrow_window_has_fewer_columns_and_the_markers_in_one() -> None:
    row = _row(_detail("Anna", level=3), narrow=True)
    assert list(row) == ["Client", "Markers", "Course", "Now", "Since first score", "Seen", "Due"]
    assert row["Markers"]["text"].split() == ["3"] + ["–"] * (len(MARKERS) - 1)


@pytest.mark.parametrize("told", [12, 0, -1, True, "11", 11.0, None, [11], {"id": 11}])
def test_only_a_client_who_is_shown_is_opened(told: object) -> None:
    shown = [(11, _detail("Anna"))]
    assert caseload_table.chosen_of(told, shown) is None
    assert caseload_table.chosen_of(11, shown) == 11
    assert caseload_table.chosen_of(True, [(1, _detail("Anna"))]) is None


def _estimated(newest_on: date, **more: Any) -> MarkerStanding:
    estimate = EstimatedLevel(
        on=newest_on, since=FIRST, level=2.4, low=1.8, high=3.0, change=0.9, change_low=0.1, change_high=1.7,
        above_nothing=0.99, above_points=0.96, verdict="reliable_growth", disagreement="",
        stale_from=newest_on + timedelta(days=60), variance=9.3, drift=0.09,
    )  # fmt: skip
    return MarkerStanding(TRUST, 3, newest_on, 1, FIRST, estimate=estimate, **more)


def _marker_cell(standing: MarkerStanding) -> dict[str, Any]:
    return _row(replace(_detail("Anna"), markers=(standing,)))[MARKERS[TRUST].label]


def test_an_estimate_is_told_with_its_interval_as_it_has_widened() -> None:
    cell = _marker_cell(_estimated(TODAY))
    assert (cell["text"], cell["sort"]) == ("2.4  1.8–3.0", 2.4)
    assert _marker_cell(_estimated(TODAY - timedelta(days=59)))["text"] == "2.4  1.7–3.1"
    assert _marker_cell(_estimated(TODAY - timedelta(days=60)))["text"] == "2.4  1.6–3.2, old"


def test_fresh_and_old_estimates_look_different() -> None:
    fresh, old = (replace(_detail("Anna"), markers=(_estimated(on),)) for on in (TODAY, TODAY - timedelta(days=60)))
    pictures = _table(fresh, old)["pictures"]
    assert len({str(picture) for picture in pictures}) == len(pictures) == 4  # fresh, old, not rated, and no course


def test_on_a_narrow_screen_markers_stand_in_one_cell() -> None:
    cell = _row(replace(_detail("Anna"), markers=(_estimated(TODAY),)), narrow=True)["Markers"]
    assert cell["text"].split("  ") == ["2.4", "–", "–", "–", "–"]


def test_filters_are_those_that_somebody_belongs_to_needs_first() -> None:
    late = (DueItem("PHQ-9", TODAY - timedelta(days=3)),)
    table = _table(
        _detail("Anna", measure=_measure("recovered"), due=late),
        _detail("Boris", measure=_measure("deteriorated"), due=(DueItem("PHQ-9", TODAY + timedelta(days=1)),)),
        _detail("Cleo", measure=_measure("recovered", points=1)),
    )
    assert [row["belongs"] for row in table["rows"]] == [["Due", "● Recovered"], ["▲ Worse"], ["– One score only"]]
    assert table["filters"] == ["Due", "● Recovered", "▲ Worse", "– One score only"]
    reason = AttentionReason(AttentionLevel.WATCH, "open_rupture", "Rupture.", TODAY, "Note repair")
    needs = replace(_detail("Dora"), reasons=(reason, replace(reason, since=TODAY + timedelta(days=1))))
    assert _table(needs)["filters"] == ["Needs me", "– No score yet"]
    ahead = replace(needs, reasons=(replace(reason, since=TODAY + timedelta(days=1)),))
    assert _table(ahead)["filters"] == ["– No score yet"]

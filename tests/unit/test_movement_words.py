"""What moved and what did not, in words: every kind of verdict under its own name, nothing left out in silence."""

from __future__ import annotations

from datetime import date, timedelta

from lib.domain.marker_estimates import Change, Level, MarkerEstimate, MarkerPoint, MarkerVerdict
from lib.domain.marker_observations import Observation
from lib.services.client_markers import MarkerTold
from lib.services.client_measures import MeasureCourse, measures_told
from lib.storage.measure_queries import StoredForm
from lib.ui import movement_words
from tests.factories import definitions

BEGAN = date(2026, 1, 5)
LABELS = {"trust": "Trust", "needs": "Needs", "presence": "Presence"}


def measures(**courses: tuple[float, ...]) -> tuple[MeasureCourse, ...]:
    forms = [
        StoredForm(
            100 * place + n, 1, instrument, "general", "client", BEGAN + timedelta(days=30 * n), None,
            {"total": value}, [], {}, [], None, None, None,
        )
        for place, (instrument, values) in enumerate(courses.items())
        for n, value in enumerate(values)
    ]  # fmt: skip
    return measures_told(forms, definitions().instruments)


def marker(key: str, levels: float, verdict: MarkerVerdict) -> MarkerTold:
    change = Change(levels * 20, 4.0, 0.5, 0.5, 0.5)
    point = MarkerPoint(BEGAN, Level(50.0, 4.0), change, verdict, ())
    seen = Observation(BEGAN, "clinician", 2.0, 50.0)
    return MarkerTold(key, MarkerEstimate((point,), (seen,), ()), (), (), {})


def test_every_verdict_stands_under_its_kind_measures_before_markers() -> None:
    told = movement_words.told(
        measures(phq9=(18.0, 6.0), rses=(20.0, 21.0)),
        {
            "trust": marker("trust", 1.0, MarkerVerdict.RELIABLE_GROWTH),
            "needs": marker("needs", -0.6, MarkerVerdict.SETBACK),
            "presence": marker("presence", 0.1, MarkerVerdict.UNDISTINGUISHED),
        },
        LABELS,
        ["presence"],
    )
    said = dict(line.split(": ", 1) for line in told)
    assert list(said) == ["Better", "▲ Worse", "No clear change", "Cannot be told", "≠ Sources disagree"]
    better, worse, unclear, unknown, disagree = said.values()
    assert better.startswith("PHQ-9 18 to 6, recovered · Trust +") and better.endswith(", reliable")
    assert worse.startswith("Needs −") and worse.endswith(", likely")
    assert unclear.startswith("Presence +") and disagree == "Presence"
    assert unknown.endswith(" 20 to 21")  # no reliability is held for this scale


def test_one_score_and_one_date_cannot_be_told_and_a_worse_score_is_never_left_out() -> None:
    told = movement_words.told(
        measures(phq9=(5.0, 20.0), gad7=(10.0,)), {"trust": marker("trust", 0, MarkerVerdict.ONE_DATE)}, LABELS, []
    )
    assert told == [
        "▲ Worse: PHQ-9 5 to 20",
        "Cannot be told: GAD-7 (one score, 10) · PHQ-ADS (one score, 15) · Trust (rated on one date)",
    ]


def test_where_nothing_was_scored_or_rated_nothing_is_said() -> None:
    nobody = MarkerTold("trust", MarkerEstimate((), (), ()), (), (), {})
    assert movement_words.told((), {"trust": nobody}, LABELS, []) == []

"""Marker measurement without a record: the scores of a file as estimates, nothing stored and no client looked up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from lib.domain.goal_scaling import goal_score
from lib.domain.marker_definitions import GOALS, MarkerModel
from lib.domain.marker_estimates import MarkerPoint, courses_of_many
from lib.domain.marker_observations import (
    LeftOut,
    Observation,
    Weighed,
    settle,
    t_of,
    t_of_scale,
)
from lib.exchange.marker_series import DAY_ZERO, SourceScore, SourceScores


def estimated_series(file: SourceScores, model: MarkerModel) -> list[dict[str, Any]]:
    """The estimate on every day of every client and marker of the file, in its order, as the terminal prints it.

    A day before anybody had said anything has no level, and why. T scores are taken as they are: whoever worked them
    out is not asked who rated, so no rating is held too close to another."""
    grouped: dict[tuple[str, str], list[SourceScore]] = {}
    for score in file.scores:
        grouped.setdefault((score.client, score.marker), []).append(score)
    settled = {
        (client, marker): _settled(marker, scores, model, told_apart=file.in_t)
        for (client, marker), scores in grouped.items()
    }
    known = [key for key in grouped if settled[key][0]]
    days = {key: sorted({score.on for score in scores}) for key, scores in grouped.items()}
    courses = courses_of_many([settled[key][0] for key in known], model, [days[key] for key in known])
    points = {key: {point.on: point for point in course} for key, course in zip(known, courses, strict=True)}
    told = []
    for key, (_, left_out) in settled.items():
        missing = _left_out(left_out)
        for on in days[key]:
            point = points.get(key, {}).get(on)
            row = _silent(missing.get(on, [])) if point is None else _point(point, model, file.counts_days)
            told.append(
                {
                    "client": key[0],
                    "marker": key[1],
                    "date": _day(on, file.counts_days),
                    **row,
                    "left_out": missing.get(on, []),
                }
            )
    return told


def _settled(
    marker: str, scores: Sequence[SourceScore], model: MarkerModel, told_apart: bool
) -> tuple[list[Weighed], list[LeftOut]]:
    found, left_out, goals = [], [], dict[date, list[float]]()
    for number, score in enumerate(scores):
        if score.value is None:
            continue
        if score.source == GOALS and not score.is_t:
            goals.setdefault(score.on, []).append(score.value)
            continue
        t = _t(marker, score, model)
        if t is None:
            left_out.append(LeftOut(score.on, score.source, score.value, model.why_unused(marker, score.source)))
        else:
            rater = number if told_apart else None
            found.append(Observation(score.on, score.source, score.value, t, score.confidence, rater))
    for on, attained in goals.items():
        t = goal_score([int(one) for one in attained], [1.0] * len(attained), model.rules.goal_correlation)
        found.append(Observation(on, GOALS, sum(attained) / len(attained), t))
    weighed, overlapping = settle(marker, found, model)
    return weighed, left_out + overlapping


def _t(marker: str, score: SourceScore, model: MarkerModel) -> float | None:
    if score.value is None or score.is_t:
        return score.value
    return t_of_scale(marker, score.source, score.value, model) if "." in score.source else t_of(score.value)


def _point(point: MarkerPoint, model: MarkerModel, counts_days: bool) -> dict[str, Any]:
    now, change = point.now, point.change
    return {
        "level": now.level,
        "interval": list(now.interval),
        "change": change.levels,
        "change_interval": list(change.interval),
        "p_change_gt0": change.above_nothing,
        "p_change_gt5": change.above_points,
        "verdict": point.verdict.value,
        "disagreements": [
            {"source": one.observation.source, "value": one.observation.value, "z": one.size} for one in point.surprises
        ],
        "t": {
            "level": now.t,
            "variance": now.variance,
            "change": change.t,
            "change_variance": change.variance,
        },
        "stale_from": _day(point.on + timedelta(days=model.rules.stale_days), counts_days),
        "status": model.status,
    }


def _silent(left_out: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A day before anything usable was said of a marker: no level, and why; never a zero."""
    why = "; ".join(dict.fromkeys(one["why"] for one in left_out)) or "not enough evidence yet"
    figures = ("level", "interval", "change", "change_interval", "p_change_gt0", "p_change_gt5", "verdict")
    return {**dict.fromkeys(figures), "why": why}


def _left_out(left_out: Sequence[LeftOut]) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = {}
    for one in left_out:
        found.setdefault(one.on, []).append({"source": one.source, "value": one.value, "why": one.why})
    return found


def _day(on: date, counts_days: bool) -> str | int:
    return (on - DAY_ZERO).days if counts_days else on.isoformat()

"""Verb that estimates growth markers from a file of scores and stores nothing: `markers`."""

from __future__ import annotations

import argparse
from typing import Any

from lib.commands.context import Context, Outcome, bytes_of
from lib.commands.reading import add_reading_options, read_options
from lib.exchange.marker_series import read_marker_series
from lib.services.marker_measurement import estimated_series

_VERDICTS = {
    "reliable_growth": "reliable growth",
    "growth": "growth",
    "undistinguished": "not distinguishable from no change",
    "setback": "setback",
    "reliable_setback": "reliable setback",
    "one_date": "one date only, no change yet",
}


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`markers FILE`."""
    markers = verbs.add_parser(
        "markers", parents=[common], help="estimate marker levels over time from a file of scores, storing nothing"
    )
    markers.add_argument("file", metavar="FILE")
    markers.add_argument(
        "--metric", choices=("given", "t"), default="given",
        help="given: levels 0-4, goals -2 to 2, scale scores; t: every value is a T score",
    )  # fmt: skip
    add_reading_options(markers)
    markers.set_defaults(run=run_markers)


def run_markers(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Estimate every marker of every client of a file on each of its days."""
    data, name = bytes_of(chosen.file)
    definitions, options = context.definitions, read_options(context, chosen)
    markers = tuple(definitions.model.markers)
    scores = read_marker_series(data, name, definitions.instruments, options, markers, in_t=chosen.metric == "t")
    told = estimated_series(scores, definitions.model.estimation)
    in_t = ("No rating here could be a level: every value is read as a T score.",)
    unasked = in_t if scores.in_t and chosen.metric != "t" else ()
    return Outcome(data=told, lines=(*unasked, *(_line(one) for one in told)))


def _line(one: dict[str, Any]) -> str:
    where = f"{one['client']}  {one['marker']}  {one['date']}"
    if one["level"] is None:
        return f"{where}  no level: {one['why']}"
    low, high = one["interval"]
    chances = (
        ""
        if one["p_change_gt0"] is None
        else (
            f", change {one['change']:+.2f} (P above 0 {one['p_change_gt0']:.3f}, above 5 T {one['p_change_gt5']:.3f})"
        )
    )
    said = f"{where}  {one['level']:.2f} ({low:.2f} to {high:.2f}){chances}: {_VERDICTS[one['verdict']]}"
    if one["disagreements"]:
        said += "; sources disagree: " + ", ".join(each["source"] for each in one["disagreements"])
    return "; ".join([said, *(f"left out {each['source']}: {each['why']}" for each in one["left_out"])])

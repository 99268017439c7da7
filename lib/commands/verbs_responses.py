"""Verb that fits the expected response on the practice's own closed courses: `fit`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from lib.commands.context import Context, Outcome
from lib.services.expected_response import Fitted, fit_responses


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`fit`."""
    fitting = verbs.add_parser(
        "fit", parents=[common], help="fit the expected response on this practice's closed courses, as a new version"
    )
    fitting.set_defaults(run=run_fit)


def run_fit(context: Context, _chosen: argparse.Namespace) -> Outcome:
    """Fit every measure, keep the versions, renew all standings, and say what came of each."""
    with context.writing() as (session, actor, now):
        found = fit_responses(session, actor, now, context.definitions)
    data = [{**asdict(one), "fitted_on": one.fitted_on.isoformat() if one.fitted_on else None} for one in found]
    none = ("No closed course has four scored sessions yet: nothing was fitted.",)
    return Outcome(data=data, lines=tuple(_line(one) for one in found) or none)


def _line(one: Fitted) -> str:
    if one.version is None:
        return f"{one.name}: no expected response, because {one.why} ({one.clients} so far)."
    return f"{one.name}: version {one.version}, fitted on {one.clients} closed courses."

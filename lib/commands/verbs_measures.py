"""Verbs that measure and store nothing: `score` and `change`."""

from __future__ import annotations

import argparse
from typing import Any

from lib.commands.context import Context, Outcome, bytes_of
from lib.commands.reading import add_reading_options, read_options
from lib.domain.change_basis import Basis, CutoffKind, Method
from lib.domain.errors import InvalidInput
from lib.domain.instruments import Direction
from lib.exchange.change_sheets import read_pairs
from lib.exchange.score_sheets import read_scores
from lib.services import measurement

_FIGURES = (
    "sd",
    "reliability",
    "reliability-post",
    "mean-clinical",
    "sd-clinical",
    "mean-functional",
    "sd-functional",
    "mean-after",
    "sd-after",
    "correlation",
    "published-cutoff",
    "rule-in-use",
)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`score FILE` and `change FILE`."""
    score = verbs.add_parser("score", parents=[common], help="score the forms of a file, storing nothing")
    score.add_argument("file", metavar="FILE")
    add_reading_options(score)
    score.set_defaults(run=run_score)
    change = verbs.add_parser("change", parents=[common], help="judge pairs of scores, storing nothing")
    change.add_argument("file", metavar="FILE")
    change.add_argument("--method", choices=[method.value for method in Method], default=Method.JT.value)
    change.add_argument("--cutoff", choices=[kind.value for kind in CutoffKind], default=None)
    change.add_argument("--better", choices=("lower", "higher"), help="judge a scale of your own by these figures")
    for figure in _FIGURES:
        change.add_argument(f"--{figure}", type=float, metavar="X")
    add_reading_options(change)
    change.set_defaults(run=run_change)


def run_score(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Score every form of a file."""
    data, name = bytes_of(chosen.file)
    instruments = context.definitions.instruments
    parsed = read_scores(data, name, instruments, read_options(context, chosen))
    forms = measurement.scored_forms(parsed, instruments)
    return Outcome(data=forms, lines=tuple(_form_line(form) for form in forms))


def _form_line(form: dict[str, Any]) -> str:
    values = ", ".join(f"{key} {'none' if value is None else f'{value:g}'}" for key, value in form["scales"].items())
    return f"{form['client']}  {form['date']}  {form['instrument']}: {values}  {' '.join(form['flags'])}".rstrip()


def run_change(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Judge every pair of a file."""
    data, name = bytes_of(chosen.file)
    own_scale = _own_scale(chosen)
    pairs = read_pairs(data, name, read_options(context, chosen), own_scale=own_scale is not None)
    judged = measurement.judged_pairs(pairs, context.definitions.instruments, chosen.method, chosen.cutoff, own_scale)
    return Outcome(data=judged, lines=tuple(f"{each['client']}: {each['sentence']}" for each in judged))


def _own_scale(chosen: argparse.Namespace) -> Basis | None:
    """A scale given on the line by its figures; None when the file names known instruments."""
    figures = {name.replace("-", "_"): getattr(chosen, name.replace("-", "_")) for name in _FIGURES}
    if chosen.better is None and all(value is None for value in figures.values()):
        return None
    if chosen.better is None:
        raise InvalidInput("Figures were given, but not which way is better.", "Add --better.", "better")
    direction = Direction.HIGHER_BETTER if chosen.better == "higher" else Direction.LOWER_BETTER
    return Basis(better=direction, cutoff=figures.pop("published_cutoff"), **figures)

"""The verb `instrument`: what the practice measures with; definitions and item texts of its own, checked and kept."""

from __future__ import annotations

import argparse
from typing import Any

from lib.commands.context import Context, Outcome, bytes_of
from lib.domain.instruments import Instrument
from lib.services import instruments
from lib.services.instruments import ListedInstrument


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`instrument list|define|words|withdraw`."""
    instrument = verbs.add_parser("instrument", parents=[common], help="what the practice measures with")
    doing = instrument.add_subparsers(dest="doing", required=True)
    listing = doing.add_parser("list", parents=[common], help="every instrument, and what gives a verdict")
    listing.set_defaults(run=run_list)
    for name, what in (
        ("define", "an instrument of the practice's own"),
        ("words", "the words of an instrument's items"),
    ):
        taking = doing.add_parser(name, parents=[common], help=f"take in {what}, from a TOML or JSON file")
        taking.add_argument("file", metavar="FILE")
        taking.set_defaults(run=run_define if name == "define" else run_words)
    taking_back = doing.add_parser("withdraw", parents=[common], help="take back what the practice brought")
    taking_back.add_argument("instrument", metavar="ID")
    taking_back.add_argument("part", choices=("definition", "texts"))
    taking_back.set_defaults(run=run_withdraw)


def run_list(context: Context, _chosen: argparse.Namespace) -> Outcome:
    """Every instrument of this practice."""
    with context.reading() as (session, actor, _now):
        listed = instruments.instruments_of_practice(session, actor, context.shipped_definitions)
    return Outcome([_as_json(one) for one in listed], tuple(_line(one) for one in listed))


def _as_json(one: ListedInstrument) -> dict[str, Any]:
    instrument = one.instrument
    return {
        "id": one.key,
        "name": instrument.name if instrument else None,
        "version": instrument.version if instrument else None,
        "items": len(instrument.items) if instrument else None,
        "scales": [scale.key for scale in instrument.scales] if instrument else [],
        "verdicts": [scale.key for scale in instrument.scales if scale.change] if instrument else [],
        "own_definition": one.own_definition,
        "own_texts": one.own_texts,
        "own_figures": list(one.own_figures),
        "problem": one.problem or None,
    }


def _line(one: ListedInstrument) -> str:
    if one.instrument is None:
        return f"{one.key}: cannot be used: {one.problem}"
    judged = [scale.key for scale in one.instrument.scales if scale.change]
    verdict = f"verdicts on {', '.join(judged)}" if judged else "no verdict: no published figures entered"
    return f"{one.key}: {one.instrument.name}; {verdict}{'; ' + one.problem if one.problem else ''}"


def run_define(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Take in a definition file."""
    data, name = bytes_of(chosen.file)
    with context.writing() as (session, actor, now):
        taken = instruments.define_instrument(session, actor, data, name, now, context.shipped_definitions)
    return _taken(taken)


def run_words(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Take in a file of item texts."""
    data, name = bytes_of(chosen.file)
    with context.writing() as (session, actor, now):
        taken = instruments.add_item_texts(session, actor, data, name, now, context.shipped_definitions)
    return _taken(taken)


def _taken(instrument: Instrument) -> Outcome:
    data = {"id": instrument.id, "version": instrument.version, "has_text": instrument.has_text}
    return Outcome(data, (f"{instrument.short_name} is kept, and can be used from now on.",))


def run_withdraw(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Take back a definition or item texts."""
    with context.writing() as (session, actor, now):
        instruments.withdraw(session, actor, chosen.instrument, chosen.part, now, context.shipped_definitions)
    return Outcome({"id": chosen.instrument, "part": chosen.part}, (f"The {chosen.part} was taken back.",))

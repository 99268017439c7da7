"""Verbs about the whole practice: `demo` makes the demonstration, `benchmark` measures."""

from __future__ import annotations

import argparse
from typing import Any

from lib.commands import benchmark
from lib.commands.context import Context, Outcome
from lib.domain.errors import InvalidInput
from lib.services.demonstration import make_demonstration

MOST_CLIENTS = 200_000


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`demo`, `benchmark`."""
    demo = verbs.add_parser("demo", parents=[common], help="make the demonstration practice in an empty database")
    demo.add_argument("--clients", type=int, metavar="N", help="a large one, for measuring")
    demo.set_defaults(run=run_demo)
    benchmark.add_verb(verbs, common)


def run_demo(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Make the demonstration practice; a database that is not empty is refused."""
    if chosen.clients is not None and chosen.clients < 1:
        raise InvalidInput("A practice has at least one client.", "Name a number from 1 upwards.", "clients")
    if chosen.clients is not None and chosen.clients > MOST_CLIENTS:
        raise InvalidInput(f"A demonstration has at most {MOST_CLIENTS:,} clients.", "Name fewer.", "clients")
    database = context.database if context.database_url else context.house.demonstration
    made = make_demonstration(database, context.definitions, chosen.clients)
    return Outcome({"clients": made}, (f"The demonstration practice stands: {made} clients, all invented.",))

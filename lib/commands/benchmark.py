"""Verb `benchmark`: the figures of the performance page, each with its floor measured in the same run."""

from __future__ import annotations

import argparse
import platform
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from lib.bootstrap import local_now
from lib.commands import benchmark_browser as browser_room
from lib.commands.benchmark_documents import GROWTH_TARGET, PDF_TARGET_S, DocumentTimes, time_documents
from lib.commands.benchmark_house import EMBEDDED, POSTGRESQL, BenchmarkHouse, practice_of, server_for
from lib.commands.benchmark_import import time_import
from lib.commands.benchmark_measurement import Timed, time_measurement
from lib.commands.benchmark_server import Server, dashboard, empty_page
from lib.commands.context import Context, Outcome
from lib.domain.errors import InvalidInput

SESSIONS = 50
MOST_CLIENTS, MOST_RUNS = 200_000, 100
EMPTY = "empty page"
# name -> at most so many times the empty page
PAGE_TARGETS = {"caseload": 2.0, "client page": 2.5, "supervisor page": 2.0, "outcomes page": 2.0, "audit page": 2.0}
FLAT_TARGET, IMPORT_TARGET = 1.2, 5.0
NOTE, NOTE_ALONE, NOTE_TARGET = "note with its suggestions", "the same note without", 1.5
SHAPES_TOLD = {"long": "one answer a row", "wide": "one form a row"}


@dataclass(frozen=True, slots=True)
class Target:
    """One figure beside what it should not be above."""

    what: str
    measured: float
    at_most: float

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.measured <= self.at_most


def add_verb(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`benchmark`."""
    verb = verbs.add_parser("benchmark", parents=[common], help="measure pages, import and memory in one run")
    verb.add_argument("--sizes", default="500,50000", metavar="N,N", help="numbers of invented clients")
    verb.add_argument("--runs", type=int, default=7, metavar="N", help="how often each page is timed")
    verb.add_argument("--database-kind", choices=(EMBEDDED, POSTGRESQL), default=EMBEDDED)
    verb.add_argument("--without-import", action="store_true", help="leave the import out")
    verb.add_argument("--only-measurement", action="store_true", help="scoring and what rests on it, no browser")
    verb.set_defaults(run=run_benchmark)


def run_benchmark(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Make practices of invented people in temporary folders, measure, and leave nothing behind."""
    sizes = _sizes(chosen.sizes)
    if not 1 <= chosen.runs <= MOST_RUNS:
        raise InvalidInput(f"Runs are 1 to {MOST_RUNS}.", field="runs")
    timed = time_measurement(context.shipped_definitions.instruments, chosen.runs)
    if chosen.only_measurement:
        return _told(chosen, [], None, timed)
    set_in = time_documents(chosen.runs)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))  # told to end, it still takes down what it started
    with ExitStack() as open_now:
        browser = open_now.enter_context(browser_room.chromium())
        server = open_now.enter_context(server_for(chosen.database_kind))
        houses = [open_now.enter_context(practice_of(size, server)) for size in sizes]
        with ExitStack() as served:
            sites = [_Site.open(served, browser, held) for held in houses]
            # All sizes take turns: what else the machine does falls on each of them, and growth is growth.
            found = browser_room.time_pages([page for site in sites for page in site.pages], chosen.runs)
            measured = [_measured(site, found) for site in sites]
        taken_in = None if chosen.without_import else time_import(houses[0], chosen.runs)
    return _told(chosen, measured, taken_in, timed, set_in)


def _sizes(told: str) -> list[int]:
    try:
        sizes = sorted({int(each) for each in told.split(",")})
    except ValueError as wrong:
        raise InvalidInput("Sizes are whole numbers with commas between.", "For example 500,50000.", "sizes") from wrong
    if not sizes or sizes[0] < 1 or sizes[-1] > MOST_CLIENTS:
        raise InvalidInput(f"Sizes are 1 to {MOST_CLIENTS} clients.", field="sizes")
    return sizes


@dataclass(frozen=True, slots=True)
class _Site:
    """One practice served: its dashboard, and its pages in the order they are timed in."""

    held: BenchmarkHouse
    server: Server
    pages: tuple[browser_room.PageToTime, ...]

    @classmethod
    def open(cls, served: ExitStack, browser: Any, held: BenchmarkHouse) -> _Site:
        """Start the servers and sign in. The empty page comes first, then those that are held against it.

        Each landmark stands on its page alone."""
        empty, server = served.enter_context(empty_page(held)), served.enter_context(dashboard(held))
        unread = served.enter_context(dashboard(held, with_phrases=False))
        who = served.enter_context(browser_room.signed_in(browser, server, held))
        therapist, supervisor = who[held.therapist], who[held.supervisor]
        opened = f"?client={held.client_id}"
        told = (
            (EMPTY, empty.address, therapist, "An empty page."),
            ("caseload", server.address, therapist, "My caseload"),
            ("client page", f"{server.address}/client{opened}", therapist, "Client record"),
            ("supervisor page", server.address, supervisor, "Cases to talk about"),
            ("outcomes page", f"{server.address}/outcomes", supervisor, "First and latest score"),
            ("audit page", f"{server.address}/audit-records", supervisor, "Oldest unanswered flag"),
            (NOTE, f"{server.address}/evidence{opened}", therapist, "Suggestions of a phrase file"),
            (NOTE_ALONE, f"{unread.address}/evidence{opened}", therapist, "Suggestions of a phrase file"),
        )
        pages = [browser_room.PageToTime(*each) for each in told]
        # Every ratio rests on the empty page: it is timed twice a round.
        return cls(held, server, (*pages[:4], pages[0], *pages[4:]))


def _measured(site: _Site, found: browser_room.Times) -> dict[str, Any]:
    runs = {page.name: found[page] for page in site.pages}
    medians = {name: median(values) for name, values in runs.items()}
    before = site.server.memory_mb()
    with browser_room.open_sessions(site.pages[1], SESSIONS) as count:
        after = site.server.memory_mb()
    return {
        "clients": site.held.clients,
        "made_in_s": round(site.held.made_in_s, 1),
        "median_ms": {name: round(value) for name, value in medians.items()},
        "runs_ms": {name: [round(value) for value in values] for name, values in runs.items()},
        "ratio_to_empty": {name: round(medians[name] / medians[EMPTY], 2) for name in PAGE_TARGETS},
        "note_ratio": round(medians[NOTE] / medians[NOTE_ALONE], 2),
        "memory": {
            "before_mb": round(before, 1) if before is not None else None,
            "with_sessions_mb": round(after, 1) if after is not None else None,
            "sessions": count,
        },
    }


def targets(
    measured: list[dict[str, Any]], taken_in: dict[str, Any] | None, timed: Sequence[Timed] = ()
) -> list[Target]:
    """Every target of the performance page beside what this run saw."""
    found = [
        Target(f"{name} at {size['clients']} clients, times the empty page", size["ratio_to_empty"][name], at_most)
        for size in measured
        for name, at_most in PAGE_TARGETS.items()
    ]
    found += [
        Target(f"{NOTE} at {size['clients']} clients, times {NOTE_ALONE}", size["note_ratio"], NOTE_TARGET)
        for size in measured
    ]
    if len(measured) > 1:
        first, last = measured[0], measured[-1]
        found += [
            Target(
                f"{name} at {last['clients']} clients, times the same at {first['clients']}",
                round(last["median_ms"][name] / first["median_ms"][name], 2),
                FLAT_TARGET,
            )
            for name in PAGE_TARGETS
        ]
    if taken_in is not None:
        found += [
            Target(
                f"import of {taken_in['answers']} answers, {told}, times pandas",
                taken_in[shape]["ratio"],
                IMPORT_TARGET,
            )
            for shape, told in SHAPES_TOLD.items()
        ]
    return found + [Target(f"{each.what}, times {each.floor}", each.ratio, each.at_most) for each in timed]


def _told(
    chosen: argparse.Namespace,
    measured: list[dict[str, Any]],
    taken_in: dict[str, Any] | None,
    timed: Sequence[Timed],
    set_in: DocumentTimes | None = None,
) -> Outcome:
    held = targets(measured, taken_in, timed)
    if set_in is not None:
        held += [
            Target("a PDF with charts, seconds", round(set_in.pdf_s, 3), PDF_TARGET_S),
            Target("memory after 500 PDFs, times after 50", set_in.growth, GROWTH_TARGET),
        ]
    data = {
        "measured_on": local_now().date().isoformat(),
        "machine": _machine(),
        "database": chosen.database_kind,
        "runs": chosen.runs,
        "sizes": measured,
        "import": taken_in,
        "measurement": [each.as_json() for each in timed],
        "documents": None if set_in is None else set_in.as_json(),
        "targets": [
            {"what": each.what, "measured": each.measured, "at_most": each.at_most, "met": each.met} for each in held
        ],
    }
    lines = [f"{_machine()}; {chosen.database_kind}; medians of {chosen.runs} runs, warm."]
    lines += [
        f"{each.what}: {each.seconds * 1000:.3g} ms; {each.floor} {each.floor_s * 1000:.3g} ms." for each in timed
    ]
    lines += [] if set_in is None else set_in.lines()
    for size in measured:
        times = ", ".join(f"{name} {value} ms" for name, value in size["median_ms"].items())
        memory = size["memory"]
        lines.append(f"{size['clients']} clients (made in {size['made_in_s']} s): {times}.")
        lines.append(
            f"  Server memory {memory['before_mb']} MB, {memory['with_sessions_mb']} MB with {memory['sessions']} open."
        )
    if taken_in is not None:
        lines += [
            f"Import of {taken_in['answers']} answers, {told}: {taken_in[shape]['service_s']} s; "
            f"pandas {taken_in[shape]['pandas_s']} s."
            for shape, told in SHAPES_TOLD.items()
        ]
    lines += [
        f"{'holds ' if each.met else 'MISSED'}  {each.what}: {each.measured} (at most {each.at_most})" for each in held
    ]
    return Outcome(data, tuple(lines))


def _machine() -> str:
    """The machine in plain words."""
    cores = len(list(Path("/sys/devices/system/cpu").glob("cpu[0-9]*")))
    cpus = f"{cores} cores, " if cores else ""
    return f"{cpus}{platform.system()} {platform.machine()}, Python {platform.python_version()}"

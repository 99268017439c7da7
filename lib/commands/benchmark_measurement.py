"""Benchmark of measurement: scoring and what rests on it, each beside the bare arithmetic it cannot do without.

One function a thing to measure, listed in TIMED; each takes the number of runs and returns what it saw."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from lib.commands import benchmark_markers, benchmark_notes
from lib.domain.change import basis_of, judge_changes
from lib.domain.change_methods import RELIABLE_AT_95_PERCENT, Method, index_of
from lib.domain.instruments import Instruments
from lib.domain.scoring_many import score_many

FORMS = PAIRS = 100_000
SCORING_TARGET = CHANGE_TARGET = 5.0
_SEED = 17


@dataclass(frozen=True, slots=True)
class Timed:
    """One act beside its floor, in seconds of this process's own time, medians of turns taken by both."""

    what: str
    seconds: float
    floor: str
    floor_s: float
    at_most: float

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return round(self.seconds / self.floor_s, 4)

    def as_json(self) -> dict[str, Any]:
        """As the report has it."""
        return {
            "what": self.what,
            "seconds": round(self.seconds, 5),
            "floor": self.floor,
            "floor_s": round(self.floor_s, 5),
            "ratio": self.ratio,
            "at_most": self.at_most,
        }


def in_turns(
    act: Callable[[], object],
    floor: Callable[[], object],
    runs: int,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, float]:
    """Median seconds of the act and of its floor: both first once unmeasured, then turn by turn.

    `clock`: processor time, unless a matrix product is among them. The threads behind one spin on for a while after
    it, and processor time would charge that to whatever runs next."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for times, run in zip(found, (act, floor), strict=True):
            began = clock()
            run()
            if turn:
                times.append(clock() - began)
    return median(found[0]), median(found[1])


def time_scoring(instruments: Instruments, runs: int) -> Timed:
    """Scoring 100,000 whole ECR-R forms from their item answers, beside one bare matrix product of the same shape."""
    instrument, rng = instruments["ecr_r"], np.random.default_rng(_SEED)
    shape = (FORMS, len(instrument.items))
    answers = rng.integers(instrument.minimum, instrument.maximum, shape, endpoint=True).astype(float)
    weights = rng.normal(size=(len(instrument.items), len(instrument.scales)))
    seconds, floor_s = in_turns(
        lambda: score_many(instrument, answers), lambda: answers @ weights, runs, clock=time.perf_counter
    )
    return Timed(f"scoring {FORMS} ECR-R forms", seconds, "a bare matrix product", floor_s, SCORING_TARGET)


def time_change_verdicts(instruments: Instruments, runs: int) -> Timed:
    """Verdicts on 100,000 pairs of PHQ-9 totals, beside the difference over its error, beyond the limit or not."""
    basis = basis_of(instruments["phq9"].scale("total"))
    error = index_of(basis, Method.JT).standard_error
    before, after = np.random.default_rng(_SEED).integers(0, 28, (2, PAIRS)).astype(float)
    seconds, floor_s = in_turns(
        lambda: judge_changes(before, after, basis),
        lambda: np.abs((after - before) / error) > RELIABLE_AT_95_PERCENT,
        runs,
    )
    return Timed(f"change verdicts on {PAIRS} pairs", seconds, "bare numpy arithmetic", floor_s, CHANGE_TARGET)


def time_marker_estimates(_instruments: Instruments, runs: int) -> Timed:
    """Marker estimates of 10,000 clients with 30 dates and 3 sources, beside a plain loop over them, scaled."""
    seconds, looped_s = benchmark_markers.many_at_once(runs)
    floor = f"a plain loop, scaled from {benchmark_markers.LOOPED_CLIENTS} clients"
    what = f"marker estimates of {benchmark_markers.CLIENTS} clients"
    return Timed(what, seconds, floor, looped_s, 1 / benchmark_markers.FASTER_BY)


def time_marker_estimates_of_a_large_practice(_instruments: Instruments, _runs: int) -> Timed:
    """The same for 50,000 clients, beside two minutes of one core."""
    seconds = benchmark_markers.fifty_thousand()
    what = f"marker estimates of {benchmark_markers.MANY_CLIENTS} clients"
    return Timed(what, seconds, "two minutes of one core", benchmark_markers.WITHIN_S, 1.0)


def time_reading_of_notes(_instruments: Instruments, runs: int) -> Timed:
    """Reading 200 notes of 500 words for evidence, beside one pass of a plain tokenizer over them."""
    phrases = benchmark_notes.book()
    texts = benchmark_notes.notes(phrases)
    seconds, floor_s = in_turns(
        lambda: benchmark_notes.read_all(texts, phrases), lambda: benchmark_notes.tokenize_all(texts), runs
    )
    what = f"reading {benchmark_notes.NOTES} notes of {benchmark_notes.WORDS} words for evidence"
    return Timed(what, seconds, "a plain tokenizer", floor_s, benchmark_notes.TIMES_A_TOKENIZER)


TIMED: tuple[Callable[[Instruments, int], Timed], ...] = (
    time_scoring,
    time_change_verdicts,
    time_marker_estimates,
    time_marker_estimates_of_a_large_practice,
    time_reading_of_notes,
)


def time_measurement(instruments: Instruments, runs: int) -> list[Timed]:
    """Everything in TIMED, one after the other."""
    return [each(instruments, runs) for each in TIMED]

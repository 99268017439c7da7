"""Expected response: what the practice's own closed courses lead one to expect, and when a course falls behind it.

The one figure of the product that depends on other clients, and it says so. The log-session model with the first
score follows Lambert and Finch 2001, Lutz 2002 and Delgadillo 2018 (structure recalled): y = b0 + b1 (y0 - m) +
b2 log(t + 1) + b3 (y0 - m) log(t + 1), with each client's own level and slope."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from lib.domain.course import Course
from lib.domain.mixed_model import fit_mixed

FEWEST_CLIENTS = 100
FEWEST_SCORED_SESSIONS = 4  # the first score's is one of them
AMBER, RED = 1.2816, 1.645  # of sd_new: the worse bounds of the bands that hold 80 % and 90 %
SHARE_STILL_THERE = 0.1  # the curve ends where fewer than a tenth of the clients had a score


class Track(StrEnum):
    """How a score stands against what was expected."""

    ON_TRACK = "on_track"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class ResponseCase:
    """One closed course: the first score, and later ones by the number of sessions since."""

    baseline: float
    sessions: tuple[int, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ResponseModel:
    """One fitted version for one measure, in the measure's points. `longest`: the last session the curve may speak of.

    `fixed` holds b0 to b3; `fixed_covariance` (4, 4) and `random_covariance` (2, 2) as nested tuples."""

    measure: str
    version: int
    fitted_on: date
    clients: int
    scores: int
    middle: float
    lowest_first: float
    highest_first: float
    longest: int
    fixed: tuple[float, ...]
    fixed_covariance: tuple[tuple[float, ...], ...]
    random_covariance: tuple[tuple[float, ...], ...]
    residual: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one course at one session: the score and the SD for a new client, in points."""

    session: int
    score: float
    sd: float

    def bounds(self, times: float = AMBER) -> tuple[float, float]:
        """Lower and upper end of the band that many SDs wide on either side."""
        return self.score - times * self.sd, self.score + times * self.sd


def session_numbers(course: Course, attended_on: Sequence[date]) -> list[int]:
    """How many sessions after its first score each score of a course was taken; `attended_on` in order.

    Where no session after the first score is on record, each form counts as one."""
    began = bisect_right(attended_on, course.first.taken_on)
    if began == len(attended_on):
        return list(range(len(course.points)))
    return [bisect_right(attended_on, point.taken_on) - began for point in course.points]


def case_of(course: Course, attended_on: Sequence[date]) -> ResponseCase | None:
    """A course as the model reads it: one score a session, the first; None with fewer than four scored sessions."""
    by_session: dict[int, float] = {}
    for session, point in zip(session_numbers(course, attended_on), course.points, strict=True):
        if session > 0:
            by_session.setdefault(session, point.value)
    if len(by_session) + 1 < FEWEST_SCORED_SESSIONS:
        return None
    return ResponseCase(course.first.value, tuple(by_session), tuple(by_session.values()))


def fit_response(measure: str, cases: Sequence[ResponseCase], version: int, fitted_on: date) -> ResponseModel | None:
    """The model of these closed courses; None below a hundred. Raises InvalidInput where they are too alike."""
    if len(cases) < FEWEST_CLIENTS:
        return None
    firsts = np.array([case.baseline for case in cases])
    middle = float(firsts.mean())
    person = np.repeat(np.arange(len(cases)), [len(case.sessions) for case in cases])
    time = np.log1p([session for case in cases for session in case.sessions])
    y = np.array([score for case in cases for score in case.scores])
    away = firsts[person] - middle
    x = np.column_stack([np.ones_like(time), away, time, away * time])
    fit = fit_mixed(y, x, x[:, [0, 2]], person)
    return ResponseModel(
        measure=measure,
        version=version,
        fitted_on=fitted_on,
        clients=len(cases),
        scores=int(y.size),
        middle=middle,
        lowest_first=float(firsts.min()),
        highest_first=float(firsts.max()),
        longest=_longest(cases),
        fixed=tuple(fit.fixed.tolist()),
        fixed_covariance=tuple(map(tuple, fit.fixed_covariance.tolist())),
        random_covariance=tuple(map(tuple, fit.random_covariance.tolist())),
        residual=fit.residual,
    )


def _longest(cases: Sequence[ResponseCase]) -> int:
    """The last session that at least a tenth of the clients reached."""
    last = sorted((max(case.sessions) for case in cases), reverse=True)
    return last[math.ceil(len(last) * SHARE_STILL_THERE) - 1]


def expected_at(model: ResponseModel, first: float, session: int) -> Expected | None:
    """The expectation for a course that began at `first`; None where the model has seen nothing of the kind."""
    if not 1 <= session <= model.longest or not model.lowest_first <= first <= model.highest_first:
        return None
    time, away = math.log1p(session), first - model.middle
    x, z = np.array([1.0, away, time, away * time]), np.array([1.0, time])
    own = z @ np.array(model.random_covariance) @ z
    unsure = x @ np.array(model.fixed_covariance) @ x
    return Expected(session, float(x @ np.array(model.fixed)), math.sqrt(own + model.residual + unsure))


def track_of(expected: Expected, score: float, sign: int) -> Track:
    """How a score stands; `sign` is +1 where higher is better. A score exactly on a bound is on its better side."""
    behind = -sign * (score - expected.score)
    if behind > RED * expected.sd:
        return Track.RED
    return Track.AMBER if behind > AMBER * expected.sd else Track.ON_TRACK


def as_json(model: ResponseModel) -> dict[str, Any]:
    """Plain values for the database; `from_json` reads them back."""
    return {name: getattr(model, name) for name in ResponseModel.__slots__ if name not in ("measure", "version")} | {
        "fitted_on": model.fitted_on.isoformat()
    }


def from_json(measure: str, version: int, kept: Mapping[str, Any]) -> ResponseModel:
    """The model behind `as_json`."""
    return ResponseModel(
        **{
            **kept,
            "measure": measure,
            "version": version,
            "fitted_on": date.fromisoformat(kept["fitted_on"]),
            "fixed": tuple(kept["fixed"]),
            "fixed_covariance": tuple(map(tuple, kept["fixed_covariance"])),
            "random_covariance": tuple(map(tuple, kept["random_covariance"])),
        }
    )

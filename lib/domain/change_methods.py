"""Six indices of one person's change and three cut-offs: the formulas, for one pair or for arrays of pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lib.domain.change_basis import Basis, CutoffKind, Method

RELIABLE_AT_95_PERCENT = 1.959963984540054  # two-sided 95 % of the normal distribution
PROBABLE_AT_90_PERCENT = 1.6448536269514722  # two-sided 90 %, and one-sided 95 %: the value Hageman and Arrindell use

Scores = TypeVar("Scores", float, np.ndarray)
EDGE = 1e-9  # points: arithmetic alone must not lift a score off a cut-off it meets exactly

NEEDED: dict[Method, tuple[str, ...]] = {
    Method.JT: ("sd", "reliability"),
    Method.GLN: ("sd", "reliability", "mean_clinical"),
    Method.HLL: ("sd", "reliability", "mean_clinical", "mean_after"),
    Method.EN: ("sd", "reliability", "mean_clinical"),
    Method.NK: ("sd", "reliability", "mean_clinical", "reliability_post"),
    Method.HA: ("sd", "reliability", "mean_clinical", "mean_after", "sd_after", "correlation"),
}
NEEDED_FOR_CUTOFF: dict[CutoffKind, tuple[str, ...]] = {
    CutoffKind.PUBLISHED: ("cutoff",),
    CutoffKind.A: ("mean_clinical", "sd_clinical"),
    CutoffKind.B: ("mean_functional", "sd_functional"),
    CutoffKind.C: ("mean_clinical", "sd_clinical", "mean_functional", "sd_functional"),
}


def critical_value(method: Method) -> float:
    """The absolute index beyond which change is called reliable."""
    return PROBABLE_AT_90_PERCENT if method is Method.HA else RELIABLE_AT_95_PERCENT


def lacking(basis: Basis, needed: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the needed figures that the basis does not hold."""
    return tuple(name for name in needed if getattr(basis, name) is None)


def figure(basis: Basis, name: str) -> float:
    """A figure that must be there; ValueError when it is not (callers ask `lacking` first)."""
    value = getattr(basis, name)
    if value is None:
        raise ValueError(f"{name} is not known")
    return float(value)


@dataclass(frozen=True, slots=True)
class Index:
    """An index is a line in the two scores over a standard error:
    (after_weight * after + before_weight * before + constant) / standard_error, all in points."""

    after_weight: float
    before_weight: float
    constant: float
    standard_error: float

    def at(self, before: Scores, after: Scores) -> Scores:
        """The index, signed as the scale runs: above 0 where the score rose more than expected."""
        moved = after - before
        # JT knows only the difference, HA weighs it; leaving out what is nothing halves the work on many pairs.
        if self.after_weight != 1:
            moved = self.after_weight * moved
        if self.constant:
            moved = moved + self.constant
        unlike = self.after_weight + self.before_weight
        return (moved + unlike * before if unlike else moved) / self.standard_error

    def after_at(self, before: float, value: float) -> float:
        """The second score at which the index takes this value."""
        return (value * self.standard_error - self.before_weight * before - self.constant) / self.after_weight


def index_of(basis: Basis, method: Method) -> Index:
    """The index of a method. ValueError when a figure is missing or a variance does not come out above 0.

    JT: Jacobson and Truax 1991. GLN, EN and NK compare the second score with the one that regression to the mean
    predicts; HLL also with the mean after treatment; HA weighs the change by its reliability."""
    sd, r = figure(basis, "sd"), figure(basis, "reliability")
    if method is Method.JT:
        return Index(1.0, -1.0, 0.0, math.sqrt(2) * sd * math.sqrt(1 - r))
    before = figure(basis, "mean_clinical")
    if method is Method.HA:
        return _hageman_index(basis)
    if method is Method.HLL:
        return Index(1.0, -r, r * before - figure(basis, "mean_after"), sd * math.sqrt(1 - r * r))
    if method is Method.GLN:
        error = sd * math.sqrt(1 - r * r)
    elif method is Method.EN:
        error = sd * math.sqrt(1 - r)
    else:
        error = math.sqrt(r * r * sd * sd * (1 - r) + sd * sd * (1 - figure(basis, "reliability_post")))
    return Index(1.0, -r, r * before - before, error)


def _hageman_index(basis: Basis) -> Index:
    sd0, sd1 = figure(basis, "sd"), figure(basis, "sd_after")
    common = 2 * sd0 * sd1 * figure(basis, "correlation")
    error = error_of_measurement(basis)
    true = sd0**2 * true_share(sd0, error) + sd1**2 * true_share(sd1, error) - common
    spread = sd0**2 + sd1**2 - common
    if true <= 0:  # if not, the spread, greater by twice the variance of the error, is above 0 too
        raise ValueError("the reliability of the difference does not come out above 0")
    share = true / spread
    gain = (figure(basis, "mean_after") - figure(basis, "mean_clinical")) * (1 - share)
    return Index(share, -share, gain, math.sqrt(share) * math.sqrt(2) * error)


def error_of_measurement(basis: Basis) -> float:
    """Standard error of measurement, in points: SD times the root of one minus the reliability."""
    return figure(basis, "sd") * math.sqrt(1 - figure(basis, "reliability"))


def true_share(sd: float, error: float) -> float:
    """The reliability in a group of this SD when the error of measurement is the same everywhere (may fall below 0)."""
    return 1 - (error / sd) ** 2


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A cut-off and on which side of it a score lies. `sign` is +1 where higher is better.

    A published caseness cut-off ("case at 10 or more") is itself on the clinical side; a computed one is on neither
    side, so a score that meets it exactly is neither clinical nor functional."""

    value: float
    kind: CutoffKind
    sign: int

    def is_clinical(self, scores: Scores) -> Scores | bool | np.ndarray:
        """True on the clinical side."""
        edge = EDGE if self.kind is CutoffKind.PUBLISHED else -EDGE
        return scores < self.value + edge if self.sign > 0 else scores > self.value - edge

    def is_functional(self, scores: Scores) -> Scores | bool | np.ndarray:
        """True on the functional side."""
        return scores > self.value + EDGE if self.sign > 0 else scores < self.value - EDGE

    def ends_clinical(self, after: Scores) -> Scores | bool | np.ndarray:
        """True when the second score counts as clinical."""
        return self.is_clinical(after)

    def ends_functional(self, after: Scores) -> Scores | bool | np.ndarray:
        """True when the second score counts as functional."""
        return self.is_functional(after)


@dataclass(frozen=True, slots=True)
class HagemanCutoff(Cutoff):
    """Hageman and Arrindell's: the estimated true second score must lie beyond the cut-off by more than its error."""

    mean_after: float
    share_after: float
    error: float

    def _distance(self, after: Scores) -> Scores:
        true = self.mean_after + (after - self.mean_after) * self.share_after
        return self.sign * (true - self.value) / (math.sqrt(self.share_after) * self.error)

    def ends_clinical(self, after: Scores) -> Scores | bool | np.ndarray:
        """True when the true second score is surely on the clinical side."""
        return self._distance(after) < -PROBABLE_AT_90_PERCENT

    def ends_functional(self, after: Scores) -> Scores | bool | np.ndarray:
        """True when the true second score is surely on the functional side."""
        return self._distance(after) > PROBABLE_AT_90_PERCENT


def cutoff_of(basis: Basis, kind: CutoffKind, method: Method = Method.JT) -> Cutoff:
    """A cut-off. ValueError when a figure is missing or a variance does not come out above 0.

    Jacobson and Truax 1991: a is two SDs from the clinical mean, b two SDs from the functional mean, c between both.
    Hageman and Arrindell use true-score SDs instead; a published cut-off is compared with the plain scores."""
    if kind is CutoffKind.PUBLISHED:
        return Cutoff(figure(basis, "cutoff"), kind, basis.sign)
    if method is not Method.HA:
        return Cutoff(_computed(basis, kind, 0.0), kind, basis.sign)
    error = error_of_measurement(basis)
    share = true_share(figure(basis, "sd_after"), error)
    if share <= 0:
        raise ValueError("the SD after treatment is not above the error of measurement")
    return HagemanCutoff(_computed(basis, kind, error), kind, basis.sign, figure(basis, "mean_after"), share, error)


def _computed(basis: Basis, kind: CutoffKind, error: float) -> float:
    """Cut-off a, b or c with the variance of `error` taken out of each SD (0 leaves them as they are)."""
    # Cut-off b uses the functional group's SD; the R package clinicalsignificance 3.0.0 uses the clinical one.
    if kind is CutoffKind.A:
        return figure(basis, "mean_clinical") + basis.sign * 2 * _true_sd(basis, "sd_clinical", error)
    if kind is CutoffKind.B:
        return figure(basis, "mean_functional") - basis.sign * 2 * _true_sd(basis, "sd_functional", error)
    clinical, functional = _true_sd(basis, "sd_clinical", error), _true_sd(basis, "sd_functional", error)
    weighted = clinical * figure(basis, "mean_functional") + functional * figure(basis, "mean_clinical")
    return weighted / (clinical + functional)


def _true_sd(basis: Basis, name: str, error: float) -> float:
    sd = figure(basis, name)
    if sd <= error:
        raise ValueError(f"{name} is not above the error of measurement")
    return sd * math.sqrt(true_share(sd, error))

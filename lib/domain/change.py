"""Change: what can be said about one person between two scores, and what that rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lib.domain import change_words
from lib.domain.change_basis import Basis, CutoffKind, Level, Method, Verdict, Way, basis_of
from lib.domain.change_methods import (
    NEEDED,
    NEEDED_FOR_CUTOFF,
    PROBABLE_AT_90_PERCENT,
    Cutoff,
    Index,
    critical_value,
    cutoff_of,
    index_of,
    lacking,
)
from lib.domain.errors import InvalidInput

__all__ = [
    "Basis",
    "ChangeArrays",
    "ChangeResult",
    "CutoffKind",
    "Level",
    "Method",
    "Verdict",
    "Way",
    "basis_of",
    "judge_by_every_method",
    "judge_change",
    "judge_changes",
    "reliable_band",
    "with_correlation",
]

VERDICTS = tuple(Verdict)
_UNCHANGED, _UNDETERMINED = VERDICTS.index(Verdict.UNCHANGED), VERDICTS.index(Verdict.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The verdict on one pair of scores. Points are the scale's own; None where a figure does not exist.

    `change` is after minus before; `rci` is signed like the scale, not like the benefit; `direction` follows the
    index, which for methods other than JT may differ from the plain difference."""

    change: float | None
    se_difference: float | None
    rci: float | None
    level: Level
    direction: Way
    cutoff: float | None
    verdict: Verdict
    sentence: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class ChangeArrays:
    """Verdicts on many pairs, each array of shape (pairs,); `verdict` is an index into VERDICTS.

    A pair with a missing score (nan) is undetermined, with nan for its figures; where figures are missing there is no
    index, `method` is None and all are. What is only looked at now and then is worked out when it is asked for."""

    before: np.ndarray
    after: np.ndarray
    rci: np.ndarray
    verdict: np.ndarray
    sign: int
    method: Method | None
    se_difference: float | None
    cutoff: float | None

    @property
    def change(self) -> np.ndarray:
        """After minus before, in points."""
        return self.after - self.before

    @property
    def level(self) -> np.ndarray:
        """2 reliable, 1 probable, 0 none."""
        if self.method is None:
            return np.zeros(self.rci.shape, np.int8)
        size = np.abs(self.rci)
        reliable = size > critical_value(self.method)
        # Adding two truths gives 0, 1 or 2; for HA both limits are one, so nothing is merely probable.
        beyond_90 = reliable if self.method is Method.HA else size > PROBABLE_AT_90_PERCENT
        return reliable.view(np.int8) + beyond_90

    @property
    def direction(self) -> np.ndarray:
        """1 better, -1 worse, 0 none; by the index, or by the plain change where there is none."""
        benefit = self.sign * (self.change if self.method is None else self.rci)
        return (benefit > 0).view(np.int8) - (benefit < 0).view(np.int8)

    def verdicts(self) -> list[Verdict]:
        """The verdicts as words, in the order of the pairs."""
        return [VERDICTS[code] for code in self.verdict.tolist()]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one call needs, worked out once: the index or why there is none, the cut-off or why there is none."""

    index: Index | None
    why_no_index: str
    cutoff: Cutoff | None
    why_no_cutoff: str


def judge_change(
    before: float | None,
    after: float | None,
    basis: Basis,
    method: Method | str = Method.JT,
    cutoff_kind: CutoffKind | str | None = None,
) -> ChangeResult:
    """Judge one person's change (Jacobson and Truax 1991 unless another method is asked for).

    Reliable means beyond the critical value, strictly; recovered means reliably better, clinical before and
    functional after; worsened across the cut-off is its mirror. Without a cut-off nothing is ever recovered. Without
    a second score, or without the figures, the verdict is undetermined and says why. The default cut-off is the
    published one, else c where both groups are known. Raises InvalidInput for an unknown method or cut-off, and
    for a score that is no finite number."""
    method, kind = _asked(method, cutoff_kind)
    for score in (before, after):
        if score is not None and not math.isfinite(score):
            raise InvalidInput("A score must be a finite number.", "Leave it empty when it is missing.", "score")
    rules = _rules(basis, method, kind)
    if before is None or after is None or rules.index is None:
        return _undetermined(before, after, basis, rules)
    rci = rules.index.at(before, after)
    level, direction = _level(rci, method), _way(basis.sign * rci)
    verdict = _verdict(before, after, level, direction, rules.cutoff)
    told = change_words.Told(before, after, rci, level, direction, verdict, rules.cutoff, rules.why_no_cutoff)
    return ChangeResult(
        change=after - before,
        se_difference=rules.index.standard_error,
        rci=rci,
        level=level,
        direction=direction,
        cutoff=rules.cutoff.value if rules.cutoff else None,
        verdict=verdict,
        sentence=change_words.sentence(told, basis, method, rules.index),
        rests_on=change_words.rests_on(told, basis, method, rules.index),
    )


def judge_changes(
    before: np.ndarray,
    after: np.ndarray,
    basis: Basis,
    method: Method | str = Method.JT,
    cutoff_kind: CutoffKind | str | None = None,
) -> ChangeArrays:
    """`judge_change` for arrays of shape (pairs,), nan for a missing score; the same rules, without sentences."""
    method, kind = _asked(method, cutoff_kind)
    rules = _rules(basis, method, kind)
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    cutoff = rules.cutoff.value if rules.cutoff else None
    if rules.index is None:
        undetermined = np.full(before.shape, _UNDETERMINED, dtype=np.int8)
        nothing = np.full(before.shape, np.nan)
        return ChangeArrays(before, after, nothing, undetermined, basis.sign, None, None, cutoff)
    rci = rules.index.at(before, after)
    critical = critical_value(method)
    above, below = rci > critical, rci < -critical
    better, worse = (above, below) if basis.sign > 0 else (below, above)
    verdict = _verdict_codes(before, after, better, worse, rules.cutoff)
    if (missing := np.isnan(rci)).any():
        verdict[missing] = _UNDETERMINED
    return ChangeArrays(before, after, rci, verdict, basis.sign, method, rules.index.standard_error, cutoff)


def judge_by_every_method(
    before: float | None, after: float | None, basis: Basis, cutoff_kind: CutoffKind | str | None = None
) -> dict[Method, ChangeResult]:
    """The same pair by all six methods: does the verdict depend on the method?"""
    return {method: judge_change(before, after, basis, method, cutoff_kind) for method in Method}


def reliable_band(before: float, basis: Basis, method: Method = Method.JT) -> tuple[float, float] | None:
    """The second scores between which a change from `before` is not reliable, in points; None without figures."""
    rules = _rules(basis, method, None)
    if rules.index is None:
        return None
    critical = critical_value(method)
    return rules.index.after_at(before, -critical), rules.index.after_at(before, critical)


def with_correlation(basis: Basis, before: np.ndarray, after: np.ndarray) -> Basis:
    """The basis with the correlation of these pairs, which HA needs and no manual prints.

    Arrays of shape (pairs,), nan for missing. A correlation that the basis names already is kept; fewer than three
    whole pairs, or scores that never vary, give none."""
    if basis.correlation is not None:
        return basis
    whole = ~(np.isnan(before) | np.isnan(after))
    first, last = before[whole], after[whole]
    if first.size < 3 or np.ptp(first) == 0 or np.ptp(last) == 0:
        return basis
    correlation = float(np.corrcoef(first, last)[0, 1])
    sources = {**basis.sources, "correlation": f"the {first.size} pairs judged together"}
    return replace(basis, correlation=correlation, sources=sources)


def _asked(method: Method | str, kind: CutoffKind | str | None) -> tuple[Method, CutoffKind | None]:
    try:
        return Method(method), None if kind is None else CutoffKind(kind)
    except ValueError as error:
        raise InvalidInput(
            f"There is no method or cut-off of that name: {method}, {kind}.",
            f"Methods are {', '.join(Method)}; cut-offs are {', '.join(CutoffKind)}.",
            "method",
        ) from error


def _rules(basis: Basis, method: Method, kind: CutoffKind | None) -> _Rules:
    index, why_no_index = None, change_words.why_no_figures(lacking(basis, NEEDED[method]), method)
    if not why_no_index:
        try:
            index = index_of(basis, method)
        except ValueError as error:
            why_no_index = str(error)
    cutoff, why_no_cutoff = _cutoff(basis, method, kind)
    return _Rules(index, why_no_index, cutoff, why_no_cutoff)


def _cutoff(basis: Basis, method: Method, kind: CutoffKind | None) -> tuple[Cutoff | None, str]:
    if kind is None:
        has_groups = not lacking(basis, NEEDED_FOR_CUTOFF[CutoffKind.C])
        kind = CutoffKind.C if basis.cutoff is None and has_groups else CutoffKind.PUBLISHED
    missing = lacking(basis, NEEDED_FOR_CUTOFF[kind])
    if missing:
        return None, change_words.why_no_cutoff(missing, kind)
    try:
        return cutoff_of(basis, kind, method), ""
    except ValueError as error:
        return None, str(error)


def _level(rci: float, method: Method) -> Level:
    if abs(rci) > critical_value(method):
        return Level.RELIABLE
    return Level.PROBABLE if abs(rci) > PROBABLE_AT_90_PERCENT else Level.NONE


def _way(benefit: float) -> Way:
    if benefit == 0:
        return Way.NONE
    return Way.BETTER if benefit > 0 else Way.WORSE


def _verdict(before: float, after: float, level: Level, direction: Way, cutoff: Cutoff | None) -> Verdict:
    if level is not Level.RELIABLE:
        return Verdict.UNCHANGED
    if direction is Way.BETTER:
        crossed = cutoff is not None and cutoff.is_clinical(before) and cutoff.ends_functional(after)
        return Verdict.RECOVERED if crossed else Verdict.IMPROVED
    crossed = cutoff is not None and cutoff.is_functional(before) and cutoff.ends_clinical(after)
    return Verdict.WORSENED_ACROSS_CUTOFF if crossed else Verdict.DETERIORATED


def _verdict_codes(
    before: np.ndarray, after: np.ndarray, better: np.ndarray, worse: np.ndarray, cutoff: Cutoff | None
) -> np.ndarray:
    """Codes into VERDICTS. They stand from best to worst, so a reliable change is one step from unchanged and a
    crossed cut-off one more; adding truths is several times faster than writing through masks."""
    verdict = worse.view(np.int8) - better.view(np.int8)
    if cutoff is not None:
        verdict -= better & cutoff.is_clinical(before) & cutoff.ends_functional(after)
        verdict += worse & cutoff.is_functional(before) & cutoff.ends_clinical(after)
    verdict += _UNCHANGED
    return verdict


def _undetermined(before: float | None, after: float | None, basis: Basis, rules: _Rules) -> ChangeResult:
    change = None if before is None or after is None else after - before
    why = change_words.why_no_pair(before, after) or rules.why_no_index
    return ChangeResult(
        change=change,
        se_difference=rules.index.standard_error if rules.index else None,
        rci=None,
        level=Level.NONE,
        direction=Way.NONE if change is None else _way(basis.sign * change),
        cutoff=rules.cutoff.value if rules.cutoff else None,
        verdict=Verdict.UNDETERMINED,
        sentence=change_words.undetermined(before, after, basis, why),
        rests_on=f"No verdict: {why}.",
    )

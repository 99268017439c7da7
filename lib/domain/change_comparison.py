"""Change comparison: the same two scores by every method and every limit; does the verdict depend on which?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.domain.change import judge_by_every_method
from lib.domain.change_basis import METHOD_NAMES, Basis, Method, Verdict
from lib.domain.change_methods import (
    NEEDED,
    PROBABLE_AT_90_PERCENT,
    RELIABLE_AT_95_PERCENT,
    critical_value,
    index_of,
    lacking,
)
from lib.domain.change_words import FIGURE_NAMES

VERDICT_WORDS = {
    Verdict.RECOVERED: "recovered",
    Verdict.IMPROVED: "improved",
    Verdict.UNCHANGED: "no clear change",
    Verdict.DETERIORATED: "worse",
    Verdict.WORSENED_ACROSS_CUTOFF: "worse, across the cut-off",
    Verdict.UNDETERMINED: "cannot be told",
}


@dataclass(frozen=True, slots=True)
class MethodVerdict:
    """One method's answer. `index` and `limit` are None where a figure is missing; `lacks` then names it in words."""

    method: Method
    name: str
    index: float | None
    limit: float
    verdict: Verdict
    lacks: str


@dataclass(frozen=True, slots=True)
class LimitVerdict:
    """One limit of the change in points, and whether this change is beyond it. `counts` None without a change."""

    name: str
    points: float
    counts: bool | None
    rule: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All six methods and the limits told apart. `sentence` answers whether the verdict depends on the method."""

    methods: tuple[MethodVerdict, ...]
    limits: tuple[LimitVerdict, ...]
    sentence: str


def compared(before: float, after: float | None, basis: Basis) -> Comparison | None:
    """The comparison for one pair; None without an SD and a reliability, because then no method can be computed."""
    if basis.sd is None or basis.reliability is None:
        return None
    results = judge_by_every_method(before, after, basis)
    methods = tuple(
        MethodVerdict(
            method,
            METHOD_NAMES[method],
            result.rci,
            critical_value(method),
            result.verdict,
            _lacks(basis, method, result.rci),
        )
        for method, result in results.items()
    )
    return Comparison(methods, _limits(before, after, basis), _sentence(methods, after))


def _lacks(basis: Basis, method: Method, index: float | None) -> str:
    names = ", ".join(FIGURE_NAMES[name] for name in lacking(basis, NEEDED[method]))
    return names or ("" if index is not None else "figures that agree with each other")


def _limits(before: float, after: float | None, basis: Basis) -> tuple[LimitVerdict, ...]:
    error = index_of(basis, Method.JT).standard_error
    moved = None if after is None else abs(after - before)
    found = [
        LimitVerdict(name, times * error, None if moved is None else moved > times * error, "more than")
        for name, times in (("95 %, reliable", RELIABLE_AT_95_PERCENT), ("90 %, probable", PROBABLE_AT_90_PERCENT))
    ]
    if basis.rule_in_use is not None:
        counts = None if moved is None else moved >= basis.rule_in_use
        found.append(LimitVerdict("rule in common use", basis.rule_in_use, counts, "at least"))
    return tuple(found)


def _sentence(methods: Sequence[MethodVerdict], after: float | None) -> str:
    if after is None:
        return "There is no second score yet, so no method has a verdict."
    judged = [one for one in methods if one.index is not None]
    missing = [one.method.value for one in methods if one.index is None]
    verdicts = dict.fromkeys(one.verdict for one in judged)
    left_out = f" {_listed(missing)} cannot be computed from published figures." if missing else ""
    if len(judged) == 1:
        return f"Only {judged[0].method} can be computed: {VERDICT_WORDS[judged[0].verdict]}.{left_out}"
    if len(verdicts) == 1:
        agreeing = _listed([one.method.value for one in judged])
        return f"No: {agreeing} agree on “{VERDICT_WORDS[judged[0].verdict]}”.{left_out}"
    told = "; ".join(
        f"{_listed([one.method.value for one in judged if one.verdict is verdict])} “{VERDICT_WORDS[verdict]}”"
        for verdict in verdicts
    )
    return f"Yes, it depends on the method: {told}. The verdict shown is that of JT.{left_out}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

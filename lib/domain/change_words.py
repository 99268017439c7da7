"""The words of a change verdict: every figure behind it and its source, in one plain sentence or two."""

from __future__ import annotations

from dataclasses import dataclass

from lib.domain.change_basis import METHOD_NAMES, Basis, CutoffKind, Level, Method, Verdict, Way
from lib.domain.change_methods import (
    NEEDED,
    PROBABLE_AT_90_PERCENT,
    RELIABLE_AT_95_PERCENT,
    Cutoff,
    Index,
    critical_value,
    figure,
)

FIGURE_NAMES = {
    "sd": "SD",
    "reliability": "reliability",
    "reliability_post": "reliability after",
    "mean_clinical": "clinical mean",
    "sd_clinical": "clinical SD",
    "mean_functional": "functional mean",
    "sd_functional": "functional SD",
    "mean_after": "mean of the group after",
    "sd_after": "SD of the group after",
    "correlation": "correlation of before with after",
    "cutoff": "cut-off",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One judged pair, as far as words need it."""

    before: float
    after: float
    rci: float
    level: Level
    direction: Way
    verdict: Verdict
    cutoff: Cutoff | None
    why_no_cutoff: str


def plain(value: float, decimals: int = 2) -> str:
    """A number without trailing zeros and without a minus before nothing."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def share(value: float) -> str:
    """A reliability or correlation the way papers print it: .84"""
    text = f"{value:.3f}".rstrip("0").replace("0.", ".", 1)
    return f"{value:g}".replace("0.", ".", 1) if text in (".", "1.") else text


def why_no_pair(before: float | None, after: float | None) -> str:
    """Why two scores do not make a change; empty when both are there."""
    if before is None and after is None:
        return "there is no score yet"
    if before is None:
        return "there is no first score"
    return "there is no second score" if after is None else ""


def why_no_figures(missing: tuple[str, ...], method: Method) -> str:
    """Why a method cannot be computed; empty when it can."""
    if not missing:
        return ""
    if "sd" in missing or "reliability" in missing:
        return "no published figures entered"
    return f"the method of {METHOD_NAMES[method]} also needs the {_listed(missing)}"


def why_no_cutoff(missing: tuple[str, ...], kind: CutoffKind) -> str:
    """Why there is no cut-off, in words."""
    if kind is CutoffKind.PUBLISHED:
        return "no cut-off is published for this scale"
    return f"cut-off {kind} needs the {_listed(missing)}"


def _listed(names: tuple[str, ...]) -> str:
    *others, last = (FIGURE_NAMES[name] for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def movement(before: float, after: float, name: str) -> str:
    """What the scores did: "PHQ-9 fell from 17 to 8"."""
    if before == after:
        return f"{name} stayed at {plain(before)}"
    return f"{name} {'rose' if after > before else 'fell'} from {plain(before)} to {plain(after)}"


def undetermined(before: float | None, after: float | None, basis: Basis, why: str) -> str:
    """The sentence where there is no verdict."""
    if before is None or after is None:
        return f"{basis.name}: cannot be determined, because {why}."
    return f"{movement(before, after, basis.name)}. Whether this is more than error cannot be told: {why}."


def sentence(told: Told, basis: Basis, method: Method, index: Index) -> str:
    """The verdict in plain words with the figures it rests on."""
    opening = movement(told.before, told.after, basis.name)
    if method is Method.JT:
        points = abs(told.after - told.before)
        limit = beside(RELIABLE_AT_95_PERCENT * index.standard_error, points, _fine(basis))
        way = " up" if told.after > told.before else " down" if told.after < told.before else ""
        opening += f": {plain(points)} {_points(points)}{way} where error alone allows {limit}"
    else:
        critical = critical_value(method)
        size = beside(abs(told.rci), critical, 2)
        opening += (
            f": by the method of {METHOD_NAMES[method]} the index is {'-' if told.rci < 0 else ''}{size},"
            f" and beyond {plain(critical)} either way counts as reliable"
        )
    parts = (f"{opening} ({_figures(basis)}).", _judged(told), _side(told), _in_use(told, basis))
    return " ".join(part for part in parts if part)


def beside(value: float, other: float, decimals: int) -> str:
    """A number with as many decimals as it takes to stay on its own side of the other one it is read against.

    A limit of 6.96 must not read "7" beside a reliable change of 7 points."""
    for fine in range(decimals, 8):
        if (round(value, fine) < other) == (value < other) and (round(value, fine) > other) == (value > other):
            return plain(value, fine)
    return plain(value, 8)


def _points(points: float) -> str:
    return "point" if points == 1 else "points"


def _fine(basis: Basis) -> int:
    return min(basis.decimals + 1, 2)


def _figures(basis: Basis) -> str:
    parts = []
    if basis.sd is not None:
        parts.append(f"SD {plain(basis.sd, 3)}{_source(basis, 'sd')}")
    if basis.reliability is not None:
        parts.append(f"reliability {share(basis.reliability)}{_source(basis, 'reliability')}")
    return "; ".join(parts)


def _source(basis: Basis, name: str) -> str:
    return f", {basis.sources[name]}" if name in basis.sources else ", source not named"


def _judged(told: Told) -> str:
    words = {
        Verdict.RECOVERED: "Reliably better.",
        Verdict.IMPROVED: "Reliably better.",
        Verdict.DETERIORATED: "Reliably worse.",
        Verdict.WORSENED_ACROSS_CUTOFF: "Reliably worse.",
    }
    if told.verdict in words:
        return words[told.verdict]
    if told.level is Level.PROBABLE:
        return f"Probably {told.direction} (beyond the 90 % limit), but at 95 % it cannot be told from no change."
    return "This cannot be told from no change."


def _side(told: Told) -> str:
    """Where the scores lie against the cut-off."""
    cutoff = told.cutoff
    if cutoff is None:
        return f"No recovery is judged: {told.why_no_cutoff}."
    nearest = min((told.before, told.after), key=lambda score: abs(score - cutoff.value))
    name = f"the cut-off of {beside(cutoff.value, nearest, 2)}"
    if told.verdict is Verdict.RECOVERED:
        return f"It began on the clinical side of {name} and ended beyond it: recovered."
    if told.verdict is Verdict.WORSENED_ACROSS_CUTOFF:
        return f"It began on the good side of {name} and ended on the clinical side: worsened across the cut-off."
    return f"{_place(told.before, cutoff)} {name} before, {_place(told.after, cutoff).lower()} it now."


def _place(score: float, cutoff: Cutoff) -> str:
    if score == cutoff.value:
        return "At"
    return "Above" if score > cutoff.value else "Below"


def _in_use(told: Told, basis: Basis) -> str:
    """The points-rule in common use, said only where it parts from the 95 % verdict."""
    rule = basis.rule_in_use
    if rule is None or told.level is Level.RELIABLE or abs(told.after - told.before) < rule:
        return ""
    return f"The rule in common use ({plain(rule)} points) does count it as a change; it is less strict."


def rests_on(told: Told, basis: Basis, method: Method, index: Index) -> str:
    """Every figure behind the verdict and where each is from."""
    critical = critical_value(method)
    parts = [
        f"baseline {plain(told.before)} and {plain(told.after)} now, two scores",
        _figures(basis),
        *_further_figures(basis, method),
        f"method {method} ({METHOD_NAMES[method]}), index {plain(told.rci, 3)} against {plain(critical, 3)}",
    ]
    if method is Method.JT:
        reliable, probable = (c * index.standard_error for c in (RELIABLE_AT_95_PERCENT, PROBABLE_AT_90_PERCENT))
        parts.append(f"95 % limit {plain(reliable)} points, 90 % limit {plain(probable)} points")
    if basis.rule_in_use is not None:
        parts.append(f"rule in common use {plain(basis.rule_in_use)} points{_source(basis, 'rule_in_use')}")
    parts.append(_cutoff_source(told, basis))
    return "; ".join(parts) + "."


def _further_figures(basis: Basis, method: Method) -> list[str]:
    """The figures of a group that a method other than JT needs."""
    names = [name for name in NEEDED[method] if name not in ("sd", "reliability")]
    return [f"{FIGURE_NAMES[name]} {plain(figure(basis, name), 3)}{_source(basis, name)}" for name in names]


def _cutoff_source(told: Told, basis: Basis) -> str:
    cutoff = told.cutoff
    if cutoff is None:
        return f"no cut-off: {told.why_no_cutoff}"
    if cutoff.kind is CutoffKind.PUBLISHED:
        return f"cut-off {plain(cutoff.value)}{_source(basis, 'cutoff')}"
    groups = []
    if cutoff.kind is not CutoffKind.B:
        groups.append(_group(basis, "clinical"))
    if cutoff.kind is not CutoffKind.A:
        groups.append(_group(basis, "functional"))
    return f"cut-off {cutoff.kind} at {plain(cutoff.value)} from the {' and the '.join(groups)}"


def _group(basis: Basis, role: str) -> str:
    mean, sd = getattr(basis, f"mean_{role}"), getattr(basis, f"sd_{role}")
    source = basis.sources.get(f"mean_{role}", "source not named")
    return f"{role} group (mean {plain(mean)}, SD {plain(sd)}, {source})"

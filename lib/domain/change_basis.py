"""What a change verdict rests on: the words of a verdict, and the figures of one scale with their sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Direction, Norm, Scale


class Method(StrEnum):
    """Ways to index one person's change. JT is the default."""

    JT = "JT"
    GLN = "GLN"
    HLL = "HLL"
    EN = "EN"
    NK = "NK"
    HA = "HA"


METHOD_NAMES: Mapping[Method, str] = {
    Method.JT: "Jacobson and Truax 1991",
    Method.GLN: "Gulliksen, Lord and Novick",
    Method.HLL: "Hsu, Linn and Lord",
    Method.EN: "Edwards and Nunnally",
    Method.NK: "Nunnally and Kotsch",
    Method.HA: "Hageman and Arrindell",
}


class CutoffKind(StrEnum):
    """Where a cut-off comes from: published with the instrument, or computed from group figures (a, b, c)."""

    PUBLISHED = "published"
    A = "a"
    B = "b"
    C = "c"


class Level(StrEnum):
    """How sure it is that the scores moved at all: beyond the 95 % limit, beyond the 90 % limit, or neither."""

    RELIABLE = "reliable"
    PROBABLE = "probable"
    NONE = "none"


class Way(StrEnum):
    """Which way the change points."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "none"


class Verdict(StrEnum):
    """What can be said about one person's change, from best to worst (judging many pairs counts on this order)."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    WORSENED_ACROSS_CUTOFF = "worsened_across_cutoff"
    UNDETERMINED = "undetermined"


_SPREADS = ("sd", "sd_clinical", "sd_functional", "sd_after", "rule_in_use")
_RELIABILITIES = ("reliability", "reliability_post")
_PLACES = ("mean_clinical", "mean_functional", "mean_after", "cutoff")


@dataclass(frozen=True, slots=True)
class Basis:
    """The figures behind a verdict on one scale, in the scale's own points; None where a figure is not known.

    `sd` and `reliability` are those of the scores before treatment; `mean_clinical` is also the mean before
    treatment where a method asks for it. `mean_after`, `sd_after` and `correlation` (before with after) describe
    the group a person belongs to; only HLL and HA use them. `cutoff` is a published one. `sources` maps a field's
    name to its citation. Raises InvalidInput naming the first figure that cannot be one."""

    better: Direction
    name: str = "The score"
    sd: float | None = None
    reliability: float | None = None
    reliability_post: float | None = None
    mean_clinical: float | None = None
    sd_clinical: float | None = None
    mean_functional: float | None = None
    sd_functional: float | None = None
    mean_after: float | None = None
    sd_after: float | None = None
    correlation: float | None = None
    cutoff: float | None = None
    rule_in_use: float | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    decimals: int = 2

    def __post_init__(self) -> None:
        for name in _SPREADS:
            self._check(name, 0.0, math.inf, "a number above 0")
        for name in _RELIABILITIES:
            self._check(name, 0.0, 1.0, "a number between 0 and 1")
        for name in _PLACES:
            self._check(name, -math.inf, math.inf, "a finite number")
        if self.correlation is not None and not -1 <= self.correlation <= 1:
            raise InvalidInput("correlation must lie between -1 and 1.", field="correlation")

    def _check(self, name: str, above: float, below: float, rule: str) -> None:
        value = getattr(self, name)
        if value is not None and not above < value < below:
            raise InvalidInput(f"{name} is {value}; it must be {rule}.", "Check the figure.", name)

    @property
    def sign(self) -> int:
        """+1 where a higher score is better, -1 where a lower one is."""
        return 1 if self.better is Direction.HIGHER_BETTER else -1


def basis_of(scale: Scale) -> Basis:
    """The figures a definition file holds for this scale: change figures, and the first clinical and functional norm.

    A scale without change figures gives a basis without SD and reliability: every verdict on it is undetermined."""
    clinical, functional = _first(scale, "clinical"), _first(scale, "functional")
    figures = scale.change
    sources = {"mean_clinical": _told(clinical), "mean_functional": _told(functional)}
    if figures is not None:
        sources |= {
            "sd": figures.sd_citation,
            "reliability": figures.reliability_citation,
            "cutoff": figures.cutoff_citation,
            "rule_in_use": figures.rule_citation,
        }
    return Basis(
        better=scale.direction,
        name=scale.name,
        sd=figures.sd if figures else None,
        reliability=figures.reliability if figures else None,
        mean_clinical=clinical.mean if clinical else None,
        sd_clinical=clinical.sd if clinical else None,
        mean_functional=functional.mean if functional else None,
        sd_functional=functional.sd if functional else None,
        cutoff=figures.cutoff if figures else None,
        rule_in_use=figures.rule_in_use if figures else None,
        sources={key: source for key, source in sources.items() if source},
        decimals=scale.decimals,
    )


def _first(scale: Scale, role: str) -> Norm | None:
    return next((norm for norm in scale.norms if norm.role == role), None)


def _told(norm: Norm | None) -> str:
    return f"{norm.group}, {norm.citation}" if norm else ""

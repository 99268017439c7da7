"""A second, slow and obvious judgement of change: each method and cut-off written out as the papers print it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Figures:
    """Everything any method asks for; `higher_better` as a plain truth."""

    higher_better: bool
    s0: float
    r: float
    r_post: float
    m0: float
    m_fun: float
    s_fun: float
    m1: float
    s1: float
    r01: float


def plain_index(method: str, x0: float, x1: float, f: Figures) -> float:
    """The index of one pair."""
    sem = f.s0 * sqrt(1 - f.r)
    predicted = f.r * (x0 - f.m0) + f.m0
    if method == "JT":
        return (x1 - x0) / sqrt(2 * sem**2)
    if method == "GLN":
        return ((x1 - f.m0) - f.r * (x0 - f.m0)) / (f.s0 * sqrt(1 - f.r**2))
    if method == "HLL":
        return ((x1 - f.m1) - f.r * (x0 - f.m0)) / (f.s0 * sqrt(1 - f.r**2))
    if method == "EN":
        return (x1 - predicted) / sem
    if method == "NK":
        return (x1 - predicted) / sqrt(f.r**2 * f.s0**2 * (1 - f.r) + f.s0**2 * (1 - f.r_post))
    if method == "HA":
        r0 = (f.s0**2 - sem**2) / f.s0**2
        r1 = (f.s1**2 - sem**2) / f.s1**2
        covariance = 2 * f.s0 * f.s1 * f.r01
        r_dd = (f.s0**2 * r0 + f.s1**2 * r1 - covariance) / (f.s0**2 + f.s1**2 - covariance)
        return ((x1 - x0) * r_dd + (f.m1 - f.m0) * (1 - r_dd)) / (sqrt(r_dd) * sqrt(2 * sem**2))
    raise ValueError(method)


def plain_cutoff(kind: str, f: Figures, method: str) -> float:
    """Cut-off a, b or c; b with the functional SD; true-score SDs for HA."""
    s_clin, s_fun = f.s0, f.s_fun
    if method == "HA":
        sem = f.s0 * sqrt(1 - f.r)
        s_clin, s_fun = sqrt(f.s0**2 - sem**2), sqrt(f.s_fun**2 - sem**2)
    if kind == "a":
        return f.m0 + 2 * s_clin if f.higher_better else f.m0 - 2 * s_clin
    if kind == "b":
        return f.m_fun - 2 * s_fun if f.higher_better else f.m_fun + 2 * s_fun
    return (s_clin * f.m_fun + s_fun * f.m0) / (s_clin + s_fun)


def plain_verdict(method: str, kind: str, x0: float, x1: float, f: Figures) -> str:
    """The verdict of one pair, one question after the other."""
    index = plain_index(method, x0, x1, f)
    limit = 1.644854 if method == "HA" else 1.959964
    if -limit <= index <= limit:
        return "unchanged"
    got_better = index > 0 if f.higher_better else index < 0
    cutoff = plain_cutoff(kind, f, method)
    began_ill = x0 < cutoff if f.higher_better else x0 > cutoff
    began_well = x0 > cutoff if f.higher_better else x0 < cutoff
    if method == "HA":
        sem = f.s0 * sqrt(1 - f.r)
        r1 = (f.s1**2 - sem**2) / f.s1**2
        distance = (f.m1 + (x1 - f.m1) * r1 - cutoff) / (sqrt(r1) * sem)
        ends_high, ends_low = distance > limit, distance < -limit
    else:
        ends_high, ends_low = x1 > cutoff, x1 < cutoff
    ends_well, ends_ill = (ends_high, ends_low) if f.higher_better else (ends_low, ends_high)
    if got_better:
        return "recovered" if began_ill and ends_well else "improved"
    return "worsened_across_cutoff" if began_well and ends_ill else "deteriorated"

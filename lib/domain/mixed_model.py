"""Mixed model: a straight line for everybody and one's own level and slope beside it, fitted by REML with numpy alone.

y = X b + Z u + e with u ~ N(0, V) for each person and e ~ N(0, sigma^2). The profiled criterion is that of Bates,
Maechler, Bolker and Walker 2015 (J Stat Softw 67:1), searched by the simplex of Nelder and Mead 1965."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.domain.errors import InvalidInput

_MOST_STEPS = 2_000
_SMALLEST_SPREAD = 1e-9  # of the criterion over the simplex
_STARTS = ((1.0, 0.0, 0.3), (0.3, 0.0, 0.05))


@dataclass(frozen=True, slots=True)
class MixedFit:
    """A fit. `fixed` (columns of X,), `fixed_covariance` (X, X), `random_covariance` (2, 2), `residual` a variance.

    `criterion` is minus twice the restricted log-likelihood: smaller is better."""

    fixed: np.ndarray
    fixed_covariance: np.ndarray
    random_covariance: np.ndarray
    residual: float
    criterion: float


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the criterion needs of the data, once: sums of products over all rows, and over the rows of each person."""

    xx: np.ndarray
    xy: np.ndarray
    yy: float
    zz: np.ndarray
    zx: np.ndarray
    zy: np.ndarray
    rows: int


def fit_mixed(y: np.ndarray, x: np.ndarray, z: np.ndarray, person: np.ndarray) -> MixedFit:
    """Fit by REML. Shapes: y (rows,), x (rows, fixed), z (rows, 2), person (rows,) whole numbers from 0.

    Raises InvalidInput where the rows cannot tell the fixed figures apart or there are too few of them."""
    if y.size <= x.shape[1] + 3 or np.linalg.matrix_rank(x) < x.shape[1]:
        raise InvalidInput("The courses are too few or too alike to fit a model.", "Wait for more closed courses.")
    sums = _sums(y, x, z, person)
    found = min((_searched(sums, start) for start in _STARTS), key=lambda pair: pair[1])
    solved = _solved(sums, found[0])
    return MixedFit(
        fixed=solved.fixed,
        fixed_covariance=solved.residual * np.linalg.inv(solved.weighted),
        random_covariance=solved.residual * solved.factor @ solved.factor.T,
        residual=solved.residual,
        criterion=solved.criterion,
    )


def _sums(y: np.ndarray, x: np.ndarray, z: np.ndarray, person: np.ndarray) -> _Sums:
    people = int(person.max()) + 1
    own = np.concatenate([z, x, y[:, None]], axis=1)
    products = z[:, :, None] * own[:, None, :]
    by_person = np.zeros((people, 2, own.shape[1]))
    np.add.at(by_person, person, products)
    return _Sums(
        xx=x.T @ x,
        xy=x.T @ y,
        yy=float(y @ y),
        zz=by_person[:, :, :2],
        zx=by_person[:, :, 2:-1],
        zy=by_person[:, :, -1],
        rows=int(y.size),
    )


@dataclass(frozen=True, slots=True)
class _Solved:
    fixed: np.ndarray
    weighted: np.ndarray
    factor: np.ndarray
    residual: float
    criterion: float


def _solved(sums: _Sums, theta: np.ndarray) -> _Solved:
    """The best fixed figures and residual for one relative factor of V, and the criterion there."""
    factor = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    inner = np.eye(2) + factor.T @ sums.zz @ factor
    left_x, left_y = factor.T @ sums.zx, sums.zy @ factor
    solved_x, solved_y = np.linalg.solve(inner, left_x), np.linalg.solve(inner, left_y[:, :, None])[:, :, 0]
    weighted = sums.xx - np.einsum("pij,pik->jk", left_x, solved_x)
    right = sums.xy - np.einsum("pij,pi->j", left_x, solved_y)
    fixed = np.linalg.solve(weighted, right)
    freedom = sums.rows - fixed.size
    squares = sums.yy - float(np.einsum("pi,pi->", left_y, solved_y)) - float(right @ fixed)
    residual = max(squares, 1e-12) / freedom
    spread = float(np.linalg.slogdet(inner)[1].sum()) + float(np.linalg.slogdet(weighted)[1])
    return _Solved(fixed, weighted, factor, residual, freedom * (1 + math.log(2 * math.pi * residual)) + spread)


def _searched(sums: _Sums, start: tuple[float, float, float]) -> tuple[np.ndarray, float]:
    def criterion(theta: np.ndarray) -> float:
        return _solved(sums, theta).criterion

    first, _ = simplex(criterion, np.array(start))
    return simplex(criterion, first)  # once more from where it ended: a simplex may have collapsed too early


def simplex(value_at: Callable[[np.ndarray], float], start: np.ndarray) -> tuple[np.ndarray, float]:
    """The lowest point that the simplex of Nelder and Mead finds from here, and the value there."""
    points = [start, *(start + step for step in np.eye(start.size) * (0.25 * np.abs(start).max() + 0.05))]
    held = [(value_at(point), point) for point in points]
    for _ in range(_MOST_STEPS):
        held.sort(key=lambda pair: pair[0])
        if held[-1][0] - held[0][0] < _SMALLEST_SPREAD:
            break
        middle = np.mean([point for _, point in held[:-1]], axis=0)
        worst = held[-1][1]
        reflected = _tried(value_at, middle, worst, -1.0)
        if reflected[0] < held[0][0]:
            held[-1] = min(reflected, _tried(value_at, middle, worst, -2.0), key=lambda pair: pair[0])
        elif reflected[0] < held[-2][0]:
            held[-1] = reflected
        else:
            nearer = _tried(value_at, middle, worst, -0.5 if reflected[0] < held[-1][0] else 0.5)
            if nearer[0] < min(reflected[0], held[-1][0]):
                held[-1] = nearer
            else:
                best = held[0][1]
                held[1:] = [(value_at(p), p) for p in (best + 0.5 * (point - best) for _, point in held[1:])]
    value, point = min(held, key=lambda pair: pair[0])
    return point, value


def _tried(
    value_at: Callable[[np.ndarray], float], middle: np.ndarray, worst: np.ndarray, way: float
) -> tuple[float, np.ndarray]:
    point = middle + way * (worst - middle)
    return value_at(point), point

"""Measurement without a record: forms scored and pairs judged, nothing stored and no client looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from lib.domain.change import judge_change, with_correlation
from lib.domain.change_basis import Basis, basis_of
from lib.domain.errors import ImportProblem
from lib.domain.imports import AdministrationIn, Parsed, Problem
from lib.domain.instruments import Instrument, Instruments
from lib.domain.scoring import accept_totals, score_form
from lib.exchange.change_sheets import ScorePair
from lib.exchange.row_reading import alias, instruments_by_alias

Measure = tuple[tuple[str, str], Basis]


def scored_forms(parsed: Parsed, instruments: Instruments) -> list[dict[str, Any]]:
    """Every form of the file scored, as the terminal prints it. ImportProblem when any row is wrong."""
    if parsed.problems:
        raise ImportProblem("The file was not scored: some rows are wrong.", problems=parsed.problems)
    return [_scored(form, instruments[form.instrument]) for form in parsed.administrations]


def _scored(form: AdministrationIn, instrument: Instrument) -> dict[str, Any]:
    scored = accept_totals(instrument, form.totals) if form.answers is None else score_form(instrument, form.answers)
    return {
        "client": form.client_code,
        "date": form.taken_on.isoformat(),
        "instrument": form.instrument,
        "target": form.target,
        "scales": dict(scored.scales),
        "prorated": list(scored.prorated),
        "unscorable": dict(scored.unscorable),
        "flags": list(scored.alerts),
    }


def judged_pairs(
    pairs: Sequence[ScorePair],
    instruments: Instruments,
    method: str,
    cutoff: str | None,
    free_basis: Basis | None = None,
) -> list[dict[str, Any]]:
    """A verdict for every pair, in order. With `free_basis` all pairs are on that one scale, whatever its name.

    Raises ImportProblem naming each row whose instrument or scale is not known, or whose score is outside of it."""
    measures, wrong = [], []
    for pair in pairs:
        found = _measure(pair, instruments, free_basis)
        if isinstance(found, Problem):
            wrong.append(found)
        else:
            measures.append(found)
    if wrong:
        raise ImportProblem("The file was not judged: some rows break a rule of their scale.", problems=wrong)
    bases = _with_correlations(pairs, measures)
    return [_judged(pair, key, bases[key], method, cutoff) for pair, (key, _basis) in zip(pairs, measures, strict=True)]


def _measure(pair: ScorePair, instruments: Instruments, free_basis: Basis | None) -> Measure | Problem:
    """The key and figures of the scale a pair is on, or what is wrong with its name."""
    if free_basis is not None:
        return (pair.instrument, pair.scale), free_basis
    instrument = instruments_by_alias(instruments).get(alias(pair.instrument))
    if instrument is None:
        return Problem(
            pair.row, "instrument", pair.instrument, "no known instrument", f"Known: {', '.join(instruments)}."
        )
    keys = [scale.key for scale in instrument.scales]
    wanted = pair.scale.casefold() or (keys[0] if len(keys) == 1 else "")
    if wanted not in keys:
        return Problem(
            pair.row,
            "scale",
            pair.scale,
            f"{instrument.short_name} has other scales",
            f"Name one of: {', '.join(keys)}.",
        )
    scale = instrument.scale(wanted)
    for column, value in (("before", pair.before), ("after", pair.after)):
        if value is not None and not scale.low <= value <= scale.high:
            rule = f"{scale.name} is a number from {scale.low:g} to {scale.high:g}"
            return Problem(pair.row, column, f"{value:g}", rule, "Correct it, or leave it empty when it is missing.")
    return (instrument.id, wanted), basis_of(scale)


def _with_correlations(pairs: Sequence[ScorePair], measures: Iterable[Measure]) -> Mapping[tuple[str, str], Basis]:
    """Each scale's figures with the correlation of its own pairs in this file, which only HA asks for."""
    grouped: dict[tuple[str, str], tuple[Basis, list[ScorePair]]] = {}
    for pair, (key, basis) in zip(pairs, measures, strict=True):
        grouped.setdefault(key, (basis, []))[1].append(pair)
    return {
        key: with_correlation(
            basis,
            np.array([np.nan if pair.before is None else pair.before for pair in members]),
            np.array([np.nan if pair.after is None else pair.after for pair in members]),
        )
        for key, (basis, members) in grouped.items()
    }


def _judged(pair: ScorePair, key: tuple[str, str], basis: Basis, method: str, cutoff: str | None) -> dict[str, Any]:
    result = judge_change(pair.before, pair.after, basis, method, cutoff)
    return {
        "client": pair.client_code,
        "instrument": key[0],
        "scale": key[1],
        "before": pair.before,
        "after": pair.after,
        "change": result.change,
        "se_difference": result.se_difference,
        "rci": result.rci,
        "level": result.level.value,
        "direction": result.direction.value,
        "cutoff": result.cutoff,
        "verdict": result.verdict.value,
        "sentence": result.sentence,
        "rests_on": result.rests_on,
    }

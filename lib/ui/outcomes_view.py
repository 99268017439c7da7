"""Outcomes view: how supervisees' clients are doing, every count beside its denominator, and who waits for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from lib.domain.change import Verdict, basis_of, reliable_band
from lib.domain.course import known_scale, measure_of
from lib.domain.instruments import Instruments
from lib.services.outcomes import MeasureProgress, SupervisedProgress
from lib.services.progress import Pair
from lib.ui import figure_row, outcome_drawing, plain_table, words
from lib.ui.figure_row import Figure
from lib.ui.measure_forms import TARGET_WORDS
from lib.ui.outcome_drawing import Dot, PairsOfScale
from lib.ui.palette import Palette

OLD_AFTER = timedelta(days=60)


def measure_name(key: str, instruments: Instruments) -> str:
    """The name of a measure by its key; the key itself where the practice no longer knows it."""
    measure = measure_of(key)
    known = known_scale(instruments, measure)
    name = known[1].name if known else key
    return name if measure.target == "general" else f"{name}, {TARGET_WORDS.get(measure.target, 'other')}"


def show_counts(progress: SupervisedProgress, main: MeasureProgress | None, instruments: Instruments) -> None:
    """The few figures at the top. A rate never stands without what it is a part of."""
    oldest, clients = progress.oldest_open_risk_on, progress.clients
    waits = f"; the oldest waits {words.waiting(oldest, progress.checked_at.date())}" if oldest else ""
    scored = progress.clients_with_score
    figures = [
        Figure("Open risk flags", f"{progress.open_risk_flags}", f"among {words.count(clients, 'client')}{waits}"),
        Figure("Clients with a score", f"{scored} of {clients}", f"{clients - scored} without any"),
    ]
    if main is not None:
        figures += _change(main, main.verdicts, clients, measure_name(main.measure, instruments))
    figure_row.show(figures, "How these clients are doing", "outcome-figures")


def _change(main: MeasureProgress, verdicts: Mapping[Verdict, int], clients: int, name: str) -> list[Figure]:
    """Better and worse beside their denominator. Where nothing can be judged no rate stands: zero would be a claim."""
    if main.with_two_scores and not main.determined:
        return [Figure("Reliable change", "not known", f"no published figures entered for {name}")]
    of_whom = f"with two {name} scores; {clients - main.with_two_scores} have fewer"
    better = verdicts[Verdict.RECOVERED] + verdicts[Verdict.IMPROVED]
    worse = verdicts[Verdict.DETERIORATED] + verdicts[Verdict.WORSENED_ACROSS_CUTOFF]
    return [
        Figure("Reliably better", f"{better} of {main.with_two_scores}", of_whom),
        Figure("Reliably worse", f"{worse} of {main.with_two_scores}", of_whom),
    ]


def show_verdicts(measures: Sequence[MeasureProgress], instruments: Instruments, narrow: bool) -> None:
    """Verdict counts by measure; they add up to the clients with two scores, which stand beside them."""
    st.header("Since the first score, by measure", anchor=False)
    if not measures:
        st.text("No client has a score yet.")
        return
    rows = [_verdict_row({"Measure": measure_name(one.measure, instruments)}, one, narrow) for one in measures]
    _show_table(rows, "Measure", "Verdicts by measure, each with its denominator", "verdicts-by-measure")


def _show_table(rows: Sequence[Mapping[str, str]], head: str, label: str, key: str) -> None:
    plain_table.show([plain_table.plain_row(row) for row in rows], list(rows[0]), head, label, key)


def _verdict_row(head: Mapping[str, str], measure: MeasureProgress, narrow: bool) -> dict[str, str]:
    """Counts by verdict beside their denominator; on a narrow screen both kinds of worse are one column."""
    told = {**head, "With two scores": f"{measure.with_two_scores} of {measure.clients_with_score}"}
    if not narrow:
        told["Fewer"] = f"{measure.one_score_only} with one"
    for said, kinds in verdict_columns(narrow).items():
        told[said] = str(sum(measure.verdicts[kind] for kind in kinds))
    return told


def verdict_columns(narrow: bool) -> dict[str, list[Verdict]]:
    """The columns of verdict counts, and which verdicts each of them counts."""
    if not narrow:
        return {said: [Verdict(key)] for key, said in words.VERDICTS.items()}
    return {
        "● Recovered": [Verdict.RECOVERED],
        "◐ Improved": [Verdict.IMPROVED],
        "○ No clear change": [Verdict.UNCHANGED],
        "▲ Worse": [Verdict.DETERIORATED, Verdict.WORSENED_ACROSS_CUTOFF],
        "– Unknown": [Verdict.UNDETERMINED],
    }


def pairs_of(measure: str, found: Sequence[Pair], instruments: Instruments, today: date) -> PairsOfScale | None:
    """The plot's values; None where the practice no longer knows the scale."""
    known = known_scale(instruments, measure_of(measure))
    if known is None:
        return None
    scale = known[1]
    basis = basis_of(scale)
    middle = (scale.low + scale.high) / 2
    around = reliable_band(middle, basis)
    pairs = [
        Dot(one.client_id, one.code, one.first, one.latest, one.verdict, today - one.latest_on > OLD_AFTER)
        for one in found
        if one.points > 1
    ]
    return PairsOfScale(
        name=measure_name(measure, instruments),
        low=scale.low,
        high=scale.high,
        decimals=scale.decimals,
        pairs=pairs,
        band=around[1] - middle if around else None,
        cutoff=basis.cutoff,
        higher_is_better=basis.sign > 0,
    )


def show_pairs(scale: PairsOfScale, listed: int, palette: Palette) -> int | None:
    """First against latest score; who is not drawn is said. Returns the client whose dot was chosen."""
    old = sum(pair.is_old for pair in scale.pairs)
    one_only = f"{listed - len(scale.pairs)} have one only."
    drawn = f"{len(scale.pairs)} of {words.count(listed, 'client')} with a score; {one_only}"
    if len({(pair.first, pair.latest) for pair in scale.pairs}) < len(scale.pairs):
        drawn += " Clients with the same two scores share a dot."
    band = "Grey band: error alone." if scale.band is not None else "No band: no published figures are entered."
    with st.container(key="quiet-pairs"):
        st.text(f"{drawn} {band} ● better  ▲ worse  grey: no clear change. Hollow: latest older than 60 days ({old}).")
    label = f"{outcome_drawing.in_words(scale)}. {drawn}"
    return outcome_drawing.show_pairs(scale, palette, label, f"pairs-{scale.name}")

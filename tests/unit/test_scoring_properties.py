"""Properties of scoring that hold for every instrument and every answer vector, searched for counterexamples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.domain.errors import InvalidInput
from lib.domain.instrument_definitions import parse_instrument
from lib.domain.instruments import Instrument, Rule
from lib.domain.scoring import accept_totals, check_total, score_form
from lib.domain.scoring_many import risk_flags, score_many
from tests import factories

INSTRUMENTS = factories.definitions().instruments
BY_ITEMS = [one for one in INSTRUMENTS.values() if not one.totals_only]
searched = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
Answers = dict[str, int | None]


@st.composite
def forms(draw: st.DrawFn) -> tuple[Instrument, Answers]:
    """An instrument and any answers to it, often with gaps."""
    instrument = draw(st.sampled_from(BY_ITEMS))
    answer = st.one_of(st.none(), st.integers(instrument.minimum, instrument.maximum))
    whole = st.integers(instrument.minimum, instrument.maximum)
    return instrument, {item.id: draw(draw(st.sampled_from([answer, whole]))) for item in instrument.items}


@st.composite
def own_definitions(draw: st.DrawFn) -> dict[str, Any]:
    """A definition as a practice might write one, with any key, range and rule."""
    count, minimum = draw(st.integers(1, 8)), draw(st.integers(-2, 2))
    maximum = minimum + draw(st.integers(1, 9))
    ids = [f"own_{number}" for number in range(1, count + 1)]
    rule = draw(st.sampled_from(["sum", "mean", "count"]))
    ends = {"sum": (minimum * count, maximum * count), "mean": (minimum, maximum), "count": (0, count)}[rule]
    scale: dict[str, Any] = {
        "key": "total", "name": "Own", "items": ids, "rule": rule, "low": ends[0], "high": ends[1],
        "direction": "lower_better", "minimum_answered": draw(st.integers(1, count)), "missing_citation": "own",
        "reverse": draw(st.lists(st.sampled_from(ids), unique=True)),
        "never_prorate": draw(st.lists(st.sampled_from(ids), unique=True)),
    }  # fmt: skip
    if rule == "count":
        scale["counts"] = draw(st.lists(st.integers(minimum, maximum), min_size=1, unique=True))
    return {
        "id": "own", "name": "Own", "short_name": "Own", "version": "1", "domain": "x", "licence": "x",
        "citation": "x", "key_citation": "x", "item_count": count, "minimum": minimum, "maximum": maximum,
        "scales": [scale],
    }  # fmt: skip


@searched
@given(forms())
def test_a_value_lies_in_its_range_or_is_missing_with_a_reason(form: tuple[Instrument, Answers]) -> None:
    instrument, answers = form
    scored = score_form(instrument, answers)
    for scale in instrument.scales:
        value = scored.scales[scale.key]
        assert (value is None) == (scale.key in scored.unscorable)
        assert value is None or scale.low - 1e-9 <= value <= scale.high + 1e-9
        gaps = [item_id for item_id in scale.item_ids if answers[item_id] is None]
        assert (scale.key in scored.prorated) == (bool(gaps) and value is not None)
        if value is not None:
            assert (
                accept_totals(instrument, {scale.key: min(max(value, scale.low), scale.high)}).scales[scale.key]
                is not None
            )
            assert check_total(instrument, scored, scale.key, value) is None


@searched
@given(forms(), st.data())
def test_turning_every_answer_round_turns_a_whole_scale_round(
    form: tuple[Instrument, Answers], data: st.DataObject
) -> None:
    instrument, answers = form
    turning = instrument.minimum + instrument.maximum
    turned: Answers = {key: None if answer is None else turning - answer for key, answer in answers.items()}
    before, after = score_form(instrument, answers), score_form(instrument, turned)
    for scale in instrument.scales:
        value, mirrored = before.scales[scale.key], after.scales[scale.key]
        assert (value is None) == (mirrored is None)
        if value is not None and mirrored is not None and scale.rule is not Rule.COUNT:
            assert value + mirrored == pytest.approx(scale.low + scale.high)


@searched
@given(forms(), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_come_changes_nothing(form: tuple[Instrument, Answers], chance: Any) -> None:
    instrument, answers = form
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    assert score_form(instrument, dict(shuffled)) == score_form(instrument, answers)
    without = {key: answer for key, answer in answers.items() if answer is not None}
    assert score_form(instrument, without) == score_form(instrument, answers)  # left out is not answered


@searched
@given(forms())
def test_a_risk_item_is_alerted_whatever_the_rest_says(form: tuple[Instrument, Answers]) -> None:
    instrument, answers = form
    alerts = score_form(instrument, answers).alerts
    matrix = np.array([[np.nan if (a := answers[item.id]) is None else a for item in instrument.items]], dtype=float)
    flags = risk_flags(instrument, matrix)
    for risk in instrument.risk_items:
        answer = answers[risk.item_id]
        assert (risk.missing_alert in alerts) == (answer is None) == bool(flags[risk.missing_alert][0])
        endorsed = answer is not None and answer >= risk.threshold
        assert (risk.endorsed_alert in alerts) == endorsed == bool(flags[risk.endorsed_alert][0])


@searched
@given(own_definitions(), st.data())
def test_an_own_instrument_scores_alike_alone_and_among_many(mapping: dict[str, Any], data: st.DataObject) -> None:
    instrument = parse_instrument(mapping, "own")
    answer = st.one_of(st.none(), st.integers(instrument.minimum, instrument.maximum))
    rows = data.draw(
        st.lists(st.lists(answer, min_size=len(instrument.items), max_size=len(instrument.items)), max_size=6)
    )
    matrix = np.array([[np.nan if a is None else a for a in row] for row in rows], dtype=float)
    many = score_many(instrument, matrix.reshape(len(rows), len(instrument.items)))["total"]
    for place, row in enumerate(rows):
        scored = score_form(instrument, {item.id: a for item, a in zip(instrument.items, row, strict=True)})
        value = scored.scales["total"]
        assert many.values[place] == pytest.approx(np.nan if value is None else value, nan_ok=True, abs=1e-9)
        assert bool(many.prorated[place]) == ("total" in scored.prorated)


@searched
@given(forms(), st.one_of(st.integers(), st.floats(), st.booleans(), st.text(max_size=3)))
def test_nothing_but_a_whole_number_of_the_range_is_an_answer(form: tuple[Instrument, Answers], odd: Any) -> None:
    instrument, answers = form
    is_answer = type(odd) is int and instrument.minimum <= odd <= instrument.maximum
    tried = {**answers, instrument.items[0].id: odd}
    if is_answer:
        score_form(instrument, tried)
    else:
        with pytest.raises(InvalidInput) as caught:
            score_form(instrument, tried)
        assert caught.value.field == instrument.items[0].id

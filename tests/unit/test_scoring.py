"""Scoring: every scale against a second implementation, missing answers, risk items, supplied totals."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Instrument, Rule, Scale
from lib.domain.scoring import accept_totals, band_of, check_answers, check_total, score_form, why_unscorable
from lib.domain.scoring_many import risk_flags, score_many
from lib.exchange.definition_files import load_instruments
from tests.oracles.scoring_oracle import KEYS, plain_phq9_alert, plain_score

INSTRUMENTS = load_instruments(Path(__file__).parents[2] / "data" / "instruments")
BY_ITEMS = [instrument for instrument in INSTRUMENTS.values() if not instrument.totals_only]
PHQ9 = INSTRUMENTS["phq9"]
SCALES = [(instrument, scale) for instrument in BY_ITEMS for scale in instrument.scales]
each_scale = pytest.mark.parametrize(
    ("instrument", "scale"), SCALES, ids=[f"{instrument.id}-{scale.key}" for instrument, scale in SCALES]
)
each_instrument = pytest.mark.parametrize("instrument", BY_ITEMS, ids=lambda i: i.id)


def answered(instrument: Instrument, values: Sequence[int | None]) -> dict[str, int | None]:
    return {item.id: value for item, value in zip(instrument.items, values, strict=True)}


def random_forms(instrument: Instrument, count: int, gaps: float) -> list[list[int | None]]:
    rng = random.Random(f"{instrument.id} {count}")
    span = range(instrument.minimum, instrument.maximum + 1)
    forms: list[list[int | None]] = []
    for _ in range(count):
        rate = rng.choice([0.0, gaps, 3 * gaps])
        forms.append([None if rng.random() < rate else rng.choice(span) for _ in instrument.items])
    return forms


def test_the_second_implementation_knows_every_instrument_scored_by_items() -> None:
    assert {i.id: {s.key for s in i.scales} for i in BY_ITEMS} == {k: set(v) for k, v in KEYS.items()}


@each_instrument
def test_thousands_of_forms_score_as_the_papers_say(instrument: Instrument) -> None:
    for form in random_forms(instrument, 3000, 0.04):
        scored = score_form(instrument, answered(instrument, form))
        for scale in instrument.scales:
            value, was_prorated = plain_score(instrument.id, scale.key, form)
            assert scored.scales[scale.key] == (None if value is None else pytest.approx(value, abs=1e-9))
            assert (scale.key in scored.prorated) is was_prorated
            assert (scale.key in scored.unscorable) is (value is None)


@each_instrument
def test_many_forms_at_once_score_as_one_by_one(instrument: Instrument) -> None:
    forms = random_forms(instrument, 5000, 0.04)
    matrix = np.array([[np.nan if value is None else value for value in form] for form in forms])
    many = score_many(instrument, matrix)
    for row, form in enumerate(forms):
        scored = score_form(instrument, answered(instrument, form))
        for key, value in scored.scales.items():
            expected = np.nan if value is None else value
            assert many[key].values[row] == pytest.approx(expected, abs=1e-9, nan_ok=True)
            assert bool(many[key].prorated[row]) is (key in scored.prorated)


@pytest.mark.parametrize("name", ["phq9", "gad7"])
def test_every_possible_form_scores_as_the_paper_says(name: str) -> None:
    """All 262,144 forms of the PHQ-9 and all 16,384 of the GAD-7, at once, against the form added up by hand."""
    instrument = INSTRUMENTS[name]
    whole = list(itertools.product(range(4), repeat=len(instrument.items)))
    scored = score_many(instrument, np.array(whole, dtype=float))["total"]
    assert scored.values.tolist() == [sum(form) for form in whole]
    assert not scored.prorated.any()


def test_every_possible_gad7_form_scores_the_same_alone() -> None:
    gad7 = INSTRUMENTS["gad7"]
    for form in itertools.product(range(4), repeat=7):
        assert score_form(gad7, answered(gad7, list(form))).scales["total"] == sum(form)


def test_each_answer_to_item_nine_raises_its_alert_in_bulk() -> None:
    forms = np.array(list(itertools.product((0, 1, 2, 3, np.nan), repeat=2)), dtype=float)
    forms = np.column_stack([np.repeat(forms[:, :1], 8, axis=1), forms[:, 1]])
    flags = risk_flags(PHQ9, forms)
    assert flags["item9_endorsed"].tolist() == [answer > 0 for answer in forms[:, 8]]
    assert flags["item9_missing"].tolist() == [answer != answer for answer in forms[:, 8].tolist()]


@pytest.mark.parametrize("gaps", [(place,) for place in range(9)] + [(0, 1), (3, 8), tuple(range(9))])
def test_phq9_forms_with_these_gaps_score_as_the_paper_says_in_bulk_and_alone(gaps: tuple[int, ...]) -> None:
    forms = [list(form) for form in random_forms(PHQ9, 400, 0)]
    for form in forms:
        for place in gaps:
            form[place] = None
    matrix = np.array([[np.nan if value is None else value for value in form] for form in forms])
    many = score_many(PHQ9, matrix)["total"]
    for row, form in enumerate(forms):
        value, was_prorated = plain_score("phq9", "total", form)
        assert score_form(PHQ9, answered(PHQ9, form)).scales["total"] == value
        assert many.values[row] == pytest.approx(np.nan if value is None else value, nan_ok=True)
        assert bool(many.prorated[row]) is was_prorated


def test_phq9_alerts_on_thousands_of_forms_with_gaps_agree_with_item_nine() -> None:
    for form in random_forms(PHQ9, 4000, 0.1):
        assert list(score_form(PHQ9, answered(PHQ9, form)).alerts) == plain_phq9_alert(form)


def at_bottom(instrument: Instrument, scale: Scale, upside: bool = False) -> dict[str, int | None]:
    """Answers that give the lowest (or highest) value of this scale; other items lowest."""
    low, high = instrument.minimum, instrument.maximum
    answers: dict[str, int | None] = {item.id: low for item in instrument.items}
    if scale.rule is Rule.COUNT:  # the keyed answers that count make the high end
        upside = not upside
        assert {low in scale.counts, high in scale.counts} == {True, False} and low in scale.counts
    for item_id in scale.item_ids:
        answers[item_id] = high if (item_id in scale.reverse) is not upside else low
    return answers


@each_scale
def test_a_scale_reaches_exactly_the_ends_of_its_range(instrument: Instrument, scale: Scale) -> None:
    assert score_form(instrument, at_bottom(instrument, scale)).scales[scale.key] == scale.low
    assert score_form(instrument, at_bottom(instrument, scale, True)).scales[scale.key] == scale.high


@each_scale
def test_each_item_moves_its_scale_by_its_own_step_and_no_other(instrument: Instrument, scale: Scale) -> None:
    for upside, end in ((False, scale.low), (True, scale.high)):
        start = at_bottom(instrument, scale, upside)
        for item in instrument.items:
            for answer in range(instrument.minimum, instrument.maximum + 1):
                flipped = {**start, item.id: answer}
                plain = plain_score(instrument.id, scale.key, [flipped[one.id] for one in instrument.items])
                value = score_form(instrument, flipped).scales[scale.key]
                assert value == pytest.approx(plain[0], abs=1e-12) and not plain[1]
                moved = abs((value or 0) - end) > 1e-9
                may_move = item.id in scale.item_ids and answer != start[item.id]
                assert moved is may_move or (scale.rule is Rule.COUNT and not moved)


def test_every_possible_djg6_form_counts_as_the_paper_says() -> None:
    djg6 = INSTRUMENTS["djg6"]
    for form in itertools.product((1, 2, 3), repeat=6):
        lonely = [answer != 3 for answer in form[:3]] + [answer != 1 for answer in form[3:]]
        scored = score_form(djg6, answered(djg6, list(form))).scales
        assert scored == {"total": sum(lonely), "emotional": sum(lonely[:3]), "social": sum(lonely[3:])}


@each_instrument
def test_an_empty_form_has_no_values_and_says_so(instrument: Instrument) -> None:
    scored = score_form(instrument, {})
    assert all(value is None for value in scored.scales.values())
    assert set(scored.unscorable) == set(scored.scales)
    assert not scored.prorated


def test_one_missing_phq9_item_is_filled_in_and_named_as_such() -> None:
    scored = score_form(PHQ9, answered(PHQ9, [None, 2, 2, 2, 2, 2, 2, 2, 0]))
    assert scored.scales["total"] == 14 * 9 / 8
    assert scored.prorated == ("total",)


def test_two_missing_phq9_items_give_no_total_and_the_reason() -> None:
    scored = score_form(PHQ9, answered(PHQ9, [None, 2, None, 2, 2, 2, 2, 2, 0]))
    assert scored.scales["total"] is None
    assert scored.unscorable["total"] == "7 of 9 items were answered; at least 8 are needed (not answered: 1, 3)"


def test_item_nine_is_never_filled_in_even_when_all_others_are_answered() -> None:
    scored = score_form(PHQ9, answered(PHQ9, [0] * 8 + [None]))
    assert scored.scales["total"] is None
    assert "item 9 was not answered" in scored.unscorable["total"]
    assert scored.alerts == ("item9_missing",)


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_nine_raises_its_alert_however_low_the_total_is(answer: int) -> None:
    assert score_form(PHQ9, answered(PHQ9, [0] * 8 + [answer])).alerts == ("item9_endorsed",)
    assert score_form(PHQ9, {"phq9_9": answer}).alerts == ("item9_endorsed",)


def test_an_item_nine_of_zero_raises_nothing() -> None:
    assert score_form(PHQ9, answered(PHQ9, [3] * 8 + [0])).alerts == ()


def test_a_total_alone_leaves_item_nine_unseen_and_says_so() -> None:
    scored = accept_totals(PHQ9, {"total": 4})
    assert scored.scales == {"total": 4.0}
    assert scored.alerts == ("item9_missing",)


@pytest.mark.parametrize("value", [-1, 4, 1.0, True, "2", 10**30])
def test_an_answer_out_of_range_or_of_the_wrong_kind_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        score_form(PHQ9, {"phq9_2": value})  # type: ignore[dict-item]
    assert caught.value.field == "phq9_2"


def test_an_unknown_item_and_items_of_a_totals_only_instrument_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no item") as caught:
        check_answers(PHQ9, {"phq9_10": 1})
    assert caught.value.field == "phq9_10"
    with pytest.raises(InvalidInput, match="totals only"):
        check_answers(INSTRUMENTS["bdi2"], {})


def test_a_wrong_answer_after_one_that_is_missing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="phq9_2 is 9"):
        score_form(PHQ9, {"phq9_1": None, "phq9_2": 9})


@pytest.mark.parametrize("value", [-0.1, 27.5, float("nan"), float("inf"), True])
def test_a_total_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        accept_totals(PHQ9, {"total": value})
    assert caught.value.field == "total"


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: i.id)
def test_a_total_at_either_end_of_its_range_is_taken(instrument: Instrument) -> None:
    for scale in instrument.scales:
        for value in (scale.low, scale.high):
            if instrument.is_derived:
                with pytest.raises(InvalidInput, match="worked out from other questionnaires"):
                    accept_totals(instrument, {scale.key: value})
            else:
                assert accept_totals(instrument, {scale.key: value}).scales[scale.key] == value


def test_totals_name_their_scale_and_a_missing_one_has_no_value() -> None:
    ecr_r = INSTRUMENTS["ecr_r"]
    scored = accept_totals(ecr_r, {"avoidance": 3.5})
    assert scored.scales == {"anxiety": None, "avoidance": 3.5}
    assert scored.unscorable == {"anxiety": "no value was supplied"}
    with pytest.raises(InvalidInput, match="no scale") as caught:
        accept_totals(ecr_r, {"total": 3.5})
    assert caught.value.field == "total"
    with pytest.raises(InvalidInput, match="No score"):
        accept_totals(ecr_r, {})


@pytest.mark.parametrize(
    ("supplied", "agrees"),
    [(11.25, True), (11, True), (11.3, True), (11.2, True), (10, False), (12, False), (11.5, False)],
)
def test_a_prorated_total_may_be_supplied_rounded_but_not_unprorated(supplied: float, agrees: bool) -> None:
    scored = score_form(PHQ9, answered(PHQ9, [None, 2, 2, 2, 1, 1, 1, 1, 0]))
    assert scored.scales["total"] == 11.25
    assert (check_total(PHQ9, scored, "total", supplied) is None) is agrees


@pytest.mark.parametrize(
    ("supplied", "agrees"), [(9, True), (9.0, True), (9.4, False), (8, False), (9.01, False), (float("nan"), False)]
)
def test_a_whole_total_must_agree_exactly(supplied: float, agrees: bool) -> None:
    scored = score_form(PHQ9, answered(PHQ9, [1] * 9))
    assert (check_total(PHQ9, scored, "total", supplied) is None) is agrees


@pytest.mark.parametrize(("supplied", "agrees"), [(10 / 3, True), (3.33, True), (3.3, True), (3, False), (3.4, False)])
def test_a_mean_may_be_supplied_rounded_to_one_decimal_or_more(supplied: float, agrees: bool) -> None:
    ecr_rs = INSTRUMENTS["ecr_rs"]
    scored = score_form(ecr_rs, answered(ecr_rs, [1, 1, 1, 1, 1, 1, 3, 3, 4]))
    assert (check_total(ecr_rs, scored, "anxiety", supplied) is None) is agrees
    assert str(check_total(ecr_rs, scored, "anxiety", 5)).endswith(" is given as 5, but the answers make 3.3333")


def test_a_supplied_total_of_an_unscorable_form_is_told_with_the_reason() -> None:
    scored = score_form(PHQ9, answered(PHQ9, [1] * 8 + [None]))
    assert "item 9 was not answered" in str(check_total(PHQ9, scored, "total", 8))
    assert "no scale" in str(check_total(PHQ9, scored, "sum", 8))


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "none to minimal"), (4.5, "none to minimal"), (5, "mild"), (9.4, "mild"), (10, "moderate"),
     (19, "moderately severe"), (20, "severe"), (27, "severe")],
)  # fmt: skip
def test_a_value_falls_into_the_band_it_has_reached(value: float, label: str) -> None:
    band = band_of(PHQ9.scale("total"), value)
    assert band is not None and band.label == label


def test_a_scale_without_bands_has_none() -> None:
    assert band_of(INSTRUMENTS["ecr_r"].scale("avoidance"), 3) is None


def test_a_matrix_of_forms_is_refused_when_its_shape_or_an_answer_is_wrong() -> None:
    with pytest.raises(InvalidInput, match="9 items"):
        score_many(PHQ9, np.zeros((2, 8)))
    forms = np.zeros((5000, 9))
    forms[0, 0] = np.nan
    forms[4500, 3] = 1.5
    with pytest.raises(InvalidInput, match=r"form 4501 is 1\.5") as caught:
        score_many(PHQ9, forms)
    assert caught.value.field == "phq9_4"
    for wrong in (-1, 4, np.inf):
        with pytest.raises(InvalidInput):
            score_many(PHQ9, np.full((1, 9), float(wrong)))


@pytest.mark.parametrize("wrong", [-1.0, 4.0, 0.5, np.inf, -np.inf])
@pytest.mark.parametrize("has_gap", [False, True])
def test_one_wrong_answer_among_right_ones_is_found_and_named(wrong: float, has_gap: bool) -> None:
    forms = np.ones((50, 9))
    forms[5], forms[6] = 0, 3  # the ends of the range are answers like any other
    forms[20, 4] = wrong
    if has_gap:
        forms[7, 2] = np.nan
    with pytest.raises(InvalidInput, match="form 21 is") as caught:
        score_many(PHQ9, forms)
    assert caught.value.field == "phq9_5"


def test_a_counting_scale_is_never_counted_without_its_vital_item_alone_and_among_many() -> None:
    djg6 = INSTRUMENTS["djg6"]
    scale = replace(djg6.scale("emotional"), minimum_answered=2, never_prorate=frozenset({"djg6_1"}))
    counting = replace(djg6, scales=(scale,))
    forms: list[list[int | None]] = [
        [1, None, 3, 1, 1, 1],
        [None, 1, 3, 1, 1, 1],
        [1, 1, 1, 1, 1, 1],
        [1, None, None, 1, 1, 1],
    ]
    matrix = np.array([[np.nan if value is None else value for value in form] for form in forms], dtype=float)
    many = score_many(counting, matrix)["emotional"]
    alone = [score_form(counting, answered(counting, form)).scales["emotional"] for form in forms]
    assert alone == [1.5, None, 3.0, None]
    assert many.values.tolist()[::2] == [1.5, 3.0] and np.isnan(many.values[[1, 3]]).all()
    assert many.prorated.tolist() == [True, False, False, False]


def test_a_scale_with_every_item_answered_has_no_reason_against_it() -> None:
    assert why_unscorable(PHQ9, PHQ9.scale("total"), []) == ""
    assert why_unscorable(PHQ9, PHQ9.scale("total"), ["phq9_1"]) == ""


@pytest.mark.parametrize("instrument", [PHQ9, INSTRUMENTS["djg6"]], ids=lambda one: one.id)
def test_an_empty_form_among_many_has_no_value_and_troubles_nobody(instrument: Instrument) -> None:
    forms = np.full((2, len(instrument.items)), float(instrument.minimum))
    forms[0] = np.nan
    for found in score_many(instrument, forms).values():
        assert np.isnan(found.values).tolist() == [True, False] and not found.prorated.any()


def test_no_forms_at_all_are_scored_as_none() -> None:
    assert score_many(PHQ9, np.empty((0, 9)))["total"].values.shape == (0,)

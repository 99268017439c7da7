"""Instrument definitions: every file loads, says what the sources say, and a broken one is refused by name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib.domain.change import basis_of
from lib.domain.errors import DefinitionProblem
from lib.domain.instrument_definitions import parse_instrument, totals_definition
from lib.domain.instruments import CaseCutoff, Direction, Instrument, ReferenceLine, Reliability
from lib.exchange.definition_files import load_instruments, load_toml

FOLDER = Path(__file__).parents[2] / "data" / "instruments"
FILES = sorted(FOLDER.glob("*.toml"))
INSTRUMENTS = load_instruments(FOLDER)

WITH_TEXT = {"phq9", "gad7", "rses", "core10"}
WITH_CHANGE = {
    ("phq9", "total"): (6.1, 0.84, 10, 6),
    ("gad7", "total"): (4.7, 0.89, 8, 4),
    ("core10", "total"): (7.7, 0.90, 11, 6),
    ("ecr_r", "anxiety"): (1.12, 0.92, None, None),
    ("ecr_r", "avoidance"): (1.19, 0.93, None, None),
    ("ecr_r_alt", "anxiety"): (1.12, 0.92, None, None),
    ("ecr_r_alt", "avoidance"): (1.19, 0.93, None, None),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_definition_file_loads_and_bears_its_own_name(path: Path) -> None:
    assert parse_instrument(load_toml(path), path.name).id == path.stem


def test_the_instruments_the_practice_needs_first_are_there() -> None:
    needed = {"phq9", "gad7", "rses", "ecr_r", "ecr_rs", "bdi2", "bdi", "hamd17", "rq"}
    assert needed <= set(INSTRUMENTS)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: i.id)
def test_text_ships_only_where_it_is_free(instrument: Instrument) -> None:
    has_text = any(item.text for item in instrument.items)
    assert has_text is (instrument.id in WITH_TEXT)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: i.id)
def test_only_scales_with_accepted_figures_carry_change_figures(instrument: Instrument) -> None:
    for scale in instrument.scales:
        expected = WITH_CHANGE.get((instrument.id, scale.key))
        figures = scale.change
        found = figures and (figures.sd, figures.reliability, figures.cutoff, figures.rule_in_use)
        assert found == expected


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda i: i.id)
def test_every_figure_has_its_source(instrument: Instrument) -> None:
    assert instrument.citation and instrument.licence
    assert instrument.key_citation or instrument.totals_only
    for scale in instrument.scales:
        assert all(norm.citation for norm in scale.norms)
        assert scale.bands_citation or not scale.bands
        assert all(each.citation for each in scale.reliabilities)
        assert all(each.citation for each in scale.cutoffs)
        assert all(line.source for line in scale.references)
        if scale.change is not None:
            assert scale.change.sd_citation and scale.change.reliability_citation
            assert basis_of(scale).sources["sd"] == scale.change.sd_citation


def test_item_nine_of_the_phq9_is_the_one_about_death_and_the_only_risk_item() -> None:
    phq9 = INSTRUMENTS["phq9"]
    assert [risk.item_id for risk in phq9.risk_items] == ["phq9_9"]
    assert phq9.items[8].id == "phq9_9"
    assert "better off dead" in str(phq9.items[8].text)
    assert "phq9_9" in phq9.scale("total").never_prorate


def test_both_orders_of_the_rses_reverse_the_same_five_statements() -> None:
    rses = INSTRUMENTS["rses"]
    turned = rses.scale("total").reverse
    canonical = {n for n in range(1, 11) if rses.item_id(n) in turned}
    order_b = {n for n in range(1, 11) if rses.item_id(n, "b") in turned}
    assert canonical == {2, 5, 6, 8, 9}
    assert order_b == {3, 5, 8, 9, 10}
    text_of = {item.id: str(item.text) for item in rses.items}
    assert text_of[rses.item_id(1, "b")].startswith("I feel that I'm a person of worth")
    negative = ("no good", "not have much", "useless", "more respect", "failure")
    for item_id, text in text_of.items():
        assert (item_id in turned) is any(word in text for word in negative)


def test_an_unknown_order_or_place_has_no_item() -> None:
    with pytest.raises(KeyError):
        INSTRUMENTS["rses"].item_id(1, "z")
    with pytest.raises(KeyError):
        INSTRUMENTS["rses"].item_id(11)


def test_the_ecr_rs_has_six_avoidance_and_three_anxiety_items_for_several_people() -> None:
    ecr_rs = INSTRUMENTS["ecr_rs"]
    assert len(ecr_rs.scale("avoidance").item_ids) == 6
    assert len(ecr_rs.scale("anxiety").item_ids) == 3
    assert {"general", "mother", "father", "partner", "friend"} <= set(ecr_rs.targets)


def test_gad7_offers_not_at_all_as_its_lowest_option() -> None:
    assert INSTRUMENTS["gad7"].options[0] == "Not at all"


def test_options_run_from_the_lowest_answer_up() -> None:
    assert INSTRUMENTS["rses"].options[3] == "Strongly agree"
    assert INSTRUMENTS["rses"].highest_first


def test_a_practice_defines_a_totals_scale_with_four_facts() -> None:
    instrument = parse_instrument(
        totals_definition("mood", "Mood today", 0, 10, Direction.HIGHER_BETTER), "practice: mood"
    )
    assert instrument.totals_only and (instrument.minimum, instrument.maximum) == (0, 0)
    assert (instrument.scale("total").low, instrument.scale("total").high) == (0, 10)
    assert instrument.scale("total").direction is Direction.HIGHER_BETTER
    assert instrument.scale("total").change is None


def _set(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(mapping: dict[str, Any]) -> None:
        place: Any = mapping
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def _drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(mapping: dict[str, Any]) -> None:
        place: Any = mapping
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


SCALE = ("scales", 0)
BROKEN: list[tuple[str, Callable[[dict[str, Any]], None], str]] = [
    ("no id", _drop("id"), "id: is missing"),
    ("bad id", _set("id", value="PHQ 9"), "id: must be small letters"),
    ("no citation", _drop("citation"), "citation: is missing"),
    ("empty citation", _set("citation", value=" "), "citation: must not be empty"),
    ("no key citation", _drop("key_citation"), "key_citation: is missing"),
    ("no scales", _set("scales", value=[]), "scales: an instrument needs"),
    ("range turned", _set("maximum", value=0), "maximum: must be above"),
    ("range no number", _set("minimum", value="0"), "minimum: must be a whole number"),
    ("range a truth", _set("minimum", value=False), "minimum: must be a whole number"),
    ("options short", _set("options", value=["a", "b"]), "options: 2 labels for 4 answers"),
    ("double item", _set("items", 1, "id", value="phq9_1"), "items: 'phq9_1' stands there twice"),
    ("items twice over", _set("item_count", value=9), "item_count: give item_count or items"),
    ("reverse names nothing", _set(*SCALE, "reverse", value=["phq9_12"]), "reverse: names 'phq9_12'"),
    ("scale names nothing", _set(*SCALE, "items", 0, value="phq9_0"), "items: names 'phq9_0'"),
    ("scale names twice", _set(*SCALE, "items", 0, value="phq9_2"), "items: 'phq9_2' stands there twice"),
    ("scale without items", _set(*SCALE, "items", value=[]), "items: a scale names its items"),
    ("wrong range", _set(*SCALE, "high", value=28), "low: items and rule give 0 to 27"),
    ("high below low", _set(*SCALE, "high", value=-1), "high: must be above low"),
    ("high infinite", _set(*SCALE, "high", value=float("inf")), "high: must be a finite number"),
    ("wrong direction", _set(*SCALE, "direction", value="down"), "direction: must be one of"),
    ("too many needed", _set(*SCALE, "minimum_answered", value=10), "minimum_answered: must lie between"),
    ("none needed", _set(*SCALE, "minimum_answered", value=0), "minimum_answered: must lie between"),
    ("missing rule unsourced", _drop(*SCALE, "missing_citation"), "missing_citation: a missing-item rule"),
    ("bands unsourced", _drop(*SCALE, "bands_citation"), "bands_citation: is missing"),
    ("bands overlap", _set(*SCALE, "bands", 1, "low", value=4), "bands: 'none to minimal' and 'mild' overlap"),
    ("band outside", _set(*SCALE, "bands", 4, "high", value=28), "bands 5: low: a band must lie inside"),
    ("norm unsourced", _drop(*SCALE, "norms", 0, "citation"), "norms 1: citation: is missing"),
    ("norm outside", _set(*SCALE, "norms", 0, "mean", value=40), "norms 1: mean: lies outside"),
    ("norm role", _set(*SCALE, "norms", 0, "role", value="ill"), "norms 1: role: must be one of"),
    ("norm sd", _set(*SCALE, "norms", 0, "sd", value=0), "norms 1: sd: SD must be above 0"),
    ("change unsourced", _drop(*SCALE, "change", "sd_citation"), "change: sd_citation: is missing"),
    ("cutoff unsourced", _drop(*SCALE, "change", "cutoff_citation"), "cutoff_citation: is missing"),
    ("cutoff outside", _set(*SCALE, "change", "cutoff", value=28), "change: cutoff: lies outside"),
    ("reliability one", _set(*SCALE, "change", "reliability", value=1), "reliability: must lie between"),
    ("reliability nothing", _set(*SCALE, "change", "reliability", value=0), "reliability: must lie between"),
    ("sd zero", _set(*SCALE, "change", "sd", value=0), "change: sd: must be above 0"),
    ("rule too wide", _set(*SCALE, "change", "rule_in_use", value=28), "rule_in_use: must be a number"),
    ("rule nothing", _set(*SCALE, "change", "rule_in_use", value=0), "rule_in_use: must be a number"),
    ("name a number", _set("name", value=3), "name: must be a text in quotes"),
    ("orders a text", _set("orders", value="b"), "orders: must be a list of tables"),
    ("targets a text", _set("targets", value="general"), "targets: must be a list of texts"),
    ("targets of numbers", _set("targets", value=["general", 1]), "targets: must be a list of texts"),
    ("targets with an empty one", _set("targets", value=["general", " "]), "targets: must be a list of texts"),
    ("highest first a number", _set("highest_first", value=1), "highest_first: must be true or false"),
    ("low a truth", _set(*SCALE, "low", value=False), "low: must be a finite number"),
    ("low a text", _set(*SCALE, "low", value="0"), "low: must be a finite number"),
    ("low no number", _set(*SCALE, "low", value=float("nan")), "low: must be a finite number"),
    ("change a text", _set(*SCALE, "change", value="x"), "change: must be a table of keys and values"),
    ("counts a text", _set(*SCALE, "counts", value="1"), "counts: must be a list of whole numbers"),
    ("risk names nothing", _set("risk_items", 0, "item", value="phq9_10"), "item: names 'phq9_10'"),
    ("risk always", _set("risk_items", 0, "threshold", value=0), "threshold: must be an answer above"),
    ("mistyped key", _set(*SCALE, "revers", value=[]), "revers: is not a key"),
    ("mistyped top key", _set("licens", value="x"), "licens: is not a key"),
    ("order lacks one", _set("orders", value=[{"key": "b", "name": "b", "items": ["phq9_1"], "citation": "x"}]),
     "orders 1: items: must name all 9"),
    ("orders twice", _set("orders", value=[{"key": "b", "name": "b", "citation": "x",
     "items": [f"phq9_{n}" for n in range(1, 10)]}] * 2), "orders: 'b' stands there twice"),
    ("targets twice", _set("targets", value=["general", "general"]), "targets: 'general' stands there twice"),
    ("scales twice", lambda m: m["scales"].append(copy.deepcopy(m["scales"][0])), "scales: 'total' stands"),
    ("scale a text", _set("scales", value=["total"]), "scales 1: must be a table"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_definition_is_refused_naming_file_key_and_rule(
    change: Callable[[dict[str, Any]], None], rule: str
) -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "phq9.toml"))
    change(mapping)
    with pytest.raises(DefinitionProblem) as caught:
        parse_instrument(mapping, "mine.toml")
    assert str(caught.value).startswith("mine.toml: ")
    assert rule in str(caught.value)


LONGEST: list[tuple[str, tuple[Any, ...], int]] = [
    ("version", ("version",), 20),
    ("id", ("id",), 40),
    ("target", ("targets", 0), 30),
    ("scale key", ("scales", 0, "key"), 30),
    ("alert", ("risk_items", 0, "endorsed_alert"), 30),
]


@pytest.mark.parametrize(("path", "longest"), [row[1:] for row in LONGEST], ids=[row[0] for row in LONGEST])
def test_a_key_is_as_long_as_its_column_at_most(path: tuple[Any, ...], longest: int) -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "phq9.toml")) | {"targets": ["general", "other"]}
    _set(*path, value="a" * longest)(mapping)
    parse_instrument(mapping, "mine.toml")
    _set(*path, value="a" * (longest + 1))(mapping)
    key = next(step for step in reversed(path) if isinstance(step, str))
    with pytest.raises(DefinitionProblem, match=f": {key}: must not be longer than {longest} characters"):
        parse_instrument(mapping, "mine.toml")


def test_the_name_of_an_item_has_sixty_characters_at_most() -> None:
    for length in (60, 61):
        mapping = _numbered(1)
        del mapping["item_count"]
        mapping["items"] = [{"id": "a" * length, "text": "x"}]
        mapping["scales"][0]["items"] = ["a" * length]
        if length == 60:
            assert len(parse_instrument(mapping, "mine.toml").items[0].id) == 60
        else:
            with pytest.raises(DefinitionProblem, match="items 1: id: must not be longer than 60 characters"):
                parse_instrument(mapping, "mine.toml")


def _numbered(count: int) -> dict[str, Any]:
    """A definition of this many items by number, every figure at the edge of what is allowed."""
    ids = [f"own_{number}" for number in range(1, count + 1)]
    scale = {"key": "total", "name": "Own", "items": ids, "low": 0, "high": count, "direction": "lower_better"}
    head = {"id": "own", "name": "Own", "short_name": "Own", "version": "1", "domain": "x", "licence": "x"}
    rest = {"citation": "x", "key_citation": "x", "item_count": count, "minimum": 0, "maximum": 1}
    return {**head, **rest, "scales": [scale]}


def test_five_hundred_items_by_number_are_the_most() -> None:
    assert len(parse_instrument(_numbered(500), "mine.toml").items) == 500
    for count in (501, -1):
        with pytest.raises(DefinitionProblem, match="item_count: must lie between 0 and 500"):
            parse_instrument({**_numbered(1), "item_count": count}, "mine.toml")


EDGES: list[tuple[str, dict[str, Any], str]] = [
    ("reliability at nothing", {"reliabilities": [{"kind": "k", "value": 0, "citation": "c"}]}, "value: must lie"),
    ("reliability at one", {"reliabilities": [{"kind": "k", "value": 1, "citation": "c"}]}, "value: must lie"),
    ("case above", {"cutoffs": [{"value": 3.01, "meaning": "m", "citation": "c"}]}, "value: lies outside"),
    ("case below", {"cutoffs": [{"value": -0.01, "meaning": "m", "citation": "c"}]}, "value: lies outside"),
    ("line above", {"references": [{"value": 3.01, "label": "m", "source": "c"}]}, "value: lies outside"),
    ("line below", {"references": [{"value": -0.01, "label": "m", "source": "c"}]}, "value: lies outside"),
    ("line without source", {"references": [{"value": 1, "label": "m"}]}, "source: is missing"),
    ("no range", {"low": 3, "high": 3}, "high: must be above low 3, not 3"),
    ("decimals below", {"decimals": -1}, "decimals: must lie"),
    ("decimals above", {"decimals": 5}, "decimals: must lie"),
    ("multiplier nothing", {"multiplier": 0}, "multiplier: must be above 0"),
    ("counts for a sum", {"counts": [1]}, "counts: the rule 'count'"),
    ("count without counts", {"rule": "count"}, "counts: the rule 'count'"),
    ("counts beyond", {"rule": "count", "counts": [2]}, "counts: must be answers from 0 to 1"),
    ("counts before", {"rule": "count", "counts": [-1]}, "counts: must be answers from 0 to 1"),
    ("counts no numbers", {"rule": "count", "counts": [True]}, "counts: must be a list of whole numbers"),
    ("parts and items", {"parts": ["a.b", "c.d"]}, "parts: a scale is made of its own items"),
    ("norm of nobody", {"norms": [{"group": "g", "mean": 1, "sd": 1, "n": -1, "role": "reference", "citation": "c"}]},
     "SD must be above 0 and n not negative"),
    ("never prorated elsewhere", {"never_prorate": ["own_9"]}, "never_prorate: names 'own_9'"),
    ("unprintable", {"name": "Own\u0000"}, "name: holds a character that cannot be printed"),
    ("half a character", {"name": "Own\ud800"}, "name: holds a character that cannot be printed"),
    ("unprintable in a list", {"items": ["own_1", "own_2", "own_3\u0007"]}, "items: holds a character"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule"), [row[1:] for row in EDGES], ids=[row[0] for row in EDGES])
def test_a_scale_beyond_an_edge_is_refused(change: dict[str, Any], rule: str) -> None:
    mapping = _numbered(3)
    mapping["scales"][0] |= change
    with pytest.raises(DefinitionProblem) as caught:
        parse_instrument(mapping, "mine.toml")
    assert rule in str(caught.value)


def test_a_scale_at_every_edge_is_taken() -> None:
    mapping = _numbered(3)
    mapping["scales"][0] |= {
        "decimals": 4,
        "cutoffs": [{"value": value, "meaning": "m", "citation": "c"} for value in (0, 3)],
        "references": [{"value": value, "label": "m", "source": "c"} for value in (0, 3)],
        "reliabilities": [{"kind": "k", "value": value, "citation": "c"} for value in (0.001, 0.999)],
        "norms": [{"group": "g", "mean": mean, "sd": 1, "role": "reference", "citation": "c"} for mean in (0, 3)],
        "bands": [{"low": low, "high": high, "label": "a"} for low, high in ((0, 1), (1.2, 1.2), (1.5, 3))],
        "bands_citation": "c",
        "change": {
            "sd": 0.1, "sd_citation": "c", "reliability": 0.5, "reliability_citation": "c",
            "cutoff": 3, "cutoff_citation": "c", "rule_in_use": 3, "rule_citation": "c",
        },
    }  # fmt: skip
    mapping["risk_items"] = [{"item": "own_1", "threshold": 1, "endorsed_alert": "e", "missing_alert": "m"}]
    scale = parse_instrument(mapping, "mine.toml").scale("total")
    assert (scale.decimals, len(scale.bands), len(scale.norms), scale.norms[0].n) == (4, 3, 2, None)
    assert scale.change is not None and (scale.change.cutoff, scale.change.rule_in_use) == (3, 3)
    assert scale.cutoffs == (CaseCutoff(0, "m", "c"), CaseCutoff(3, "m", "c"))
    assert scale.references == (ReferenceLine(0, "m", "c"), ReferenceLine(3, "m", "c"))
    assert scale.reliabilities == (Reliability("k", 0.001, "c"), Reliability("k", 0.999, "c"))
    mapping["scales"][0]["change"]["cutoff"] = 0
    assert parse_instrument(mapping, "mine.toml").scale("total").change is not None
    mapping["scales"][0] |= {
        "decimals": 0,
        "minimum_answered": 1,
        "missing_citation": "c",
        "multiplier": 0.5,
        "high": 1.5,
    }
    for key in ("cutoffs", "references", "norms", "bands", "bands_citation", "change"):
        del mapping["scales"][0][key]
    assert parse_instrument(mapping, "mine.toml").scale("total").minimum_answered == 1


def test_what_a_definition_leaves_out_has_its_ordinary_value() -> None:
    instrument = parse_instrument(_numbered(2), "mine.toml")
    scale = instrument.scale("total")
    assert (instrument.targets, instrument.loinc_panel, instrument.highest_first) == (("general",), None, False)
    assert (instrument.is_own, instrument.has_text, instrument.is_derived, instrument.totals_only) == (False,) * 4
    assert (instrument.options, instrument.orders, instrument.mean_over, instrument.risk_items) == ((), (), (), ())
    assert (scale.minimum_answered, scale.decimals, scale.multiplier, scale.loinc) == (2, 0, 1.0, None)
    assert (scale.never_prorate, scale.reverse, scale.change, scale.parts) == (frozenset(), frozenset(), None, ())
    assert instrument.items[1].id == "own_2" and instrument.items[1].number == 2 and instrument.items[1].loinc is None
    assert parse_instrument(_numbered(2), "mine.toml", is_own=True).is_own
    mean = _numbered(2)
    mean["scales"][0] |= {"rule": "mean", "high": 1}
    assert parse_instrument(mean, "mine.toml").scale("total").decimals == 2


def test_loinc_codes_stand_where_they_were_found() -> None:
    phq9, gad7 = INSTRUMENTS["phq9"], INSTRUMENTS["gad7"]
    assert (phq9.loinc_panel, phq9.scale("total").loinc) == ("44249-1", "44261-6")
    assert (gad7.loinc_panel, gad7.scale("total").loinc) == (None, "70274-6")
    assert [item.loinc for item in phq9.items][0::8] == ["44250-9", "44260-8"]
    assert all(item.loinc for item in gad7.items) and not any(item.loinc for item in INSTRUMENTS["rses"].items)


PARTS = {
    "id": "own",
    "name": "Own",
    "short_name": "Own",
    "version": "1",
    "domain": "x",
    "licence": "x",
    "citation": "x",
}


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (["a.b"], "must name at least two scales"),
        (["a.b", "c"], "must name at least two scales"),
        (["a.b", "a.b"], "'a.b' stands there twice"),
        (["a.b", "c.d"], ""),
    ],
)
def test_a_scale_made_of_others_names_at_least_two_of_them(parts: list[str], rule: str) -> None:
    scale = {"key": "total", "name": "Own", "low": 0, "high": 3, "direction": "lower_better", "parts": parts}
    mapping = {**PARTS, "scales": [scale]}
    if rule:
        with pytest.raises(DefinitionProblem, match=rule):
            parse_instrument(mapping, "mine.toml")
    else:
        assert parse_instrument(mapping, "mine.toml").is_derived
        beside = {"key": "other", "name": "Other", "low": 0, "high": 3, "direction": "lower_better"}
        assert parse_instrument({**mapping, "scales": [beside, scale]}, "mine.toml").is_derived


@pytest.mark.parametrize(
    ("mean_over", "rule"),
    [
        (["mother"], "must name at least two of the targets"),
        (["mother", "aunt"], "must name at least two of the targets"),
        (["mother", "mother"], "stands there twice"),
    ],
)
def test_a_mean_over_people_names_at_least_two_it_can_be_asked_about(mean_over: list[str], rule: str) -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "ecr_rs.toml")) | {"mean_over": mean_over}
    with pytest.raises(DefinitionProblem, match=rule):
        parse_instrument(mapping, "mine.toml")


NESTED = (
    "items",
    "risk_items",
    "orders",
    "scales",
    "bands",
    "norms",
    "change",
    "reliabilities",
    "cutoffs",
    "references",
)


@pytest.mark.parametrize("name", NESTED)
def test_a_mistyped_key_is_refused_in_every_kind_of_table(name: str) -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / ("rses.toml" if name == "orders" else "phq9.toml")))
    parse_instrument(mapping, "mine.toml")
    table = mapping["scales"][0][name] if name in mapping["scales"][0] and name != "items" else mapping[name]
    (table[0] if isinstance(table, list) else table)["oops"] = 1
    with pytest.raises(DefinitionProblem, match="oops: is not a key of this table"):
        parse_instrument(mapping, "mine.toml")


@pytest.mark.parametrize(
    ("places", "rule"), [((1, 2, 3, 4), "names 'ucla3_4'"), ((1, 2, 2), "'ucla3_2' stands there twice")]
)
def test_a_printed_order_names_every_item_once(places: tuple[int, ...], rule: str) -> None:
    order = {"key": "b", "name": "b", "items": [f"ucla3_{place}" for place in places], "citation": "x"}
    mapping = copy.deepcopy(load_toml(FOLDER / "ucla3.toml")) | {"orders": [order]}
    with pytest.raises(DefinitionProblem, match=f"orders 1: items: {rule}"):
        parse_instrument(mapping, "mine.toml")


def test_a_wrong_range_is_told_with_the_one_that_items_and_rule_give() -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "ucla3.toml"))
    mapping["scales"][0]["high"] = 10
    with pytest.raises(DefinitionProblem, match="low: items and rule give 3 to 9"):
        parse_instrument(mapping, "mine.toml")


def test_a_rule_in_use_may_be_any_number_of_points_the_scale_can_move() -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "ucla3.toml"))
    change = {"sd": 1, "sd_citation": "c", "reliability": 0.9, "reliability_citation": "c", "rule_citation": "c"}
    for points in (0.5, 6):  # the scale runs from 3 to 9
        mapping["scales"][0]["change"] = {**change, "rule_in_use": points}
        figures = parse_instrument(mapping, "mine.toml").scales[0].change
        assert figures is not None and figures.rule_in_use == points
    mapping["scales"][0]["change"] = {**change, "rule_in_use": 6.1}
    with pytest.raises(DefinitionProblem, match="rule_in_use: must be a number of points the scale can move"):
        parse_instrument(mapping, "mine.toml")


def test_labels_are_counted_from_the_lowest_answer() -> None:
    mapping = copy.deepcopy(load_toml(FOLDER / "ucla3.toml")) | {"options": ["a"]}
    with pytest.raises(DefinitionProblem, match="options: 1 labels for 3 answers"):
        parse_instrument(mapping, "mine.toml")


def test_a_printed_order_gives_its_items_first_to_last() -> None:
    rses = INSTRUMENTS["rses"]
    assert [item.number for item in rses.in_order()] == list(range(1, 11))
    assert [item.number for item in rses.in_order("b")] == [7, 3, 9, 4, 5, 10, 1, 8, 6, 2]
    assert (rses.item_id(10), rses.item_id(10, "b")) == ("rses_10", "rses_2")
    for number in (0, 11):
        with pytest.raises(KeyError):
            rses.item_id(number, "b")
    with pytest.raises(KeyError):
        rses.scale("none")
    half = replace(rses, items=(rses.items[0], replace(rses.items[1], text=None)))
    assert rses.has_text and not half.has_text
    assert INSTRUMENTS["core10"].has_text and not INSTRUMENTS["ecr_r"].has_text and not INSTRUMENTS["bdi"].has_text


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"id = ", "not valid TOML"), (b'id = "\xff"', "not UTF-8"), (b'id = "other"', "at least one scale")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, rule: str) -> None:
    (tmp_path / "mine.toml").write_bytes(content)
    with pytest.raises(DefinitionProblem, match=r"mine\.toml.*" + rule):
        load_instruments(tmp_path)


def test_a_file_whose_id_is_not_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_bytes((FOLDER / "gad7.toml").read_bytes())
    with pytest.raises(DefinitionProblem, match=r"other\.toml: id"):
        load_instruments(tmp_path)


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionProblem, match="no instrument definitions"):
        load_instruments(tmp_path)
    with pytest.raises(DefinitionProblem, match="cannot be read"):
        load_toml(tmp_path / "none.toml")

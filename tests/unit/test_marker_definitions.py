"""Marker definitions: the figures as they are read, what may lie on a bound, and where a wrong one stands."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from lib.domain.errors import DefinitionProblem
from lib.domain.marker_definitions import MarkerModel, Reference, Source, parse_marker_model
from lib.domain.standing import RULES_VERSION
from lib.exchange.definition_files import load_toml

FILE = Path(__file__).resolve().parents[2] / "data" / "clinical_model" / "marker_model.toml"
PRIOR = "RESEARCHER PRIOR, not estimated"


def parsed(table: str = "level", place: int | None = None, **change: Any) -> MarkerModel:
    read = copy.deepcopy(load_toml(FILE))
    (read[table] if place is None else read[table][place]).update(change)
    return parse_marker_model(read)


def test_a_questionnaire_is_a_source_with_the_loading_here_and_the_published_reliability() -> None:
    assert parsed().source_for("trust", "ecr_r.avoidance") == Source(
        "ecr_r.avoidance", "questionnaire", 0.5, 0.93, PRIOR, carry_over=0.0, carry_over_days=0
    )


def test_a_clients_ratings_carry_nothing_over() -> None:
    assert parsed().sources["client_rating"] == Source("client_rating", "client", 0.65, 0.6, PRIOR, 0.0, 0)


def test_a_published_group_is_read_figure_by_figure() -> None:
    read = parsed("reference", 0, scale="own.total", mean=20, sd=4, reliability=0.75, citation="a manual")
    assert read.references["own.total"] == Reference("own.total", 20, 4, 0.75, "a manual")


def test_sources_once_looked_up_make_no_other_model() -> None:
    used, fresh = parsed(), parsed()
    used.source_for("trust", "ecr_r.avoidance")
    assert used == fresh and "_known" not in repr(used)


@pytest.mark.parametrize("drift", [0.01, 0.5])
def test_a_drift_may_lie_on_either_bound(drift: float) -> None:
    assert parsed(drift_per_day=drift).drift == drift


def test_growth_and_reliable_growth_may_ask_for_the_same_chance() -> None:
    assert parsed("rules", growth=0.95).rules.growth == 0.95


@pytest.mark.parametrize(
    ("table", "place", "change", "message"),
    [
        ("level", None, {"variance": 0}, "level: variance: must be above 0"),
        ("level", None, {"drift_lowest": 0}, "level: drift_per_day: must lie between its bounds, 0 and 0.5"),
        ("level", None, {"drift_per_day": 0.6}, "level: drift_per_day: must lie between its bounds, 0.01 and 0.5"),
        ("rules", None, {"growth": 0.97}, "rules: reliable: must not be below growth"),
        ("source", 0, {"loading": 1}, "source 1: loading: must lie between 0 and 1"),
        ("source", 0, {"weight": 1}, "source 1: weight: is not a key of this table"),
        ("indicator", 0, {"sign": 0}, "indicator 1: sign: must be 1 or -1"),
        ("indicator", 0, {"weight": 1}, "indicator 1: weight: is not a key of this table"),
        ("reference", 0, {"n": 17_000}, "reference 1: n: is not a key of this table"),
    ],
)
def test_a_wrong_figure_is_refused_with_table_key_and_rule(
    table: str, place: int | None, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(DefinitionProblem) as raised:
        parsed(table, place, **change)
    assert str(raised.value) == f"marker_model.toml: {message}"


def test_whoever_changes_the_marker_model_raises_the_version_of_the_rules() -> None:
    """An import takes kept marker levels over by that version: under the same one old levels would stand."""
    told = hashlib.sha256(json.dumps(load_toml(FILE), sort_keys=True).encode()).hexdigest()[:16]
    assert (RULES_VERSION, told) == ("6", "33f4671a9179dc99"), "raise RULES_VERSION, then write both here"

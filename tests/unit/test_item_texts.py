"""Item texts: the product's own pack is whole and licensed apart; packs are keyed by id or by number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lib.domain.errors import DefinitionProblem
from lib.domain.item_texts import parse_item_texts, with_texts
from lib.exchange.definition_files import load_toml
from tests import factories

INSTRUMENTS = factories.definitions().instruments
FOLDER = Path(__file__).parents[2] / "data" / "instruments"
GOOD: dict[str, Any] = {
    "instrument": "ucla3",
    "licence": "by letter",
    "source": "the authors",
    "items": {"ucla3_1": "One?", "2": "Two?", "ucla3_3": "Three?"},
}


def test_the_core_10_has_its_ten_statements_verbatim_under_their_own_licence() -> None:
    core10 = INSTRUMENTS["core10"]
    assert [item.text for item in core10.items][5] == "I made plans to end my life"
    assert "CC BY-ND 4.0" in core10.text_licence and core10.has_text
    assert "text" not in load_toml(FOLDER / "core10.toml").get("items", [{}])[0]
    assert {risk.item_id for risk in core10.risk_items} == {"core10_6"}


def test_a_pack_may_name_items_by_id_or_by_number() -> None:
    worded = with_texts(INSTRUMENTS["ucla3"], parse_item_texts(GOOD, "w", INSTRUMENTS))
    assert [item.text for item in worded.items] == ["One?", "Two?", "Three?"]
    assert [item.id for item in worded.items] == ["ucla3_1", "ucla3_2", "ucla3_3"]
    assert worded.options == INSTRUMENTS["ucla3"].options and worded.text_licence == "by letter. the authors"
    told = {**GOOD, "stem": "How often?", "options": ["a", "b", "c"]}
    worded = with_texts(INSTRUMENTS["ucla3"], parse_item_texts(told, "w", INSTRUMENTS))
    assert (worded.stem, worded.options) == ("How often?", ("a", "b", "c"))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"options": ["a", "b"]}, "options: 2 labels for 3 answers"),
        ({"items": None}, "items: must be a table"),
        ({"items": {"1": "a", "2": "b", "3": "c", "4": "d"}}, "items: 4: is not a key"),
        ({"items": {"1": "a", "2": " ", "3": "c"}}, "items: 2: must not be empty"),
        ({"items": {"1": "a", "2": "b" * 601, "3": "c"}}, "items: 2: must be one line of up to 600"),
        ({"items": {"1": "a", "2": "b\nb", "3": "c"}}, "items: 2: must be one line"),
        ({"items": {"1": "a", "ucla3_1": "a", "2": "b", "3": "c"}}, "items: 1: is not a key"),
        ({"lang": "en"}, "lang: is not a key"),
    ],
)
def test_a_pack_that_does_not_fit_is_refused_by_rule(change: dict[str, Any], rule: str) -> None:
    with pytest.raises(DefinitionProblem) as caught:
        parse_item_texts({**GOOD, **change}, "w", INSTRUMENTS)
    assert rule in str(caught.value)


def test_a_text_of_the_longest_length_is_taken() -> None:
    pack = parse_item_texts({**GOOD, "items": {"1": "a" * 600, "2": "b", "3": "c"}}, "w", INSTRUMENTS)
    assert len(pack.texts["ucla3_1"]) == 600

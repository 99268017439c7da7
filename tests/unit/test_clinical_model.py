"""The clinical model: every file of it loads, and a broken one is named."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from lib.domain.clinical_model import FILES, LISTS, parse_model
from lib.domain.errors import DefinitionProblem
from lib.exchange.definition_files import load_definitions, load_toml

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDER = DATA / "clinical_model"
# the documents' own room loads these
NOT_LISTS = {"closure_sections.toml", "plan_sections.toml", "goodbye_sections.toml"}


@pytest.fixture
def files() -> dict[str, dict[str, Any]]:
    return {name: copy.deepcopy(load_toml(FOLDER / name)) for name in FILES}


def test_every_definition_of_the_data_folder_loads() -> None:
    definitions = load_definitions(DATA)
    assert {path.stem for path in (DATA / "instruments").glob("*.toml")} == set(definitions.instruments)
    assert {path.name for path in FOLDER.glob("*.toml")} - NOT_LISTS == set(FILES)


def test_the_five_markers_have_an_anchor_for_every_level() -> None:
    markers = load_definitions(DATA).model.markers
    assert list(markers) == ["trust", "needs", "presence", "vulnerability", "reciprocity"]
    assert all(len(marker.anchors) == 5 and len(set(marker.anchors)) == 5 for marker in markers.values())
    assert {marker.anchors_source for marker in markers.values()} == {"written for this product, unvalidated"}
    assert [key for key, marker in markers.items() if marker.two_halves] == ["reciprocity"]


def test_the_lists_are_as_long_as_their_sources() -> None:
    model = load_definitions(DATA).model
    lengths = {name: len(getattr(model, name)) for name in LISTS}
    assert lengths == {
        "signs": 12, "contexts": 7, "origins": 8, "fears": 5, "costs": 6, "prompts": 3, "beliefs": 4,
        "parts": 10, "approaches": 6, "facets": 6, "practices": 5, "steps": 14, "breaks": 5,
        "questions": 10,
        "readiness": 9,
    }  # fmt: skip


def test_every_entry_names_a_known_source() -> None:
    model = load_definitions(DATA).model
    for name in [*LISTS, "markers"]:
        for entry in getattr(model, name).values():
            assert entry.source and set(entry.source) <= set(model.sources), (name, entry.key)


@pytest.mark.parametrize(
    ("file", "table", "change", "words"),
    [
        ("signs.toml", "sign", {"source": ["S9"]}, "S9"),
        ("signs.toml", "sign", {"source": []}, "source"),
        ("signs.toml", "sign", {"label": " "}, "must not be empty"),
        ("signs.toml", "sign", {"key": "minimising"}, "used twice"),
        ("signs.toml", "sign", {"key": "Not A Key"}, "small letters"),
        ("signs.toml", "sign", {"lable": "x"}, "is not a key"),
        ("markers.toml", "marker", {"anchors": ["one", "two"]}, "must hold 5"),
    ],
)
def test_a_broken_entry_is_refused_with_file_and_rule(
    files: dict[str, dict[str, Any]], file: str, table: str, change: dict[str, Any], words: str
) -> None:
    files[file][table][0 if "key" not in change else -1].update(change)
    with pytest.raises(DefinitionProblem, match=words) as raised:
        parse_model(files)
    assert file in str(raised.value)


def test_an_empty_list_is_refused(files: dict[str, dict[str, Any]]) -> None:
    files["steps.toml"]["step"] = []
    with pytest.raises(DefinitionProblem, match="holds no entry"):
        parse_model(files)

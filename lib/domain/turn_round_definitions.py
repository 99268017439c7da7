"""Turn-round definitions: the growth markers and questionnaires in a client's plain words, read from the data file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.domain.definition_reader import Reader

TURN_ROUND_FILE = "turn_round.toml"
_LEVELS = 5


@dataclass(frozen=True, slots=True)
class PlainMarker:
    """A marker as a client reads it; `levels[k]` says level k."""

    key: str
    label: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainWords:
    """Markers by key, all of the model and in its order, and plain names of questionnaires' domains."""

    markers: Mapping[str, PlainMarker]
    topics: Mapping[str, str]


def parse_plain_words(table: Mapping[str, Any], markers: Iterable[str], sources: Mapping[str, str]) -> PlainWords:
    """The words from their file. Raises DefinitionProblem: a marker missing or unknown, not five sentences, a source
    nobody knows."""
    reader = Reader(table, TURN_ROUND_FILE)
    if any(code not in sources for code in reader.texts("source")):
        reader.refuse("source", "must name sources of sources.toml")
    found = {}
    for row in reader.tables("marker"):
        one = PlainMarker(row.text("key"), row.text("label"), row.texts("levels"))
        row.done()
        if len(one.levels) != _LEVELS:
            row.refuse("levels", f"must hold {_LEVELS} sentences, one a level, not {len(one.levels)}")
        found[one.key] = one
    topics = {}
    for row in reader.tables("topic"):
        topics[row.text("key")] = row.text("label")
        row.done()
    reader.done()
    known = list(markers)
    if set(found) != set(known):
        reader.refuse("marker", f"must be each of {', '.join(known)} once, not {', '.join(found) or 'nothing'}")
    return PlainWords({key: found[key] for key in known}, topics)

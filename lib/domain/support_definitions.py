"""Support definitions: patterns a flag may fit and what a clinician might consider, read from the data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lib.domain.definition_reader import Reader

SUPPORT_FILE = "support.toml"
GENERAL, RISK = "general", "risk"
PATTERNS = ("alliance", "motivation", "outside", "life_events", "avoidance", GENERAL, RISK)
FEWEST, MOST = 2, 4  # suggestions shown of one side


class Side(StrEnum):
    """Which way of handling closeness a suggestion is for. The clinician says which; nothing here decides it."""

    DISTANCING = "distancing"
    CLINGING = "clinging"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to consider. `source` holds codes of sources.toml."""

    pattern: str
    side: Side
    words: str
    source: tuple[str, ...]

    def is_for(self, side: Side) -> bool:
        """True for its own side, and for both when it is for both."""
        return self.side in (side, Side.BOTH)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern a flag may fit; `words` is the question it puts to the clinician."""

    key: str
    label: str
    words: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupportGuide:
    """Patterns by key, and every suggestion in the order of the file."""

    patterns: Mapping[str, Pattern]
    suggestions: tuple[Suggestion, ...]

    def of(self, pattern: str, side: Side) -> list[Suggestion]:
        """What to consider where this pattern may fit, for one side."""
        return [one for one in self.suggestions if one.pattern == pattern and one.is_for(side)]


def parse_support(table: Mapping[str, Any], sources: Mapping[str, str]) -> SupportGuide:
    """The guide from its file. Raises DefinitionProblem: a pattern without a rule or missing, a source nobody knows,
    fewer than two or more than four suggestions for a side of a pattern."""
    reader = Reader(table, SUPPORT_FILE)
    patterns: dict[str, Pattern] = {}
    for row in reader.tables("pattern"):
        found = Pattern(row.text("key"), row.text("label"), row.text("words"), _source(row, sources))
        row.done()
        if found.key not in PATTERNS or found.key in patterns:
            row.refuse("key", f"must be each of {', '.join(PATTERNS)} once, not {found.key!r}")
        patterns[found.key] = found
    suggestions = []
    for row in reader.tables("suggestion"):
        given = Suggestion(row.text("pattern"), row.choice("side", Side), row.text("words"), _source(row, sources))
        row.done()
        if given.pattern not in patterns:
            row.refuse("pattern", f"is not a pattern of this file: {given.pattern!r}")
        suggestions.append(given)
    reader.done()
    guide = SupportGuide(patterns, tuple(suggestions))
    _check(reader, guide)
    return guide


def _check(reader: Reader, guide: SupportGuide) -> None:
    for key in PATTERNS:
        if key not in guide.patterns:
            reader.refuse("pattern", f"{key} is missing")
        for side in (Side.DISTANCING, Side.CLINGING):
            if not FEWEST <= len(guide.of(key, side)) <= MOST:
                reader.refuse("suggestion", f"{key}: needs {FEWEST} to {MOST} suggestions for {side}")


def _source(row: Reader, sources: Mapping[str, str]) -> tuple[str, ...]:
    codes = row.texts("source")
    if not codes or any(code not in sources for code in codes):
        row.refuse("source", f"must name sources of sources.toml, not {', '.join(codes) or 'nothing'}")
    return codes

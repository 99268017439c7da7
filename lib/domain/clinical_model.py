"""The clinical model: what the product knows about therapy for avoidant attachment, as checked definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.domain.definition_reader import Reader
from lib.domain.errors import DefinitionProblem
from lib.domain.marker_definitions import MARKER_MODEL_FILE, MarkerModel, parse_marker_model
from lib.domain.support_definitions import SUPPORT_FILE, SupportGuide, parse_support
from lib.domain.turn_round_definitions import TURN_ROUND_FILE, PlainWords, parse_plain_words

LEVELS = 5  # 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list. `key` is what the database stores; `source` holds codes of sources.toml.

    In the list of beliefs `label` is the belief and `words` its balanced answer."""

    key: str
    label: str
    words: str
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """One growth marker. `anchors[k]` describes level k; `two_halves`: giving and receiving are rated."""

    key: str
    label: str
    name: str
    words: str
    source: tuple[str, ...]
    toward: tuple[str, ...]
    away: tuple[str, ...]
    caution: str
    anchors: tuple[str, ...]
    anchors_source: str
    two_halves: bool = False


Entries = Mapping[str, Entry]
GENERAL_ANCHORS = (
    "Absent.",
    "Emerging, with heavy support.",
    "Inconsistent.",
    "Mostly present.",
    "Established across relationships and under stress.",
)


@dataclass(frozen=True, slots=True)
class ClinicalModel:
    """Every list by key, in the order of its file. `sources` tells what S0..S3 are.

    `estimation` holds the figures behind the marker estimates, `support` what a flag offers to consider,
    `plain` the markers in a client's words."""

    sources: Mapping[str, str]
    markers: Mapping[str, Marker]
    signs: Entries
    contexts: Entries
    origins: Entries
    fears: Entries
    costs: Entries
    prompts: Entries
    beliefs: Entries
    parts: Entries
    approaches: Entries
    facets: Entries
    practices: Entries
    steps: Entries
    breaks: Entries
    questions: Entries
    readiness: Entries
    estimation: MarkerModel
    support: SupportGuide
    plain: PlainWords

    @property
    def rated_facets(self) -> dict[str, Marker]:
        """The facets of trust as they are rated: like markers, by the general anchors of the scale."""
        return {key: _as_marker(facet) for key, facet in self.facets.items()}


def _as_marker(facet: Entry) -> Marker:
    return Marker(
        key=facet.key,
        label=facet.label,
        name=facet.label,
        words=facet.words,
        source=facet.source,
        toward=(),
        away=(),
        caution=facet.words,
        anchors=GENERAL_ANCHORS,
        anchors_source="the scale's general anchors, unvalidated",
    )


# list of the model -> (file, name of its tables)
LISTS: dict[str, tuple[str, str]] = {
    "signs": ("signs.toml", "sign"),
    "contexts": ("contexts.toml", "context"),
    "origins": ("formulation.toml", "origin"),
    "fears": ("formulation.toml", "fear"),
    "costs": ("formulation.toml", "cost"),
    "prompts": ("formulation.toml", "prompt"),
    "beliefs": ("beliefs.toml", "belief"),
    "parts": ("process_parts.toml", "part"),
    "approaches": ("approaches.toml", "approach"),
    "facets": ("trust_facets.toml", "facet"),
    "practices": ("practices.toml", "practice"),
    "steps": ("steps.toml", "step"),
    "breaks": ("breaks.toml", "break"),
    "questions": ("questions.toml", "question"),
    "readiness": ("readiness.toml", "criterion"),
}
MARKERS_FILE = "markers.toml"
SOURCES_FILE = "sources.toml"
_LISTED = (MARKERS_FILE, *(file for file, _ in LISTS.values()))
FILES = tuple(dict.fromkeys([SOURCES_FILE, *_LISTED, MARKER_MODEL_FILE, SUPPORT_FILE, TURN_ROUND_FILE]))


def parse_model(files: Mapping[str, Mapping[str, Any]]) -> ClinicalModel:
    """The model from the mappings of its files, by file name (`FILES`).

    Raises DefinitionProblem naming file, key and rule: a missing or mistyped key, an empty text, a key used twice,
    a source that sources.toml does not know, a marker without five anchors, an empty list."""
    sources = _sources(files[SOURCES_FILE])
    readers = {name: Reader(files[name], name) for name in dict.fromkeys(_LISTED)}
    lists = {name: _entries(readers[file], table, sources) for name, (file, table) in LISTS.items()}
    markers = _markers(readers[MARKERS_FILE], sources)
    for reader in readers.values():
        reader.done()
    estimation = parse_marker_model(files[MARKER_MODEL_FILE])
    for marker, scale in estimation.indicators:
        if marker not in markers:
            raise DefinitionProblem(f"{MARKER_MODEL_FILE}: indicator: {scale} names {marker!r}, which is no marker")
    support = parse_support(files[SUPPORT_FILE], sources)
    plain = parse_plain_words(files[TURN_ROUND_FILE], markers, sources)
    return ClinicalModel(sources=sources, markers=markers, estimation=estimation, support=support, plain=plain, **lists)


def _sources(table: Mapping[str, Any]) -> dict[str, str]:
    reader = Reader(table, SOURCES_FILE)
    found = {code: reader.text(code) for code in table}
    for code in ("S0", "S1", "S2", "S3"):
        reader.text(code)
    return found


def _entries(reader: Reader, table: str, sources: Mapping[str, str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in reader.tables(table):
        entry = Entry(_key(row, found), row.text("label"), row.text("words"), _source(row, sources))
        row.done()
        found[entry.key] = entry
    if not found:
        reader.refuse(table, "holds no entry")
    return found


def _markers(reader: Reader, sources: Mapping[str, str]) -> dict[str, Marker]:
    found: dict[str, Marker] = {}
    for row in reader.tables("marker"):
        marker = Marker(
            key=_key(row, found),
            label=row.text("label"),
            name=row.text("name"),
            words=row.text("words"),
            source=_source(row, sources),
            toward=row.texts("toward"),
            away=row.texts("away"),
            caution=row.text("caution"),
            anchors=row.texts("anchors"),
            anchors_source=row.text("anchors_source"),
            two_halves=row.truth("two_halves", False),
        )
        row.done()
        if len(marker.anchors) != LEVELS:
            row.refuse("anchors", f"must hold {LEVELS} texts, one a level, not {len(marker.anchors)}")
        found[marker.key] = marker
    if not found:
        reader.refuse("marker", "holds no entry")
    return found


def _key(row: Reader, taken: Mapping[str, object]) -> str:
    key = row.text("key")
    if not (key.isascii() and key.replace("_", "").isalnum() and key == key.lower()) or len(key) > 30:
        row.refuse("key", f"must be at most 30 small letters, digits and underscores, not {key!r}")
    if key in taken:
        row.refuse("key", f"{key!r} is used twice")
    return key


def _source(row: Reader, sources: Mapping[str, str]) -> tuple[str, ...]:
    codes = row.texts("source")
    unknown = [code for code in codes if code not in sources]
    if unknown or not codes:
        row.refuse("source", f"must name sources of {SOURCES_FILE}, not {', '.join(unknown) or 'nothing'}")
    return codes

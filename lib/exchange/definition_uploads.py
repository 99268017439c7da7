"""Definition uploads: a definition or item-text file as somebody brought it, and the row a broken rule stands in."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.domain.errors import DefinitionProblem, ImportProblem
from lib.domain.imports import Problem

MAX_DEFINITION_BYTES = 200_000
Path = tuple[tuple[str, int], ...]  # ("scales", 1), ("bands", 5), ("low", 0): name and place, 0 where there is none

_PLACE = re.compile(r"(\w+)(?: (\d+))?")
_ARRAY = re.compile(r"\s*\[\[\s*([\w.\-]+)\s*\]\]")
_TABLE = re.compile(r"\s*\[\s*([\w.\-]+)\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w\-]+)[\"']?\s*=")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]')


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """An uploaded file read but not yet judged: what it says, its words, and what problems call it."""

    name: str
    mapping: Mapping[str, Any]
    text: str
    is_json: bool


def read_definition_file(data: bytes, name: str) -> DefinitionFile:
    """The mapping of a TOML or JSON file, told apart by its first character. Raises ImportProblem with the row."""
    if len(data) > MAX_DEFINITION_BYTES:
        raise ImportProblem(f"{name} is too large for a definition.", f"At most {MAX_DEFINITION_BYTES} bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(name, data[: error.start].count(b"\n") + 1, "the file is UTF-8 text") from error
    is_json = text.lstrip().startswith("{")
    mapping = _json(text, name) if is_json else _toml(text, name)
    return DefinitionFile(name, mapping, text, is_json)


def _json(text: str, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise _unreadable(name, error.lineno, f"valid JSON: {error.msg}") from error
    except (_Twice, RecursionError) as error:
        raise _unreadable(name, None, f"valid JSON, each key once: {error}") from error
    return found if isinstance(found, dict) else {}


def _toml(text: str, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        row = re.search(r"at line (\d+)", str(error))
        raise _unreadable(name, int(row[1]) if row else None, f"valid TOML: {error}") from error


class _Twice(ValueError):
    """A key stands twice in one JSON object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice(f"{next(key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1)!r} twice")
    return found


def _unreadable(name: str, row: int | None, rule: str) -> ImportProblem:
    problem = Problem(row, "", "", rule, "Mend the file and bring it again.", file=name)
    return ImportProblem(f"{name} cannot be read.", problems=[problem])


def as_import_problem(problem: DefinitionProblem, file: DefinitionFile) -> ImportProblem:
    """A broken rule as a person can mend it: file, row, key and rule."""
    told = str(problem).removeprefix(f"{file.name}: ")
    path, rule = _path_and_rule(told)
    row = _json_row(file.text, path) if file.is_json else _toml_row(file.text, path)
    column = ", ".join(f"{name} {place}" if place else name for name, place in path)
    found = Problem(row, column, "", rule, "Mend the file and bring it again.", file=file.name)
    return ImportProblem(f"{file.name} was not taken: it breaks a rule of definitions.", problems=[found])


def _path_and_rule(told: str) -> tuple[Path, str]:
    parts = told.split(": ")
    path: list[tuple[str, int]] = []
    for part in parts[:-1]:
        place = _PLACE.fullmatch(part)
        if place is None:
            break
        path.append((place[1], int(place[2] or 0)))
    return tuple(path), ": ".join(parts[len(path) :])


def _toml_row(text: str, path: Path) -> int | None:
    """The row of this key, else of the nearest table around it."""
    counts: dict[tuple[str, ...], int] = {}
    here: Path = ()
    found, depth = None, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = _ARRAY.match(line) or _TABLE.match(line)
        if header is not None:
            names = tuple(header[1].split("."))
            if _ARRAY.match(line):
                counts = {key: n for key, n in counts.items() if key[: len(names)] != names or key == names}
                counts[names] = counts.get(names, 0) + 1
            here = tuple((name, counts.get(names[: place + 1], 0)) for place, name in enumerate(names))
            step = here
        elif (key := _KEY.match(line)) is not None:
            step = (*here, (key[1], 0))
        else:
            continue
        if len(step) > depth and path[: len(step)] == step:
            found, depth = number, len(step)
    return found


def _json_row(text: str, path: Path) -> int | None:
    """The row of this key, else of the nearest object around it."""
    row, found, depth = 1, None, 0
    stack: list[list[Any]] = []  # [kind, key or place]
    last = ""
    for mark in (match[0] for match in _JSON_TOKEN.finditer(text)):
        if mark == "\n":
            row += 1
            continue
        if mark == ":" and stack and stack[-1][0] == "{":
            stack[-1][1] = json.loads(last)
        elif mark == "," and stack and stack[-1][0] == "[":
            stack[-1][1] += 1
        elif mark in "{[":
            stack.append([mark, 1 if mark == "[" else ""])
        elif mark in "}]" and stack:
            stack.pop()
        elif mark.startswith('"'):
            last = mark
        step = _json_path(stack)
        if len(step) > depth and path[: len(step)] == step and mark in (":", "{"):
            found, depth = row, len(step)
    return found


def _json_path(stack: Sequence[Sequence[Any]]) -> Path:
    path: list[tuple[str, int]] = []
    for kind, at in stack:
        if kind == "{" and at:
            path.append((at, 0))
        elif kind == "[" and path:
            path[-1] = (path[-1][0], at)
    return tuple(path)

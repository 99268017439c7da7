"""The material of the demonstration practice: people and stories from data files, nothing invented in code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib.domain.errors import DefinitionProblem
from lib.exchange.definition_files import load_toml

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"


def load_demo_practice(folder: Path = DEMO) -> dict[str, Any]:
    """People, supervision, letterhead and clock of the demonstration."""
    return load_toml(folder / "practice.toml")


def load_demo_stories(folder: Path = DEMO) -> list[dict[str, Any]]:
    """Every story, a file a client, in the order of the clients' codes. Raises DefinitionProblem for two of a code."""
    stories = [load_toml(path) for path in sorted((folder / "stories").glob("*.toml"))]
    codes = [story["code"] for story in stories]
    if len(set(codes)) != len(codes):
        raise DefinitionProblem("demo stories: two of them have the same client code")
    return sorted(stories, key=lambda story: str(story["code"]))

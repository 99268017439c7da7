"""Brief table: the lines to know before going in and the one question, drawn as one element.

The browser's half is components/brief_table.js."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from lib.domain.question import Question
from lib.ui.brief_lines import BriefLine

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_brief_table",
    css=(_FILES / "brief_table.css").read_text(encoding="utf-8"),
    js=(_FILES / "brief_table.js").read_text(encoding="utf-8"),
)


def show(lines: Sequence[BriefLine], question: Question | None, key: str, went: Callable[[str], None]) -> str:
    """Draw the lines. `went` is called with a tab's way before the page is drawn; another way is returned."""
    ways = {line.way for line in lines if line.way}

    def receive() -> None:
        way = (st.session_state.get(key) or {}).get("went")
        if isinstance(way, str) and way in ways:
            went(way)

    told = None
    if question is not None:
        told = {"words": question.words, "reason": question.reason}
    data = {"label": "Before you go in", "lines": [asdict(line) for line in lines], "question": told}
    result = _mount(data=data, key=key, on_went_change=receive)
    way = result.get("went")
    return way if isinstance(way, str) and way in ways else ""

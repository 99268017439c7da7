"""Changed words: what became of a text since an earlier version of it, drawn line by line.

The browser's half is components/changed_words.js."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.domain.text_changes import Stretch, stretches

HOW = "Struck through: taken out. Underlined: new. Three dots: lines that were left as they were."
NOTHING = "Not a word was changed."

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_changed_words",
    css=(_FILES / "changed_words.css").read_text(encoding="utf-8"),
    js=(_FILES / "changed_words.js").read_text(encoding="utf-8"),
)


def show(before: str, after: str, label: str, key: str, *, explained: bool = True) -> None:
    """The changed lines of `after`, with what stood there before; in words when nothing changed.

    Of several texts one below the other none is `explained` by itself: call `explain` once at their end."""
    found = stretches(before, after)
    if not any(stretch.is_changed for stretch in found):
        st.text(NOTHING)
        return
    _mount(data={"label": label, "stretches": [_told(stretch) for stretch in found]}, key=key)
    if explained:
        explain(key)


def explain(key: str) -> None:
    """How changed words are to be read, in small letters."""
    with st.container(key=f"quiet-{key}"):
        st.text(HOW)


def _told(stretch: Stretch) -> list[list[str]]:
    return [[piece.fate.value, piece.text] for piece in stretch.pieces] if stretch.is_changed else []

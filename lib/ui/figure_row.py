"""Figure row: the few figures at the top of a page as one element; none stands without what it is a part of.

The browser's half is components/figure_row.js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_figures",
    css=(_FILES / "figure_row.css").read_text(encoding="utf-8"),
    js=(_FILES / "figure_row.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted, the figure in words, and of what it is a part."""

    what: str
    value: str
    of: str


def show(figures: Sequence[Figure], label: str, key: str) -> None:
    """Draw them side by side; `label` is what a screen reader says of the whole."""
    told = [{"what": one.what, "value": one.value, "of": one.of} for one in figures]
    _mount(key=key, data={"label": label, "figures": told})

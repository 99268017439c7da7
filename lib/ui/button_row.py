"""Button row: the ways on from a page as one element. Streamlit's own buttons cost a page load as much each.

The browser's half is components/button_row.js."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_buttons",
    css=(_FILES / "button_row.css").read_text(encoding="utf-8"),
    js=(_FILES / "button_row.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # in the page's own tree: whoever walks by keyboard is seen where they are
)


@dataclass(frozen=True, slots=True)
class Way:
    """One button: what it is called, its sign (a Material symbol's name), and what it stands for."""

    id: str
    label: str
    icon: str


def show(ways: Sequence[Way], label: str, key: str, first: str = "") -> str:
    """Draw the buttons, the `first` in the accent's colour; the id of the one pressed, "" when none was."""
    told = [{"id": way.id, "label": way.label, "icon": way.icon, "first": way.id == first} for way in ways]
    pressed = _mount(
        key=key, data={"label": label, "buttons": told}, width="content", on_pressed_change=lambda: None
    ).get("pressed")
    return next((way.id for way in ways if way.id == pressed), "")

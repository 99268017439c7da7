"""Plain text: what a person wrote, shown as it stands; Streamlit would read labels and messages as markdown."""

from __future__ import annotations

import re

_MEANT = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")


def as_label(text: str) -> str:
    """The text for a widget's label, an option of a radio or a message: what markdown could read is escaped."""
    return _MEANT.sub(r"\\\1", " ".join(text.split()))


def as_option(text: str) -> str:
    """The text for an option of a selectbox or a multiselect: those show every character as it stands already."""
    return " ".join(text.split())

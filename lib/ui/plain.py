"""Plain text: what a person wrote, shown as it stands; Streamlit would read labels and messages as markdown."""

from __future__ import annotations

import re

_MEANT = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])")


def as_label(text: str) -> str:
    """The text for a widget's label, an option or a message: every character markdown could read is escaped."""
    return _MEANT.sub(r"\\\1", " ".join(text.split()))


def one_line(text: str, longest: int = 160) -> str:
    """The text on one line, cut at a word with an ellipsis when it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"

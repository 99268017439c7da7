"""Plain text: what a person wrote, shown as it stands; Streamlit would read labels and messages as markdown."""

from __future__ import annotations

import re

# Word joiner: no width, no sound. It parts signs that make markup only together, also where Streamlit looks for them
# after markdown was read (addresses, icons, arrows) and a backslash comes too late. A label is a widget's name for
# screen readers as well, which would read every backslash out.
_JOINER = "\u2060"
_TOGETHER = re.compile(
    r"(?<=:)(?=[^\s\d]|[\w+-]+:)"  # directives, icons, emoji, and the beginning of an address
    r"|(?=@)|(?<=www)(?=\.)"  # what else becomes an address
    r"|(?<=\])(?=[(\[:])|(?<=<)(?=[\w/!?])|(?<=&)(?=#?\w+;)"  # links, tags and entities
    r"|(?<=[-<>~])(?=[->=])"  # arrows and dashes
    r"|(?<=\\)(?=[!-/:-@\[-`{-~])"  # a backslash that would be an escape
    r"|^(?=[-+*#>=|]|\d+[.)])|(?<=#)$",  # what begins a list, a heading, a quotation, a table or a line; or ends one
    re.IGNORECASE,
)
_IN_PAIRS = re.compile(r"([*`~$]|(?<![^\W_])_|_(?![^\W_]))")  # an underscore inside a word is no emphasis
_NAMED = re.compile(r":(?=[^\s\[{]*[\[{])")  # a directive: what its brackets hold would be lost


def as_label(text: str) -> str:
    """The text for a widget's label, an option of a radio or a message, so that none of it is read as markup.

    Spaces and lines become single spaces. A backslash stands only where signs would make markup as a pair."""
    parted = _TOGETHER.sub(_JOINER, " ".join(text.split()))
    paired = _IN_PAIRS.sub(r"\\\1", parted) if len(_IN_PAIRS.findall(parted)) > 1 else parted
    return _NAMED.sub(r"\:", paired)


def as_option(text: str) -> str:
    """The text for an option of a selectbox or a multiselect: those show every character as it stands already."""
    return " ".join(text.split())

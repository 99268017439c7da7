"""The words of a note with their places: small letters, contractions opened, quotes and breaks remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(
    r"(?i:w/o\b|w/|r/t\b|h/o\b|b/c\b)|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[;,:()\"“”.!?]|[—–]|(?<=\s)--?(?=\s)|(?<=\s)['‘]|['’](?=[\s,.;!?)]|$)|^['‘]"
)
_ENDS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would", "s": "'s"}
_WHOLE = {
    "w/": ("with",),
    "w/o": ("without",),
    "r/t": ("about",),
    "h/o": ("history", "of"),
    "b/c": ("because",),
    "cannot": ("can", "not"),
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "dont": ("do", "not"),
    "didnt": ("did", "not"),
    "doesnt": ("does", "not"),
    "ain't": ("is", "not"),
    "gonna": ("going", "to"),
    "wanna": ("want", "to"),
}
BREAKS = {";", "—", "–", "--", "-", "(", ")", ".", "!", "?", ":"}


@dataclass(slots=True)
class NoteWords:
    """The words of one sentence. `starts` and `ends` are offsets into the sentence; `before[i]` holds the marks of
    punctuation that stand between word i-1 and word i; `quoted[i]` tells whether it stands inside quotation marks."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    before: list[str]
    quoted: list[bool]
    capital: list[bool]


def words_of(sentence: str) -> NoteWords:
    """Split a sentence into words. Apostrophes are kept inside words and opened: `didn't` is `did not`."""
    found = NoteWords([], [], [], [], [], [])
    marks, inside = "", False
    for match in _WORD.finditer(sentence):
        raw = match.group()
        if raw[0].isalnum():
            low = raw.lower()
            if low.isalpha() and low not in _WHOLE:
                parts: tuple[str, ...] = (low,)
            else:
                parts = _opened(low.replace("’", "'"))
            for part in parts:
                found.words.append(part)
                found.starts.append(match.start())
                found.ends.append(match.end())
                found.before.append(marks)
                found.quoted.append(inside)
                found.capital.append(raw[0].isupper())
                marks = ""
        else:
            marks += raw if raw != "--" else "—"
            inside = _inside_after(raw, match.start() == 0 or sentence[match.start() - 1].isspace(), inside)
    return found


def _inside_after(mark: str, opens: bool, inside: bool) -> bool:
    """Whether what follows this mark stands inside quotation marks."""
    if mark == '"':
        return not inside
    if mark in "“”‘":
        return mark != "”"
    if mark in "'’":
        return opens
    return inside


def _opened(low: str) -> tuple[str, ...]:
    if low in _WHOLE:
        return _WHOLE[low]
    if "'" not in low:
        return (low,)
    if low.endswith("n't"):
        return (low[:-3], "not")
    head, _, tail = low.partition("'")
    if tail in _ENDS:
        return (head, _ENDS[tail])
    return (low,)

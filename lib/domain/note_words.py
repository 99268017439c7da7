"""The words of a note with their places: small letters, contractions opened, quotes and breaks remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WORD = re.compile(r"w/o?(?![a-z])|[rhbc]/[toc]\b|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[;,:().!?—–\"“”]|(?<=\s)--?(?=\s)")
_QUOTE = re.compile(r"[\"“”'‘’]")
_QUOTES = re.compile(r"[\"“”]|(?<!\w)['‘]|['’](?!\w)")
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
    "gotta": ("have", "to"),
    "thru": ("through",),
    "til": ("until",),
    "cuz": ("because",),
    "dtr": ("daughter",),
    "grp": ("group",),
    "mgr": ("manager",),
    "fiancé": ("fiance",),
    "fiancée": ("fiancee",),
    "wk": ("week",),
    "wks": ("weeks",),
    "hrs": ("hours",),
    "wkend": ("weekend",),
}
NAMED = "0name"
"""What a name in the middle of a sentence counts as besides itself: told Sanjay, asked Ruth."""
_NAME = re.compile(r"[A-Z](?<=[a-z;0-9] [A-Z])[a-zà-ÿ]{2,}(?=['’,;.:?!]|$| [^A-Z])")
_INITIAL = re.compile(r"(?<![\w.])([A-HJ-Z])\.(?=['’]s\b|,|[^\S\n]+[a-z])")
"""Somebody told by an initial: asked D. for a hug. Its point ends nothing."""
_NOT_NAMES = """mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec christmas easter thanksgiving english american british god"""
_NO_NAMES = frozenset(_NOT_NAMES.split())
_OPENING = ('"', "“")
BREAKS = {";", "—", "–", "--", "-", "(", ")", ".", "!", "?", ":"}


@dataclass(slots=True)
class NoteWords:
    """The words of one sentence. `starts` and `ends` are offsets into the sentence; `before[i]` holds the marks of
    punctuation that stand between word i-1 and word i; `quoted[i]` tells whether it stands inside quotation marks;
    `named` holds the words that stand with a capital inside the sentence, as names do."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    before: list[str]
    quoted: list[bool]
    named: list[int] = field(default_factory=list)


def words_of(sentence: str) -> NoteWords:
    """Split a sentence into words. Apostrophes are kept inside words and opened: `didn't` is `did not`."""
    found = NoteWords([], [], [], [], [])
    words, starts, ends, before = found.words, found.starts, found.ends, found.before
    initials: set[int] = set()
    if "." in sentence[:-1]:
        initials = {match.start() for match in _INITIAL.finditer(sentence)}
        sentence = _INITIAL.sub(r"\1_", sentence) if initials else sentence
    marks = ""
    for match in _WORD.finditer(sentence.lower()):
        raw = match[0]
        start, end = match.span()
        if raw.isalpha() and raw not in _WHOLE:
            words.append(raw)
            starts.append(start)
            ends.append(end)
            before.append(_told(marks) if marks else "")
        elif not raw[0].isalnum():
            marks += raw if raw != "--" else "—"
            continue
        else:
            for part in _opened(raw.replace("’", "'")):
                words.append(part)
                starts.append(start)
                ends.append(end)
                before.append(_told(marks))
                marks = ""
        marks = ""
    found.quoted = _quoted(sentence, starts)
    capital = {match.start() for match in _NAME.finditer(sentence)} | (initials - {0})
    if capital:
        found.named = [
            at
            for at, start in enumerate(starts)
            if start in capital
            and words[at] not in _NO_NAMES
            and (start in initials or at == 1 or not sentence[starts[at - 1]].isupper())
        ]
    return found


def _told(marks: str) -> str:
    """The colon before a quotation is no break: who says it and what is said belong together. It is kept as `=`."""
    return marks.replace(":", "=", 1) if marks[:1] == ":" and marks[1:2] in _OPENING else marks


def _quoted(sentence: str, starts: list[int]) -> list[bool]:
    """For each word whether it stands inside quotation marks."""
    if not _QUOTE.search(sentence) or not _QUOTES.search(sentence):
        return [False] * len(starts)
    inside, turns = False, []
    for match in _QUOTES.finditer(sentence):
        opens = match.start() == 0 or sentence[match.start() - 1].isspace()
        inside = _inside_after(match.group(), opens, inside)
        turns.append((match.start(), inside))
    return [next((state for at, state in reversed(turns) if at < start), False) for start in starts]


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
        return (*_WHOLE.get(head, (head,)), _ENDS[tail])
    return (low,)

"""The words of a note with their places: small letters, contractions opened, quotes and breaks remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

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
_MARKS = frozenset({*BREAKS, ",", '"', "“", "”"})


@dataclass
class NoteWords:
    """The words of one sentence. `before[i]` holds the marks of punctuation that stand between word i-1 and word i;
    `quoted[i]` tells whether it stands inside quotation marks; `named` holds the words that stand with a capital
    inside the sentence, as names do; `low` is the sentence in small letters, as long as it was."""

    low: str
    words: list[str]
    before: list[str]
    quoted: list[bool] = field(default_factory=list)
    named: list[int] = field(default_factory=list)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word stands in the sentence. Looked for only when asked: most sentences tell nothing."""
        return [match.span() for match in _WORD.finditer(self.low) for _word in _opened(match[0])]


def words_of(sentence: str) -> NoteWords:
    """Split a sentence into words. Apostrophes are kept inside words and opened: `didn't` is `did not`."""
    initials: set[int] = set()
    if "." in sentence[:-1]:
        initials = {match.start() for match in _INITIAL.finditer(sentence)}
        sentence = _INITIAL.sub(r"\1_", sentence) if initials else sentence
    low = _small(sentence)
    note = NoteWords(low, *_words_and_marks(_WORD.findall(low)))
    note.quoted = _quoted(sentence, note)
    capital = {match.start() for match in _NAME.finditer(sentence)} | (initials - {0})
    if capital:
        note.named = [
            at
            for at, (start, _end) in enumerate(note.spans)
            if start in capital
            and note.words[at] not in _NO_NAMES
            and (start in initials or at == 1 or not sentence[note.spans[at - 1][0]].isupper())
        ]
    return note


def _small(sentence: str) -> str:
    """The sentence in small letters, letter for letter: `İ` in small letters is two signs, and would move every place
    after it."""
    low = sentence.lower()
    if len(low) == len(sentence):
        return low
    return "".join(letter.lower()[0] for letter in sentence)


def _words_and_marks(pieces: list[str]) -> tuple[list[str], list[str]]:
    """The words among these pieces, contractions opened, and the marks before each."""
    while pieces and pieces[-1] in _MARKS:
        pieces.pop()
    words = [piece for piece in pieces if piece not in _MARKS]
    before = [""] * len(words)
    if len(words) < len(pieces):
        at, marks = 0, ""
        for piece in pieces:
            if piece in _MARKS:
                marks += piece if piece != "--" else "—"
                continue
            if marks:
                before[at], marks = _told(marks), ""
            at += 1
    if all(map(str.isalnum, words)) and _WHOLE.keys().isdisjoint(words):
        return words, before
    opened = [_opened(word) for word in words]
    marked = [mark for marks, each in zip(before, opened, strict=True) for mark in (marks, *[""] * (len(each) - 1))]
    return [word for each in opened for word in each], marked


def _told(marks: str) -> str:
    """The colon before a quotation is no break: who says it and what is said belong together. It is kept as `=`."""
    return marks.replace(":", "=", 1) if marks[:1] == ":" and marks[1:2] in _OPENING else marks


def _quoted(sentence: str, note: NoteWords) -> list[bool]:
    """For each word whether it stands inside quotation marks."""
    if not _QUOTE.search(sentence) or not _QUOTES.search(sentence):
        return [False] * len(note.words)
    inside, turns = False, []
    for match in _QUOTES.finditer(sentence):
        opens = match.start() == 0 or sentence[match.start() - 1].isspace()
        inside = _inside_after(match.group(), opens, inside)
        turns.append((match.start(), inside))
    return [next((state for at, state in reversed(turns) if at < start), False) for start, _end in note.spans]


def _inside_after(mark: str, opens: bool, inside: bool) -> bool:
    """Whether what follows this mark stands inside quotation marks."""
    if mark == '"':
        return not inside
    if mark in "“”‘":
        return mark != "”"
    if mark in "'’":
        return opens
    return inside


def _opened(raw: str) -> tuple[str, ...]:
    """The words that a piece of the sentence stands for: none for a mark of punctuation."""
    if raw in _MARKS:
        return ()
    low = raw.replace("’", "'")
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

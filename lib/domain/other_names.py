"""Other clients' names in one client's record: which of its own texts hold one, in whatever script it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from lib.domain.record_extract import RecordExtract

# What the program itself puts into a fact; a client whose code is a year or a score is not meant by it.
_OURS = frozenset({"kind", "marker", "code", "polarity", "context", "ending", "state"})
_DATE = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
# Scripts that write words without spaces between them, by the first word of their letters' Unicode names.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


def own_texts(record: RecordExtract) -> Iterator[str]:
    """Every text of the record that a person wrote and a document may quote. Names of measures and our own words about
    scores, flags and dates are none."""
    written = (
        *((record.episode,) if record.episode else ()),
        *record.sessions,
        *record.ratings,
        *record.evidence,
        *record.ruptures,
        *record.breaks,
        *record.formulation,
        *record.beliefs,
        *record.people,
        *record.practices,
        *record.ladder,
        *record.changes,
        *record.moments,
    )
    for fact in written:
        for field in fields(fact):
            value = getattr(fact, field.name)
            if field.name not in _OURS:
                yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, str))
    yield from (flag.response for flag in record.risk_flags if flag.response)


def texts_naming(record: RecordExtract, names: Iterable[str]) -> tuple[str, ...]:
    """The record's own texts that hold one of these names, each on one line, once."""
    names = list(names)
    lines = dict.fromkeys(" ".join(text.split()) for text in own_texts(record)) if names else {}
    return tuple(line for line in lines if any(holds_name(line, name) for name in names))


def people_named(record: RecordExtract) -> tuple[str, ...]:
    """Names of people of the client's life that can be told from any word: "Ben", and not "her sister"."""
    return tuple(each.name for each in record.people if is_distinct(each.name) and each.name != each.name.casefold())


def names_in(texts: Sequence[str], names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that stand in one of the texts, once each. What is too short to be told apart is none."""
    told = "\n".join(texts)
    folded = told.casefold()
    return tuple(
        name
        for name in dict.fromkeys(names)
        if is_distinct(name) and name.casefold() in folded and holds_name(told, name)
    )


def is_distinct(name: str) -> bool:
    """Whether a name can be told from any syllable: three letters or more, two where words stand without spaces, or
    where a code is of a letter and a digit."""
    is_code = any(letter.isdigit() for letter in name) and any(letter.isalpha() for letter in name)
    return len(name) > (1 if is_code or _is_unspaced(name) else 2)


def holds_name(text: str, name: str) -> bool:
    """Whether a name or code stands in a text as a word of its own; our dates are no names.

    A code with a digit is found in capitals or not; a name only as it is written, since "May" and "Will" are words. In
    a script without spaces a name stands in the midst of other letters."""
    plain = _DATE.sub("", text)
    if _is_unspaced(name):
        return name in plain
    case = re.IGNORECASE if any(letter.isdigit() for letter in name) else re.NOFLAG
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", plain, case) is not None


def _is_unspaced(name: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(_UNSPACED) for letter in name)

"""A note cut into sentences with their places, each under the heading it stands in. The text is never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

PLANNED, PAST, PLAIN = "planned", "past", "plain"
_SHORT = frozenset(
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "vs",
        "e.g",
        "i.e",
        "approx",
        "appt",
        "hx",
        "tx",
        "sx",
        "dx",
        "hw",
        "etc",
        "no",
        "jr",
        "sr",
        "min",
        "hr",
        "hrs",
        "wk",
        "wks",
        "mo",
        "yr",
        "yrs",
        "w",
        "a.m",
        "p.m",
    ]
)
# Where a sentence may end: after . ! ? with closing marks, or at a line's end.
_END = re.compile(r"[.!?…]+[\"”’')\]]*(?=[\s,]|$)[ \t]*,?|\n+")
_HEADING = re.compile(
    r"[ \t]*(?:[#*>\-•]+[ \t]*)*(?P<name>[A-Za-z][A-Za-z0-9/&' -]{0,40}?)[ \t]*(?:\*\*|__)?[ \t]*"
    r"(?:(?:#\d{1,2}|\([^)\n]{0,40}\))[ \t]*)?(?::(?:\*\*)?|[-–—](?=[ \t])|$)[ ,]*"
)
_MARK = re.compile("[:–—-]")  # what ends a heading's name, where the line's end does not
_NAME_REACH, _STOPS = 160, frozenset(".!?")
_LATER = re.compile(r"[.;]\s+([A-Za-z][A-Za-z ]{0,20}):")
_RUN = re.compile(r"(?:(?<=\s)|(?<=[.,;])|^)(?P<name>[A-Z][A-Z/&' -]{2,40}):[ ,]*")


class Stretch(NamedTuple):
    """A sentence: text[start:end], and what its section says of the time: planned, past or plain."""

    start: int
    end: int
    section: str
    heading: str = ""


def sentences_of(text: str, headings: Mapping[str, str]) -> list[Stretch]:
    """The sentences of a note. A heading is no sentence; what follows it stands in its section."""
    found: list[Stretch] = []
    section, heading = PLAIN, ""
    start = 0
    for cut in _cuts(text):
        for begin, end, named in _pieces(text, start, cut, headings):
            if named is not None:
                heading = named
                section = headings.get(named, PLAIN)
            if end > begin:
                found.append(Stretch(begin, end, section, heading))
        start = cut
    return found


def lines_of(text: str, headings: Mapping[str, str]) -> list[Stretch]:
    """Each line as one sentence, in order, empty ones too. A heading at its start speaks for that line alone.

    A line ends at a line feed, with or without a carriage return; a last line without one counts."""
    found = []
    start = 0
    for line in text.split("\n") if text else []:
        end = start + len(line)
        if start == len(text) and text.endswith("\n"):
            break
        whole_end = end - 1 if line.endswith("\r") else end
        named, body = _heading_at(text, start, whole_end, headings)
        begin, stop = _trimmed(text, body, whole_end)
        if begin == stop:
            begin, stop = _trimmed(text, start, whole_end)
        section = headings.get(named or "", PLAIN)
        if section == PLANNED and _goes_over(text[begin:stop], headings):
            section = PLAIN
        found.append(Stretch(begin, stop, section, named or ""))
        start = end + 1
    return found


def _goes_over(line: str, headings: Mapping[str, str]) -> bool:
    """`G: delegate more. R: left the cake to his sister`: what came of it stands in the same line."""
    return any(headings.get(name.strip().lower()) == PLAIN for name in _LATER.findall(line))


def _cuts(text: str) -> list[int]:
    """Where sentences end."""
    cuts = []
    for match in _END.finditer(text):
        if match.group()[0] == "\n":
            if _line_ends(text, match.start(), match.end()):
                cuts.append(match.end())
        elif match.group()[0] != "." or not _is_short(text, match.start()):
            after = text[match.end() : match.end() + 2].lstrip()
            if not after or not after[0].islower():
                cuts.append(match.end())
    if not cuts or cuts[-1] < len(text):
        cuts.append(len(text))
    return cuts


def _line_ends(text: str, at: int, after: int) -> bool:
    """A line's end ends the sentence unless the next line goes on in small letters."""
    return after - at > 1 or after >= len(text) or not text[after:].lstrip(" \t")[:1].islower()


def _is_short(text: str, dot: int) -> bool:
    """Whether the full stop belongs to an abbreviation or an initial."""
    start = dot
    while start > 0 and (text[start - 1].isalpha() or text[start - 1] == "."):
        start -= 1
    word = text[start:dot].lower()
    return (len(word) == 1 and word != "i" and text[start:dot].isupper()) or word in _SHORT


def _pieces(text: str, start: int, end: int, headings: Mapping[str, str]) -> list[tuple[int, int, str | None]]:
    """One sentence, or several when headings in capitals stand inside it, as in dictations."""
    named, body = _heading_at(text, start, end, headings)
    runs = list(_RUN.finditer(text, body, end)) if ":" in text[body:end] else []
    pieces = []
    for match in runs:
        pieces.append((*_trimmed(text, body, match.start()), named))
        named, body = match.group("name").strip().lower(), match.end()
    pieces.append((*_trimmed(text, body, end), named))
    return pieces


def _heading_at(text: str, start: int, end: int, headings: Mapping[str, str]) -> tuple[str | None, int]:
    """A known heading at the start, in small letters, and where its body begins."""
    begin = start
    while begin < end and text[begin].isspace():
        begin += 1
    if _MARK.search(text, begin, min(begin + _NAME_REACH, end)) is None and text[begin:end].rstrip()[-1:] in _STOPS:
        return None, start
    match = _HEADING.match(text, begin, end)
    if match is None:
        return None, start
    name = " ".join(match.group("name").lower().split())
    return (name, match.end()) if name in headings else (None, start)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",•"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return start, end

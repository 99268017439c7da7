"""Headings inside a note's text: where SOAP, DAP, BIRP, GIRP and dictation headings stand. The text is not touched."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.domain.notes import HEADINGS, NoteFormat

_SPELLINGS = {
    "subjective": "subjective",
    "objective": "objective",
    "assessment": "assessment",
    "plan": "plan",
    "data": "data",
    "behavior": "behavior",
    "behaviour": "behavior",
    "behaviors": "behavior",
    "intervention": "intervention",
    "interventions": "intervention",
    "response": "response",
    "goal": "goal",
    "goals": "goal",
}
_LETTERS = {
    "s": "subjective",
    "o": "objective",
    "a": "assessment",
    "p": "plan",
    "d": "data",
    "b": "behavior",
    "i": "intervention",
    "r": "response",
    "g": "goal",
}
_NAMES = "|".join(sorted(_SPELLINGS, key=len, reverse=True))

# On a line of its own or at its start: "Subjective:", "S:", "## Plan", "**Data:**".
_AT_LINE_START = (
    rf"^[ \t]*(?:\#{{1,6}}[ \t]*)?(?:\*\*|__)?(?P<line>(?i:{_NAMES})|(?i:[{''.join(_LETTERS)}]))"
    r"(?:\*\*|__)?[ \t]*(?::(?:\*\*|__)?|$)(?:[ \t]*,)?"
)
# In the run of a dictation: "OBJECTIVE:,", "PAST HISTORY: ,", "PLAN:  ".
_IN_CAPITALS = (
    r"(?:^|(?<=[\s.,;:!?)]))(?P<run>[A-Z](?:[A-Z'/&() \-]{0,58}[A-Z)])?)[ ]{0,2}:(?:[ ]{0,2},|(?=\s|$|[A-Z]))"
)
_HEADING = re.compile(f"{_AT_LINE_START}|{_IN_CAPITALS}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a note under its heading. `text[start:end]` is the body, `text[heading_start:start]` the heading.

    `key` is subjective, objective, ... for headings of a known format, else the heading in lower case."""

    heading: str
    key: str
    heading_start: int
    start: int
    end: int


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a note, in order; what stands before the first heading belongs to none."""
    found = [match for match in _HEADING.finditer(text) if _is_heading(match)]
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return tuple(
        Section(_heading(match), _key(_heading(match)), match.start(), match.end(), end)
        for match, end in zip(found, ends, strict=True)
    )


def format_of(text: str) -> NoteFormat:
    """The format whose headings the text has: its first one and at least three in all; else narrative."""
    keys = {section.key for section in sections(text)}
    best, most = NoteFormat.NARRATIVE, 2
    for note_format, headings in HEADINGS.items():
        wanted = [heading.casefold() for heading in headings]
        present = sum(heading in keys for heading in wanted)
        if wanted and wanted[0] in keys and present > most:
            best, most = note_format, present
    return best


def _heading(match: re.Match[str]) -> str:
    return (match.group("line") or match.group("run")).strip()


def _is_heading(match: re.Match[str]) -> bool:
    """A single letter needs its colon; a run of capitals three letters, so that "BP:" or a list "A:" is none."""
    run = match.group("run")
    if run is None:
        return len(match.group("line")) > 1 or ":" in match.group()
    return sum(letter.isalpha() for letter in run) >= 3


def _key(heading: str) -> str:
    low = heading.casefold()
    return _LETTERS.get(low) or _SPELLINGS.get(low) or low

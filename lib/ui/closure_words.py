"""Closure words: what documents, versions, sections and sources are called on the screen. Nothing is drawn here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from lib.domain.closure import Audience, DocumentDraft, DocumentKind, Section, Source
from lib.storage.document_records import (
    COSIGNED,
    OPEN,
    RETURNED,
    SUPERSEDED,
    DocumentHeader,
)
from lib.ui import words


@dataclass(frozen=True, slots=True)
class Slot:
    """One document an ending may have: what it is called, whom it is for, and what it leaves out."""

    kind: DocumentKind
    audience: Audience
    name: str
    act: str
    about: str

    @property
    def key(self) -> str:
        """Its name in widget keys."""
        return f"{self.kind.value}-{self.audience.value}"


SLOTS = (
    Slot(
        DocumentKind.SUMMARY, Audience.FILE, "Summary for the file", "Draft closure summary for the file",
        "Everything the record says about this course of therapy, for the practice's own file.",
    ),
    Slot(
        DocumentKind.SUMMARY, Audience.REFERRER, "Summary for the referrer", "Draft closure summary for the referrer",
        "Outcome, what remains, risk in full and recommendations. No words out of notes, no formulation, no names "
        "of other people.",
    ),
    Slot(
        DocumentKind.SUMMARY, Audience.CLIENT, "Letter to the client", "Draft letter to the client",
        "Plain words. Nothing out of notes, no item numbers, no risk flags; what to say about safety is asked of you.",
    ),
    Slot(
        DocumentKind.PLAN, Audience.CLIENT, "Relapse-prevention plan", "Draft relapse-prevention plan",
        "The client's own, in the first person. Best gone through together before it is signed.",
    ),
    Slot(
        DocumentKind.GOODBYE, Audience.CLIENT, "Goodbye letters", "Open the pages for goodbye letters",
        "One from each side, if you both want them. Nothing is drafted, and they may stay unsigned.",
    ),
)  # fmt: skip
SLOT_OF: Mapping[str, Slot] = {slot.key: slot for slot in SLOTS}


def forms_of(kind: DocumentKind) -> tuple[tuple[str, str], ...]:
    """What a document can be taken away as, with the words on the button. A plan is also made to be carried."""
    always = (("pdf", "PDF"), ("docx", "DOCX"))
    carried = (("leaflet", "Leaflet: A4, to fold"), ("phone", "For a phone"))
    return (*always, *carried) if kind is DocumentKind.PLAN else always


class SectionState(StrEnum):
    """How far one section is, as the list of sections says it."""

    DONE = "✓ reviewed"
    TO_REVIEW = "● to review"
    TO_ANSWER = "● to answer"
    DRAFTED = "drafted"
    EMPTY = "empty"


def section_state(section: Section) -> SectionState:
    """Reviewed, or what is still to be done; the dot marks what keeps the document from being signed."""
    if section.reviewed_at is not None and section.sentences:
        return SectionState.DONE
    if section.must_review:
        return SectionState.TO_REVIEW if section.sentences else SectionState.TO_ANSWER
    return SectionState.DRAFTED if section.sentences else SectionState.EMPTY


def short_title(title: str) -> str:
    """A section's title for the list of sections: up to its colon or bracket."""
    return re.split(r"[:(]", title, maxsplit=1)[0].strip() or title


def source_label(source: Source, today: date) -> str:
    """A source in two words: "note 14 Jan 2025"."""
    return f"{source.kind.value} {words.day(source.dated_on, today)}"


def sources_label(sources: Sequence[Source], today: date) -> str:
    """The first source, and how many more there are."""
    first = source_label(sources[0], today)
    return first if len(sources) == 1 else f"{first} +{len(sources) - 1}"


def contents_line(draft: DocumentDraft, today: date) -> str:
    """When it was drafted, how many sentences it has, and how many rest on the record."""
    lines = [line for section in draft.sections for line in section.sentences]
    if not lines:
        return "nothing written yet"
    own = sum(line.own_words for line in lines)
    if draft.kind is DocumentKind.GOODBYE:  # of which nothing is drafted
        return f"{words.count(len(lines), 'sentence')} written here"
    told = f"drafted {words.day(draft.drafted_on, today)} from the record · {words.count(len(lines), 'sentence')}"
    return f"{told}, {len(lines) - own} with a source, {own} in own words" if own else f"{told}, each with a source"


def status_words(header: DocumentHeader, today: date, zone: tzinfo | None) -> str:
    """A version in a line: "Draft of 2 Mar", "Signed 2 Mar, waits for co-signature"."""
    if header.status == OPEN or header.signed_at is None:
        return f"Draft of {words.day(header.drafted_at.astimezone(zone).date(), today)}, not signed"
    signed = f"Signed {moment(header.signed_at, today, zone)}"
    if header.status == COSIGNED:
        return f"{signed}, co-signed"
    if header.status == RETURNED:
        return f"{signed}, returned by the supervisor"
    if header.status == SUPERSEDED:
        return f"{signed}, superseded"
    return f"{signed}, waits for co-signature" if header.signer_is_trainee else signed


def short_status(headers: Sequence[DocumentHeader]) -> str:
    """How one document stands, in a word or two: of its draft if there is one, else of its newest version."""
    if not headers:
        return "none yet"
    newest = next((header for header in headers if header.status == OPEN), headers[0])
    if newest.status == OPEN:
        return "draft"
    waits = newest.signer_is_trainee and newest.status not in (COSIGNED, RETURNED, SUPERSEDED)
    named = {COSIGNED: "co-signed", RETURNED: "returned", SUPERSEDED: "superseded"}
    return "to co-sign" if waits else named.get(newest.status, "signed")


def day(when: date, today: date) -> str:
    """A day as lists say it."""
    return words.day(when, today)


def not_named(days: Sequence[date], today: date) -> str:
    """What is said of check-ins that a signed plan does not name, or names on another day."""
    told = ", ".join(words.day(day, today) for day in days)
    which, them = ("the check-in of", "it") if len(days) == 1 else ("the check-ins of", "them")
    return f"The signed plan does not name {which} {told}. It stays as it was signed; a new version can name {them}."


def moment(at: datetime, today: date, zone: tzinfo | None) -> str:
    """A moment as "2 Mar, 10:30" on the practice's wall."""
    local = at.astimezone(zone)
    return f"{words.day(local.date(), today)}, {local:%H:%M}"


def as_text(draft: DocumentDraft) -> str:
    """The whole document as plain text, section by section, as it is read before signing."""
    parts = []
    for section in draft.sections:
        lines = [f"– {line.text}{' (own words)' if line.own_words else ''}" for line in section.sentences]
        parts.append("\n".join([section.title.upper(), *(lines or ["(nothing)"])]))
    return "\n\n".join(parts)


def beginning(text: str, at_most: int = 42) -> str:
    """The first words of a sentence, to tell it from the others beside the box it is written in."""
    if len(text) <= at_most:
        return text
    return f"{text[:at_most].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def letters_line(lost: Sequence[str]) -> str:
    """Which letters of a document are printed as their numbers, in words: at most eight by name."""
    named = ", ".join(_letter_named(letter) for letter in lost[:8])
    more = f" and {len(lost) - 8} more" if len(lost) > 8 else ""
    which = "this letter" if len(lost) == 1 else "these letters"
    return f"The printed document has no typeface for {which} and shows the number instead: {named}{more}."


def _letter_named(letter: str) -> str:
    number = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "a control character").lower()
    return f"{letter} {name} ({number})" if unicodedata.category(letter)[0] in "LNPS" else f"{name} ({number})"

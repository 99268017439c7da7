"""Closure documents as values: what a draft holds, where each sentence comes from, when it may be signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lib.domain.errors import Blocked, Frozen, InvalidInput
from lib.domain.flags import day_in_words


class SourceKind(StrEnum):
    """What sort of record a sentence rests on."""

    NOTE = "note"
    SCORE = "score"
    RATING = "rating"
    EVENT = "event"
    ENTRY = "entry"


class DocumentKind(StrEnum):
    """The documents of an ending."""

    SUMMARY = "summary"
    PLAN = "plan"
    GOODBYE = "goodbye"


class Audience(StrEnum):
    """Who reads it. Plan and goodbye letters are the client's."""

    FILE = "file"
    REFERRER = "referrer"
    CLIENT = "client"


class DocumentStatus(StrEnum):
    """A draft may change; a signed document never does."""

    DRAFT = "draft"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Source:
    """One record a sentence rests on; a note's `quote` is an exact substring of it. No id: many rows behind a count."""

    kind: SourceKind
    dated_on: date
    quote: str
    record_type: str
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement. Drafted ones have sources; `own_words` marks what the clinician wrote instead, and when."""

    text: str
    sources: tuple[Source, ...] = ()
    own_words: bool = False
    written_on: date | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidInput("A sentence is empty.", "Write it or take it out.", field="sentence")
        if not self.sources and not self.own_words:
            raise InvalidInput("A sentence has no source.", "Name where it comes from, or mark it as your own words.")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document: what is known, and as questions what is not."""

    key: str
    title: str
    sentences: tuple[Sentence, ...] = ()
    asks: tuple[str, ...] = ()
    reviewed_at: datetime | None = None
    must_review: bool = False


@dataclass(frozen=True, slots=True)
class ClientHeader:
    """Who the document is about, as printed on every page."""

    name: str
    code: str
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The practice as it signs its letters."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A closure summary or plan, draft or signed.

    `basis` is every source the record offered at drafting, compared at signing even where sentences were taken
    out. `content_sha256` is set at signing only; `supersedes` names an earlier signed version in words."""

    kind: DocumentKind
    audience: Audience
    client: ClientHeader
    practice: Letterhead
    therapist: str
    drafted_on: date
    sections: tuple[Section, ...]
    title: str = ""
    basis: tuple[Source, ...] = ()
    status: DocumentStatus = DocumentStatus.DRAFT
    signed_by: str = ""
    signed_at: datetime | None = None
    signature_meaning: str = ""
    content_sha256: str = ""
    supersedes: str = ""
    cosigned_by: str = ""
    cosigned_at: datetime | None = None
    cosignature_meaning: str = ""

    def section(self, key: str) -> Section:
        """The section with this key; KeyError when there is none."""
        return {section.key: section for section in self.sections}[key]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source the sentences name, once each, in the order of reading."""
        return distinct_sources(self.sections)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why signing must wait, and the way out, in words."""

    why: str
    way_out: str


def distinct_sources(sections: Sequence[Section]) -> tuple[Source, ...]:
    """Every source of these sections, once each, in the order of reading."""
    named = [source for section in sections for line in section.sentences for source in line.sources]
    return tuple(dict.fromkeys(named))


def canonical_content(draft: DocumentDraft) -> bytes:
    """What is signed, as stable UTF-8 JSON: everything but the signature itself, its hash and the draft's asks."""
    content = {
        "kind": draft.kind,
        "audience": draft.audience,
        "title": draft.title,
        "client": [draft.client.name, draft.client.code, str(draft.client.born_on or "")],
        "practice": [draft.practice.name, *draft.practice.address],
        "therapist": draft.therapist,
        "drafted_on": draft.drafted_on.isoformat(),
        "supersedes": draft.supersedes,
        "sections": [_section_content(section) for section in draft.sections],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def content_hash(draft: DocumentDraft) -> str:
    """sha256 of the canonical content, 64 hex digits."""
    return hashlib.sha256(canonical_content(draft)).hexdigest()


def as_signed(draft: DocumentDraft, signed_by: str, signed_at: datetime, meaning: str) -> DocumentDraft:
    """The same document with its signature and hash. Raises Frozen when it is signed already."""
    if draft.status is DocumentStatus.SIGNED:
        raise Frozen("This document is signed.", "Make a new version that says what it supersedes.")
    return replace(
        draft,
        status=DocumentStatus.SIGNED,
        signed_by=signed_by,
        signed_at=signed_at,
        signature_meaning=meaning,
        content_sha256=content_hash(draft),
    )


def changed_sources(draft: DocumentDraft, fresh: DocumentDraft) -> tuple[Source, ...]:
    """What the record no longer says or says newly since then; `fresh` is the same document drafted again today."""
    before, now = {_compared(s): s for s in draft.basis}, {_compared(s): s for s in fresh.basis}
    gone = [s for key, s in before.items() if key not in now]
    return (*gone, *(s for key, s in now.items() if key not in before))


def _compared(source: Source) -> Source:
    """A source as it is compared. A contact never confirmed bears the day of drafting, which is no change."""
    return replace(source, dated_on=date.min) if source.record_type == "crisis_contact" else source


def as_json(draft: DocumentDraft, blocked_by: Sequence[Reason]) -> dict[str, Any]:
    """The document as the terminal's `closure --format json` gives it."""
    return {
        "client": draft.client.code,
        "kind": draft.kind.value,
        "status": draft.status.value,
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "sentences": [_sentence_json(line) for line in section.sentences],
                "asks": list(section.asks),
            }
            for section in draft.sections
        ],
        "blocked_by": [{"why": reason.why, "way_out": reason.way_out} for reason in blocked_by],
    }


def _sentence_json(line: Sentence) -> dict[str, Any]:
    named = [{"kind": s.kind.value, "date": s.dated_on.isoformat(), "quote": s.quote} for s in line.sources]
    return {"text": line.text, "sources": named}


def _section_content(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "sentences": [_sentence_content(line) for line in section.sentences],
    }


def _sentence_content(line: Sentence) -> dict[str, Any]:
    written = {} if line.written_on is None else {"written_on": line.written_on.isoformat()}
    return {**_sentence_json(line), "own_words": line.own_words, **written}


def blocked_by(
    draft: DocumentDraft,
    open_risk_flags: Sequence[str],
    unsigned_notes: Sequence[date],
    changed: Sequence[Source],
) -> tuple[Reason, ...]:
    """Everything that keeps this draft from being signed, each with its way out.

    `open_risk_flags` are flags nobody has answered, in words; `unsigned_notes` the dates of draft notes;
    `changed` what `changed_sources` found."""
    way_out = "Record what was done about it, then sign."
    reasons = [Reason(f"Open risk flag: {flag.rstrip('.')}.", way_out) for flag in open_risk_flags]
    reasons += [
        Reason(f"The note of {day_in_words(day)} is not signed.", "Sign the note, or discard its draft.")
        for day in unsigned_notes
    ]
    if changed:
        reasons.append(
            Reason(
                f"The record has changed since this was drafted ({_what_changed(changed)}).",
                "Draft again from today's record, or look at what changed and keep your wording.",
            )
        )
    if not any(section.sentences for section in draft.sections):
        reasons.append(Reason("Nothing is written yet.", "Write something, or put the draft away."))
    reasons += [reason for section in draft.sections for reason in _section_reasons(section)]
    return tuple(reasons)


def check_may_be_signed(
    draft: DocumentDraft,
    open_risk_flags: Sequence[str],
    unsigned_notes: Sequence[date],
    changed: Sequence[Source],
) -> None:
    """Raises Frozen when it is signed already, Blocked with (why, way out) pairs while anything stands open."""
    if draft.status is DocumentStatus.SIGNED:
        raise Frozen("This document is signed.", "Make a new version that says what it supersedes.")
    reasons = blocked_by(draft, open_risk_flags, unsigned_notes, changed)
    if reasons:
        raise Blocked("This cannot be signed yet.", [(reason.why, reason.way_out) for reason in reasons])


def _section_reasons(section: Section) -> list[Reason]:
    if not section.must_review:
        return []
    if not section.sentences:
        way_out = "Answer its question in your own words, also when the answer is that nothing is known."
        return [Reason(f"“{section.title}” says nothing yet.", way_out)]
    if section.reviewed_at is not None:
        return []
    return [Reason(f"“{section.title}” has not been reviewed.", "Read it and mark it as reviewed.")]


def _what_changed(changed: Sequence[Source]) -> str:
    distinct = list(dict.fromkeys(f"{source.kind.value} of {day_in_words(source.dated_on)}" for source in changed))
    more = f" and {len(distinct) - 3} more" if len(distinct) > 3 else ""
    return ", ".join(distinct[:3]) + more

"""What both renderers print of a document: plain lines, numbered references, sign-off, letters that cannot be drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.domain.closure import Audience, ClientHeader, DocumentDraft, DocumentKind, DocumentStatus, Section, Source
from lib.domain.draft_words import day

DRAFT_MARK = "DRAFT - not signed"
TO_ANSWER = "Still to answer"
SOURCES = "Sources"
NO_NAME = "name not on record"
NOTHING_RECORDED = "Nothing recorded."
# How much of a quote a reference repeats when the sentence beside it holds it in full.
QUOTED_AT_MOST = 44
OWN_WORDS = "clinician's own words"
AGREED_BY = "Agreed by: ____________________   Date: ______________"
SOURCE_NAMES = {"note": "Note", "score": "Score", "rating": "Rating", "event": "Event", "entry": "Entry"}


@dataclass(frozen=True, slots=True)
class Line:
    """One printed statement and the numbers of its references ("1, 4-6", "" where none are printed)."""

    text: str
    references: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One printed section; `empty` is what stands in place of statements in a signed document."""

    key: str
    title: str
    lines: tuple[Line, ...]
    asks: tuple[str, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it is printed, whatever the format."""

    client_rest: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[SectionView, ...]
    sign_off: tuple[str, ...]
    references: tuple[str, ...]
    is_draft: bool
    is_letter: bool = False

    @property
    def texts(self) -> list[str]:
        """Every text that is printed, for the check on letters."""
        lines = [line.text for section in self.sections for line in section.lines]
        titles = [section.title for section in self.sections]
        asks = [ask for section in self.sections for ask in section.asks]
        facts = [text for fact in self.facts for text in fact]
        return [*facts, *titles, *lines, *asks, *self.sign_off, *self.references, self.client_rest]


def view_of(draft: DocumentDraft) -> DocumentView:
    """The printed form: references for the file only, questions in drafts only. A goodbye letter is no draft: it may be
    given unsigned."""
    is_draft = draft.status is DocumentStatus.DRAFT and draft.kind is not DocumentKind.GOODBYE
    numbered = draft.audience is Audience.FILE
    groups = reference_groups(draft.sections) if numbered else []
    numbers = {source: number for number, group in enumerate(groups, start=1) for source in group}
    sections = [_section(section, draft, numbers, is_draft) for section in draft.sections]
    return DocumentView(
        client_rest=_client_rest(draft),
        facts=_facts(draft),
        sections=tuple(section for section in sections if section.lines or section.asks or section.empty),
        sign_off=_sign_off(draft),
        references=tuple(_reference(group, draft.sections) for group in groups),
        is_draft=is_draft,
        is_letter=draft.kind is DocumentKind.GOODBYE
        or (draft.kind is DocumentKind.SUMMARY and draft.audience is Audience.CLIENT),
    )


def _section(section: Section, draft: DocumentDraft, numbers: dict[Source, int], is_draft: bool) -> SectionView:
    lines = []
    for sentence in section.sentences:
        found = sorted({numbers[source] for source in sentence.sources if source in numbers})
        marked = OWN_WORDS if sentence.own_words and draft.audience is Audience.FILE else ""
        references = ", ".join(part for part in (as_ranges(found), marked) if part)
        lines.append(Line(sentence.text, references))
    told_empty = not lines and not is_draft and draft.audience is not Audience.CLIENT
    return SectionView(
        key=section.key,
        title=section.title,
        lines=tuple(lines),
        asks=section.asks if is_draft else (),
        empty=NOTHING_RECORDED if told_empty else "",
    )


def as_ranges(numbers: Sequence[int]) -> str:
    """ "1, 4-6" for 1, 4, 5, 6. `numbers` ascend."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _client_rest(draft: DocumentDraft) -> str:
    born = f" · born {day(draft.client.born_on)}" if draft.client.born_on else ""
    return f"{draft.client.code if draft.client.name else NO_NAME}{born}"


def client_line(client: ClientHeader) -> str:
    """Name and code; the code alone where no name is on record."""
    return " · ".join(part for part in (client.name, client.code) if part)


def _facts(draft: DocumentDraft) -> tuple[tuple[str, str], ...]:
    born = day(draft.client.born_on) if draft.client.born_on else "not on record"
    facts = [("Client", client_line(draft.client)), ("Born", born)]
    facts += [("Therapist", draft.therapist or "not on record"), ("Drafted", day(draft.drafted_on))]
    if draft.supersedes:
        facts.append(("Supersedes", draft.supersedes))
    return tuple(facts)


def _sign_off(draft: DocumentDraft) -> tuple[str, ...]:
    if draft.signed_at is not None:
        lines = [f"Signed by {draft.signed_by}, {_moment(draft.signed_at)}.", _quoted(draft.signature_meaning)]
        if draft.cosigned_at is not None:
            lines.append(f"Co-signed by {draft.cosigned_by}, {_moment(draft.cosigned_at)}.")
            lines.append(_quoted(draft.cosignature_meaning))
        # A plan is the client's own: their hand under it stands beside the therapist's signature.
        lines.append(AGREED_BY if draft.kind is DocumentKind.PLAN else "")
        lines.append(f"Content sha256 {draft.content_sha256}")
        return tuple(line for line in lines if line)
    if draft.kind is DocumentKind.GOODBYE:
        return ()
    if draft.kind is DocumentKind.PLAN:
        return (AGREED_BY, DRAFT_MARK)
    return (f"{draft.therapist or 'Therapist'}: {DRAFT_MARK}",)


def _quoted(meaning: str) -> str:
    """What a signature means, as the words of who put it there."""
    return f"“{meaning}”" if meaning else ""


def _moment(at: datetime) -> str:
    return f"{day(at.date())}, {at:%H:%M %Z}".strip()


def reference_groups(sections: Sequence[Section]) -> list[list[Source]]:
    """The sources in the order of reading, once each; of one sentence, those that say the same stand as one."""
    groups: list[list[Source]] = []
    seen: set[Source] = set()
    for line in (line for section in sections for line in section.sentences):
        of_this_line: dict[tuple[str, str], list[Source]] = {}
        for source in line.sources:
            if source in seen:
                continue
            seen.add(source)
            group = of_this_line.setdefault((source.kind.value, source.quote), [])
            if not group:
                groups.append(group)
            group.append(source)
    return groups


def _reference(group: Sequence[Source], sections: Sequence[Section]) -> str:
    """Kind, days and words. Words that stand in full in a sentence that names the source are cut short here."""
    name = SOURCE_NAMES[group[0].kind.value]
    dates = ", ".join(dict.fromkeys(day(source.dated_on) for source in group))
    words = " ".join(group[0].quote.split())
    if len(words) > QUOTED_AT_MOST and _stands_in_a_sentence(group[0], words, sections):
        words = f"{words[:QUOTED_AT_MOST].rsplit(' ', 1)[0].rstrip(' ,;:.')} …"
    return f"{name}, {dates}: {words}"


def _stands_in_a_sentence(source: Source, words: str, sections: Sequence[Section]) -> bool:
    lines = (line for section in sections for line in section.sentences)
    return any(source in line.sources and words in line.text for line in lines)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (Unicode bidi rule P2)."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False

"""Sections of a document draft: new wording, saved as it is typed; drafted sentences keep their sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.closure import Sentence
from lib.domain.errors import InvalidInput, NotYours, StaleVersion
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services.closure_access import record_document_event, writable
from lib.storage import document_records
from lib.storage.tables import DocumentSection

LONGEST_SENTENCE = 4000
LONGEST_SECTION = 100_000


def save_text(
    session: Session,
    actor: Actor,
    section_id: int,
    client_id: int,
    text: str,
    base_version: int,
    now: datetime,
    also_mine: Sequence[str] = (),
) -> int:
    """New wording for a section by its id, a sentence a line, as the editor sends it. Returns its version afterwards.

    `also_mine`: texts the same writer sent before and got no answer to; finding one of them is no conflict.
    Raises NotYours for a section that is not there, and as `change_section`."""
    found = document_records.section_by_id(session, section_id)
    if found is None:
        raise NotYours(RecordKind.DOCUMENT_DRAFT.value, section_id, Action.WRITE.value)
    return change_section(
        session, actor, found.document_id, client_id, found.key, [text], base_version, now, also_mine=also_mine
    )


def change_section(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    key: str,
    texts: Sequence[str],
    base_version: int,
    now: datetime,
    also_mine: Sequence[str] = (),
) -> int:
    """New wording for a section, a sentence a line. A line that stands as drafted keeps its sources, also one that was
    changed and is put back; any other is marked as the clinician's own words. Returns the section's version afterwards.

    Raises StaleVersion with both texts when somebody saved in between, InvalidInput for what is no text."""
    stored, client = writable(session, actor, document_id, client_id, now)
    row = section_row(session, document_id, key)
    held = document_records.sentences_of(row)
    written = _lines(texts)
    if row.version != base_version and not _is_mine(held, also_mine) and [each.text for each in held] != written:
        raise StaleVersion("\n\n".join(written), as_text(held), row.version)
    standing = set(stored.draft.basis)
    drafted = document_records.drafted_of(session, document_id, key)
    known = [*held, *(each for each in drafted if standing.issuperset(each.sources))]
    sentences = _with_sources(written, known, now.date())
    if tuple(sentences) == held:
        return row.version
    version = document_records.change_section(row, sentences, row.asks)
    record_document_event(session, actor, "document_section_changed", document_id, client, now, section=key)
    return version


def review_section(
    session: Session, actor: Actor, document_id: int, client_id: int, key: str, base_version: int, now: datetime
) -> None:
    """Mark a section as read, in the wording that was shown. Raises StaleVersion when it has changed since."""
    _stored, client = writable(session, actor, document_id, client_id, now)
    row = section_row(session, document_id, key)
    if row.version != base_version:
        raise StaleVersion("", as_text(document_records.sentences_of(row)), row.version)
    row.reviewed_at, row.reviewed_by_id = now, actor.account_id
    record_document_event(session, actor, "document_section_reviewed", document_id, client, now, section=key)


def section_row(session: Session, document_id: int, key: str) -> DocumentSection:
    """A section's row, to be changed. Raises InvalidInput when the document has none of this key."""
    row = document_records.section_row(session, document_id, key)
    if row is None:
        raise InvalidInput("There is no such section in this document.", field="section")
    return row


def as_text(sentences: Sequence[Sentence]) -> str:
    """A section as it stands in the editor: a sentence a line, an empty line between two."""
    return "\n\n".join(sentence.text for sentence in sentences)


def _is_mine(held: Sequence[Sentence], also_mine: Sequence[str]) -> bool:
    texts = [sentence.text for sentence in held]
    return any(_lines([text]) == texts for text in also_mine)


def _with_sources(lines: Sequence[str], known: Sequence[Sentence], today: date) -> list[Sentence]:
    """Each line as the sentence it was, or as own words of today."""
    pool: dict[str, list[Sentence]] = {}
    for sentence in known:
        pool.setdefault(sentence.text, []).append(sentence)
    found = []
    for line in lines:
        same = pool.get(line)
        found.append(same.pop(0) if same else Sentence(line, own_words=True, written_on=today))
    return found


def _lines(texts: Sequence[str]) -> list[str]:
    if sum(len(text) for text in texts) > LONGEST_SECTION:
        raise InvalidInput(f"A section has at most {LONGEST_SECTION:,} letters.", "Shorten it.", field="sentence")
    lines = [" ".join(_clean(line).split()) for text in texts for line in text.splitlines()]
    return [line for line in lines if line]


def _clean(line: str) -> str:
    if len(line) > LONGEST_SENTENCE:
        raise InvalidInput(
            f"A sentence has {len(line):,} letters; {LONGEST_SENTENCE:,} is the most.", "Split it.", field="sentence"
        )
    if "\x00" in line or any("\ud800" <= letter <= "\udfff" for letter in line):
        raise InvalidInput("A sentence holds a character that is not text.", "Take it out.", field="sentence")
    return line

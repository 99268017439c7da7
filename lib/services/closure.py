"""Closure documents: started from the record, edited and reviewed by section, put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.closure import Audience, DocumentKind, Reason, Sentence, Source
from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, InvalidInput, StaleVersion
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.services import access
from lib.services.closure_access import account_of, known, record_document_event, writable
from lib.services.closure_drafts import changed_since, drafted_now, fresh_draft, reasons_against
from lib.storage import document_records, extract_queries
from lib.storage.document_records import DISCARDED, OPEN, SIGNED, DocumentHeader, StoredDocument


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A kept document as the closure page shows it. `changed` is what the record says differently by now."""

    stored: StoredDocument
    changed: tuple[Source, ...]
    blocked_by: tuple[Reason, ...]
    may_write: bool
    may_export: bool


def documents_of_client(session: Session, actor: Actor, client_id: int, now: datetime) -> list[DocumentHeader]:
    """The client's documents as far as this actor may know of them."""
    client = access.client_for(session, actor, Action.READ, RecordKind.DOCUMENT_SIGNED, client_id, now)
    drafts_too = may(actor, Action.READ, Record(RecordKind.DOCUMENT_DRAFT, client.relations))
    found = document_records.documents_of_client(session, client_id)
    return [header for header in found if drafts_too or header.status != OPEN]


def start_document(
    session: Session,
    actor: Actor,
    client_id: int,
    kind: DocumentKind,
    audience: Audience,
    now: datetime,
    definitions: Definitions,
) -> int:
    """Draft a document and keep it. A signed one of the same kind is named as what it will supersede.

    Raises Blocked while another draft of the same kind and audience is open."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.DOCUMENT_DRAFT, client_id, now)
    earlier = _of_kind(session, client_id, kind, audience)
    if any(header.status == OPEN for header in earlier):
        raise Blocked("There is a draft of this document already.", [("Two drafts would part.", "Go on with it.")])
    _record, draft = drafted_now(session, client, kind, audience, now, definitions)
    signed = next((header for header in earlier if header.status == SIGNED), None)
    if signed is not None and signed.signed_at is not None:
        draft = replace(draft, supersedes=f"the version signed on {signed.signed_at:%Y-%m-%d}")
    episode = extract_queries.latest_episode(session, client_id)
    document_id = document_records.add_draft(
        session,
        client_id,
        episode.id if episode else None,
        account_of(actor),
        draft,
        now,
        signed.document_id if signed else None,
    )
    record_document_event(session, actor, "document_started", document_id, client, now, kind=kind.value)
    return document_id


def open_document(
    session: Session, actor: Actor, document_id: int, now: datetime, definitions: Definitions
) -> OpenedDocument:
    """A document with what would keep it from being signed. Reading it is audited."""
    stored, client = known(session, actor, document_id, Action.READ, now)
    record_document_event(session, actor, "document_read", document_id, client, now)
    if stored.status != OPEN:
        export = may(actor, Action.EXPORT, Record(RecordKind.DOCUMENT_SIGNED, client.relations))
        return OpenedDocument(stored, (), (), may_write=False, may_export=export)
    changed = changed_since(session, client, stored.draft, now, definitions)
    write = may(actor, Action.WRITE, Record(RecordKind.DOCUMENT_DRAFT, client.relations))
    reasons = reasons_against(session, stored.client_id, stored.draft, changed)
    return OpenedDocument(stored, changed, reasons, may_write=write, may_export=write)


def change_section(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    key: str,
    texts: Sequence[str],
    base_version: int,
    now: datetime,
) -> int:
    """New wording for a section, a sentence a text. A text that stands as drafted keeps its sources; any other is
    marked as the clinician's own words. Returns the section's new version.

    Raises StaleVersion with both texts when somebody saved in between."""
    _stored, client = writable(session, actor, document_id, client_id, now)
    row = document_records.section_row(session, document_id, key)
    if row is None:
        raise InvalidInput("There is no such section in this document.", field="section")
    held = document_records.sentences_of(row)
    if row.version != base_version:
        raise StaleVersion("\n".join(texts), "\n".join(sentence.text for sentence in held), row.version)
    drafted = {sentence.text: sentence for sentence in held}
    kept = [text.strip() for text in texts if text.strip()]
    sentences = [drafted.get(text) or Sentence(text, own_words=True) for text in kept]
    version = document_records.change_section(row, sentences, row.asks)
    record_document_event(session, actor, "document_section_changed", document_id, client, now, section=key)
    return version


def review_section(
    session: Session, actor: Actor, document_id: int, client_id: int, key: str, base_version: int, now: datetime
) -> None:
    """Mark a section as read, in the wording that was shown. Raises StaleVersion when it has changed since."""
    _stored, client = writable(session, actor, document_id, client_id, now)
    row = document_records.section_row(session, document_id, key)
    if row is None:
        raise InvalidInput("There is no such section in this document.", field="section")
    if row.version != base_version:
        theirs = "\n".join(sentence.text for sentence in document_records.sentences_of(row))
        raise StaleVersion("", theirs, row.version)
    row.reviewed_at, row.reviewed_by_id = now, actor.account_id
    record_document_event(session, actor, "document_section_reviewed", document_id, client, now, section=key)


def draft_again(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime, definitions: Definitions
) -> None:
    """Draft every section anew from today's record. The clinician's own words stay, and every section that changed
    has to be reviewed again."""
    stored, client = writable(session, actor, document_id, client_id, now)
    fresh = fresh_draft(session, client, stored.draft, now, definitions)
    for section in fresh.sections:
        row = document_records.section_row(session, document_id, section.key)
        if row is None:
            continue
        held = document_records.sentences_of(row)
        own = [sentence for sentence in held if sentence.own_words]
        wanted = (*section.sentences, *own)
        if wanted != held or list(section.asks) != row.asks:
            document_records.change_section(row, wanted, section.asks)
    document_records.change_basis(session, document_id, fresh)
    record_document_event(session, actor, "document_drafted_again", document_id, client, now)


def keep_wording(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime, definitions: Definitions
) -> None:
    """The clinician has looked at what changed in the record and keeps the wording as it is."""
    stored, client = writable(session, actor, document_id, client_id, now)
    fresh = fresh_draft(session, client, stored.draft, now, definitions)
    document_records.change_basis(session, document_id, replace(stored.draft, basis=fresh.basis))
    record_document_event(session, actor, "document_wording_kept", document_id, client, now)


def discard_document(session: Session, actor: Actor, document_id: int, client_id: int, now: datetime) -> None:
    """Put a draft away. Nothing signed can be discarded."""
    _stored, client = writable(session, actor, document_id, client_id, now)
    document_records.set_status(session, document_id, DISCARDED)
    record_document_event(session, actor, "document_discarded", document_id, client, now)


def _of_kind(session: Session, client_id: int, kind: DocumentKind, audience: Audience) -> list[DocumentHeader]:
    found = document_records.documents_of_client(session, client_id)
    return [each for each in found if each.kind == kind.value and each.audience == audience.value]

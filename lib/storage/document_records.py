"""Closure documents at rest: drafts section by section, their headers for lists, signed ones from what was frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from lib.domain.closure import DocumentDraft, Section, Sentence
from lib.storage.document_signatures import COSIGNED, Review, reviews_of
from lib.storage.document_values import (
    draft_in,
    header_of,
    sentence_in,
    sentence_out,
    signed_in,
    source_out,
)
from lib.storage.tables import Account, Client, Document, DocumentSection, SignedDocument

OPEN, SIGNED, RETURNED = "draft", "signed", "returned"
SUPERSEDED, DISCARDED = "superseded", "discarded"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it is kept: its row's facts, the value, the version of each section, and who signed."""

    document_id: int
    client_id: int
    episode_id: int | None
    author_id: int
    status: str
    drafted_at: datetime
    supersedes_id: int | None
    draft: DocumentDraft
    section_versions: Mapping[str, int]
    section_ids: Mapping[str, int]
    signer_id: int | None = None
    signer_is_trainee: bool = False
    reviews: tuple[Review, ...] = ()

    @property
    def awaits_cosignature(self) -> bool:
        """Signed by a trainee, and no supervisor has signed beneath it: it may not leave the practice."""
        decided = [review.decision for review in self.reviews]
        return self.signer_id is not None and COSIGNED not in decided and (self.signer_is_trainee or bool(decided))


@dataclass(frozen=True, slots=True)
class DocumentHeader:
    """A document as a list shows it."""

    document_id: int
    episode_id: int | None
    kind: str
    audience: str
    status: str
    drafted_at: datetime
    signed_at: datetime | None
    content_sha256: str
    signer_is_trainee: bool

    @property
    def stands(self) -> bool:
        """Signed and not replaced; a trainee's only once it is co-signed."""
        return self.status == COSIGNED or (self.status == SIGNED and not self.signer_is_trainee)


def add_draft(
    session: Session,
    client_id: int,
    episode_id: int | None,
    author_id: int,
    draft: DocumentDraft,
    now: datetime,
    supersedes_id: int | None = None,
) -> int:
    """Keep a new draft. Returns its id."""
    row = Document(
        client_id=client_id,
        episode_id=episode_id,
        kind=draft.kind.value,
        audience=draft.audience.value,
        status=OPEN,
        author_id=author_id,
        drafted_at=now,
        header=header_of(draft),
        basis=[source_out(source) for source in draft.basis],
        supersedes_id=supersedes_id,
    )
    session.add(row)
    session.flush()
    for position, section in enumerate(draft.sections):
        session.add(_section_row(row.id, position, section))
    session.flush()
    return row.id


def document_of(session: Session, document_id: int, *, to_change: bool = False) -> StoredDocument | None:
    """A document by its id; None when there is none. `to_change` holds it against other writers until the end."""
    wanted = select(Document).where(Document.id == document_id).execution_options(populate_existing=True)
    row = session.scalar(wanted.with_for_update() if to_change else wanted)
    if row is None:
        return None
    sections = _section_rows(session, document_id)
    signed = session.scalar(
        select(SignedDocument)
        .where(SignedDocument.document_id == document_id)
        .options(defer(SignedDocument.pdf), defer(SignedDocument.docx))
    )
    signer = session.get_one(Account, signed.signed_by_id) if signed else None
    return StoredDocument(
        document_id=row.id,
        client_id=row.client_id,
        episode_id=row.episode_id,
        author_id=row.author_id,
        status=row.status,
        drafted_at=row.drafted_at,
        supersedes_id=row.supersedes_id,
        draft=signed_in(signed, signer.name)
        if signed and signer
        else draft_in(row, session.get_one(Client, row.client_id), sections),
        section_versions={each.key: each.version for each in sections},
        section_ids={each.key: each.id for each in sections},
        signer_id=signer.id if signer else None,
        signer_is_trainee=signer.is_trainee if signer else False,
        reviews=reviews_of(session, document_id),
    )


def documents_of_client(session: Session, client_id: int) -> list[DocumentHeader]:
    """Every document of a client that was not discarded, the newest first."""
    rows = session.execute(
        select(
            Document.id,
            Document.episode_id,
            Document.kind,
            Document.audience,
            Document.status,
            Document.drafted_at,
            SignedDocument.signed_at,
            SignedDocument.content_sha256,
            Account.is_trainee,
        )
        .outerjoin(SignedDocument, SignedDocument.document_id == Document.id)
        .outerjoin(Account, Account.id == SignedDocument.signed_by_id)
        .where(Document.client_id == client_id, Document.status != DISCARDED)
        .order_by(Document.drafted_at.desc(), Document.id.desc())
    )
    return [DocumentHeader(*row[:7], row[7] or "", bool(row[8])) for row in rows]


def draft_as_kept(session: Session, document_id: int) -> DocumentDraft:
    """A document's sections and basis as they stood when it was signed, as a draft to go on from."""
    row = session.get_one(Document, document_id)
    return draft_in(row, session.get_one(Client, row.client_id), _section_rows(session, document_id))


def section_row(session: Session, document_id: int, key: str) -> DocumentSection | None:
    """One section of a draft, read anew, for changing it."""
    return session.scalar(
        select(DocumentSection)
        .where(DocumentSection.document_id == document_id, DocumentSection.key == key)
        .execution_options(populate_existing=True)
    )


def section_by_id(session: Session, section_id: int) -> DocumentSection | None:
    """One section by its own id; None when there is none."""
    return session.get(DocumentSection, section_id)


def drafted_of(session: Session, document_id: int, key: str) -> tuple[Sentence, ...]:
    """The sentences of a section as they were drafted last, also those that were changed since."""
    held = session.get_one(Document, document_id).header.get("drafted", {})
    return tuple(sentence_in(plain) for plain in held.get(key, ()))


def change_section(row: DocumentSection, sentences: Sequence[Sentence], asks: Sequence[str]) -> int:
    """New sentences for a section; it has to be reviewed again. Returns its new version."""
    row.sentences = [sentence_out(sentence) for sentence in sentences]
    row.asks = list(asks)
    row.reviewed_at = None
    row.reviewed_by_id = None
    row.version += 1
    return row.version


def change_basis(session: Session, document_id: int, draft: DocumentDraft) -> None:
    """Note that the draft now stands against the record as `draft` saw it."""
    row = session.get_one(Document, document_id)
    row.basis = [source_out(source) for source in draft.basis]
    row.header = header_of(draft)
    row.version += 1


def set_status(session: Session, document_id: int, status: str) -> None:
    """Move a document to another state."""
    row = session.get_one(Document, document_id)
    row.status = status
    row.version += 1
    session.flush()


def sentences_of(row: DocumentSection) -> tuple[Sentence, ...]:
    """The sentences of a section row."""
    return tuple(sentence_in(plain) for plain in row.sentences)


def _section_rows(session: Session, document_id: int) -> Sequence[DocumentSection]:
    return session.scalars(
        select(DocumentSection)
        .where(DocumentSection.document_id == document_id)
        .order_by(DocumentSection.position)
        .execution_options(populate_existing=True)
    ).all()


def _section_row(document_id: int, position: int, section: Section) -> DocumentSection:
    return DocumentSection(
        document_id=document_id,
        key=section.key,
        title=section.title,
        position=position,
        sentences=[sentence_out(sentence) for sentence in section.sentences],
        asks=list(section.asks),
        must_review=section.must_review,
    )

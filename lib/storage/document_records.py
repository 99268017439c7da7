"""Closure documents at rest: a draft as rows and back as a value, and the signed bytes beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure import (
    Audience,
    ClientHeader,
    DocumentDraft,
    DocumentKind,
    DocumentStatus,
    Letterhead,
    Section,
    Sentence,
    Source,
    SourceKind,
)
from lib.storage.tables import Account, Client, Document, DocumentSection, SignedDocument

OPEN, SIGNED, SUPERSEDED, DISCARDED = "draft", "signed", "superseded", "discarded"


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it is kept: its row's facts, the value, and the version of each section."""

    document_id: int
    client_id: int
    author_id: int
    status: str
    drafted_at: datetime
    supersedes_id: int | None
    draft: DocumentDraft
    section_versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DocumentHeader:
    """A document as a list shows it."""

    document_id: int
    kind: str
    audience: str
    status: str
    drafted_at: datetime
    signed_at: datetime | None
    content_sha256: str


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
        header=_header(draft),
        basis=[_source_out(source) for source in draft.basis],
        supersedes_id=supersedes_id,
    )
    session.add(row)
    session.flush()
    for position, section in enumerate(draft.sections):
        session.add(_section_row(row.id, position, section))
    session.flush()
    return row.id


def document_of(session: Session, document_id: int) -> StoredDocument | None:
    """A document by its id; None when there is none."""
    row = session.get(Document, document_id, populate_existing=True)
    if row is None:
        return None
    client = session.get_one(Client, row.client_id)
    sections = _section_rows(session, document_id)
    signed = session.scalar(select(SignedDocument).where(SignedDocument.document_id == document_id))
    return StoredDocument(
        document_id=row.id,
        client_id=row.client_id,
        author_id=row.author_id,
        status=row.status,
        drafted_at=row.drafted_at,
        supersedes_id=row.supersedes_id,
        draft=_draft_in(row, client, sections, signed, _signer(session, signed)),
        section_versions={each.key: each.version for each in sections},
    )


def documents_of_client(session: Session, client_id: int) -> list[DocumentHeader]:
    """Every document of a client that was not discarded, the newest first."""
    rows = session.execute(
        select(
            Document.id,
            Document.kind,
            Document.audience,
            Document.status,
            Document.drafted_at,
            SignedDocument.signed_at,
            SignedDocument.content_sha256,
        )
        .outerjoin(SignedDocument, SignedDocument.document_id == Document.id)
        .where(Document.client_id == client_id, Document.status != DISCARDED)
        .order_by(Document.drafted_at.desc(), Document.id.desc())
    )
    return [DocumentHeader(*row[:5], signed_at=row[5], content_sha256=row[6] or "") for row in rows]


def section_row(session: Session, document_id: int, key: str) -> DocumentSection | None:
    """One section of a draft, read anew, for changing it."""
    return session.scalar(
        select(DocumentSection)
        .where(DocumentSection.document_id == document_id, DocumentSection.key == key)
        .execution_options(populate_existing=True)
    )


def change_section(row: DocumentSection, sentences: Sequence[Sentence], asks: Sequence[str]) -> int:
    """New sentences for a section; it has to be reviewed again. Returns its new version."""
    row.sentences = [_sentence_out(sentence) for sentence in sentences]
    row.asks = list(asks)
    row.reviewed_at = None
    row.reviewed_by_id = None
    row.version += 1
    return row.version


def change_basis(session: Session, document_id: int, draft: DocumentDraft) -> None:
    """Note that the draft now stands against the record as `draft` saw it."""
    row = session.get_one(Document, document_id)
    row.basis = [_source_out(source) for source in draft.basis]
    row.header = _header(draft)
    row.version += 1


def set_status(session: Session, document_id: int, status: str) -> None:
    """Move a document to another state."""
    row = session.get_one(Document, document_id)
    row.status = status
    row.version += 1


def add_signed(
    session: Session, document_id: int, signer_id: int, draft: DocumentDraft, pdf: bytes, docx: bytes
) -> None:
    """Freeze the exact content and the rendered bytes, each with its sha256."""
    if draft.signed_at is None:
        raise ValueError("only a signed document is frozen")
    session.add(
        SignedDocument(
            document_id=document_id,
            content=closure.canonical_content(draft).decode("utf-8"),
            content_sha256=draft.content_sha256,
            pdf=pdf,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            docx=docx,
            docx_sha256=hashlib.sha256(docx).hexdigest(),
            signed_by_id=signer_id,
            signed_at=draft.signed_at,
            meaning=draft.signature_meaning,
        )
    )
    session.flush()


def signed_bytes(session: Session, document_id: int, form: str) -> bytes | None:
    """The frozen PDF or DOCX of a signed document."""
    column = SignedDocument.pdf if form == "pdf" else SignedDocument.docx
    return session.scalar(select(column).where(SignedDocument.document_id == document_id))


def sentences_of(row: DocumentSection) -> tuple[Sentence, ...]:
    """The sentences of a section row."""
    return tuple(_sentence_in(plain) for plain in row.sentences)


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
        sentences=[_sentence_out(sentence) for sentence in section.sentences],
        asks=list(section.asks),
        must_review=section.must_review,
    )


def _header(draft: DocumentDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "practice": draft.practice.name,
        "address": list(draft.practice.address),
        "therapist": draft.therapist,
        "drafted_on": draft.drafted_on.isoformat(),
        "supersedes": draft.supersedes,
        "client": {
            "name": draft.client.name,
            "code": draft.client.code,
            "born_on": draft.client.born_on.isoformat() if draft.client.born_on else None,
        },
    }


def _signer(session: Session, signed: SignedDocument | None) -> str:
    return session.get_one(Account, signed.signed_by_id).name if signed else ""


def _draft_in(
    row: Document, client: Client, sections: Sequence[DocumentSection], signed: SignedDocument | None, signer: str
) -> DocumentDraft:
    """The value of a stored document. A signed one keeps the client's name as it was signed."""
    held = row.header["client"]
    born = date.fromisoformat(held["born_on"]) if held["born_on"] else None
    frozen = ClientHeader(held["name"], held["code"], born)
    return DocumentDraft(
        kind=DocumentKind(row.kind),
        audience=Audience(row.audience),
        client=frozen if signed else ClientHeader(client.name, client.code, client.born_on),
        practice=Letterhead(row.header["practice"], tuple(row.header["address"])),
        therapist=row.header["therapist"],
        drafted_on=date.fromisoformat(row.header["drafted_on"]),
        sections=tuple(_section_in(each) for each in sections),
        title=row.header["title"],
        basis=tuple(_source_in(plain) for plain in row.basis),
        status=DocumentStatus.SIGNED if signed else DocumentStatus.DRAFT,
        signed_by=signer,
        signed_at=signed.signed_at if signed else None,
        signature_meaning=signed.meaning if signed else "",
        content_sha256=signed.content_sha256 if signed else "",
        supersedes=row.header["supersedes"],
    )


def _section_in(row: DocumentSection) -> Section:
    return Section(row.key, row.title, sentences_of(row), tuple(row.asks), row.reviewed_at, row.must_review)


def _sentence_out(sentence: Sentence) -> dict[str, Any]:
    sources = [_source_out(source) for source in sentence.sources]
    return {"text": sentence.text, "sources": sources, "own_words": sentence.own_words}


def _sentence_in(plain: Mapping[str, Any]) -> Sentence:
    return Sentence(plain["text"], tuple(_source_in(each) for each in plain["sources"]), plain["own_words"])


def _source_out(source: Source) -> dict[str, Any]:
    return {
        "kind": source.kind.value,
        "dated_on": source.dated_on.isoformat(),
        "quote": source.quote,
        "record_type": source.record_type,
        "record_id": source.record_id,
    }


def _source_in(plain: Mapping[str, Any]) -> Source:
    return Source(
        SourceKind(plain["kind"]),
        date.fromisoformat(plain["dated_on"]),
        plain["quote"],
        plain["record_type"],
        plain["record_id"],
    )

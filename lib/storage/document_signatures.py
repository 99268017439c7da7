"""Signatures at rest: the frozen content and bytes of a signed document, and the supervisor's word beneath it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure import DocumentDraft
from lib.domain.closure_charts import ChartSeries
from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.document_values import chart_in, chart_out
from lib.storage.tables import Account, Document, DocumentReview, SignedDocument

COSIGNED = "cosigned"


@dataclass(frozen=True, slots=True)
class Review:
    """A supervisor's decision on a trainee's signed document: cosigned or returned, with the comment."""

    supervisor: str
    decided_at: datetime
    decision: str
    comment: str


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


def keep_charts(session: Session, document_id: int, charts: Sequence[ChartSeries]) -> None:
    """Keep what was drawn at signing, so that a second setting with a co-signature draws nothing newer."""
    row = session.get_one(Document, document_id)
    row.header = {**row.header, "charts": [chart_out(chart) for chart in charts]}


def charts_kept(session: Session, document_id: int) -> tuple[ChartSeries, ...]:
    """What was drawn when the document was signed."""
    row = session.get_one(Document, document_id)
    return tuple(chart_in(plain) for plain in row.header.get("charts", ()))


def signed_bytes(session: Session, document_id: int, form: str) -> bytes | None:
    """The frozen PDF or DOCX of a signed document: with both signatures once it is co-signed."""
    both = DocumentReview.pdf if form == "pdf" else DocumentReview.docx
    cosigned = select(both).where(DocumentReview.document_id == document_id, DocumentReview.decision == COSIGNED)
    column = SignedDocument.pdf if form == "pdf" else SignedDocument.docx
    signed = select(column).where(SignedDocument.document_id == document_id)
    return session.scalar(cosigned.where(both.is_not(None))) or session.scalar(signed)


def add_review(
    session: Session,
    document_id: int,
    supervisor_id: int,
    decision: str,
    comment: str,
    now: datetime,
    files: Mapping[str, bytes] | None = None,
) -> None:
    """A supervisor's decision on a trainee's document: cosigned or returned. `files`: pdf and docx with both names."""
    frozen = {
        name: value
        for form, content in (files or {}).items()
        for name, value in ((form, content), (f"{form}_sha256", hashlib.sha256(content).hexdigest()))
    }
    session.add(
        DocumentReview(
            document_id=document_id,
            supervisor_id=supervisor_id,
            decided_at=now,
            decision=decision,
            comment=comment,
            **frozen,
        )
    )
    session.flush()


def supervises(session: Session, actor: Actor, signer_id: int | None, today: date) -> bool:
    """Whether this actor supervises today who signed."""
    return signer_id is not None and signer_id in session.scalars(sight.supervisees(actor, today)).all()


def reviews_of(session: Session, document_id: int) -> tuple[Review, ...]:
    """Every decision on a document, the earliest first."""
    rows = session.execute(
        select(Account.name, DocumentReview.decided_at, DocumentReview.decision, DocumentReview.comment)
        .join(Account, Account.id == DocumentReview.supervisor_id)
        .where(DocumentReview.document_id == document_id)
        .order_by(DocumentReview.decided_at, DocumentReview.id)
    )
    return tuple(Review(*row) for row in rows)

"""Signing a closure document, the supervisor's word on a trainee's, and taking it away as it was frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure import DocumentDraft
from lib.domain.closure_charts import charts_of
from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, HouseError, InvalidInput
from lib.domain.people import Actor
from lib.domain.policy import Action, check_may
from lib.exchange.docx_out import render_docx
from lib.exchange.paper import Form, extension_of
from lib.exchange.pdf import render_pdf, undrawable_letters
from lib.services import accounts, practice, standing
from lib.services.closure_access import account_of, known, record_document_event, record_of, reviewable, writable
from lib.services.closure_drafts import Drafted, changed_since, render, rendered
from lib.services.closure_versions import supersede_earlier
from lib.services.record_extract import extract
from lib.storage import document_records, document_signatures, extract_queries
from lib.storage.document_records import COSIGNED, OPEN, RETURNED, SIGNED, StoredDocument

MEANING = "I have read this document, and it says what the record and I know."
COSIGNATURE_MEANING = "I have read this document and take responsibility for it as the supervisor of who signed it."
LONGEST_COMMENT = 4000


def sign_document(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    password: str,
    shown_sha256: str,
    now: datetime,
    definitions: Definitions,
) -> str:
    """Sign the text that was shown: exact content and bytes are frozen. Returns the sha256 of the content.

    A trainee's document then waits for its co-signature, and replaces no earlier version before it.
    Raises ReauthenticationNeeded, and Blocked with reasons and ways out."""
    stored, client = writable(session, actor, document_id, client_id, now, Action.SIGN)
    accounts.reauthenticate(session, actor, password, now)
    if closure.content_hash(stored.draft) != shown_sha256:
        raise Blocked(
            "The text has changed since you read it.", [("What is signed is what was shown.", "Read it again.")]
        )
    changed = changed_since(session, client, stored.draft, now, definitions)
    risks = extract_queries.open_risk_reasons(session, client_id)
    closure.check_may_be_signed(stored.draft, risks, extract_queries.unsigned_note_dates(session, client_id), changed)
    signed = closure.as_signed(stored.draft, actor.name, now, MEANING)
    record = extract(session, client, practice.listed_contacts(session), now, definitions)
    charts = charts_of(record)
    document_signatures.keep_charts(session, document_id, charts)
    pdf, docx = render_pdf(signed, charts), render_docx(signed, charts)
    document_signatures.add_signed(session, document_id, account_of(actor), signed, pdf, docx)
    document_records.set_status(session, document_id, SIGNED)
    if not actor.is_trainee:
        supersede_earlier(session, stored, now)
    record_document_event(session, actor, "document_signed", document_id, client, now, sha256=signed.content_sha256)
    standing.recompute(session, client_id, now, definitions)
    return signed.content_sha256


def cosign_document(
    session: Session,
    actor: Actor,
    document_id: int,
    client_id: int,
    password: str,
    shown_sha256: str,
    now: datetime,
) -> None:
    """The supervisor's signature under a trainee's document; only then may it leave the practice.

    The content stays the signed one. What leaves is set a second time with both signatures, and frozen as well.
    Raises NotYours, NotAllowed for everybody but the trainee's supervisor, Frozen when it is decided already,
    ReauthenticationNeeded, Blocked when it is not the text that was shown."""
    stored, client = reviewable(session, actor, document_id, client_id, now)
    accounts.reauthenticate(session, actor, password, now)
    if stored.draft.content_sha256 != shown_sha256:
        raise Blocked("This is not the text that was shown.", [("It differs.", "Open the document again and read it.")])
    both = replace(stored.draft, cosigned_by=actor.name, cosigned_at=now, cosignature_meaning=COSIGNATURE_MEANING)
    if both.signed_at is not None:
        both = replace(both, signed_at=both.signed_at.astimezone(now.tzinfo))
    charts = document_signatures.charts_kept(session, document_id)
    files = {"pdf": render_pdf(both, charts), "docx": render_docx(both, charts)}
    document_signatures.add_review(session, document_id, account_of(actor), COSIGNED, COSIGNATURE_MEANING, now, files)
    document_records.set_status(session, document_id, COSIGNED)
    supersede_earlier(session, stored, stored.draft.signed_at or now)
    record_document_event(session, actor, "document_cosigned", document_id, client, now, sha256=shown_sha256)


def return_document(
    session: Session, actor: Actor, document_id: int, client_id: int, comment: str, now: datetime
) -> None:
    """Give a trainee's document back with a comment. What was signed stays; the trainee corrects it as a new version.

    Raises NotYours, NotAllowed, Frozen, or InvalidInput without a comment."""
    _stored, client = reviewable(session, actor, document_id, client_id, now)
    comment = comment.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not comment:
        raise InvalidInput("A returned document needs a comment.", "Say what should change.", field="comment")
    if len(comment) > LONGEST_COMMENT or "\x00" in comment:
        raise InvalidInput(f"A comment is text of at most {LONGEST_COMMENT:,} letters.", "Shorten it.", field="comment")
    document_signatures.add_review(session, document_id, account_of(actor), RETURNED, comment, now)
    document_records.set_status(session, document_id, RETURNED)
    record_document_event(session, actor, "document_returned", document_id, client, now)


def letters_not_drawn(draft: DocumentDraft) -> tuple[str, ...]:
    """Letters the PDF has no typeface for and prints as their numbers, once each, to be told before a signature."""
    return undrawable_letters(draft)


def take_away(
    session: Session, actor: Actor, document_id: int, form: str, now: datetime, definitions: Definitions
) -> tuple[bytes, str]:
    """The document as `pdf`, `docx`, `leaflet` or `phone`, and a file name. A draft is marked as one.

    A signed one leaves as it was frozen; leaflet and phone are set anew from the frozen words.
    Raises Blocked for a trainee's document without its co-signature, InvalidInput for another form."""
    if form not in list(Form):
        raise InvalidInput("A document is taken away as PDF, DOCX, leaflet or for a phone.", field="form")
    stored, client = known(session, actor, document_id, Action.READ, now)
    action = Action.WRITE if stored.status == OPEN else Action.EXPORT
    check_may(actor, action, record_of(actor, stored, client))
    if stored.awaits_cosignature:
        raise Blocked(
            "This document is not co-signed.", [("A trainee signed it.", "Ask the supervisor to co-sign it.")]
        )
    if stored.status == OPEN:
        record = extract(session, client, practice.listed_contacts(session), now, definitions)
        content = rendered(Drafted(stored.draft, record, ()), form)
    elif form in (Form.PDF, Form.DOCX):
        content = _frozen_bytes(session, document_id, form)
    else:
        content = render(_with_signatures(stored, now), (), form)
    record_document_event(session, actor, "document_exported", document_id, client, now, form=form)
    day = (stored.draft.signed_at or now).astimezone(now.tzinfo).strftime("%Y-%m-%d")
    return content, f"{client.code}_{stored.draft.kind.value}_{stored.draft.audience.value}_{day}.{extension_of(form)}"


def _with_signatures(stored: StoredDocument, now: datetime) -> DocumentDraft:
    """The signed words with everybody who signed them, told on the practice's wall."""
    draft = stored.draft
    if draft.signed_at is not None:
        draft = replace(draft, signed_at=draft.signed_at.astimezone(now.tzinfo))
    for review in stored.reviews:
        if review.decision == COSIGNED:
            at = review.decided_at.astimezone(now.tzinfo)
            draft = replace(draft, cosigned_by=review.supervisor, cosigned_at=at, cosignature_meaning=review.comment)
    return draft


def _frozen_bytes(session: Session, document_id: int, form: str) -> bytes:
    found = document_signatures.signed_bytes(session, document_id, form)
    if not found:
        raise HouseError(f"document {document_id} is signed and has no {form}")
    return found

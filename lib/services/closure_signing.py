"""Signing a closure document and taking it away: exact content and bytes, frozen with their sha256."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure_charts import charts_of
from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, check_may
from lib.exchange.docx_out import render_docx
from lib.exchange.pdf import render_pdf
from lib.services import accounts, practice, standing
from lib.services.closure_access import account_of, known, record_document_event, writable
from lib.services.closure_drafts import Drafted, changed_since, rendered
from lib.services.record_extract import extract
from lib.storage import document_records, extract_queries
from lib.storage.document_records import OPEN, SIGNED, SUPERSEDED

MEANING = "I have read this document, and it says what the record and I know."


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
    pdf = render_pdf(signed, charts_of(extract(session, client, practice.listed_contacts(session), definitions)))
    document_records.add_signed(session, document_id, account_of(actor), signed, pdf, render_docx(signed))
    document_records.set_status(session, document_id, SIGNED)
    if stored.supersedes_id is not None:
        document_records.set_status(session, stored.supersedes_id, SUPERSEDED)
    record_document_event(session, actor, "document_signed", document_id, client, now, sha256=signed.content_sha256)
    standing.recompute(session, client_id, now, definitions)
    return signed.content_sha256


def take_away(
    session: Session, actor: Actor, document_id: int, form: str, now: datetime, definitions: Definitions
) -> tuple[bytes, str]:
    """The document as `pdf` or `docx`, and a file name. A signed one as it was frozen, a draft marked as one."""
    stored, client = known(session, actor, document_id, Action.READ, now)
    kind = RecordKind.DOCUMENT_DRAFT if stored.status == OPEN else RecordKind.DOCUMENT_SIGNED
    action = Action.WRITE if stored.status == OPEN else Action.EXPORT
    check_may(actor, action, Record(kind, client.relations, record_id=document_id))
    if stored.status == OPEN:
        content = rendered(
            Drafted(stored.draft, extract(session, client, practice.listed_contacts(session), definitions), ()), form
        )
    else:
        content = document_records.signed_bytes(session, document_id, form) or b""
    record_document_event(session, actor, "document_exported", document_id, client, now, form=form)
    day = (stored.draft.signed_at or now).strftime("%Y-%m-%d")
    return content, f"{client.code}_{stored.draft.kind.value}_{stored.draft.audience.value}_{day}.{form}"

"""Drafting from the record as it stands: a fresh draft, what changed since, what stands against signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure import Audience, DocumentDraft, DocumentKind, Letterhead, Reason, Sentence, Source
from lib.domain.closure_charts import ChartSeries, charts_of
from lib.domain.closure_draft import draft_closure_summary, draft_goodbye
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.plan_draft import draft_relapse_plan
from lib.domain.policy import Action, RecordKind
from lib.domain.record_extract import RecordExtract
from lib.exchange.docx_out import render_docx
from lib.exchange.leaflet import render_leaflet
from lib.exchange.paper import PHONE, Form
from lib.exchange.pdf import render_pdf
from lib.services import access, practice
from lib.services.document_wording import model_for
from lib.services.record_extract import extract
from lib.storage import access_queries, extract_queries
from lib.storage.access_queries import ClientFacts


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that is not kept: what it says, and everything that would keep it from being signed."""

    draft: DocumentDraft
    record: RecordExtract
    blocked_by: tuple[Reason, ...]


def draft_from_record(
    session: Session,
    actor: Actor,
    client_id: int,
    kind: DocumentKind,
    audience: Audience,
    now: datetime,
    definitions: Definitions,
) -> Drafted:
    """Draft a document from the record as it stands now and keep nothing. The look into the record is audited."""
    client = access.client_for(session, actor, Action.READ, RecordKind.DOCUMENT_DRAFT, client_id, now)
    record, draft = drafted_now(session, client, kind, audience, now, definitions)
    details = {"kind": kind.value, "audience": audience.value}
    access.record_event(session, actor, "document_drafted", "document", now, client_code=client.code, details=details)
    return Drafted(draft, record, reasons_against(session, client_id, draft, ()))


def rendered(drafted: Drafted, form: str) -> bytes:
    """An unkept draft as bytes of one of the forms."""
    return render(drafted.draft, charts_of(drafted.record), form)


def render(draft: DocumentDraft, charts: Sequence[ChartSeries], form: str) -> bytes:
    """A document in one of the forms. Charts stand in the PDF on A4 and in the DOCX."""
    match Form(form):
        case Form.PDF:
            return render_pdf(draft, charts)
        case Form.DOCX:
            return render_docx(draft, charts)
        case Form.LEAFLET:
            return render_leaflet(draft)
        case Form.PHONE:
            return render_pdf(draft, paper=PHONE)


def drafted_now(
    session: Session,
    client: ClientFacts,
    kind: DocumentKind,
    audience: Audience,
    now: datetime,
    definitions: Definitions,
) -> tuple[RecordExtract, DocumentDraft]:
    """What may be drafted from, and the document drafted from it today."""
    record = extract(session, client, practice.listed_contacts(session), now, definitions)
    lines = practice.letterhead(session)
    head = Letterhead(lines[0] if lines else "", tuple(lines[1:]))
    owner = access_queries.owner_of(session, client.client_id, now.date())
    therapist = owner.name if owner else ""
    model = model_for(session, kind, audience if kind is DocumentKind.SUMMARY else Audience.CLIENT)
    if kind is DocumentKind.PLAN:
        return record, draft_relapse_plan(record, model, head, therapist, now.date())
    if kind is DocumentKind.GOODBYE:
        return record, draft_goodbye(record, model, head, therapist, now.date())
    return record, draft_closure_summary(record, model, audience, head, therapist, now.date())


def fresh_draft(
    session: Session, client: ClientFacts, draft: DocumentDraft, now: datetime, definitions: Definitions
) -> DocumentDraft:
    """The same document drafted from today's record, naming the same predecessor."""
    fresh = drafted_now(session, client, draft.kind, draft.audience, now, definitions)[1]
    return replace(fresh, supersedes=draft.supersedes)


def changed_since(
    session: Session, client: ClientFacts, draft: DocumentDraft, now: datetime, definitions: Definitions
) -> tuple[Source, ...]:
    """What the record says differently since this was drafted."""
    return closure.changed_sources(draft, fresh_draft(session, client, draft, now, definitions))


def standing_sources(sentence: Sentence, basis: Sequence[Source]) -> Sentence:
    """The sentence with those of its sources that the record still holds; own words where one is gone."""
    held = tuple(source for source in sentence.sources if source in basis)
    return sentence if held == sentence.sources else Sentence(sentence.text, held, own_words=True)


def reasons_against(
    session: Session, client_id: int, draft: DocumentDraft, changed: Sequence[Source]
) -> tuple[Reason, ...]:
    """Everything that keeps this draft from being signed, with the way out of each."""
    risks = extract_queries.open_risk_reasons(session, client_id)
    return closure.blocked_by(draft, risks, extract_queries.unsigned_note_dates(session, client_id), changed)

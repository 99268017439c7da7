"""Versions of a closure document: the first draft from the record, and a corrected one that names what it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.closure import Audience, DocumentKind
from lib.domain.definitions import Definitions
from lib.domain.draft_words import day
from lib.domain.errors import Blocked, Frozen, NotYours
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.services.closure_access import account_of, known, record_document_event
from lib.services.closure_drafts import drafted_now
from lib.services.closure_following import follow_check_ins
from lib.storage import document_records, extract_queries
from lib.storage.document_records import COSIGNED, OPEN, RETURNED, SIGNED, SUPERSEDED, DocumentHeader, StoredDocument

_STANDING = (SIGNED, COSIGNED, RETURNED)


def start_document(
    session: Session,
    actor: Actor,
    client_id: int,
    kind: DocumentKind,
    audience: Audience,
    now: datetime,
    definitions: Definitions,
) -> int:
    """Draft a document and keep it. Signed ones of the same kind and episode are named as what it will supersede.

    Raises Blocked while another draft of the same kind and audience is open."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.DOCUMENT_DRAFT, client_id, now)
    episode = extract_queries.latest_episode(session, client_id)
    episode_id = episode.id if episode else None
    earlier = _earlier(session, client_id, kind, audience, episode_id)
    _record, draft = drafted_now(session, client, kind, audience, now, definitions)
    draft = replace(draft, supersedes=_named(earlier, now))
    newest = earlier[0].document_id if earlier else None
    document_id = document_records.add_draft(
        session, client_id, episode_id, account_of(actor), draft, now, supersedes_id=newest
    )
    record_document_event(session, actor, "document_started", document_id, client, now, kind=kind.value)
    return document_id


def correct_document(
    session: Session, actor: Actor, document_id: int, client_id: int, now: datetime, definitions: Definitions
) -> int:
    """A new draft with the wording of a signed document, which it names; every section is to be reviewed again.
    Check-ins that were moved since stand in it on their new days.

    Raises NotYours, NotAllowed, Frozen for a draft or a superseded one, Blocked while another draft is open."""
    stored, _client = known(session, actor, document_id, Action.READ, now)
    if stored.client_id != client_id:
        raise NotYours(RecordKind.DOCUMENT_SIGNED.value, document_id, Action.WRITE.value)
    client = access.client_for(session, actor, Action.WRITE, RecordKind.DOCUMENT_DRAFT, client_id, now)
    if stored.status not in _STANDING:
        raise Frozen("Only the newest signed version can be corrected.", "Open that one.")
    kind, audience = stored.draft.kind, stored.draft.audience
    earlier = _earlier(session, client_id, kind, audience, stored.episode_id)
    draft = replace(document_records.draft_as_kept(session, document_id), supersedes=_named(earlier, now))
    made = document_records.add_draft(
        session, client_id, stored.episode_id, account_of(actor), draft, now, supersedes_id=document_id
    )
    record_document_event(session, actor, "document_started", made, client, now, kind=kind.value)
    follow_check_ins(session, actor, client, now, definitions)
    return made


def supersede_earlier(session: Session, stored: StoredDocument, signed_at: datetime) -> None:
    """This document stands from now on for those of its kind, audience and episode that were signed before it."""
    for header in _of_kind(session, stored.client_id, stored.draft.kind, stored.draft.audience):
        replaced = header.episode_id == stored.episode_id and header.status in _STANDING
        earlier = header.signed_at is not None and header.signed_at <= signed_at
        if replaced and earlier and header.document_id != stored.document_id:
            document_records.set_status(session, header.document_id, SUPERSEDED)


def _earlier(
    session: Session, client_id: int, kind: DocumentKind, audience: Audience, episode_id: int | None
) -> list[DocumentHeader]:
    """Signed documents a new one would replace, the newest first. Raises Blocked while a draft is open."""
    found = _of_kind(session, client_id, kind, audience)
    if any(header.status == OPEN for header in found):
        raise Blocked("There is a draft of this document already.", [("Two drafts would part.", "Go on with it.")])
    return [header for header in found if header.status in _STANDING and header.episode_id == episode_id]


def _named(earlier: Sequence[DocumentHeader], now: datetime) -> str:
    signed = [header.signed_at.astimezone(now.tzinfo) for header in reversed(earlier) if header.signed_at is not None]
    told = " and ".join(f"{day(at.date())} at {at:%H:%M}" for at in signed)
    return f"the version{'s' if len(signed) > 1 else ''} signed on {told}" if told else ""


def _of_kind(session: Session, client_id: int, kind: DocumentKind, audience: Audience) -> list[DocumentHeader]:
    found = document_records.documents_of_client(session, client_id)
    return [each for each in found if each.kind == kind.value and each.audience == audience.value]

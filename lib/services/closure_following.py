"""Drafts that follow a check-in: when its day is moved, open drafts name the new day; what is signed never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.check_ins import CheckInState, names_day
from lib.domain.closure import DocumentKind, Sentence, Source
from lib.domain.definitions import Definitions
from lib.domain.draft_words import CHECK_IN
from lib.domain.people import Actor
from lib.services.closure_access import record_document_event
from lib.services.closure_drafts import fresh_draft
from lib.services.closure_sections import section_row
from lib.storage import check_in_records, document_records
from lib.storage.access_queries import ClientFacts
from lib.storage.document_records import COSIGNED, OPEN, SIGNED, StoredDocument

CHECK_IN_SECTION = "checkins"


def follow_check_ins(
    session: Session, actor: Actor, client: ClientFacts, now: datetime, definitions: Definitions
) -> None:
    """Every open draft of this client names its check-ins on the days they are agreed for now.

    Only drafted sentences about check-ins are made anew; their sections are to be reviewed again. The caller has
    checked access and holds the transaction."""
    for header in document_records.documents_of_client(session, client.client_id):
        stored = document_records.document_of(session, header.document_id) if header.status == OPEN else None
        if stored is not None and _told(stored.draft.basis):
            _follow(session, actor, client, stored, now, definitions)


def days_not_named(session: Session, stored: StoredDocument) -> tuple[date, ...]:
    """Days of check-ins still to be held that a signed plan does not name, in their order; () for anything else."""
    if stored.draft.kind is not DocumentKind.PLAN or stored.status not in (SIGNED, COSIGNED):
        return ()
    told = [line.text for each in stored.draft.sections if each.key == CHECK_IN_SECTION for line in each.sentences]
    agreed = check_in_records.check_ins_of(session, stored.client_id)
    due = [row.due_on for row in agreed if row.state == CheckInState.DUE and row.episode_id == stored.episode_id]
    return tuple(day for day in due if not names_day("\n".join(told), day))


def _follow(
    session: Session,
    actor: Actor,
    client: ClientFacts,
    stored: StoredDocument,
    now: datetime,
    definitions: Definitions,
) -> None:
    fresh = fresh_draft(session, client, stored.draft, now, definitions)
    known = {_agreed(line): line for section in fresh.sections for line in section.sentences if _agreed(line)}
    for section in stored.draft.sections:
        wanted = tuple(line if line.own_words else known.get(_agreed(line), line) for line in section.sentences)
        if wanted != section.sentences:
            row = section_row(session, stored.document_id, section.key)
            document_records.change_section(row, wanted, row.asks)
            record_document_event(
                session, actor, "document_section_changed", stored.document_id, client, now, section=section.key
            )
    if _told(fresh.basis) != _told(stored.draft.basis):
        others = tuple(source for source in stored.draft.basis if source.record_type != CHECK_IN)
        # In everything but check-ins the draft stands against the record as it was.
        followed = replace(stored.draft, sections=fresh.sections, basis=(*others, *_told(fresh.basis)))
        document_records.change_basis(session, stored.document_id, followed)


def _told(basis: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(source for source in basis if source.record_type == CHECK_IN)


def _agreed(line: Sentence) -> tuple[int | None, ...]:
    """Which check-ins a sentence tells of; () for any other."""
    return tuple(source.record_id for source in _told(line.sources))

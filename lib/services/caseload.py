"""Caseload: a therapist's own clients as they stand, who asks for them first. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.people import Actor, Permission
from lib.domain.standing import AttentionReason, StandingDetail
from lib.services import access
from lib.storage import caseload_queries


@dataclass(frozen=True, slots=True)
class CaseloadEntry:
    """One client of the list. `reasons` hold today, the weightiest first; `attention` as in standings."""

    client_id: int
    standing: StandingDetail
    is_cover: bool
    attention: int
    reasons: tuple[AttentionReason, ...]


def own_caseload(session: Session, actor: Actor, now: datetime, *, include_closed: bool = False) -> list[CaseloadEntry]:
    """The clients this actor owns or covers today: risk first, then watch, prepare, and by code.

    Raises NotAllowed for who has no caseload."""
    access.require(session, actor, Permission.VIEW_OWN_CASELOAD)
    found: dict[int, CaseloadEntry] = {}
    for row in caseload_queries.standings_of_own(session, actor, now, include_closed):
        is_cover = row.kind != "owner"
        if row.client_id not in found or not is_cover:
            found[row.client_id] = _entry(row.client_id, StandingDetail.from_json(row.detail), is_cover, now.date())
    return sorted(found.values(), key=lambda entry: (entry.attention, _since(entry), entry.standing.code))


def _entry(client_id: int, standing: StandingDetail, is_cover: bool, today: date) -> CaseloadEntry:
    return CaseloadEntry(client_id, standing, is_cover, standing.attention_on(today), standing.reasons_on(today))


def _since(entry: CaseloadEntry) -> date:
    return entry.reasons[0].since if entry.reasons else date.max

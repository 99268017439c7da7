"""Review queue queries: what beside their standings makes supervised clients a case to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.domain.process import Attendance, EpisodeStatus
from lib.storage import sight
from lib.storage.tables import (
    Account,
    Assignment,
    Client,
    Document,
    Episode,
    Flag,
    FlagResponse,
    Note,
    Rating,
    Rupture,
    SignedDocument,
    TherapySession,
)

FAR_APART = 2  # levels of five; a proposal, not validated
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A supervised client and since when something about them waits."""

    client_id: int
    code: str
    name: str
    therapist_id: int
    therapist: str
    since: date


@dataclass(frozen=True, slots=True)
class LastDeed:
    """The latest thing a therapist recorded as done about a flag of this client."""

    client_id: int
    who: str
    done_at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class OpenRupture:
    """A rupture without a repair, and how many sessions were held since."""

    client_id: int
    happened_on: date
    sessions_since: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The newest ratings of one marker by therapist and client lie two levels or more apart."""

    client_id: int
    code: str
    name: str
    therapist_id: int
    therapist: str
    marker: str
    clinician: int
    client: int
    since: date


def endings_due(session: Session, actor: Actor, today: date, until: date) -> list[WaitingCase]:
    """Open courses of therapy whose planned ending is past or near; `since` is the planned day."""
    statement = (
        select(
            Client.id,
            Client.code,
            Client.name,
            Account.id,
            Account.name,
            func.coalesce(Episode.ending_planned_on, until),
        )
        .join(Client, Client.id == Episode.client_id)
        .join(Assignment, Assignment.client_id == Client.id)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(_supervised(actor, today), Episode.status == EpisodeStatus.OPEN.value)
        .where(Episode.ending_planned_on <= until, Episode.ending_planned_on.is_not(None))
        .order_by(Episode.ending_planned_on, Client.id)
    )
    return [WaitingCase(*row) for row in session.execute(statement)]


def notes_to_cosign(session: Session, actor: Actor, now: datetime) -> list[WaitingCase]:
    """Clients with signed progress notes of the actor's own trainees, since the oldest note's day."""
    today = now.date()
    statement = (
        select(Client.id, Client.code, Client.name, Account.id, Account.name, func.min(Note.dated_on))
        .join(Client, Client.id == Note.client_id)
        .join(Account, Account.id == Note.originator_id)
        .where(
            Note.status == "signed",
            Note.compartment == "progress",
            Account.is_trainee.is_(True),
            Note.originator_id.in_(sight.supervisees(actor, today)),
            Note.client_id.in_(sight.supervised_clients(actor, today)),
        )
        .group_by(Client.id, Client.code, Client.name, Account.id, Account.name)
    )
    return [WaitingCase(*row) for row in session.execute(statement)]


def documents_to_cosign(session: Session, actor: Actor, now: datetime) -> list[WaitingCase]:
    """Clients with documents that the actor's own trainees signed, since the oldest signature."""
    today = now.date()
    statement = (
        select(Client.id, Client.code, Client.name, Account.id, Account.name, func.min(SignedDocument.signed_at))
        .join(Document, Document.id == SignedDocument.document_id)
        .join(Client, Client.id == Document.client_id)
        .join(Account, Account.id == SignedDocument.signed_by_id)
        .where(
            Document.status == "signed",
            Account.is_trainee.is_(True),
            SignedDocument.signed_by_id.in_(sight.supervisees(actor, today)),
            Document.client_id.in_(sight.supervised_clients(actor, today)),
        )
        .group_by(Client.id, Client.code, Client.name, Account.id, Account.name)
    )
    return [
        WaitingCase(row[0], row[1], row[2], row[3], row[4], row[5].astimezone(now.tzinfo).date())
        for row in session.execute(statement)
    ]


def disagreements(session: Session, actor: Actor, now: datetime) -> list[Disagreement]:
    """Markers that therapist and client rate `FAR_APART` levels apart, by the newest rating of each within 90 days."""
    today = now.date()
    place = func.row_number().over(
        partition_by=(Rating.client_id, Rating.key, Rating.source), order_by=(Rating.rated_on.desc(), Rating.id.desc())
    )
    ranked = (
        select(Rating.client_id, Rating.key, Rating.source, Rating.level, Rating.rated_on, place.label("place"))
        .where(
            Rating.subject == "marker",
            Rating.superseded_at.is_(None),
            Rating.level.is_not(None),
            Rating.rated_on >= today - RECENT,
            Rating.source.in_(("clinician", "client")),
            Rating.client_id.in_(sight.supervised_clients(actor, today)),
        )
        .cte()
    )
    theirs, own = aliased(ranked), aliased(ranked)
    statement = (
        select(Client.id, Client.code, Client.name, Account.id, Account.name, own.c.key)
        .add_columns(theirs.c.level, own.c.level, own.c.rated_on)
        .select_from(own)
        .join(theirs, and_(theirs.c.client_id == own.c.client_id, theirs.c.key == own.c.key))
        .join(Client, Client.id == own.c.client_id)
        .join(Assignment, Assignment.client_id == Client.id)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(own.c.source == "client", own.c.place == 1, theirs.c.source == "clinician", theirs.c.place == 1)
        .where(func.abs(theirs.c.level - own.c.level) >= FAR_APART, _supervised(actor, today))
    )
    return [
        Disagreement(row[0], row[1], row[2], row[3], row[4], row[5], row[6] or 0, row[7] or 0, row[8])
        for row in session.execute(statement)
    ]


def last_deeds(session: Session, client_ids: Sequence[int]) -> dict[int, LastDeed]:
    """The newest response to a flag of each of these clients. The caller has them from a query of sight."""
    newest = (
        select(func.max(FlagResponse.id))
        .join(Flag, Flag.id == FlagResponse.flag_id)
        .where(Flag.client_id.in_(client_ids))
        .group_by(Flag.client_id)
    )
    statement = (
        select(
            Flag.client_id,
            func.coalesce(Account.name, "Operator"),
            FlagResponse.responded_at,
            FlagResponse.what_was_done,
        )
        .join(Flag, Flag.id == FlagResponse.flag_id)
        .outerjoin(Account, Account.id == FlagResponse.responded_by_id)
        .where(FlagResponse.id.in_(newest))
    )
    return {row[0]: LastDeed(*row) for row in session.execute(statement)}


def open_ruptures(session: Session, client_ids: Sequence[int]) -> list[OpenRupture]:
    """Unrepaired ruptures of these clients with the number of sessions attended since."""
    held = and_(
        TherapySession.client_id == Rupture.client_id,
        TherapySession.held_on > Rupture.happened_on,
        TherapySession.attendance == Attendance.ATTENDED.value,
    )
    statement = (
        select(Rupture.client_id, Rupture.happened_on, func.count(TherapySession.id))
        .outerjoin(TherapySession, held)
        .where(Rupture.client_id.in_(client_ids), Rupture.repaired_on.is_(None))
        .group_by(Rupture.id, Rupture.client_id, Rupture.happened_on)
    )
    return [OpenRupture(*row) for row in session.execute(statement)]


def _supervised(actor: Actor, today: date) -> ColumnElement[bool]:
    return and_(
        Assignment.therapist_id.in_(sight.supervisees(actor, today)),
        Assignment.kind == "owner",
        sight.assigned_today(today),
    )

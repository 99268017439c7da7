"""What an actor is to a client or note at this moment: the facts the policy decides on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.people import Actor, Role
from lib.domain.policy import Relation
from lib.storage import sight
from lib.storage.tables import Account, Assignment, Client, Note, ProcessGrant


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """A client's identity, and what the actor is to the client now."""

    client_id: int
    code: str
    name: str
    born_on: date | None
    relations: frozenset[Relation]


def client_facts(session: Session, actor: Actor, client_id: int, now: datetime) -> ClientFacts | None:
    """Facts about one client by id; None when there is no such client."""
    row = session.execute(
        select(Client.id, Client.code, Client.name, Client.born_on).where(Client.id == client_id)
    ).one_or_none()
    return ClientFacts(*row, relations=relations_to_client(session, actor, client_id, now)) if row else None


def client_id_of_code(session: Session, code: str) -> int | None:
    """The id behind a practice's own client code, verbatim."""
    return session.scalar(select(Client.id).where(Client.code == code))


def relations_to_client(session: Session, actor: Actor, client_id: int, now: datetime) -> frozenset[Relation]:
    """Owner, cover, supervisor or break-glass reader, by the dated relations that hold at `now`."""
    if actor.is_operator:
        return frozenset({Relation.OPERATOR})
    today = now.date()
    found: set[Relation] = set()
    if Role.THERAPIST in actor.roles:
        own = select(Assignment.kind).where(
            Assignment.client_id == client_id,
            Assignment.therapist_id == actor.account_id,
            sight.assigned_today(today),
            sight.works_here(actor, Role.THERAPIST),
        )
        found |= {Relation(kind) for kind in session.scalars(own)}
    supervised = sight.supervised_clients(actor, today).where(Assignment.client_id == client_id)
    if session.scalar(supervised.limit(1)) is not None:
        found.add(Relation.SUPERVISOR)
    opened = sight.opened_by_break_glass(actor, now)
    if session.scalar(select(Client.id).where(Client.id == client_id, Client.id.in_(opened))) is not None:
        found.add(Relation.BREAK_GLASS)
    return frozenset(found)


def relations_to_note(session: Session, actor: Actor, note: Note, now: datetime) -> frozenset[Relation]:
    """Relations to the note's client, and whether the actor wrote it or holds a grant for it today."""
    found = set(relations_to_client(session, actor, note.client_id, now))
    if actor.account_id is not None and note.originator_id == actor.account_id:
        found.add(Relation.ORIGINATOR)
    grant = select(ProcessGrant.id).where(
        ProcessGrant.note_id == note.id,
        ProcessGrant.account_id == actor.account_id,
        ProcessGrant.starts_on <= now.date(),
        ProcessGrant.ends_on >= now.date(),
        ProcessGrant.revoked_at.is_(None),
        sight.works_here(actor),
    )
    if actor.account_id is not None and session.scalar(grant.limit(1)) is not None:
        found.add(Relation.GRANTEE)
    return frozenset(found)


def roles_of(session: Session, actor: Actor) -> frozenset[Role]:
    """The roles of the actor's account at this moment; none for one that is closed or is not there."""
    held = session.scalar(select(Account.roles).where(Account.id == actor.account_id, Account.is_disabled.is_(False)))
    return frozenset(Role(role) for role in held or ())


def has_opened_a_record(session: Session, actor: Actor, now: datetime) -> bool:
    """True while the actor holds an open break-glass reading of any client."""
    return session.scalar(sight.opened_by_break_glass(actor, now).limit(1)) is not None


def supervises(session: Session, actor: Actor, therapist_id: int | None, today: date) -> bool:
    """Whether this actor supervises this therapist today."""
    return therapist_id is not None and therapist_id in session.scalars(sight.supervisees(actor, today)).all()


def is_trainee(session: Session, account_id: int | None) -> bool:
    """True when this account's notes and documents need a co-signature."""
    return bool(session.scalar(select(Account.is_trainee).where(Account.id == account_id)))


def owner_of(session: Session, client_id: int, today: date) -> Account | None:
    """The therapist assigned as owner today, if any."""
    return session.scalar(
        select(Account)
        .join(Assignment, Assignment.therapist_id == Account.id)
        .where(Assignment.client_id == client_id, Assignment.kind == "owner", sight.assigned_today(today))
        .order_by(Assignment.starts_on.desc())
        .limit(1)
    )

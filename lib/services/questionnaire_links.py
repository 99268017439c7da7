"""Questionnaire links: one form for one client to fill in alone, until it is answered, withdrawn or a week old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.audit import AuditFacts
from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.scoring import check_answers
from lib.services import access, practice, standing
from lib.services.form_writing import keep_form
from lib.services.hashing import digest, new_token
from lib.services.practice import CrisisContact
from lib.storage import audit_records, check_in_records, client_queries, link_queries, link_records
from lib.storage.access_queries import ClientFacts
from lib.storage.link_queries import StoredLink

OPEN_FOR = timedelta(days=7)
LINK = "questionnaire link"  # who acts, in the audit log


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link nobody has answered yet, as its client's therapist sees it."""

    id: int
    instrument: str
    target: str
    made_by: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a client is asked: the form, whom it is about, whose practice asks, and whom to reach in need.

    Nothing here tells who the client is: whoever holds the link sees a questionnaire and no record."""

    instrument: Instrument
    target: str
    practice_name: str
    contacts: tuple[CrisisContact, ...]


def may_be_sent(instrument: Instrument) -> bool:
    """Whether a client can fill the form in alone: every question and every answer has its wording here."""
    return bool(instrument.items and instrument.options) and all(item.text for item in instrument.items)


def make_link(
    session: Session,
    actor: Actor,
    client_id: int,
    instrument_id: str,
    target: str,
    now: datetime,
    definitions: Definitions,
    token_mark: str,
    *,
    check_in_id: int | None = None,
) -> str:
    """A new link's token, told once: only its hash stays. `token_mark` tells the database in the token.

    `check_in_id`: the check-in it is asked at, after the end of therapy. Raises NotYours, NotAllowed, Frozen,
    InvalidInput for a form whose wording is not held here or that asks of nobody such."""
    kind = RecordKind.CLINICAL_RECORD if check_in_id is None else RecordKind.CHECK_IN
    client = access.client_for(session, actor, Action.WRITE, kind, client_id, now)
    if check_in_id is not None and check_in_records.check_in_of(session, check_in_id, client_id) is None:
        raise NotYours(RecordKind.CHECK_IN.value, check_in_id, Action.WRITE.value)
    instrument = definitions.instruments.get(instrument_id)
    if instrument is None or not may_be_sent(instrument):
        raise InvalidInput(
            "This questionnaire cannot be filled in alone: its wording is not held here.",
            "Enter its scores yourself, or have its texts added by your practice admin.",
            "instrument",
        )
    if target not in (instrument.targets or ("general",)):
        raise InvalidInput(f"{instrument.short_name} is not asked about {target!r}.", field="target")
    if actor.account_id is None:
        raise InvalidInput("A link is given out by a therapist.", "Sign in as one.", "actor")
    token = f"{token_mark}.{new_token()}"
    link_id = link_records.add_link(
        session,
        token_hash=digest(token),
        client_id=client_id,
        instrument=instrument_id,
        target=target,
        made_by_id=actor.account_id,
        made_at=now,
        expires_at=now + OPEN_FOR,
    )
    details = {"instrument": instrument_id, "target": target}
    access.record_event(
        session, actor, "link_made", "questionnaire link", now,
        record_id=link_id, client_code=client.code, details=details,
    )  # fmt: skip
    return token


def open_links(session: Session, actor: Actor, client_id: int, now: datetime) -> tuple[OpenLink, ...]:
    """The links of a client that still wait, the newest first. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return tuple(OpenLink(*row) for row in link_queries.open_links(session, client_id, now))


def withdraw_link(session: Session, actor: Actor, client_id: int, link_id: int, now: datetime) -> None:
    """Close a link before its time. One that is closed stays as it is. Raises NotYours, NotAllowed."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CHECK_IN, client_id, now)
    link = link_queries.link_of(session, link_id)
    if link is None or link.client_id != client_id:
        raise NotYours("questionnaire link", link_id, Action.WRITE.value)
    if link.is_open(now):
        link_records.end_link(session, link_id, now)
        access.record_event(
            session, actor, "link_withdrawn", "questionnaire link", now, record_id=link_id, client_code=client.code
        )


def asked_by(session: Session, token: str, now: datetime, definitions: Definitions) -> Questionnaire | None:
    """What an open link asks; None for one that is answered, withdrawn, over, or never was: nobody can tell which."""
    link = link_queries.link_with(session, digest(token))
    instrument = definitions.instruments.get(link.instrument) if link is not None and link.is_open(now) else None
    if link is None or instrument is None:
        return None
    return Questionnaire(
        instrument, link.target, practice.practice_name(session), practice.crisis_contacts(session, now.date())
    )


def answer(
    session: Session,
    token: str,
    answers: Mapping[str, int | None],
    now: datetime,
    definitions: Definitions,
) -> bool:
    """Put a client's own answers into the record, once; risk items raise their flags as on every path.

    False when the link is not open any more: nothing is written. Raises InvalidInput for answers the form does not
    know, or none at all. A form of the same day that says otherwise is kept, and superseded by the client's word."""
    link = link_queries.link_with(session, digest(token), for_update=True)
    instrument = definitions.instruments.get(link.instrument) if link is not None and link.is_open(now) else None
    if link is None or instrument is None:
        return False
    check_answers(instrument, answers)
    if all(value is None for value in answers.values()):
        raise InvalidInput("No question was answered.", "Answer what you can.", "answers")
    who = client_queries.identities(session, [link.client_id])[link.client_id]
    client = ClientFacts(who.id, who.code, who.name, who.born_on, relations=frozenset())
    incoming = AdministrationIn(client.code, now.date(), link.instrument, dict(answers), {}, link.target)
    kept = keep_form(session, None, client, incoming, now, definitions)
    link_records.mark_answered(session, link.id, now)
    _record(session, link, client.code, kept.form_id, now)
    standing.recompute(session, link.client_id, now, definitions)
    return True


def _record(session: Session, link: StoredLink, client_code: str, form_id: int, now: datetime) -> None:
    """The event of an act that no account did: the link itself stands for the actor."""
    details = {"instrument": link.instrument, "target": link.target, "link": link.id}
    event = AuditFacts(
        at=now,
        actor_id=None,
        actor_email=LINK,
        role="link",
        action="form_answered",
        record_type="administration",
        record_id=form_id,
        client_code=client_code,
        details=details,
    )
    audit_records.append_event(session, event)

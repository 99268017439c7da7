"""States in which who may what is asked again: each is made in a transaction that is taken back afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from lib.domain.people import Actor, Role
from lib.services import note_retraction, notes, people
from lib.storage.tables import Account, Assignment, BreakGlass, Episode, ProcessGrant, Supervision
from tests import factories
from tests.conftest import NOW
from tests.integration.access_world import ACTS, DEFINITIONS, PASSWORD, TODAY, TOMORROW, YESTERDAY, Act, Case, World

State = Callable[[Session, World], None]
LATER = "Words since the return."


def _account(session: Session, world: World, name: str, **values: object) -> None:
    session.execute(update(Account).where(Account.id == world.actors[name].account_id).values(**values))


def _supervision(session: Session, world: World, **values: object) -> None:
    held = Supervision.supervisor_id == world.actors["supervisor"].account_id
    session.execute(update(Supervision).where(held).values(**values))


def _cover(session: Session, world: World, **values: object) -> None:
    held = (Assignment.client_id == world.main.client_id, Assignment.kind == "cover")
    by = Assignment.therapist_id == world.actors["cover"].account_id
    session.execute(update(Assignment).where(*held, by).values(**values))


def _grant(session: Session, world: World, **values: object) -> None:
    session.execute(update(ProcessGrant).where(ProcessGrant.note_id == world.main.former_process).values(**values))


def _course_ended(session: Session, world: World) -> None:
    ended = {"status": "closed", "ends_on": TODAY, "ending_kind": "completed"}
    session.execute(update(Episode).where(Episode.client_id == world.main.client_id).values(**ended))


def _without_a_therapist(session: Session, world: World) -> None:
    held = (Assignment.client_id == world.main.client_id, Assignment.kind == "owner")
    session.execute(update(Assignment).where(*held, Assignment.starts_on <= TODAY).values(ends_on=YESTERDAY))


def _with_the_peer(session: Session, world: World) -> None:
    """In two steps: the therapist ends, and another begins, with drafts left lying."""
    _without_a_therapist(session, world)
    peer = world.actors["peer"].account_id
    assert peer is not None
    people.assign_client(session, world.actors["admin"], world.main.client_id, peer, NOW)


def _retracted(session: Session, world: World) -> None:
    case, owner = world.main, world.actors["owner"]
    whose = factories.client(session, owner, "SB-009", "Dora Sample")
    note_retraction.retract_note(
        session, owner, case.signed, case.client_id, "another's session", PASSWORD, NOW,
        belongs_to_client_id=whose, definitions=DEFINITIONS,
    )  # fmt: skip


def _hour_over(session: Session, world: World) -> None:
    session.execute(update(BreakGlass).values(ends_at=NOW))


def _returned(session: Session, world: World) -> None:
    case, trainee = world.trainee, world.actors["trainee"]
    notes.return_note(
        session, world.actors["supervisor"], case.signed, case.client_id, "Say more.", NOW, definitions=DEFINITIONS
    )
    version = next(
        one.version for one in notes.notes_of_client(session, trainee, case.client_id, NOW) if one.id == case.signed
    )
    notes.save_draft(session, trainee, case.signed, case.client_id, LATER, version, NOW)


STATES: dict[str, State] = {
    "the course has ended": _course_ended,
    "the supervision ended yesterday": lambda s, w: _supervision(s, w, ends_on=YESTERDAY),
    "the supervision ends today": lambda s, w: _supervision(s, w, ends_on=TODAY),
    "the supervision begins tomorrow": lambda s, w: _supervision(s, w, starts_on=TOMORROW),
    "the supervisor's role was taken away": lambda s, w: _account(s, w, "supervisor", roles=[Role.THERAPIST.value]),
    "the cover ended yesterday": lambda s, w: _cover(s, w, ends_on=YESTERDAY),
    "the cover ends today": lambda s, w: _cover(s, w, ends_on=TODAY),
    "the hour of the reading is over": _hour_over,
    "the owner's account is closed": lambda s, w: _account(s, w, "owner", is_disabled=True),
    "the client went to the peer": _with_the_peer,
    "the client has no therapist": _without_a_therapist,
    "the grant was revoked": lambda s, w: _grant(s, w, revoked_at=NOW - timedelta(minutes=1)),
    "the grant ended yesterday": lambda s, w: _grant(s, w, ends_on=YESTERDAY),
    "the grant begins tomorrow": lambda s, w: _grant(s, w, starts_on=TOMORROW),
    "the grantee's account is closed": lambda s, w: _account(s, w, "grantee", is_disabled=True),
    "the note was retracted": _retracted,
    "the trainee's note was returned": _returned,
}
OF_A_TRAINEE = {"the trainee's note was returned"}


def _words(session: Session, actor: Actor, world: World, case: Case) -> object:
    found = notes.note_of_client(session, actor, case.signed, case.client_id, NOW)
    if found.text is None:
        raise LookupError("the words are not shown")
    return found


def _later_words(session: Session, actor: Actor, world: World, case: Case) -> object:
    found = notes.note_of_client(session, actor, case.signed, case.client_id, NOW)
    if found.text != LATER:
        raise LookupError("what was signed is shown")
    return found


MORE_ACTS: dict[str, Act] = {
    **ACTS,
    "read the words of the signed note": _words,
    "read words written since the return": _later_words,
}

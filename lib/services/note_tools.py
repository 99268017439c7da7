"""Note tools: the practice's templates, phrases of one's own, and the scores that belong into a note."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotAllowed, NotYours
from lib.domain.note_tools import MOST_PHRASES, Template, clean_phrase, clean_template, score_lines
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.storage import note_tool_records

MOST_LINES = 12


def templates(session: Session, actor: Actor) -> list[Template]:
    """The practice's own templates, retired ones too. Raises NotAllowed for who neither writes notes nor settings."""
    access.check_practice(session, actor, Action.READ, RecordKind.DEFINITIONS)
    return note_tool_records.templates(session)


def add_template(session: Session, actor: Actor, name: str, headings: Iterable[str], now: datetime) -> int:
    """A template for everybody here to write with. Returns its id. Raises NotAllowed, InvalidInput."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    name, kept = clean_template(name, headings)
    if actor.account_id is None:
        raise NotAllowed(Action.WRITE.value, RecordKind.DEFINITIONS.value)
    if note_tool_records.template_named(session, name) is not None:
        raise InvalidInput("There is a template of this name.", "Give it another name.", field="name")
    template_id = note_tool_records.add_template(session, name, kept, actor.account_id, now)
    access.record_event(
        session, actor, "note_template_added", "note template", now, record_id=template_id, details={"name": name}
    )
    return template_id


def retire_template(
    session: Session, actor: Actor, template_id: int, now: datetime, *, is_retired: bool = True
) -> None:
    """Offer a template no more, or again. Notes written with it stay as they are. Raises NotAllowed, NotYours."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    held = note_tool_records.template_of(session, template_id)
    if held is None:
        raise NotYours("note template", template_id, Action.WRITE.value)
    note_tool_records.set_retired(session, template_id, is_retired)
    act = "note_template_retired" if is_retired else "note_template_offered"
    access.record_event(session, actor, act, "note template", now, record_id=template_id, details={"name": held.name})


def template_to_use(session: Session, template_id: int) -> Template:
    """A template to begin a note with. Raises InvalidInput for one that is not there or offered no more."""
    held = note_tool_records.template_of(session, template_id)
    if held is None or held.is_retired:
        raise InvalidInput("This template is not offered any more.", "Choose another format.", field="format")
    return held


def own_phrases(session: Session, actor: Actor) -> dict[str, str]:
    """The actor's phrases: abbreviation -> words."""
    return note_tool_records.phrases_of(session, actor.account_id) if actor.account_id is not None else {}


def keep_phrase(session: Session, actor: Actor, short: str, text: str, now: datetime) -> None:
    """Keep a phrase of one's own. Its words stay out of the log. Raises InvalidInput, NotAllowed."""
    access.require(session, actor, Permission.WRITE_CLINICAL_RECORD)
    short, text = clean_phrase(short, text)
    held = own_phrases(session, actor)
    if actor.account_id is None:
        raise NotAllowed(Action.WRITE.value, "phrase")
    if short not in held and len(held) >= MOST_PHRASES:
        raise InvalidInput(f"At most {MOST_PHRASES} phrases have room.", "Let one go first.", field="phrase")
    note_tool_records.put_phrase(session, actor.account_id, short, text)
    access.record_event(session, actor, "own_phrase_kept", "phrase", now)


def drop_phrase(session: Session, actor: Actor, short: str, now: datetime) -> None:
    """Let a phrase of one's own go. Raises NotYours when there is none."""
    if actor.account_id is None or not note_tool_records.drop_phrase(session, actor.account_id, short):
        raise NotYours("phrase", None, Action.WRITE.value)
    access.record_event(session, actor, "own_phrase_dropped", "phrase", now)


def scores_for_note(
    session: Session, actor: Actor, client_id: int, dated_on: date, now: datetime, definitions: Definitions
) -> tuple[str, ...]:
    """Scores of the session's day and since the session before it, each dated and with its form, newest last.

    Without a session before it the latest form of each questionnaire: an imported course of years is not read out
    again. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    before = note_tool_records.session_before(session, client_id, dated_on)
    forms = note_tool_records.forms_between(session, client_id, before, dated_on)
    if before is None:
        latest = {(form.instrument, form.target, form.respondent): form.id for form in forms}
        forms = [form for form in forms if form.id in latest.values()]
    lines = [
        line
        for form in forms
        if form.instrument in definitions.instruments
        for line in score_lines(
            definitions.instruments[form.instrument], form.id, form.taken_on, form.target, form.scales, form.unscorable
        )
    ]
    return tuple(lines[-MOST_LINES:])

"""Check-ins: what was agreed for the time after the end, what was found, and whether the agreed level was crossed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.check_ins import CheckInState, SignSeen, is_crossed
from lib.domain.course import Form, courses_of, measure_of
from lib.domain.definitions import Definitions
from lib.domain.endings import check_words
from lib.domain.errors import Frozen, InvalidInput, NotYours
from lib.domain.form_changes import Outcome
from lib.domain.imports import AdministrationIn
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, may
from lib.services import access, closure_following, standing
from lib.services.extract_measures import measure_named
from lib.services.form_writing import EnteredForm, keep_form
from lib.storage import check_in_records, document_records, extract_queries, measure_queries
from lib.storage.document_records import OPEN, StoredDocument
from lib.storage.tables import CheckIn

EARLY_SIGNS, PLAN = "early_signs", "plan"


@dataclass(frozen=True, slots=True)
class CheckInView:
    """One check-in as it stands. `level_value`: the score on the agreed measure; `crossed` None: nobody can say."""

    id: int
    month: int | None
    due_on: date
    state: CheckInState
    held_on: date | None
    what: str
    measures: tuple[str, ...]
    signs: tuple[SignSeen, ...]
    level_value: float | None
    crossed: bool | None
    version: int


@dataclass(frozen=True, slots=True)
class AfterTheEnd:
    """Everything a check-in is held with. `signs`: the client's own early signs from the plan, which is signed or not.

    `not_named`: days of check-ins to come that the signed plan does not name.
    `level`: the measure's name, the score that means "get in touch", and the side that is worse; None: none agreed."""

    check_ins: tuple[CheckInView, ...]
    signs: tuple[str, ...]
    plan: tuple[tuple[str, str], ...]
    plan_is_signed: bool
    not_named: tuple[date, ...]
    level: tuple[str, float, str] | None
    may_write: bool


def after_the_end(
    session: Session, actor: Actor, client_id: int, now: datetime, definitions: Definitions
) -> AfterTheEnd:
    """The check-ins with the plan and the agreed level beside them. Raises NotYours.

    A plan that is only a draft is shown to nobody but those who may read drafts."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    drafts_too = may(actor, Action.READ, Record(RecordKind.DOCUMENT_DRAFT, client.relations))
    stored = _plan(session, client_id, drafts_too)
    sections = [one for one in stored.draft.sections if one.sentences] if stored else []
    return AfterTheEnd(
        check_ins=tuple(_view(row) for row in check_in_records.check_ins_of(session, client_id)),
        signs=tuple(each.text for one in sections if one.key == EARLY_SIGNS for each in one.sentences),
        plan=tuple((one.title, "\n".join(each.text for each in one.sentences)) for one in sections),
        plan_is_signed=stored is not None and stored.status != OPEN,
        not_named=closure_following.days_not_named(session, stored) if stored else (),
        level=_level(session, client_id, definitions),
        may_write=may(actor, Action.WRITE, Record(RecordKind.CHECK_IN, client.relations)),
    )


def hold_check_in(
    session: Session,
    actor: Actor,
    client_id: int,
    check_in_id: int,
    state: CheckInState,
    held_on: date,
    what: str,
    signs: Sequence[SignSeen],
    now: datetime,
    definitions: Definitions,
) -> None:
    """Keep what became of a due check-in: held, not reached, or not wanted any more. Told once.

    Raises NotYours, NotAllowed, Frozen when it was told already, InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CHECK_IN, client_id, now)
    row = _row(session, check_in_id, client_id)
    if row.state != CheckInState.DUE:
        raise Frozen("This check-in is recorded already.", "Write what was added later as outreach.")
    if state is CheckInState.DUE:
        raise InvalidInput("What became of it is missing.", "Say whether it was held.", "state")
    if not what.strip():
        raise InvalidInput("What was found is missing.", "Write it in a few words.", "what")
    _check_held_on(session, row, held_on, now)
    check_words(what)
    row.state, row.what = state.value, what.strip()
    row.held_on = held_on if state is CheckInState.HELD else None
    row.signs = [{"sign": one.sign, "seen": one.seen} for one in signs] if state is CheckInState.HELD else []
    row.held_by_id, row.recorded_at = actor.account_id, now
    row.version += 1
    _weigh(session, row, held_on, definitions)
    session.flush()
    access.record_event(
        session, actor, "check_in_recorded", "check-in", now,
        record_id=row.id, client_code=client.code, details={"state": state.value},
    )  # fmt: skip
    standing.recompute(session, client_id, now, definitions)


def move_check_in(
    session: Session,
    actor: Actor,
    client_id: int,
    check_in_id: int,
    due_on: date,
    now: datetime,
    definitions: Definitions,
) -> None:
    """Another day for a check-in that is due; documents not signed yet name it. Raises NotYours, NotAllowed, Frozen,
    InvalidInput."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CHECK_IN, client_id, now)
    row = _row(session, check_in_id, client_id)
    if row.state != CheckInState.DUE:
        raise Frozen("This check-in is recorded already.")
    if due_on < now.date():
        raise InvalidInput("The day has passed.", "Choose a day ahead.", "due on")
    details = {"from": row.due_on.isoformat(), "to": due_on.isoformat()}
    row.due_on = due_on
    row.version += 1
    session.flush()
    access.record_event(
        session, actor, "check_in_moved", "check-in", now, record_id=row.id, client_code=client.code, details=details
    )
    closure_following.follow_check_ins(session, actor, client, now, definitions)
    standing.recompute(session, client_id, now, definitions)


def enter_form(
    session: Session,
    actor: Actor,
    client_id: int,
    check_in_id: int,
    incoming: AdministrationIn,
    now: datetime,
    definitions: Definitions,
) -> EnteredForm:
    """A questionnaire of a check-in: the one form that is entered by hand after the end. Its risk items raise flags.

    Raises NotYours, NotAllowed, InvalidInput for a form dated before the end of therapy."""
    client = access.client_for(session, actor, Action.WRITE, RecordKind.CHECK_IN, client_id, now)
    row = _row(session, check_in_id, client_id)
    _check_held_on(session, row, incoming.taken_on, now)
    kept = keep_form(session, actor.account_id, client, incoming, now, definitions)
    if kept.outcome is Outcome.UNCHANGED:
        return kept
    if row.state == CheckInState.HELD and row.held_on is not None:
        _weigh(session, row, row.held_on, definitions)
        row.version += 1
    details = {"instrument": incoming.instrument, "taken_on": incoming.taken_on.isoformat(), "check_in": row.id}
    access.record_event(
        session, actor, "check_in_form_entered", "administration", now,
        record_id=kept.form_id, client_code=client.code, details=details,
    )  # fmt: skip
    standing.recompute(session, client_id, now, definitions)
    return kept


def _row(session: Session, check_in_id: int, client_id: int) -> CheckIn:
    row = check_in_records.check_in_of(session, check_in_id, client_id)
    if row is None:
        raise NotYours("check-in", check_in_id, Action.WRITE.value)
    return row


def _check_held_on(session: Session, row: CheckIn, held_on: date, now: datetime) -> None:
    ended_on = check_in_records.ended_on(session, row)
    if held_on > now.date() or (ended_on is not None and held_on <= ended_on):
        raise InvalidInput("A check-in lies after the end, and not in the future.", "Correct the day.", "held on")


def _weigh(session: Session, row: CheckIn, held_on: date, definitions: Definitions) -> None:
    """The newest score on the agreed measure since the last check-in, and whether it crossed the level."""
    row.level_value, row.is_crossed = None, None
    level = extract_queries.agreed_level(session, row.client_id)
    if level is None or row.state != CheckInState.HELD:
        return
    since = check_in_records.before(session, row, held_on)
    forms = [
        Form(one.id, one.instrument, one.target, one.respondent, one.taken_on, one.scales)
        for one in measure_queries.forms_of_client(session, row.client_id)
        if one.superseded_at is None and (since is None or one.taken_on > since) and one.taken_on <= held_on
    ]
    course = courses_of(forms).get(measure_of(level.measure).key)
    if course is not None:
        _name, scale = measure_named(level.measure, definitions.instruments)
        row.level_value = course.latest.value
        row.is_crossed = is_crossed(level.level, course.latest.value, scale.direction)


def _view(row: CheckIn) -> CheckInView:
    return CheckInView(
        row.id,
        row.month,
        row.due_on,
        CheckInState(row.state),
        row.held_on,
        row.what,
        tuple(row.measures),
        tuple(SignSeen(str(one["sign"]), one["seen"]) for one in row.signs),
        row.level_value,
        row.is_crossed,
        row.version,
    )


def _level(session: Session, client_id: int, definitions: Definitions) -> tuple[str, float, str] | None:
    held = extract_queries.agreed_level(session, client_id)
    if held is None:
        return None
    name, scale = measure_named(held.measure, definitions.instruments)
    return name, held.level, "above" if scale.direction.value.startswith("lower") else "below"


def _plan(session: Session, client_id: int, drafts_too: bool) -> StoredDocument | None:
    """The newest plan, a signed one before a draft."""
    plans = [one for one in document_records.documents_of_client(session, client_id) if one.kind == PLAN]
    signed = [one for one in plans if one.stands] or [one for one in plans if one.signed_at is not None]
    plans = signed or [one for one in plans if drafts_too]
    return document_records.document_of(session, plans[0].document_id) if plans else None

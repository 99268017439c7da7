"""How a story of the demonstration ends and what comes after: decision, outreach, level, the closing, check-ins."""

from __future__ import annotations

from datetime import datetime

from lib.domain.check_ins import CheckInState, SignSeen, usual_days
from lib.domain.endings import DecidedBy, EndingDraft, OutreachWay, Tried
from lib.domain.imports import AdministrationIn
from lib.domain.process import EndingKind
from lib.services import agreed_levels, check_ins, endings, readiness
from lib.services.demo_telling import Telling, Told
from lib.services.readiness import EndingChoice
from lib.storage import check_in_records


def tell_level(telling: Telling, told: Told, now: datetime) -> None:
    """The level agreed as "get in touch"."""
    agreed_levels.agree_level(
        telling.session, telling.actor, telling.client_id, told["measure"], told["level"], told.get("reason", ""), now,
        telling.definitions,
    )  # fmt: skip


def tell_decision(telling: Telling, told: Told, now: datetime) -> None:
    """What the therapist decided about ending, in their words; a planned ending has its day."""
    readiness.decide_ending(
        telling.session, telling.actor, telling.client_id, EndingChoice(told["choice"]), told["reasons"],
        told.get("planned_on"), now, telling.definitions,
    )  # fmt: skip


def tell_outreach(telling: Telling, told: Told, now: datetime) -> None:
    """One try to reach the client."""
    tried = Tried(told["on"], OutreachWay(told["how"]), told["what"])
    endings.note_outreach(telling.session, telling.actor, telling.client_id, tried, now)


def tell_ending(telling: Telling, told: Told, now: datetime) -> None:
    """The closing; a planned one with check-ins at the usual days where the story names their measures."""
    measures = tuple(told.get("check_in_measures", ()))
    draft = EndingDraft(
        ended_on=told["on"],
        kind=EndingKind(told["kind"]),
        decided_by=DecidedBy(told["decided_by"]),
        reason=told["reason"],
        is_sudden=told.get("sudden", False),
        not_done=told.get("not_done", ""),
        over_reason=told.get("over_reason", ""),
        check_ins=usual_days(told["on"]) if measures else (),
        measures=measures,
    )
    endings.close_course(telling.session, telling.actor, telling.client_id, draft, now, telling.definitions)


def tell_check_in(telling: Telling, told: Told, now: datetime) -> None:
    """The check-in of a month, with a questionnaire by its answers, the client's signs and what was found."""
    session, actor, client_id = telling.session, telling.actor, telling.client_id
    agreed = check_in_records.check_ins_of(session, client_id)
    check_in_id = next(one.id for one in agreed if one.month == told["month"])
    if "answers" in told:
        instrument = telling.definitions.instruments[told["instrument"]]
        answers = {item.id: answer for item, answer in zip(instrument.items, told["answers"], strict=True)}
        form = AdministrationIn(telling.code, told["on"], instrument.id, answers, {})
        check_ins.enter_form(session, actor, client_id, check_in_id, form, now, telling.definitions)
    signs = [SignSeen(sign, seen) for sign, seen in told.get("signs", {}).items()]
    check_ins.hold_check_in(
        session, actor, client_id, check_in_id, CheckInState(told.get("state", "held")), told["on"], told["what"],
        signs, now, telling.definitions,
    )  # fmt: skip

"""Supervision exports: figures and the queue as CSV or workbook, a report for a session as PDF; all on the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.audit_figures import PATTERN_WORDS, PROCESS, RECORDS, Indicator, share
from lib.domain.change import Verdict
from lib.domain.definitions import Definitions
from lib.domain.draft_words import day
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.people import Actor, Permission
from lib.domain.policy import Action, Record, RecordKind, Relation, check_may
from lib.exchange.csv_out import table_bytes
from lib.exchange.report_pdf import Report, Section, render_report
from lib.exchange.workbook_out import SheetOut, workbook_bytes
from lib.services import access, practice, progress, record_audit, review_queue, supervision
from lib.storage.audit_figure_queries import Period
from lib.storage.progress_groups import Filters
from lib.storage.supervision_records import CaseComment

FORMS = ("csv", "xlsx")


class What(StrEnum):
    """The tables that can be taken away."""

    QUEUE = "review_queue"
    PROGRESS = "progress"
    RECORDS = "audit_of_records"
    PROCESS = "audit_of_process"
    PRACTICE = "practice_figures"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which table, of which group and period."""

    what: What
    measure: str | None = None
    filters: Filters = field(default_factory=Filters)
    period: Period | None = None


def take_table(
    session: Session, actor: Actor, asked: Asked, form: str, now: datetime, definitions: Definitions
) -> bytes:
    """A table as `csv` or `xlsx`, as the actor may see it at this moment. Raises NotAllowed, NotYours, InvalidInput."""
    if form not in FORMS:
        raise InvalidInput("A table is taken away as CSV or as XLSX.", field="form")
    if asked.what is What.PRACTICE:
        access.check_practice(session, actor, Action.EXPORT, RecordKind.PRACTICE_FIGURES)
    else:
        _check_team(session, actor)
    header, rows = _table(session, actor, asked, now, definitions)
    name = asked.what.value
    content = table_bytes(header, rows) if form == "csv" else workbook_bytes([SheetOut(name, header, rows)], now)
    details = {"table": name, "form": form, "rows": len(rows)}
    access.record_event(session, actor, "figures_exported", "figures", now, details=details)
    return content


def meeting_report(
    session: Session, actor: Actor, therapist_id: int, now: datetime, definitions: Definitions | None = None
) -> bytes:
    """The report for a session with one supervisee as PDF: cases, agreed steps, audit figures.

    Raises NotAllowed without the role, NotYours for a therapist not supervised today."""
    _check_team(session, actor)
    queue = review_queue.queue(session, actor, now, definitions)
    if therapist_id not in queue.therapists:
        raise NotYours("therapist", therapist_id)
    therapist, today = queue.therapists[therapist_id], now.date()
    period = record_audit.usual_period(today, therapist_id)
    figures = record_audit.team_figures(session, actor, period, now)
    steps = [one for one in supervision.to_look_at(session, actor, therapist_id, now) if one.is_open_step]
    mine = [case for case in queue.cases if case.therapist_id == therapist_id]
    report = Report(
        title=f"Supervision of {therapist}",
        lines=(f"{day(today)} · {actor.name} · {' · '.join(practice.letterhead(session)[:1])}",),
        sections=(
            Section(
                "Cases to talk about",
                ("Client", "What", "Why", "Since", "What was done"),
                [
                    (case.code, case.topic.value, case.reason, day(case.since), case.deed.what if case.deed else "–")
                    for case in mine
                ],
            ),
            Section(
                "Steps agreed and open",
                ("Client", "Step", "Due", "The therapist's word"),
                [(one.client_code, one.agreed_step, _day(one.due_on), _said(one)) for one in steps],
            ),
            Section(
                f"Records and process, {day(period.starts_on)} to {day(period.ends_on)}",
                ("What is asked", "Of how many"),
                [
                    (words, share(figures.figures, indicator).in_words)
                    for indicator, words in {**RECORDS, **PROCESS}.items()
                ],
            ),
        ),
        made_at=now,
    )
    details = {"table": "meeting_report", "form": "pdf", "therapist_id": therapist_id}
    access.record_event(session, actor, "figures_exported", "figures", now, details=details)
    return render_report(report)


def _said(step: CaseComment) -> str:
    """The therapist's word on an open step."""
    if step.said_done_on is None:
        return "–"
    return f"done {day(step.said_done_on)}" + (f": {step.said}" if step.said else "")


def _day(on: date | None) -> str:
    return day(on) if on is not None else "–"


def _check_team(session: Session, actor: Actor) -> None:
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    check_may(actor, Action.EXPORT, Record(RecordKind.TEAM_FIGURES, frozenset({Relation.SUPERVISOR})))


_Table = tuple[Sequence[str], list[Sequence[Any]]]


def _table(session: Session, actor: Actor, asked: Asked, now: datetime, definitions: Definitions) -> _Table:
    match asked.what:
        case What.QUEUE:
            return _queue(session, actor, now, definitions)
        case What.PROGRESS:
            return _progress(session, actor, asked, now, definitions)
        case What.PRACTICE:
            return _practice(session, actor)
        case What.RECORDS | What.PROCESS:
            return _audit(session, actor, asked, now)


def _queue(session: Session, actor: Actor, now: datetime, definitions: Definitions) -> _Table:
    header = (
        "client", "therapist", "what", "why", "since", "done_on", "done", "comment", "agreed_step", "step_due_on",
        "step_said_done_on", "step_said", "step_done_on",
    )  # fmt: skip
    rows: list[Sequence[Any]] = []
    for case in review_queue.queue(session, actor, now, definitions).cases:
        deed, word = case.deed, case.last_word
        done = (deed.done_at.date(), deed.what) if deed else (None, None)
        said = (
            (word.comment, word.agreed_step, word.due_on, word.said_done_on, word.said, word.done_on)
            if word
            else (None,) * 6
        )
        rows.append((case.code, case.therapist, case.topic.value, case.reason, case.since, *done, *said))
    return header, rows


def _progress(session: Session, actor: Actor, asked: Asked, now: datetime, definitions: Definitions) -> _Table:
    found = progress.progress(session, actor, asked.measure, asked.filters, now, definitions)
    header = (
        "group", "measure", "clients_with_score", "with_two_scores", *[verdict.value for verdict in Verdict],
        "effect_size", "effect_low", "effect_high", "funnel",
    )  # fmt: skip
    lines = [
        ("all of them", found.change, found.change.untold or ""),
        *((t.therapist, t.change, t.place.value) for t in found.therapists),
    ]
    rows: list[Sequence[Any]] = []
    for name, change, place in lines:
        verdicts = [None if change.verdicts is None else change.verdicts[verdict] for verdict in Verdict]
        e = change.effect
        effect = (round(e.value, 2), round(e.low, 2), round(e.high, 2)) if e else (None, None, None)
        rows.append((name, found.measure, change.with_score, change.with_two, *verdicts, *effect, place))
    return header, rows


def _audit(session: Session, actor: Actor, asked: Asked, now: datetime) -> _Table:
    period = asked.period or record_audit.usual_period(now.date())
    found = record_audit.team_figures(session, actor, period, now)
    indicators = RECORDS if asked.what is What.RECORDS else PROCESS
    days = (period.starts_on, period.ends_on)
    rows: list[Sequence[Any]] = []
    for indicator, told in indicators.items():
        for therapist_id, name in found.therapists.items():
            one = share(found.figures, indicator, therapist_id=therapist_id)
            rows.append((told, name, *days, one.met, one.of, _percent(one.percent)))
        rows += [(told, *each) for each in _by_pattern(found, indicator, days)] if asked.what is What.PROCESS else []
    return ("what", "group", "from", "until", "met", "of", "percent"), rows


def _by_pattern(found: record_audit.AuditFigures, indicator: Indicator, days: tuple[Any, Any]) -> list[Sequence[Any]]:
    """Only groups of five and more: smaller ones compare single people."""
    groups = [(words, share(found.figures, indicator, pattern=pattern)) for pattern, words in PATTERN_WORDS.items()]
    return [(words, *days, one.met, one.of, _percent(one.percent)) for words, one in groups if one.percent is not None]


def _percent(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 1)


def _practice(session: Session, actor: Actor) -> _Table:
    found = progress.practice_figures(session, actor)
    header = ("measure", "clients_with_score", "with_two_scores", *[verdict.value for verdict in Verdict])
    rows: list[Sequence[Any]] = []
    for one in found.measures:
        verdicts = [None if one.verdicts is None else one.verdicts[verdict] for verdict in Verdict]
        rows.append((one.measure, one.with_score, one.with_two, *verdicts))
    return header, rows

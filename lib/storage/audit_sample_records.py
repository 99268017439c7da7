"""Audit samples at rest: the checklist, random samples of files, findings and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import (
    Account,
    Assignment,
    AuditedFile,
    AuditFinding,
    ChecklistItem,
    Client,
    RecordAudit,
    TherapySession,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the checklist as it stands."""

    id: int
    question: str


@dataclass(frozen=True, slots=True)
class SampledFile:
    """One file of a sample that its supervisor may still open. `found`: question -> (finding, remark)."""

    id: int
    audit_id: int
    client_id: int
    code: str
    name: str
    therapist: str
    audited_at: datetime | None
    follow_up: str
    follow_up_due_on: date | None
    follow_up_done_on: date | None
    version: int
    found: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample drawn by this supervisor. `size` counts every file drawn, `files` those still in sight."""

    id: int
    therapist: str | None
    starts_on: date
    ends_on: date
    seed: int
    population: int
    drawn_at: datetime
    size: int
    files: tuple[SampledFile, ...]


def checklist(session: Session) -> list[Question]:
    """The questions in use, in their order."""
    statement = (
        select(ChecklistItem.id, ChecklistItem.question)
        .where(ChecklistItem.retired_on.is_(None))
        .order_by(ChecklistItem.position, ChecklistItem.id)
    )
    return [Question(*row) for row in session.execute(statement)]


def replace_checklist(session: Session, questions: Sequence[str], today: date) -> None:
    """These questions from now on. Words that stay keep their id; others are retired, so that findings keep them."""
    kept = {
        row.question: row for row in session.scalars(select(ChecklistItem).where(ChecklistItem.retired_on.is_(None)))
    }
    for position, question in enumerate(questions):
        row = kept.pop(question, None)
        if row is None:
            session.add(ChecklistItem(position=position, question=question))
        else:
            row.position = position
    for row in kept.values():
        row.retired_on = today
    session.flush()


def seen_clients(
    session: Session, actor: Actor, therapist_id: int | None, starts_on: date, ends_on: date, today: date
) -> list[tuple[int, int]]:
    """Client and owner of every supervised client with a session in the period, in the order of ids: what is drawn
    from, the same for the same record."""
    held = select(TherapySession.client_id).where(
        TherapySession.held_on >= starts_on, TherapySession.held_on <= ends_on
    )
    statement = (
        select(Assignment.client_id, Assignment.therapist_id)
        .where(
            Assignment.therapist_id.in_(sight.supervisees(actor, today)),
            Assignment.kind == "owner",
            sight.assigned_today(today),
            Assignment.client_id.in_(held),
        )
        .order_by(Assignment.client_id)
    )
    if therapist_id is not None:
        statement = statement.where(Assignment.therapist_id == therapist_id)
    return [(row[0], row[1]) for row in session.execute(statement)]


def add_sample(session: Session, files: Sequence[tuple[int, int]], **values: Any) -> int:
    """A sample and its files, as pairs of client and therapist in the order drawn. Returns its id."""
    audit = RecordAudit(**values)
    session.add(audit)
    session.flush()
    for position, (client_id, therapist_id) in enumerate(files, start=1):
        session.add(
            AuditedFile(record_audit_id=audit.id, client_id=client_id, therapist_id=therapist_id, position=position)
        )
    session.flush()
    return audit.id


def samples(session: Session, actor: Actor, today: date) -> list[Sample]:
    """The samples this supervisor drew, the newest first, with the files they may still know of."""
    therapist = aliased(Account)
    sizes = (
        select(AuditedFile.record_audit_id, func.count().label("size")).group_by(AuditedFile.record_audit_id).subquery()
    )
    columns: tuple[Any, ...] = (
        RecordAudit.id, therapist.name, RecordAudit.starts_on, RecordAudit.ends_on, RecordAudit.seed,
        RecordAudit.population, RecordAudit.drawn_at, sizes.c.size,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(sizes, sizes.c.record_audit_id == RecordAudit.id)
        .outerjoin(therapist, therapist.id == RecordAudit.therapist_id)
        .where(RecordAudit.supervisor_id == actor.account_id, sight.works_here(actor))
        .order_by(RecordAudit.id.desc())
    )
    files = _files(session, actor, today)
    found: list[Sample] = []
    for row in session.execute(statement):
        values: list[Any] = [*row, tuple(one for one in files if one.audit_id == row[0])]
        found.append(Sample(*values))
    return found


def file_row(session: Session, file_id: int) -> tuple[AuditedFile, int] | None:
    """A file's row and the supervisor who drew it."""
    statement = (
        select(AuditedFile, RecordAudit.supervisor_id)
        .join(RecordAudit, RecordAudit.id == AuditedFile.record_audit_id)
        .where(AuditedFile.id == file_id)
        .with_for_update(of=AuditedFile)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], row[1]) if row is not None else None


def keep_findings(session: Session, file_id: int, found: Mapping[int, tuple[str, str]]) -> None:
    """Findings by question id, in place of those before."""
    held = {
        row.checklist_item_id: row
        for row in session.scalars(select(AuditFinding).where(AuditFinding.audited_file_id == file_id))
    }
    for item_id, (finding, remark) in found.items():
        row = held.get(item_id)
        if row is None:
            session.add(
                AuditFinding(audited_file_id=file_id, checklist_item_id=item_id, finding=finding, remark=remark)
            )
        else:
            row.finding, row.remark = finding, remark
    session.flush()


def _files(session: Session, actor: Actor, today: date) -> list[SampledFile]:
    f = AuditedFile
    mine = select(RecordAudit.id).where(RecordAudit.supervisor_id == actor.account_id)
    in_sight = (f.record_audit_id.in_(mine), f.client_id.in_(sight.supervised_clients(actor, today)))
    columns: tuple[Any, ...] = (
        f.id, f.record_audit_id, f.client_id, Client.code, Client.name, Account.name, f.audited_at, f.follow_up,
        f.follow_up_due_on, f.follow_up_done_on, f.version,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Client, Client.id == f.client_id)
        .join(Account, Account.id == f.therapist_id)
        .where(*in_sight)
        .order_by(f.record_audit_id.desc(), f.position)
    )
    findings = (
        select(AuditFinding.audited_file_id, ChecklistItem.question, AuditFinding.finding, AuditFinding.remark)
        .join(ChecklistItem, ChecklistItem.id == AuditFinding.checklist_item_id)
        .join(f, f.id == AuditFinding.audited_file_id)
        .where(*in_sight)
        .order_by(ChecklistItem.position, ChecklistItem.id)
    )
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for file_id, question, finding, remark in session.execute(findings):
        found.setdefault(file_id, {})[question] = (finding, remark)
    files: list[SampledFile] = []
    for row in session.execute(statement):
        values: list[Any] = [*row, found.get(row[0], {})]
        files.append(SampledFile(*values))
    return files

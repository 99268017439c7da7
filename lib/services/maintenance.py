"""Maintenance: backups, restores and verification, each on the record, each with the anchor it leaves outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lib.domain.audit import Anchor, anchor_from_json
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, accounts, standing
from lib.storage import audit_queries
from lib.storage.backups import BackupReport, make_backup
from lib.storage.engine import Database
from lib.storage.integrity import Finding, verify
from lib.storage.restore import RestoreReport, restore_backup
from lib.storage.schema import migrate


@dataclass(frozen=True, slots=True)
class Verification:
    """What does not hold, empty when all does, and the anchor it was compared with, if there was one."""

    findings: tuple[Finding, ...]
    compared_with: Anchor | None
    anchor: Anchor


def back_up(
    database: Database, actor: Actor, folder: Path, anchor_file: Path, now: datetime, password: str = ""
) -> BackupReport:
    """Make a verified backup, put it on the record, and write a fresh anchor outside the database.

    An admin's own `password` is asked for again: a backup is the whole practice. Raises ReauthenticationNeeded."""
    _check(database, actor, Action.EXPORT, RecordKind.PRACTICE_EXPORT)
    if not actor.is_operator:
        with database.reading() as session:
            accounts.reauthenticate(session, actor, password, now)
    report = make_backup(database, folder, now)
    with database.writing() as session:
        details = {"file": report.path.name, "sha256": report.sha256, "rows": sum(report.rows.values())}
        access.record_event(session, actor, "backup", "practice", now, details=details)
    write_anchor(database, anchor_file, now)
    return report


def restore(
    database: Database,
    actor: Actor,
    backup: Path,
    safety_folder: Path,
    anchor_file: Path,
    now: datetime,
    *,
    replace: bool = False,
) -> RestoreReport:
    """Put a verified backup in place, bring its schema up to date, and say so on its own record."""
    _check(database, actor, Action.EXPORT, RecordKind.PRACTICE_EXPORT)
    report = restore_backup(backup, database, safety_folder=safety_folder, now=now, replace=replace)
    migrate(database, safety_folder, now)
    with database.writing() as session:
        access.record_event(session, actor, "restore", "practice", now, details={"file": backup.name})
    write_anchor(database, anchor_file, now)
    return report


def verify_record(database: Database, actor: Actor, anchor_file: Path, now: datetime) -> Verification:
    """Check the audit chain, the frozen content and the file, against the last anchor where one was exported.

    A new anchor is written only when everything holds."""
    _check(database, actor, Action.VERIFY, RecordKind.AUDIT_LOG)
    known = anchor_from_json(anchor_file.read_text(encoding="utf-8")) if anchor_file.exists() else None
    findings = tuple(verify(database, known))
    with database.reading() as session:
        anchor = audit_queries.current_anchor(session, now)
    if not findings:
        write_anchor(database, anchor_file, now)
    return Verification(findings, known, anchor)


def rebuild_standings(session: Session, actor: Actor, now: datetime, definitions: Definitions) -> int:
    """Make every client's standing anew from the record. Returns how many."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.SETTINGS)
    count = standing.rebuild(session, now, definitions)
    access.record_event(session, actor, "standings_rebuilt", "practice", now, details={"clients": count})
    return count


def _check(database: Database, actor: Actor, action: Action, kind: RecordKind) -> None:
    """Whether this actor may; the operator without looking into a database that may hold nothing, or be damaged."""
    if not actor.is_operator:
        with database.reading() as session:
            access.check_practice(session, actor, action, kind)


def write_anchor(database: Database, anchor_file: Path, now: datetime) -> None:
    """Export count and head of the audit log, in one step, so that a half-written anchor never stands."""
    with database.reading() as session:
        anchor = audit_queries.current_anchor(session, now)
    anchor_file.parent.mkdir(parents=True, exist_ok=True)
    part = anchor_file.with_suffix(".part")
    part.write_text(anchor.as_json(), encoding="utf-8")
    part.replace(anchor_file)

"""Verbs for the person who runs the installation: migrate, backup, restore, verify, rebuild."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from lib.bootstrap import local_now
from lib.commands.context import Context, Outcome
from lib.commands.verbs_files import asked_again
from lib.domain.errors import InvalidInput
from lib.services import maintenance
from lib.storage.engine import Database
from lib.storage.revisions import SchemaState, check_schema
from lib.storage.schema import migrate


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Schema, verified backup, restore, audit chain and record integrity, derived standings."""
    migrating = verbs.add_parser("migrate", parents=[common], help="bring the schema up to date, after a backup")
    migrating.set_defaults(run=run_migrate)
    backing = verbs.add_parser("backup", parents=[common], help="make a backup and prove it by restoring it")
    backing.add_argument("--out", metavar="FOLDER", help="else the backups folder beside the database")
    backing.set_defaults(run=run_backup)
    restoring = verbs.add_parser("restore", parents=[common], help="put a backup in place")
    restoring.add_argument("backup", metavar="FILE")
    restoring.add_argument("--replace", action="store_true", help="over records, after a backup of them")
    restoring.set_defaults(run=run_restore)
    verifying = verbs.add_parser("verify", parents=[common], help="check the audit chain and the record's integrity")
    verifying.add_argument("--anchor", metavar="FILE", help="else the last anchor exported on this machine")
    verifying.set_defaults(run=run_verify)
    rebuilding = verbs.add_parser("rebuild", parents=[common], help="make every client's standing anew from the record")
    rebuilding.set_defaults(run=run_rebuild)


def run_migrate(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Migrate and say from where to where."""
    report = migrate(context.as_it_is, context.house.settings.backup_folder, local_now())
    backup = str(report.backup) if report.backup else None
    said = f"Schema {report.after}: " + ("brought up to date." if report.changed else "nothing to do.")
    return Outcome(
        data={"before": report.before, "after": report.after, "backup": backup},
        lines=(said, *([f"Backup made first: {backup}"] if backup else [])),
    )


def run_backup(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Back up and say where, with the sha256."""
    folder = Path(chosen.out) if chosen.out else context.house.settings.backup_folder
    database = context.database
    password = asked_again(context)
    actor, now = context.acting()
    report = maintenance.back_up(database, actor, folder, context.house.anchor_file(database), now, password)
    rows = sum(report.rows.values())
    return Outcome(
        data={"path": str(report.path), "sha256": report.sha256, "rows": dict(report.rows), "verified": True},
        lines=(f"{report.path}: {rows} rows, restored once and found equal. sha256 {report.sha256}",),
    )


def run_restore(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Restore and say what came back. Who restores is the operator: the accounts are what is being restored."""
    if not Path(chosen.backup).is_file():
        raise InvalidInput(f"There is no backup {chosen.backup}.", "Check the path.", "backup")
    database = context.as_it_is
    settings = context.house.settings
    report = maintenance.restore(
        database,
        context.operator(),
        Path(chosen.backup),
        settings.backup_folder,
        context.house.anchor_file(database),
        local_now(),
        replace=chosen.replace,
    )
    found = [vars_of(finding) for finding in report.findings]
    said = f"{sum(report.rows.values())} rows restored from {chosen.backup}."
    safety = str(report.safety_backup) if report.safety_backup else None
    return Outcome(
        data={"rows": dict(report.rows), "safety_backup": safety, "findings": found},
        lines=(said, *([f"What was there before: {safety}"] if safety else [])),
        complaint="" if not found else "\n".join(f"{each['check']}: {each['where']}: {each['what']}" for each in found),
    )


def run_verify(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Verify; the first bad sequence is named, and the exit code says so."""
    database = context.as_it_is
    anchor_file = Path(chosen.anchor) if chosen.anchor else context.house.anchor_file(database)
    if chosen.anchor is not None and not Path(chosen.anchor).is_file():
        # Passing over an anchor that was named would call a shortened log whole.
        raise InvalidInput(f"There is no anchor {chosen.anchor!r}.", "Check the path.", "anchor")
    if _holds_nothing(database):
        raise InvalidInput("There is no record in this database.", "Check its address.", "database")
    checked = maintenance.verify_record(database, context.operator(), anchor_file, local_now())
    known = checked.compared_with
    compared = f"compared with the anchor of {known.at:%Y-%m-%d}" if known else "no anchor yet"
    holds = f"{checked.anchor.count} audit events, {compared}: the tamper-evident record holds."
    return Outcome(
        data={
            "events": checked.anchor.count,
            "head": checked.anchor.head,
            "anchor": known.count if known else None,
            "findings": [vars_of(finding) for finding in checked.findings],
        },
        lines=() if checked.findings else (holds,),
        complaint="\n".join(
            f"{finding.check}: {finding.where} {'' if finding.row is None else finding.row}: {finding.what}"
            for finding in checked.findings
        ),
    )


def _holds_nothing(database: Database) -> bool:
    """Whether there is no table at all. A damaged file is not empty: verifying says what is wrong with it."""
    try:
        return check_schema(database) is SchemaState.EMPTY
    except DatabaseError:
        return False


def run_rebuild(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Make all standings anew."""
    with context.writing() as (session, actor, now):
        count = maintenance.rebuild_standings(session, actor, now, context.definitions)
    return Outcome(data={"clients": count}, lines=(f"{count} standings made anew.",))


def vars_of(finding: Any) -> dict[str, Any]:
    """A finding as plain data."""
    return {"check": finding.check, "where": finding.where, "what": finding.what, "row": finding.row}

"""Restore: a backup back into a database, proven first in a scratch copy, and never over records by accident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lib.domain.errors import Blocked, HouseError, KeyMissing
from lib.storage import backups
from lib.storage.engine import Database, raw_connection
from lib.storage.fingerprints import TableContent, contents
from lib.storage.integrity import Finding, verify
from lib.storage.postgresql_dump import drop_everything, load_dump
from lib.storage.revisions import SchemaState, check_schema, is_empty
from lib.storage.sealed import MAGIC

_PLAIN_SQLITE = b"SQLite format 3\x00"
_DONE = (0, 101)  # SQLITE_OK, SQLITE_DONE; anything else in a step means the target is busy
_PATIENCE = 60  # busy steps, a quarter of a second each


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What came back: rows per table, where the schema stands (migrate when behind), the safety backup made of what
    was there before, and what verification found in the record, empty when all holds."""

    rows: Mapping[str, int]
    state: SchemaState
    safety_backup: Path | None
    findings: tuple[Finding, ...]


def restore_backup(
    backup: Path, database: Database, *, safety_folder: Path, now: datetime, replace: bool = False
) -> RestoreReport:
    """Put a backup into the database, in one transaction, after proving it elsewhere.

    Raises Blocked when records stand there and `replace` was not asked for, or when the kinds do not fit; KeyMissing
    for another key; HouseError for a damaged backup; SchemaUnknown. In each case the database is as it was."""
    _check_kind(backup, database)
    _check_list(backup)
    check_schema(database)
    safety = None
    if not is_empty(database):
        if not replace:
            raise Blocked(
                "This database holds records.",
                [("A restore would put the backup in their place.", "Ask for replacement, or name an empty database.")],
            )
        safety = backups.make_backup(database, safety_folder, now).path
    if database.file is None:
        held = _into_postgresql(backup, database)
    else:
        held = _into_file(backup, database, database.file.parent)
    state = check_schema(database)
    return RestoreReport(backups.row_counts(held), state, safety, tuple(_findings(database, state)))


def _findings(database: Database, state: SchemaState) -> list[Finding]:
    if state is not SchemaState.CURRENT:
        return [Finding("schema", "database", "is of an earlier version: migrate, then verify")]
    if database.audit_key is None:
        return [Finding("chain", "audit_event", "was not checked: no key was given")]
    return verify(database)


def _into_file(backup: Path, database: Database, beside: Path) -> dict[str, TableContent]:
    """Through the backup interface into the live file: one transaction, whoever else has it open."""
    with backups.scratch_copy(database, backup, beside) as scratch:
        check_schema(scratch)
        with scratch.reading() as session:
            expected = contents(session)
            _check_counts(backup, expected)
            _copy_over(raw_connection(session), database)
    with database.reading() as session:
        return _same(expected, contents(session))


def _copy_over(source: Any, database: Database) -> None:
    target = database.engine.raw_connection()
    busy = 0

    def give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
        nonlocal busy
        busy += status not in _DONE
        if busy > _PATIENCE:
            raise HouseError("The database is in use and was not touched. Stop the dashboard, then restore.")

    try:
        source.backup(target.driver_connection, progress=give_up_when_busy)
    finally:
        target.invalidate()  # its page cache belongs to the old content
        target.close()


def _into_postgresql(backup: Path, database: Database) -> dict[str, TableContent]:
    """Proven in a scratch schema, then the same again in place, all in one transaction."""
    expected = backups.restored_contents(database, backup)
    _check_counts(backup, expected)
    with database.writing() as session:
        drop_everything(session)
        with backups.open_dump(backup, database) as lines:
            load_dump(session, lines)
        return _same(expected, contents(session))


def _same(expected: dict[str, TableContent], held: dict[str, TableContent]) -> dict[str, TableContent]:
    if held != expected:
        raise HouseError("What came back is not what the backup holds.")
    return held


def _check_kind(backup: Path, database: Database) -> None:
    with backup.open("rb") as file:
        start = file.read(len(MAGIC))
    kind = "PostgreSQL" if start == MAGIC else "plain SQLite" if start.startswith(_PLAIN_SQLITE) else "encrypted"
    wanted = "PostgreSQL" if database.file is None else "encrypted" if database.is_encrypted else "plain SQLite"
    if kind == "encrypted" and wanted == "plain SQLite":
        raise KeyMissing("The backup is encrypted, and this database is opened without a key.")
    if kind != wanted:
        raise Blocked(
            f"This is a backup of a database of another kind: {kind}.",
            [(f"The target is {wanted}.", "Restore into the same kind; to change it, export and import.")],
        )


def _check_list(backup: Path) -> None:
    listed = _listed(backup)
    if listed and listed["sha256"] != backups.file_sha256(backup):
        raise HouseError("The backup file is not the one that was made: its sha256 differs from its list.")


def _check_counts(backup: Path, held: Mapping[str, TableContent]) -> None:
    listed = _listed(backup)
    if listed and listed["rows"] != backups.row_counts(held):
        raise HouseError("The backup does not hold the rows that its list names.")


def _listed(backup: Path) -> dict[str, Any]:
    """The list beside the backup; empty when it was not kept: then the engine's own checks must do."""
    file = backups.list_of(backup)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

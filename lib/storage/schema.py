"""Schema: whether this database is ours and current, and the one way to bring it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lib.domain.errors import Blocked
from lib.storage.backups import make_backup
from lib.storage.engine import Database
from lib.storage.revisions import SchemaState, check_schema, is_empty, newest_revision, revision_of, upgrade

__all__ = ["MigrationReport", "SchemaState", "check_schema", "is_empty", "migrate"]


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """Revisions before (None: empty) and after a migration, and the backup made first, if any was needed."""

    before: str | None
    after: str
    backup: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether anything had to be done."""
        return self.before != self.after


def migrate(database: Database, backup_folder: Path | None, now: datetime) -> MigrationReport:
    """Bring the schema to the newest revision, whole or not at all, after a verified backup of what is there.

    Raises SchemaUnknown for a schema that is not ours, Blocked where records stand and no backup folder is given."""
    if check_schema(database) is SchemaState.CURRENT:
        return MigrationReport(newest_revision(), newest_revision())
    backup = None
    if not is_empty(database):
        if backup_folder is None:
            raise Blocked(
                "The database has to be brought up to date and holds records.",
                [("Nothing is changed without a backup.", "Name a folder for it.")],
            )
        backup = make_backup(database, backup_folder, now).path
    with database.writing() as session:
        connection = session.connection()
        before = revision_of(connection)
        upgrade(connection)
        return MigrationReport(before, newest_revision(), backup)

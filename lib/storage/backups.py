"""Backups: a copy through the engine's own means, proven by restoring it into a scratch database and comparing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.domain.errors import HouseError, KeyMissing
from lib.storage.engine import Database, connect_key, embedded_driver, open_file, raw_connection
from lib.storage.fingerprints import VERSION_TABLE, TableContent, contents
from lib.storage.postgresql_dump import load_dump, write_dump
from lib.storage.sealed import SealedReader, SealedWriter

SCRATCH_SCHEMA = "secure_base_scratch"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was restored once and found equal: its file, the file's sha256, rows per table."""

    path: Path
    sha256: str
    rows: Mapping[str, int]


def make_backup(database: Database, folder: Path, now: datetime) -> BackupReport:
    """Write a verified backup into `folder`, beside it a list of its rows. Encrypted where the database is; of
    PostgreSQL always. The file appears under its name only once it was proven.

    Raises KeyMissing when PostgreSQL is used without a key, HouseError when the copy does not match."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    final = _free_name(folder, database, now)
    part = final.with_name(final.name + ".part")
    part.touch(mode=0o600)
    try:
        held = _copy_embedded(database, part) if database.file is not None else _dump(database, part)
        restored = restored_contents(database, part)
        if restored != held:
            wrong = sorted(name for name in held | restored if held.get(name) != restored.get(name))
            raise HouseError(f"The backup does not match the database in: {', '.join(wrong)}. It was not kept.")
        report = BackupReport(final, file_sha256(part), row_counts(held))
        _write_list(report, now)
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    return report


def restored_contents(database: Database, backup: Path) -> dict[str, TableContent]:
    """Restore a backup of this database's kind into a scratch database and tell what it holds; nothing else stays."""
    if database.file is None:
        return _scratch_schema_contents(database, backup)
    with scratch_copy(database, backup, backup.parent) as scratch, scratch.reading() as session:
        return contents(session)


@contextmanager
def scratch_copy(database: Database, backup: Path, beside: Path) -> Iterator[Database]:
    """An embedded backup opened as a database of its own, with the keys of `database`; gone at the end.

    Raises KeyMissing for another key, HouseError for a damaged file."""
    with tempfile.TemporaryDirectory(dir=beside, prefix="scratch-") as folder:
        file = Path(shutil.copyfile(backup, Path(folder) / "scratch.db"))
        file.chmod(0o600)
        yield from _opened(open_file(file, database), embedded_driver(database).DatabaseError)


def _opened(scratch: Database, driver_error: type[Exception]) -> Iterator[Database]:
    try:
        with scratch.reading() as session:
            if session.scalar(text("PRAGMA integrity_check")) != "ok":
                raise HouseError("The backup is damaged.")
        yield scratch
    except (DatabaseError, driver_error) as error:
        raise HouseError("The backup is damaged, or it could not be copied.") from error
    finally:
        scratch.close()


@contextmanager
def open_dump(backup: Path, database: Database) -> Iterator[BinaryIO]:
    """The plain lines of a sealed PostgreSQL backup, as a stream. Raises KeyMissing for a wrong key."""
    if database.database_key is None:
        raise KeyMissing("The backup is encrypted and no key was given.")
    with backup.open("rb") as file:
        sealed = cast(BinaryIO, SealedReader(file, database.database_key))
        with gzip.GzipFile(fileobj=sealed, mode="rb") as lines:
            yield cast(BinaryIO, lines)


def row_counts(held: Mapping[str, TableContent]) -> dict[str, int]:
    """Rows per table, without the table that holds the schema's revision."""
    return {table: content.rows for table, content in held.items() if table != VERSION_TABLE}


def list_of(backup: Path) -> Path:
    """The small file beside a backup that lists its sha256 and rows."""
    return backup.with_name(backup.name + ".json")


def file_sha256(path: Path) -> str:
    """The file's sha256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_embedded(database: Database, part: Path) -> dict[str, TableContent]:
    driver = embedded_driver(database)
    target = driver.connect(str(part), isolation_level=None)
    try:
        connect_key(target, database.database_key if database.is_encrypted else None)
        with database.reading() as session:
            raw_connection(session).backup(target)  # both see the one snapshot of this transaction
            held = contents(session)
        target.execute("PRAGMA journal_mode = DELETE").close()  # one file, without a log beside it
    finally:
        target.close()
    _flush_to_disk(part)
    return held


def _dump(database: Database, part: Path) -> dict[str, TableContent]:
    if database.database_key is None:
        raise KeyMissing("A backup of PostgreSQL is encrypted with your key, and no key was given.")
    with database.reading() as session, part.open("wb") as file:
        sealed = SealedWriter(file, database.database_key)
        with gzip.GzipFile(fileobj=sealed, mode="wb", mtime=0) as out:
            write_dump(session, cast(BinaryIO, out))
        sealed.finish()
        held = contents(session)
    _flush_to_disk(part)
    return held


def _scratch_schema_contents(database: Database, backup: Path) -> dict[str, TableContent]:
    """A schema of its own inside a transaction that is always rolled back: needs no right to create databases."""
    with database.engine.connect() as connection, Session(bind=connection) as session:
        session.execute(text(f"CREATE SCHEMA {SCRATCH_SCHEMA}"))
        session.execute(text(f"SET LOCAL search_path = {SCRATCH_SCHEMA}"))
        with open_dump(backup, database) as lines:
            load_dump(session, lines)
        held = contents(session)
        session.rollback()
        return held


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _free_name(folder: Path, database: Database, now: datetime) -> Path:
    stem = database.file.stem if database.file is not None else "postgresql"
    kind = ("sqlcipher" if database.is_encrypted else "sqlite") if database.file is not None else "sealed"
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (f"{stem}-{moment}{again}.{kind}" for again in ["", *(f"-{number}" for number in range(2, 1000))])
    return next(folder / name for name in names if not (folder / name).exists())


def _write_list(report: BackupReport, now: datetime) -> None:
    entry = {"sha256": report.sha256, "rows": dict(report.rows), "made_at": now.astimezone(UTC).isoformat()}
    list_of(report.path).write_text(json.dumps(entry, indent=1, sort_keys=True) + "\n", encoding="utf-8")

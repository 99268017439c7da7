"""Backup and restore: the same record comes back, nothing else is touched, and no plain word leaves the house."""

from __future__ import annotations

import json
import re
import shutil
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from lib.domain.errors import Blocked, HouseError, KeyMissing
from lib.storage import backups
from lib.storage.backups import list_of, make_backup, restored_contents
from lib.storage.engine import Database, open_database
from lib.storage.fingerprints import TableContent, content_of, contents
from lib.storage.integrity import verify
from lib.storage.restore import restore_backup
from lib.storage.revisions import SchemaState, is_empty
from lib.storage.schema import migrate
from lib.storage.tables import Administration, Client, Note, SignedDocument
from tests.conftest import MASTER_KEY, NOW
from tests.integration.records import DOCX, NOTE_TEXT, write_record

KINDS = ["sqlite_database", "encrypted_database", "postgresql_database"]
LATER = NOW + timedelta(hours=1)


@pytest.fixture(params=KINDS)
def practice(request: pytest.FixtureRequest) -> Database:
    """A database of each kind with one small record in it."""
    database: Database = request.getfixturevalue(request.param)
    with database.writing() as session:
        write_record(session)
    return database


def _contents(database: Database) -> dict[str, TableContent]:
    with database.reading() as session:
        return contents(session)


def _add_client(database: Database, code: str) -> None:
    with database.writing() as session:
        session.add(Client(code=code, name="", created_at=NOW))


def _codes(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Client.code)))


def test_a_backup_tells_its_file_its_hash_and_its_rows(practice: Database, tmp_path: Path) -> None:
    report = make_backup(practice, tmp_path / "backups", NOW)
    assert report.path.parent == tmp_path / "backups"
    assert "20260302T093000Z" in report.path.name
    assert report.sha256 == backups.file_sha256(report.path)
    assert (report.rows["note"], report.rows["administration"], report.rows["audit_event"]) == (1, 2, 1)
    assert stat.S_IMODE(report.path.stat().st_mode) == 0o600
    assert sorted(file.name for file in report.path.parent.iterdir()) == [report.path.name, report.path.name + ".json"]


def test_a_second_backup_of_the_same_second_does_not_overwrite_the_first(practice: Database, tmp_path: Path) -> None:
    first, second = (make_backup(practice, tmp_path / "backups", NOW) for _ in range(2))
    assert first.path != second.path
    assert first.path.exists()


def test_what_was_backed_up_comes_back_over_what_was_there(practice: Database, tmp_path: Path) -> None:
    before = _contents(practice)
    backup = make_backup(practice, tmp_path / "backups", NOW)
    _add_client(practice, "008")
    report = restore_backup(backup.path, practice, safety_folder=tmp_path / "safety", now=LATER, replace=True)
    assert _contents(practice) == before
    assert (report.rows, report.state, report.findings) == (backup.rows, SchemaState.CURRENT, ())
    assert report.safety_backup is not None
    assert restored_contents(practice, report.safety_backup)["client"].rows == 2
    with practice.reading() as session:
        assert session.scalars(select(Note.text)).one() == NOTE_TEXT
        assert session.scalars(select(SignedDocument.docx)).one() == DOCX
        older = session.get(Administration, 1)
        assert older is not None
        assert (older.answers, older.superseded_by_id, older.superseded_at) == (None, 2, NOW)


def test_after_a_restore_the_database_works_on(practice: Database, tmp_path: Path) -> None:
    backup = make_backup(practice, tmp_path / "backups", NOW)
    restore_backup(backup.path, practice, safety_folder=tmp_path / "safety", now=LATER, replace=True)
    _add_client(practice, "008")  # numbering goes on after the highest number that came back
    assert _codes(practice) == ["007", "008"]
    assert verify(practice) == []


@pytest.mark.parametrize("kind", ["sqlite", "sqlcipher"])
def test_an_embedded_backup_restores_into_a_file_that_is_not_there_yet(kind: str, tmp_path: Path) -> None:
    database = open_database(f"{kind}:///{tmp_path / 'lost.db'}", MASTER_KEY)
    migrate(database, None, NOW)
    with database.writing() as session:
        write_record(session)
    held = _contents(database)
    backup = make_backup(database, tmp_path / "backups", NOW)
    database.close()
    fresh = open_database(f"{kind}:///{tmp_path / 'elsewhere' / 'new.db'}", MASTER_KEY)
    report = restore_backup(backup.path, fresh, safety_folder=tmp_path / "safety", now=LATER)
    assert _contents(fresh) == held
    assert report.safety_backup is None
    assert [file.name for file in (tmp_path / "elsewhere").iterdir() if file.is_dir()] == []
    fresh.close()


def test_a_postgresql_backup_restores_into_another_database(
    postgresql_database: Database, empty_postgresql: Database, tmp_path: Path
) -> None:
    with postgresql_database.writing() as session:
        write_record(session)
    backup = make_backup(postgresql_database, tmp_path / "backups", NOW)
    restore_backup(backup.path, empty_postgresql, safety_folder=tmp_path / "safety", now=LATER)
    assert _contents(empty_postgresql) == _contents(postgresql_database)
    with pytest.raises(Exception, match="is frozen"), empty_postgresql.writing() as session:
        session.execute(text("DELETE FROM note_version"))


def test_records_are_not_overwritten_unless_asked(practice: Database, tmp_path: Path) -> None:
    backup = make_backup(practice, tmp_path / "backups", NOW)
    _add_client(practice, "008")
    with pytest.raises(Blocked, match="holds records"):
        restore_backup(backup.path, practice, safety_folder=tmp_path / "safety", now=LATER)
    assert _codes(practice) == ["007", "008"]


def test_a_damaged_backup_is_refused_and_the_database_stays(practice: Database, tmp_path: Path) -> None:
    backup = make_backup(practice, tmp_path / "backups", NOW).path
    raw = bytearray(backup.read_bytes())
    raw[len(raw) // 2] ^= 1
    backup.write_bytes(raw)
    with pytest.raises(HouseError, match="sha256"):
        restore_backup(backup, practice, safety_folder=tmp_path / "safety", now=LATER, replace=True)
    assert _codes(practice) == ["007"]


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("sqlite_database", "cut off"),  # a changed byte of a plain page is told by the list only: no checksum
        ("encrypted_database", "cut off"),
        ("encrypted_database", "changed"),
        ("postgresql_database", "cut off"),
        ("postgresql_database", "changed"),
    ],
)
def test_damage_is_noticed_without_the_list_too(
    kind: str, damage: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.writing() as session:
        write_record(session)
    backup = make_backup(database, tmp_path / "backups", NOW).path
    list_of(backup).unlink()
    whole = bytearray(backup.read_bytes())
    if damage == "cut off":
        del whole[len(whole) * 3 // 4 :]
    else:
        whole[len(whole) // 2] ^= 1
    backup.write_bytes(whole)
    with pytest.raises(HouseError) as refused:
        restore_backup(backup, database, safety_folder=tmp_path / "safety", now=LATER, replace=True)
    assert re.search("damaged|cut off|another key", str(refused.value))
    assert _codes(database) == ["007"]


def test_a_backup_that_does_not_match_is_not_kept(
    practice: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_row_less(database: Database, backup: Path) -> dict[str, TableContent]:
        return restored_contents(database, backup) | {"note": TableContent(0, "0" * 64)}

    monkeypatch.setattr(backups, "restored_contents", one_row_less)
    with pytest.raises(HouseError, match="does not match the database in: note"):
        make_backup(practice, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.parametrize("kind", ["encrypted_database", "postgresql_database"])
def test_no_plain_word_stands_in_a_backup(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.writing() as session:
        write_record(session)
    make_backup(database, tmp_path / "backups", NOW)
    for file in (tmp_path / "backups").iterdir():
        raw = file.read_bytes()
        for word in (b"closeness", b"Harbour", b"t@example.org", b"CREATE TABLE", b"client_id"):
            assert word not in raw


@pytest.mark.parametrize("kind", ["encrypted_database", "postgresql_database"])
def test_a_backup_opens_only_with_its_key(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.writing() as session:
        write_record(session)
    backup = make_backup(database, tmp_path / "backups", NOW).path
    stranger = replace(database, database_key=bytes(32))
    if database.is_encrypted:
        stranger = open_database(f"sqlcipher:///{tmp_path / 'other.db'}", bytes(32))
    with pytest.raises(KeyMissing):
        restored_contents(stranger, backup)
    assert _codes(database) == ["007"]
    stranger.close()


def test_a_backup_of_another_kind_is_refused(
    sqlite_database: Database, postgresql_database: Database, encrypted_database: Database, tmp_path: Path
) -> None:
    plain, sealed, encrypted = (
        make_backup(database, tmp_path / "backups", NOW).path
        for database in (sqlite_database, postgresql_database, encrypted_database)
    )
    for backup, target in (
        (plain, encrypted_database), (plain, postgresql_database), (sealed, sqlite_database),
        (encrypted, postgresql_database),
    ):  # fmt: skip
        with pytest.raises(Blocked, match="another kind"):
            restore_backup(backup, target, safety_folder=tmp_path / "safety", now=LATER)
    with pytest.raises(KeyMissing):
        restore_backup(encrypted, sqlite_database, safety_folder=tmp_path / "safety", now=LATER)


def test_a_tampered_record_comes_back_and_the_report_says_so(practice: Database, tmp_path: Path) -> None:
    with practice.writing() as session:
        if practice.file is None:
            session.execute(text("ALTER TABLE note_version DISABLE TRIGGER USER"))
        else:
            session.execute(text("DROP TRIGGER note_version_no_update"))
        session.execute(text("UPDATE note_version SET content = 'something else'"))
    backup = make_backup(practice, tmp_path / "backups", NOW).path
    report = restore_backup(backup, practice, safety_folder=tmp_path / "safety", now=LATER, replace=True)
    assert ("content", "note_version", 1) in [(found.check, found.where, found.row) for found in report.findings]


def test_postgresql_without_a_key_makes_no_backup(postgresql_database: Database, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="no key was given"):
        make_backup(replace(postgresql_database, database_key=None), tmp_path / "backups", NOW)


def test_a_backup_leaves_no_scratch_behind_in_postgresql(postgresql_database: Database, tmp_path: Path) -> None:
    make_backup(postgresql_database, tmp_path, NOW)
    with postgresql_database.reading() as session:
        schemas = session.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'secure%'")).all()
    assert schemas == []


def test_a_restore_waits_for_no_reader_and_shows_them_no_half(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing() as session:
        write_record(session)
    backup = make_backup(sqlite_database, tmp_path / "backups", NOW).path
    _add_client(sqlite_database, "008")
    with sqlite_database.reading() as reader:
        assert len(reader.scalars(select(Client.code)).all()) == 2
        restore_backup(backup, sqlite_database, safety_folder=tmp_path / "safety", now=LATER, replace=True)
        assert len(reader.scalars(select(Client.code)).all()) == 2
    assert _codes(sqlite_database) == ["007"]


def test_the_list_beside_a_backup_names_no_content(practice: Database, tmp_path: Path) -> None:
    backup = make_backup(practice, tmp_path, NOW)
    listed = json.loads(list_of(backup.path).read_text())
    assert listed == {"made_at": "2026-03-02T09:30:00+00:00", "rows": backup.rows, "sha256": backup.sha256}


def test_a_content_hash_does_not_depend_on_the_order_of_rows_but_on_each_of_them() -> None:
    assert content_of([b"a", b"b"]) == content_of([b"b", b"a"])
    assert content_of([b"a", b"b"]) != content_of([b"a", b"c"])
    assert content_of([b"a", b"a"]) != content_of([b"a"])
    assert content_of([b"a", b"a", b"b", b"b"]) != content_of([b"a", b"a", b"a", b"a"])


def test_an_old_file_copied_over_is_seen_as_empty_or_not(sqlite_database: Database, tmp_path: Path) -> None:
    assert is_empty(sqlite_database)
    _add_client(sqlite_database, "008")
    assert not is_empty(sqlite_database)
    sqlite_database.close()
    copy = Path(shutil.copy(str(sqlite_database.file), tmp_path / "copy.db"))
    database = open_database(f"sqlite:///{copy}", MASTER_KEY)
    assert _codes(database) == ["008"]
    database.close()

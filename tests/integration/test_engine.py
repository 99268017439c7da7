"""The engine keeps its promises on every connection, on every database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from lib.bootstrap import ROOT
from lib.domain.errors import HouseError, KeyMissing
from lib.storage import engine
from lib.storage.engine import Database, open_database
from lib.storage.freeze import FROZEN_TABLES
from lib.storage.tables import Client, Evidence, ImportantPerson
from tests.conftest import MASTER_KEY, NOW
from tests.integration.records import DAY, write_record

INSERT_PRACTICE = text(
    "INSERT INTO practice (id, name, is_demonstration, settings, version, created_at) "
    "VALUES (1, :name, false, '{}', 1, '2026-03-02 09:30:00')"
)


def _count(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM practice")) or 0)


def test_what_is_written_is_there_after_the_end_of_the_transaction(database: Database) -> None:
    with database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "Harbour"})
    assert _count(database) == 1


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, BaseException, ValueError])
def test_any_interruption_rolls_the_whole_act_back(database: Database, interruption: type[BaseException]) -> None:
    with pytest.raises(interruption), database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "Harbour"})
        raise interruption
    assert _count(database) == 0


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), database.reading() as session:
        session.execute(INSERT_PRACTICE, {"name": "Harbour"})
    with database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "and the same connection writes again"})
    assert _count(database) == 1


def test_a_reader_sees_one_moment_however_long_it_reads(database: Database) -> None:
    with database.reading() as reader:
        before = reader.scalar(text("SELECT count(*) FROM practice"))
        with database.writing() as writer:
            writer.execute(INSERT_PRACTICE, {"name": "Harbour"})
        assert reader.scalar(text("SELECT count(*) FROM practice")) == before == 0
    assert _count(database) == 1


@pytest.mark.parametrize("broken", ["unique", "not null", "check"])
def test_an_error_does_not_show_the_values_it_was_about(database: Database, broken: str) -> None:
    client = {"unique": {"code": "afraid"}, "not null": {"code": None, "name": "afraid"}, "check": {"code": "1"}}[
        broken
    ]
    with pytest.raises(DBAPIError) as failed, database.writing() as session:
        session.add(Client(**{"name": "", "created_at": NOW} | client))
        session.flush()
        if broken == "unique":
            session.add(Client(code="afraid", name="", created_at=NOW))
        else:
            session.add(ImportantPerson(client_id=1, name="afraid", felt_safety=99, noted_on=DAY))
    shown = "".join(traceback.format_exception(failed.value, chain=True)).replace(__file__, "")
    assert "afraid" not in str(failed.value)
    assert "afraid" not in str(failed.value.orig)
    assert "DETAIL" not in shown


@pytest.mark.parametrize("kind", ["sqlite_database", "encrypted_database"])
def test_every_connection_has_its_pragmas(kind: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.reading() as first, database.reading() as second, database.reading() as third:
        for session in (first, second, third):
            held = {name: session.scalar(text(f"PRAGMA {name}")) for name in engine._PRAGMAS}
            assert held == {
                "busy_timeout": 15_000,
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "recursive_triggers": 1,
            }


def test_a_connection_on_which_a_pragma_does_not_hold_is_refused(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engine._PRAGMAS, "synchronous", ("OFF", 2))
    with pytest.raises(HouseError, match="synchronous is 0"), sqlite_database.reading():
        pass


def test_a_foreign_key_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.writing() as session:
        session.add(Evidence(client_id=99, dated_on=DAY, code="x", polarity="for", quote="", state="suggested"))


def test_postgresql_works_in_utc_and_waits_no_longer_than_sqlite(postgresql_database: Database) -> None:
    with postgresql_database.reading() as session:
        assert session.scalar(text("SHOW timezone")) == "UTC"
        assert session.scalar(text("SHOW lock_timeout")) == "15s"
        assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    with postgresql_database.writing() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert session.scalar(text("SHOW transaction_read_only")) == "off"


@pytest.mark.parametrize("table", FROZEN_TABLES)
def test_a_frozen_row_can_be_neither_changed_nor_deleted(database: Database, table: str) -> None:
    with database.writing() as session:
        write_record(session)
    on_postgresql = database.engine.dialect.name == "postgresql"
    key = "sequence" if table == "audit_event" else "id"
    again = f"INTO {table} SELECT * FROM {table} WHERE true"
    roads = [
        f"UPDATE {table} SET {key} = 2",
        f"DELETE FROM {table} WHERE {key} = 1",
        f"INSERT {again} ON CONFLICT ({key}) DO UPDATE SET {key} = 2",
        f"DELETE FROM {table} USING client" if on_postgresql else f"INSERT OR REPLACE {again}",
        f"TRUNCATE {table} CASCADE" if on_postgresql else f"DELETE FROM {table}",
    ]
    for road in roads:
        with pytest.raises(DBAPIError, match="is frozen"), database.writing() as session:
            session.execute(text(road))
    with database.reading() as session:
        assert session.scalar(text(f"SELECT count(*) FROM {table} WHERE {key} = 1")) == 1


def test_the_wrong_key_is_told_in_words_and_changes_nothing(encrypted_database: Database) -> None:
    encrypted_database.close()
    assert encrypted_database.file is not None
    before = encrypted_database.file.read_bytes()
    other = open_database(encrypted_database.url_shown, bytes(32))
    with pytest.raises(KeyMissing, match="another key"), other.reading():
        pass
    with pytest.raises(KeyMissing, match="no key was given"):
        open_database(encrypted_database.url_shown, None)
    plain = open_database(f"sqlite:///{encrypted_database.file}", MASTER_KEY)
    with pytest.raises(KeyMissing), plain.reading():
        pass
    assert encrypted_database.file.read_bytes() == before


def test_a_plain_file_is_not_taken_for_an_encrypted_one(sqlite_database: Database) -> None:
    encrypted = open_database(f"sqlcipher:///{sqlite_database.file}", MASTER_KEY)
    with pytest.raises(KeyMissing), encrypted.reading():
        pass


def test_nothing_written_stands_in_the_encrypted_files(encrypted_database: Database) -> None:
    with encrypted_database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "afraid of closeness"})
    assert encrypted_database.file is not None
    files = list(encrypted_database.file.parent.glob("practice.encrypted*"))
    assert len(files) >= 2  # the write-ahead log stands beside it
    for file in files:
        raw = file.read_bytes()
        assert b"closeness" not in raw
        assert b"SQLite format" not in raw
        assert b"CREATE TABLE" not in raw


def test_the_files_are_their_owner_s_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlcipher:///{tmp_path / 'new.db'}", MASTER_KEY)
    with database.writing() as session:
        session.execute(text("CREATE TABLE t (a INTEGER)"))
        assert {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {
            "new.db": 0,
            "new.db-wal": 0,
            "new.db-shm": 0,
        }
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_records_are_kept_in_no_other_place(url: str) -> None:
    with pytest.raises(HouseError):
        open_database(url, MASTER_KEY)


def test_neither_password_nor_key_shows(encrypted_database: Database) -> None:
    shown = repr(encrypted_database) + repr(open_database("postgresql://me:secret-word@localhost/x", MASTER_KEY))
    assert "secret-word" not in shown
    assert repr(MASTER_KEY) not in shown
    assert repr(encrypted_database.audit_key) not in shown


def _count_up(url: str, times: int) -> None:
    """Reads, then writes what depends on it: the transaction that fails when begun deferred."""
    database = open_database(url, MASTER_KEY)
    for _ in range(times):
        with database.writing() as session:
            version = session.scalar(text("SELECT version FROM practice"))
            session.execute(text("UPDATE practice SET version = :next"), {"next": version + 1})
    database.close()


@pytest.mark.parametrize("kind", ["sqlite_database", "encrypted_database"])
def test_two_processes_and_two_threads_write_a_hundred_times_each_and_none_fails(
    kind: str, request: pytest.FixtureRequest
) -> None:
    database: Database = request.getfixturevalue(kind)
    with database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "Harbour"})
    url = database.url_shown
    told = f"from tests.integration.test_engine import _count_up; _count_up({url!r}, 100)"
    processes = [subprocess.Popen([sys.executable, "-c", told], cwd=ROOT) for _ in range(2)]
    threads = [threading.Thread(target=_count_up, args=(url, 100)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    with database.reading() as session:
        assert session.scalar(text("SELECT version FROM practice")) == 401


def test_the_same_writes_begun_deferred_do_fail(sqlite_database: Database) -> None:
    """Why BEGIN IMMEDIATE: a reader that turns writer after somebody else wrote is refused at once, without waiting."""
    with sqlite_database.writing() as session:
        session.execute(INSERT_PRACTICE, {"name": "Harbour"})
    connection = engine.connect_file(sqlite3, Path(str(sqlite_database.file)), None)
    connection.execute("BEGIN")
    connection.execute("SELECT version FROM practice").fetchone()
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE practice SET version = 2"))
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        connection.execute("UPDATE practice SET version = 3")
    connection.close()


def test_the_engines_are_the_ones_we_think(encrypted_database: Database, sqlite_database: Database) -> None:
    with encrypted_database.reading() as session:
        assert isinstance(engine.raw_connection(session), sqlcipher.Connection)
        assert session.scalar(text("PRAGMA cipher_version"))
    with sqlite_database.reading() as session:
        assert isinstance(engine.raw_connection(session), sqlite3.Connection)


def test_a_writer_that_waits_too_long_is_told_so(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(engine._PRAGMAS, "busy_timeout", ("50", 50))
    impatient = open_database(sqlite_database.url_shown, MASTER_KEY)
    with (
        sqlite_database.writing(),
        pytest.raises(OperationalError, match="locked"),
        impatient.writing(),
    ):
        pass
    impatient.close()

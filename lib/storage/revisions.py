"""Revisions: which schema a database has, which this program knows, and the steps between them."""

from __future__ import annotations

import io
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exists, inspect, select, table, text

from lib.domain.errors import SchemaUnknown
from lib.storage.engine import Database
from lib.storage.search_index import without_index

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"
_ONE_MIGRATION = 0x5EC0BA5E  # advisory lock: two starts at once migrate once


class SchemaState(StrEnum):
    """Where a database of ours stands. Anything else is SchemaUnknown."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"


def check_schema(database: Database) -> SchemaState:
    """Empty, behind or current. Raises SchemaUnknown for a foreign schema or one newer than this program."""
    with database.reading() as session:
        return _state(session.connection())


def is_empty(database: Database) -> bool:
    """Whether no table holds a row, whether or not the tables stand already."""
    with database.reading() as session:
        connection = session.connection()
        names = [name for name in without_index(inspect(connection).get_table_names()) if name != _VERSION_TABLE]
        return not any(connection.scalar(select(exists().select_from(table(name)))) for name in names)


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run the migrations up to `target` inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_MIGRATION})
    command.upgrade(alembic_config(connection), target)


def revision_of(connection: Connection) -> str | None:
    """The revision the database says it has; None without a version table."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision this program knows as the newest."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def is_known(revision: str | None) -> bool:
    """Whether this program has this revision in its history."""
    return any(script.revision == revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def alembic_config(connection: Connection, folder: Path = MIGRATIONS) -> Config:
    """Alembic's settings without a file; `connection` must already be in a transaction."""
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _state(connection: Connection) -> SchemaState:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return SchemaState.EMPTY
    if _VERSION_TABLE not in tables:
        raise SchemaUnknown("This database holds tables that are not ours. Choose another database.")
    held = revision_of(connection)
    if not is_known(held):
        raise SchemaUnknown(
            f"This database has the schema {held}, which this version of the program does not know. "
            "It was probably written by a newer version: install that one."
        )
    return SchemaState.CURRENT if held == newest_revision() else SchemaState.BEHIND

"""The engine keeps its promises on every connection, on every database."""

from __future__ import annotations

from sqlalchemy import text

from lib.storage.engine import Database


def test_a_migrated_database_opens(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM client")) == 0


def test_a_migrated_database_opens2(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM client")) == 0

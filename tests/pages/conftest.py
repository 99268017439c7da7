"""What page tests stand on: a practice with two therapists, their supervisors and an admin, pages opened for real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.storage.engine import Database
from tests import factories
from tests.pages.opening import Practice, practice_in


@pytest.fixture
def practice(sqlite_database: Database, tmp_path: Path) -> Iterator[Practice]:
    """A practice without people yet."""
    with practice_in(sqlite_database, tmp_path) as opened:
        yield opened


@pytest.fixture
def people(practice: Practice) -> factories.House:
    """Lark with Anna (SB-001), Finch with Boris (SB-002), their supervisors Heron and Stork, and an admin."""
    with practice.database.writing() as session:
        return factories.house(session)

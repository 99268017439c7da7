"""Write the first revision anew from the tables: `python -m lib.storage.migrations.regenerate`.

Only while no database with real records exists; afterwards every change is a new revision."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from alembic import command

from lib.storage.engine import open_database
from lib.storage.revisions import MIGRATIONS, alembic_config


def regenerate() -> Path:
    """Replace versions/0001_tables.py by what autogenerate makes of the tables against an empty database."""
    versions = MIGRATIONS / "versions"
    with tempfile.TemporaryDirectory() as folder:
        # Alone in a folder: beside the later revisions, a second base would not be a valid history.
        scratch = Path(folder) / "migrations"
        shutil.copytree(MIGRATIONS, scratch, ignore=shutil.ignore_patterns("0*.py", "__pycache__"))
        database = open_database(f"sqlite:///{folder}/empty.db")
        with database.writing() as session:
            config = alembic_config(session.connection(), scratch)
            command.revision(config, "tables", autogenerate=True, rev_id="0001")
        database.close()
        return Path(shutil.copy(scratch / "versions" / "0001_tables.py", versions / "0001_tables.py"))


if __name__ == "__main__":
    print(f"written: {regenerate().name}")

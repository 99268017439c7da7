"""Freeze the text, client and date of a signed or imported note."""

from alembic import op

from lib.storage.freeze import note_freezing_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in note_freezing_statements(op.get_bind().dialect.name):
        op.execute(statement)

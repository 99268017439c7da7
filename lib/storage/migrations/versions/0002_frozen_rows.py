"""Freeze the audit log, signed note versions, addenda and signed documents."""

from alembic import op

from lib.storage.freeze import freezing_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tables = ("audit_event", "note_version", "addendum", "signed_document")
    for statement in freezing_statements(op.get_bind().dialect.name, tables):
        op.execute(statement)

"""Note templates, phrases of one's own, grants that can be revoked, firmer freezing, and search in notes."""

import sqlalchemy as sa
from alembic import op

from lib.storage.freeze import freezing_statements, status_moving_statement
from lib.storage.search_index import index_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("template", sa.String(length=60), server_default="", nullable=False))
    op.add_column("therapy_session", sa.Column("techniques", sa.String(), server_default="", nullable=False))
    op.add_column("process_grant", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "note_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("headings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["account.id"], name=op.f("fk_note_template_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_template")),
        sa.UniqueConstraint("name", name=op.f("uq_note_template_name")),
    )
    op.create_table(
        "note_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("short", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_note_phrase_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_phrase")),
        sa.UniqueConstraint("account_id", "short", name=op.f("uq_note_phrase_account_id_short")),
    )
    dialect = op.get_bind().dialect.name
    for statement in freezing_statements(dialect, ("note_review",)):
        op.execute(statement)
    op.execute(status_moving_statement(dialect))
    for statement in index_statements(dialect):
        op.get_bind().exec_driver_sql(statement)

"""The level that means "get in touch", and the bytes of a co-signed document in its frozen review."""

import sqlalchemy as sa
from alembic import op

from lib.storage.freeze import freezing_statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreed_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=120), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_agreed_level_client_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_agreed_level_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_level")),
    )
    op.create_index(op.f("ix_agreed_level_client_id"), "agreed_level", ["client_id"], unique=False)
    for form in ("pdf", "docx"):
        op.add_column("document_review", sa.Column(form, sa.LargeBinary(), nullable=True))
        op.add_column("document_review", sa.Column(f"{form}_sha256", sa.String(length=64), nullable=True))
    for statement in freezing_statements(op.get_bind().dialect.name, ("document_review",)):
        op.execute(statement)

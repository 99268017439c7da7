"""Decisions about ending, with the reasons as they stood: written once, frozen."""

import sqlalchemy as sa
from alembic import op

from lib.storage.freeze import freezing_statements

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ending_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("board", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_ending_decision_client_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_ending_decision_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending_decision")),
    )
    op.create_index(op.f("ix_ending_decision_client_id"), "ending_decision", ["client_id"], unique=False)
    for statement in freezing_statements(op.get_bind().dialect.name, ("ending_decision",)):
        op.execute(statement)

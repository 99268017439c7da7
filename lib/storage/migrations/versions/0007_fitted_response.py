"""Fitted versions of the expected response."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fitted_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("clients", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fitted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["fitted_by_id"], ["account.id"], name=op.f("fk_fitted_response_fitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fitted_response")),
        sa.UniqueConstraint("measure", "version", name=op.f("uq_fitted_response_measure_version")),
    )

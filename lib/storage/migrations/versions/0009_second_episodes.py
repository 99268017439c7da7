"""A rating of the highest level rests on episodes in two relationships; an attainment may be corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("rating", sa.Column("episode_with", sa.String(length=20), server_default=empty, nullable=False))
    op.add_column("rating", sa.Column("second_on", sa.Date(), nullable=True))
    op.add_column("rating", sa.Column("second_with", sa.String(length=20), server_default=empty, nullable=False))
    op.add_column("rating", sa.Column("second_evidence", sa.String(), server_default=empty, nullable=False))
    op.add_column("goal_attainment", sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))

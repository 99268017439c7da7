"""What of a record may be shown to the client, and since when the alliance is agreed to be among it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("sections", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("alliance_agreed_on", sa.Date(), nullable=True),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["account.id"], name=op.f("fk_turn_round_chosen_by_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_turn_round_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_round")),
        sa.UniqueConstraint("client_id", name=op.f("uq_turn_round_client_id")),
    )

"""Teams to count therapists in, and the therapist's own word that an agreed step was done."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("team", sa.String(length=60), server_default=sa.text("''"), nullable=False))
    op.add_column("supervision_comment", sa.Column("said_done_on", sa.Date(), nullable=True))
    op.add_column("supervision_comment", sa.Column("said", sa.String(), server_default=sa.text("''"), nullable=False))

"""Phrases of a practice, shipped phrases it muted, and monthly samples of unflagged sentences."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("polarity", sa.String(length=10), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("must_match", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("must_not_match", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_practice_phrase_author_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_practice_phrase_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_phrase")),
    )
    op.create_table(
        "muted_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phrase_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("muted_by_id", sa.Integer(), nullable=True),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["muted_by_id"], ["account.id"], name=op.f("fk_muted_phrase_muted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_phrase")),
        sa.UniqueConstraint("phrase_id", name=op.f("uq_muted_phrase_phrase_id")),
    )
    _samples()


def _samples() -> None:
    op.create_table(
        "unflagged_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("polarity", sa.String(length=10), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_unflagged_sentence_account_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_unflagged_sentence_client_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_unflagged_sentence_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unflagged_sentence")),
        sa.UniqueConstraint(
            "account_id", "month", "position", name=op.f("uq_unflagged_sentence_account_id_month_position")
        ),
    )
    for column in ("client_id", "note_id"):
        op.create_index(op.f(f"ix_unflagged_sentence_{column}"), "unflagged_sentence", [column], unique=False)

"""How a course was closed and what was tried to reach a client, both frozen; what a check-in asks and what it found."""

import sqlalchemy as sa
from alembic import op

from lib.storage.freeze import freezing_statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FROZEN = ("episode_ending", "outreach")


def upgrade() -> None:
    _endings()
    _outreach()
    _check_ins()
    for statement in freezing_statements(op.get_bind().dialect.name, FROZEN):
        op.execute(statement)


def _endings() -> None:
    op.create_table(
        "episode_ending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("is_sudden", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("not_done", sa.String(), nullable=False),
        sa.Column("closed_over", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("over_reason", sa.String(), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_episode_ending_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_episode_ending_episode_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_episode_ending_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_ending")),
        sa.UniqueConstraint("episode_id", name=op.f("uq_episode_ending_episode_id")),
    )
    op.create_index(op.f("ix_episode_ending_client_id"), "episode_ending", ["client_id"], unique=False)


def _outreach() -> None:
    op.create_table(
        "outreach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_outreach_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_outreach_episode_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_outreach_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach")),
    )
    op.create_index(op.f("ix_outreach_client_id"), "outreach", ["client_id"], unique=False)


def _check_ins() -> None:
    empty = sa.text("'[]'")
    for column in (
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False, server_default="due"),
        sa.Column("measures", sa.JSON(none_as_null=True), nullable=False, server_default=empty),
        sa.Column("signs", sa.JSON(none_as_null=True), nullable=False, server_default=empty),
        sa.Column("level_value", sa.Double(), nullable=True),
        sa.Column("is_crossed", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("check_in", column)
    # Written out, because one of the databases takes a column that names a table in no other way.
    named = "fk_check_in_held_by_id"
    op.execute(f"ALTER TABLE check_in ADD COLUMN held_by_id INTEGER CONSTRAINT {named} REFERENCES account (id)")
    op.execute("UPDATE check_in SET state = 'held' WHERE held_on IS NOT NULL")

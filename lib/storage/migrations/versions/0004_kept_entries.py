"""Entries of the attachment record carry a version, their author, what they said before, and whether they are struck."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ENTRIES = (
    "belief",
    "belief_conviction",
    "ending_talk",
    "formulation",
    "home_practice",
    "home_practice_review",
    "important_person",
    "ladder_attempt",
    "ladder_step",
    "life_event",
    "moment",
    "process_part",
    "rupture",
    "therapy_break",
)


def upgrade() -> None:
    for table in _ENTRIES:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        if table != "ending_talk":
            op.add_column(table, sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(
            table, sa.Column("earlier", sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False)
        )
        op.add_column(table, sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("struck_why", sa.String(), server_default=sa.text("''"), nullable=False))
        if table != "formulation":
            _add_account(table, "written_by_id")
        _add_account(table, "struck_by_id")
    _make_person_safety()


def _add_account(table: str, column: str) -> None:
    """A column that names an account: written out, because one of the databases takes it in no other way."""
    named = f"fk_{table}_{column}"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {named} REFERENCES account (id)")


def _make_person_safety() -> None:
    op.create_table(
        "person_safety",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("felt_safety", sa.Integer(), nullable=False),
        sa.Column("moves", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier", sa.JSON(none_as_null=True), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_why", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("felt_safety BETWEEN 0 AND 10", name=op.f("ck_person_safety_felt_safety_in_range")),
        sa.ForeignKeyConstraint(["person_id"], ["important_person.id"], name=op.f("fk_person_safety_person_id")),
        sa.ForeignKeyConstraint(["struck_by_id"], ["account.id"], name=op.f("fk_person_safety_struck_by_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_person_safety_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_safety")),
    )
    op.create_index(op.f("ix_person_safety_person_id"), "person_safety", ["person_id"])

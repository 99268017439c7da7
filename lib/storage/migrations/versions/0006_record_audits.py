"""Audits of records: checklist, samples, findings; indexes for a supervisor's figures over a period."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _id(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "checklist_item",
        *_id("checklist_item"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
    )
    op.create_table(
        "record_audit",
        *_id("record_audit"),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        _to("record_audit", "supervisor_id", "account"),
        _to("record_audit", "therapist_id", "account"),
    )
    op.create_index(op.f("ix_record_audit_supervisor_id"), "record_audit", ["supervisor_id"])
    op.create_table(
        "audited_file",
        *_id("audited_file"),
        sa.Column("record_audit_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up", sa.String(), nullable=False),
        sa.Column("follow_up_due_on", sa.Date(), nullable=True),
        sa.Column("follow_up_done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _to("audited_file", "record_audit_id", "record_audit"),
        _to("audited_file", "client_id", "client"),
        _to("audited_file", "therapist_id", "account"),
        sa.UniqueConstraint("record_audit_id", "client_id", name=op.f("uq_audited_file_record_audit_id_client_id")),
    )
    op.create_index(op.f("ix_audited_file_client_id"), "audited_file", ["client_id"])
    op.create_table(
        "audit_finding",
        *_id("audit_finding"),
        sa.Column("audited_file_id", sa.Integer(), nullable=False),
        sa.Column("checklist_item_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=15), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        _to("audit_finding", "audited_file_id", "audited_file"),
        _to("audit_finding", "checklist_item_id", "checklist_item"),
        sa.UniqueConstraint(
            "audited_file_id", "checklist_item_id", name=op.f("uq_audit_finding_audited_file_id_checklist_item_id")
        ),
    )
    op.create_index(op.f("ix_audit_finding_checklist_item_id"), "audit_finding", ["checklist_item_id"])

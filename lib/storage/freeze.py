"""Freeze: triggers that let no road, not even plain SQL, change or delete what was signed or logged."""

from __future__ import annotations

NOTE_TRIGGERS = ("note_signed_frozen", "note_signed_kept", "note_status_moves")
FROZEN_TABLES = (
    "audit_event",
    "note_version",
    "addendum",
    "signed_document",
    "note_review",
    "document_review",
    "ending_decision",
    "episode_ending",
    "outreach",
)

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: % refused', TG_TABLE_NAME, TG_OP;
END
$$ LANGUAGE plpgsql
"""


def freezing_statements(dialect: str, tables: tuple[str, ...] = FROZEN_TABLES) -> list[str]:
    """DDL, statement by statement, that freezes every row of these tables. `dialect`: sqlite or postgresql."""
    if dialect == "postgresql":
        return [_POSTGRESQL_FUNCTION, *(line for table in tables for line in _postgresql_triggers(table))]
    return [_sqlite_trigger(table, act) for table in tables for act in ("update", "delete")]


def _sqlite_trigger(table: str, act: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is frozen: {act} refused'); END"
    )


def _postgresql_triggers(table: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_frozen()",
        # TRUNCATE fires no row trigger.
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen()",
    )


_SIGNED_NOTE = "OLD.status NOT IN ('draft', 'returned')"
_NOTE_COLUMNS = ("text", "client_id", "originator_id", "compartment", "dated_on")


def note_freezing_statements(dialect: str) -> list[str]:
    """DDL that freezes a note's text, client and date once it is signed or imported. Its state may still move on."""
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _NOTE_COLUMNS)
    condition = f"{_SIGNED_NOTE} AND ({changed} OR NEW.status = 'draft')"
    if dialect == "postgresql":
        return [
            f"CREATE TRIGGER note_signed_frozen BEFORE UPDATE ON note FOR EACH ROW WHEN ({condition}) "
            "EXECUTE FUNCTION refuse_frozen()",
            f"CREATE TRIGGER note_signed_kept BEFORE DELETE ON note FOR EACH ROW WHEN ({_SIGNED_NOTE}) "
            "EXECUTE FUNCTION refuse_frozen()",
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'note is frozen'); END"
    return [
        f"CREATE TRIGGER note_signed_frozen BEFORE UPDATE ON note WHEN {condition} {refuse}",
        f"CREATE TRIGGER note_signed_kept BEFORE DELETE ON note WHEN {_SIGNED_NOTE} {refuse}",
    ]


# Where a status may go, as domain.notes says; by plain SQL too, or a final note could be opened, changed and closed.
_STATUS_MOVES = (
    ("draft", ("draft", "signed", "retracted")),
    ("signed", ("signed", "cosigned", "returned", "retracted")),
    ("returned", ("returned", "signed", "retracted")),
    ("cosigned", ("cosigned", "retracted")),
    ("imported", ("imported", "retracted")),
    ("retracted", ("retracted",)),
)


def status_moving_statement(dialect: str) -> str:
    """DDL that lets a note's status go nowhere but where it may."""
    allowed = " OR ".join(
        f"OLD.status = '{before}' AND NEW.status IN ({', '.join(repr(one) for one in after)})"
        for before, after in _STATUS_MOVES
    )
    if dialect == "postgresql":
        return (
            f"CREATE TRIGGER note_status_moves BEFORE UPDATE ON note FOR EACH ROW WHEN (NOT ({allowed})) "
            "EXECUTE FUNCTION refuse_frozen()"
        )
    refuse = "BEGIN SELECT RAISE(ABORT, 'note is frozen'); END"
    return f"CREATE TRIGGER note_status_moves BEFORE UPDATE ON note WHEN NOT ({allowed}) {refuse}"


def trigger_names(dialect: str, tables: tuple[str, ...] = FROZEN_TABLES) -> list[str]:
    """The names of the triggers that freeze these tables."""
    endings = ("frozen", "no_truncate") if dialect == "postgresql" else ("no_update", "no_delete")
    return [f"{table}_{ending}" for table in tables for ending in endings]


def every_trigger_name(dialect: str) -> list[str]:
    """All guards of a whole database: of the frozen tables, and of signed notes."""
    return [*trigger_names(dialect), *NOTE_TRIGGERS]

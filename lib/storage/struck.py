"""Struck out: an entry that was struck out stays in the database, and no reading through the session finds it.

The condition is added here, once, to every ORM select. A query that forgot it would put a withdrawn sentence into a
document. Whole-table exports read the tables themselves, so the trace leaves with the record."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from lib.storage.tables.kept import Kept

WITH_STRUCK = "with_struck"
"""Execution option of a select that asks for struck rows too."""

_STANDING = with_loader_criteria(Kept, lambda cls: cls.struck_at.is_(None), include_aliases=True)


def leave_out_struck(state: ORMExecuteState) -> None:
    """The listener of every session."""
    if state.is_select and not state.is_column_load and not state.execution_options.get(WITH_STRUCK, False):
        state.statement = state.statement.options(_STANDING)


def listen(session: Session) -> None:
    """Let this session leave struck entries out."""
    event.listen(session, "do_orm_execute", leave_out_struck)

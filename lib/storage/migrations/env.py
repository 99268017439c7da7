"""Alembic's environment: the connection, already in a transaction, comes from lib.storage.revisions."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from lib.storage.tables import Base
from lib.storage.tables.base import Moment


def _rendered(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration names types of the database, not classes of today's code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_rendered,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

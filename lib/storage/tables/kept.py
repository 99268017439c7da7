"""Kept entries: what every entry of the attachment record carries beside its content. Nothing is ever deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class Kept:
    """Version, who wrote it when, what it said before, and whether it was struck out.

    `earlier`: former contents, oldest first, each {"content", "changed_at", "changed_by_id"}. A row that was struck out
    stays, with its reason, and no reading of the record finds it (see lib/storage/struck.py)."""

    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    written_at: Mapped[datetime | None]
    earlier: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    struck_at: Mapped[datetime | None] = mapped_column()  # a value, so that the criterion finds it on the mixin
    struck_why: Mapped[str] = mapped_column(default="", server_default=text("''"))

    @declared_attr
    def written_by_id(cls) -> Mapped[int | None]:
        """Whose entry it is; None for an imported one or one made before this was kept."""
        return mapped_column(ForeignKey("account.id"))

    @declared_attr
    def struck_by_id(cls) -> Mapped[int | None]:
        """Who struck it out."""
        return mapped_column(ForeignKey("account.id"))

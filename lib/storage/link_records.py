"""Link records: questionnaire links made, answered and ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lib.storage.tables import QuestionnaireLink


def add_link(session: Session, **values: Any) -> int:
    """A new link. Returns its id."""
    row = QuestionnaireLink(**values)
    session.add(row)
    session.flush()
    return row.id


def mark_answered(session: Session, link_id: int, now: datetime) -> None:
    """The form came: the link is used up."""
    session.execute(update(QuestionnaireLink).where(QuestionnaireLink.id == link_id).values(answered_at=now))


def end_link(session: Session, link_id: int, now: datetime) -> None:
    """No longer open from now on, unanswered."""
    session.execute(update(QuestionnaireLink).where(QuestionnaireLink.id == link_id).values(expires_at=now))

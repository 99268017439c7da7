"""Messages of the section editor: one text for one section of one client's document, saved and answered one by one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import closure_sections
from lib.services.notes import SavedDraft
from lib.ui.note_messages import Answer, DraftMessage, answer_to


def carry_out(message: DraftMessage) -> Answer:
    """Save a section, and say what came of it. Never raises: an editor waits for its answer.

    The message's `note_id` is the id of the section: the browser's half is the note editor's."""
    return answer_to(message, _save)


def _save(session: Session, actor: Actor, message: DraftMessage, now: datetime) -> SavedDraft:
    version = closure_sections.save_text(
        session,
        actor,
        message.note_id,
        message.client_id,
        message.text,
        message.base_version,
        now,
        also_mine=() if message.keeps_mine else message.also_mine,
    )
    return SavedDraft(version, now)

"""Messages of the section editor: one text for one section of one client's document, saved and answered one by one."""

from __future__ import annotations

from datetime import datetime

from lib.domain.errors import Frozen, NotAllowed, NotYours, StaleVersion, UserFacingError
from lib.domain.people import Actor
from lib.services import access, closure_sections
from lib.ui import app_context
from lib.ui.error_log import log_under_an_id
from lib.ui.note_messages import Answer, DraftMessage


def carry_out(message: DraftMessage) -> Answer:
    """Save, in a transaction of its own, and say what came of it. Never raises: an editor waits for its answer.

    The message's `note_id` is the id of the section: the browser's half is the note editor's."""
    actor = app_context.actor()
    if actor is None:
        return _answer(message, "failed", words="You are signed out.")
    now = app_context.now()
    try:
        version = _save(actor, message, now)
    except StaleVersion as stale:
        return _answer(message, "conflict", theirs=stale.theirs, version=stale.their_version)
    except (NotYours, NotAllowed) as denied:
        with app_context.writing() as session:
            access.record_denial(session, actor, denied, now)
        return _answer(message, "closed", words=denied.in_words())
    except Frozen as frozen:
        return _answer(message, "closed", words=frozen.in_words())
    except UserFacingError as error:
        return _answer(message, "failed", words=error.in_words())
    except Exception as error:  # noqa: BLE001 - the edge: without an answer the editor could not say "not saved"
        return _answer(message, "failed", words=f"Something went wrong. Error id: {log_under_an_id(error)}.")
    return _answer(message, "saved", version=version, saved_at=f"{app_context.now():%H:%M:%S}")


def _save(actor: Actor, message: DraftMessage, now: datetime) -> int:
    with app_context.writing() as session:
        return closure_sections.save_text(
            session,
            actor,
            message.note_id,
            message.client_id,
            message.text,
            message.base_version,
            now,
            also_mine=() if message.keeps_mine else message.also_mine,
        )


def _answer(message: DraftMessage, status: str, **facts: object) -> Answer:
    return {"number": message.number, "status": status, **facts}

"""Messages of the note editor: read with suspicion, carried out one by one, answered after the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.errors import Frozen, NotAllowed, NotYours, StaleVersion, UserFacingError
from lib.domain.people import Actor
from lib.services import access, notes
from lib.services.notes import SavedDraft
from lib.ui import app_context
from lib.ui.error_log import log_under_an_id

_MOST_MESSAGES = 20
_MOST_EARLIER_TEXTS = 8
Answer = dict[str, Any]  # what the editor is told: number, status (saved | conflict | closed | failed), and facts


@dataclass(frozen=True, slots=True)
class DraftMessage:
    """One text for one note, as the editor sent it. `number` grows with every message of a tab."""

    note_id: int
    client_id: int
    base_version: int
    number: int
    text: str
    also_mine: tuple[str, ...]
    keeps_mine: bool


Save = Callable[[Session, Actor, DraftMessage, datetime], SavedDraft]


def messages_of(value: object) -> list[DraftMessage]:
    """The messages in what came from the browser; whatever has another shape is left out, and so never answered."""
    raw = value.get("messages") if isinstance(value, Mapping) else None
    found = [_message_of(one) for one in raw[:_MOST_MESSAGES]] if isinstance(raw, list) else []
    return [message for message in found if message is not None]


def sign_asked(value: object) -> tuple[int, int] | None:
    """Client and note whose signing sheet the key for it asks for; what has another shape asks for nothing."""
    raw = value.get("sign") if isinstance(value, Mapping) else None
    if not isinstance(raw, Mapping):
        return None
    client_id, note_id = raw.get("client_id"), raw.get("note_id")
    if type(client_id) is int and type(note_id) is int:
        return client_id, note_id
    return None


def carry_out(message: DraftMessage) -> Answer:
    """Save a note's draft, and say what came of it."""
    return answer_to(message, _save)


def answer_to(message: DraftMessage, save: Save) -> Answer:
    """Save in a transaction of its own, and say what came of it. Never raises: an editor waits for its answer."""
    actor, now = app_context.actor(), app_context.now()
    if actor is None:
        return _answer(message, "failed", words="You are signed out.")
    try:
        with app_context.writing() as session:
            saved = save(session, actor, message, now)
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
    clock = saved.saved_at.astimezone(now.tzinfo)
    return _answer(message, "saved", version=saved.version, saved_at=f"{clock:%H:%M:%S}")


def _save(session: Session, actor: Actor, message: DraftMessage, now: datetime) -> SavedDraft:
    note_id, client_id, text, base = message.note_id, message.client_id, message.text, message.base_version
    if message.keeps_mine:
        return notes.keep_mine(session, actor, note_id, client_id, text, base, now)
    return notes.save_draft(session, actor, note_id, client_id, text, base, now, also_mine=message.also_mine)


def _answer(message: DraftMessage, status: str, **facts: Any) -> Answer:
    return {"number": message.number, "status": status, **facts}


def _message_of(raw: object) -> DraftMessage | None:
    if not isinstance(raw, Mapping):
        return None
    numbers = [raw.get(name) for name in ("note_id", "client_id", "base_version", "number")]
    text, earlier = raw.get("text"), raw.get("also_mine")
    if not all(type(one) is int and 0 < one < 2**53 for one in numbers) or not isinstance(text, str):
        return None
    texts = [one for one in earlier if isinstance(one, str)] if isinstance(earlier, list) else []
    note_id, client_id, base_version, number = (int(one) for one in numbers if one is not None)
    return DraftMessage(
        note_id,
        client_id,
        base_version,
        number,
        text,
        tuple(texts[-_MOST_EARLIER_TEXTS:]),
        raw.get("keeps_mine") is True,
    )

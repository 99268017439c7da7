"""Messages of the record desk: read with suspicion, made into entries, carried out once, answered after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, get_type_hints

from lib.domain.entries import KINDS, Entry, day_of
from lib.domain.errors import InvalidInput, NotAllowed, NotYours, StaleVersion, UserFacingError
from lib.domain.people import Actor
from lib.domain.process import PartState
from lib.services import access, entries
from lib.ui import app_context, words
from lib.ui.error_log import log_under_an_id

Answer = dict[str, Any]  # ticket, status (kept | refused), words, and what may be undone
ACTS = ("add", "change", "strike")
_LONGEST_TICKET = 60


@dataclass(frozen=True, slots=True)
class DeskMessage:
    """One act, as the browser sent it. The same ticket is never carried out twice.

    `place`: "quick" when it came from the one line, "" from a list."""

    ticket: str
    act: str
    kind: str
    client_id: int
    entry_id: int
    version: int
    values: Mapping[str, Any]
    place: str = ""


def message_of(raw: object) -> DeskMessage | None:
    """The message in what came from the browser; None for anything of another shape."""
    if not isinstance(raw, Mapping):
        return None
    ticket, act, kind, values = (raw.get(name) for name in ("ticket", "act", "kind", "values"))
    numbers = [raw.get(name) for name in ("client_id", "id", "version")]
    if not (isinstance(ticket, str) and 0 < len(ticket) <= _LONGEST_TICKET and act in ACTS and kind in KINDS):
        return None
    if not isinstance(values, Mapping) or not all(type(one) is int and 0 <= one < 2**53 for one in numbers):
        return None
    client_id, entry_id, version = (int(one) for one in numbers if one is not None)
    place = "quick" if raw.get("from") == "quick" else ""
    return DeskMessage(ticket, str(act), str(kind), client_id, entry_id, version, values, place)


def carry_out(message: DeskMessage, client_id: int) -> Answer:
    """Do it in a transaction of its own and say what came of it. Never raises: the desk waits for its answer.

    `client_id` is the record the desk stands in; a message about another one is refused."""
    actor = app_context.actor()
    if actor is None:
        return _refused(message, "You are signed out. Nothing was kept.")
    try:
        if message.client_id != client_id:
            raise NotYours("entry", message.entry_id, "write")
        return _done(actor, message)
    except (NotYours, NotAllowed) as denied:
        with app_context.writing() as session:
            access.record_denial(session, actor, denied, app_context.now())
        return _refused(message, denied.in_words())
    except StaleVersion as stale:
        return _refused(message, f"{stale.message} It now says: {stale.theirs}. Nothing of yours was kept.")
    except UserFacingError as error:
        return _refused(message, error.in_words())
    except Exception as error:  # noqa: BLE001 - the edge: without an answer the desk could not say "not kept"
        return _refused(message, f"Something went wrong, nothing was kept. Error id: {log_under_an_id(error)}.")


def _done(actor: Actor, message: DeskMessage) -> Answer:
    now, definitions, client_id = app_context.now(), app_context.definitions(), message.client_id
    if message.act == "strike":
        why = message.values.get("why")
        with app_context.writing() as session:
            entries.strike_entry(
                session, actor, client_id, message.kind, message.entry_id, _text(why), now, definitions
            )
        return _kept(message, "Struck out. It stays in the record's trace.")
    entry = entry_of(message.kind, message.values)
    with app_context.writing() as session:
        if message.act == "change":
            entries.change_entry(session, actor, client_id, message.entry_id, entry, message.version, now, definitions)
            return _kept(message, "Changed. What it said before is kept with it.")
        entry_id = entries.add_entry(session, actor, client_id, entry, now, definitions)
    said = f"Kept for {words.day(day_of(entry), now.date())}."
    return _kept(message, said) | {"undo": {"kind": message.kind, "id": entry_id}}


def entry_of(kind: str, values: Mapping[str, Any]) -> Entry:
    """The entry a form's values make. Raises InvalidInput for a value that is none of its field's."""
    made = KINDS[kind]
    hints = get_type_hints(made)
    content: dict[str, Any] = {}
    for each in fields(made):
        raw = values.get(each.name)
        if raw in (None, "") and not (each.default is MISSING and hints[each.name] is str):
            if each.default is MISSING and each.default_factory is MISSING:
                raise InvalidInput("Something that is needed is still empty.", "Fill it in.", each.name)
            continue
        content[each.name] = _value(hints[each.name], raw, each.name)
    entry: Entry = made(**content)
    return entry


def _value(hint: Any, raw: Any, name: str) -> Any:
    """A form's value as its field's type."""
    if hint is bool:
        return raw is True
    if hint is PartState:
        return _of(PartState, raw, "This is no state.", name)
    if hint in (int, int | None):
        return _of(int, _text(raw), "This is a whole number.", name)
    if hint in (date, date | None):
        return _of(date.fromisoformat, _text(raw), "This is no day.", name)
    if hint is str:
        return _text(raw)
    raise InvalidInput("This is not entered here.", field=name)


def _of(make: Any, raw: Any, words_if_not: str, name: str) -> Any:
    try:
        return make(raw)
    except (TypeError, ValueError) as error:
        raise InvalidInput(words_if_not, field=name) from error


def _text(raw: object) -> str:
    return str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""


def _kept(message: DeskMessage, said: str) -> Answer:
    return {"ticket": message.ticket, "status": "kept", "words": said}


def _refused(message: DeskMessage, said: str) -> Answer:
    return {"ticket": message.ticket, "status": "refused", "words": said}

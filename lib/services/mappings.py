"""Saved mappings: which columns of somebody's export mean what, kept under a name for the next file."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor, Permission
from lib.exchange.mappings import ColumnMapping, mapping_from_json, mapping_to_json
from lib.services import access
from lib.storage import import_queries, import_records


def save_mapping(session: Session, actor: Actor, mapping: ColumnMapping, now: datetime) -> None:
    """Keep a mapping under its name; the same mapping again changes nothing.

    Raises InvalidInput when the name stands for another mapping, since nightly imports may rest on it."""
    access.require(session, actor, Permission.IMPORT_FILES)
    definition = json.loads(mapping_to_json(mapping))
    held = import_queries.saved_mapping(session, mapping.name)
    if held is not None:
        if held.definition == definition:
            return
        raise InvalidInput(f"There is another mapping named {mapping.name!r}.", "Give this one its own name.", "name")
    import_records.keep_mapping(session, mapping.name, definition, actor.account_id, now)
    access.record_event(session, actor, "mapping_saved", "mapping", now, details={"name": mapping.name})


def saved_mapping(session: Session, actor: Actor, name: str) -> ColumnMapping:
    """The mapping kept under this name. Raises InvalidInput when there is none."""
    access.require(session, actor, Permission.IMPORT_FILES)
    held = import_queries.saved_mapping(session, name)
    if held is None:
        raise InvalidInput(f"There is no mapping named {name!r}.", "See the list of saved mappings.", "mapping")
    return mapping_from_json(json.dumps(held.definition))


def mapping_names(session: Session, actor: Actor) -> tuple[str, ...]:
    """The names of all saved mappings, in order."""
    access.require(session, actor, Permission.IMPORT_FILES)
    return tuple(import_queries.mapping_names(session))

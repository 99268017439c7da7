"""Practice definitions: the product's definitions with what one practice added, as every other service uses them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.practice_instruments import held_from_json, merged
from lib.storage import instrument_queries
from lib.storage.instrument_queries import Stamp

__all__ = ["Stamp", "definitions_of", "stamp"]


def stamp(session: Session) -> Stamp:
    """What changes whenever the practice changes an instrument: definitions made under one stamp hold until then."""
    return instrument_queries.stamp(session)


def definitions_of(session: Session, shipped: Definitions) -> Definitions:
    """The definitions of this practice. What of its own breaks a rule of today is left out; a screen tells of it."""
    held = {one.key: held_from_json(one.content) for one in instrument_queries.held_instruments(session)}
    if not held:
        return shipped
    return replace(shipped, instruments=merged(shipped.instruments, held).instruments)

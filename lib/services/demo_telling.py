"""What a story of the demonstration needs while it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Days:
    """The day the demonstration stands at, and the day from which notes are written here.

    Earlier ones were kept in files, and came in as one file a client on that day: final, marked as imported."""

    clock_on: date
    notes_here_since: date


@dataclass(slots=True)
class Telling:
    """What one story needs while it is told. `ids` remembers entries that later ones hang on, by their name."""

    session: Session
    actor: Actor
    client_id: int
    code: str
    password: str
    definitions: Definitions
    book: PhraseBook
    ids: dict[str, int] = field(default_factory=dict)

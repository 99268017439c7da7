"""Typed text of closure sections: kept in the tab under client, document, section and version until it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

_KEPT = "closure-typed"


@dataclass(frozen=True, slots=True)
class Place:
    """Which wording of which section of which client's document. Text typed for one place is never used for another."""

    client_id: int
    document_id: int
    section: str
    version: int

    @property
    def key(self) -> str:
        """Its name in widget keys."""
        return f"closure-{self.client_id}-{self.document_id}-{self.section}-{self.version}"


@dataclass(slots=True)
class Typed:
    """What was typed over the lines that stood there; a line more than those is an addition."""

    lines: list[str]
    base: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what is saved."""
        return [line for line in self.lines if line.strip()] != list(self.base)


def box_key(place: Place, number: int) -> str:
    """The widget key of one box."""
    return f"{place.key}-{number}"


def keep(place: Place, base: Sequence[str], number: int) -> None:
    """A box was left: keep what is in it. The place is bound to the callback, never read from the screen."""
    held = _all().setdefault(place, Typed([*base, ""], tuple(base)))
    held.lines[number] = st.session_state.get(box_key(place, number)) or ""


def lines_of(place: Place, base: Sequence[str]) -> list[str]:
    """The lines as typed so far, with an empty one for an addition."""
    held = _all().get(place)
    return list(held.lines) if held is not None else [*base, ""]


def drop(place: Place) -> None:
    """Forget what was typed here: it is saved, or given up."""
    _all().pop(place, None)


def of_older_version(place: Place) -> Place | None:
    """Where changed text stands that began from another version of this section, if there is any."""
    for other, typed in _all().items():
        same = (other.client_id, other.document_id, other.section) == (
            place.client_id, place.document_id, place.section
        )  # fmt: skip
        if same and other.version != place.version and typed.is_changed:
            return other
    return None


def unsaved_sections(client_id: int, document_id: int) -> list[str]:
    """Keys of the sections of this document that hold typed text which is not saved."""
    return list(
        dict.fromkeys(
            place.section
            for place, typed in _all().items()
            if (place.client_id, place.document_id) == (client_id, document_id) and typed.is_changed
        )
    )


def _all() -> dict[Place, Typed]:
    found: dict[Place, Typed] = st.session_state.setdefault(_KEPT, {})
    return found

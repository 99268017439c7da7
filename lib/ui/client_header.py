"""Client header: whose record this is, on every screen about a client: name, code and date of birth as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.ui import words


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the record is about. `sessions` None: this page knows the identity alone, and claims no more."""

    client_id: int
    code: str
    name: str
    born_on: date | None
    sessions: int | None = None
    since: date | None = None
    therapist: str = ""
    last_seen_on: date | None = None

    @property
    def called(self) -> str:
        """The name, or the code where an import knew only that."""
        return self.name or self.code

    @property
    def whose(self) -> str:
        """Name, code and birth in one line, for buttons that write."""
        born = words.full_day(self.born_on) if self.born_on else "birth date not known"
        return f"{self.called} · {self.code} · {born}"


def show(identity: Identity, today: date) -> None:
    """The strip. Everything in it is st.text: a name never becomes markup."""
    with st.container(key=f"identity-{identity.client_id}", horizontal=True, vertical_alignment="center", gap="large"):
        with st.container(key=f"clientname-{identity.client_id}", width="content"):
            st.text(identity.called)
        with st.container(key=f"facts-{identity.client_id}", width="content", gap=None):
            with st.container(key=f"strong-facts-{identity.client_id}"):
                st.text(f"{identity.code} · {words.born(identity.born_on, today)}")
            if identity.sessions is not None:
                with st.container(key=f"quiet-facts-{identity.client_id}"):
                    st.text(" · ".join(_quiet(identity, identity.sessions, today)))


def _quiet(identity: Identity, held: int, today: date) -> list[str]:
    sessions = words.count(held, "session")
    if identity.since is not None:
        sessions += f" since {words.day(identity.since, today)}"
    seen = f"last seen {words.day(identity.last_seen_on, today)}" if identity.last_seen_on else "not seen yet"
    return [sessions, identity.therapist or "nobody assigned", seen]

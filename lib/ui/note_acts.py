"""Note acts: one act, one transaction, from a callback; and what went wrong, shown once at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.errors import NotAllowed, NotYours, ReauthenticationNeeded, StaleVersion, UserFacingError
from lib.domain.people import Actor
from lib.ui import app_context, errors

Result = TypeVar("Result")
SHOWN = "note_desk_shown"  # what this tab was shown last, for runs that only saved words; every act ends it


def act(place: str, do: Callable[[Session, Actor], Result]) -> Result | None:
    """Do it in one transaction, from a callback. What went wrong is kept for `problem` to show at its place.

    A callback runs before the page's gate, so who acts is looked up here; a stranger's act is left undone."""
    st.session_state.pop(SHOWN, None)
    actor = app_context.actor()
    if actor is None:
        return None
    try:
        with app_context.writing() as session:
            return do(session, actor)
    except UserFacingError as error:
        st.session_state[f"problem-{place}"] = error
        return None


def problem(place: str) -> None:
    """Show what went wrong here in the last step, once. Denials and wrong passwords also leave their event."""
    error: UserFacingError | None = st.session_state.pop(f"problem-{place}", None)
    if isinstance(error, NotAllowed | NotYours | ReauthenticationNeeded):
        with errors.shown_to_the_user():
            raise error
    if error is not None:
        errors.show(error)
    if isinstance(error, StaleVersion):
        st.text(f"Yours: {error.yours}")
        st.text(f"Saved elsewhere: {error.theirs}")


def password_field(key: str) -> None:
    """The password again, where there is one: in the demonstration nobody has any."""
    if app_context.is_demonstration():
        st.text("In the demonstration no password is asked; in a practice it is asked again here.")
    else:
        st.text_input("Your password", type="password", key=key)

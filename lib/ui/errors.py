"""Errors: translated once, here. What a person can mend is shown in words; the rest is logged under an id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.bootstrap import local_now
from lib.domain.errors import NotAllowed, NotYours, ReauthenticationNeeded, UserFacingError
from lib.domain.people import Actor
from lib.services import access, accounts
from lib.ui import app_context
from lib.ui.error_log import log_under_an_id


@contextmanager
def shown_to_the_user() -> Iterator[None]:
    """Show a UserFacingError in plain text and stop the page; log anything else under an id and show the id."""
    try:
        yield
    except UserFacingError as error:
        _write_down(error)
        show(error)
    except Exception as error:  # noqa: BLE001 - the edge: nothing below may swallow, so everything ends here
        show_unexpected(error)
    else:
        return
    st.stop()


def show(error: UserFacingError) -> None:
    """The error's words as plain text: they may hold what was typed, which must not become markup."""
    with st.container(key=f"problem_{id(error)}", border=True):
        st.text(f"⚠ {error.message}")
        if error.mend:
            st.text(error.mend)


def show_unexpected(error: BaseException) -> None:
    """Words without the error's own, and the id under which it was logged."""
    error_id = log_under_an_id(error)
    st.error(
        f"Something went wrong, and nothing was saved by this step. Error id: {error_id}. "
        "Try again; if it stays, give this id to whoever looks after the installation.",
        icon=":material/error:",
    )


def on_script_error(error: Exception) -> bool:
    """What the server does with an error that no page caught. True: Streamlit shows nothing of its own."""
    if isinstance(error, UserFacingError):
        _write_down(error)
        show(error)
    else:
        show_unexpected(error)
    return True


def _write_down(error: UserFacingError) -> None:
    """Denials and wrong passwords leave their event in a transaction of their own; the refused one rolled back."""
    actor: Actor | None = app_context.actor()
    if actor is None:
        return
    if isinstance(error, NotAllowed | NotYours):
        with app_context.writing() as session:
            access.record_denial(session, actor, error, app_context.now())
    elif isinstance(error, ReauthenticationNeeded) and error.was_wrong:
        with app_context.writing() as session:
            accounts.count_failed_reauthentication(session, actor, local_now())

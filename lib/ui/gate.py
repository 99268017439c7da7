"""Gate: the first statement of every page. Nobody sees what their roles do not open."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from lib.domain.errors import NotAllowed
from lib.domain.people import Actor, Permission
from lib.ui import app_context, errors


def require(permission: Permission) -> Actor:
    """The actor, when one of their roles opens this page. Else the page stops, with words; a denial is an event."""
    actor = the_actor()
    with errors.shown_to_the_user():
        if not actor.has(permission):
            raise NotAllowed(permission.value, "page")
    return actor


def the_actor() -> Actor:
    """Who acts, looked up anew, for an act long after the page's first statement. A stranger is sent to the door."""
    return app_context.actor() or stop_as_stranger()


def stop_as_stranger() -> NoReturn:
    """Words and the way to the door, for a browser that is not, or no longer, signed in. Nothing else is drawn."""
    st.title("You are signed out")
    st.text("Fifteen minutes passed without use, you signed out elsewhere, or your account was changed.")
    st.html('<p><a href="/sign-in" target="_self">Sign in again</a></p>')
    st.stop()
    raise AssertionError("st.stop does not return")

"""Account forms: the second step with its QR code drawn here, recovery codes shown once, signing out everywhere."""

from __future__ import annotations

import segno
import streamlit as st

from lib.bootstrap import local_now
from lib.services import accounts, own_account, second_step
from lib.services.own_account import OwnFacts
from lib.ui import app_context, errors
from lib.ui.gate import the_actor

_SECRET = "new_second_step_secret"  # noqa: S105 - the name of a place, not a secret
_CODES = "recovery_codes_to_show"


def show(facts: OwnFacts) -> None:
    """Everything about the own account, in one column."""
    with st.container(width=640):
        st.text(f"{facts.name} · {facts.email}")
        trainee = ", trainee" if facts.is_trainee else ""
        st.text("Roles: " + ", ".join(role.replace("_", " ") for role in facts.roles) + trainee)
        st.header("Password")
        st.html('<p><a href="/change-password" target="_self">Change your password</a></p>')
        st.header("Second step at sign-in")
        _recovery_codes()
        if facts.has_second_step:
            _present_second_step(facts)
        else:
            _offer_second_step(facts)
        st.header("Signed in elsewhere?")
        st.text("Ends every sign-in of this account, this browser included.")
        if st.button("Sign out everywhere"):
            _sign_out_everywhere()


def _present_second_step(facts: OwnFacts) -> None:
    st.text(f"On: a six-digit code is asked for at sign-in. {facts.recovery_codes_left} recovery codes left.")
    with st.form("remove_second_step", clear_on_submit=True):
        password = st.text_input("Your password", type="password", autocomplete="current-password")
        if st.form_submit_button("Remove the second step"):
            actor = the_actor()
            with errors.shown_to_the_user(), app_context.writing() as session:
                own_account.remove_second_step(session, actor, password, local_now())
            st.rerun()


def _offer_second_step(facts: OwnFacts) -> None:
    st.text("Off. With it, a stolen password alone opens nothing. You need an authenticator app on your telephone.")
    if _SECRET not in st.session_state:
        if st.button("Set up the second step"):
            st.session_state[_SECRET] = second_step.new_secret()
            st.rerun()
        return
    secret = st.session_state[_SECRET]
    address = second_step.address_for_telephone(secret, facts.email)
    st.text("1. Scan this with the app, or type the letters into it.")
    st.image(_qr_picture(address), width=220, alt="QR code that carries the letters below")
    st.code(" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), language=None)
    with st.form("add_second_step", clear_on_submit=True):
        code = st.text_input("2. The six digits the app shows now", autocomplete="one-time-code", max_chars=10)
        password = st.text_input("3. Your password", type="password", autocomplete="current-password")
        if st.form_submit_button("Turn it on", type="primary"):
            actor = the_actor()
            with errors.shown_to_the_user(), app_context.writing() as session:
                codes = own_account.add_second_step(session, actor, secret, code, password, local_now())
            del st.session_state[_SECRET]
            st.session_state[_CODES] = codes
            st.rerun()


def _recovery_codes() -> None:
    """The codes, until the person says that they are written down."""
    codes = st.session_state.get(_CODES)
    if not codes:
        return
    with st.container(border=True, key="strong_codes"):
        st.text("Write these recovery codes down now. Each opens the account once, if the telephone is lost.")
        st.code("\n".join(codes), language=None)
        if st.button("I have written them down", type="primary"):
            del st.session_state[_CODES]
            st.rerun()


def _sign_out_everywhere() -> None:
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        accounts.sign_out_everywhere(session, actor, local_now())
    st.rerun()


def _qr_picture(address: str) -> str:
    """The QR code as PNG, dark on white whatever the theme: telephones need it so. Made here, at no address."""
    return segno.make(address, error="m").png_data_uri(scale=6, border=4)

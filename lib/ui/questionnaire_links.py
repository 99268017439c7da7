"""Questionnaire links: a form for the client to fill in alone, on this device handed over or on one of their own."""

from __future__ import annotations

import html
from urllib.parse import urlparse

import segno
import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.services import questionnaire_links
from lib.services.questionnaire_links import OpenLink
from lib.ui import app_context, errors, gate, measure_forms, words
from lib.ui.client_header import Identity


def show(actor: Actor, identity: Identity, check_in_id: int | None = None) -> None:
    """Choose a form, make its link, give it; below, the links that still wait. `check_in_id`: asked at which one."""
    client_id, definitions = identity.client_id, app_context.definitions()
    st.text("The client reads and answers it alone. It can be used once, within seven days; it opens nothing else.")
    made = f"link-made-{client_id}"
    if made in st.session_state:
        _show_made(st.session_state[made], identity)
    else:
        _ask(actor, client_id, definitions, made, check_in_id)
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        waiting = questionnaire_links.open_links(session, actor, client_id, now)
    _show_waiting(waiting, client_id, definitions)


def _ask(actor: Actor, client_id: int, definitions: Definitions, made: str, check_in_id: int | None) -> None:
    usual = measure_forms.usual(actor, client_id)
    offered = {key: one for key, one in definitions.instruments.items() if questionnaire_links.may_be_sent(one)}
    chosen = st.selectbox(
        "Questionnaire",
        list(offered),
        index=list(offered).index(usual) if usual in offered else 0,
        format_func=lambda key: offered[key].name,
        key=f"link-what-{client_id}",
        width=420,
    )
    targets = offered[chosen].targets or ("general",)
    target = targets[0]
    if len(targets) > 1:
        target = st.selectbox("About", targets, key=f"link-about-{client_id}-{chosen}", width=260)
    if st.button("Make the link", type="primary", key=f"link-make-{client_id}"):
        with errors.shown_to_the_user():
            by, now = gate.the_actor(), app_context.now()
            mark = app_context.token()[:1]
            with app_context.writing() as session:
                token = questionnaire_links.make_link(
                    session, by, client_id, chosen, target, now, definitions, mark, check_in_id=check_in_id
                )
        st.session_state[made] = {"token": token, "what": offered[chosen].short_name}
        st.rerun()


def _show_made(made: dict[str, str], identity: Identity) -> None:
    """The address is told this once: only its fingerprint is kept."""
    path = f"/questionnaire/{made['token']}"
    here = urlparse(st.context.url or "")
    address = f"{here.scheme}://{here.netloc}{path}"
    with st.container(border=True, key=f"link-{identity.client_id}"):
        st.text(f"{made['what']} for {identity.whose}. This address is shown only now.")
        st.code(address, language=None)
        only_here = is_only_here(here.hostname)
        if only_here:
            st.text(
                "Secure Base runs for this device alone: the address opens on no other. Hand this one over instead."
            )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            if not only_here:
                st.image(_picture(address), width=180, alt="QR code that carries the address above")
            # A plain link in this very tab: the page behind it signs this device out before the form is shown.
            st.html(f'<a href="{html.escape(path)}" target="_self">Hand this device over to the client</a>')
            if st.button("Done", key=f"link-done-{identity.client_id}"):
                del st.session_state[f"link-made-{identity.client_id}"]
                st.rerun()


def _show_waiting(waiting: tuple[OpenLink, ...], client_id: int, definitions: Definitions) -> None:
    if not waiting:
        return
    today = app_context.today()
    st.header("Not answered yet", anchor=False)
    for link in waiting:
        instrument = definitions.instruments.get(link.instrument)
        about = "" if link.target == "general" else f" about {link.target}"
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"row-link-{client_id}-{link.id}"
        ):
            name = instrument.short_name if instrument is not None else link.instrument
            st.text(
                f"{name}{about}, made by {link.made_by} on {words.day(link.made_at.date(), today)}, "
                f"open until {words.day(link.expires_at.date(), today)}"
            )
            if st.button("Withdraw", key=f"link-end-{client_id}-{link.id}"):
                with errors.shown_to_the_user():
                    by, now = gate.the_actor(), app_context.now()
                    with app_context.writing() as session:
                        questionnaire_links.withdraw_link(session, by, client_id, link.id, now)
                st.rerun()


def is_only_here(host: str | None) -> bool:
    """Whether a name of this server is the device's own name for itself, which leads another device to itself."""
    return host == "localhost" or (host is not None and (host == "::1" or host.startswith("127.")))


def _picture(address: str) -> str:
    """The QR code, inside the page and at no address of its own."""
    return segno.make(address, error="m").png_data_uri(scale=5, border=4)

"""Shell: runs before every page. Who is here, which pages their roles open, and the line above all of them."""

from __future__ import annotations

import streamlit as st

from lib.ui import app_context, frame, gate, navigation, state
from lib.ui.door import tabs

st.set_page_config(page_title="Secure Base", layout="wide", initial_sidebar_state="collapsed")
frame.apply_theme()

signed_in = app_context.signed_in()
if signed_in is None:
    gate.stop_as_stranger()

tabs.remember(app_context.tab(), app_context.token())
state.belongs_to(f"{app_context.token()[:1]}{signed_in.login_id}")
state.keep_in_address()
is_turned = signed_in.turned_to is not None
page = navigation.offered_to(signed_in.actor, is_turned)
if is_turned and not navigation.stands_alone(page):
    navigation.open_page("pages/client/turn_round.py")  # a client looks on: every address and tab leads there
if navigation.stands_alone(page):
    frame.take_away()
else:
    frame.title_line(signed_in)
page.run()

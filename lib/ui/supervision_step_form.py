"""Step form: the therapist's own word that a step agreed in supervision is done, with the day and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.services import supervision
from lib.services.supervision import CaseComment
from lib.ui import app_context, errors, fresh, gate, plain


def offer(steps: Sequence[CaseComment], key: str, now: datetime) -> None:
    """One button for these open steps; drawn in full when it is opened. The step's client travels with its number."""
    if not steps:
        return
    menu = st.popover("Say that a step is done", icon=":material/task_alt:", key=key, on_change="rerun")
    if not menu.open:
        return
    told = {one.id: one for one in steps}

    def in_words(comment_id: int) -> str:
        one = told[comment_id]
        return plain.as_option(f"{one.client_code}: {one.agreed_step}"[:90])

    with menu, st.form(f"{key}-form", border=False):
        chosen = st.selectbox("Step", list(told), format_func=in_words, key=f"{key}-which")
        done_on = st.date_input("Done on", now.date(), max_value=now.date(), format="YYYY-MM-DD", key=f"{key}-on")
        said = st.text_input(
            "What came of it, for your supervisor", max_chars=supervision.LONGEST, key=fresh.key(f"{key}-said")
        )
        sent = st.form_submit_button("Say it is done", type="primary")
    if not sent or chosen not in told or done_on is None:
        return
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        supervision.say_step_done(session, actor, chosen, told[chosen].client_id, done_on, said, now)
    fresh.begin_again(f"{key}-said")
    st.rerun()


def said_in_words(one: CaseComment, day: str) -> str:
    """ "said done 20 Nov: asked, and she was glad"; empty where nothing was said."""
    if one.said_done_on is None:
        return ""
    return f"said done {day}" + (f": {' '.join(one.said.split())}" if one.said else "")

"""Check-in view: what was agreed for after the end, the next one with the plan beside it, and what was found."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.check_ins import CheckInState, SignSeen
from lib.domain.people import Actor
from lib.services import check_ins
from lib.services.check_ins import AfterTheEnd, CheckInView
from lib.ui import (
    app_context,
    closure_words,
    errors,
    gate,
    measure_forms,
    navigation,
    plain,
    plain_table,
    questionnaire_links,
    words,
)
from lib.ui.client_header import Identity
from lib.ui.ending_words import STATE_WORDS

_SEEN = {"not asked": None, "no": False, "yes": True}
_COLUMNS = ("Check-in", "Day", "State", "Agreed level", "Early signs seen", "What was found")


def show(actor: Actor, identity: Identity) -> None:
    """Every check-in, then the first that is due with its forms; the plan stands beside them."""
    client_id, now = identity.client_id, app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        after = check_ins.after_the_end(session, actor, client_id, now, app_context.definitions())
    st.header("Check-ins", anchor=False)
    if not after.check_ins:
        st.text("No check-ins were agreed at this ending.")
        return
    today = now.date()
    rows = [_row(one, today) for one in after.check_ins]
    plain_table.show(rows, _COLUMNS, "Check-in", "Check-ins after the end", f"check-ins-{client_id}")
    if after.level is not None:
        name, level, side = after.level
        st.text(f'Agreed as "get in touch": {name} at {level:g} or {side}.')
    _show_plan(after, client_id)
    due = [one for one in after.check_ins if one.state is CheckInState.DUE]
    if due and after.may_write:
        _ask(actor, identity, after, due, today)


def _row(one: CheckInView, today: date) -> plain_table.Row:
    seen = [sign.sign for sign in one.signs if sign.seen]
    asked = [sign for sign in one.signs if sign.seen is not None]
    level = "–" if one.level_value is None else f"{one.level_value:g}, {'crossed' if one.crossed else 'not crossed'}"
    late = " · overdue" if one.state is CheckInState.DUE and one.due_on < today else ""
    return plain_table.plain_row(
        {
            "Check-in": _name(one),
            "Day": words.day(one.held_on or one.due_on, today),
            "State": STATE_WORDS[one.state] + late,
            "Agreed level": level,
            "Early signs seen": ("; ".join(seen) or f"none of {len(asked)} asked") if asked else "–",
            "What was found": one.what or "–",
        }
    )


def _name(one: CheckInView) -> str:
    return "Check-in" if one.month is None else f"{words.count(one.month, 'month')}"


def _show_plan(after: AfterTheEnd, client_id: int) -> None:
    """The client's own plan, drawn when it is opened."""
    if not after.plan:
        st.text("No relapse-prevention plan is on file, so no early signs of the client's own are asked for.")
        return
    state = "signed" if after.plan_is_signed else "a draft, not signed"
    if after.not_named:
        _tell_not_named(after, client_id)
    opened = st.expander(f"Their relapse-prevention plan ({state})", key=f"plan-beside-{client_id}", on_change="rerun")
    if opened.open:
        with opened:
            for number, (title, said) in enumerate(after.plan):
                with st.container(key=f"strong-plan-{client_id}-{number}"):
                    st.text(title)
                st.text(said)


def _tell_not_named(after: AfterTheEnd, client_id: int) -> None:
    """What is signed never changes, so a day that was moved afterwards is said here, with the way to a new version."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"▲ {closure_words.not_named(after.not_named, app_context.today())}")
        if st.button("Open the plan", key=f"plan-open-{client_id}"):
            st.session_state[f"closure-chosen-{client_id}"] = "plan-client"
            navigation.open_page("pages/clinician/closure.py")


def _ask(actor: Actor, identity: Identity, after: AfterTheEnd, due: list[CheckInView], today: date) -> None:
    client_id = identity.client_id
    by_id = {one.id: one for one in due}
    # A box keeps the words it was first drawn with, so it begins anew when a day was moved.
    days = "-".join(one.due_on.isoformat() for one in due)
    chosen = st.selectbox(
        "Check-in to hold", list(by_id), key=f"check-in-which-{client_id}-{days}", width=320,
        format_func=lambda one: f"{_name(by_id[one])}, due {words.day(by_id[one].due_on, today)}",
    )  # fmt: skip
    step = st.segmented_control(
        "Step", ["Enter a questionnaire", "Ask the client by link", "Record the check-in", "Move it"],
        key=f"check-in-step-{client_id}", label_visibility="collapsed",
    )  # fmt: skip
    if step == "Enter a questionnaire":
        _enter_form(identity, by_id[chosen], today)
    elif step == "Ask the client by link":
        questionnaire_links.show(actor, identity, chosen)
    elif step == "Record the check-in":
        _record(identity, by_id[chosen], after.signs, today)
    elif step == "Move it":
        _move(identity, by_id[chosen], today)


def _enter_form(identity: Identity, one: CheckInView, today: date) -> None:
    instruments = app_context.definitions().instruments
    offered = {key: instruments[key] for key in one.measures if key in instruments} or dict(instruments)
    chosen = measure_forms.choose(identity.client_id, offered, next(iter(offered)), today)
    with errors.shown_to_the_user():
        form = measure_forms.ask(chosen, identity.code, identity.whose)
        if form is None:
            return
        by, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            check_ins.enter_form(session, by, chosen.client_id, one.id, form, now, app_context.definitions())
    measure_forms.begin_anew(chosen)
    st.rerun()


def _record(identity: Identity, one: CheckInView, signs: tuple[str, ...], today: date) -> None:
    client_id = identity.client_id
    key = f"{client_id}-{one.id}"
    states = [CheckInState.HELD, CheckInState.NOT_REACHED, CheckInState.NOT_WANTED]
    with st.form(key=f"check-in-form-{key}", border=False):
        with st.container(horizontal=True):
            state = st.selectbox(
                "What became of it", states, format_func=STATE_WORDS.__getitem__, key=f"check-in-state-{key}", width=200
            )
            held_on = st.date_input("On", today, max_value=today, format="YYYY-MM-DD", key=f"check-in-on-{key}",
                                    width=160)  # fmt: skip
        seen = []
        for number, sign in enumerate(signs):
            said = st.radio(plain.as_label(sign), list(_SEEN), horizontal=True, key=f"check-in-sign-{key}-{number}")
            seen.append(SignSeen(sign, _SEEN[str(said)]))
        what = st.text_area("What was found", key=f"check-in-what-{key}", height=100)
        st.text(f"For {identity.whose}. Enter questionnaires first: the agreed level is read from them.")
        sent = st.form_submit_button("Keep the check-in", type="primary")
    if not sent:
        return
    with errors.shown_to_the_user():
        by, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            check_ins.hold_check_in(
                session, by, client_id, one.id, state, held_on, what, seen, now, app_context.definitions()
            )
    st.rerun()


def _move(identity: Identity, one: CheckInView, today: date) -> None:
    key = f"{identity.client_id}-{one.id}"
    with st.form(key=f"check-in-move-{key}", border=False):
        due_on = st.date_input("New day", max(one.due_on, today), min_value=today, format="YYYY-MM-DD", width=160)
        st.text(f"For {identity.whose}.")
        sent = st.form_submit_button("Move")
    if not sent:
        return
    with errors.shown_to_the_user():
        by, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            check_ins.move_check_in(session, by, identity.client_id, one.id, due_on, now, app_context.definitions())
    st.rerun()

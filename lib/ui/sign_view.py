"""Signs then and now: how often each was seen in a context at first and at last, drawn; and the form to rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.domain.clinical_model import ClinicalModel
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.domain.signs import SIGN_LEVELS, ThenAndNow, then_and_now
from lib.services import entries
from lib.services.client_record import ClientOverview
from lib.ui import app_context, drawings, errors, palette, words
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette
from lib.ui.plain import as_label, as_option

WIDTH, ROW, LEFT, RIGHT = 900, 26, 300, 640
_NOT_ENOUGH = "cannot say"


def show(
    actor: Actor,
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    whose: str,
    now: datetime,
) -> None:
    """One drawing a context that was rated, then the form."""
    client_id, model, today = overview.client.id, definitions.model, now.date()
    st.header("Signs, then and now", anchor=False)
    pairs = then_and_now(record.signs)
    if not pairs:
        st.text("No sign is rated yet. Rate at intake what was seen, one context at a time; re-rate when useful.")
    else:
        with st.container(key=f"quiet-signs-{client_id}"):
            st.text("hollow = first rating, filled = latest · how often it was seen; our own words, no published scale")
    for context in model.contexts.values():
        seen = [pair for pair in pairs if pair.context == context.key]
        if seen:
            with st.container(key=f"strong-signs-{client_id}-{context.key}"):
                st.text(context.label)
            said = ". ".join(_in_words(pair, model, today) for pair in seen)
            shapes, height = sign_shapes(seen, model, palette.current(), today), ROW * len(seen) + 26
            key = f"signs-{client_id}-{context.key}"
            drawings.show(shapes, WIDTH, height, f"{context.label}. {said}", key, fixed=True)
    if overview.client.may_write:
        _rate(actor, client_id, record, model, whose, now)


def sign_shapes(pairs: Sequence[ThenAndNow], model: ClinicalModel, colours: Palette, today: date) -> list[Shape]:
    """The levels as columns, a row a sign, the way from then to now."""
    bottom = ROW * len(pairs)
    found = []
    for level, name in enumerate(SIGN_LEVELS):
        x = _x(level)
        found.append(shape("line", x1=x, y1=2, x2=x, y2=bottom, stroke=colours.line, stroke_width=1))
        found.append(shape("text", name, x=x, y=bottom + 18, fill=colours.muted, font_size=12.5, text_anchor="middle"))
    for place, pair in enumerate(pairs):
        found += _row(pair, model, colours, today, ROW * place + ROW / 2)
    return found


def _row(pair: ThenAndNow, model: ClinicalModel, colours: Palette, today: date, y: float) -> list[Shape]:
    label = model.signs[pair.sign].label if pair.sign in model.signs else pair.sign
    found = [shape("text", label, x=0, y=y + 4, fill=colours.ink, font_size=13.5)]
    then = _x(pair.then.level or 0)
    found.append(_first(then, y, colours))
    if pair.now is not None and pair.now.level is not None:
        now = _x(pair.now.level)
        if now != then:
            found.append(shape("line", x1=then, y1=y, x2=now, y2=y, stroke=colours.accent, stroke_width=2))
            found.append(_first(then, y, colours))
        found.append(shape("circle", cx=now, cy=y, r=5.5 if now != then else 3, fill=colours.accent))
        days = f"{words.day(pair.then.rated_on, today)} – {words.day(pair.now.rated_on, today)}"
    else:
        days = words.day(pair.then.rated_on, today)
    found.append(shape("text", days, x=RIGHT + 44, y=y + 4, fill=colours.muted, font_size=12.5))
    return found


def _first(x: float, y: float, colours: Palette) -> Shape:
    return shape("circle", cx=x, cy=y, r=5.5, fill=colours.page, stroke=colours.accent, stroke_width=1.6)


def _x(level: int) -> float:
    return LEFT + (RIGHT - LEFT) * level / (len(SIGN_LEVELS) - 1)


def _in_words(pair: ThenAndNow, model: ClinicalModel, today: date) -> str:
    label = model.signs[pair.sign].label if pair.sign in model.signs else pair.sign
    said = f"{label}: {SIGN_LEVELS[pair.then.level or 0]} on {words.day(pair.then.rated_on, today)}"
    if pair.now is None or pair.now.level is None:
        return said
    return f"{said}, {SIGN_LEVELS[pair.now.level]} on {words.day(pair.now.rated_on, today)}"


def _rate(
    actor: Actor, client_id: int, record: AttachmentRecord, model: ClinicalModel, whose: str, now: datetime
) -> None:
    key = f"signs-{client_id}-{max((one.id for one in record.signs), default=0)}"
    with st.expander("Rate signs", key=f"rate-{key}"):
        sent = _ask(model, whose, now.date(), key)
        if sent is not None:
            context, rated_on, levels = sent
            with errors.shown_to_the_user(), app_context.writing() as session:
                entries.rate_signs(session, actor, client_id, context, rated_on, levels, now, app_context.definitions())
            st.rerun()
        _take_back(actor, client_id, record, model, key, now)


def _ask(model: ClinicalModel, whose: str, today: date, key: str) -> tuple[str, date, dict[str, int | None]] | None:
    """Context, day and the levels that were chosen, once the form was sent."""
    options = [*range(len(SIGN_LEVELS)), -1]
    with st.form(f"form-{key}", border=False):
        st.text(f"For {whose}. Rate only what was seen; what is left open says nothing.")
        with st.container(horizontal=True):
            context = st.selectbox(
                "Seen with",
                list(model.contexts),
                index=None,
                placeholder="Where?",
                format_func=lambda one: as_option(model.contexts[one].label),
                key=f"{key}-context",
                width=240,
            )
            rated_on = st.date_input("Day", today, max_value=today, key=f"{key}-day", width=180)
        levels = {}
        with st.container(horizontal=True):
            for sign in model.signs.values():
                levels[sign.key] = st.selectbox(
                    sign.label,
                    options,
                    index=None,
                    placeholder="not rated",
                    format_func=lambda one: SIGN_LEVELS[one] if one >= 0 else _NOT_ENOUGH,
                    help=as_label(sign.words),
                    key=f"{key}-{sign.key}",
                    width=230,
                )
        sent = st.form_submit_button("Save ratings", type="primary", key=f"{key}-save")
    if not sent or not isinstance(rated_on, date):
        return None
    chosen = {name: None if level == -1 else level for name, level in levels.items() if level is not None}
    return context or "", rated_on, chosen


def _take_back(
    actor: Actor, client_id: int, record: AttachmentRecord, model: ClinicalModel, key: str, now: datetime
) -> None:
    """One press takes the newest ratings back, where they were entered by mistake."""
    if not record.signs:
        return
    newest = max(record.signs, key=lambda one: one.id)
    context = model.contexts[newest.context].label if newest.context in model.contexts else newest.context
    said = f"Take back: {context}, {words.day(newest.rated_on, now.date())}"
    if st.button(as_label(said), key=f"{key}-take-back"):
        with errors.shown_to_the_user(), app_context.writing() as session:
            entries.take_back_signs(session, actor, client_id, newest.context, newest.rated_on, now)
        st.rerun()

"""An open draft: sections with their state at the left, one of them in the middle, what blocks signing at the right."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.closure import Section
from lib.domain.people import Actor
from lib.services import closure
from lib.services.closure import OpenedDocument
from lib.ui import (
    app_context,
    closure_editor,
    closure_words,
    document_download,
    level_form,
    read_aloud,
    screen_width,
    sheet,
    sign_dialog,
    words,
)
from lib.ui.client_header import Identity
from lib.ui.closure_editor import Place
from lib.ui.closure_words import Slot
from lib.ui.note_forms import act, problem
from lib.ui.plain import as_label

_KEPT_BY = {
    "again": "Drafted sentences are made anew; what you wrote stays at the end of its section. Sentences you took out "
    "come back, and sections that change are to be reviewed again.",
    "keep": "Sentences stay as they are. One whose source is gone is marked as own words.",
}


def show(actor: Actor, identity: Identity, slot: Slot, opened: OpenedDocument) -> None:
    """The whole desk of one draft."""
    draft, today = opened.stored.draft, app_context.today()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(slot.name, width="content")
        with st.container(key=f"quiet-contents-{opened.stored.document_id}", gap=None):
            st.text(closure_words.contents_line(draft, today))
            if draft.supersedes:
                st.text(f"Will supersede {draft.supersedes}.")
    section = _chosen(identity, opened)
    if screen_width.is_narrow():
        _section_box(identity, opened, section)
        middle, right = st.columns([4, 2], gap="medium")
    else:
        left, middle, right = st.columns([1.55, 4, 1.6], gap="medium")
        with left:
            _sections(identity, opened, section)
    with middle:
        place = Place(
            identity.client_id, opened.stored.document_id, section.key, opened.stored.section_ids[section.key],
            opened.stored.section_versions[section.key],
        )  # fmt: skip
        closure_editor.show(actor, identity, place, section, slot.name, may_write=opened.may_write)
        if section.key == "lapse" and opened.may_write:
            level_form.show(actor, identity)
    with right:
        _before_signing(identity, opened)


def _chosen_key(identity: Identity, opened: OpenedDocument) -> str:
    return f"closure-section-{identity.client_id}-{opened.stored.document_id}"


def _chosen(identity: Identity, opened: OpenedDocument) -> Section:
    held = st.session_state.get(_chosen_key(identity, opened))
    found = opened.stored.draft.sections
    return next((section for section in found if section.key == held), found[0])


def _section_box(identity: Identity, opened: OpenedDocument, open_one: Section) -> None:
    """The sections as one box, where the window is too narrow for a list beside the text."""
    told = {
        each.key: f"{each.title} · {closure_words.section_state(each).value}" for each in opened.stored.draft.sections
    }
    name, keys = _chosen_key(identity, opened), list(told)
    key = f"{name}-box-{open_one.key}"
    st.selectbox(
        "Section", keys, index=keys.index(open_one.key), format_func=told.__getitem__, key=key,
        on_change=lambda: st.session_state.update({name: st.session_state[key]}),
    )  # fmt: skip


def _sections(identity: Identity, opened: OpenedDocument, open_one: Section) -> None:
    with st.container(key=f"sections-{identity.client_id}-{opened.stored.document_id}", gap=None):
        for section in opened.stored.draft.sections:
            key = f"{identity.client_id}-{opened.stored.document_id}-{section.key}"
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    as_label(closure_words.short_title(section.title)), key=f"go-{key}", width="stretch", wrap=True,
                    type="secondary" if section is open_one else "tertiary",
                    on_click=_go, args=(_chosen_key(identity, opened), section.key),
                )  # fmt: skip
                with st.container(key=f"quiet-state-{key}", width=82):
                    st.text(closure_words.section_state(section).value)


def _go(name: str, key: str) -> None:
    st.session_state[name] = key


def _before_signing(identity: Identity, opened: OpenedDocument) -> None:
    """Everything that stands against signing, each with its way out, beside the button."""
    document_id = opened.stored.document_id
    st.header("Before signing")
    _asked_by_supervisor(opened)
    problem(f"closure-draft-{document_id}")
    if not opened.blocked_by:
        st.text("Nothing stands against signing.")
    for number, reason in enumerate(opened.blocked_by):
        with st.container(key=f"reason-{document_id}-{number}", gap=None):
            st.text(f"● {reason.why}")
            with st.container(key=f"quiet-reason-{document_id}-{number}"):
                st.text(reason.way_out)
    if opened.changed:
        _changed(identity, opened)
    if not opened.may_write:
        st.text("You read this draft; only the client's therapist can change or sign it.")
        return
    if st.button(
        "Sign …", type="primary", key=f"sign-open-{identity.client_id}-{document_id}", icon=":material/draw:",
        disabled=bool(opened.blocked_by), width="stretch",
    ):  # fmt: skip
        sheet.ask(sign_dialog.name_of(document_id))
    if sheet.is_open(sign_dialog.name_of(document_id)):
        sign_dialog.sign(identity, document_id)
    name = f"{identity.code}_DRAFT_{opened.stored.draft.kind.value}_{opened.stored.draft.audience.value}"
    with st.popover("Preview", key=f"preview-{document_id}", icon=":material/visibility:", width="stretch"):
        for form, label in closure_words.forms_of(opened.stored.draft.kind):
            document_download.button(label, document_id, f"{name}_{form}", form, identity.client_id)
    if st.button("Plain text, to read aloud", key=f"aloud-{identity.client_id}-{document_id}", type="tertiary"):
        read_aloud.show(opened.stored.draft, identity)
    with st.popover("Discard this draft", key=f"discard-{document_id}", type="tertiary"):
        st.text(f"The draft for {identity.whose} is put away. Nothing signed is touched.")
        st.button(
            "Discard it", key=f"discard-yes-{identity.client_id}-{document_id}", on_click=_discard,
            args=(identity.client_id, document_id),
        )  # fmt: skip


def _asked_by_supervisor(opened: OpenedDocument) -> None:
    """What the supervisor wrote when the version before was given back, beside the text that answers it."""
    today, zone = app_context.today(), app_context.now().tzinfo
    for number, review in enumerate(opened.returned):
        with st.container(key=f"asks-returned-{opened.stored.document_id}-{number}", border=True, gap="small"):
            st.text(f"{review.supervisor} gave it back, {closure_words.moment(review.decided_at, today, zone)}:")
            st.text(review.comment)


def _changed(identity: Identity, opened: OpenedDocument) -> None:
    """What the record says differently by now, and the two ways out."""
    document_id, today = opened.stored.document_id, app_context.today()
    changed = words.count(len(opened.changed), "entry", "entries")
    with st.popover(f"What changed: {changed}", key=f"changed-{document_id}", width="stretch"):
        for number, source in enumerate(opened.changed):
            with st.container(key=f"quiet-changed-{document_id}-{number}"):
                st.text(closure_words.source_label(source, today))
            st.text(source.quote)
    if not opened.may_write:
        return
    for name, label, do in (
        ("again", "Draft again from today's record", closure.draft_again),
        ("keep", "Keep my wording", closure.keep_wording),
    ):
        st.button(
            label, key=f"{name}-{identity.client_id}-{document_id}", width="stretch", on_click=_take_up,
            args=(identity.client_id, document_id, do),
        )  # fmt: skip
        with st.container(key=f"quiet-{name}-{document_id}"):
            st.text(_KEPT_BY[name])


def _take_up(client_id: int, document_id: int, do: Callable[..., None]) -> None:
    now, defs = app_context.now(), app_context.definitions()

    def take_up(session: Session, actor: Actor) -> None:
        do(session, actor, document_id, client_id, now, defs)

    act(f"closure-draft-{document_id}", take_up)


def _discard(client_id: int, document_id: int) -> None:
    now = app_context.now()

    def discard(session: Session, actor: Actor) -> None:
        closure.discard_document(session, actor, document_id, client_id, now)

    act(f"closure-draft-{document_id}", discard)

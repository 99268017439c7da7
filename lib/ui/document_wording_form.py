"""Wording of documents: a practice's own titles, sections left out and sentences, one document and reader at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lib.domain.closure import Audience, DocumentKind
from lib.domain.document_wording import Wording
from lib.domain.people import Actor
from lib.services import document_wording
from lib.services.document_wording import WordingShown
from lib.ui import app_context, errors
from lib.ui.closure_words import SLOT_OF
from lib.ui.gate import the_actor

_EMPTY_IS = "An empty sentence leaves the statement out. {words} in braces stand for values of the record."


def show(actor: Actor) -> None:
    """Which document, then its sections and sentences. Drawn only when asked for: most practices change nothing."""
    st.header("Documents of an ending")
    st.text("Letterhead and name stand above. Titles, sections and sentences can be worded your way; drafts follow.")
    chosen = st.selectbox(
        "Document", [None, *SLOT_OF], format_func=lambda key: SLOT_OF[key].name if key else "Choose one to change it",
        key="wording-document",
    )  # fmt: skip
    if chosen is None:
        return
    slot = SLOT_OF[chosen]
    with errors.shown_to_the_user(), app_context.reading() as session:
        shown = document_wording.wording_shown(session, actor, slot.kind, slot.audience)
    _form(slot.kind, slot.audience, shown)


def _form(kind: DocumentKind, audience: Audience, shown: WordingShown) -> None:
    key = f"{kind.value}-{audience.value}-{shown.version}"
    with st.form(f"wording-{key}", border=False), st.container(width=1000):
        title = st.text_input("Title", shown.wording.title or shown.model.titles[audience], max_chars=200)
        sections = st.data_editor(
            _section_table(shown, audience), hide_index=True, key=f"wording-sections-{key}", disabled=["Section"],
            column_config={"Shown": st.column_config.CheckboxColumn()},
        )  # fmt: skip
        st.text("Sections that must be looked at before signing cannot be left out.")
        sentences = st.data_editor(
            _sentence_table(shown, audience), hide_index=True, key=f"wording-say-{key}", disabled=["Key"], height=340
        )
        st.text(_EMPTY_IS)
        if not st.form_submit_button("Save this wording", type="primary"):
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        wording = _read(shown, audience, title, sections, sentences)
        document_wording.change_wording(session, actor, kind, audience, wording, shown.version, app_context.now())
    st.rerun()


def _section_table(shown: WordingShown, audience: Audience) -> pd.DataFrame:
    rows = [
        (
            rule.key,
            shown.wording.section_titles.get(rule.key, rule.titles[audience]),
            rule.key not in shown.wording.hidden,
        )
        for rule in shown.model.sections
        if audience in rule.titles
    ]
    return pd.DataFrame(rows, columns=["Section", "Title", "Shown"])


def _sentence_table(shown: WordingShown, audience: Audience) -> pd.DataFrame:
    rows = [(key, shown.wording.say.get(key, text)) for key, text in shown.model.say[audience].items()]
    return pd.DataFrame(rows, columns=["Key", "Sentence"])


def _read(
    shown: WordingShown, audience: Audience, title: str, sections: pd.DataFrame, sentences: pd.DataFrame
) -> Wording:
    """What differs from the shipped model; the rest is not kept, so that it follows the product."""
    titles = {rule.key: rule.titles[audience] for rule in shown.model.sections if audience in rule.titles}
    say = shown.model.say[audience]
    return Wording(
        title="" if title.strip() == shown.model.titles[audience] else title.strip(),
        section_titles={
            key: text for key, text in _pairs(sections, "Section", "Title") if text and text != titles.get(key)
        },
        hidden=frozenset(str(row["Section"]) for row in sections.to_dict("records") if not row["Shown"]),
        say={key: text for key, text in _pairs(sentences, "Key", "Sentence") if text != say.get(key)},
    )


def _pairs(table: pd.DataFrame, key: str, value: str) -> list[tuple[str, str]]:
    def text(cell: Any) -> str:
        return "" if pd.isna(cell) else str(cell).strip()

    return [(str(row[key]), text(row[value])) for row in table.to_dict("records")]

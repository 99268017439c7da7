"""Read aloud: a document as plain text in the order of reading, with real headings and nothing beside them."""

from __future__ import annotations

import streamlit as st

from lib.domain.closure import DocumentDraft
from lib.ui.client_header import Identity
from lib.ui.plain import as_label


@st.dialog("To read aloud", width="large")
def show(draft: DocumentDraft, identity: Identity) -> None:
    """Title, whose it is, and each section that says something; sources and questions are left out."""
    st.header(as_label(draft.title))
    st.text(f"For {identity.whose}. {'Draft, not signed.' if draft.signed_at is None else ''}".strip())
    for section in draft.sections:
        if section.sentences:
            st.subheader(as_label(section.title))
            st.text("\n".join(line.text for line in section.sentences))

"""Frame: the one small style sheet, and the line above every page: where one is, who one is, the way out."""

from __future__ import annotations

import html

import streamlit as st

from lib.services.accounts import SignedIn
from lib.ui import app_context

# Under the navigation's own bar; keys become classes (st-key-...), so a few rules reach what they must.
_STYLE = """<style>
.stMainBlockContainer { padding-left: 1.75rem; padding-right: 1.75rem; }
.st-key-style, [class*="st-key-noroom"] { display: none; }
.st-key-frame { border-bottom: 1px solid #DAD6CB; padding-bottom: 0.25rem; margin-bottom: 0.5rem; }
.st-key-frame p { font-size: 0.87rem; }
.st-key-sign_out form { margin: 0; }
.st-key-sign_out button { font: inherit; padding: 0.35rem 0.8rem; border-radius: 0.4rem; cursor: pointer;
  border: 1px solid currentColor; background: transparent; color: inherit; }
.stText { font-family: inherit; overflow-wrap: anywhere; }
[class*="st-key-quiet"] :is(p, .stText) { color: #55625F; font-size: 0.87rem; }
[class*="st-key-strong"] :is(p, .stText) { font-weight: 600; }
[class*="st-key-clientname"] .stText { font-size: 1.5rem; font-weight: 600; line-height: 1.2; }
[class*="st-key-identity"] { border-bottom: 1px solid #DAD6CB; padding-bottom: 0.5rem; }
[class*="st-key-row-"] { border-top: 1px solid #DAD6CB; padding: 0.2rem 0; }
[class*="st-key-row-"] button, [class*="st-key-row-"] .stBadge { min-height: 1.75rem; margin: 0; }
[class*="st-key-row-"] button { padding-top: 0; padding-bottom: 0; }
[class*="st-key-problem"] { border-color: #8A5800; }
@media (prefers-color-scheme: dark) {
  .st-key-frame, [class*="st-key-row-"], [class*="st-key-identity"] { border-color: #3A4444; }
  [class*="st-key-quiet"] :is(p, .stText) { color: #A3AFAB; }
  [class*="st-key-problem"] { border-color: #E9BE6A; }
  button[role="tab"][aria-selected="true"] p, [data-testid$="ButtonGroup"] button[aria-checked="true"] p,
  button[kind="segmented_controlActive"] p { color: #5FC7CC; }
}
</style>"""


def apply_theme() -> None:
    """The style sheet, once a run, in a place that takes no room."""
    with st.container(key="style"):
        st.html(_STYLE)


def title_line(signed_in: SignedIn) -> None:
    """Demonstration badge, the person's name with their account, and signing out."""
    with st.container(key="frame", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            if app_context.is_demonstration():
                st.badge("Demonstration: invented people", icon=":material/science:", color="orange")
        with st.popover(_safe_label(signed_in.actor.name), icon=":material/account_circle:", width="content"):
            _account_menu(signed_in)


def _account_menu(signed_in: SignedIn) -> None:
    st.text(signed_in.actor.email)
    st.text(", ".join(sorted(role.value.replace("_", " ") for role in signed_in.actor.roles)))
    from lib.ui import navigation

    st.page_link(str(navigation.ROOT / "pages/account/own_account.py"), label="Own account")
    with st.container(key="sign_out"):
        st.html(
            '<form method="post" action="/sign-out" target="_self">'
            f'<input type="hidden" name="csrf" value="{html.escape(signed_in.csrf_token)}">'
            '<button type="submit">Sign out</button></form>'
        )


def _safe_label(name: str) -> str:
    """A name as a label, which Streamlit reads as markdown: every sign that could mean something is escaped."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#+-.!|~:$&" else letter for letter in name)

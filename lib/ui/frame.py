"""Frame: the one small style sheet, and at the right of the navigation: which practice, who, the way out."""

from __future__ import annotations

import html
from dataclasses import asdict

import streamlit as st

from lib.services.accounts import SignedIn
from lib.ui import app_context, navigation, palette
from lib.ui.palette import Palette

# Keys become classes (st-key-...), so a few rules reach what they must. Streamlit has no place at the right of its
# top navigation, so the frame is laid over it where the window is wide enough.
_RULES = """
.stMainBlockContainer { padding-left: 1.75rem; padding-right: 1.75rem; }
:has(> .st-key-style), :has(> .st-key-style-alone) { display: none; }
:has(> .st-key-frame) { position: absolute; }
.st-key-frame { position: fixed; top: 0.45rem; right: 1rem; width: auto; z-index: 999991; }
.stHtml a { color: var(--sb-accent); }
.st-key-sign_out form { margin: 0; }
.st-key-sign_out button { font: inherit; padding: 0.35rem 0.8rem; border-radius: 0.4rem; cursor: pointer;
  border: 1px solid var(--sb-faint); background: transparent; color: inherit; }
[class*="st-key-quiet"] [data-testid="stText"], [class*="st-key-quiet"] [data-testid="stText"] span {
  color: var(--sb-muted); font-size: 0.87rem; }
[class*="st-key-strong"] [data-testid="stText"] { font-weight: 600; }
[class*="st-key-problem"] { border-color: var(--sb-warning); }
[data-testid="stText"] { overflow-wrap: anywhere; }
:has(> [class*="st-key-noroom"]) { position: absolute; }
.st-key-pagetitle h1 { font-size: 0.87rem; font-weight: 400; padding: 0; color: var(--sb-muted); }
[class*="st-key-clientname"] [data-testid="stText"] { font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
[class*="st-key-identity"] { border-bottom: 1px solid var(--sb-line); padding-bottom: 0.4rem; }
[class*="st-key-row-"] { border-top: 1px solid var(--sb-line); padding: 0.15rem 0; }
[class*="st-key-row-"] button { min-height: 1.75rem; padding-top: 0; padding-bottom: 0; }
[class*="st-key-row-"] [data-testid="stMarkdownContainer"] { margin: 0; }
[class*="st-key-row-"] [data-testid="stMarkdownContainer"] p { margin: 0; }
[class*="st-key-sections-"] [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; }
[class*="st-key-sections-"] button { min-height: 1.9rem; padding: 0.1rem 0.5rem; }
[class*="st-key-sections-"] button, [class*="st-key-sections-"] button :is(div, span, p) {
  justify-content: flex-start; text-align: left; }
[class*="st-key-sections-"] button:hover p { color: var(--sb-accent); }
[class*="st-key-asks-"] { border-left: 3px solid var(--sb-accent); }
[class*="st-key-asks-support-"] { padding-left: 0.8rem; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {
  color: var(--sb-muted) !important; opacity: 1; }
[role="tab"][aria-selected="true"] p { color: var(--sb-accent); }
button[data-variant="pills"][data-selected="true"] p { color: var(--sb-ink); }
button[data-variant="segmented_control"][data-selected="true"] p { color: var(--sb-ink); font-weight: 600; }
:has(> button[data-variant="segmented_control"]) { flex-wrap: wrap; row-gap: 4px; mask-image: none !important; }
@media (max-width: 1000px) { :has(> .st-key-frame), .st-key-frame { position: static; width: 100%; } }
"""


def apply_theme() -> None:
    """The style sheet in the palette of the theme shown, once a run, in a place that takes no room."""
    with st.container(key="style"):
        st.html(style_sheet(palette.current()))


def style_sheet(shown: Palette) -> str:
    """The rules with their colours by name: those of the palette shown, and where the browser can, of both.

    A browser that goes from light to dark between two runs then takes words and lines along by itself. What lies over
    the page, a popover or a dialog, knows no scheme of its own and follows with the next run."""
    names, light, dark = asdict(shown), asdict(palette.LIGHT), asdict(palette.DARK)
    fixed = " ".join(f"--sb-{name}: {colour};" for name, colour in names.items())
    both = " ".join(f"--sb-{name}: light-dark({light[name]}, {dark[name]});" for name in names)
    colours = f":root {{ {fixed} }}\n@supports (color: light-dark(red, red)) {{ .stApp {{ {both} }} }}"
    return f"<style>\n{colours}{_RULES}</style>"


_ALONE = """<style>
[data-testid="stHeader"] { display: none; }
.st-key-clients-own { font-size: 1.25rem; max-width: 46rem; margin: 0 auto; }
.st-key-clients-own [data-testid="stText"], .st-key-clients-own [data-testid="stText"] span { font-size: 1.25rem; }
.st-key-clients-own h1 { font-size: 1.9rem; }
.st-key-clients-own h2 { font-size: 1.45rem; padding-top: 1rem; }
@media print { .st-key-not-printed { display: none; } .st-key-clients-own { max-width: none; } }
</style>"""


def take_away() -> None:
    """In the place of the line above the pages: no navigation, no names, large letters, and paper in mind."""
    with st.container(key="style-alone"):
        st.html(_ALONE)


def title_line(signed_in: SignedIn) -> None:
    """Demonstration badge, and the person's name with their account and signing out."""
    with st.container(key="frame", horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if app_context.is_demonstration():
            st.badge("Demonstration: invented people", icon=":material/science:", color="orange")
        with st.popover(_safe_label(signed_in.actor.name), icon=":material/account_circle:", width="content"):
            _account_menu(signed_in)


def _account_menu(signed_in: SignedIn) -> None:
    st.text(signed_in.actor.email)
    st.text(", ".join(sorted(role.value.replace("_", " ") for role in signed_in.actor.roles)))
    if app_context.is_demonstration():
        st.text("Where a password is asked for, leave it empty.")
    st.page_link(str(navigation.ROOT / "pages/account/own_account.py"), label="Own account")
    sign_out_form(signed_in)


def sign_out_form(signed_in: SignedIn) -> None:
    """The button that signs this browser out: a plain form with the sign-in's own CSRF value."""
    with st.container(key="sign_out"):
        st.html(
            '<form method="post" action="/sign-out" target="_self">'
            f'<input type="hidden" name="csrf" value="{html.escape(signed_in.csrf_token)}">'
            '<button type="submit">Sign out</button></form>'
        )


def _safe_label(name: str) -> str:
    """A name as a label, which Streamlit reads as markdown: every sign that could mean something is escaped."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#+-.!|~:$&" else letter for letter in name)

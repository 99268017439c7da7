"""Screen width: whether the window is a tablet's, told by the browser. Costs one more run, on narrow windows only.

The same component asks for one more run when the browser goes from light to dark or back, so that drawings follow."""

from __future__ import annotations

import streamlit as st

_SCRIPT = """
export default function ({ setStateValue, setTriggerValue, data, parentElement }) {
  const narrow = window.matchMedia("(max-width: 1000px)");
  const tell = () => { if (narrow.matches !== data.told) setStateValue("narrow", narrow.matches); };
  tell();
  narrow.addEventListener("change", tell);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const turned = () => setTimeout(() => {  // the page's own colours change first
    const place = parentElement.host ?? parentElement;
    if (getComputedStyle(place).colorScheme !== data.scheme) setTriggerValue("scheme", dark.matches);
  }, 300);
  dark.addEventListener("change", turned);
  return () => {
    narrow.removeEventListener("change", tell);
    dark.removeEventListener("change", turned);
  };
}
"""

_mount = st.components.v2.component("secure_base_width", js=_SCRIPT)
_KEY = "screen-width"


def is_narrow() -> bool:
    """True when the window is at most 1000 px wide; False until the browser has said so."""
    told = was_narrow()
    with st.container(key="noroom-width"):
        _mount(
            key=_KEY,
            data={"told": told, "scheme": st.context.theme.type},
            default={"narrow": False},
            on_narrow_change=lambda: None,
            on_scheme_change=lambda: None,
        )
    return told


def was_narrow() -> bool:
    """What the browser said last, for whoever draws below the one who asked; nothing is put on the page."""
    return bool((st.session_state.get(_KEY) or {}).get("narrow", False))

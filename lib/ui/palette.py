"""Palette: the colours that drawings use, light and dark. One accent, one warning, one risk; never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB. `soft` fills always carry an accent outline; `risk` is kept for risk and nothing else."""

    page: str
    band: str
    ink: str
    muted: str
    accent: str
    warning: str
    risk: str
    voice: str
    faint: str
    line: str
    soft: str


LIGHT = Palette(
    page="#FCFBF8",
    band="#ECE9E1",
    ink="#1F2B2A",
    muted="#55625F",
    accent="#0F6E7C",
    warning="#8A5800",
    risk="#A8203C",
    voice="#6B4FA0",
    faint="#7A8683",
    line="#DAD6CB",
    soft="#BFD9DB",
)
DARK = Palette(
    page="#15191A",
    band="#2A3233",
    ink="#E6E8E3",
    muted="#A3AFAB",
    accent="#5FC7CC",
    warning="#E9BE6A",
    risk="#FF8497",
    voice="#B49BF0",
    faint="#8A9693",
    line="#3A4444",
    soft="#2A5559",
)


def current() -> Palette:
    """The palette of the theme the browser shows now."""
    return DARK if st.context.theme.type == "dark" else LIGHT

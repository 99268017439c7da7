"""Drawings with words: one component that builds SVG nodes from data and sets every text by textContent.

Markup from data never reaches the page: only the shapes named here, only attributes, texts as text nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

SHAPES = frozenset({"line", "rect", "circle", "polyline", "polygon", "path", "text"})

_SCRIPT = """
const SPACE = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["line", "rect", "circle", "polyline", "polygon", "path", "text"]);
export default function ({ data, parentElement }) {
  const root = document.createElementNS(SPACE, "svg");
  root.setAttribute("viewBox", `0 0 ${Number(data.width)} ${Number(data.height)}`);
  root.setAttribute("width", data.fixed ? String(Number(data.width)) : "100%");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.label);
  root.style.display = "block";
  root.style.maxWidth = "100%";
  root.style.fontFamily = "var(--st-font)";
  for (const node of data.nodes) {
    if (!SHAPES.has(node.shape)) continue;
    const element = document.createElementNS(SPACE, node.shape);
    for (const [name, value] of Object.entries(node.attributes)) {
      if (!name.startsWith("on")) element.setAttribute(name, String(value));
    }
    if (node.text) element.textContent = node.text;
    root.appendChild(element);
  }
  parentElement.replaceChildren(root);
}
"""

_mount = st.components.v2.component("secure_base_drawing", js=_SCRIPT)


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG node. `text` is shown as it is, whatever characters it holds."""

    shape: str
    attributes: dict[str, str | float] = field(default_factory=dict)
    text: str = ""


def shape(name: str, text: str = "", **attributes: str | float) -> Shape:
    """A node; an underscore in an attribute's name stands for its hyphen."""
    if name not in SHAPES:
        raise ValueError(f"{name} is no shape a drawing may hold")
    return Shape(name, {key.replace("_", "-"): value for key, value in attributes.items()}, text)


def show(shapes: Sequence[Shape], width: int, height: int, label: str, key: str, fixed: bool = False) -> None:
    """Draw; `label` is what a screen reader says. `fixed` keeps the drawing's own width in pixels."""
    nodes = [{"shape": one.shape, "attributes": one.attributes, "text": one.text} for one in shapes]
    data = {"nodes": nodes, "width": width, "height": height, "label": label, "fixed": fixed}
    _mount(data=data, key=key, width=width if fixed else "stretch", height=height if fixed else "content")

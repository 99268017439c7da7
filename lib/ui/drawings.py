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
export default function ({ data, parentElement, setTriggerValue }) {
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
    if (node.told) {
      const told = document.createElementNS(SPACE, "title");
      told.textContent = node.told;
      element.appendChild(told);
    }
    if (node.opens) {
      element.style.cursor = "pointer";
      element.addEventListener("click", () => setTriggerValue("opened", node.opens));
    }
    root.appendChild(element);
  }
  parentElement.replaceChildren(root);
}
"""

_mount = st.components.v2.component("secure_base_drawing", js=_SCRIPT)


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG node. `text` is shown as it is, whatever characters it holds; `told` appears under the pointer.

    A node with `opens` answers a click with this id, which whoever drew it checks against what was drawn."""

    shape: str
    attributes: dict[str, str | float] = field(default_factory=dict)
    text: str = ""
    told: str = ""
    opens: str = ""


def shape(name: str, text: str = "", **attributes: str | float) -> Shape:
    """A node; an underscore in an attribute's name stands for its hyphen."""
    if name not in SHAPES:
        raise ValueError(f"{name} is no shape a drawing may hold")
    return Shape(name, {key.replace("_", "-"): value for key, value in attributes.items()}, text)


def show(shapes: Sequence[Shape], width: int, height: int, label: str, key: str, fixed: bool = False) -> str | None:
    """Draw; `label` is what a screen reader says. `fixed` keeps the drawing's own width in pixels.

    Returns the id that a clicked node opens, as the browser sent it."""
    nodes = [_node(one) for one in shapes]
    data = {"nodes": nodes, "width": width, "height": height, "label": label, "fixed": fixed}
    result = _mount(
        data=data,
        key=key,
        width=width if fixed else "stretch",
        height=height if fixed else "content",
        on_opened_change=lambda: None,
    )
    opened = result.get("opened")
    return opened if isinstance(opened, str) else None


def _node(one: Shape) -> dict[str, object]:
    """What is sent of a node; what most nodes do not have is left out."""
    more = {name: value for name, value in (("text", one.text), ("told", one.told), ("opens", one.opens)) if value}
    return {"shape": one.shape, "attributes": one.attributes, **more}

"""Small drawings as SVG data addresses: numbers and colours of our own only, so no text of a person can enter."""

from __future__ import annotations

import base64
from collections.abc import Iterable


def tag(name: str, **attributes: str | float) -> str:
    """One closed SVG element; an underscore in an attribute's name stands for its hyphen, floats are shortened."""
    written = " ".join(f'{key.replace("_", "-")}="{_short(value)}"' for key, value in attributes.items())
    return f"<{name} {written}/>"


def drawing(width: float, height: float, elements: Iterable[str]) -> str:
    """The whole drawing as SVG text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_short(width)}" height="{_short(height)}" '
        f'viewBox="0 0 {_short(width)} {_short(height)}">{"".join(elements)}</svg>'
    )


def data_address(width: float, height: float, elements: Iterable[str]) -> str:
    """The whole drawing as an address an ImageColumn can show."""
    source = drawing(width, height, elements)
    return "data:image/svg+xml;base64," + base64.b64encode(source.encode("ascii")).decode("ascii")


def _short(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"

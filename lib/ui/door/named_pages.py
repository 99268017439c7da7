"""Named pages: Streamlit's index page for every page with a name, told where the server is.

Streamlit's browser half does not know whether "client" in the address is a page or the folder the program lives under.
It asks below the name first, is refused, waits a tenth of a second and asks at the root. The program always lives at
the root (start-up refuses any other `server.baseUrlPath`), so the index page says so and the detour is saved."""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lib.ui import navigation

_AT_THE_ROOT = "<script>window.__streamlit = {BACKEND_BASE_URL: window.location.origin}</script>"
_HEAD = "<head>"


def _told(index: str) -> str:
    """The index page with the line as the first thing in its head. Raises ValueError when it has no head."""
    if _HEAD not in index:
        raise ValueError("Streamlit's index page has no head in which to say where the server is.")
    return index.replace(_HEAD, _HEAD + _AT_THE_ROOT, 1)


INDEX = _told((Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8"))


async def named_page(_request: Request) -> Response:
    """The index page; which page it draws is in the address, and the guard has asked who comes."""
    return HTMLResponse(INDEX)


ROUTES = [Route(f"/{entry.address}", named_page, methods=["GET"]) for entry in navigation.PAGES]

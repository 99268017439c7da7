"""Plain pages: HTML from templates with everything escaped, and the one style sheet of the door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import streamlit
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lib.ui.door.forms import csrf_of, form_secret, keep_form_secret
from lib.ui.door.headers import DOOR_POLICY

Endpoint = Callable[[Request], Awaitable[Response]]

_REFUSED = {
    400: "The form could not be read.",
    403: "The form did not come from a page of this address, or the page was open too long.",
    413: "The form is too large.",
}
_HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the door. Every form on it carries the CSRF value made from this browser's form cookie."""
    secret = form_secret(request)
    html = _TEMPLATES.get_template(template).render(csrf=csrf_of(secret), **values)
    response = HTMLResponse(html, status, headers={"content-security-policy": DOOR_POLICY})
    keep_form_secret(request, response, secret)
    return response


def with_words(endpoint: Endpoint) -> Endpoint:
    """The endpoint, with a page in words where a form is refused before anything is done."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException as refused:
            return page(request, "refused.html", refused.status_code, words=_REFUSED.get(refused.status_code, ""))

    return answered


async def style_sheet(_request: Request) -> Response:
    """The door's style sheet, with the address of the font that Streamlit brings along."""
    return Response(_STYLE, media_type="text/css", headers={"cache-control": "max-age=3600"})


def _font_address() -> str:
    """The bundled Source Sans; its file name carries a hash that changes with the version."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "media"
    found = sorted(folder.glob("SourceSansVF-Upright*.woff2"))
    return f"/static/media/{found[0].name}" if found else ""


_STYLE = (_HERE / "templates" / "door.css").read_text(encoding="utf-8").replace("FONT_ADDRESS", _font_address())

"""Headers: which hosts are answered, what every response tells the browser to forbid, and errors without their text."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlparse

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from lib.ui.door.named_pages import INDEX
from lib.ui.error_log import log_under_an_id


def _index_script_hashes() -> str:
    """The hashes of the scripts written into the index page, so that no other inline script runs."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii") for script in scripts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


# What Streamlit needs beyond 'self', seen in a browser: styles it writes as it draws, pictures as data, modules of our
# own components as blobs, and the two small scripts of the index page.
_APP_POLICY = (
    f"default-src 'self'; script-src 'self' blob: {_index_script_hashes()}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
DOOR_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # "no-referrer" would make a form's Origin "null"
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Headers:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse unknown hosts; pass the rest on, and add the headers to what comes back."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif not host_is_ours(RequestHeaders(scope=scope).get("host", "")):
            await _refuse_host(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the outermost edge: log under an id, show no text of the error
            error_id = log_under_an_id(error)
            if not begun:
                words = f"Something went wrong here. Nothing was saved by this step. Error id: {error_id}"
                await PlainTextResponse(words, 500)(scope, receive, send_with_headers)


def host_is_ours(host: str) -> bool:
    """Whether a Host header names one of `server.allowedHosts` (an exact name, or `*.` before a domain)."""
    try:
        parsed = urlparse(f"//{host}")
        name, _port = parsed.hostname, parsed.port
    except ValueError:
        return False
    if not name or parsed.netloc != host or "@" in host:
        return False
    name = name.rstrip(".")
    for allowed in config.get_option("server.allowedHosts"):
        if name == allowed or (allowed.startswith("*.") and name.endswith(allowed[1:])):
            return True
    return False


async def _refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
    else:
        await PlainTextResponse("This address is not served here.", 400)(scope, receive, send)


def _add(headers: MutableHeaders, path: str) -> None:
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers.setdefault("content-security-policy", _APP_POLICY)
    if not path.startswith(("/static/", "/door/")):
        headers["cache-control"] = "no-store"

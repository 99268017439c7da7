"""Guard: nobody without a sign-in that holds reaches a page, the socket, an upload or a download."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import PurePosixPath
from urllib.parse import urlparse

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime

from lib.bootstrap import local_now
from lib.services.accounts import SignedIn
from lib.ui import app_context, navigation
from lib.ui.door import tabs

# What a stranger may reach: the door's own pages, and files of the program that hold nothing about anybody.
_OPEN_PLACES = frozenset(
    {"/sign-in", "/sign-out", "/welcome", "/set-up", "/demonstration", "/change-password", "/_stcore/health"}
)
_OPEN_FOLDERS = ("/static/", "/door/", "/questionnaire/")  # the last asks for the token in its address
_OPEN_FILES = frozenset({"/favicon.png", "/favicon.ico"})
_CLOSED = (
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent",
    "/app/static",
    "/oauth2callback",
    "/auth/",
)
_UPLOAD = "/_stcore/upload_file/"
_SOCKET = "/_stcore/stream"
_MEDIA = "/media/"
_NOT_PAGES = ("/_stcore/", _MEDIA, "/component/")


class Guard:
    """ASGI middleware that looks the cookie's token up for every request and socket."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer in the application's place."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(_CLOSED):
            refusal: Response | None = PlainTextResponse("Not found", 404)
        elif path in _OPEN_PLACES or path in _OPEN_FILES or path.startswith(_OPEN_FOLDERS):
            refusal = None
        else:
            refusal = _refusal(scope, await who_asks(scope))
        await (refusal or self.app)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        found = await who_asks(scope)
        let_in = (
            scope["path"] == _SOCKET
            and found is not None
            and not found.must_change_password
            and comes_from_here(headers)
            and tabs.may_resume(_resumed_tab(headers), token_of(headers))
        )
        if let_in:
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})


def _refusal(scope: Scope, found: SignedIn | None) -> Response | None:
    """The answer instead of the page, if there is one."""
    path, method = scope["path"], scope["method"]
    is_page = method in ("GET", "HEAD") and not path.startswith(_NOT_PAGES)
    if found is None:
        return RedirectResponse("/sign-in", 303) if is_page else PlainTextResponse("Sign in first", 401)
    if found.must_change_password:
        return RedirectResponse("/change-password", 303) if is_page else PlainTextResponse("Sign in first", 401)
    if is_page and path == navigation.first_address(found.actor):
        return RedirectResponse("/", 303)  # where a person's first page stands; by its name Streamlit finds none
    if path.startswith(_UPLOAD):
        headers = Headers(scope=scope)
        tab = path.removeprefix(_UPLOAD).partition("/")[0]
        if not (comes_from_here(headers) and tabs.is_of(tab, token_of(headers))):
            return PlainTextResponse("Not found", 404)
    if path.startswith(_MEDIA) and not _is_own_file(path, token_of(Headers(scope=scope))):
        return PlainTextResponse("Not found", 404)
    return None


def _is_own_file(path: str, token: str) -> bool:
    """Whether the file at this address was made for this sign-in: who learns an address of another's gets nothing."""
    held = runtime.get_instance().media_file_mgr.read_file(PurePosixPath(path).stem)
    return held is not None and tabs.is_file_of(held.filename or "", token)


async def who_asks(scope: Scope) -> SignedIn | None:
    """Who is signed in in the browser that sent this, looked up in the database now."""
    token = token_of(Headers(scope=scope))
    return await to_thread.run_sync(app_context.look_up, token, local_now()) if token else None


def token_of(headers: Headers) -> str:
    """The token of the cookie, or nothing."""
    jar: SimpleCookie = SimpleCookie()
    for line in headers.getlist("cookie"):
        jar.load(line)
    held = jar.get(app_context.COOKIE)
    return held.value if held is not None else ""


def comes_from_here(headers: Headers) -> bool:
    """Whether a browser says that the request began on a page of this very address. Silence is a no."""
    origin = headers.get("origin", "")
    return bool(origin) and urlparse(origin).netloc.lower() == headers.get("host", "").lower()


def _resumed_tab(headers: Headers) -> str:
    """The Streamlit session that a returning tab asks for: the third entry of the socket's protocols."""
    entries = [entry.strip() for entry in headers.get("sec-websocket-protocol", "").split(",")]
    return entries[2] if len(entries) > 2 else ""

"""Forms: plain HTML forms read with limits, and proved to come from a page that this server gave this browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lib.ui import app_context
from lib.ui.door.guard import comes_from_here

FORM_COOKIE = "secure_base_form"
_LARGEST = 16 * 1024
_MOST_FIELDS = 200  # a questionnaire has a field for each question


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form. Raises HTTPException 403 for another origin, 413 when too large, 400 when broken."""
    if not comes_from_here(Headers(scope=request.scope)):
        raise HTTPException(403)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(400)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # not UTF-8, or too many fields
        raise HTTPException(400) from error
    return dict(pairs)


def form_secret(request: Request) -> str:
    """The random value this browser carries for its forms; new where it has none yet."""
    held = request.cookies.get(FORM_COOKIE, "")
    return held if len(held) == 43 else secrets.token_urlsafe(32)


def csrf_of(secret: str) -> str:
    """What a form must bring along: made from the cookie, which no other site can read."""
    return hashlib.sha256(f"secure base form {secret}".encode()).hexdigest()


def check_csrf(request: Request, fields: Mapping[str, str]) -> None:
    """Raises HTTPException 403 unless the form was given to this browser."""
    held = request.cookies.get(FORM_COOKIE, "")
    if not held or not hmac.compare_digest(csrf_of(held).encode(), fields.get("csrf", "").encode()):
        raise HTTPException(403)


def keep_form_secret(request: Request, response: Response, secret: str) -> None:
    """Give the browser its form cookie."""
    response.set_cookie(FORM_COOKIE, secret, path="/", httponly=True, samesite="strict", secure=_is_tls(request))


def keep_for_a_while(request: Request, response: Response, name: str, value: str, path: str) -> None:
    """A small cookie for one address, gone after a quarter of an hour."""
    response.set_cookie(name, value, max_age=900, path=path, httponly=True, samesite="strict", secure=_is_tls(request))


def sign_browser_in(request: Request, response: Response, token: str) -> None:
    """Give the browser its token: no script can read it, no other site can send it. Gone when the browser closes."""
    response.set_cookie(app_context.COOKIE, token, path="/", httponly=True, samesite="strict", secure=_is_tls(request))


def sign_browser_out(request: Request, response: Response) -> None:
    """Take the token away, and what the note editor may still hold in this browser."""
    response.headers["clear-site-data"] = '"storage"'
    response.delete_cookie(app_context.COOKIE, path="/", httponly=True, samesite="strict", secure=_is_tls(request))


def _is_tls(request: Request) -> bool:
    return request.url.scheme == "https" or app_context.house().settings.behind_proxy

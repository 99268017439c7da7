"""Demonstration entry: one click in as one of its people; the first click has the demonstration made."""

from __future__ import annotations

import threading

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.bootstrap import local_now
from lib.domain.errors import NotAllowed
from lib.services import accounts, practice
from lib.ui import app_context
from lib.ui.door import forms
from lib.ui.door.plain_pages import page
from lib.ui.error_log import log_under_an_id

ROLES = {"therapist": "Therapist", "supervisor": "Supervisor", "admin": "Practice admin"}

_CLOSED = "This person's account was closed in the demonstration. Its practice admin can open it again."

# The person who had it made goes in without a second click. Other sites cannot send this cookie along.
_WISH = "secure_base_enters_as"

_lock = threading.Lock()
_maker: threading.Thread | None = None
_failure = ""  # the id under which the last making failed


async def demonstration(request: Request) -> Response:
    """Enter, or see how far the making is."""
    if request.method == "POST":
        fields = await forms.read_form(request)
        forms.check_csrf(request, fields)
        return await to_thread.run_sync(_enter, request, fields.get("role", ""))
    return await to_thread.run_sync(_waiting_page, request)


def _enter(request: Request, role: str) -> Response:
    if role not in ROLES:
        return RedirectResponse("/demonstration", 303)
    if not _is_ready():
        _begin_making()
        response = RedirectResponse("/demonstration", 303)
        forms.keep_for_a_while(request, response, _WISH, role, "/demonstration")
        return response
    return _let_in(request, role)


def _let_in(request: Request, role: str) -> Response:
    now = local_now()
    held = request.cookies.get(app_context.COOKIE, "")
    if app_context.look_up(held, now) is not None:
        with app_context.database_of(held).writing() as session:
            accounts.revoke(session, held, now)
    try:
        with app_context.demonstration().writing() as session:
            token = accounts.enter_demonstration(session, f"{role}{accounts.DEMONSTRATION_DOMAIN}", now)
    except NotAllowed:
        return page(request, "refused.html", 403, words=_CLOSED)
    response = RedirectResponse("/", 303)
    response.delete_cookie(_WISH, path="/demonstration")
    forms.sign_browser_in(request, response, token)
    return response


def _waiting_page(request: Request) -> Response:
    ready = _is_ready()
    wished = request.cookies.get(_WISH, "")
    if ready and wished in ROLES:
        return _let_in(request, wished)
    with _lock:
        preparing = _maker is not None and _maker.is_alive()
        failure = _failure
    return page(request, "demonstration.html", ready=ready, preparing=preparing, failure=failure, roles=ROLES)


def _is_ready() -> bool:
    with _lock:
        if _maker is not None and _maker.is_alive():
            return False
    with app_context.demonstration().reading() as session:
        return practice.is_set_up(session)


def _begin_making() -> None:
    """Start the making, unless it runs already."""
    global _maker, _failure
    with _lock:
        if _maker is not None and _maker.is_alive():
            return
        _failure = ""
        _maker = threading.Thread(target=_make, name="demonstration", daemon=True)
        _maker.start()


def _make() -> None:
    global _failure
    from lib.services.demonstration import make_demonstration  # only needed here, and heavy

    try:
        make_demonstration(app_context.demonstration(), app_context.house().definitions)
    except Exception as error:  # noqa: BLE001 - a thread's edge: else the page would wait for ever
        _failure = log_under_an_id(error)

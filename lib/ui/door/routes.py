"""Routes: the plain pages of the door. Welcome, setting up, signing in and out, a new password."""

from __future__ import annotations

from datetime import datetime

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lib.bootstrap import local_now
from lib.domain.errors import UserFacingError
from lib.domain.passwords import SHORTEST
from lib.services import accounts, practice
from lib.ui import app_context
from lib.ui.door import demonstration_entry, forms, questionnaire, set_up_code
from lib.ui.door.guard import who_asks
from lib.ui.door.plain_pages import page, style_sheet, with_words


async def welcome(request: Request) -> Response:
    """The first screen where nobody set up: set up, or look around."""
    if await to_thread.run_sync(_is_set_up):
        return RedirectResponse("/sign-in", 303)
    return page(request, "welcome.html", roles=demonstration_entry.ROLES)


async def sign_in(request: Request) -> Response:
    """The sign-in form, and its answer: a new token in a new cookie, whatever the browser carried before."""
    if not await to_thread.run_sync(_is_set_up):
        return RedirectResponse("/welcome", 303)
    if request.method == "POST":
        fields = await forms.read_form(request)
        forms.check_csrf(request, fields)
        return await to_thread.run_sync(_signed_in, request, fields)
    if await who_asks(request.scope) is not None:
        return RedirectResponse("/", 303)
    return _sign_in_page(request)


async def sign_out(request: Request) -> Response:
    """End this browser's sign-in. The form on every page carries the sign-in's own CSRF value; an address does not."""
    if request.method != "POST":
        return RedirectResponse("/", 303)
    fields = await forms.read_form(request)
    found = await who_asks(request.scope)
    response = RedirectResponse("/sign-in", 303)
    if found is not None:
        if fields.get("csrf") != found.csrf_token:
            raise HTTPException(403)
        await to_thread.run_sync(_revoke, request.cookies.get(app_context.COOKIE, ""))
    forms.sign_browser_out(request, response)
    return response


async def set_up(request: Request) -> Response:
    """Set the practice up: once, from this machine or with the code of the terminal."""
    if await to_thread.run_sync(_is_set_up):
        return RedirectResponse("/sign-in", 303)
    if request.method == "POST":
        fields = await forms.read_form(request)
        forms.check_csrf(request, fields)
        return await to_thread.run_sync(_set_up, request, fields)
    return _set_up_page(request, {})


async def change_password(request: Request) -> Response:
    """A new password; asked for before anything else after a one-time one."""
    found = await who_asks(request.scope)
    if found is None:
        return RedirectResponse("/sign-in", 303)
    if request.method == "POST":
        fields = await forms.read_form(request)
        forms.check_csrf(request, fields)
        return await to_thread.run_sync(_change_password, request, fields, found)
    return _password_page(request, found.must_change_password)


def _sign_in_page(request: Request, problem: str = "", email: str = "", status: int = 200) -> Response:
    greeting = _greeting(local_now())
    return page(
        request,
        "sign_in.html",
        status,
        problem=problem,
        email=email,
        greeting=greeting,
        roles=demonstration_entry.ROLES,
    )


def _signed_in(request: Request, fields: dict[str, str]) -> Response:
    address = request.client.host if request.client is not None else "unknown"
    email, password, code = (fields.get(name, "") for name in ("email", "password", "code"))
    with app_context.house().practice.writing() as session:
        outcome = accounts.sign_in(session, email, password, code, address, local_now(), app_context.PRACTICE_MARK)
    if outcome.token is None:
        return _sign_in_page(request, outcome.refusal, email, 403)
    _revoke(request.cookies.get(app_context.COOKIE, ""))
    response = RedirectResponse("/", 303)
    forms.sign_browser_in(request, response, outcome.token)
    return response


def _set_up(request: Request, fields: dict[str, str]) -> Response:
    if set_up_code.is_needed(request, _behind_proxy()) and not set_up_code.fits(fields.get("set_up_code", "")):
        return _set_up_page(request, fields, "The set-up code is not the one in the server's terminal.", 403)
    names = ("practice_name", "name", "email", "password", "again")
    practice_name, name, email, password, again = (fields.get(one, "") for one in names)
    if password != again:
        return _set_up_page(request, fields, "The two passwords are not the same.", 422)
    now = local_now()
    here = app_context.house()
    try:
        with here.practice.writing() as session:
            made = practice.set_up_practice(session, practice_name, name, email, password, now)
            token = accounts.first_login(session, made.account_id, now)
    except UserFacingError as error:
        return _set_up_page(request, fields, error.in_words(), 422)
    response = page(request, "recovery_key.html", recovery_key=here.recovery_key(), practice_name=practice_name)
    forms.sign_browser_in(request, response, token)
    return response


def _set_up_page(request: Request, fields: dict[str, str], problem: str = "", status: int = 200) -> Response:
    kept = {name: fields.get(name, "") for name in ("practice_name", "name", "email")}
    needs_code = set_up_code.is_needed(request, _behind_proxy())
    return page(request, "set_up.html", status, problem=problem, needs_code=needs_code, shortest=SHORTEST, **kept)


def _change_password(request: Request, fields: dict[str, str], found: accounts.SignedIn) -> Response:
    token = request.cookies.get(app_context.COOKIE, "")
    new, again = (fields.get(name, "") for name in ("new", "again"))
    old = None if found.must_change_password else fields.get("old", "")
    database = app_context.database_of(token)
    if new != again:
        return _password_page(request, found.must_change_password, "The two new passwords are not the same.", 422)
    try:
        with database.writing() as session:
            fresh = accounts.change_password(session, found.actor, old, new, local_now(), token[:1])
    except UserFacingError as error:
        with database.writing() as session:
            accounts.count_if_wrong_password(session, found.actor, error, local_now())
        return _password_page(request, found.must_change_password, error.in_words(), 422)
    response = RedirectResponse("/", 303)
    forms.sign_browser_in(request, response, fresh)
    return response


def _password_page(request: Request, forced: bool, problem: str = "", status: int = 200) -> Response:
    return page(request, "change_password.html", status, problem=problem, forced=forced, shortest=SHORTEST)


def _revoke(token: str) -> None:
    if app_context.look_up(token, local_now()) is not None:
        with app_context.database_of(token).writing() as session:
            accounts.revoke(session, token, local_now())


def _is_set_up() -> bool:
    with app_context.house().practice.reading() as session:
        return practice.is_set_up(session)


def _behind_proxy() -> bool:
    return app_context.house().settings.behind_proxy


def _greeting(now: datetime) -> str:
    return "Good morning." if 4 <= now.hour < 12 else "Good afternoon." if 12 <= now.hour < 18 else "Good evening."


ROUTES = [
    Route("/welcome", with_words(welcome), methods=["GET"]),
    Route("/sign-in", with_words(sign_in), methods=["GET", "POST"]),
    Route("/sign-out", with_words(sign_out), methods=["GET", "POST"]),
    Route("/set-up", with_words(set_up), methods=["GET", "POST"]),
    Route("/change-password", with_words(change_password), methods=["GET", "POST"]),
    Route("/demonstration", with_words(demonstration_entry.demonstration), methods=["GET", "POST"]),
    Route("/questionnaire/{token}", with_words(questionnaire.questionnaire), methods=["GET", "POST"]),
    Route("/door/door.css", style_sheet, methods=["GET"]),
]

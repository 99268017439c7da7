"""Questionnaire: the one form a link opens, as plain HTML, so that whoever holds it reaches nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.domain.definitions import Definitions
from lib.domain.errors import UserFacingError
from lib.domain.instruments import Instrument
from lib.services import accounts, questionnaire_links
from lib.services.questionnaire_links import Questionnaire
from lib.ui import app_context
from lib.ui.door import forms
from lib.ui.door.guard import who_asks
from lib.ui.door.plain_pages import page

_GENERAL = "general"


async def questionnaire(request: Request) -> Response:
    """Show the form, or take its answers in. A device on which somebody is signed in is handed over first."""
    token = request.path_params["token"]
    signed_in = await who_asks(request.scope)
    if request.method == "POST":
        fields = await forms.read_form(request)
        forms.check_csrf(request, fields)
        if fields.get("act") == "hand over":
            return await to_thread.run_sync(_handed_over, request, token)
        if signed_in is None:
            return await to_thread.run_sync(_answered, request, token, fields)
    if signed_in is not None:
        return page(request, "hand_over.html", token=token)
    return await to_thread.run_sync(_form, request, token, {}, "")


def address_of(token: str) -> str:
    """Where a link leads, without the host."""
    return f"/questionnaire/{token}"


def _handed_over(request: Request, token: str) -> Response:
    """Sign this device out: a client who holds it reaches the questionnaire and no record."""
    held = request.cookies.get(app_context.COOKIE, "")
    if app_context.look_up(held, app_context.local_now()) is not None:
        with app_context.database_of(held).writing() as session:
            accounts.revoke(session, held, app_context.local_now())
    response = RedirectResponse(address_of(token), 303)
    forms.sign_browser_out(request, response)
    return response


def _form(request: Request, token: str, given: Mapping[str, int | None], problem: str, status: int = 200) -> Response:
    asked = _asked(token)
    if asked is None:
        return page(request, "questionnaire_over.html", 404)
    return page(
        request,
        "questionnaire.html",
        status,
        token=token,
        asked=asked,
        about=asked.target if asked.target != _GENERAL else "",
        answers=_answers_offered(asked.instrument),
        given=given,
        problem=problem,
        left_out=[item.number for item in asked.instrument.items if given.get(item.id) is None] if given else [],
    )


def _answered(request: Request, token: str, fields: Mapping[str, str]) -> Response:
    asked = _asked(token)
    if asked is None:
        return page(request, "questionnaire_over.html", 404)
    given = {item.id: _answer(asked.instrument, fields.get(item.id, "")) for item in asked.instrument.items}
    empty = [item.number for item in asked.instrument.items if given[item.id] is None]
    if empty and fields.get("sure") != "yes":
        return _form(request, token, given, _left_empty(empty), 422)
    try:
        with app_context.database_of(token).writing() as session:
            kept = questionnaire_links.answer(session, token, given, app_context.now_in(token), _definitions(token))
    except UserFacingError as error:
        return _form(request, token, given, error.in_words(), 422)
    if not kept:
        return page(request, "questionnaire_over.html", 404)
    return page(request, "questionnaire_done.html", asked=asked)


def _asked(token: str) -> Questionnaire | None:
    with app_context.database_of(token).reading() as session:
        return questionnaire_links.asked_by(session, token, app_context.now_in(token), _definitions(token))


def _definitions(token: str) -> Definitions:
    return app_context.house().definitions_of(app_context.database_of(token))


def _answers_offered(instrument: Instrument) -> list[tuple[int, str]]:
    """Value and wording of each answer, in the order of the printed form."""
    offered = [(instrument.minimum + place, words) for place, words in enumerate(instrument.options)]
    return offered[::-1] if instrument.highest_first else offered


def _answer(instrument: Instrument, text: str) -> int | None:
    """A chosen answer; anything that is no answer of this form counts as none, and is asked for again."""
    offered = {str(value): value for value, _words in _answers_offered(instrument)}
    return offered.get(text)


def _left_empty(numbers: list[int]) -> str:
    listed = ", ".join(str(number) for number in numbers)
    which = f"Question {listed} has" if len(numbers) == 1 else f"Questions {listed} have"
    return f"{which} no answer. Answer what you can; you may also leave it so and send."

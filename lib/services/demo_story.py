"""One story of the demonstration told through the services, in the order of its days, as a therapist would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.definitions import Definitions
from lib.domain.entries import Entry
from lib.domain.imports import AdministrationIn
from lib.domain.people import Actor
from lib.domain.phrase_book import PhraseBook
from lib.domain.process import PartState
from lib.services import clients, episodes, flags, measures
from lib.services import entries as entry_service
from lib.services.demo_endings import tell_check_in, tell_decision, tell_ending, tell_level, tell_outreach
from lib.services.demo_evidence import tell_evidence
from lib.services.demo_markers import tell_attainment, tell_goal, tell_rating
from lib.services.demo_sessions import bring_notes, tell_session
from lib.services.demo_telling import Days, Telling, Told
from lib.storage import flag_queries


def tell(
    session: Session,
    story: Told,
    cast: Mapping[str, Actor],
    password: str,
    days: Days,
    definitions: Definitions,
    book: PhraseBook,
) -> int:
    """Make one client and everything that happened, day by day. Returns the client's id.

    Nothing in a story may lie after the clock, breaks and planned dates apart. Raises ValueError when it does."""
    actor = cast[story["therapist"]]
    began = _at(story["started_on"])
    client_id = clients.create_client(
        session, actor, story["code"], story["name"], story["born_on"], story.get("referred_on"), began
    )
    episodes.begin_episode(session, actor, client_id, story["started_on"], story.get("needs", ""), began, definitions)
    if "main_measure" in story:
        edit = clients.ClientEdit(
            story["name"], story["born_on"], story.get("referred_on"), story["main_measure"], version=1
        )
        clients.edit_client(session, actor, client_id, edit, began, definitions)
    telling = Telling(session, actor, client_id, story["code"], password, definitions, book)
    for on, _order, step, told in sorted(_steps(story, days), key=lambda each: each[:2]):
        if on > days.clock_on:
            raise ValueError(f"{story['code']}: something told of {on} lies after the clock")
        step(telling, told, _at(on))
    return client_id


def _steps(story: Told, days: Days) -> list[tuple[date, int, Callable[[Telling, Told, datetime], None], Told]]:
    """Everything that happened, with its day; things of one day in the order of this list."""
    kinds: list[tuple[str, str, Callable[[Telling, Told, datetime], None]]] = [
        ("score", "on", _score),
        ("session", "on", partial(tell_session, days)),
        ("rating", "on", tell_rating),
        ("goal", "on", tell_goal),
        ("attainment", "on", tell_attainment),
        ("formulation", "on", _formulation),
        ("person", "on", _person),
        ("belief", "on", _belief),
        ("practice", "on", _practice),
        ("ladder", "on", _ladder),
        ("rupture", "on", _rupture),
        ("part", "on", _part),
        ("change", "on", _change),
        ("moment", "on", _moment),
        ("event", "on", _event),
        ("ending_talk", "on", _ending_talk),
        ("break", "told_on", _break),
        ("conviction", "on", _conviction),
        ("review", "on", _review),
        ("attempt", "on", _attempt),
        ("repair", "on", _repair),
        ("safety", "on", _safety),
        ("sign", "on", _sign),
        ("flag_response", "on", _flag_response),
        ("evidence", "on", tell_evidence),
        ("decision", "on", tell_decision),
        ("level", "on", tell_level),
        ("outreach", "on", tell_outreach),
        ("ending", "on", tell_ending),
        ("check_in", "on", tell_check_in),
    ]
    found = []
    for order, (name, day, step) in enumerate(kinds):
        found += [(told[day], order, step, told) for told in story.get(name, [])]
    earlier = [told for told in story.get("session", []) if told["on"] < days.notes_here_since and told.get("note")]
    if earlier:
        found.append((days.notes_here_since, 0, bring_notes, {"notes": earlier}))
    return found


def _at(on: date) -> datetime:
    return datetime.combine(on, time(17), UTC)


def _score(telling: Telling, told: Told, now: datetime) -> None:
    """Answers in the order of the items, "" for one left empty; or totals."""
    instrument = telling.definitions.instruments[told["instrument"]]
    answers = None
    if "answers" in told:
        given = [None if answer == "" else answer for answer in told["answers"]]
        answers = {item.id: answer for item, answer in zip(instrument.items, given, strict=True)}
    form = AdministrationIn(
        telling.code,
        told["on"],
        told["instrument"],
        answers,
        told.get("totals", {}),
        target=told.get("target", "general"),
        respondent=told.get("respondent", "client"),
    )
    measures.enter_form(telling.session, telling.actor, telling.client_id, form, now, telling.definitions)


def _keep(telling: Telling, told: Told, entry: Entry, now: datetime) -> None:
    kept = entry_service.add_entry(telling.session, telling.actor, telling.client_id, entry, now, telling.definitions)
    if "id" in told:
        telling.ids[told["id"]] = kept


def _fields(told: Told, *left_out: str) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in {"id", "on", "told_on", *left_out}}


def _formulation(telling: Telling, told: Told, now: datetime) -> None:
    origins, fears, costs = (tuple(told.get(key, ())) for key in ("origins", "fears", "costs"))
    rest = _fields(told, "origins", "fears", "costs")
    _keep(telling, told, entries.Formulation(told["on"], origins, fears, costs, **rest), now)


def _person(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.ImportantPerson(told["on"], **_fields(told)), now)


def _belief(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.Belief(told["on"], **_fields(told)), now)


def _conviction(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "belief")
    _keep(telling, told, entries.Conviction(telling.ids[told["belief"]], told["on"], **rest), now)


def _safety(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "person")
    _keep(telling, told, entries.PersonSafety(telling.ids[told["person"]], told["on"], **rest), now)


def _sign(telling: Telling, told: Told, now: datetime) -> None:
    """One day's signs in one context: `levels` maps a sign to 0-4, or to "NE" where nothing could be said."""
    levels = {sign: None if level == "NE" else level for sign, level in told["levels"].items()}
    entry_service.rate_signs(
        telling.session,
        telling.actor,
        telling.client_id,
        told["context"],
        told["on"],
        levels,
        now,
        telling.definitions,
    )


def _practice(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.HomePractice(told["on"], **_fields(told)), now)


def _review(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "practice")
    _keep(telling, told, entries.HomePracticeReview(telling.ids[told["practice"]], told["on"], **rest), now)


def _ladder(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.LadderStep(told["on"], **_fields(told)), now)


def _attempt(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "ladder")
    _keep(telling, told, entries.LadderAttempt(telling.ids[told["ladder"]], told["on"], **rest), now)


def _rupture(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.Rupture(told["on"], **_fields(told)), now)


def _repair(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "rupture")
    _keep(telling, told, entries.Repair(telling.ids[told["rupture"]], told["on"], **rest), now)


def _part(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "part", "state")
    _keep(telling, told, entries.PartOfWork(told["part"], PartState(told["state"]), told["on"], **rest), now)


def _change(telling: Telling, told: Told, now: datetime) -> None:
    rest = _fields(told, "step", "state")
    _keep(telling, told, entries.ChangeStep(told["step"], PartState(told["state"]), told["on"], **rest), now)


def _moment(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.Moment(told["on"], **_fields(told)), now)


def _event(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.LifeEvent(told["on"], **_fields(told)), now)


def _ending_talk(telling: Telling, told: Told, now: datetime) -> None:
    _keep(telling, told, entries.EndingTalk(told["on"], **_fields(told)), now)


def _break(telling: Telling, told: Told, now: datetime) -> None:
    """Told on a day, about days that may lie ahead."""
    _keep(telling, told, entries.TherapyBreak(**_fields(told)), now)


def _open_flags(telling: Telling, kind: str) -> list[int]:
    held = flag_queries.flags_of(telling.session, [telling.client_id]).get(telling.client_id, [])
    return [flag.id for flag in held if flag.kind == kind and flag.state == "open"]


def _flag_response(telling: Telling, told: Told, now: datetime) -> None:
    """Answers every open flag of a kind."""
    for flag_id in _open_flags(telling, told["kind"]):
        flags.respond_to_flag(
            telling.session,
            telling.actor,
            flag_id,
            telling.client_id,
            told["what"],
            now,
            telling.definitions,
        )

"""The demonstration practice: made through the services, from stories in data files, at a fixed clock."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked
from lib.domain.people import OPERATOR, Actor, Role
from lib.exchange.demo_stories import DEMO, load_demo_practice, load_demo_stories
from lib.exchange.phrase_files import load_phrase_book
from lib.services import accounts, demo_crowd, demo_story, people, practice
from lib.services.demo_telling import Days
from lib.storage import account_records, client_queries
from lib.storage.engine import Database

SEED = 20261124
PHRASES = DEMO.parent / "phrases"


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the demonstration by their key, and the one password that signs for all of them, kept nowhere."""

    actors: Mapping[str, Actor]
    password: str


def make_demonstration(database: Database, definitions: Definitions, clients: int | None = None) -> int:
    """Make the demonstration in an empty database, in one transaction. Returns how many clients it has.

    `clients` adds invented courses without notes until there are that many, for measuring. Raises Blocked when
    anybody has an account or a record in this database: a demonstration never mixes with a practice."""
    material = load_demo_practice()
    with database.writing() as session:
        if practice.is_set_up(session) or client_queries.all_client_ids(session):
            raise Blocked("This database is not empty.", [("The demonstration needs one of its own.", "Name another.")])
        cast = _people(session, material)
        days = Days(material["clock_on"], material["notes_here_since"])
        stories = load_demo_stories()
        book = load_phrase_book(PHRASES)
        for story in stories:
            demo_story.tell(session, story, cast.actors, cast.password, days, definitions, book)
    made = len(stories)
    if clients is not None and clients > made:
        now = datetime.combine(material["clock_on"], time(8), UTC)
        rng = random.Random(SEED)  # noqa: S311 - invented courses, not secrets
        demo_crowd.add_crowd(database, clients - made, now, rng, definitions)
        made = clients
    return made


def _people(session: Session, material: Mapping[str, Any]) -> Cast:
    """The practice, its people and who supervises whom, before the first story begins."""
    clock_on: date = material["clock_on"]
    began = datetime.combine(min(each["starts_on"] for each in material["supervision"]), time(8), UTC)
    account_records.add_practice(session, material["name"], began, is_demonstration=True, clock_on=clock_on)
    password = secrets.token_urlsafe(24)
    actors = {each["key"]: _person(session, each, password, began) for each in material["person"]}
    for each in material["supervision"]:
        people.supervise(
            session,
            OPERATOR,
            _id(actors[each["supervisor"]]),
            _id(actors[each["therapist"]]),
            began,
            starts_on=each["starts_on"],
        )
    today = datetime.combine(clock_on, time(8), UTC)
    contacts = list(_contacts(material, clock_on))
    practice.change_settings(session, OPERATOR, material["name"], material["letterhead"], contacts, 1, today)
    return Cast(actors, password)


def _person(session: Session, told: Mapping[str, Any], password: str, now: datetime) -> Actor:
    roles = [Role(role) for role in told["roles"]]
    trainee = bool(told.get("is_trainee", False))
    made = accounts.create_account(
        session, OPERATOR, told["email"], told["name"], roles, now, is_trainee=trainee, password=password
    )
    return Actor(made.account_id, told["email"], told["name"], frozenset(roles), trainee)


def _contacts(material: Mapping[str, Any], clock_on: date) -> Iterator[practice.CrisisContact]:
    for each in material["crisis_contact"]:
        confirmed_on = clock_on - timedelta(days=each["confirmed_days_ago"])
        yield practice.CrisisContact(each["name"], each["number"], each["hours"], confirmed_on)


def _id(actor: Actor) -> int:
    if actor.account_id is None:
        raise ValueError("an actor of the demonstration has an account")
    return actor.account_id

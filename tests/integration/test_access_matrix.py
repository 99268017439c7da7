"""Who may see and do what, tried: every act of the tables by everybody, against the services, on both databases.

The expected answers are the tables in tests/data/access, written by hand from the policy's words and apart from the
code that decides. What nobody names there does not exist for that actor, and reads like a record that is not there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lib.domain.errors import Frozen, NotAllowed, NotYours, UserFacingError
from lib.domain.people import Actor
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent
from tests.integration import access_world
from tests.integration.access_world import ACTS, Case, World

TABLES = Path(__file__).resolve().parents[1] / "data" / "access"
MAY, TOLD_NO, NOTHING = "may", "is told no", "there is nothing"
ACTORS = (
    "owner", "cover", "peer", "former_owner", "past_cover", "coming_cover", "grantee", "disabled_owner", "supervisor",
    "other_supervisor", "ended_supervisor", "coming_supervisor", "cover_supervisor", "supervisor_reading",
    "disabled_supervisor", "admin", "disabled_admin", "admin_reading", "admin_therapist", "operator",
)  # fmt: skip
# A closed account has no role any more; the operator never had one.
NO_SUPERVISOR = {name for name in ACTORS if "supervisor" not in name} | {"disabled_supervisor"}


@dataclass(frozen=True)
class Rule:
    """One line of a table."""

    record: str
    act: str
    may: frozenset[str]
    told_no: frozenset[str]

    def expected(self, name: str) -> str:
        """What this actor meets."""
        if name in self.may:
            return MAY
        return TOLD_NO if name in self.told_no else NOTHING


def rules(file: str) -> list[Rule]:
    """A table. "*": everybody else; "@no_supervisor": everybody without the supervisor's role."""
    named = {"*": ACTORS, "@no_supervisor": NO_SUPERVISOR}
    found = []
    with (TABLES / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            told_no = [name for word in row["told_no"].split() for name in named.get(word, (word,))]
            may = frozenset(row["may"].split())
            assert may | set(told_no) <= set(ACTORS), f"an actor nobody knows: {row}"
            found.append(Rule(row["record"], row["act"], may, frozenset(told_no) - may))
    return found


class _TakeBack(Exception):
    """Ends a transaction, so that the next act meets the same practice."""


@dataclass
class Tried:
    """A practice made once, and acts tried in it that leave nothing behind."""

    database: Database
    world: World

    def met(self, act: str, actor: Actor, world: World, case: Case) -> tuple[str, str]:
        """What the actor met, and the words of it. Any refusal for another reason means that they may."""
        try:
            with self.database.writing() as session:
                ACTS[act](session, actor, world, case)
                raise _TakeBack
        except (NotAllowed, Frozen) as error:
            return TOLD_NO, error.in_words()
        except (NotYours, LookupError) as error:
            return NOTHING, error.in_words() if isinstance(error, NotYours) else ""
        except (_TakeBack, UserFacingError):
            return MAY, ""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """The practice, once for all acts on each database."""
    for database in access_world.opened_once(request, tmp_path_factory.mktemp("access")):
        with database.writing() as session:
            world = access_world.make(session)
        yield Tried(database, world)


@pytest.mark.parametrize("rule", rules("who_may.csv"), ids=lambda rule: f"{rule.record}: {rule.act}")
def test_everybody_meets_what_the_table_says(tried: Tried, rule: Rule) -> None:
    world = tried.world
    met = {name: tried.met(rule.act, world.actors[name], world, world.main)[0] for name in ACTORS}
    assert met == {name: rule.expected(name) for name in ACTORS}


@pytest.mark.parametrize("rule", rules("who_may_trainee.csv"), ids=lambda rule: f"{rule.record}: {rule.act}")
def test_everybody_meets_what_the_table_says_of_a_trainees_record(tried: Tried, rule: Rule) -> None:
    world = access_world.for_trainee(tried.world)
    met = {name: tried.met(rule.act, world.actors[name], world, world.main)[0] for name in ACTORS}
    assert met == {name: rule.expected(name) for name in ACTORS}


ABOUT_A_CLIENT = [
    rule
    for rule in rules("who_may.csv")
    if rule.record not in ("assignment", "figures", "people", "settings", "audit log", "practice export")
    and rule.act not in ("hold a supervision session",)
]


@pytest.mark.parametrize("rule", ABOUT_A_CLIENT, ids=lambda rule: rule.act)
def test_what_is_not_yours_reads_exactly_like_what_is_not_there(tried: Tried, rule: Rule) -> None:
    world = tried.world
    for name in ("peer", "former_owner", "other_supervisor", "ended_supervisor", "cover_supervisor"):
        actor = world.actors[name]
        not_theirs, not_there = (tried.met(rule.act, actor, world, case) for case in (world.main, world.unknown))
        assert not_theirs == not_there, f"{name}: {rule.act}"


def test_acts_that_were_refused_leave_nothing_behind(tried: Tried) -> None:
    with tried.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    for act in ACTS:
        tried.met(act, tried.world.actors["peer"], tried.world, tried.world.main)
    with tried.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_every_act_stands_in_a_table_and_every_line_is_tried() -> None:
    told = {rule.act for file in ("who_may.csv", "who_may_trainee.csv") for rule in rules(file)}
    assert told == set(ACTS)

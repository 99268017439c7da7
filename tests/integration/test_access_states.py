"""Who may what when something has changed: ended, begun tomorrow, closed, returned, retracted; and the link of a form.

The expected answers are who_may_states.csv and who_may_link.csv, written by hand and apart from what decides."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lib.domain.errors import Frozen, NotAllowed, NotYours, UserFacingError
from lib.services import evidence_review, people, process_grants, questionnaire_links
from lib.storage.tables import Account, Administration, AuditEvent, Base, Evidence, QuestionnaireLink
from tests.conftest import NOW
from tests.integration import access_world
from tests.integration.access_states import MORE_ACTS, OF_A_TRAINEE, STATES
from tests.integration.access_world import DEFINITIONS, PASSWORD, SAID, TODAY, TOMORROW, World
from tests.integration.test_access_matrix import ACTORS, MAY, NOTHING, TABLES, TOLD_NO, Rule, Tried, _TakeBack, rules

FILE = "who_may_states.csv"


def told() -> list[tuple[str, Rule]]:
    """The state of each line beside its rule."""
    with (TABLES / FILE).open(encoding="utf-8", newline="") as lines:
        return list(zip((row["state"] for row in csv.DictReader(lines)), rules(FILE), strict=True))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """The practice, once for all states on each database."""
    for database in access_world.opened_once(request, tmp_path_factory.mktemp("states")):
        with database.writing() as session:
            world = access_world.make(session)
        yield Tried(database, world)


def met(session: Session, world: World, act: str, name: str) -> str:
    """What somebody meets; what the act wrote is taken back, and the state stays."""
    try:
        with session.begin_nested():
            MORE_ACTS[act](session, world.actors[name], world, world.main)
            raise _TakeBack
    except (NotAllowed, Frozen):
        return TOLD_NO
    except (NotYours, LookupError):
        return NOTHING
    except (_TakeBack, UserFacingError):
        return MAY


@pytest.mark.parametrize("state", STATES)
def test_everybody_meets_what_the_table_says_of_the_state(tried: Tried, state: str) -> None:
    world = access_world.for_trainee(tried.world) if state in OF_A_TRAINEE else tried.world
    asked = [rule for its_state, rule in told() if its_state == state]
    found: dict[tuple[str, str], str] = {}
    expected: dict[tuple[str, str], str] = {}
    with pytest.raises(_TakeBack), tried.database.writing() as session:
        STATES[state](session, tried.world)
        session.flush()
        session.expire_all()
        for rule in asked:
            found |= {(rule.act, name): met(session, world, rule.act, name) for name in ACTORS}
            expected |= {(rule.act, name): rule.expected(name) for name in ACTORS}
        raise _TakeBack
    assert {key: value for key, value in found.items() if value != expected[key]} == {}


def test_every_state_stands_in_the_table() -> None:
    assert {state for state, _ in told()} == set(STATES)


def test_a_client_who_changes_hands_with_days_in_between_is_sealed_as_by_a_transfer(tried: Tried) -> None:
    """A grant ends with the therapist it was given under, whichever way the client goes."""
    world, admin = tried.world, tried.world.actors["admin"]
    with pytest.raises(_TakeBack), tried.database.writing() as session:
        assert process_grants.granted_process_notes(session, world.actors["grantee"], NOW) != []
        STATES["the client went to the peer"](session, world)
        assert process_grants.granted_process_notes(session, world.actors["grantee"], NOW) == []
        peer, former = world.actors["peer"], world.actors["former_owner"]
        with pytest.raises(NotYours):
            process_grants.grant_reading(
                session, peer, world.main.former_process, 1, TODAY, TOMORROW, "curious", PASSWORD, NOW
            )
        reader = peer.account_id
        assert reader is not None and former.account_id is not None
        process_grants.grant_reading(
            session, former, world.main.former_process, reader, TODAY, TOMORROW, "to go on", PASSWORD, NOW
        )
        assert len(process_grants.granted_process_notes(session, peer, NOW)) == 1
        people.transfer_client(session, admin, world.main.client_id, former.account_id, NOW)
        assert process_grants.granted_process_notes(session, peer, NOW) == []
        raise _TakeBack


def test_who_works_here_is_told_to_who_has_a_note_to_open_and_to_nobody_else(tried: Tried) -> None:
    with tried.database.reading() as session:
        open_accounts = {name: one for name, one in tried.world.actors.items() if not name.startswith("disabled")}
        listed = {name: bool(process_grants.possible_readers(session, one)) for name, one in open_accounts.items()}
    wrote = {"owner", "former_owner", "trainee"}
    assert {name for name, told_any in listed.items() if told_any} == wrote | {
        "admin",
        "admin_reading",
        "admin_therapist",
    }


OF_THE_CLIENT_ALONE = {"list with drafts", "draft from the record", "start a document"}
WITH_A_SECOND_ID = [
    rule.act
    for rule in rules("who_may.csv")
    if rule.act == "answer the flag"
    or (rule.record.startswith(("progress", "process", "closure")) and rule.act not in OF_THE_CLIENT_ALONE)
]


@pytest.mark.parametrize("act", WITH_A_SECOND_ID)
def test_ones_own_client_opens_no_note_flag_or_document_of_another(tried: Tried, act: str) -> None:
    """The client is the owner's, the number beside it is of the trainee's client: it reads like one not there."""
    main, other = tried.world.main, tried.world.trainee
    mixed = replace(other, client_id=main.client_id, code=main.code, comment=0)
    assert tried.met(act, tried.world.actors["owner"], tried.world, mixed)[0] == NOTHING


def test_what_was_decided_about_a_note_is_read_under_its_own_client_alone(tried: Tried) -> None:
    main, other, owner = tried.world.main, tried.world.trainee, tried.world.actors["owner"]
    with pytest.raises(_TakeBack), tried.database.writing() as session:
        for case in (main, other):
            session.add(
                Evidence(
                    client_id=case.client_id, note_id=case.signed, dated_on=TODAY, code="surface_talk",
                    polarity="for", quote=SAID, starts=0, ends=len(SAID), phrase="", cues=[], state="confirmed",
                )
            )  # fmt: skip
        session.flush()
        assert [one.quote for one in evidence_review.decisions(session, owner, main.client_id, main.signed, NOW)] == [
            SAID
        ]
        assert evidence_review.decisions(session, owner, main.client_id, other.signed, NOW) == ()
        for case in (main, other):
            with pytest.raises(NotYours):
                evidence_review.decisions(session, tried.world.actors["peer"], case.client_id, case.signed, NOW)
        raise _TakeBack


# --- the link of a questionnaire ------------------------------------------------------------------------


def link_states() -> list[tuple[str, str, str]]:
    """State, and what reading and answering meet."""
    with (TABLES / "who_may_link.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["state"], row["read"], row["answer"]) for row in csv.DictReader(lines)]


def _in_state(session: Session, world: World, state: str, token: str) -> str:
    """Bring link or record into the state; the token to try."""
    case, cover = world.main, world.actors["cover"]
    match state:
        case "answered":
            assert questionnaire_links.answer(session, token, ANSWERS, NOW, DEFINITIONS)
        case "withdrawn":
            link = session.scalar(select(func.max(QuestionnaireLink.id)))
            questionnaire_links.withdraw_link(session, world.actors["owner"], case.client_id, link or 0, NOW)
        case "never made":
            return f"{token[:-3]}abc"
        case "the course has ended":
            STATES["the course has ended"](session, world)
        case "its maker's account is closed":
            session.execute(update(Account).where(Account.id == cover.account_id).values(is_disabled=True))
        case "the client went to another":
            STATES["the client went to the peer"](session, world)
    return token


ANSWERS = {f"phq9_{number}": 1 for number in range(1, 10)}


@pytest.mark.parametrize(("state", "read", "answer"), link_states(), ids=lambda each: each)
def test_a_link_reads_its_form_and_answers_once_and_nothing_else(
    tried: Tried, state: str, read: str, answer: str
) -> None:
    world, now = tried.world, NOW + timedelta(days=7) if state == "a week old" else NOW
    with pytest.raises(_TakeBack), tried.database.writing() as session:
        token = questionnaire_links.make_link(
            session, world.actors["cover"], world.main.client_id, "phq9", "general", NOW, DEFINITIONS, "p"
        )
        token = _in_state(session, world, state, token)
        asked = questionnaire_links.asked_by(session, token, now, DEFINITIONS)
        assert ("may" if asked is not None else "nothing") == read
        assert world.main.code not in str(asked) and "Anna" not in str(asked)
        before = _rows(session)
        kept = questionnaire_links.answer(session, token, ANSWERS, now, DEFINITIONS)
        assert ("may" if kept else "nothing") == answer
        changed = {name for name, count in _rows(session).items() if count != before[name]}
        assert changed <= ({"administration", "audit_event", "flag", "standing_score"} if kept else set())
        assert questionnaire_links.asked_by(session, token, now, DEFINITIONS) is None or not kept
        assert not kept or not questionnaire_links.answer(session, token, ANSWERS, now, DEFINITIONS)
        raise _TakeBack


def _rows(session: Session) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_what_a_link_wrote_is_of_its_client_and_says_so_in_the_log(tried: Tried) -> None:
    world = tried.world
    with pytest.raises(_TakeBack), tried.database.writing() as session:
        token = questionnaire_links.make_link(
            session, world.actors["owner"], world.main.client_id, "phq9", "general", NOW, DEFINITIONS, "p"
        )
        questionnaire_links.answer(session, token, ANSWERS, NOW, DEFINITIONS)
        form = session.scalars(select(Administration).order_by(Administration.id.desc())).first()
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc())).first()
        assert form is not None and form.client_id == world.main.client_id and form.answers == ANSWERS
        assert event is not None and (event.actor_id, event.client_code) == (None, world.main.code)
        raise _TakeBack

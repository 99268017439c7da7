"""Entries of the attachment record: kept, corrected with a trace, struck out, and only by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain import entries
from lib.domain.errors import InvalidInput, NotAllowed, NotYours, StaleVersion
from lib.domain.people import OPERATOR, Actor
from lib.domain.process import PartState
from lib.domain.signs import then_and_now
from lib.services import archives, exports, record_extract
from lib.services import entries as service
from lib.storage import access_queries, standing_queries, tables
from lib.storage.engine import Database
from lib.storage.struck import WITH_STRUCK
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()
DAY = TODAY - timedelta(days=10)


def add(session: Session, actor: Actor, client_id: int, entry: entries.Entry) -> int:
    """Keep an entry through the service."""
    return service.add_entry(session, actor, client_id, entry, NOW, factories.definitions())


def strike(session: Session, actor: Actor, client_id: int, kind: str, entry_id: int, why: str = "wrong client") -> None:
    """Strike an entry out through the service."""
    service.strike_entry(session, actor, client_id, kind, entry_id, why, NOW, factories.definitions())


def one_of_each(session: Session, actor: Actor, client_id: int) -> dict[str, int]:
    """An entry of every kind, by kind; ratings of signs besides."""
    ids = {
        "rupture": add(session, actor, client_id, entries.Rupture(DAY, "the clock")),
        "moment": add(session, actor, client_id, entries.Moment(DAY, "asked for help", "trust", "Jo", "partner")),
        "belief": add(session, actor, client_id, entries.Belief(DAY, "nobody stays", "some do")),
        "person": add(session, actor, client_id, entries.ImportantPerson(DAY, "Jo", "partner", 5, "pursues")),
        "practice": add(session, actor, client_id, entries.HomePractice(DAY, "journaling", "three lines", "daily")),
        "step": add(session, actor, client_id, entries.LadderStep(DAY, 1, "ask the time")),
        "break": add(session, actor, client_id, entries.TherapyBreak("holiday", TODAY + timedelta(days=9))),
        "event": add(session, actor, client_id, entries.LifeEvent(DAY, "moved")),
        "formulation": add(
            session, actor, client_id, entries.Formulation(DAY, ("rejection",), stories={"danger": "7"})
        ),
        "part": add(session, actor, client_id, entries.PartOfWork("assessment", PartState.CONSOLIDATED, DAY)),
        "change": add(session, actor, client_id, entries.ChangeStep("regulation", PartState.UNDER_WAY, DAY, "counts")),
        "ending_talk": add(session, actor, client_id, entries.EndingTalk(DAY, "not yet")),
    }
    hanging = {
        "repair": entries.Repair(ids["rupture"], TODAY, "said so"),
        "conviction": entries.Conviction(ids["belief"], DAY, 80, 20),
        "safety": entries.PersonSafety(ids["person"], TODAY, 7, "both"),
        "review": entries.HomePracticeReview(ids["practice"], TODAY, "5 of 7", 6),
        "attempt": entries.LadderAttempt(ids["step"], TODAY, "no", "yes", "people answer"),
    }
    ids |= {kind: add(session, actor, client_id, entry) for kind, entry in hanging.items()}
    levels = {"shutdown": 3, "guarded": None}
    service.rate_signs(session, actor, client_id, "partner", DAY, levels, NOW, factories.definitions())
    return ids


def struck(session: Session, table: Any) -> Any:
    """The one row of a table that was struck out."""
    return session.scalars(select(table), execution_options={WITH_STRUCK: True}).one()


def test_every_kind_is_kept_and_read_back(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        one_of_each(session, house.lark, house.anna)
    with database.reading() as session:
        record = service.attachment_record(session, house.heron, house.anna, NOW)
        foreign = service.attachment_record(session, house.finch, house.boris, NOW)
    assert [held.entry.what for held in record.ruptures] == ["the clock"]
    assert record.open_ruptures() == [] and record.repairs[0].entry.repair == "said so"
    assert record.parts[0].entry.state is PartState.CONSOLIDATED
    assert record.formulations[0].entry.origins == ("rejection",)
    assert record.safety_course(record.people[0]) == [(DAY, 5), (TODAY, 7)]
    assert record.moves_of(record.people[0]) == "both"
    assert record.breaks_ahead(TODAY)[0].entry.kind == "holiday"
    counted = {name: len(getattr(record, name)) for name in record.__dataclass_fields__}
    assert set(counted.values()) == {1, 2} and counted["signs"] == 2
    assert not any(getattr(foreign, name) for name in foreign.__dataclass_fields__)


@pytest.mark.parametrize("kind", sorted(set(entries.KINDS) - {"repair"}))
def test_what_is_struck_out_stays_with_its_trace_and_no_reading_finds_it(sqlite_database: Database, kind: str) -> None:
    with sqlite_database.writing() as session:
        house = factories.house(session)
        ids = one_of_each(session, house.lark, house.anna)
        strike(session, house.lark, house.anna, kind, ids[kind])
    with sqlite_database.reading() as session:
        record = service.attachment_record(session, house.lark, house.anna, NOW)
        name = next(name for name, of in service._HELD.items() if of == kind)
        assert getattr(record, name) == ()
        row = struck(session, service.entry_records.TABLES[entries.KINDS[kind]])
        assert (row.struck_why, row.struck_by_id, row.struck_at) == ("wrong client", house.lark.account_id, NOW)


def test_a_struck_out_rupture_leaves_documents_and_standing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        rupture = add(session, house.lark, house.anna, entries.Rupture(DAY, "the clock"))
        [before] = standing_queries.client_records(session, [house.anna])
        strike(session, house.lark, house.anna, "rupture", rupture)
        [after] = standing_queries.client_records(session, [house.anna])
        facts = access_queries.client_facts(session, house.lark, house.anna, NOW)
        assert facts is not None
        extract = record_extract.extract(session, facts, [], NOW, factories.definitions())
    assert len(before.ruptures) == 1 and not after.ruptures
    assert not extract.ruptures


def test_an_entry_under_a_struck_out_one_goes_with_it(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        ids = one_of_each(session, house.lark, house.anna)
        strike(session, house.lark, house.anna, "belief", ids["belief"])
        record = service.attachment_record(session, house.lark, house.anna, NOW)
        assert record.convictions == ()
        with pytest.raises(NotYours):
            add(session, house.lark, house.anna, entries.Conviction(ids["belief"], TODAY, 10))
        with pytest.raises(NotYours):
            strike(session, house.lark, house.anna, "conviction", ids["conviction"])


def test_a_repair_struck_out_opens_its_rupture_again(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        ids = one_of_each(session, house.lark, house.anna)
        strike(session, house.lark, house.anna, "repair", ids["rupture"])
        record = service.attachment_record(session, house.lark, house.anna, NOW)
        assert [held.id for held in record.open_ruptures()] == [ids["rupture"]]
        kept = session.get_one(tables.Rupture, ids["rupture"]).earlier
        assert kept[0]["content"] == {"repaired_on": TODAY.isoformat(), "repair": "said so"}
        add(session, house.lark, house.anna, entries.Repair(ids["rupture"], TODAY, "again, and it held"))
        with pytest.raises(InvalidInput, match="repair already"):
            add(session, house.lark, house.anna, entries.Repair(ids["rupture"], TODAY, "twice"))


def test_a_correction_keeps_what_was_said_before(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        moment = add(session, house.lark, house.anna, entries.Moment(DAY, "asked", "trust"))
        better = entries.Moment(TODAY, "asked for help", "needs")
        service.change_entry(session, house.lark, house.anna, moment, better, 1, NOW, factories.definitions())
        [held] = service.attachment_record(session, house.lark, house.anna, NOW).moments
        row = session.get_one(tables.Moment, moment)
    assert (held.entry, held.version, held.was_changed) == (better, 2, True)
    [earlier] = row.earlier
    assert earlier["content"]["line"] == "asked" and earlier["content"]["happened_on"] == DAY.isoformat()
    assert earlier["changed_by"] == "Lark"


def test_a_correction_of_an_older_version_shows_both_and_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        event = add(session, house.lark, house.anna, entries.LifeEvent(DAY, "moved"))
        definitions = factories.definitions()
        mine, yours = entries.LifeEvent(DAY, "moved house"), entries.LifeEvent(DAY, "moved town")
        service.change_entry(session, house.lark, house.anna, event, mine, 1, NOW, definitions)
        with pytest.raises(StaleVersion) as stale:
            service.change_entry(session, house.lark, house.anna, event, yours, 1, NOW, definitions)
        assert session.get_one(tables.LifeEvent, event).what == "moved house"
    assert "moved town" in stale.value.yours and "moved house" in stale.value.theirs


def test_who_may_not_write_writes_nothing_and_who_may_not_know_sees_nothing(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        rupture = add(session, house.lark, house.anna, entries.Rupture(DAY, "the clock"))
    entry, definitions = entries.Rupture(DAY, "other"), factories.definitions()
    acts = [
        lambda s, a: service.add_entry(s, a, house.anna, entry, NOW, definitions),
        lambda s, a: service.change_entry(s, a, house.anna, rupture, entry, 1, NOW, definitions),
        lambda s, a: service.strike_entry(s, a, house.anna, "rupture", rupture, "why", NOW, definitions),
        lambda s, a: service.rate_signs(s, a, house.anna, "partner", DAY, {"shutdown": 1}, NOW, definitions),
        lambda s, a: service.take_back_signs(s, a, house.anna, "partner", DAY, NOW),
    ]
    for act in acts:
        for actor, refusal in ((house.heron, NotAllowed), (house.finch, NotYours), (house.stork, NotYours)):
            with pytest.raises(refusal), database.writing() as session:
                act(session, actor)
    with database.writing() as session:
        with pytest.raises(NotYours):
            service.attachment_record(session, house.finch, house.anna, NOW)
        with pytest.raises(NotYours):  # an id of another's client under one's own
            strike(session, house.finch, house.boris, "rupture", rupture)
        with pytest.raises(NotYours):
            add(session, house.finch, house.boris, entries.Repair(rupture, TODAY, "x"))
        assert session.scalars(select(tables.Rupture.what)).all() == ["the clock"]


def test_every_act_leaves_its_event_without_the_words(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        ids = one_of_each(session, house.lark, house.anna)
        strike(session, house.lark, house.anna, "moment", ids["moment"], "typed under Anna, meant for Boris")
        service.take_back_signs(session, house.lark, house.anna, "partner", DAY, NOW)
        events = session.execute(select(tables.AuditEvent.action, tables.AuditEvent.details)).all()
    acted = [event.action for event in events]
    assert acted.count("entry_added") == 17 and acted[-2:] == ["entry_struck", "signs_taken_back"]
    assert "signs_rated" in acted
    assert "asked for help" not in str(events) and "meant for Boris" not in str(events)


def test_signs_are_told_then_and_now_and_not_enough_to_say_is_no_zero(database: Database) -> None:
    definitions = factories.definitions()
    with database.writing() as session:
        house = factories.house(session)
        for day, level in ((DAY, 4), (TODAY, None)):
            service.rate_signs(session, house.lark, house.anna, "partner", day, {"shutdown": level}, NOW, definitions)
        signs = service.attachment_record(session, house.lark, house.anna, NOW).signs
        [only] = then_and_now(signs)
        assert only.then.level == 4 and only.now is None
        service.rate_signs(session, house.lark, house.anna, "partner", TODAY, {"shutdown": 2}, NOW, definitions)
        [changed] = then_and_now(service.attachment_record(session, house.lark, house.anna, NOW).signs)
        assert changed.now is not None and changed.now.level == 2
        assert len(session.scalars(select(tables.Rating.id)).all()) == 3  # the replaced rating stays
        with pytest.raises(InvalidInput):
            service.rate_signs(session, house.lark, house.anna, "moon", TODAY, {"shutdown": 2}, NOW, definitions)
        with pytest.raises(InvalidInput):
            service.rate_signs(session, house.lark, house.anna, "partner", TODAY, {"shutdown": 5}, NOW, definitions)


def test_the_whole_record_goes_out_and_comes_in_again_with_its_traces(
    database: Database, encrypted_database: Database
) -> None:
    with database.writing() as session:
        house = factories.house(session)
        ids = one_of_each(session, house.lark, house.anna)
        strike(session, house.lark, house.anna, "event", ids["event"])
        data = exports.export_client(session, house.lark, "SB-001", "json", "asked for by the client", NOW)
        here = service.attachment_record(session, house.lark, house.anna, NOW)
    with encrypted_database.writing() as session:
        other = factories.house(session)
        session.execute(tables.Client.__table__.update().values(code=tables.Client.code + "-old"))  # type: ignore[attr-defined]
        archives.import_archive(session, OPERATOR, data, "anna.json", NOW, factories.definitions())
        anna = session.scalars(select(tables.Client.id).where(tables.Client.code == "SB-001")).one()
        there = service.attachment_record(session, OPERATOR, anna, NOW)
        assert struck(session, tables.LifeEvent).struck_why == "wrong client"
        again = archives.import_archive(session, OPERATOR, data, "anna.json", NOW, factories.definitions())
    assert other.anna != anna and again["unchanged"] == 1
    for name in here.__dataclass_fields__:
        assert [_content(one) for one in getattr(here, name)] == [_content(one) for one in getattr(there, name)], name


def _content(held: Any) -> list[Any]:
    """What an entry says, without ids."""
    entry = getattr(held, "entry", held)
    names = [name for name in entry.__dataclass_fields__ if name != "id" and not name.endswith("_id")]
    return [getattr(entry, name) for name in names]


def test_a_day_that_lies_ahead_is_refused_but_for_a_break(database: Database) -> None:
    ahead = TODAY + timedelta(days=1)
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(InvalidInput, match="lies ahead"):
            add(session, house.lark, house.anna, entries.LifeEvent(ahead, "moved"))
        with pytest.raises(InvalidInput, match="before the beginning"):
            add(session, house.lark, house.anna, entries.ImportantPerson(DAY, "Jo", ended_on=date(2020, 1, 1)))
        with pytest.raises(InvalidInput, match="60 characters"):
            practice = add(session, house.lark, house.anna, entries.HomePractice(DAY, "rituals", "tea"))
            add(session, house.lark, house.anna, entries.HomePracticeReview(practice, DAY, "x" * 61))
        add(session, house.lark, house.anna, entries.TherapyBreak("holiday", ahead))

"""Support when stuck: a pattern may fit only because the record says so, and either side gets its own suggestions."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.errors import DefinitionProblem
from lib.domain.flags import FlagKind
from lib.domain.support import Support, SupportFacts, support_for
from lib.domain.support_definitions import PATTERNS, Side, parse_support
from lib.exchange.definition_files import load_toml
from tests.factories import DATA, definitions

TODAY = date(2026, 11, 17)
GUIDE = definitions().model.support
SOMEBODY = Held(1, 1, e.ImportantPerson(TODAY, "Jo", felt_safety=7, is_safe_haven=True))
QUIET = AttachmentRecord(people=(SOMEBODY,))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def told(facts: SupportFacts, is_risk: bool = False) -> Support:
    return support_for(is_risk, facts, GUIDE, TODAY)


def because(facts: SupportFacts) -> dict[str, tuple[str, ...]]:
    return {one.pattern.key: one.because for one in told(facts).may_fit}


def test_a_record_that_says_nothing_fits_no_pattern_and_still_gives_something_to_consider() -> None:
    found = told(SupportFacts(QUIET))
    assert found.may_fit == ()
    assert {one.pattern for one in (*found.distancing, *found.clinging)} == {"general"}


def test_an_open_rupture_or_a_fallen_alliance_speaks_for_the_alliance() -> None:
    rupture = Held(1, 1, e.Rupture(ago(20), "Laughed at the wrong moment"))
    open_one = AttachmentRecord(people=(SOMEBODY,), ruptures=(rupture,))
    assert because(SupportFacts(open_one)) == {"alliance": ("the rupture of 28 Oct 2026 has no repair noted",)}
    mended = AttachmentRecord(
        people=(SOMEBODY,), ruptures=(rupture,), repairs=(Held(1, 1, e.Repair(1, ago(13), "Said so")),)
    )
    assert because(SupportFacts(mended)) == {}
    fell = SupportFacts(QUIET, flags=[(FlagKind.ALLIANCE_DROP, ago(3), "SRS is 30.")])
    assert because(fell) == {"alliance": ("the alliance fell: SRS is 30",)}


@pytest.mark.parametrize(("missed", "fits"), [(0, False), (1, False), (2, True)])
def test_two_missed_of_the_last_six_speak_for_motivation(missed: int, fits: bool) -> None:
    offered = [(ago(7 * place), "no_show" if place < missed else "attended") for place in range(8)]
    assert ("motivation" in because(SupportFacts(QUIET, offered))) is fits


def test_sessions_the_therapist_cancelled_or_long_ago_speak_for_nothing() -> None:
    cancelled = [(ago(7 * place), "cancelled_by_therapist") for place in range(6)]
    long_ago = [(ago(7 * place), "no_show" if place > 5 else "attended") for place in range(9)]
    assert because(SupportFacts(QUIET, cancelled)) == because(SupportFacts(QUIET, long_ago)) == {}


def test_nobody_named_is_said_as_what_is_written_down() -> None:
    assert because(SupportFacts(AttachmentRecord())) == {
        "outside": ("no important person is named in the record; perhaps nobody asked",)
    }
    unsafe = AttachmentRecord(people=(Held(1, 1, e.ImportantPerson(TODAY, "Jo", felt_safety=3, is_safe_haven=True)),))
    assert because(SupportFacts(unsafe))["outside"][0].startswith("felt safety is 3 of 10 at most")


@pytest.mark.parametrize(("days", "fits"), [(0, True), (60, True), (61, False), (-1, False)])
def test_life_events_and_surface_talk_count_for_sixty_days(days: int, fits: bool) -> None:
    moved = AttachmentRecord(people=(SOMEBODY,), events=(Held(1, 1, e.LifeEvent(ago(days), "Moved house")),))
    assert ("life_events" in because(SupportFacts(moved))) is fits
    assert ("avoidance" in because(SupportFacts(QUIET, surface_on=[ago(days)]))) is fits


def test_either_side_gets_two_to_four_and_not_the_same() -> None:
    everything = SupportFacts(
        AttachmentRecord(
            ruptures=(Held(1, 1, e.Rupture(ago(20), "x")),), events=(Held(1, 1, e.LifeEvent(ago(5), "Moved")),)
        ),
        [(ago(1), "no_show"), (ago(8), "no_show")],
        surface_on=[ago(2)],
    )
    found = told(everything)
    assert len(found.may_fit) == 5
    for side in (found.distancing, found.clinging):
        assert 2 <= len(side) <= 4 and len({one.pattern for one in side}) == len(side), "one of each pattern first"
    assert set(found.distancing) != set(found.clinging)


def test_a_risk_flag_is_never_explained_by_a_pattern() -> None:
    strained = SupportFacts(AttachmentRecord(ruptures=(Held(1, 1, e.Rupture(ago(20), "x")),)), measured=["ECR 5"])
    found = told(strained, is_risk=True)
    assert [one.pattern.key for one in found.may_fit] == ["risk"]
    assert found.distancing == found.clinging and found.measured == ()


def test_what_is_measured_is_passed_on_and_changes_no_suggestion() -> None:
    plain, measured = told(SupportFacts(QUIET)), told(SupportFacts(QUIET, measured=["Anxiety 6.1"]))
    assert measured.measured == ("Anxiety 6.1",)
    assert (measured.distancing, measured.clinging) == (plain.distancing, plain.clinging)


@pytest.fixture
def file() -> dict[str, Any]:
    return copy.deepcopy(load_toml(DATA / "clinical_model" / "support.toml"))


def test_every_pattern_has_two_to_four_for_each_side_and_sources_that_are_known() -> None:
    for key in PATTERNS:
        for side in (Side.DISTANCING, Side.CLINGING):
            assert 2 <= len(GUIDE.of(key, side)) <= 4
    for one in GUIDE.suggestions:
        assert set(one.source) <= set(definitions().model.sources)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file["suggestion"][0].update(source=["S9"]), "S9"),
        (lambda file: file["suggestion"][0].update(side="avoidant"), "side"),
        (lambda file: file["suggestion"][0].update(pattern="nobody"), "nobody"),
        (lambda file: file["suggestion"].pop(0), "alliance: needs 2 to 4"),
        (lambda file: file["pattern"].pop(5), "general"),
        (lambda file: file["pattern"][0].update(key="motivation"), "once"),
    ],
)
def test_a_broken_guide_is_refused_by_name(file: dict[str, Any], change: Any, words: str) -> None:
    change(file)
    with pytest.raises(DefinitionProblem, match=r"support\.toml") as refused:
        parse_support(file, definitions().model.sources)
    assert words in str(refused.value)

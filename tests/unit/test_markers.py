"""Markers: the rules of a rating, and what may be said about the ratings so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lib.domain.errors import InvalidInput
from lib.domain.markers import NO_INTERVAL, RatingDraft, RatingPoint, check_rating, summarise
from tests.factories import definitions

TODAY = date(2026, 3, 2)
DRAFT = RatingDraft("trust", 1, TODAY)
EPISODE: dict[str, Any] = {"evidence": "asked a neighbour for help", "episode_on": date(2026, 2, 20)}


def checked(draft: RatingDraft, imported: bool = False) -> int | None:
    model = definitions().model
    return check_rating(draft, model.markers, model.contexts, TODAY, imported=imported).level


@pytest.mark.parametrize("level", [0, 1, None])
def test_low_levels_and_not_enough_evidence_need_no_episode(level: int | None) -> None:
    assert checked(replace(DRAFT, level=level)) == level


@pytest.mark.parametrize("level", [2, 3])
def test_from_level_two_up_a_rating_needs_a_dated_episode(level: int) -> None:
    with pytest.raises(InvalidInput, match="needs at least one episode"):
        checked(replace(DRAFT, level=level))
    with pytest.raises(InvalidInput, match="needs the day"):
        checked(replace(DRAFT, level=level, evidence="asked for help"))
    assert checked(replace(DRAFT, level=level, **EPISODE)) == level


SECOND: dict[str, Any] = {
    "episode_with": "friends", "second_evidence": "told a sister", "second_on": date(2026, 2, 22),
    "second_with": "family",
}  # fmt: skip


def test_the_highest_level_needs_two_relationships() -> None:
    four = replace(DRAFT, level=4, **EPISODE)
    with pytest.raises(InvalidInput, match="a second dated episode"):
        checked(four)
    with pytest.raises(InvalidInput, match="a second dated episode"):
        checked(replace(four, **{**SECOND, "second_on": None}))
    with pytest.raises(InvalidInput, match="two different relationships"):
        checked(replace(four, **{**SECOND, "second_with": "friends"}))
    with pytest.raises(InvalidInput, match="two different relationships"):
        checked(replace(four, **{**SECOND, "episode_with": ""}))
    assert checked(replace(four, **SECOND)) == 4
    assert checked(replace(four, **{**SECOND, "episode_with": "", "context": "friends"})) == 4


def test_a_clients_own_rating_rests_on_their_word() -> None:
    assert checked(replace(DRAFT, level=4, source="client")) == 4
    with pytest.raises(InvalidInput, match="therapist's or the client's"):
        checked(replace(DRAFT, source="gas"))


def test_a_facet_of_trust_is_rated_like_a_marker_and_by_the_therapist() -> None:
    model = definitions().model
    draft = RatingDraft("repair", 4, TODAY, subject="trust", **EPISODE)
    assert check_rating(draft, model.rated_facets, model.contexts, TODAY).level == 4  # one relationship: the therapy
    with pytest.raises(InvalidInput, match="needs at least one episode"):
        check_rating(replace(draft, evidence=""), model.rated_facets, model.contexts, TODAY)
    with pytest.raises(InvalidInput, match="by the therapist"):
        check_rating(replace(draft, source="client"), model.rated_facets, model.contexts, TODAY)
    with pytest.raises(InvalidInput, match="There is no trust"):
        check_rating(replace(draft, marker="needs"), model.rated_facets, model.contexts, TODAY)
    assert list(model.rated_facets) == list(model.facets)
    assert all(len(facet.anchors) == 5 and not facet.two_halves for facet in model.rated_facets.values())


@pytest.mark.parametrize("level", [2.5, 5, -1, True, "2"])
def test_half_points_and_other_numbers_are_refused(level: Any) -> None:
    with pytest.raises(InvalidInput, match="whole number from 0 to 4") as refused:
        checked(replace(DRAFT, level=level, **EPISODE))
    assert refused.value.field == "level"


@pytest.mark.parametrize("confidence", ["low", "medium", "high"])
def test_each_confidence_is_taken_and_an_episode_on_the_day_of_the_rating(confidence: str) -> None:
    assert checked(replace(DRAFT, level=2, **{**EPISODE, "episode_on": TODAY}, confidence=confidence)) == 2


@pytest.mark.parametrize(("giving", "receiving", "level"), [(4, 1, 1), (1, 4, 1), (3, 3, 3), (0, 4, 0)])
def test_reciprocity_is_the_lower_of_giving_and_receiving(giving: int, receiving: int, level: int) -> None:
    draft = replace(DRAFT, marker="reciprocity", level=None, giving=giving, receiving=receiving, **EPISODE)
    assert checked(draft) == level


def test_a_level_that_contradicts_the_halves_is_refused() -> None:
    with pytest.raises(InvalidInput, match="the lower of giving and receiving is 1"):
        checked(replace(DRAFT, marker="reciprocity", level=3, giving=4, receiving=1, **EPISODE))


def test_one_half_alone_is_no_rating() -> None:
    with pytest.raises(InvalidInput, match="only one half"):
        checked(replace(DRAFT, marker="reciprocity", level=None, giving=4))


def test_only_reciprocity_has_halves() -> None:
    for giving, receiving in ((1, 1), (1, None), (None, 1)):
        with pytest.raises(InvalidInput, match="no giving and receiving"):
            checked(replace(DRAFT, giving=giving, receiving=receiving))


def test_reciprocity_may_be_rated_without_its_halves() -> None:
    assert checked(replace(DRAFT, marker="reciprocity", level=1)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"marker": "openness"}, "marker"),
        ({"context": "boss"}, "context"),
        ({"rated_on": date(2026, 3, 3)}, "date"),
        ({"confidence": "sure"}, "confidence"),
        ({"episode_on": TODAY, "rated_on": date(2026, 3, 1)}, "episode date"),
        ({"second_on": TODAY, "rated_on": date(2026, 3, 1)}, "episode date"),
        ({"episode_with": "boss"}, "episode"),
        ({"second_with": "boss"}, "episode"),
    ],
)
def test_a_rating_that_breaks_a_rule_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(replace(DRAFT, **change))
    assert refused.value.field == field


def test_an_imported_rating_may_lack_its_episode() -> None:
    assert checked(replace(DRAFT, level=3), imported=True) == 3


def point(number: int, day: int, level: int | None, context: str = "") -> RatingPoint:
    return RatingPoint(number, "trust", level, date(2026, 1, day), context)


def test_the_summary_shows_latest_and_first_and_no_interval() -> None:
    summary = summarise("trust", [point(2, 20, 2), point(1, 5, 1)])
    assert (summary.level, summary.rated_on) == (2, date(2026, 1, 20))
    assert (summary.first_level, summary.first_on) == (1, date(2026, 1, 5))
    assert summary.interval == NO_INTERVAL and len(summary.history) == 2


def test_not_enough_evidence_is_not_zero_and_does_not_hide_the_last_level() -> None:
    summary = summarise("trust", [point(1, 5, 3), point(2, 20, None)])
    assert summary.level == 3 and summary.not_enough_evidence_on == date(2026, 1, 20)
    only_ne = summarise("trust", [point(1, 5, None)])
    assert only_ne.level is None and only_ne.not_enough_evidence_on == date(2026, 1, 5)
    assert summarise("trust", []).rated_on is None and summarise("trust", []).contexts == 0


def test_only_what_was_said_after_the_last_level_is_told_as_not_enough_evidence() -> None:
    assert summarise("trust", [point(1, 5, None), point(2, 20, 3)]).not_enough_evidence_on is None
    same_day = [point(1, 20, 3, "work"), point(2, 20, None, "partner")]
    assert summarise("trust", same_day).not_enough_evidence_on is None


def test_a_clients_own_rating_is_no_part_of_the_clinicians_summary() -> None:
    own = replace(point(3, 25, 4), source="client")
    assert summarise("trust", [point(1, 5, 1), own]).level == 1


def test_of_several_contexts_on_a_day_the_overall_rating_counts_else_the_lowest() -> None:
    contexts = [point(1, 5, 3, "work"), point(2, 5, 1, "partner")]
    assert (summarise("trust", contexts).level, summarise("trust", contexts).context) == (1, "partner")
    assert summarise("trust", [*contexts, point(3, 5, 2)]).level == 2
    assert summarise("trust", [point(1, 5, 1, "work"), point(2, 5, 0, "partner")]).level == 0

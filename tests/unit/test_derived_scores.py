"""Derived scores: PHQ-ADS from two forms of one day, the ECR-RS mean over people, and what was missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from lib.domain.derived_scores import derived_forms
from tests import factories

INSTRUMENTS = factories.definitions().instruments
DAY, NEXT = date(2026, 2, 10), date(2026, 2, 11)


@dataclass
class Form:
    id: int
    instrument: str
    scales: dict[str, Any]
    target: str = "general"
    taken_on: date = DAY
    respondent: str = "client"
    extra: dict[str, Any] = field(default_factory=dict)


def rs(id_: int, target: str, avoidance: float | None, anxiety: float | None) -> Form:
    return Form(id_, "ecr_rs", {"avoidance": avoidance, "anxiety": anxiety}, target)


def test_phq9_and_gad7_of_one_day_make_the_phq_ads() -> None:
    (made,) = derived_forms([Form(1, "phq9", {"total": 12.0}), Form(2, "gad7", {"total": 9.0})], INSTRUMENTS)
    assert (made.instrument, made.target, made.scales, made.of) == ("phq_ads", "general", {"total": 21.0}, (1, 2))
    assert made.unscorable == {}


@pytest.mark.parametrize(
    "other",
    [
        Form(2, "gad7", {"total": 9.0}, taken_on=NEXT),
        Form(2, "gad7", {"total": 9.0}, respondent="therapist"),
        Form(2, "who5", {"total": 60.0}),
    ],
)
def test_forms_of_another_day_or_by_somebody_else_make_nothing(other: Form) -> None:
    assert derived_forms([Form(1, "phq9", {"total": 12.0}), other], INSTRUMENTS) == []


def test_a_part_without_a_score_leaves_the_whole_without_one_and_says_which() -> None:
    (made,) = derived_forms([Form(1, "phq9", {"total": None}), Form(2, "gad7", {"total": 9.0})], INSTRUMENTS)
    assert made.scales == {"total": None} and made.unscorable == {"total": "PHQ-9 of that day has no score"}


def test_the_ecr_rs_mean_over_four_people_is_apart_from_the_general_form() -> None:
    forms = [rs(1, "mother", 2, 4), rs(2, "father", 3, 5), rs(3, "partner", 4, 1), rs(4, "friend", 1, 2)]
    forms += [rs(5, "general", 7, 7), rs(6, "therapist", 7, 7)]
    (made,) = derived_forms(forms, INSTRUMENTS)
    assert (made.target, made.of) == ("mean", (1, 2, 3, 4))
    assert (made.instrument, made.respondent, made.taken_on) == ("ecr_rs", "client", DAY)
    assert made.scales == {"avoidance": 2.5, "anxiety": 3.0}


def test_an_incomplete_set_of_people_says_who_is_missing() -> None:
    (made,) = derived_forms([rs(1, "mother", 2, 4), rs(2, "father", None, 5), rs(3, "friend", 1, 2)], INSTRUMENTS)
    assert made.scales == {"avoidance": None, "anxiety": None}
    assert made.unscorable == {
        "avoidance": "no score about father, partner on that day",
        "anxiety": "no score about partner on that day",
    }


def test_two_people_are_the_beginning_of_a_mean() -> None:
    (made,) = derived_forms([rs(1, "mother", 2, 4), rs(2, "father", 3, 5)], INSTRUMENTS)
    assert made.unscorable["anxiety"] == "no score about partner, friend on that day"


def test_one_person_alone_is_no_beginning_of_a_mean() -> None:
    assert derived_forms([rs(1, "mother", 2, 4), rs(5, "general", 7, 7)], INSTRUMENTS) == []


def test_days_are_told_in_their_order() -> None:
    late = [Form(3, "phq9", {"total": 5.0}, taken_on=NEXT), Form(4, "gad7", {"total": 5.0}, taken_on=NEXT)]
    early = [Form(1, "phq9", {"total": 9.0}), Form(2, "gad7", {"total": 9.0})]
    assert [made.taken_on for made in derived_forms([*late, *early], INSTRUMENTS)] == [DAY, NEXT]

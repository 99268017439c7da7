"""What phrases yield: confirmed of decided, an interval from ten on, a proposal to mute and never more."""

from __future__ import annotations

import pytest

from lib.domain.evidence_yield import Judged, by_code, by_phrase, wilson


def _judged(phrase: str, confirmed: int, rejected: int, code: str = "needs") -> list[Judged]:
    return [Judged(phrase, code, True)] * confirmed + [Judged(phrase, code, False)] * rejected


def test_the_interval_is_wilsons() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148 and 0 of 20 (method 3, without continuity correction)
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("counts", [(0, 0), (-1, 3), (4, 3)])
def test_counts_that_cannot_be_are_refused(counts: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(*counts)


def test_below_ten_decisions_there_is_no_interval_and_no_proposal() -> None:
    (found,) = by_phrase(_judged("needs-001", 0, 9))
    assert (found.confirmed, found.decided, found.interval) == (0, 9, None)
    assert found.share == 0.0
    assert not found.proposed_to_mute


def test_muting_is_proposed_when_even_the_upper_end_is_below_half() -> None:
    poor, fair = by_phrase(_judged("needs-001", 1, 11) + _judged("needs-002", 4, 8))
    assert (poor.key, poor.proposed_to_mute) == ("needs-001", True)
    assert (fair.key, fair.proposed_to_mute) == ("needs-002", False)


def test_codes_add_up_over_their_phrases_and_the_least_useful_comes_first() -> None:
    judged = _judged("needs-001", 3, 1) + _judged("needs-002", 5, 3) + _judged("trust-001", 1, 3, "trust")
    assert [(each.key, each.confirmed, each.decided) for each in by_code(judged)] == [("trust", 1, 4), ("needs", 8, 12)]
    assert by_code([]) == ()

"""What phrases yield: confirmed of decided, an interval from ten on, a proposal to mute and never more."""

from __future__ import annotations

import pytest

from lib.domain.evidence_yield import by_phrase, together, wilson


def _decided(phrase: str, confirmed: int, rejected: int) -> list[tuple[str, bool, int]]:
    return [(phrase, True, confirmed), (phrase, False, rejected)]


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
    (found,) = by_phrase(_decided("needs-001", 0, 9))
    assert (found.confirmed, found.decided, found.interval) == (0, 9, None)
    assert found.share == 0.0
    assert not found.proposed_to_mute


def test_muting_is_proposed_when_even_the_upper_end_is_below_half() -> None:
    poor, fair = by_phrase(_decided("needs-001", 1, 11) + _decided("needs-002", 4, 8))
    assert (poor.key, poor.proposed_to_mute) == ("needs-001", True)
    assert (fair.key, fair.proposed_to_mute) == ("needs-002", False)


def test_a_code_adds_up_its_phrases_and_the_least_useful_phrase_comes_first() -> None:
    found = by_phrase(_decided("needs-001", 5, 3) + _decided("needs-002", 1, 3))
    assert [(each.key, each.confirmed, each.decided) for each in found] == [("needs-002", 1, 4), ("needs-001", 5, 8)]
    needs = together("needs", found)
    assert needs is not None and needs.interval is not None
    assert (needs.key, needs.confirmed, needs.decided) == ("needs", 6, 12)
    assert together("trust", []) is None

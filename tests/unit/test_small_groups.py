"""Small groups: none under five is told, and no two told groups differ by one to four clients."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.small_groups import FEWEST, Asked, Cell, Untold, untold

TEAMS = {1: "North", 2: "North", 3: "South", 4: "", 5: ""}
YEARS = (2024, 2025, None)


def _therapists(**clients: int) -> list[Cell]:
    return [Cell(number, "", False, False, None, count) for number, count in enumerate(clients.values(), start=1)]


@pytest.mark.parametrize(
    ("clients", "told"),
    [
        ({"a": 8, "b": 3, "c": 3}, {1}),  # six are left: nobody knows of whom
        ({"a": 8, "b": 6, "c": 3}, {1}),  # the three would be the whole less a and b
        ({"a": 8, "b": 3}, set()),
        ({"a": 8, "b": 5}, {1, 2}),
        ({"a": 8}, {1}),
        ({"a": 4}, set()),
    ],
)
def test_a_therapist_is_told_when_those_beside_them_stay_unknown(clients: dict[str, int], told: set[int]) -> None:
    cells = _therapists(**clients)
    assert {cell.therapist_id for cell in cells if untold(cells, Asked(cell.therapist_id)) is None} == told


def test_the_reason_is_the_true_one() -> None:
    cells = _therapists(a=8, b=6, c=3)
    assert untold(cells, Asked(3)) is Untold.TOO_FEW and untold(cells, Asked(2)) is Untold.HELD_BACK
    assert untold(cells, Asked()) is None and untold([], Asked()) is None


def test_an_approach_that_all_but_three_use_is_not_told() -> None:
    cells = [Cell(1, "", True, False, None, 20), Cell(1, "", False, False, None, 3)]
    assert untold(cells, Asked(uses_approach=True)) is Untold.HELD_BACK


def _asked() -> list[Asked]:
    who: list[tuple[int | None, str | None]] = [(None, None), *((one, None) for one in TEAMS)]
    what = product([*who, (None, "North"), (None, "South")], (None, True), (None, True), (None, *YEARS[:2]))
    return [Asked(people[0], people[1], used, signed, year) for people, used, signed, year in what]


def _size(cells: list[Cell], inside: Asked, outside: Asked | None = None) -> int:
    def fits(cell: Cell, asked: Asked) -> bool:
        return all(
            getattr(asked, name) in (None, getattr(cell, name))
            for name in ("therapist_id", "team", "uses_approach", "has_sign", "begun_in")
        )

    return sum(one.clients for one in cells if fits(one, inside) and not (outside and fits(one, outside)))


def _is_wider(wide: Asked, narrow: Asked) -> bool:
    """By what was asked alone, as anybody knows it: every condition of the wide one holds for the narrow one."""
    for name in ("uses_approach", "has_sign", "begun_in"):
        if getattr(wide, name) not in (None, getattr(narrow, name)):
            return False
    if wide.therapist_id is not None:
        return wide.therapist_id == narrow.therapist_id
    of = TEAMS[narrow.therapist_id] if narrow.therapist_id is not None else narrow.team
    return wide.team in (None, of)


cells_of_a_team = st.lists(
    st.builds(
        lambda who, approach, sign, year, clients: Cell(who, TEAMS[who], approach, sign, year, clients),
        st.sampled_from(list(TEAMS)), st.booleans(), st.booleans(), st.sampled_from(YEARS), st.integers(1, 14),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(cells_of_a_team)
def test_no_two_told_groups_differ_by_one_to_four_clients(cells: list[Cell]) -> None:
    told = [asked for asked in _asked() if untold(cells, asked) is None]
    for narrow in told:
        assert narrow == Asked() or _size(cells, narrow) >= FEWEST
        for wide in told:
            if wide != narrow and _is_wider(wide, narrow):
                assert _size(cells, wide, outside=narrow) not in range(1, FEWEST), (wide, narrow)


@settings(max_examples=60, deadline=None)
@given(cells_of_a_team)
def test_what_is_left_beside_all_that_is_told_of_a_whole_is_nobody_or_five_and_more(cells: list[Cell]) -> None:
    whole = [Asked(uses_approach=used) for used in (None, True)]
    for asked in (one for one in whole if untold(cells, one) is None):
        told = [who for who in TEAMS if untold(cells, Asked(who, None, asked.uses_approach)) is None]
        left = _size(cells, asked) - sum(_size(cells, Asked(who, None, asked.uses_approach)) for who in told)
        assert not told or left not in range(1, FEWEST)
        years = [
            year for year in YEARS[:2] if untold(cells, Asked(None, None, asked.uses_approach, None, year)) is None
        ]
        apart = [_size(cells, Asked(None, None, asked.uses_approach, None, year)) for year in years]
        assert not apart or _size(cells, asked) - sum(apart) not in range(1, FEWEST)

"""A second, slow and obvious scoring, written from the papers by item number; it reads no definition file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlainKey:
    """One scale as a paper prints it."""

    numbers: tuple[int, ...]
    reversed_numbers: tuple[int, ...]
    is_mean: bool
    may_be_missing: int
    never_missing: tuple[int, ...] = ()
    times: int = 1
    counted: tuple[int, ...] = ()


RANGES = {
    "phq9": (0, 3),
    "gad7": (0, 3),
    "rses": (0, 3),
    "core10": (0, 4),
    "who5": (0, 5),
    "ecr_r": (1, 7),
    "ecr_rs": (1, 7),
    "ecr36": (1, 7),
    "ecr12": (1, 7),
    "raas": (1, 5),
    "scs_sf": (1, 5),
    "ucla3": (1, 3),
    "wai_sr": (1, 5),
    "ecr_r_alt": (1, 7),
    "ecr_s": (1, 7),
    "k10": (1, 5),
    "djg6": (1, 3),
}

KEYS: dict[str, dict[str, PlainKey]] = {
    "phq9": {"total": PlainKey((1, 2, 3, 4, 5, 6, 7, 8, 9), (), False, 1, (9,))},
    "gad7": {"total": PlainKey((1, 2, 3, 4, 5, 6, 7), (), False, 1)},
    "rses": {"total": PlainKey((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), (2, 5, 6, 8, 9), False, 1)},
    "core10": {"total": PlainKey((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), (2, 3), False, 1, (6,))},
    "who5": {"total": PlainKey((1, 2, 3, 4, 5), (), False, 0, (), 4)},
    "ecr_r": {
        "anxiety": PlainKey(tuple(range(1, 19)), (9, 11), True, 3),
        "avoidance": PlainKey(tuple(range(19, 37)), (20, 22, 26, 27, 28, 29, 30, 31, 33, 34, 35, 36), True, 3),
    },
    "ecr_r_alt": {
        "anxiety": PlainKey((2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36), (2, 22), True, 3),
        "avoidance": PlainKey(
            (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35),
            (3, 5, 11, 15, 17, 19, 25, 27, 29, 31, 33, 35),
            True,
            3,
        ),
    },
    "ecr_s": {
        "anxiety": PlainKey((2, 4, 6, 8, 10, 12), (8,), True, 1),
        "avoidance": PlainKey((1, 3, 5, 7, 9, 11), (1, 5, 9), True, 1),
    },
    "k10": {"total": PlainKey(tuple(range(1, 11)), (), False, 0)},
    # An answer of yes (1) or more or less (2) counts for items 1 to 3, no (3) or more or less (2) for items 4 to 6:
    # turned, these are 1 and 2 as well.
    "djg6": {
        "total": PlainKey((1, 2, 3, 4, 5, 6), (4, 5, 6), False, 0, (), 1, (1, 2)),
        "emotional": PlainKey((1, 2, 3), (), False, 0, (), 1, (1, 2)),
        "social": PlainKey((4, 5, 6), (4, 5, 6), False, 0, (), 1, (1, 2)),
    },
    "ecr_rs": {
        "avoidance": PlainKey((1, 2, 3, 4, 5, 6), (1, 2, 3, 4), True, 1),
        "anxiety": PlainKey((7, 8, 9), (), True, 0),
    },
    "ecr36": {
        "anxiety": PlainKey((2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36), (22,), True, 3),
        "avoidance": PlainKey(
            (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35),
            (3, 15, 19, 25, 27, 29, 31, 33, 35),
            True,
            3,
        ),
    },
    "ecr12": {
        "anxiety": PlainKey((1, 2, 3, 5, 7, 8), (), True, 1),
        "avoidance": PlainKey((4, 6, 9, 10, 11, 12), (6, 9, 10, 11, 12), True, 1),
    },
    "raas": {
        "close": PlainKey((1, 6, 8, 12, 13, 17), (8, 13, 17), True, 1),
        "depend": PlainKey((2, 5, 7, 14, 16, 18), (2, 7, 16, 18), True, 1),
        "anxiety": PlainKey((3, 4, 9, 10, 11, 15), (), True, 1),
    },
    "scs_sf": {"total": PlainKey(tuple(range(1, 13)), (1, 4, 8, 9, 11, 12), True, 1)},
    "ucla3": {"total": PlainKey((1, 2, 3), (), False, 0)},
    "wai_sr": {
        "total": PlainKey(tuple(range(1, 13)), (), False, 0),
        "task": PlainKey((1, 2, 10, 12), (), False, 0),
        "bond": PlainKey((3, 5, 7, 9), (), False, 0),
        "goal": PlainKey((4, 6, 8, 11), (), False, 0),
    },
}


def plain_score(instrument: str, scale: str, answers: list[int | None]) -> tuple[float | None, bool]:
    """Value (None when unscorable) and whether missing items were filled in; answers stand in canonical order."""
    low, high = RANGES[instrument]
    key = KEYS[instrument][scale]
    points = []
    missing = 0
    for number in key.numbers:
        answer = answers[number - 1]
        if answer is None:
            missing = missing + 1
            if number in key.never_missing:
                return None, False
        elif number in key.reversed_numbers:
            points.append(low + high - answer)
        else:
            points.append(answer)
    if missing > key.may_be_missing:
        return None, False
    if key.counted:
        points = [1 if point in key.counted else 0 for point in points]
    average = sum(points) / len(points)
    if key.is_mean:
        return average, missing > 0
    return average * len(key.numbers) * key.times, missing > 0


def plain_phq9_alert(answers: list[int | None]) -> list[str]:
    """What item 9 of the PHQ-9 raises."""
    if answers[8] is None:
        return ["item9_missing"]
    if answers[8] > 0:
        return ["item9_endorsed"]
    return []

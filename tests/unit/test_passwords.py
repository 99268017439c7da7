"""Passwords: which ones are refused, and with which words."""

from __future__ import annotations

import pytest

from lib.domain.errors import InvalidInput
from lib.domain.passwords import LONGEST, SHORTEST, check_password

EMAIL, NAME = "rosa.linden@practice.example", "Rosa Linden"


@pytest.mark.parametrize(
    "password",
    ["violet anchor seven moss", "a" * 4 + "bcdefghij", "Rosa went home by the harbour", "пароль из четырёх слов"],
)
def test_long_passwords_that_are_nobodys_first_guess_are_taken(password: str) -> None:
    check_password(password, EMAIL, NAME)


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("eleven char", f"at least {SHORTEST}"),
        ("", f"at least {SHORTEST}"),
        ("x" * (LONGEST + 1), f"longer than {LONGEST}"),
        ("Password-1234", "tried first"),
        ("p a s s w o r d 1 2 3 4", "tried first"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
        ("------------", "tried first"),
        ("rosa.linden@practice.example", "your own name"),
        ("RosaLinden2026", "your own name"),
        ("lindenrosa!!1", "your own name"),
    ],
)
def test_a_refused_password_names_the_rule(password: str, rule: str) -> None:
    with pytest.raises(InvalidInput, match=rule):
        check_password(password, EMAIL, NAME)

"""Passwords: what may become one. Length over decoration, as NIST SP 800-63B (5.1.1.2) advises."""

from __future__ import annotations

from lib.domain.errors import InvalidInput

SHORTEST = 12
LONGEST = 200  # a longer one only makes hashing slow

# Long ones that people choose all the same; matched without blanks, signs and capitals.
_COMMON_WORDS = """
password1234 passwordpassword password12345 password123456 passwort1234 passwortpasswort 123456789012
1234567890123 12345678901234 123456123456 123123123123 111111111111 000000000000 qwertyuiop12 qwertyuiop123
qwertzuiop12 qwertyqwerty qwertzqwertz qwerty123456 asdfghjkl123 1q2w3e4r5t6y 1qaz2wsx3edc abcdefghijkl
abcdefghijklm abc123abc123 iloveyou1234 iloveyouiloveyou letmeinletmein letmein12345 welcome12345
welcomewelcome administrator administrator1 adminadminadmin changemeplease changeme1234 securebase12
securebase123 securebase1234 attachment12 attachment123 therapist123 therapist1234 psychotherapy
psychotherapy1 psychotherapie supervisor123 correcthorsebatterystaple trustno1trustno1 football1234
baseball1234 sunshine1234 princess1234 dragondragon monkeymonkey mypassword12 mypassword123 summer2025summer
summer2026summer winter2025winter winter2026winter
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def check_password(password: str, email: str, name: str) -> None:
    """Raises InvalidInput, with the rule in words, for a password that must not be used by this person."""
    if len(password) < SHORTEST:
        raise _refused(f"The password has {len(password)} characters; it needs at least {SHORTEST}.")
    if len(password) > LONGEST:
        raise _refused(f"The password is longer than {LONGEST} characters.")
    plain = _letters(password)
    if plain in _COMMON or len(set(plain)) <= 2:
        raise _refused("This password is one of those tried first.")
    if _is_of_the_person(plain, email, name):
        raise _refused("The password is made of your own name or address.")


def _is_of_the_person(plain: str, email: str, name: str) -> bool:
    """True when little is left of the password once the person's own words are taken out."""
    rest = plain
    for own in sorted({email, email.partition("@")[0], name, *name.split()}, key=len, reverse=True):
        if len(_letters(own)) >= 3:
            rest = rest.replace(_letters(own), "")
    return len(rest) < len(plain) and len(rest) < 6


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _refused(message: str) -> InvalidInput:
    return InvalidInput(message, "Four or five unrelated words are easy to remember and hard to guess.", "password")

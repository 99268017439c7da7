"""The forms of an English word: plural, past, -ing. Regular rules and a list of irregular ones; no guessing back.

Phrases are written with the plain word; its forms are made here when the phrases are loaded, and a note's word is then
only looked up. Going forward is exact where a stemmer would confuse `caring` with `car`."""

from __future__ import annotations

_VOWELS = set("aeiou")


def forms_of(word: str, irregular: dict[str, tuple[str, ...]]) -> set[str]:
    """The word itself and its regular and irregular forms, in small letters; very short words have no others."""
    if word in irregular:
        return {word, _with_s(word), _with_ing(word), *irregular[word]}
    if len(word) < 3 or not word.isalpha():
        return {word}
    return {word, _with_s(word), _with_ed(word), _with_ing(word)}


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        return word + "es"
    return word + "s"


def _with_ed(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ied"
    return _doubled(word) + "ed"


def _with_ing(word: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return word[:-1] + "ing"
    return _doubled(word) + "ing"


def _doubled(word: str) -> str:
    """One syllable ending in consonant, vowel, consonant doubles its last letter: stop, stopped. Others are listed."""
    vowels = sum(letter in _VOWELS for letter in word)
    ends = len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS
    return word + word[-1] if vowels == 1 and ends else word

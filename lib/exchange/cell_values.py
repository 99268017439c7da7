"""Cells to values by ASCII rules: nothing is clamped, rounded or guessed."""

from __future__ import annotations

import re
import unicodedata

MAX_CODE = 100
"""Characters in a client's code."""

# A whole number may be written as a decimal, because statistics programs export 3 as 3.0.
_WHOLE = re.compile(r"(-?\d{1,9})(?:([.,])0{1,12})?", re.ASCII)
_NUMBER = re.compile(r"(-?\d{1,9})(?:([.,])(\d{1,17}))?", re.ASCII)


def whole_number(text: str, decimal: str | None = None) -> int | None:
    """`3`, `3.0` or `3,0` as 3; None for anything else (`+3`, `1e0`, `３`, `NaN`, `3.5`).

    `decimal` names the only decimal sign accepted; None accepts both."""
    found = _WHOLE.fullmatch(text.strip(" \t"))
    if not found or (found.group(2) and decimal and found.group(2) != decimal):
        return None
    return int(found.group(1))


def number(text: str, decimal: str | None = None) -> float | None:
    """A decimal number with point or comma and no thousands mark; None for anything else."""
    found = _NUMBER.fullmatch(text.strip(" \t"))
    if not found or (found.group(2) and decimal and found.group(2) != decimal):
        return None
    return float(f"{found.group(1)}.{found.group(3) or '0'}")


def decimal_sign(text: str) -> str | None:
    """The decimal sign of a number, None when it has none or is no number."""
    found = _NUMBER.fullmatch(text.strip(" \t"))
    return found.group(2) if found else None


def client_code_rule(code: str) -> str | None:
    """The rule a client's code breaks, None when it may stand. Codes are kept verbatim: `007`, `NA`, `1e5` stay."""
    if not code.strip():
        return "every row needs a client"
    if len(code) > MAX_CODE:
        return f"a client's code has at most {MAX_CODE} characters"
    if code.lstrip()[0] in "=+-@":
        return "a client's code may not begin with = + - or @: a spreadsheet would run it as a formula"
    for character in code:
        if character != " " and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}:
            return f"a client's code may hold no invisible characters (here U+{ord(character):04X})"
    if "\ufffd" in code:
        return "the code holds a replacement character: the file was damaged before"
    return None


def likeness(code: str) -> str:
    """What two codes share that a person could not tell apart: blanks at the ends and letter forms do not count."""
    return unicodedata.normalize("NFKC", code).strip()

"""What makes a note quick: the practice's own templates, phrases of one's own, and scores put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Instrument

MOST_HEADINGS = 12
MOST_PHRASES = 200
LONGEST_PHRASE = 1_000
_SHORT = re.compile(r"[a-z0-9]{1,20}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Template:
    """Headings a practice writes under. A retired one is offered no more; notes written with it keep their words."""

    id: int
    name: str
    headings: tuple[str, ...]
    is_retired: bool = False


def clean_template(name: str, headings: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Name and headings as they are kept: one line each, no two alike, without the colon. Raises InvalidInput."""
    name = _one_line(name, "name of the template")
    kept = tuple(_one_line(one.strip().rstrip(":"), "heading") for one in headings if one.strip().rstrip(":"))
    if not kept:
        raise InvalidInput("A template needs a heading.", "Write one heading a line.", field="headings")
    if len(kept) > MOST_HEADINGS:
        raise InvalidInput(f"A template has at most {MOST_HEADINGS} headings.", "Join some.", field="headings")
    if len({one.upper() for one in kept}) < len(kept):
        raise InvalidInput("A heading stands there twice.", "Take one out.", field="headings")
    return name, kept


def clean_phrase(short: str, text: str) -> tuple[str, str]:
    """Abbreviation and words as they are kept. Raises InvalidInput."""
    short = short.strip().removeprefix(";").lower()
    if not _SHORT.fullmatch(short):
        raise InvalidInput(
            "An abbreviation is 1 to 20 letters a-z and digits.", "As it is typed after a semicolon.", field="short"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text or len(text) > LONGEST_PHRASE or "\x00" in text:
        raise InvalidInput(f"A phrase has 1 to {LONGEST_PHRASE:,} letters.", "Mend it.", field="phrase")
    return short, text


def score_lines(
    instrument: Instrument, form_id: int, taken_on: date, target: str, scales: Mapping[str, Any],
    unscorable: Mapping[str, str],
) -> tuple[str, ...]:  # fmt: skip
    """A form's scores as a note says them, each with its day and the form it stands on.

    A scale without a value says so: absence is never left out in silence, and never zero."""
    about = "" if target in ("", "general") else f" ({target.replace('_', ' ')})"
    source = f"on {taken_on.day} {_MONTHS[taken_on.month - 1]} {taken_on.year} (form {form_id})"
    lines = []
    for scale in instrument.scales:
        value = scales.get(scale.key)
        if value is None and scale.key not in unscorable:
            continue  # this form does not hold the scale
        told = "no score" if value is None else _figure(float(value), scale.decimals)
        lines.append(f"{scale.name}{about} {told} {source}")
    return tuple(lines)


def _figure(value: float, decimals: int) -> str:
    """With the scale's decimals; a prorated sum keeps one."""
    return f"{value:.{decimals if decimals or value == int(value) else 1}f}"


def _one_line(text: str, field: str) -> str:
    told = " ".join(text.split())
    if not told or len(told) > 60 or not told.isprintable():
        raise InvalidInput(f"The {field} is one line of 1 to 60 letters.", "Mend it.", field=field)
    return told

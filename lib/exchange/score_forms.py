"""Forms read from a file, settled: repeated ones counted once, contradicting ones refused, totals checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.domain.scoring import check_total, score_form
from lib.exchange.row_reading import RowReader
from lib.exchange.tables import Row

FormKey = tuple[str, date, str, str, str]


def key_of(form: AdministrationIn) -> FormKey:
    """What makes two forms the same form: client, date, instrument, target, respondent."""
    return (form.client_code, form.taken_on, form.instrument, form.target, form.respondent)


def total_disagreement(instrument: Instrument, answers: Mapping[str, int | None], totals: Mapping[str, float]) -> str:
    """Words for the first supplied total that the answers do not make; empty when all agree."""
    if not totals:
        return ""
    scored = score_form(instrument, answers)
    for scale, supplied in totals.items():
        words = check_total(instrument, scored, scale, supplied)
        if words:
            return words
    return ""


def settled(forms: Iterable[AdministrationIn], reader: RowReader) -> tuple[AdministrationIn, ...]:
    """Each form once, in the order of the file.

    The same form twice with the same content counts once and is said; with different content no one can tell
    which is right, so every one of its rows is a problem."""
    listed = tuple(forms)
    if len({key_of(form) for form in listed}) == len(listed):
        return listed
    groups: dict[FormKey, list[AdministrationIn]] = {}
    for form in listed:
        groups.setdefault(key_of(form), []).append(form)
    kept: list[AdministrationIn] = []
    repeated = 0
    for group in groups.values():
        first = group[0]
        if all(form.answers == first.answers and form.totals == first.totals for form in group[1:]):
            kept.append(first)
            repeated += len(group) - 1
            again = [row for form in group[1:] for row in form.rows]
            reader.found.repeats |= dict.fromkeys(again, first.rows[0])
        else:
            _contradict(group, reader)
    if repeated:
        reader.found.warnings.append(f"{repeated} forms repeat another one exactly and were counted once.")
    return tuple(kept)


def _contradict(group: list[AdministrationIn], reader: RowReader) -> None:
    rows = sorted({row for form in group for row in form.rows})
    first = group[0]
    listed = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
    for row in rows:
        reader.fault(
            Row(row, []), "client", first.client_code,
            f"{first.instrument} of {first.taken_on.isoformat()} stands in rows {listed} with different answers",
            "Keep the right one and remove the others.",
        )  # fmt: skip


def target_of(text: str, instrument: Instrument) -> str | None:
    """The target named, `general` when none is; None when the instrument does not know it."""
    target = text.strip().casefold() or "general"
    return target if target in instrument.targets else None

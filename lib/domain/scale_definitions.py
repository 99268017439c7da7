"""Scale definitions: from the mapping of one scale to a Scale, every figure with its source, every rule by name."""

from __future__ import annotations

import re
from itertools import pairwise

from lib.domain.definition_reader import Reader
from lib.domain.instruments import (
    Band,
    CaseCutoff,
    ChangeFigures,
    Direction,
    Item,
    Norm,
    ReferenceLine,
    Reliability,
    Rule,
    Scale,
)

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
PART = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
NORM_ROLES = ("clinical", "functional", "reference")


def identifier(reader: Reader, key: str, longest: int = 30) -> str:
    """A key that a database column holds: small letters, digits and _, not longer than this."""
    value = reader.text(key)
    if len(value) > longest:
        reader.refuse(key, f"must not be longer than {longest} characters")
    if not IDENTIFIER.fullmatch(value):
        reader.refuse(key, f"must be small letters, digits and _ beginning with a letter, not {value!r}")
    return value


def refuse_doubles(reader: Reader, key: str, values: list[str]) -> None:
    """Refuse the first value that stands there twice."""
    doubled = sorted({value for value in values if values.count(value) > 1})
    if doubled:
        reader.refuse(key, f"{doubled[0]!r} stands there twice")


def check_known(reader: Reader, key: str, ids: tuple[str, ...], items: tuple[Item, ...]) -> None:
    """Refuse an id that is none of these items, or that is named twice."""
    known = {item.id for item in items}
    stranger = next((one for one in ids if one not in known), None)
    if stranger is not None:
        reader.refuse(key, f"names {stranger!r}, which is no item of this instrument")
    refuse_doubles(reader, key, list(ids))


def parse_scale(reader: Reader, items: tuple[Item, ...], minimum: int, maximum: int) -> Scale:
    """One scale of an instrument with these items and this answer range. Raises DefinitionProblem."""
    rule = reader.choice("rule", Rule, Rule.SUM)
    item_ids, reverse, never = _scale_items(reader, items)
    low, high = _range(reader)
    scale = Scale(
        key=identifier(reader, "key"),
        name=reader.text("name"),
        item_ids=item_ids,
        reverse=frozenset(reverse),
        rule=rule,
        minimum_answered=_minimum_answered(reader, len(item_ids)),
        low=low,
        high=high,
        direction=reader.choice("direction", Direction),
        decimals=reader.whole("decimals", 2 if rule is Rule.MEAN else 0),
        bands=_bands(reader, low, high),
        bands_citation=reader.text("bands_citation") if reader.has("bands") else "",
        norms=tuple(_norm(table, low, high) for table in reader.tables("norms")),
        change=None if (figures := reader.table("change")) is None else parse_change(figures, low, high),
        never_prorate=frozenset(never),
        loinc=reader.text("loinc", "") or None,
        multiplier=reader.number("multiplier", 1.0),
        missing_citation=reader.text("missing_citation", ""),
        note=reader.text("note", ""),
        counts=_counts(reader, rule, minimum, maximum),
        parts=_parts(reader, bool(item_ids)),
        reliabilities=tuple(_reliability(table) for table in reader.tables("reliabilities")),
        cutoffs=tuple(_cutoff(table, low, high) for table in reader.tables("cutoffs")),
        references=tuple(_reference(table, low, high) for table in reader.tables("references")),
    )
    _check_scale(reader, scale, minimum, maximum)
    reader.done()
    return scale


def _scale_items(reader: Reader, items: tuple[Item, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The items of a scale, those that are reversed, and those that are never filled in."""
    item_ids = reader.texts("items", ())
    check_known(reader, "items", item_ids, items)
    if bool(item_ids) != bool(items):
        reader.refuse("items", "a scale names its items, unless the instrument is known by totals only")
    own = tuple(item for item in items if item.id in item_ids)
    reverse, never = reader.texts("reverse", ()), reader.texts("never_prorate", ())
    for key, ids in (("reverse", reverse), ("never_prorate", never)):
        check_known(reader, key, ids, own)
    return item_ids, reverse, never


def _counts(reader: Reader, rule: Rule, minimum: int, maximum: int) -> frozenset[int]:
    """The keyed answers that count one each: for the rule "count", and for no other."""
    counts = reader.wholes("counts", ())
    if (rule is Rule.COUNT) is not bool(counts):
        reader.refuse("counts", "the rule 'count', and no other, names the keyed answers that count one")
    if any(not minimum <= each <= maximum for each in counts):
        reader.refuse("counts", f"must be answers from {minimum} to {maximum}")
    return frozenset(counts)


def _parts(reader: Reader, has_items: bool) -> tuple[str, ...]:
    parts = reader.texts("parts", ())
    if parts and has_items:
        reader.refuse("parts", "a scale is made of its own items or of other instruments' scales, not of both")
    wrong = next((part for part in parts if not PART.fullmatch(part)), None)
    if wrong is not None or len(parts) == 1:
        reader.refuse("parts", "must name at least two scales as instrument.scale")
    refuse_doubles(reader, "parts", list(parts))
    return parts


def _reliability(reader: Reader) -> Reliability:
    found = Reliability(reader.text("kind"), reader.number("value"), reader.text("citation"))
    reader.done()
    if not 0 < found.value < 1:
        reader.refuse("value", "must lie between 0 and 1")
    return found


def _cutoff(reader: Reader, low: float, high: float) -> CaseCutoff:
    found = CaseCutoff(reader.number("value"), reader.text("meaning"), reader.text("citation"))
    reader.done()
    if not low <= found.value <= high:
        reader.refuse("value", f"lies outside the scale's range {low:g} to {high:g}")
    return found


def _reference(reader: Reader, low: float, high: float) -> ReferenceLine:
    found = ReferenceLine(reader.number("value"), reader.text("label"), reader.text("source"))
    reader.done()
    if not low <= found.value <= high:
        reader.refuse("value", f"lies outside the scale's range {low:g} to {high:g}")
    return found


def _range(reader: Reader) -> tuple[float, float]:
    low, high = reader.number("low"), reader.number("high")
    if low >= high:
        reader.refuse("high", f"must be above low {low:g}, not {high:g}")
    return low, high


def _minimum_answered(reader: Reader, count: int) -> int:
    answered = reader.whole("minimum_answered", count)
    if not min(count, 1) <= answered <= count:
        reader.refuse("minimum_answered", f"must lie between 1 and the {count} items of the scale")
    return answered


def _check_scale(reader: Reader, scale: Scale, minimum: int, maximum: int) -> None:
    count = len(scale.item_ids)
    if scale.minimum_answered < count and not scale.missing_citation:
        reader.refuse("missing_citation", "a missing-item rule needs its source (or the words 'house rule')")
    if scale.multiplier <= 0:
        reader.refuse("multiplier", "must be above 0")
    if not 0 <= scale.decimals <= 4:
        reader.refuse("decimals", "must lie between 0 and 4")
    if not count:
        return
    weight = scale.multiplier * (1 if scale.rule is Rule.MEAN else count)
    low, high = (0, 1) if scale.rule is Rule.COUNT else (minimum, maximum)
    if (scale.low, scale.high) != (low * weight, high * weight):
        reader.refuse("low", f"items and rule give {low * weight:g} to {high * weight:g}")


def _bands(reader: Reader, low: float, high: float) -> tuple[Band, ...]:
    bands = []
    for table in reader.tables("bands"):
        band = Band(table.number("low"), table.number("high"), table.text("label"))
        table.done()
        if not low <= band.low <= band.high <= high:
            table.refuse("low", f"a band must lie inside the scale's range {low:g} to {high:g}")
        bands.append(band)
    for before, after in pairwise(bands):
        if after.low <= before.high:
            reader.refuse("bands", f"{before.label!r} and {after.label!r} overlap or stand in the wrong order")
    return tuple(bands)


def _norm(reader: Reader, low: float, high: float) -> Norm:
    people = reader.whole("n", 0)
    norm = Norm(
        group=reader.text("group"),
        mean=reader.number("mean"),
        sd=reader.number("sd"),
        n=people or None,
        role=reader.text("role"),
        citation=reader.text("citation"),
    )
    reader.done()
    if norm.role not in NORM_ROLES:
        reader.refuse("role", f"must be one of {', '.join(NORM_ROLES)}, not {norm.role!r}")
    if not low <= norm.mean <= high:
        reader.refuse("mean", f"lies outside the scale's range {low:g} to {high:g}")
    if norm.sd <= 0 or people < 0:
        reader.refuse("sd", "SD must be above 0 and n not negative")
    return norm


def parse_change(reader: Reader, low: float, high: float) -> ChangeFigures:
    """The figures a verdict rests on, for a scale from `low` to `high`. Raises DefinitionProblem."""
    has_cutoff, has_rule = reader.has("cutoff"), reader.has("rule_in_use")
    figures = ChangeFigures(
        sd=reader.number("sd"),
        sd_citation=reader.text("sd_citation"),
        reliability=reader.number("reliability"),
        reliability_citation=reader.text("reliability_citation"),
        cutoff=reader.number("cutoff") if has_cutoff else None,
        cutoff_citation=reader.text("cutoff_citation") if has_cutoff else "",
        rule_in_use=reader.number("rule_in_use") if has_rule else None,
        rule_citation=reader.text("rule_citation") if has_rule else "",
    )
    reader.done()
    if figures.sd <= 0:
        reader.refuse("sd", "must be above 0")
    if not 0 < figures.reliability < 1:
        reader.refuse("reliability", "must lie between 0 and 1")
    if figures.cutoff is not None and not low <= figures.cutoff <= high:
        reader.refuse("cutoff", f"lies outside the scale's range {low:g} to {high:g}")
    if figures.rule_in_use is not None and not 0 < figures.rule_in_use <= high - low:
        reader.refuse("rule_in_use", "must be a number of points the scale can move")
    return figures

"""Instrument definitions: from the mapping of a definition file to an Instrument, every rule checked by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from lib.domain.definition_reader import Reader
from lib.domain.instruments import (
    Band,
    ChangeFigures,
    Direction,
    Instrument,
    Item,
    ItemOrder,
    Norm,
    RiskItem,
    Rule,
    Scale,
)

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
NORM_ROLES = ("clinical", "functional", "reference")


def parse_instrument(mapping: Mapping[str, Any], name: str) -> Instrument:
    """An Instrument from the mapping of its definition file; `name` is what errors call the file.

    Raises DefinitionProblem naming file, key and rule for the first rule that is broken."""
    reader = Reader(mapping, name)
    identity = _identifier(reader, "id")
    items = _items(reader, identity)
    minimum, maximum = _answer_range(reader, bool(items))
    scales = tuple(_scale(table, items, minimum, maximum) for table in reader.tables("scales"))
    if not scales:
        reader.refuse("scales", "an instrument needs at least one scale")
    _refuse_doubles(reader, "scales", [scale.key for scale in scales])
    instrument = Instrument(
        id=identity,
        name=reader.text("name"),
        short_name=reader.text("short_name"),
        version=reader.text("version"),
        domain=reader.text("domain"),
        minimum=minimum,
        maximum=maximum,
        options=_options(reader, minimum, maximum),
        stem=reader.text("stem", ""),
        items=items,
        scales=scales,
        risk_items=tuple(_risk_item(t, items, minimum, maximum) for t in reader.tables("risk_items")),
        targets=reader.texts("targets", ("general",)),
        licence=reader.text("licence"),
        citation=reader.text("citation"),
        loinc_panel=reader.text("loinc_panel", "") or None,
        order_note=reader.text("order_note", ""),
        orders=tuple(_order(table, items) for table in reader.tables("orders")),
        highest_first=reader.truth("highest_first", False),
        key_citation=_key_citation(reader, bool(items)),
    )
    _refuse_doubles(reader, "orders", [order.key for order in instrument.orders])
    _refuse_doubles(reader, "targets", list(instrument.targets))
    reader.done()
    return instrument


def totals_definition(
    identity: str, name: str, low: float, high: float, direction: Direction, citation: str = ""
) -> dict[str, Any]:
    """The definition of a scale a practice enters by its totals only: four facts, the rest follows.

    It carries no change figures, so no verdict rests on it until the practice enters some with a source."""
    scale = {"key": "total", "name": name, "low": low, "high": high, "direction": str(direction)}
    return {
        "id": identity,
        "name": name,
        "short_name": name,
        "version": "1",
        "domain": "practice-defined",
        "licence": "totals only: no item text is held",
        "citation": citation or "defined by the practice",
        "scales": [scale],
    }


def _identifier(reader: Reader, key: str) -> str:
    value = reader.text(key)
    if not IDENTIFIER.fullmatch(value):
        reader.refuse(key, f"must be small letters, digits and _ beginning with a letter, not {value!r}")
    return value


def _refuse_doubles(reader: Reader, key: str, values: list[str]) -> None:
    doubled = sorted({value for value in values if values.count(value) > 1})
    if doubled:
        reader.refuse(key, f"{doubled[0]!r} stands there twice")


def _items(reader: Reader, identity: str) -> tuple[Item, ...]:
    """Items with text (a list of tables) or by number (`item_count`); neither means totals only."""
    count, tables = reader.whole("item_count", 0), reader.tables("items")
    if count < 0:
        reader.refuse("item_count", "must not be negative")
    if count and tables:
        reader.refuse("item_count", "give item_count or items, not both")
    if count:
        return tuple(Item(f"{identity}_{number}", number) for number in range(1, count + 1))
    items = []
    for number, table in enumerate(tables, start=1):
        items.append(Item(_identifier(table, "id"), number, table.text("text")))
        table.done()
    _refuse_doubles(reader, "items", [item.id for item in items])
    return tuple(items)


def _answer_range(reader: Reader, has_items: bool) -> tuple[int, int]:
    if not has_items:
        return reader.whole("minimum", 0), reader.whole("maximum", 0)
    minimum, maximum = reader.whole("minimum"), reader.whole("maximum")
    if minimum >= maximum:
        reader.refuse("maximum", f"must be above the minimum {minimum}, not {maximum}")
    return minimum, maximum


def _options(reader: Reader, minimum: int, maximum: int) -> tuple[str, ...]:
    options = reader.texts("options", ())
    if options and len(options) != maximum - minimum + 1:
        reader.refuse("options", f"{len(options)} labels for {maximum - minimum + 1} answers")
    return options


def _key_citation(reader: Reader, has_items: bool) -> str:
    if not has_items:
        return reader.text("key_citation", "")
    return reader.text("key_citation")


def _known(reader: Reader, key: str, ids: tuple[str, ...], items: tuple[Item, ...]) -> None:
    known = {item.id for item in items}
    stranger = next((one for one in ids if one not in known), None)
    if stranger is not None:
        reader.refuse(key, f"names {stranger!r}, which is no item of this instrument")
    _refuse_doubles(reader, key, list(ids))


def _scale(reader: Reader, items: tuple[Item, ...], minimum: int, maximum: int) -> Scale:
    rule = reader.choice("rule", Rule, Rule.SUM)
    item_ids = reader.texts("items", ())
    reverse = reader.texts("reverse", ())
    never = reader.texts("never_prorate", ())
    _known(reader, "items", item_ids, items)
    if bool(item_ids) != bool(items):
        reader.refuse("items", "a scale names its items, unless the instrument is known by totals only")
    for key, ids in (("reverse", reverse), ("never_prorate", never)):
        _known(reader, key, ids, tuple(item for item in items if item.id in item_ids))
    low, high = _range(reader)
    scale = Scale(
        key=_identifier(reader, "key"),
        name=reader.text("name"),
        item_ids=item_ids,
        reverse=frozenset(reverse),
        rule=rule,
        minimum_answered=_minimum_answered(reader, len(item_ids)),
        low=low,
        high=high,
        direction=reader.choice("direction", Direction),
        decimals=reader.whole("decimals", 0 if rule is Rule.SUM else 2),
        bands=_bands(reader, low, high),
        bands_citation=reader.text("bands_citation") if reader.has("bands") else "",
        norms=tuple(_norm(table, low, high) for table in reader.tables("norms")),
        change=_change(reader, low, high),
        never_prorate=frozenset(never),
        loinc=reader.text("loinc", "") or None,
        multiplier=reader.number("multiplier", 1.0),
        missing_citation=reader.text("missing_citation", ""),
        note=reader.text("note", ""),
    )
    _check_scale(reader, scale, minimum, maximum)
    reader.done()
    return scale


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
    weight = scale.multiplier * (count if scale.rule is Rule.SUM else 1)
    if count and (scale.low, scale.high) != (minimum * weight, maximum * weight):
        reader.refuse("low", f"items and rule give {minimum * weight:g} to {maximum * weight:g}")


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


def _change(scale: Reader, low: float, high: float) -> ChangeFigures | None:
    reader = scale.table("change")
    if reader is None:
        return None
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


def _risk_item(reader: Reader, items: tuple[Item, ...], minimum: int, maximum: int) -> RiskItem:
    risk = RiskItem(
        item_id=reader.text("item"),
        threshold=reader.whole("threshold"),
        endorsed_alert=_identifier(reader, "endorsed_alert"),
        missing_alert=_identifier(reader, "missing_alert"),
    )
    reader.done()
    _known(reader, "item", (risk.item_id,), items)
    if not minimum < risk.threshold <= maximum:
        reader.refuse("threshold", f"must be an answer above the lowest one {minimum} and up to {maximum}")
    return risk


def _order(reader: Reader, items: tuple[Item, ...]) -> ItemOrder:
    order = ItemOrder(_identifier(reader, "key"), reader.text("name"), reader.texts("items"), reader.text("citation"))
    reader.done()
    _known(reader, "items", order.item_ids, items)
    if len(order.item_ids) != len(items):
        reader.refuse("items", f"must name all {len(items)} items once")
    return order

"""Instrument definitions: from the mapping of a definition file to an Instrument, every rule checked by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib.domain.definition_reader import Reader
from lib.domain.instruments import Direction, Instrument, Item, ItemOrder, RiskItem
from lib.domain.scale_definitions import check_known, identifier, parse_scale, refuse_doubles

_LONGEST_VERSION, _LONGEST_TARGET = 20, 30  # what their columns hold
_MOST_ITEMS = 500


def parse_instrument(mapping: Mapping[str, Any], name: str, *, is_own: bool = False) -> Instrument:
    """An Instrument from the mapping of its definition file; `name` is what errors call the file.

    `is_own`: the practice defined it itself.

    Raises DefinitionProblem naming file, key and rule for the first rule that is broken."""
    reader = Reader(mapping, name)
    identity = identifier(reader, "id", longest=40)
    items = _items(reader, identity)
    minimum, maximum = _answer_range(reader, bool(items))
    scales = tuple(parse_scale(table, items, minimum, maximum) for table in reader.tables("scales"))
    if not scales:
        reader.refuse("scales", "an instrument needs at least one scale")
    refuse_doubles(reader, "scales", [scale.key for scale in scales])
    instrument = Instrument(
        id=identity,
        name=reader.text("name"),
        short_name=reader.text("short_name"),
        version=_short(reader, "version", reader.text("version"), _LONGEST_VERSION),
        domain=reader.text("domain"),
        minimum=minimum,
        maximum=maximum,
        options=_options(reader, minimum, maximum),
        stem=reader.text("stem", ""),
        items=items,
        scales=scales,
        risk_items=tuple(_risk_item(t, items, minimum, maximum) for t in reader.tables("risk_items")),
        targets=_targets(reader),
        licence=reader.text("licence"),
        citation=reader.text("citation"),
        loinc_panel=reader.text("loinc_panel", "") or None,
        order_note=reader.text("order_note", ""),
        orders=tuple(_order(table, items) for table in reader.tables("orders")),
        highest_first=reader.truth("highest_first", False),
        key_citation=_key_citation(reader, bool(items)),
        window=reader.text("window", ""),
        mean_over=reader.texts("mean_over", ()),
        mean_citation=reader.text("mean_citation") if reader.has("mean_over") else "",
        loinc_answers=reader.text("loinc_answers", ""),
        is_own=is_own,
        other_names=reader.texts("other_names", ()),
    )
    refuse_doubles(reader, "orders", [order.key for order in instrument.orders])
    _check_mean(reader, instrument)
    reader.done()
    return instrument


def _short(reader: Reader, key: str, value: str, longest: int) -> str:
    if len(value) > longest:
        reader.refuse(key, f"must not be longer than {longest} characters")
    return value


def _targets(reader: Reader) -> tuple[str, ...]:
    targets = reader.texts("targets", ("general",))
    refuse_doubles(reader, "targets", list(targets))
    return tuple(_short(reader, "targets", target, _LONGEST_TARGET) for target in targets)


def _check_mean(reader: Reader, instrument: Instrument) -> None:
    """The people a general score is the mean over must be people the form can be about, and at least two."""
    refuse_doubles(reader, "mean_over", list(instrument.mean_over))
    stranger = next((one for one in instrument.mean_over if one not in instrument.targets), None)
    if stranger is not None or len(instrument.mean_over) == 1:
        reader.refuse("mean_over", "must name at least two of the targets")


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


def _items(reader: Reader, identity: str) -> tuple[Item, ...]:
    """Items with text (a list of tables) or by number (`item_count`); neither means totals only."""
    count, tables = reader.whole("item_count", 0), reader.tables("items")
    if not 0 <= count <= _MOST_ITEMS:
        reader.refuse("item_count", f"must lie between 0 and {_MOST_ITEMS}")
    if count and tables:
        reader.refuse("item_count", "give item_count or items, not both")
    if count:
        return tuple(Item(f"{identity}_{number}", number) for number in range(1, count + 1))
    items = []
    for number, table in enumerate(tables, start=1):
        loinc = table.text("loinc", "") or None
        items.append(Item(identifier(table, "id", longest=60), number, table.text("text"), loinc))
        table.done()
    refuse_doubles(reader, "items", [item.id for item in items])
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


def _risk_item(reader: Reader, items: tuple[Item, ...], minimum: int, maximum: int) -> RiskItem:
    risk = RiskItem(
        item_id=reader.text("item"),
        threshold=reader.whole("threshold"),
        endorsed_alert=identifier(reader, "endorsed_alert"),
        missing_alert=identifier(reader, "missing_alert"),
    )
    reader.done()
    check_known(reader, "item", (risk.item_id,), items)
    if not minimum < risk.threshold <= maximum:
        reader.refuse("threshold", f"must be an answer above the lowest one {minimum} and up to {maximum}")
    return risk


def _order(reader: Reader, items: tuple[Item, ...]) -> ItemOrder:
    order = ItemOrder(identifier(reader, "key"), reader.text("name"), reader.texts("items"), reader.text("citation"))
    reader.done()
    check_known(reader, "items", order.item_ids, items)
    if len(order.item_ids) != len(items):
        reader.refuse("items", f"must name all {len(items)} items once")
    return order

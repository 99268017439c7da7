"""Item texts: the words of an instrument's questions, in a file of their own, for they have their own licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lib.domain.definition_reader import Reader
from lib.domain.instruments import Instrument, Instruments

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """A pack of item texts. `licence` says by what right it stands here; `texts` maps every item's id to its words."""

    instrument_id: str
    licence: str
    source: str
    texts: Mapping[str, str]
    stem: str = ""
    options: tuple[str, ...] = ()


def parse_item_texts(mapping: Mapping[str, Any], name: str, instruments: Instruments) -> ItemTexts:
    """A pack from the mapping of its file; `name` is what errors call the file.

    Raises DefinitionProblem naming file, key and rule: an instrument scored by items, a text for each of them and
    for no other, a licence and a source."""
    reader = Reader(mapping, name)
    instrument = instruments.get(reader.text("instrument"))
    if instrument is None:
        reader.refuse("instrument", f"no instrument {reader.text('instrument')!r} is defined here")
    if instrument.totals_only:
        reader.refuse("instrument", f"{instrument.short_name} is known by its totals only: it has no items")
    pack = ItemTexts(
        instrument_id=instrument.id,
        licence=reader.text("licence"),
        source=reader.text("source"),
        texts=_texts(reader, instrument),
        stem=reader.text("stem", ""),
        options=reader.texts("options", ()),
    )
    if pack.options and len(pack.options) != instrument.maximum - instrument.minimum + 1:
        reader.refuse(
            "options", f"{len(pack.options)} labels for {instrument.maximum - instrument.minimum + 1} answers"
        )
    reader.done()
    return pack


def _texts(reader: Reader, instrument: Instrument) -> dict[str, str]:
    """The words by item id. Keys may be ids or the numbers of the canonical order, never a mixture by accident."""
    table = reader.table("items")
    if table is None:
        reader.refuse("items", "is missing")
    found = {}
    for item in instrument.items:
        key = item.id if table.has(item.id) else str(item.number)
        text = table.text(key)
        if len(text) > _LONGEST or not text.isprintable():
            table.refuse(key, f"must be one line of up to {_LONGEST} characters")
        found[item.id] = text.strip()
    table.done()
    return found


def with_texts(instrument: Instrument, pack: ItemTexts) -> Instrument:
    """The instrument with these words; its keys, which are bound to the item ids, stay as they are."""
    return replace(
        instrument,
        items=tuple(replace(item, text=pack.texts[item.id]) for item in instrument.items),
        stem=pack.stem or instrument.stem,
        options=pack.options or instrument.options,
        text_licence=f"{pack.licence}. {pack.source}",
    )

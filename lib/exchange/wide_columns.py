"""The columns of a wide sheet told apart: items and totals of one instrument or of several side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lib.domain.errors import ImportProblem
from lib.domain.form_changes import whole_answers
from lib.domain.instruments import Instrument
from lib.exchange.row_reading import alias

HEAD = ("client", "date", "instrument", "target", "respondent")
_NUMBERED = re.compile(
    r"(?:(?P<prefix>.+)_)?(?:item|q)_?(?P<named>\d{1,3})|(?P<short>.+)_(?P<number>\d{1,3})", re.ASCII
)


@dataclass(slots=True)
class Group:
    """The columns of one instrument: item id -> column index, scale key -> column index of a supplied total."""

    instrument: Instrument
    items: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    beyond: tuple[int, ...] = ()

    @property
    def columns(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.items.values(), *self.totals.values(), *self.beyond)

    def answers(self, read: Sequence[int | None]) -> Mapping[str, int | None]:
        """The answers of one form by item, in the order of the columns; None for an item that has no column."""
        found = dict(zip(self.items, read, strict=True))
        return found if len(found) == len(self.instrument.items) else whole_answers(self.instrument, found)


@dataclass(slots=True)
class WideColumns:
    """Groups by instrument id, or numbered items whose instrument each row names. `total` is a lone total column."""

    groups: dict[str, Group] = field(default_factory=dict)
    numbered: dict[int, int] = field(default_factory=dict)
    total: int | None = None


def item_column(key: str) -> tuple[str, int] | None:
    """Prefix and number of an item column ("phq9_3" -> phq9, 3; "item_3" -> "", 3); None for another column."""
    found = _NUMBERED.fullmatch(key)
    if not found:
        return None
    return alias(found.group("prefix") or found.group("short") or ""), int(
        found.group("named") or found.group("number")
    )


def has_items(keys: set[str], by_alias: dict[str, Instrument]) -> bool:
    """True when some column is an item: `item_3`, or `phq9_3` of a known instrument."""
    columns = (item_column(key) for key in keys)
    return any(column and (not column[0] or column[0] in by_alias) for column in columns)


def tell_apart(at: dict[str, int], header: tuple[str, ...], by_alias: dict[str, Instrument]) -> WideColumns:
    """The item and total columns among the headers `at`. ImportProblem when two columns claim the same item."""
    columns = WideColumns(total=at.get("total"))
    claimed: dict[tuple[str, str], int] = {}
    for key, index in at.items():
        place = _place(key, by_alias)
        if place is None:
            continue
        instrument, part = place
        owner = (instrument.id if instrument else "", part)
        if owner in claimed:
            raise ImportProblem(
                f"The columns {header[claimed[owner]]!r} and {header[index]!r} are the same item.",
                "Rename or remove one of the two.",
            )
        claimed[owner] = index
        if instrument is None:
            columns.numbered[int(part)] = index
        else:
            group = columns.groups.setdefault(instrument.id, Group(instrument))
            (group.items if part in {item.id for item in instrument.items} else group.totals)[part] = index
    return columns


def _place(key: str, by_alias: dict[str, Instrument]) -> tuple[Instrument | None, str] | None:
    """Whose column this is and which item or scale it holds; None when it is neither item nor total."""
    if key in HEAD or key == "total":
        return None
    column = item_column(key)
    if column:
        return _item_place(key, *column, by_alias)
    prefix = key.rpartition("_")[0]
    while prefix:
        instrument = by_alias.get(alias(prefix))
        named = key[len(prefix) + 1 :]
        if instrument and (found := scale_named(instrument, named)):
            return instrument, found
        prefix = prefix.rpartition("_")[0]
    return None


def _item_place(
    key: str, prefix: str, number: int, by_alias: dict[str, Instrument]
) -> tuple[Instrument | None, str] | None:
    """The item a numbered column holds. ImportProblem for a number the instrument lacks: all may be shifted by one."""
    if not prefix:
        if number < 1:
            raise ImportProblem(f"There is a column {key!r}, but items count from 1.", "Number the items from 1.")
        return None, str(number)
    instrument = by_alias.get(prefix)
    if instrument is None:
        return None
    for item in instrument.items:
        if item.number == number:
            return instrument, item.id
    if instrument.totals_only:
        why = f"{instrument.short_name} is held by its totals only, and there is a column {key!r}."
        raise ImportProblem(why, "Import its total as client, date, instrument, score.")
    raise ImportProblem(
        f"There is a column {key!r}, but {instrument.short_name} has items 1 to {len(instrument.items)}.",
        "Check the numbering: if it is shifted, every answer would be under the wrong item.",
    )


def scale_named(instrument: Instrument, name: str) -> str | None:
    """The key of the scale a file names; `total` or nothing means the only scale of a one-scale instrument."""
    wanted = alias(name)
    if wanted in {"", "total", "score"} and len(instrument.scales) == 1:
        return instrument.scales[0].key
    for scale in instrument.scales:
        if wanted and wanted in {alias(scale.key), alias(scale.name)}:
            return scale.key
    return None


def group_of(instrument: Instrument, columns: WideColumns) -> Group:
    """The numbered columns as this instrument's; columns beyond its last item are kept apart, to be blank."""
    by_number = {item.number: item.id for item in instrument.items}
    group = Group(instrument)
    group.items = {by_number[number]: index for number, index in columns.numbered.items() if number in by_number}
    group.beyond = tuple(index for number, index in columns.numbered.items() if number not in by_number)
    scale = scale_named(instrument, "total")
    if columns.total is not None and scale:
        group.totals[scale] = columns.total
    elif columns.total is not None:
        group.beyond += (columns.total,)
    return group

"""Practice instruments: what a practice adds to the instruments of the product, and how both become one list.

A practice may define an instrument of its own, put in the words of an instrument it is licensed for, and enter
the figures that verdicts rest on. Each is held as it was brought in and checked again whenever it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lib.domain.definition_reader import Reader
from lib.domain.errors import DefinitionProblem, InvalidInput
from lib.domain.flags import FlagKind
from lib.domain.instrument_definitions import parse_instrument, totals_definition
from lib.domain.instruments import ChangeFigures, Direction, Instrument, Instruments, Scale
from lib.domain.item_texts import parse_item_texts, with_texts
from lib.domain.scale_definitions import parse_change

DEFINITION, TEXTS, FIGURES = "definition", "texts", "figures"
ENTERED_BY = " (entered by the practice on "


@dataclass(frozen=True, slots=True)
class Held:
    """What the practice holds about one instrument: a definition, item texts, figures by scale; each may be absent."""

    definition: Mapping[str, Any] | None = None
    texts: Mapping[str, Any] | None = None
    figures: Mapping[str, Mapping[str, Any]] | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        parts = {DEFINITION: self.definition, TEXTS: self.texts, FIGURES: self.figures}
        return {name: value for name, value in parts.items() if value}


def held_from_json(stored: Mapping[str, Any]) -> Held:
    """What `as_json` gave."""
    return Held(stored.get(DEFINITION), stored.get(TEXTS), stored.get(FIGURES))


def parse_own(mapping: Mapping[str, Any], name: str, shipped: Instruments) -> Instrument:
    """An instrument a practice defines. Raises DefinitionProblem naming file, key and rule.

    Id, name, low, high and direction alone make a scale whose scores are entered. It takes no id or name of the
    product's own instruments, and no alert that another rule answers for."""
    instrument = parse_instrument(_whole(mapping, name), name, is_own=True)
    if instrument.id in shipped:
        raise DefinitionProblem(f"{name}: id: {instrument.id!r} is an instrument of the product; choose another id")
    check_names(instrument, shipped.values(), name)
    for place, risk in enumerate(instrument.risk_items, start=1):
        for key, alert in (("endorsed_alert", risk.endorsed_alert), ("missing_alert", risk.missing_alert)):
            if alert in set(FlagKind):
                raise DefinitionProblem(f"{name}: risk_items {place}: {key}: {alert!r} is a flag of the product")
    if instrument.is_derived:
        raise DefinitionProblem(f"{name}: scales 1: parts: only the product's own instruments are made of others")
    return instrument


def check_names(instrument: Instrument, others: Iterable[Instrument], name: str) -> None:
    """A file names instruments by id, name or short name without regard to case and marks: each must mean one.

    Raises DefinitionProblem naming the key."""
    taken = {_plain(told) for other in others for told in _names(other).values()} - {""}
    for key, value in _names(instrument).items():
        if _plain(value) in taken:
            raise DefinitionProblem(f"{name}: {key}: {value!r} is the name of another instrument")


def _names(instrument: Instrument) -> dict[str, str]:
    """Every name of an instrument under the key that gives it."""
    names = {"id": instrument.id, "name": instrument.name, "short_name": instrument.short_name}
    return names | {f"other_names {place}": name for place, name in enumerate(instrument.other_names, start=1)}


def _plain(told: str) -> str:
    return re.sub(r"[^a-z0-9]", "", told.casefold())


def _whole(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The mapping itself, or the definition that the few facts of a scale known by its scores make."""
    if "scales" in mapping or "low" not in mapping:
        return mapping
    reader = Reader(mapping, name)
    low, high, direction = reader.number("low"), reader.number("high"), reader.choice("direction", Direction)
    facts = reader.text("id"), reader.text("name"), low, high, direction, reader.text("citation", "")
    reader.done()
    return totals_definition(*facts)


@dataclass(frozen=True, slots=True)
class Merged:
    """The instruments of one practice, sorted by id, and what of its own cannot be used: key -> why.

    What was taken in when the rules were others must not stop the practice from working; a screen tells of it."""

    instruments: dict[str, Instrument]
    problems: dict[str, str]


def merged(shipped: Instruments, held: Mapping[str, Held]) -> Merged:
    """The product's instruments and the practice's, with its texts and figures."""
    found, problems = dict(shipped), dict[str, str]()
    for key, each in held.items():
        try:
            found[key] = _with_own(found.get(key), each, key, shipped)
        except DefinitionProblem as problem:
            problems[key] = str(problem)
    return Merged(dict(sorted(found.items())), problems)


def _with_own(instrument: Instrument | None, held: Held, key: str, shipped: Instruments) -> Instrument:
    """One instrument with what the practice holds about it. Raises DefinitionProblem when that breaks a rule now."""
    if held.definition is not None:
        instrument = parse_own(held.definition, key, shipped)
    if instrument is None:
        raise DefinitionProblem(f"{key}: is no instrument of the product any more")
    if held.texts is not None:
        instrument = with_texts(instrument, parse_item_texts(held.texts, key, {key: instrument}))
    for scale_key, figures in (held.figures or {}).items():
        instrument = with_figures(instrument, scale_key, figures, key)
    return instrument


def figures_of(
    sd: float,
    sd_citation: str,
    reliability: float,
    reliability_citation: str,
    cutoff: float | None,
    cutoff_citation: str,
    rule_in_use: float | None,
    rule_citation: str,
) -> dict[str, Any]:
    """Figures in the form a definition file has them; what is not given is left out."""
    told: dict[str, Any] = {
        "sd": sd,
        "sd_citation": sd_citation,
        "reliability": reliability,
        "reliability_citation": reliability_citation,
    }
    if cutoff is not None:
        told |= {"cutoff": cutoff, "cutoff_citation": cutoff_citation}
    if rule_in_use is not None:
        told |= {"rule_in_use": rule_in_use, "rule_citation": rule_citation}
    return told


def check_figures(instrument: Instrument, scale_key: str, figures: Mapping[str, Any]) -> ChangeFigures:
    """The figures as a verdict would use them. InvalidInput names the scale or the rule that is broken."""
    try:
        scale = instrument.scale(scale_key)
    except KeyError:
        raise InvalidInput(f"{instrument.short_name} has no scale {scale_key!r}.", field="scale") from None
    try:
        return parse_change(Reader(figures, scale.name), scale.low, scale.high)
    except DefinitionProblem as problem:
        raise InvalidInput(f"{problem}.", "Every figure needs a source.", "figures") from problem


def with_figures(instrument: Instrument, scale_key: str, stored: Mapping[str, Any], name: str) -> Instrument:
    """The instrument with the practice's figures on one scale, each source saying that the practice entered it.

    `stored` holds the figures and `entered_on`. Raises DefinitionProblem when they no longer fit."""
    plain = {key: value for key, value in stored.items() if key != "entered_on"}
    try:
        figures = check_figures(instrument, scale_key, plain)
    except InvalidInput as problem:
        raise DefinitionProblem(f"{name}: figures: {problem.message}") from problem
    on = date.fromisoformat(stored["entered_on"])
    told = f"{ENTERED_BY}{on.day} {on:%B %Y})"
    figures = replace(
        figures,
        sd_citation=_by(figures.sd_citation, told),
        reliability_citation=_by(figures.reliability_citation, told),
        cutoff_citation=_by(figures.cutoff_citation, told),
        rule_citation=_by(figures.rule_citation, told),
        entered_on=on,
    )
    return _with_scale(instrument, replace(instrument.scale(scale_key), change=figures))


def same_scoring(one: Instrument, other: Instrument) -> bool:
    """True when every form scores alike under both: items, range, keys, rules and risk items are the same."""
    return _scoring(one) == _scoring(other)


def _scoring(instrument: Instrument) -> tuple[Any, ...]:
    scales = tuple(
        (s.key, s.item_ids, s.reverse, s.rule, s.minimum_answered, s.low, s.high, s.direction, s.never_prorate,
         s.multiplier, s.counts)
        for s in instrument.scales
    )  # fmt: skip
    ids = tuple(item.id for item in instrument.items)
    return ids, instrument.minimum, instrument.maximum, scales, instrument.risk_items, instrument.targets


def _with_scale(instrument: Instrument, changed: Scale) -> Instrument:
    scales = tuple(changed if scale.key == changed.key else scale for scale in instrument.scales)
    return replace(instrument, scales=scales)


def _by(citation: str, told: str) -> str:
    return f"{citation}{told}" if citation else ""

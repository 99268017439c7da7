"""Instruments: what the practice measures with. Everyone who works here with clients may read them, its admin adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, DefinitionProblem, InvalidInput, StaleVersion
from lib.domain.instruments import ChangeFigures, Instrument
from lib.domain.item_texts import parse_item_texts, with_texts
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.practice_instruments import (
    Held,
    check_figures,
    check_names,
    held_from_json,
    merged,
    parse_own,
    same_scoring,
)
from lib.exchange.definition_uploads import as_import_problem, read_definition_file
from lib.services import access, standing
from lib.storage import instrument_queries, instrument_records


@dataclass(frozen=True, slots=True)
class ListedInstrument:
    """One instrument as the screen lists it. `added`: what the practice holds about it, by whom and when.

    `problem` says why something held cannot be used; the instrument is then the product's, or none at all."""

    key: str
    instrument: Instrument | None
    own_definition: bool = False
    own_texts: bool = False
    own_figures: tuple[str, ...] = ()
    saved_by: str = ""
    saved_at: datetime | None = None
    problem: str = ""


def instruments_of_practice(session: Session, actor: Actor, shipped: Definitions) -> tuple[ListedInstrument, ...]:
    """Every instrument there is here, by id. Raises NotAllowed for whoever works with none."""
    access.check_practice(session, actor, Action.READ, RecordKind.DEFINITIONS)
    stored = {one.key: one for one in instrument_queries.held_instruments(session)}
    held = {key: held_from_json(one.content) for key, one in stored.items()}
    found = merged(shipped.instruments, held)
    listed = []
    for key in sorted(found.instruments.keys() | stored.keys()):
        own = held.get(key, Held())
        listed.append(
            ListedInstrument(
                key,
                found.instruments.get(key),
                own.definition is not None,
                own.texts is not None,
                tuple(own.figures or ()),
                stored[key].saved_by if key in stored else "",
                stored[key].saved_at if key in stored else None,
                found.problems.get(key, ""),
            )
        )
    return tuple(listed)


def define_instrument(
    session: Session, actor: Actor, data: bytes, name: str, now: datetime, shipped: Definitions
) -> Instrument:
    """Take in an instrument of the practice's own, from a TOML or JSON file. Returns it.

    Once forms of it are held, a new file may change words and figures, never how a form is scored. Raises NotAllowed,
    ImportProblem naming row, key and rule, Blocked."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    file = read_definition_file(data, name)
    known = _instruments(session, shipped)
    try:
        instrument = parse_own(file.mapping, name, shipped.instruments)
        check_names(instrument, (one for key, one in known.items() if key != instrument.id), name)
    except DefinitionProblem as problem:
        raise as_import_problem(problem, file) from problem
    held = _held(session, instrument.id)
    if held.definition is not None:
        _check_may_replace(session, instrument, held, shipped)
    kept = replace(held, definition=file.mapping)
    _check_whole(instrument.id, kept, shipped)
    _put(session, actor, instrument.id, kept, now)
    details = {"instrument": instrument.id, "version": instrument.version, "replaced": held.definition is not None}
    access.record_event(session, actor, "instrument_defined", "instrument", now, details=details)
    _judge_anew(session, instrument.id, now, shipped)
    return instrument


def add_item_texts(
    session: Session, actor: Actor, data: bytes, name: str, now: datetime, shipped: Definitions
) -> Instrument:
    """Take in the words of an instrument's items, from a TOML or JSON file. Returns the instrument with them.

    Raises NotAllowed, and ImportProblem naming row, key and rule."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    file = read_definition_file(data, name)
    try:
        pack = parse_item_texts(file.mapping, name, _instruments(session, shipped))
    except DefinitionProblem as problem:
        raise as_import_problem(problem, file) from problem
    instrument = _instruments(session, shipped)[pack.instrument_id]
    held = _held(session, pack.instrument_id)
    _put(session, actor, pack.instrument_id, replace(held, texts=file.mapping), now)
    details = {"instrument": pack.instrument_id, "licence": pack.licence, "items": len(pack.texts)}
    access.record_event(session, actor, "item_texts_added", "instrument", now, details=details)
    return with_texts(instrument, pack)


def change_figures(
    session: Session,
    actor: Actor,
    instrument_id: str,
    scale_key: str,
    figures: Mapping[str, Any] | None,
    seen: ChangeFigures | None,
    now: datetime,
    shipped: Definitions,
) -> None:
    """Put the practice's own figures under the verdicts of one scale, or with None the product's again.

    `seen` are the figures that stood there when the person decided. Every client with such forms is judged anew;
    before and after are on the record. Raises NotAllowed, InvalidInput, StaleVersion."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    instrument = _known(session, instrument_id, shipped)
    before = _figures_of_scale(instrument, scale_key)
    if before != seen:
        raise StaleVersion(_in_words(seen), _in_words(before), 0)
    held = _held(session, instrument_id)
    if figures is not None:
        check_figures(instrument, scale_key, figures)
    elif scale_key not in (held.figures or {}):
        raise InvalidInput("The practice has no figures of its own for this scale.", field="scale")
    kept = {key: value for key, value in (held.figures or {}).items() if key != scale_key}
    if figures is not None:
        kept[scale_key] = {**figures, "entered_on": now.date().isoformat()}
    held = replace(held, figures=kept)
    after = _figures_of_scale(merged(shipped.instruments, {instrument_id: held}).instruments[instrument_id], scale_key)
    _put(session, actor, instrument_id, held, now)
    details = {"instrument": instrument_id, "scale": scale_key, "before": _in_words(before), "after": _in_words(after)}
    access.record_event(session, actor, "figures_changed", "instrument", now, details=details)
    _judge_anew(session, instrument_id, now, shipped)


def withdraw(
    session: Session, actor: Actor, instrument_id: str, part: str, now: datetime, shipped: Definitions
) -> None:
    """Take back the practice's `definition` or `texts` of an instrument. Raises NotAllowed, InvalidInput, Blocked.

    A definition of which forms are held stays: without it nobody could read them."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.DEFINITIONS)
    held = _held(session, instrument_id)
    if part not in ("definition", "texts") or getattr(held, part) is None:
        raise InvalidInput("The practice holds no such thing about this instrument.", field="instrument")
    if part == "texts":
        _put(session, actor, instrument_id, replace(held, texts=None), now)
    elif instrument_queries.clients_with_forms(session, instrument_id):
        raise Blocked("This instrument is in use.", [("Forms of it are held.", "It stays, so that they can be read.")])
    else:
        instrument_records.remove(session, instrument_id)
    details = {"instrument": instrument_id, "part": part}
    access.record_event(session, actor, "instrument_withdrawn", "instrument", now, details=details)


def _check_may_replace(session: Session, instrument: Instrument, held: Held, shipped: Definitions) -> None:
    if not instrument_queries.clients_with_forms(session, instrument.id):
        return
    before = merged(shipped.instruments, {instrument.id: held}).instruments.get(instrument.id)
    if before is not None and not same_scoring(
        instrument, before
    ):  # None: broken by now, and nobody can read the forms
        why = "Forms of it are held, and this file would score them otherwise."
        raise Blocked(f"{instrument.short_name} was not changed.", [(why, "Bring it under another id.")])


def _check_whole(key: str, held: Held, shipped: Definitions) -> None:
    """A new definition must go with the texts and figures that are held already."""
    problem = merged(shipped.instruments, {key: held}).problems.get(key)
    if problem:
        raise Blocked("The definition was not taken.", [(f"It does not go with what is held: {problem}.", "")])


def _instruments(session: Session, shipped: Definitions) -> dict[str, Instrument]:
    held = {one.key: held_from_json(one.content) for one in instrument_queries.held_instruments(session)}
    return merged(shipped.instruments, held).instruments


def _known(session: Session, instrument_id: str, shipped: Definitions) -> Instrument:
    instrument = _instruments(session, shipped).get(instrument_id)
    if instrument is None:
        raise InvalidInput(f"There is no instrument {instrument_id!r}.", field="instrument")
    return instrument


def _held(session: Session, key: str) -> Held:
    stored = {one.key: one.content for one in instrument_queries.held_instruments(session)}
    return held_from_json(stored.get(key, {}))


def _put(session: Session, actor: Actor, key: str, held: Held, now: datetime) -> None:
    content = held.as_json()
    if content:
        instrument_records.put(session, key, content, actor.account_id, now)
    else:
        instrument_records.remove(session, key)


def _figures_of_scale(instrument: Instrument, scale_key: str) -> ChangeFigures | None:
    for scale in instrument.scales:
        if scale.key == scale_key:
            return scale.change
    raise InvalidInput(f"{instrument.short_name} has no scale {scale_key!r}.", field="scale")


def _in_words(figures: ChangeFigures | None) -> str:
    if figures is None:
        return "no figures"
    told = f"SD {figures.sd:g} ({figures.sd_citation})"
    told += f", reliability {figures.reliability:g} ({figures.reliability_citation})"
    if figures.cutoff is not None:
        told += f", cut-off {figures.cutoff:g} ({figures.cutoff_citation})"
    if figures.rule_in_use is not None:
        told += f", rule in use {figures.rule_in_use:g} ({figures.rule_citation})"
    return told


def _judge_anew(session: Session, instrument_id: str, now: datetime, shipped: Definitions) -> None:
    """Standings hold verdicts, so those of clients with such forms are made again in this transaction."""
    session.flush()
    clients = instrument_queries.clients_with_forms(session, instrument_id)
    if clients:
        definitions = replace(shipped, instruments=_instruments(session, shipped))
        standing.rebuild(session, now, definitions, clients)

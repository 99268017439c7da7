"""The level on the client's own measure that means "get in touch": a proposal from their record, with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from lib.domain.measure_facts import ScaleFact
from lib.domain.record_extract import RecordExtract


@dataclass(frozen=True, slots=True)
class LevelProposal:
    """A level to talk about. `error`: points that error alone allows, None without published figures.

    `cutoff`: set where the level rests on it too. `last` and `last_on`: the score it is counted from."""

    measure: str
    level: float
    side: str
    last: float
    last_on: date
    decimals: int
    error: float | None = None
    cutoff: float | None = None


def proposed_level(scale: ScaleFact) -> LevelProposal | None:
    """From where a score would be reliably worse than the last one and on the clinical side of the cut-off.

    One of the two where only one is known, None where neither is, or where the scale does not reach so far."""
    last = scale.points[-1]
    sign = 1 if scale.better == "lower" else -1
    worse_by = [] if scale.error is None else [sign * last.value + scale.error]
    known = [] if scale.cutoff is None or sign * last.value >= sign * scale.cutoff else [sign * scale.cutoff]
    if not worse_by and not known:
        return None
    step = 10**scale.decimals
    level = sign * math.ceil(max([*worse_by, *known]) * step - 1e-9) / step
    out_of_reach = (scale.high is not None and level > scale.high) or (scale.low is not None and level < scale.low)
    if out_of_reach:
        return None
    return LevelProposal(
        measure=scale.name,
        level=level,
        side="above" if sign == 1 else "below",
        last=last.value,
        last_on=last.taken_on,
        decimals=scale.decimals,
        error=scale.error,
        cutoff=scale.cutoff if known else None,
    )


def proposals(record: RecordExtract) -> list[LevelProposal]:
    """A proposal for each measure the client answered, the one with most scores first."""
    own = [scale for scale in record.scales if scale.respondent == "client" and scale.points]
    own.sort(key=lambda scale: -len(scale.points))
    return [found for scale in own if (found := proposed_level(scale)) is not None]

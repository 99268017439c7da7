"""Instrument words: what a definition says, as rows and sentences a therapist can read and check against a manual."""

from __future__ import annotations

from lib.domain.instruments import Direction, Instrument, Rule, Scale
from lib.services.instruments import ListedInstrument
from lib.ui.plain_table import Cell, Kind, Row, plain_row

NO_FIGURES = "No published figures entered: no verdict"
UNCHECKED = "Reference lines: not checked at their source. They may be drawn as lines; no verdict rests on them."
LIST = ("Instrument", "Entered", "Scales", "Verdict on change", "From")
SCALES = ("Scale", "Items", "Reversed", "Score", "Range", "Better", "Missing answers")
FIGURES = ("Scale", "What", "Figure", "Source")
ITEMS = ("No.", "Item", "Scale")
_RULES = {Rule.SUM: "sum", Rule.MEAN: "mean", Rule.COUNT: "how many count"}


def listed_row(one: ListedInstrument) -> Row:
    """One instrument in the list; it can be chosen."""
    instrument = one.instrument
    if instrument is None:
        return Row(
            {name: Cell("") for name in LIST}
            | {"Instrument": Cell(one.key), "From": Cell("cannot be used", Kind.WATCH)},
            one.key,
        )
    judged = [scale for scale in instrument.scales if scale.change is not None]
    verdict = Cell(_verdict_in_short(judged), Kind.PLAIN if judged else Kind.MUTED)
    return Row(
        {
            "Instrument": Cell(instrument.short_name),
            "Entered": Cell(how_entered(instrument)),
            "Scales": Cell(
                ", ".join(scale.name.removeprefix(f"{instrument.short_name} ") for scale in instrument.scales)
            ),
            "Verdict on change": verdict,
            "From": Cell(_origin(one), Kind.WATCH if one.problem else Kind.PLAIN),
        },
        one.key,
    )


def how_entered(instrument: Instrument) -> str:
    """By which means its forms are filled in here."""
    if instrument.is_derived:
        return "worked out from other forms"
    if instrument.totals_only:
        return "scores only"
    return "items with text" if instrument.has_text else "items by number"


def _verdict_in_short(judged: list[Scale]) -> str:
    if not judged:
        return "none: no published figures"
    cutoff = any(scale.change is not None and scale.change.cutoff is not None for scale in judged)
    return "change and recovery" if cutoff else "change only: no cut-off exists"


def _origin(one: ListedInstrument) -> str:
    if one.problem:
        return "the practice's part cannot be used"
    parts = ["own instrument"] if one.own_definition else []
    parts += ["own words"] if one.own_texts else []
    parts += ["own figures"] if one.own_figures else []
    return f"practice: {', '.join(parts)}" if parts else "product"


def facts(instrument: Instrument) -> list[str]:
    """What holds for the whole instrument, a line each."""
    lines = [instrument.name]
    if instrument.items:
        labels = " · ".join(f"{instrument.minimum + k} {label}" for k, label in enumerate(instrument.options))
        asked = f" about {instrument.window}" if instrument.window else ""
        lines.append(
            f"{len(instrument.items)} items{asked}, answers {instrument.minimum} to {instrument.maximum}. {labels}"
        )
    if len(instrument.targets) > 1:
        lines.append(f"Asked about: {', '.join(instrument.targets)}.")
    if instrument.mean_over:
        lines.append(f"Mean over {', '.join(instrument.mean_over)}: {instrument.mean_citation}.")
    for risk in instrument.risk_items:
        number = next(item.number for item in instrument.items if item.id == risk.item_id)
        lines.append(
            f"▲ Item {number} raises its own flag from {risk.threshold} up, or not answered, whatever the total."
        )
    lines += [instrument.order_note] if instrument.order_note else []
    lines.append(f"Source: {instrument.citation}")
    lines += [f"Key: {instrument.key_citation}"] if instrument.key_citation else []
    lines.append(f"Licence: {instrument.licence}")
    lines += [f"Words: {instrument.text_licence}"] if instrument.text_licence else []
    codes = [f"panel {instrument.loinc_panel}"] if instrument.loinc_panel else []
    codes += [f"{scale.name} {scale.loinc}" for scale in instrument.scales if scale.loinc]
    codes += ["items"] if any(item.loinc for item in instrument.items) else []
    lines += [f"LOINC: {', '.join(codes)}"] if codes else []
    return [*lines, f"Version {instrument.version}"]


def scale_rows(instrument: Instrument) -> list[Row]:
    """How each scale is scored."""
    return [plain_row(_scale_cells(instrument, scale)) for scale in instrument.scales]


def _scale_cells(instrument: Instrument, scale: Scale) -> dict[str, str]:
    number = {item.id: item.number for item in instrument.items}
    count = len(scale.item_ids)
    score = " + ".join(scale.parts) if scale.parts else _RULES[scale.rule] if count else "as entered"
    if scale.multiplier != 1:
        score += f" × {scale.multiplier:g}"
    missing = "" if not count else "all must be answered"
    if scale.minimum_answered < count:
        missing = f"at least {scale.minimum_answered} of {count}; {scale.missing_citation}"
    if scale.never_prorate:
        missing += f"; never without item {', '.join(_places(scale.never_prorate, number))}"
    return {
        "Scale": scale.name,
        "Items": ", ".join(_places(scale.item_ids, number)) or "–",
        "Reversed": ", ".join(_places(scale.reverse, number)) or "–",
        "Score": score,
        "Range": f"{scale.low:g} to {scale.high:g}",
        "Better": "lower" if scale.direction is Direction.LOWER_BETTER else "higher",
        "Missing answers": missing or "–",
    }


def _places(ids: tuple[str, ...] | frozenset[str], number: dict[str, int]) -> list[str]:
    return [str(place) for place in sorted(number[item_id] for item_id in ids)]


def figure_rows(instrument: Instrument) -> list[Row]:
    """Every checked figure with its source; a scale without change figures says so."""
    rows = []
    for scale in instrument.scales:
        told = [*_change_figures(scale), *_published(scale)]
        rows += [
            plain_row(dict(zip(FIGURES, (scale.name, what, figure, source), strict=True)))
            for what, figure, source in told
        ]
    return rows


def _change_figures(scale: Scale) -> list[tuple[str, str, str]]:
    change = scale.change
    if change is None:
        return [("verdict on change", NO_FIGURES, "")]
    told = [
        ("SD for verdicts", f"{change.sd:g}", change.sd_citation),
        ("reliability for verdicts", f"{change.reliability:g}", change.reliability_citation),
    ]
    if change.cutoff is not None:
        told.append(("cut-off for recovery", f"{change.cutoff:g}", change.cutoff_citation))
    else:
        told.append(("cut-off for recovery", "none: change only, never recovered", ""))
    if change.rule_in_use is not None:
        told.append(("rule in common use", f"{change.rule_in_use:g} points", change.rule_citation))
    return told


def _published(scale: Scale) -> list[tuple[str, str, str]]:
    told = [(f"band: {band.label}", f"{band.low:g} to {band.high:g}", scale.bands_citation) for band in scale.bands]
    told += [("case", f"{one.value:g}: {one.meaning}", one.citation) for one in scale.cutoffs]
    told += [
        (
            f"{norm.role} group: {norm.group}",
            f"mean {norm.mean:g}, SD {norm.sd:g}{f', N {norm.n:,}' if norm.n else ''}",
            norm.citation,
        )
        for norm in scale.norms
    ]
    return told + [(one.kind, f"{one.value:g}", one.citation) for one in scale.reliabilities]


def reference_rows(instrument: Instrument) -> list[Row]:
    """The figures nobody checked, apart from the others."""
    return [
        plain_row(dict(zip(FIGURES, (scale.name, line.label, f"{line.value:g}", line.source), strict=True)))
        for scale in instrument.scales
        for line in scale.references
    ]


def item_rows(instrument: Instrument) -> list[Row]:
    """The items by number, with their words where these may stand here, and the scales they belong to."""
    rows = []
    for item in instrument.items:
        scales = [
            f"{scale.key}{' (reversed)' if item.id in scale.reverse else ''}"
            for scale in instrument.scales
            if item.id in scale.item_ids
        ]
        words = item.text or "by number: the words are not held here"
        rows.append(plain_row({"No.": str(item.number), "Item": words, "Scale": ", ".join(scales)}))
    return rows


def notes(instrument: Instrument) -> list[str]:
    """What must be said beside the scores, each once."""
    return list(dict.fromkeys(scale.note for scale in instrument.scales if scale.note))

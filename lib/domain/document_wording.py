"""A practice's own wording of its documents: titles, sections left out, sentences. Rules that keep it honest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lib.domain.closure import Audience
from lib.domain.document_model import PLACEHOLDER, DocumentModel, SectionRule
from lib.domain.errors import InvalidInput

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Wording:
    """What a practice says differently in one document for one audience. Anything not named stays as shipped."""

    title: str = ""
    section_titles: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    say: Mapping[str, str] = field(default_factory=dict)


def check_wording(model: DocumentModel, audience: Audience, wording: Wording) -> None:
    """Raises InvalidInput, naming the part: an unknown key, a section that must be reviewed left out, a placeholder the
    sentence is not given, a silenced statement about risk, a text beyond 600 letters."""
    sections = {rule.key: rule for rule in model.sections if audience in rule.titles}
    for key in (*wording.section_titles, *wording.hidden):
        if key not in sections:
            raise InvalidInput(f"There is no section “{key}” in this document.", field="section")
    for key in wording.hidden:
        if sections[key].must_review:
            raise InvalidInput(
                f"“{sections[key].titles[audience]}” cannot be left out.", "It must be looked at before signing."
            )
    for text in (wording.title, *wording.section_titles.values(), *wording.say.values()):
        if len(text) > LONGEST or any(not letter.isprintable() for letter in text):
            raise InvalidInput(f"A text has one line and at most {LONGEST} letters.", "Shorten it.", field="wording")
    for key, text in wording.say.items():
        _check_sentence(model, audience, key, text)


def _check_sentence(model: DocumentModel, audience: Audience, key: str, text: str) -> None:
    shipped = model.say[audience].get(key)
    if shipped is None:
        raise InvalidInput(f"There is no sentence “{key}” in this document.", field="sentence")
    known = {found for each in model.say.values() for found in PLACEHOLDER.findall(each.get(key, ""))}
    unknown = sorted(set(PLACEHOLDER.findall(text)) - known)
    if unknown:
        raise InvalidInput(f"“{key}” is not given {{{unknown[0]}}}.", f"It knows: {', '.join(sorted(known))}.")
    if key.startswith("risk_") and audience is not Audience.CLIENT and not text.strip():
        raise InvalidInput(f"“{key}” may not be empty.", "The file and a referrer are told of risk in full.")


def reworded(model: DocumentModel, audience: Audience, wording: Wording) -> DocumentModel:
    """The model with the practice's words for this audience; what no longer fits the shipped model is left aside."""
    sections = tuple(
        _retitled(rule, audience, wording) for rule in model.sections if not _is_hidden(rule, audience, wording)
    )
    known = {key: text for key, text in wording.say.items() if key in model.say[audience]}
    titles = {**model.titles, audience: wording.title or model.titles[audience]}
    return replace(
        model, titles=titles, sections=sections, say={**model.say, audience: {**model.say[audience], **known}}
    )


def _is_hidden(rule: SectionRule, audience: Audience, wording: Wording) -> bool:
    return audience in rule.titles and rule.key in wording.hidden and not rule.must_review


def _retitled(rule: SectionRule, audience: Audience, wording: Wording) -> SectionRule:
    title = wording.section_titles.get(rule.key)
    return replace(rule, titles={**rule.titles, audience: title}) if title and audience in rule.titles else rule


def as_plain(wording: Wording) -> dict[str, Any]:
    """A wording as settings keep it."""
    return {
        "title": wording.title,
        "section_titles": dict(wording.section_titles),
        "hidden": sorted(wording.hidden),
        "say": dict(wording.say),
    }


def from_plain(plain: Mapping[str, Any]) -> Wording:
    """A wording out of the settings."""
    return Wording(
        plain.get("title", ""),
        plain.get("section_titles", {}),
        frozenset(plain.get("hidden", ())),
        plain.get("say", {}),
    )

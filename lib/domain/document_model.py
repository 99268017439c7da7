"""What a closure document is made of: sections, their order and audiences, sentence templates and questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.domain.closure import Audience, DocumentKind
from lib.domain.errors import DefinitionProblem

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A value with the end of the template's sentence behind it, in quotation marks or not.
_BEFORE_STOP = re.compile(r"\{([a-z_]+)\}(?:(”?)\.(?=\s|$))?")
_QUOTATION = re.compile(r"“[^“”\"]+”|\"[^“”\"]+\"")
_ENDED = re.compile(r"[.!?…][”\"]?$")


@dataclass(frozen=True, slots=True)
class SectionRule:
    """One section: its title for each audience it is for, and the question asked when nothing is known."""

    key: str
    titles: Mapping[Audience, str]
    ask: Mapping[Audience, str]
    must_review: bool


@dataclass(frozen=True, slots=True)
class DocumentModel:
    """A document's definition. An empty template for an audience leaves that statement out for it."""

    kind: DocumentKind
    titles: Mapping[Audience, str]
    sections: tuple[SectionRule, ...]
    say: Mapping[Audience, Mapping[str, str]]
    asks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one document for one audience."""

    model: DocumentModel
    audience: Audience

    def say(self, key: str, **values: str) -> str:
        """The filled-in template, "" when this audience is not told it.

        Values are put in once and never read as templates themselves. Raises DefinitionProblem when the
        template is missing or asks for a value there is not."""
        template = self.model.say[self.audience].get(key)
        if template is None:
            raise DefinitionProblem(f"{self.model.kind} sections: no sentence template “{key}”")
        return _filled(template, key, values)

    def ask(self, key: str, **values: str) -> str:
        """A question to the clinician. Raises DefinitionProblem as `say` does."""
        if key not in self.model.asks:
            raise DefinitionProblem(f"{self.model.kind} sections: no question “{key}”")
        return _filled(self.model.asks[key], key, values)


def _filled(template: str, key: str, values: Mapping[str, str]) -> str:
    """The template with its values. A value that brings its own full stop ends the sentence: no second one stands
    behind it, and nothing inside a value is touched."""

    def value(found: re.Match[str]) -> str:
        name, mark = found.group(1), found.group(2) or ""
        if name not in values:
            raise DefinitionProblem(f"template “{key}” asks for {{{name}}}, which it is not given")
        has_stop = found.group(0).endswith(".") and not _ENDED.search(values[name].rstrip())
        return f"{values[name]}{mark}{'.' if has_stop else ''}"

    return _BEFORE_STOP.sub(value, _once_quoted(template, values))


def _once_quoted(template: str, values: Mapping[str, str]) -> str:
    """The template without quotation marks around a value that is one quotation already, with its own."""
    for name, held in values.items():
        if _QUOTATION.fullmatch(held.strip()):
            template = template.replace(f"“{{{name}}}”", f"{{{name}}}")
    return template


def parse_document_model(data: Mapping[str, Any], file_name: str) -> DocumentModel:
    """A definition file's content as a model. Raises DefinitionProblem naming the file, the key and the rule."""
    try:
        kind = DocumentKind(data["kind"])
        titles = {Audience(key): str(text) for key, text in data["title"].items()}
        sections = tuple(_section(rule, titles) for rule in data["section"])
        say = {audience: _wording(data, audience) for audience in titles}
        asks = {key: str(text) for key, text in data.get("ask", {}).items()}
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise DefinitionProblem(f"{file_name}: {problem!r}") from problem
    keys = [section.key for section in sections]
    if len(keys) != len(set(keys)):
        raise DefinitionProblem(f"{file_name}: a section stands twice")
    _check_risk_is_told(say, file_name)
    return DocumentModel(kind, titles, sections, say, asks)


def _section(rule: Mapping[str, Any], audiences: Mapping[Audience, str]) -> SectionRule:
    """One section; `title` and `ask` are one text for everybody, or a table by audience."""
    wanted = [Audience(name) for name in rule.get("audiences", list(audiences))]
    return SectionRule(
        key=str(rule["key"]),
        titles={audience: _for_audience(rule["title"], audience) for audience in wanted},
        ask={audience: _for_audience(rule["ask"], audience) for audience in wanted},
        must_review=bool(rule.get("must_review", False)),
    )


def _for_audience(text: str | Mapping[str, str], audience: Audience) -> str:
    return text if isinstance(text, str) else text.get(audience.value, text["default"])


def _wording(data: Mapping[str, Any], audience: Audience) -> dict[str, str]:
    return {**data["say"], **data.get(f"say_{audience.value}", {})}


def _check_risk_is_told(say: Mapping[Audience, Mapping[str, str]], file_name: str) -> None:
    """A practice may word its letters; it may not silence risk in its own file or to a referrer."""
    for audience in (Audience.FILE, Audience.REFERRER):
        for key, text in say.get(audience, {}).items():
            if key.startswith("risk_") and not text.strip():
                raise DefinitionProblem(f"{file_name}: “{key}” may not be empty for {audience}")

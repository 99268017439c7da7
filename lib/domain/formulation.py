"""Formulations compared: what a later version says that an earlier one did not, and what it no longer says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lib.domain.clinical_model import ClinicalModel
from lib.domain.entries import Formulation


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which two versions differ, in words; "" where a version says nothing of it."""

    about: str
    before: str
    after: str


def differences(before: Formulation, after: Formulation, model: ClinicalModel) -> list[Difference]:
    """Every point on which two versions differ, in the order of the form."""
    return list(_differences(before, after, model))


def _differences(before: Formulation, after: Formulation, model: ClinicalModel) -> Iterator[Difference]:
    lists = (("Origin", "origins", model.origins), ("Fear", "fears", model.fears), ("Cost", "costs", model.costs))
    for about, name, known in lists:
        old, new = getattr(before, name), getattr(after, name)
        for key in dict.fromkeys((*old, *new)):
            if (key in old) != (key in new):
                label = known[key].label if key in known else key
                yield Difference(about, label if key in old else "", label if key in new else "")
    for key in dict.fromkeys((*before.stories, *after.stories)):
        told, tells = before.stories.get(key, ""), after.stories.get(key, "")
        if told != tells:
            yield Difference(model.prompts[key].label if key in model.prompts else key, told, tells)
    if before.summary != after.summary:
        yield Difference("Summary", before.summary, after.summary)

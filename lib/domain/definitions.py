"""Definitions: everything the product was told by data files, loaded once and handed to services."""

from __future__ import annotations

from dataclasses import dataclass

from lib.domain.clinical_model import ClinicalModel
from lib.domain.instruments import Instruments


@dataclass(frozen=True, slots=True)
class Definitions:
    """Instruments by id, and the clinical model. Immutable; safe to share between all users."""

    instruments: Instruments
    model: ClinicalModel

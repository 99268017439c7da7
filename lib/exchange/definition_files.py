"""Definition files: TOML from the data folder in, checked definitions out. A broken file is named, never skipped."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from lib.domain.clinical_model import FILES, ClinicalModel, parse_model
from lib.domain.definitions import Definitions
from lib.domain.errors import DefinitionProblem
from lib.domain.instrument_definitions import parse_instrument
from lib.domain.instruments import Instrument
from lib.domain.item_texts import parse_item_texts, with_texts


def load_toml(path: Path) -> dict[str, Any]:
    """The mapping of one TOML file. Raises DefinitionProblem naming the file when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionProblem(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DefinitionProblem(f"{path.name}: is not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise DefinitionProblem(f"{path.name}: is not valid TOML: {error}") from error


def load_instruments(folder: Path) -> dict[str, Instrument]:
    """Every instrument of the folder by its id, in the order of the ids, with the item texts of its folder `texts`.

    Raises DefinitionProblem for the first broken rule, for a file whose id is not its name, or for no file at all."""
    instruments: dict[str, Instrument] = {}
    for path in sorted(folder.glob("*.toml")):
        instrument = parse_instrument(load_toml(path), path.name)
        if instrument.id != path.stem:
            raise DefinitionProblem(f"{path.name}: id: must be the file's name, not {instrument.id!r}")
        instruments[instrument.id] = instrument
    if not instruments:
        raise DefinitionProblem(f"{folder}: holds no instrument definitions")
    for path in sorted((folder / "texts").glob("*.toml")):
        pack = parse_item_texts(load_toml(path), f"texts/{path.name}", instruments)
        instruments[pack.instrument_id] = with_texts(instruments[pack.instrument_id], pack)
    return instruments


def load_clinical_model(folder: Path) -> ClinicalModel:
    """The clinical model of this folder. Raises DefinitionProblem for the first broken rule."""
    return parse_model({name: load_toml(folder / name) for name in FILES})


def load_definitions(data_folder: Path) -> Definitions:
    """Instruments and clinical model of the data folder. Raises DefinitionProblem for the first broken rule."""
    return Definitions(
        instruments=load_instruments(data_folder / "instruments"),
        model=load_clinical_model(data_folder / "clinical_model"),
    )

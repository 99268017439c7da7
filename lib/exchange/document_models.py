"""Reading the definitions of the closure documents from their data files."""

from __future__ import annotations

from pathlib import Path

from lib.domain.closure import DocumentKind
from lib.domain.document_model import DocumentModel, parse_document_model
from lib.domain.errors import DefinitionProblem
from lib.exchange.definition_files import load_toml

CLINICAL_MODEL = Path(__file__).resolve().parents[2] / "data" / "clinical_model"
FILES = {
    DocumentKind.SUMMARY: "closure_sections.toml",
    DocumentKind.PLAN: "plan_sections.toml",
    DocumentKind.GOODBYE: "goodbye_sections.toml",
}


def load_document_model(kind: DocumentKind, folder: Path = CLINICAL_MODEL) -> DocumentModel:
    """The definition of one document. Raises DefinitionProblem when the file is missing or breaks a rule."""
    path = folder / FILES[kind]
    model = parse_document_model(load_toml(path), path.name)
    if model.kind is not kind:
        raise DefinitionProblem(f"{path.name}: is a {model.kind}, not a {kind}")
    return model

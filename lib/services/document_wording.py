"""The practice's own wording of its closure documents: kept in its settings, checked, audited, used in every draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from lib.domain.closure import Audience, DocumentKind
from lib.domain.document_model import DocumentModel
from lib.domain.document_wording import Wording, as_plain, check_wording, from_plain, reworded
from lib.domain.errors import Blocked, StaleVersion
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.exchange.document_models import load_document_model
from lib.services import access
from lib.storage import account_queries

_KEPT = "documents"


@dataclass(frozen=True, slots=True)
class WordingShown:
    """The shipped model of a document, what this practice says instead, and the version of the settings."""

    model: DocumentModel
    wording: Wording
    version: int


@cache
def shipped_model(kind: DocumentKind) -> DocumentModel:
    """The definition of a document as it comes with the product or the practice's data files."""
    return load_document_model(kind)


def model_for(session: Session, kind: DocumentKind, audience: Audience) -> DocumentModel:
    """The definition with this practice's words for one audience."""
    model = shipped_model(kind)
    return reworded(model, audience, _held(session, kind, audience)) if audience in model.titles else model


def wording_shown(session: Session, actor: Actor, kind: DocumentKind, audience: Audience) -> WordingShown:
    """What the settings screen shows. Raises NotAllowed for whoever does not look after the settings."""
    access.check_practice(session, actor, Action.READ, RecordKind.SETTINGS)
    row = account_queries.practice(session)
    return WordingShown(shipped_model(kind), _held(session, kind, audience), row.version if row else 0)


def change_wording(
    session: Session,
    actor: Actor,
    kind: DocumentKind,
    audience: Audience,
    wording: Wording,
    version: int,
    now: datetime,
) -> None:
    """Keep the practice's words for one document and audience; drafts made from now on say it so.

    Raises NotAllowed, InvalidInput naming the part, StaleVersion when the settings were saved elsewhere."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.SETTINGS)
    check_wording(shipped_model(kind), audience, wording)
    row = account_queries.practice(session)
    if row is None:
        raise Blocked("The practice is not set up yet.", [("Nobody has an account here.", "Set it up first.")])
    if row.version != version:
        raise StaleVersion("", "", row.version)
    kept = dict(row.settings.get(_KEPT, {}))
    kept[f"{kind.value}-{audience.value}"] = as_plain(wording)
    row.settings = {**row.settings, _KEPT: kept}
    row.version += 1
    details = {"changed": [f"documents {kind.value} {audience.value}"], "version": row.version}
    access.record_event(session, actor, "settings_changed", "practice", now, record_id=1, details=details)


def _held(session: Session, kind: DocumentKind, audience: Audience) -> Wording:
    row = account_queries.practice(session)
    plain = row.settings.get(_KEPT, {}).get(f"{kind.value}-{audience.value}", {}) if row else {}
    return from_plain(plain)

"""Response records: fitted versions of the expected response, and the closed clients they are fitted on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain.expected_response import ResponseModel, as_json, from_json
from lib.storage.tables import FittedResponse, Standing


def current_models(session: Session) -> dict[str, ResponseModel]:
    """The newest version of each measure; one that was withdrawn for want of closed courses is left out."""
    return {
        row.measure: from_json(row.measure, row.version, row.parameters)
        for row in _newest(session)
        if row.parameters is not None
    }


def newest_versions(session: Session) -> dict[str, int]:
    """The number of the newest version of each measure, withdrawn ones too."""
    return {row.measure: row.version for row in _newest(session)}


def _newest(session: Session) -> list[FittedResponse]:
    top = select(FittedResponse.measure, func.max(FittedResponse.version).label("version")).group_by(
        FittedResponse.measure
    )
    newest = top.subquery()
    statement = select(FittedResponse).join(
        newest, (FittedResponse.measure == newest.c.measure) & (FittedResponse.version == newest.c.version)
    )
    return list(session.scalars(statement.order_by(FittedResponse.measure)))


def add_version(
    session: Session,
    measure: str,
    version: int,
    clients: int,
    model: ResponseModel | None,
    account_id: int | None,
    now: datetime,
) -> None:
    """Keep one version; `model` None withdraws the ones before."""
    session.add(
        FittedResponse(
            measure=measure,
            version=version,
            clients=clients,
            parameters=as_json(model) if model is not None else None,
            fitted_at=now,
            fitted_by_id=account_id,
        )
    )
    session.flush()


def closed_clients(session: Session) -> list[int]:
    """Clients whose therapy has ended and who are not in another one."""
    return list(session.scalars(select(Standing.client_id).where(~Standing.is_open).order_by(Standing.client_id)))

"""Expected response: fitted on the practice's own closed courses by an admin or at the terminal, versioned, audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.course import courses_of_lines, known_scale, measure_of
from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput
from lib.domain.expected_response import FEWEST_CLIENTS, ResponseCase, ResponseModel, case_of, fit_response
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.domain.standing_rules import attended_on
from lib.services import access, collector, standing
from lib.storage import response_records, standing_queries
from lib.storage.bulk import chunks


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came of one measure: how many closed courses there were, and the version that holds now, if any.

    `why` says in words why there is none."""

    measure: str
    name: str
    clients: int
    version: int | None
    fitted_on: date | None
    why: str = ""


def fit_responses(session: Session, actor: Actor, now: datetime, definitions: Definitions) -> tuple[Fitted, ...]:
    """Fit every measure anew, keep a new version of each, and renew all standings, whose flags rest on them.

    A measure with fewer than a hundred closed courses gets no model, and loses the one it had. Raises NotAllowed."""
    access.check_practice(session, actor, Action.WRITE, RecordKind.SETTINGS)
    with collector.at_rest():
        cases = _closed_cases(session, definitions)
    before = response_records.newest_versions(session)
    shown = response_records.current_models(session)
    found = []
    for measure in sorted(cases.keys() | shown.keys()):
        version = before.get(measure, 0) + 1
        model, why = _fitted(measure, cases.get(measure, []), version, now.date())
        count = len(cases.get(measure, []))
        if model is not None or measure in shown:
            response_records.add_version(session, measure, version, count, model, actor.account_id, now)
        found.append(_told(measure, definitions, count, model, why))
    details = {each.measure: {"clients": each.clients, "version": each.version} for each in found if each.version}
    access.record_event(session, actor, "expected_response_fitted", "practice", now, details=details)
    standing.rebuild(session, now, definitions)
    return tuple(found)


def fitted_responses(session: Session, actor: Actor, definitions: Definitions) -> tuple[Fitted, ...]:
    """The versions that hold now, for whoever looks after the settings. Raises NotAllowed."""
    access.check_practice(session, actor, Action.READ, RecordKind.SETTINGS)
    models = response_records.current_models(session)
    return tuple(_told(measure, definitions, model.clients, model, "") for measure, model in sorted(models.items()))


def _fitted(measure: str, cases: list[ResponseCase], version: int, today: date) -> tuple[ResponseModel | None, str]:
    try:
        model = fit_response(measure, cases, version, today)
    except InvalidInput as too_alike:
        return None, str(too_alike)
    return model, "" if model is not None else f"fewer than {FEWEST_CLIENTS} closed courses with four scored sessions"


def _told(measure: str, definitions: Definitions, clients: int, model: ResponseModel | None, why: str) -> Fitted:
    known = known_scale(definitions.instruments, measure_of(measure))
    return Fitted(
        measure=measure,
        name=known[1].name if known is not None else measure,
        clients=clients,
        version=model.version if model is not None else None,
        fitted_on=model.fitted_on if model is not None else None,
        why=why,
    )


def _closed_cases(session: Session, definitions: Definitions) -> Mapping[str, list[ResponseCase]]:
    """The closed courses by measure, in the order of clients, so that the same record gives the same model."""
    found: dict[str, list[ResponseCase]] = defaultdict(list)
    for piece in chunks(response_records.closed_clients(session)):
        for record in standing_queries.client_records(session, piece):
            days = attended_on(record)
            for key, course in courses_of_lines(record.lines).items():
                case = case_of(course, days)
                if case is not None and known_scale(definitions.instruments, course.measure) is not None:
                    found[key].append(case)
    return found

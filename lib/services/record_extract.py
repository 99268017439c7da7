"""From the record to what a document may be drafted from: rows become plain dated facts, labels in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from lib.domain import endings
from lib.domain import record_extract as facts
from lib.domain.clinical_model import ClinicalModel, Entry
from lib.domain.closure import ClientHeader
from lib.domain.definitions import Definitions
from lib.domain.instruments import Direction
from lib.domain.other_names import names_in, own_texts
from lib.domain.process import Attendance, PartState
from lib.exchange import note_sections
from lib.services.extract_measures import measure_named, risk_answers, scale_facts
from lib.services.practice import CrisisContact
from lib.storage import check_in_records, ending_records
from lib.storage import extract_queries as queries
from lib.storage.access_queries import ClientFacts
from lib.storage.extract_queries import Stretch
from lib.storage.tables import (
    Belief,
    ChangeStep,
    CheckIn,
    Episode,
    Flag,
    FlagResponse,
    Formulation,
    HomePractice,
    ImportantPerson,
    LifeEvent,
    Moment,
    Rupture,
    TherapyBreak,
    TherapySession,
)


def extract(
    session: Session, client: ClientFacts, contacts: Iterable[CrisisContact], now: datetime, definitions: Definitions
) -> facts.RecordExtract:
    """Everything a document about the client's current or last episode may use. The caller has checked access.

    `now` tells the practice's zone: the day something was done is the day it was there."""
    episode = queries.latest_episode(session, client.client_id)
    days, client_id, model = queries.days_of(episode), client.client_id, definitions.model
    forms = queries.current_administrations(session, client_id, days)
    after = queries.forms_after(session, client_id, days.ends_on)
    # A form of the day a check-in was held needs no question about where it belongs.
    check_ins = check_in_records.check_ins_of(session, client_id)
    held_on = {each.held_on for each in check_ins}
    found = facts.RecordExtract(
        client=ClientHeader(client.name, client.code, client.born_on),
        client_id=client_id,
        episode=_episode(session, episode) if episode else None,
        sessions=_sessions(session, client_id, days, model),
        notes=tuple(_note(*row) for row in queries.final_notes(session, client_id, days)),
        scales=scale_facts(forms, definitions.instruments),
        risk_answers=risk_answers(forms, definitions.instruments),
        risk_flags=tuple(_risk_flag(*row, now.tzinfo) for row in queries.risk_flags(session, client_id, days)),
        ratings=_ratings(session, client_id, days, model),
        evidence=_evidence(session, client_id, days, model),
        ruptures=tuple(
            facts.RuptureFact(row.id, row.happened_on, row.what, row.repaired_on, row.repair)
            for row in queries.dated_rows(session, Rupture, client_id, Rupture.happened_on, days)
        ),
        breaks=_breaks(session, client_id, days),
        formulation=_formulation(episode, queries.newest_formulation(session, client_id), model),
        beliefs=_beliefs(session, client_id, days),
        people=tuple(_person(row) for row in _people(session, client_id, days)),
        practices=_practices(session, client_id, days, model),
        ladder=tuple(
            facts.LadderFact(row.id, row.tried_on, step, row.prediction, row.happened, row.learned)
            for row, step in queries.ladder_attempts(session, client_id, days)
        ),
        changes=tuple(
            facts.ChangeFact(row.id, row.since_on, _label(row.step, model.steps), PartState(row.state), row.done)
            for row in queries.dated_rows(session, ChangeStep, client_id, ChangeStep.since_on, days)
        ),
        moments=_moments(session, client_id, days, model),
        crisis_contacts=tuple(
            facts.CrisisContact(place, each.name, each.number, each.confirmed_on, each.hours)
            for place, each in enumerate(contacts, start=1)
        ),
        agreed_level=_agreed_level(session, client_id, definitions),
        check_ins=_check_ins(session, episode, check_ins),
        forms_after_end=tuple(form.taken_on for form in after if form.taken_on not in held_on),
        check_in_scores={scale.measure: scale.points for scale in scale_facts(after, definitions.instruments)},
    )
    return replace(found, other_names=_other_names(session, client, found, now.date()))


def _other_names(session: Session, client: ClientFacts, found: facts.RecordExtract, today: date) -> tuple[str, ...]:
    """Names and codes of other clients of the same therapist that stand anywhere in what may be quoted.

    Of the same therapist only: nobody learns from a question here who is in therapy with somebody else."""
    others = queries.other_clients(session, client.client_id, today)
    own = {client.name, client.code}
    return names_in(tuple(own_texts(found)), (name for pair in others for name in pair if name not in own))


def _note(note_id: int, dated_on: date, text: str) -> facts.NoteFact:
    """A note with its headings as they stand, "P" in full; its words are for quoting where confirmed."""
    headed = note_sections.sections(text)
    return facts.NoteFact(
        note_id, dated_on, text, tuple(each.heading if len(each.heading) > 1 else each.key for each in headed)
    )


def _episode(session: Session, row: Episode) -> facts.EpisodeFact:
    """The episode, with what was tried to reach the client and what was not done told beside the reason."""
    closed = ending_records.ending_of(session, row.id)
    ending = endings.ending_told(row.ending_kind or "", closed is not None and closed.is_sudden)
    reason = endings.reason_told(
        row.ending_reason, closed.not_done if closed else "", ending_records.outreach_of(session, row.id)
    )
    return facts.EpisodeFact(row.id, row.number, row.starts_on, row.ends_on, ending, reason)


def _check_ins(
    session: Session, episode: Episode | None, rows: Iterable[CheckIn]
) -> tuple[facts.CheckInFact, ...] | None:
    """The check-ins of this episode by the months they were agreed for, so that a moved one keeps its place."""
    if episode is None:
        return None
    found = [facts.CheckInFact(row.id, row.due_on, row.month) for row in rows if row.episode_id == episode.id]
    if not found and ending_records.ending_of(session, episode.id) is None:
        return None
    return tuple(sorted(found, key=lambda each: (each.month or 0, each.id)))


def _labels(keys: Iterable[str], entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """Labels of the clinical model; a key it no longer knows is shown as it is, never dropped."""
    return tuple(entries[key].label if key in entries else key for key in keys)


def _label(key: str, entries: Mapping[str, Entry]) -> str:
    return _labels([key], entries)[0] if key else ""


def _sessions(session: Session, client_id: int, days: Stretch, model: ClinicalModel) -> tuple[facts.SessionFact, ...]:
    rows = queries.dated_rows(session, TherapySession, client_id, TherapySession.held_on, days)
    return tuple(
        facts.SessionFact(
            id=row.id,
            held_on=row.held_on,
            attendance=Attendance(row.attendance),
            number=row.number,
            process_parts=_labels(row.parts, model.parts),
            approaches=_labels(row.approaches, model.approaches),
            agreed=row.agreed,
            on_ending="closure" in row.parts,
        )
        for row in rows
    )


def _risk_flag(flag: Flag, response: FlagResponse | None, zone: tzinfo | None) -> facts.RiskFlag:
    if flag.state == "open" or response is None:
        return facts.RiskFlag(flag.id, flag.raised_on, flag.reason)
    responded_on = response.responded_at.astimezone(zone).date()
    return facts.RiskFlag(flag.id, flag.raised_on, flag.reason, response.what_was_done, responded_on)


def _ratings(session: Session, client_id: int, days: Stretch, model: ClinicalModel) -> tuple[facts.RatingFact, ...]:
    return tuple(
        facts.RatingFact(
            id=row.id,
            rated_on=row.rated_on,
            marker=row.key,
            label=model.markers[row.key].label if row.key in model.markers else row.key,
            level=row.level,
            context=_label(row.context, model.contexts),
            evidence=row.evidence,
        )
        for row in queries.current_marker_ratings(session, client_id, days)
    )


def _evidence(session: Session, client_id: int, days: Stretch, model: ClinicalModel) -> tuple[facts.EvidenceFact, ...]:
    labels = {key: marker.label for key, marker in model.markers.items()}
    labels |= {key: sign.label for key, sign in model.signs.items()}
    return tuple(
        facts.EvidenceFact(
            row.id, row.note_id, row.dated_on, row.code, labels.get(row.code, row.code), row.polarity, row.quote
        )
        for row in queries.confirmed_evidence(session, client_id, days)
        if row.note_id is not None
    )


def _breaks(session: Session, client_id: int, days: Stretch) -> tuple[facts.BreakFact, ...]:
    pauses = queries.dated_rows(session, TherapyBreak, client_id, TherapyBreak.starts_on, days)
    events = queries.dated_rows(session, LifeEvent, client_id, LifeEvent.happened_on, days)
    return (
        *(
            facts.BreakFact(
                id=row.id,
                kind="anniversary" if row.kind == "anniversary" else "break",
                starts_on=row.starts_on,
                what=row.what or row.kind,
                ends_on=row.ends_on,
                how_it_went=row.weathered,
            )
            for row in pauses
        ),
        *(facts.BreakFact(row.id, "event", row.happened_on, row.what) for row in events),
    )


def _formulation(
    episode: Episode | None, row: Formulation | None, model: ClinicalModel
) -> tuple[facts.FormulationEntry, ...]:
    found = []
    if episode is not None and episode.needs_at_start:
        found.append(facts.FormulationEntry(episode.id, "need", episode.starts_on, words=episode.needs_at_start))
    if row is None:
        return tuple(found)
    lists = (("origin", row.origins, model.origins), ("fear", row.fears, model.fears), ("cost", row.costs, model.costs))
    for kind, keys, entries in lists:
        found += [facts.FormulationEntry(row.id, kind, row.dated_on, label) for label in _labels(keys, entries)]
    found += [
        facts.FormulationEntry(row.id, "story", row.dated_on, _label(prompt, model.prompts), words)
        for prompt, words in row.stories.items()
        if words
    ]
    return tuple(found)


def _beliefs(session: Session, client_id: int, days: Stretch) -> tuple[facts.BeliefFact, ...]:
    rated: dict[int, list[facts.Conviction]] = {}
    for row in queries.convictions(session, client_id):
        rated.setdefault(row.belief_id, []).append(facts.Conviction(row.id, row.rated_on, row.conviction))
    return tuple(
        facts.BeliefFact(row.id, row.noted_on, row.belief, row.balanced, tuple(rated.get(row.id, ())))
        for row in queries.dated_rows(session, Belief, client_id, Belief.noted_on, days)
    )


def _people(session: Session, client_id: int, days: Stretch) -> list[ImportantPerson]:
    rows = queries.dated_rows(session, ImportantPerson, client_id, ImportantPerson.noted_on, days)
    return [row for row in rows if row.ended_on is None]


def _person(row: ImportantPerson) -> facts.PersonFact:
    return facts.PersonFact(
        row.id, row.noted_on, row.name, row.relation, row.is_safe_haven, row.is_secure_base, row.felt_safety
    )


def _practices(session: Session, client_id: int, days: Stretch, model: ClinicalModel) -> tuple[facts.PracticeFact, ...]:
    reviews: dict[int, list[facts.PracticeReview]] = {}
    for row in queries.practice_reviews(session, client_id):
        reviews.setdefault(row.home_practice_id, []).append(facts.PracticeReview(row.reviewed_on, None, row.helpful))
    return tuple(
        facts.PracticeFact(
            row.id,
            row.agreed_on,
            row.agreement or _label(row.practice, model.practices),
            row.frequency,
            tuple(reviews.get(row.id, ())),
        )
        for row in queries.dated_rows(session, HomePractice, client_id, HomePractice.agreed_on, days)
    )


def _moments(session: Session, client_id: int, days: Stretch, model: ClinicalModel) -> tuple[facts.MomentFact, ...]:
    return tuple(
        facts.MomentFact(row.id, row.happened_on, row.line, row.with_whom, row.marker)
        for row in queries.dated_rows(session, Moment, client_id, Moment.happened_on, days)
    )


def _agreed_level(session: Session, client_id: int, definitions: Definitions) -> facts.AgreedLevel | None:
    held = queries.agreed_level(session, client_id)
    if held is not None:
        name, scale = measure_named(held.measure, definitions.instruments)
        better = "lower" if scale.direction is Direction.LOWER_BETTER else "higher"
        return facts.AgreedLevel(held.id, held.agreed_on, name, held.level, better)
    row = queries.agreed_check_in(session, client_id)
    if row is None:
        return None
    agreed = row.get_in_touch_level
    return facts.AgreedLevel(
        row.id, date.fromisoformat(agreed["agreed_on"]), agreed["measure"], float(agreed["level"]), agreed["better"]
    )

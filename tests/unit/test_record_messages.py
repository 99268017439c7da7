"""Messages of the record desk: only whole ones are read, and a form's values become the entry they say or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.errors import InvalidInput
from lib.domain.process import PartState
from lib.ui import record_forms
from lib.ui.record_messages import entry_of, message_of
from lib.ui.record_rows import values_of
from tests import factories

DAY = date(2026, 3, 2)
WHOLE = {
    "ticket": "t1",
    "act": "add",
    "kind": "event",
    "client_id": 1,
    "id": 0,
    "version": 0,
    "values": {"what": "moved"},
}
ONE_OF_EACH: list[e.Entry] = [
    e.Rupture(DAY, "the clock"),
    e.Repair(4, DAY, "said so"),
    e.Moment(DAY, "asked", "trust", "Jo", "partner"),
    e.Belief(DAY, "nobody stays", "some do", own_words=False),
    e.Conviction(4, DAY, 80, 20),
    e.Conviction(4, DAY, 0),
    e.ImportantPerson(DAY, "Jo", "partner", 0, "both", True, False, DAY),
    e.PersonSafety(4, DAY, 7, "pursues"),
    e.HomePractice(DAY, "rituals", "tea", "daily"),
    e.HomePracticeReview(4, DAY, "5 of 7", None),
    e.LadderStep(DAY, 2, "ask"),
    e.LadderAttempt(4, DAY, "no", "", ""),
    e.TherapyBreak("holiday", DAY, None, "away"),
    e.LifeEvent(DAY, "moved"),
    e.PartOfWork("beliefs", PartState.UNDER_WAY, DAY, "pairs"),
    e.ChangeStep("regulation", PartState.UNDER_WAY, DAY, "counts breaths"),
    e.EndingTalk(DAY, "not yet"),
]


@pytest.mark.parametrize("entry", ONE_OF_EACH, ids=lambda entry: type(entry).__name__)
def test_what_a_form_shows_of_an_entry_makes_the_same_entry_again(entry: e.Entry) -> None:
    kind = next(key for key, made in e.KINDS.items() if made is type(entry))
    typed = {name: "" if value is None else value for name, value in values_of(entry).items()}
    typed = {name: str(value) if type(value) is int else value for name, value in typed.items()}
    assert entry_of(kind, typed) == entry


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("event", {"what": "moved", "happened_on": "2.3.2026"}),
        ("event", {"what": "moved"}),
        ("conviction", {"belief_id": "1", "rated_on": "2026-03-02", "conviction": "80.5"}),
        ("conviction", {"belief_id": "x", "rated_on": "2026-03-02", "conviction": "80"}),
        ("part", {"part": "beliefs", "state": "done", "since_on": "2026-03-02"}),
        ("formulation", {"dated_on": "2026-03-02", "origins": ["rejection"]}),
    ],
)
def test_a_value_that_is_none_of_its_field_is_refused(kind: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        entry_of(kind, values)


@pytest.mark.parametrize(
    "change",
    [
        {"ticket": ""},
        {"ticket": "t" * 61},
        {"ticket": 1},
        {"act": "delete"},
        {"kind": "note"},
        {"client_id": "1"},
        {"client_id": True},
        {"id": -1},
        {"version": None},
        {"values": "moved"},
    ],
)
def test_a_message_of_another_shape_is_no_message(change: dict[str, Any]) -> None:
    assert message_of(WHOLE) is not None
    assert message_of(WHOLE | change) is None
    assert message_of([WHOLE]) is None


def test_every_kind_but_the_formulation_has_a_form_whose_fields_are_the_entrys() -> None:
    forms = record_forms.forms(AttachmentRecord(), factories.definitions().model, DAY, DAY)
    assert {form.kind for form in forms} == set(e.KINDS) - {"formulation"}
    for form in forms:
        asked = {field.name for field in form.fields if field.type != "starter"}
        assert asked == set(e.KINDS[form.kind].__dataclass_fields__), form.kind
        assert sum(field.main for field in form.fields) == 1, form.kind


def test_a_form_that_hangs_on_nothing_says_what_is_needed_first_and_takes_the_only_one_there_is() -> None:
    model = factories.definitions().model
    without = {form.kind: form.missing for form in record_forms.forms(AttachmentRecord(), model, DAY, DAY)}
    assert {kind for kind, missing in without.items() if missing} == {
        "repair", "attempt", "conviction", "review", "safety",
    }  # fmt: skip
    one = AttachmentRecord(beliefs=(Held(7, 1, e.Belief(DAY, "nobody stays")),))
    [conviction] = [form for form in record_forms.forms(one, model, DAY, DAY) if form.kind == "conviction"]
    assert conviction.values["belief_id"] == 7 and not conviction.missing

"""Who may: the policy's answers against a table written apart from the code that decides."""

from __future__ import annotations

import pytest

from lib.domain.errors import NotAllowed, NotYours
from lib.domain.people import OPERATOR, Actor, Permission, Role
from lib.domain.policy import Action, Record, RecordKind, Relation, check_may, may, relations_of_role

THERAPIST = Actor(1, "t@example.org", "T", frozenset({Role.THERAPIST}))
SUPERVISOR = Actor(2, "s@example.org", "S", frozenset({Role.SUPERVISOR}))
ADMIN = Actor(3, "a@example.org", "A", frozenset({Role.PRACTICE_ADMIN}))

# Each person as they stand to one client's record: the account, and the relations that hold today.
PEOPLE: dict[str, tuple[Actor, set[Relation]]] = {
    "owner": (THERAPIST, {Relation.OWNER}),
    "cover": (THERAPIST, {Relation.COVER}),
    "peer": (THERAPIST, set()),
    "former owner": (THERAPIST, set()),
    "supervisor": (SUPERVISOR, {Relation.SUPERVISOR}),
    "other supervisor": (SUPERVISOR, set()),
    "ended supervisor": (SUPERVISOR, set()),
    "practice admin": (ADMIN, set()),
    "break-glass supervisor": (SUPERVISOR, {Relation.BREAK_GLASS}),
}

K, A = RecordKind, Action
# who may, of those above; everybody else may not
TABLE: list[tuple[RecordKind, Action, set[str]]] = [
    (K.CLIENT_IDENTITY, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.CLIENT_IDENTITY, A.WRITE, {"owner"}),
    (K.ASSIGNMENT, A.READ, {"owner", "cover", "supervisor", "practice admin", "break-glass supervisor"}),
    (K.ASSIGNMENT, A.WRITE, {"owner", "practice admin"}),
    (K.CLINICAL_RECORD, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.CLINICAL_RECORD, A.WRITE, {"owner", "cover"}),
    (K.CHECK_IN, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.CHECK_IN, A.WRITE, {"owner", "cover"}),
    (K.NOTE_SIGNED, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.NOTE_SIGNED, A.WRITE, set()),
    (K.NOTE_SIGNED, A.SIGN, set()),
    (K.NOTE_SIGNED, A.ADD, {"owner"}),
    (K.NOTE_DRAFT, A.READ, {"break-glass supervisor"}),
    (K.NOTE_DRAFT, A.WRITE, set()),
    (K.NOTE_DRAFT, A.SIGN, set()),
    (K.NOTE_PROCESS, A.READ, set()),
    (K.NOTE_PROCESS, A.WRITE, set()),
    (K.FLAG, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.FLAG, A.RESPOND, {"owner", "cover"}),
    (K.FLAG, A.COMMENT, {"supervisor"}),
    (K.DOCUMENT_DRAFT, A.READ, {"owner", "supervisor", "break-glass supervisor"}),
    (K.DOCUMENT_DRAFT, A.WRITE, {"owner"}),
    (K.DOCUMENT_DRAFT, A.SIGN, {"owner"}),
    (K.DOCUMENT_SIGNED, A.READ, {"owner", "cover", "supervisor", "break-glass supervisor"}),
    (K.DOCUMENT_SIGNED, A.WRITE, set()),
    (K.DOCUMENT_SIGNED, A.EXPORT, {"owner"}),
    (K.DOCUMENT_SIGNED, A.COSIGN, set()),
    (K.SUPERVISION_COMMENT, A.WRITE, {"supervisor"}),
    (K.SUPERVISION_COMMENT, A.RESPOND, set()),
    (K.ACCESS_LOG, A.READ, {"owner", "supervisor"}),
    (K.ACCESS_LOG, A.WRITE, set()),
    (K.TEAM_FIGURES, A.READ, {"supervisor"}),
    (K.TEAM_FIGURES, A.EXPORT, {"supervisor"}),
    (K.PRACTICE_FIGURES, A.READ, {"practice admin"}),
    (K.PEOPLE, A.READ, {"practice admin"}),
    (K.PEOPLE, A.WRITE, {"practice admin"}),
    (K.SETTINGS, A.WRITE, {"practice admin"}),
    (K.DEFINITIONS, A.READ, {"owner", "cover", "peer", "former owner", "practice admin"}),
    (K.DEFINITIONS, A.PROPOSE, {"owner", "cover", "peer", "former owner"}),
    (K.DEFINITIONS, A.WRITE, {"practice admin"}),
    (K.AUDIT_LOG, A.READ, {"practice admin"}),
    (K.AUDIT_LOG, A.WRITE, set()),
    (K.AUDIT_LOG, A.VERIFY, {"practice admin"}),
    (K.CLIENT_EXPORT, A.EXPORT, {"owner"}),
    (K.PRACTICE_EXPORT, A.EXPORT, {"practice admin"}),
    (K.CLIENT_IDENTITY, A.BREAK_GLASS, {"supervisor", "practice admin"}),
]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(("kind", "action", "allowed"), TABLE, ids=lambda each: str(getattr(each, "value", "")))
def test_the_policy_says_what_the_table_says(kind: RecordKind, action: Action, allowed: set[str], who: str) -> None:
    actor, relations = PEOPLE[who]
    assert may(actor, action, Record(kind, frozenset(relations))) is (who in allowed)


WRITER = {Relation.ORIGINATOR}
ORIGINATORS = [
    # relations, trainee wrote it, kind, action, expected
    (WRITER | {Relation.OWNER}, False, K.NOTE_DRAFT, A.READ, True),
    (WRITER | {Relation.COVER}, False, K.NOTE_DRAFT, A.SIGN, True),
    (WRITER, False, K.NOTE_DRAFT, A.READ, False),  # a former owner is out, with their drafts too
    (WRITER, False, K.NOTE_PROCESS, A.READ, False),  # sealed to all after a transfer
    (WRITER | {Relation.OWNER}, False, K.NOTE_PROCESS, A.READ, True),
    (WRITER | {Relation.OWNER}, False, K.NOTE_PROCESS, A.WRITE, True),
    ({Relation.OWNER}, False, K.NOTE_PROCESS, A.READ, False),
    ({Relation.SUPERVISOR}, True, K.NOTE_PROCESS, A.READ, False),
    ({Relation.BREAK_GLASS}, False, K.NOTE_PROCESS, A.READ, False),
    ({Relation.GRANTEE}, False, K.NOTE_PROCESS, A.READ, True),
    ({Relation.GRANTEE}, False, K.NOTE_PROCESS, A.WRITE, False),
    ({Relation.SUPERVISOR}, True, K.NOTE_DRAFT, A.READ, True),
    ({Relation.SUPERVISOR}, False, K.NOTE_DRAFT, A.READ, False),
    ({Relation.SUPERVISOR}, True, K.NOTE_DRAFT, A.WRITE, False),
    ({Relation.OWNER}, True, K.NOTE_DRAFT, A.READ, False),
    ({Relation.SUPERVISOR}, True, K.NOTE_SIGNED, A.COSIGN, True),
    ({Relation.SUPERVISOR}, False, K.NOTE_SIGNED, A.COSIGN, False),
    ({Relation.SUPERVISOR} | WRITER, True, K.NOTE_SIGNED, A.COSIGN, False),  # nobody co-signs themselves
    ({Relation.OWNER} | WRITER, True, K.DOCUMENT_SIGNED, A.COSIGN, False),
    ({Relation.SUPERVISOR}, True, K.DOCUMENT_SIGNED, A.COSIGN, True),
    (WRITER | {Relation.COVER}, False, K.NOTE_SIGNED, A.ADD, True),
    ({Relation.COVER}, False, K.NOTE_SIGNED, A.ADD, False),
    ({Relation.CONCERNED, Relation.OWNER}, False, K.SUPERVISION_COMMENT, A.RESPOND, True),
    ({Relation.CONCERNED}, False, K.SUPERVISION_COMMENT, A.RESPOND, False),  # the client is another's now
    (WRITER | {Relation.SUPERVISOR}, False, K.SUPERVISION_COMMENT, A.RESPOND, False),
    (WRITER, False, K.NOTE_SIGNED, A.ADD, False),
]


@pytest.mark.parametrize(("relations", "trainee", "kind", "action", "expected"), ORIGINATORS)
def test_what_hangs_on_who_wrote_it(
    relations: set[Relation], trainee: bool, kind: RecordKind, action: Action, expected: bool
) -> None:
    record = Record(kind, frozenset(relations), originator_is_trainee=trainee)
    actor = SUPERVISOR if Relation.SUPERVISOR in relations else THERAPIST
    assert may(actor, action, record) is expected


@pytest.mark.parametrize("kind", list(RecordKind))
@pytest.mark.parametrize("action", [Action.SIGN, Action.COSIGN, Action.BREAK_GLASS])
def test_the_operator_never_signs(kind: RecordKind, action: Action) -> None:
    assert not may(OPERATOR, action, Record(kind, relations_of_role(OPERATOR)))


OPERATOR_MAY = {
    (K.CLIENT_IDENTITY, A.READ), (K.CLINICAL_RECORD, A.READ), (K.CHECK_IN, A.READ), (K.FLAG, A.READ),
    (K.DOCUMENT_DRAFT, A.READ), (K.DOCUMENT_SIGNED, A.READ), (K.ASSIGNMENT, A.READ), (K.ASSIGNMENT, A.WRITE),
    (K.PRACTICE_FIGURES, A.READ), (K.PRACTICE_FIGURES, A.EXPORT), (K.PEOPLE, A.READ), (K.PEOPLE, A.WRITE),
    (K.SETTINGS, A.READ), (K.SETTINGS, A.WRITE), (K.DEFINITIONS, A.READ), (K.DEFINITIONS, A.WRITE),
    (K.AUDIT_LOG, A.READ), (K.AUDIT_LOG, A.VERIFY), (K.CLIENT_EXPORT, A.EXPORT), (K.PRACTICE_EXPORT, A.EXPORT),
}  # fmt: skip


def test_the_operator_reads_no_note_and_writes_signs_and_answers_in_no_record() -> None:
    found = {
        (kind, action)
        for kind in RecordKind
        for action in Action
        if may(OPERATOR, action, Record(kind, relations_of_role(OPERATOR)))
    }
    assert found == OPERATOR_MAY


def test_what_one_may_not_know_of_reads_like_nothing_and_what_one_may_only_read_is_said() -> None:
    with pytest.raises(NotYours):
        check_may(THERAPIST, Action.WRITE, Record(RecordKind.CLINICAL_RECORD))
    with pytest.raises(NotAllowed):
        check_may(SUPERVISOR, Action.WRITE, Record(RecordKind.CLINICAL_RECORD, frozenset({Relation.SUPERVISOR})))


def test_an_account_with_two_roles_opens_what_either_opens() -> None:
    both = Actor(4, "b@example.org", "B", frozenset({Role.THERAPIST, Role.PRACTICE_ADMIN}))
    assert both.has(Permission.VIEW_OWN_CASELOAD) and both.has(Permission.MANAGE_PEOPLE)
    assert not both.has(Permission.VIEW_SUPERVISED_PROGRESS)
    assert not Actor(5, "n@example.org", "N", frozenset()).permissions

"""Who may do what to which kind of record: one table, one question, `may(actor, action, record)`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lib.domain.errors import NotAllowed, NotYours
from lib.domain.people import Actor, Role


class Relation(StrEnum):
    """What an actor is to a record at the moment of the action."""

    OWNER = "owner"  # the therapist assigned today
    COVER = "cover"  # assigned for dated days
    SUPERVISOR = "supervisor"  # of the owner today
    ORIGINATOR = "originator"  # wrote the note or document
    GRANTEE = "grantee"  # holds a recorded grant for this process note today
    BREAK_GLASS = "break_glass"  # reads with a recorded reason, for 60 minutes
    PRACTICE_ADMIN = "practice_admin"
    THERAPIST = "therapist"
    SELF = "self"  # the account itself
    CONCERNED = "concerned"  # the therapist a supervision comment is about
    OPERATOR = "operator"  # runs the installation, at the terminal


class RecordKind(StrEnum):
    """The kinds of record the policy tells apart."""

    CLIENT_IDENTITY = "client"
    ASSIGNMENT = "assignment"
    CLINICAL_RECORD = "clinical record"  # scores, ratings, evidence, formulation, ruptures, ladder, sessions ...
    CHECK_IN = "check-in"  # what is still written when therapy has ended: check-ins and outreach
    NOTE_DRAFT = "note draft"
    NOTE_SIGNED = "note"
    NOTE_PROCESS = "process note"
    FLAG = "flag"
    DOCUMENT_DRAFT = "document draft"
    DOCUMENT_SIGNED = "document"
    SUPERVISION_COMMENT = "supervision comment"
    ACCESS_LOG = "access log"
    THERAPIST_FIGURES = "therapist's figures"
    TEAM_FIGURES = "team figures"
    PRACTICE_FIGURES = "practice figures"
    PEOPLE = "people"
    SETTINGS = "settings"
    DEFINITIONS = "phrases and instruments"
    AUDIT_LOG = "audit log"
    CLIENT_EXPORT = "export of a client"
    PRACTICE_EXPORT = "export of the practice"


class Action(StrEnum):
    """What may be done."""

    READ = "read"
    WRITE = "write"
    SIGN = "sign"
    COSIGN = "cosign"
    ADD = "add"  # an addendum to something frozen
    RESPOND = "respond"  # what was done about a flag
    COMMENT = "comment"
    EXPORT = "export"
    VERIFY = "verify"
    PROPOSE = "propose"
    BREAK_GLASS = "break_glass"


_R, _K, _A = Relation, RecordKind, Action
_CARING = frozenset({_R.OWNER, _R.COVER, _R.SUPERVISOR, _R.BREAK_GLASS, _R.OPERATOR})
_WRITING = frozenset({_R.OWNER, _R.COVER})
_ADMIN = frozenset({_R.PRACTICE_ADMIN, _R.OPERATOR})

POLICY: dict[tuple[RecordKind, Action], frozenset[Relation]] = {
    (_K.CLIENT_IDENTITY, _A.READ): _CARING,
    (_K.CLIENT_IDENTITY, _A.WRITE): frozenset({_R.OWNER}),
    (_K.CLIENT_IDENTITY, _A.BREAK_GLASS): frozenset({_R.PRACTICE_ADMIN}),
    (_K.ASSIGNMENT, _A.READ): _CARING | _ADMIN,
    (_K.ASSIGNMENT, _A.WRITE): _ADMIN | {_R.OWNER},
    (_K.CLINICAL_RECORD, _A.READ): _CARING,
    (_K.CLINICAL_RECORD, _A.WRITE): _WRITING,
    (_K.CHECK_IN, _A.READ): _CARING,
    (_K.CHECK_IN, _A.WRITE): _WRITING,
    # The originator while owner or cover and a trainee's supervisor too.
    (_K.NOTE_DRAFT, _A.READ): frozenset({_R.BREAK_GLASS}),
    (_K.NOTE_DRAFT, _A.WRITE): frozenset(),
    (_K.NOTE_DRAFT, _A.SIGN): frozenset(),
    (_K.NOTE_SIGNED, _A.READ): _CARING - {_R.OPERATOR},
    (_K.NOTE_SIGNED, _A.ADD): frozenset({_R.OWNER}),  # the originator while cover too
    (_K.NOTE_PROCESS, _A.READ): frozenset({_R.GRANTEE}),  # the originator while owner or cover too
    (_K.NOTE_PROCESS, _A.WRITE): frozenset(),
    (_K.NOTE_PROCESS, _A.SIGN): frozenset(),
    (_K.FLAG, _A.READ): _CARING,
    (_K.FLAG, _A.RESPOND): _WRITING,
    (_K.FLAG, _A.COMMENT): frozenset({_R.SUPERVISOR}),
    (_K.DOCUMENT_DRAFT, _A.READ): frozenset({_R.OWNER, _R.SUPERVISOR, _R.BREAK_GLASS, _R.OPERATOR}),
    (_K.DOCUMENT_DRAFT, _A.WRITE): frozenset({_R.OWNER}),
    (_K.DOCUMENT_DRAFT, _A.SIGN): frozenset({_R.OWNER}),
    (_K.DOCUMENT_SIGNED, _A.READ): _CARING,
    (_K.DOCUMENT_SIGNED, _A.EXPORT): frozenset({_R.OWNER}),
    (_K.SUPERVISION_COMMENT, _A.READ): frozenset(),  # its writer while supervisor; whom it is for while owner
    (_K.SUPERVISION_COMMENT, _A.WRITE): frozenset({_R.SUPERVISOR}),
    (_K.ACCESS_LOG, _A.READ): frozenset({_R.OWNER, _R.SUPERVISOR}),
    (_K.THERAPIST_FIGURES, _A.READ): frozenset({_R.SELF, _R.SUPERVISOR}),
    (_K.TEAM_FIGURES, _A.READ): frozenset({_R.SUPERVISOR}),
    (_K.TEAM_FIGURES, _A.EXPORT): frozenset({_R.SUPERVISOR}),
    (_K.PRACTICE_FIGURES, _A.READ): _ADMIN,
    (_K.PRACTICE_FIGURES, _A.EXPORT): _ADMIN,
    (_K.PEOPLE, _A.READ): _ADMIN | {_R.SELF},
    (_K.PEOPLE, _A.WRITE): _ADMIN,
    (_K.SETTINGS, _A.READ): _ADMIN,
    (_K.SETTINGS, _A.WRITE): _ADMIN,
    (_K.DEFINITIONS, _A.READ): _ADMIN | {_R.THERAPIST},
    (_K.DEFINITIONS, _A.WRITE): _ADMIN,
    (_K.DEFINITIONS, _A.PROPOSE): frozenset({_R.THERAPIST}),
    (_K.AUDIT_LOG, _A.READ): _ADMIN,
    (_K.AUDIT_LOG, _A.VERIFY): _ADMIN,
    (_K.CLIENT_EXPORT, _A.EXPORT): frozenset({_R.OWNER, _R.OPERATOR}),
    (_K.PRACTICE_EXPORT, _A.EXPORT): _ADMIN,
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the policy sees it: its kind, what the actor is to it now, and whose trainee wrote it."""

    kind: RecordKind
    relations: frozenset[Relation] = frozenset()
    originator_is_trainee: bool = False
    record_id: int | None = None


def relations_of_role(actor: Actor) -> frozenset[Relation]:
    """What an actor is to every record, by role alone."""
    if actor.is_operator:
        return frozenset({Relation.OPERATOR})
    by_role = {Role.PRACTICE_ADMIN: Relation.PRACTICE_ADMIN, Role.THERAPIST: Relation.THERAPIST}
    return frozenset(by_role[role] for role in actor.roles if role in by_role)


def may(actor: Actor, action: Action, record: Record) -> bool:
    """True when the policy lets this actor do this to this record, as they stand to it now."""
    relations = record.relations | relations_of_role(actor)
    if relations & POLICY.get((record.kind, action), frozenset()):
        return True
    return _dependent_on_two_facts(action, record.kind, relations, record.originator_is_trainee)


def check_may(actor: Actor, action: Action, record: Record) -> None:
    """Raises NotYours when the actor may not even know of the record, else NotAllowed; nothing when they may."""
    if may(actor, action, record):
        return
    if action is not Action.READ and may(actor, Action.READ, record):
        raise NotAllowed(action.value, record.kind.value, record.record_id)
    raise NotYours(record.kind.value, record.record_id, action.value)


def _dependent_on_two_facts(action: Action, kind: RecordKind, relations: frozenset[Relation], trainee: bool) -> bool:
    """The rows of the policy that ask for two things at once."""
    caring = bool(relations & {Relation.OWNER, Relation.COVER})
    originator, supervisor = Relation.ORIGINATOR in relations, Relation.SUPERVISOR in relations
    match kind, action:
        case RecordKind.NOTE_DRAFT, Action.READ:
            return (originator and caring) or (trainee and supervisor)
        case RecordKind.NOTE_DRAFT, Action.WRITE | Action.SIGN:
            return originator and caring  # a former owner is out, with their drafts too: the stricter reading
        case RecordKind.NOTE_SIGNED, Action.ADD:
            return originator and caring
        case RecordKind.NOTE_PROCESS, Action.READ | Action.WRITE | Action.SIGN | Action.ADD:
            return originator and caring
        case ((RecordKind.NOTE_SIGNED | RecordKind.DOCUMENT_SIGNED), Action.COSIGN):
            return trainee and supervisor and not originator  # nobody co-signs themselves
        case RecordKind.SUPERVISION_COMMENT, Action.READ:
            concerned = Relation.CONCERNED in relations and Relation.OWNER in relations
            return (originator and supervisor) or concerned  # when the relation ends, so does the reading
        case RecordKind.SUPERVISION_COMMENT, Action.RESPOND:  # what was done is the therapist's to write
            return Relation.CONCERNED in relations and Relation.OWNER in relations
        case RecordKind.CLIENT_IDENTITY, Action.BREAK_GLASS:
            return supervisor
    return False

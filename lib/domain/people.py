"""People who act: roles, what each role may open, and the actor of every call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is for. A trainee is a therapist whose notes and documents need a co-signature."""

    THERAPIST = "therapist"
    SUPERVISOR = "supervisor"
    PRACTICE_ADMIN = "practice_admin"


class Permission(StrEnum):
    """What a page or verb opens at all. What it then shows is decided record by record in domain.policy."""

    VIEW_OWN_CASELOAD = "view_own_caseload"
    WRITE_CLINICAL_RECORD = "write_clinical_record"
    IMPORT_FILES = "import_files"
    VIEW_CLIENT = "view_client"
    VIEW_SUPERVISED_PROGRESS = "view_supervised_progress"
    VIEW_OWN_FIGURES = "view_own_figures"
    VIEW_PRACTICE_FIGURES = "view_practice_figures"
    READ_WITH_A_REASON = "read_with_a_reason"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_INSTRUMENTS = "view_instruments"
    VIEW_PHRASES = "view_phrases"
    VIEW_AUDIT_LOG = "view_audit_log"
    VIEW_OWN_ACCOUNT = "view_own_account"


PERMISSIONS_OF_ROLE: dict[Role, frozenset[Permission]] = {
    Role.THERAPIST: frozenset(
        {
            Permission.VIEW_OWN_CASELOAD,
            Permission.WRITE_CLINICAL_RECORD,
            Permission.IMPORT_FILES,
            Permission.VIEW_CLIENT,
            Permission.VIEW_OWN_FIGURES,
            Permission.VIEW_INSTRUMENTS,
            Permission.VIEW_PHRASES,
            Permission.VIEW_OWN_ACCOUNT,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Permission.VIEW_SUPERVISED_PROGRESS,
            Permission.VIEW_CLIENT,
            Permission.READ_WITH_A_REASON,
            Permission.VIEW_OWN_ACCOUNT,
        }
    ),
    Role.PRACTICE_ADMIN: frozenset(
        {
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_SETTINGS,
            Permission.VIEW_INSTRUMENTS,
            Permission.VIEW_PHRASES,
            Permission.VIEW_AUDIT_LOG,
            Permission.VIEW_PRACTICE_FIGURES,
            Permission.READ_WITH_A_REASON,
            Permission.VIEW_OWN_ACCOUNT,
        }
    ),
}


PERMISSIONS_OF_OPERATOR = PERMISSIONS_OF_ROLE[Role.PRACTICE_ADMIN] - {
    Permission.READ_WITH_A_REASON,
    Permission.VIEW_OWN_ACCOUNT,
} | {Permission.IMPORT_FILES}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `account_id` is None for the operator at the terminal, who runs the installation.

    `reads_with_a_reason`: holds an open break-glass reading, for which the client page opens to an admin too."""

    account_id: int | None
    email: str
    name: str
    roles: frozenset[Role]
    is_trainee: bool = False
    reads_with_a_reason: bool = False

    @property
    def is_operator(self) -> bool:
        """True for the person at the terminal of the installation, who has no account."""
        return self.account_id is None

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the actor's roles open, together; the operator opens what needs no person, and sees no page."""
        if self.is_operator:
            return PERMISSIONS_OF_OPERATOR
        opened = frozenset({Permission.VIEW_CLIENT}) if self.reads_with_a_reason else frozenset()
        return opened.union(*(PERMISSIONS_OF_ROLE[role] for role in self.roles))

    def has(self, permission: Permission) -> bool:
        """True when one of the actor's roles opens this."""
        return permission in self.permissions


OPERATOR = Actor(account_id=None, email="operator", name="Operator", roles=frozenset())

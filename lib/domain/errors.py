"""The one tree of errors: what a person can mend is shown in words, the rest is logged under an id.

SecureBaseError
├── UserFacingError(message, mend)     shown as it stands
│   ├── InvalidInput                   a value breaks a rule; names field and rule
│   ├── ImportProblem                  a file cannot be read or imported; carries Problem rows
│   ├── NotAllowed                     this actor may not do this (audited as a denial)
│   ├── NotYours                       no such record, or not one this actor may know of
│   ├── StaleVersion                   somebody saved in between; carries both texts
│   ├── Blocked                        an act must wait; carries reasons and ways out
│   ├── Frozen                         signed or closed: cannot change
│   ├── SignInRefused                  wrong password, too many attempts, disabled
│   └── ReauthenticationNeeded         this act asks for the password again
└── HouseError                         not for the user: logged under an id
    ├── DefinitionProblem              a definition file breaks a rule; names file and rule
    ├── ChainBroken                    the audit chain does not verify; names the first bad sequence
    ├── SchemaUnknown                  the database's schema is newer or foreign: refuse to start
    └── KeyMissing                     no key for an encrypted database
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.domain.imports import Problem


class SecureBaseError(Exception):
    """Root of everything this product raises on purpose."""


class UserFacingError(SecureBaseError):
    """Something the person at the screen or terminal can understand and mend."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def in_words(self) -> str:
        """Message and way out, as one plain text."""
        return f"{self.message} {self.mend}".strip()


class InvalidInput(UserFacingError):
    """A value breaks a rule. `field` names the value in the words of the screen."""

    def __init__(self, message: str, mend: str = "", field: str = "") -> None:
        super().__init__(message, mend)
        self.field = field


class ImportProblem(UserFacingError):
    """A file cannot be imported. `problems` are its rows, possibly empty when the whole file is unreadable."""

    def __init__(self, message: str, mend: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, mend)
        self.problems = tuple(problems)


class NotAllowed(UserFacingError):
    """The actor's role does not include this action. The edge records it as a denial."""

    def __init__(self, action: str, record_type: str = "", record_id: int | None = None) -> None:
        super().__init__("Your role does not include this.", "Ask your practice admin if it should.")
        self.action = action
        self.record_type = record_type
        self.record_id = record_id


# That a number is a draft's or a process note's is itself something one may not know.
_TOLD_AS = {"note draft": "note", "process note": "note", "document draft": "document"}


class NotYours(UserFacingError):
    """No such record, or none this actor may know of: the two read the same on purpose.

    The edge records it as a denial."""

    def __init__(self, record_type: str, record_id: int | str | None = None, action: str = "read") -> None:
        super().__init__(f"There is no such {_TOLD_AS.get(record_type, record_type)} among those you work with.")
        self.action = action
        self.record_type = record_type
        self.record_id = record_id


class StaleVersion(UserFacingError):
    """Somebody else saved first. Nothing is merged: both texts are shown."""

    def __init__(self, yours: str, theirs: str, their_version: int) -> None:
        super().__init__(
            "This text was changed elsewhere since you opened it.", "Compare both and choose what to keep."
        )
        self.yours = yours
        self.theirs = theirs
        self.their_version = their_version


class Blocked(UserFacingError):
    """An act must wait. `reasons` are pairs (why, way out)."""

    def __init__(self, message: str, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__(message, " ".join(f"{why} {way_out}" for why, way_out in reasons))
        self.reasons = tuple(reasons)


class Frozen(UserFacingError):
    """Signed or closed: this cannot change; a correction is an addendum or a new version."""


class SignInRefused(UserFacingError):
    """Sign-in failed. The words never tell whether the account exists."""


class ReauthenticationNeeded(UserFacingError):
    """This act asks for the password again, and it was missing or wrong. The edge counts wrong ones as tries."""

    def __init__(self, message: str, mend: str = "", was_wrong: bool = False) -> None:
        super().__init__(message, mend)
        self.was_wrong = was_wrong


class HouseError(SecureBaseError):
    """Not for the user: logged under an id, shown as a generic message."""


class DefinitionProblem(HouseError):
    """A definition file breaks a rule. The message names file, row or key, and the rule."""


class ChainBroken(HouseError):
    """The audit chain does not verify; `sequence` is the first bad event."""

    def __init__(self, message: str, sequence: int | None = None) -> None:
        super().__init__(message)
        self.sequence = sequence


class SchemaUnknown(HouseError):
    """The database's schema is newer than this program, or not ours."""


class KeyMissing(HouseError):
    """No key, or the wrong one, for an encrypted database."""

"""Second step: six-digit codes from a telephone (RFC 6238), each good once, and recovery codes for a lost one."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from lib.domain.errors import InvalidInput
from lib.domain.people import Actor
from lib.services import access
from lib.services.hashing import digest, new_code, plain_code
from lib.storage.tables import Account

ISSUER = "Secure Base"
_RECOVERY_CODES = 10
_STEP_SECONDS = 30


def new_secret() -> str:
    """160 random bits in base32, to be kept by the telephone."""
    return pyotp.random_base32()


def address_for_telephone(secret: str, email: str) -> str:
    """The otpauth address that a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def passes(account: Account, code: str, now: datetime) -> bool:
    """Whether the code opens this account; a code used is used up, at once and for good.

    An account without a second step needs none."""
    if account.totp_secret is None:
        return True
    typed = plain_code(code)
    step = matching_step(account.totp_secret, typed, now)
    if step is not None and step > (account.totp_last_step or 0):
        account.totp_last_step = step
        return True
    return _use_up_recovery_code(account, typed)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step the code belongs to: this one, or its neighbours for clocks a little off; None for none."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    current = int(now.timestamp()) // _STEP_SECONDS
    steps = (current - 1, current, current + 1)
    codes = pyotp.TOTP(secret)
    matching = [step for step in steps if hmac.compare_digest(codes.generate_otp(step), code)]
    return matching[-1] if matching else None


def enrol(session: Session, actor: Actor, account: Account, secret: str, code: str, now: datetime) -> list[str]:
    """Keep the secret after a code proved that the telephone has it. Returns recovery codes, shown once.

    The caller asked for the password again. Raises InvalidInput for a wrong code."""
    step = matching_step(secret, plain_code(code), now)
    if step is None:
        raise InvalidInput("This code does not fit.", "Check the telephone's clock and type the newest code.", "code")
    codes = [new_code() for _ in range(_RECOVERY_CODES)]
    account.totp_secret = secret
    account.totp_last_step = step
    account.recovery_hashes = [digest(plain_code(one)) for one in codes]
    account.version += 1
    access.record_event(session, actor, "second_step_added", "account", now, record_id=account.id)
    return codes


def remove(session: Session, actor: Actor, account: Account, now: datetime) -> None:
    """Sign in with the password alone again. The caller asked for the password."""
    account.totp_secret = None
    account.totp_last_step = None
    account.recovery_hashes = []
    account.version += 1
    access.record_event(session, actor, "second_step_removed", "account", now, record_id=account.id)


def _use_up_recovery_code(account: Account, typed: str) -> bool:
    found = [held for held in account.recovery_hashes if hmac.compare_digest(held, digest(typed))]
    if not found:
        return False
    account.recovery_hashes = [held for held in account.recovery_hashes if held not in found]
    return True

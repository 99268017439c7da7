"""Set-up code: proves that who sets the practice up can read this server's terminal, or sits at this machine."""

from __future__ import annotations

import hmac
import ipaddress
import secrets

from starlette.requests import Request

_CODE = "-".join(secrets.token_hex(2) for _ in range(4))  # 64 random bits, new at every start


def code() -> str:
    """The code of this start."""
    return _CODE


def fits(typed: str) -> bool:
    """Whether the typed code is the one of this start."""
    return hmac.compare_digest("".join(typed.lower().split()).encode(), _CODE.encode())


def is_needed(request: Request, behind_proxy: bool) -> bool:
    """False only for a browser on this very machine. Behind a proxy every request comes from this machine."""
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers.keys())
    if behind_proxy or forwarded or request.client is None:
        return True
    try:
        return not ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return True

"""Configuration: which Streamlit settings would leave records open, in words."""

from __future__ import annotations

from typing import Any

from streamlit import config

_LARGEST_UPLOAD_MB = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

# option -> (the only safe value, why)
_MUST_BE: dict[str, tuple[Any, str]] = {
    "server.enableXsrfProtection": (True, "uploads could be forged from another site"),
    "server.enableCORS": (True, "other sites could open the socket"),
    "server.enableStaticServing": (False, "a folder of files would be open to everybody"),
    "server.enableAgentApi": (False, "programs could read the screens"),
    "server.scriptHealthCheckEnabled": (False, "it runs pages for nobody signed in"),
    "browser.gatherUsageStats": (False, "nothing about the use of records leaves this machine"),
    "client.toolbarMode": ("minimal", "developer menus have no place before clients' records"),
    "client.showErrorDetails": ("none", "error texts can hold record text"),
    "client.showErrorLinks": (False, "error texts would be offered to search engines"),
    "logger.enableRich": (False, "it prints the text of errors, which can be record text"),
    "server.baseUrlPath": ("", "the gate knows addresses from the root only"),
    "global.developmentMode": (False, "it serves without the gate's headers"),
}


def unsafe_settings(behind_proxy: bool) -> list[str]:
    """One line for each setting that must not be as it is; empty when all is well."""
    lines = [
        f"{option} is {config.get_option(option)!r} and must be {wanted!r}: {why}."
        for option, (wanted, why) in _MUST_BE.items()
        if config.get_option(option) != wanted
    ]
    if config.get_option("server.maxUploadSize") > _LARGEST_UPLOAD_MB:
        lines.append(f"server.maxUploadSize must be at most {_LARGEST_UPLOAD_MB} MB.")
    hosts = config.get_option("server.allowedHosts")
    if not hosts or "*" in hosts:
        lines.append("server.allowedHosts must name the hosts to answer for, and not '*'.")
    if config.get_option("server.corsAllowedOrigins"):
        lines.append("server.corsAllowedOrigins must be empty: no other site may open the socket.")
    if config.get_option("server.trustedUserHeaders"):
        lines.append("server.trustedUserHeaders must be empty: people sign in here, not by a header.")
    if config.get_option("server.address") not in _LOOPBACK and not behind_proxy:
        lines.append(
            "server.address must be 127.0.0.1, unless a proxy with TLS stands in front (SECUREBASE_BEHIND_PROXY=1)."
        )
    return lines

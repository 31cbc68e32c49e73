"""What a platform says of an error, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping

_DEEPEST = 4
_LONGEST = 300  # characters


def words(told: object, depth: int = _DEEPEST) -> str:
    """An error of whatever shape as one line; empty where it says nothing, or is a page for a browser.

    GitLab nests: `{"title": ["is too long"]}`, below `base` what is of no field.
    """
    if isinstance(told, bytes):
        told = told.decode("utf-8", "replace")
    if isinstance(told, str):
        line = " ".join("".join(letter if letter.isprintable() else " " for letter in told).split())
        return "" if line.startswith("<") else line
    if depth and isinstance(told, Mapping):
        parts = [_of_field(str(name), words(one, depth - 1)) for name, one in told.items()]
    elif depth and isinstance(told, list):
        parts = [words(one, depth - 1) for one in told]
    else:
        return ""
    return "; ".join(part for part in parts if part)


def because(said: str) -> str:
    """What `words` gives, cut, as the end of a sentence."""
    return f": {said if len(said) <= _LONGEST else f'{said[:_LONGEST]}...'}" if said else ", and does not say why"


def _of_field(name: str, said: str) -> str:
    return f"{words(name)} {said}" if said and name != "base" else said


def cause(error: Exception) -> str:
    """Why a connection failed; what to do where it is the certificate, as is usual within a company."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return (
            "its certificate is not trusted here: name a file with that of its authority in REQUESTS_CA_BUNDLE "
            "(GitHub, GitLab) or SSL_CERT_FILE (Gitea), and for git in GIT_SSL_CAINFO"
        )
    return words(str(error)) or type(error).__name__

"""Who has sent a webhook: its signature, over the bytes as they came, and what tells it from any other."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest, digest
from typing import NamedTuple

from ...terminal import printable

VARIABLE = "DOCKFIX_WEBHOOK_SECRET"
_SHORTEST = 16
"""Characters of a secret. A shorter one can be guessed at home: an attacker has one signed body to compare with."""
_SIGNING = "whsec_"
"""What the signing tokens of GitLab begin with; the rest is the key, as base64."""
_DRIFT = 300.0
"""Seconds by which the time in a signature may differ from ours (standardwebhooks.com)."""


class SecretError(Exception):
    """The secret cannot be had, or is none; the text is a sentence for the user."""


class Secrets(NamedTuple):
    """What a webhook may be signed with; nobody prints it."""

    texts: Sequence[bytes]
    keys: Sequence[bytes]

    def __repr__(self) -> str:
        return "Secrets(...)"


class Headers(NamedTuple):
    """In which headers a platform says what: the first that is there counts."""

    event: Sequence[str]
    delivery: Sequence[str]
    signature: Sequence[str]


HEADERS: Mapping[str, Headers] = {
    # docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
    "github": Headers(("x-github-event",), ("x-github-delivery",), ("x-hub-signature-256",)),
    # forgejo.org/docs/latest/user/webhooks, docs.gitea.com/usage/webhooks
    "gitea": Headers(
        ("x-forgejo-event", "x-gitea-event"),
        ("x-forgejo-delivery", "x-gitea-delivery"),
        ("x-forgejo-signature", "x-gitea-signature"),
    ),
    # docs.gitlab.com/user/project/integrations/webhooks; GitLab before 17.4 sends no idempotency-key
    "gitlab": Headers(
        ("x-gitlab-event",),
        ("webhook-id", "idempotency-key", "x-gitlab-event-uuid"),
        ("webhook-signature", "x-gitlab-token"),
    ),
}


def secrets_from(environment: Mapping[str, str], file: str = "") -> Secrets:
    """The secrets in a file, one a line, or, without one, in the environment; raises SecretError.

    Several count side by side, so that one can be changed for another without a delivery being refused.
    """
    where = printable(file) if file else VARIABLE
    if file:
        try:
            with open(file, encoding="utf-8") as lines:
                text = lines.read()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"{where} cannot be read, and should hold the secret of the webhooks") from error
    else:
        text = environment.get(VARIABLE, "")
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        raise SecretError(
            f"{where} holds no secret of the webhooks: make one with `openssl rand -hex 32`, and tell the platform, too"
        )
    if min(map(len, found)) < _SHORTEST:
        raise SecretError(
            f"a secret in {where} has fewer than {_SHORTEST} characters; make one with `openssl rand -hex 32`"
        )
    return Secrets(
        [one.encode() for one in found if not one.startswith(_SIGNING)],
        [_key(one, where) for one in found if one.startswith(_SIGNING)],
    )


def header(headers: Mapping[str, str], names: Sequence[str]) -> str:
    """The first header of these that is there; empty where none is."""
    return next((headers[name] for name in names if headers.get(name)), "")


def is_signed(kind: str, headers: Mapping[str, str], body: bytes, secrets: Secrets, now: float) -> bool:
    """Whether a platform of this kind has signed the body with one of the secrets; `now` in seconds since 1970."""
    told = header(headers, HEADERS[kind].signature).encode("latin-1", "replace")
    if not told:
        return False
    if kind == "gitlab":
        return _is_from_gitlab(headers, told, body, secrets, now)
    before = b"sha256=" if kind == "github" else b""
    return _is_any(told, [before + binascii.hexlify(digest(one, body, "sha256")) for one in secrets.texts])


def marks(kind: str, headers: Mapping[str, str], body: bytes) -> Sequence[str]:
    """What tells a delivery from any other, each as 64 hexadecimal digits; none: it has no number.

    GitHub and Gitea do not sign the number, so that whoever has overheard a delivery could give it another one: the
    body counts as well. What a push to GitLab says has no time in it, and may truly come twice; there the number is
    signed, or else nothing is.
    """
    number = header(headers, HEADERS[kind].delivery)
    if not number:
        return ()
    told = [f"{kind} number {number}".encode("utf-8", "replace")]
    if kind != "gitlab":
        told.append(f"{kind} body ".encode() + sha256(body).digest())
    return [sha256(one).hexdigest() for one in told]


def _is_from_gitlab(headers: Mapping[str, str], told: bytes, body: bytes, secrets: Secrets, now: float) -> bool:
    """By its signature, as of standardwebhooks.com, or else by the secret itself, which it then sends."""
    if not (secrets.keys and "webhook-signature" in headers):
        return _is_any(headers.get("x-gitlab-token", "").encode("latin-1", "replace"), secrets.texts)
    number, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (number and at.isascii() and at.isdigit() and len(at) < 16 and abs(now - int(at)) <= _DRIFT):
        return False
    signed = f"{number}.{at}.".encode("latin-1", "replace") + body
    right = [b"v1," + binascii.b2a_base64(digest(key, signed, "sha256"), newline=False) for key in secrets.keys]
    return any(_is_any(one, right) for one in told.split()[:8])


def _is_any(told: bytes, right: Sequence[bytes]) -> bool:
    # All are compared, however early one fits: the time says nothing about which.
    return sum(compare_digest(told, one) for one in right) > 0


def _key(text: str, where: str) -> bytes:
    try:
        return b64decode(text.removeprefix(_SIGNING), validate=True)
    except binascii.Error as error:
        raise SecretError(
            f"a secret in {where} begins with {_SIGNING}, as signing tokens of GitLab do, but has no base64 behind it"
        ) from error

"""Tokens: where they come from, and that nothing prints them."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from dockfix.frontends.bot.platform import PlatformError
from dockfix.frontends.bot.task import Place
from dockfix.frontends.bot.token import Token, scrubbed, token_of, warning

SECRET = "glpat-aB3_x+/=YZ"  # noqa: S105  (it opens nothing)


def _file(tmp_path: Path, text: bytes, mode: int = 0o600) -> str:
    path = tmp_path / "token"
    path.write_bytes(text)
    path.chmod(mode)
    return str(path)


def test_a_token_shows_itself_in_no_text() -> None:
    token = Token(SECRET)
    assert {repr(token), str(token), f"{token}", "%s" % token, repr([token])[1:-1]} == {"Token(...)"}  # noqa: UP031
    assert not hasattr(token, "__dict__")


@pytest.mark.parametrize("secret", ["", "two words", "line\r\nX-Header: 1", "schlüssel", "tab\t", "nul\0"])
def test_what_could_change_a_header_is_no_token(secret: str) -> None:
    with pytest.raises(PlatformError) as caught:
        Token(secret)
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"403 for {SECRET}!",
        "https://oauth2:glpat-aB3_x%2B%2F%3DYZ@gitlab.example.com/",
        "sent: Authorization: Basic " + base64.b64encode(f"oauth2:{SECRET}".encode()).decode(),
        f"sent: authorization: bearer {SECRET}",
        f"sent: Authorization: token   {SECRET}",
    ],
)
def test_a_text_is_scrubbed_of_the_token_in_every_form(text: str) -> None:
    told = scrubbed(text, Token(SECRET))
    assert SECRET not in told
    assert "glpat" not in told
    assert base64.b64encode(b"oauth2:glpat").decode()[:12] not in told
    assert "***" in told


def test_a_text_without_a_token_stays_as_it_is() -> None:
    text = "the token has no right to do it: give it write:repository (basic, that is)"
    assert scrubbed(text, Token(SECRET)) == text
    assert scrubbed(text, None) == text


@pytest.mark.parametrize(
    ("kind", "variables", "found"),
    [
        ("github", {"GITHUB_TOKEN": "c", "GH_TOKEN": "b", "DOCKFIX_TOKEN": "a"}, "a"),
        ("github", {"GITHUB_TOKEN": "c", "GH_TOKEN": "b"}, "b"),
        ("github", {"GITHUB_TOKEN": "c", "GH_TOKEN": " \n"}, "c"),
        ("gitlab", {"GITLAB_ACCESS_TOKEN": "b", "GITLAB_TOKEN": "a\n"}, "a"),
        ("gitea", {"GITHUB_TOKEN": "x", "FORGEJO_TOKEN": "b"}, "b"),
        ("gitea", {"FORGEJO_TOKEN": "b", "GITEA_TOKEN": "a"}, "a"),
    ],
)
def test_the_environment_has_it(kind: str, variables: dict[str, str], found: str) -> None:
    assert token_of(Place(kind), variables).secret == found


@pytest.mark.parametrize("variables", [{}, {"CI_JOB_TOKEN": "x", "GITHUB_TOKEN": "y"}])
def test_without_a_token_it_is_said_where_to_put_one(variables: dict[str, str]) -> None:
    with pytest.raises(PlatformError, match="put it into DOCKFIX_TOKEN or GITLAB_TOKEN or GITLAB_ACCESS_TOKEN, or"):
        token_of(Place("gitlab"), variables)


def test_a_file_goes_before_the_environment(tmp_path: Path) -> None:
    place = Place("gitlab", token_file=_file(tmp_path, f"\n {SECRET} \r\n".encode()))
    assert token_of(place, {"DOCKFIX_TOKEN": "other"}).secret == SECRET
    assert warning(place) is None


def test_a_link_to_a_file_is_followed_as_secrets_of_clusters_are_links(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(_file(tmp_path, SECRET.encode()))
    assert token_of(Place("gitlab", token_file=str(tmp_path / "link")), {}).secret == SECRET


@pytest.mark.parametrize(
    ("text", "told"),
    [(b"", "empty"), (b" \n", "empty"), (b"a b", "blanks"), (b"x" * 20_000, "too long"), (b"\xff\xfe", "other char")],
)
def test_a_file_without_a_token_is_refused(tmp_path: Path, text: bytes, told: str) -> None:
    with pytest.raises(PlatformError, match=told):
        token_of(Place("gitlab", token_file=_file(tmp_path, text)), {"DOCKFIX_TOKEN": "other"})


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(PlatformError, match="it is no regular file"):
            token_of(Place("gitlab", token_file=str(path)), {})


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    place = Place("gitlab", token_file=str(tmp_path / "none"))
    for ask in (token_of, warning):
        with pytest.raises(PlatformError, match="the token cannot be read: No such file"):
            ask(place)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_warned_of(tmp_path: Path, mode: int) -> None:
    place = Place("gitlab", token_file=_file(tmp_path, SECRET.encode(), mode))
    assert "run chmod 600" in (warning(place) or "")
    assert token_of(place, {}).secret == SECRET

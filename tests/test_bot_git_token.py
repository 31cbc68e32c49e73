"""The token opens a repository, and is nowhere to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot_hosted import BASIC, BRANCH, NEW, SECRET, at, hosted, server
from bot_repositories import branches
from git_over_http import Asked, GitServer, served

from dockfix.frontends.bot.clone import CloneError, cloned
from dockfix.frontends.bot.platform import Credentials, Repository
from dockfix.frontends.bot.settings import Operator

__all__ = ["hosted", "server"]


class TestTheToken:
    @pytest.fixture
    def guarded(self, server: GitServer) -> GitServer:
        server.token = BASIC
        return server

    def work(self, server: GitServer, header: str = f"Authorization: {BASIC}", inside: str = "") -> None:
        credentials = Credentials(inside or server.address, header)
        repository = Repository("owner/name", server.url("owner/name"), "main")
        with cloned(repository, "main", credentials, Operator()) as clone:
            clone.push(BRANCH, clone.committed([NEW]), None)
            clone.heads()
            self.look_at_files(Path(clone.folder).parent)

    def look_at_files(self, folder: Path) -> None:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files
        assert [path for path in files if self.is_told(path.read_bytes())] == []

    @staticmethod
    def is_told(text: bytes) -> bool:
        return SECRET.encode() in text or BASIC.split()[1].encode() in text

    def test_opens_the_repository(self, guarded: GitServer, hosted: Path) -> None:
        self.work(guarded)
        assert BRANCH in branches(hosted)

    def test_is_on_no_command_line_and_in_no_file(self, guarded: GitServer) -> None:
        told: list[str] = []
        running: list[bytes] = []

        def look(asked: Asked) -> None:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                running.append(line)
                told.extend([line.decode()] if self.is_told(line) else [])

        guarded.before = look
        self.work(guarded)
        assert any(b"remote-http" in line for line in running), "it was looked while git was asking"
        assert told == []

    def test_goes_to_its_own_address_only(self, guarded: GitServer) -> None:
        with pytest.raises(CloneError, match="there is no token, or it has no right"):
            self.work(guarded, inside="http://127.0.0.1:1/")
        assert {asked.authorization for asked in guarded.asked} == {""}

    def test_does_not_follow_to_another_host(self, guarded: GitServer, tmp_path: Path) -> None:
        with served(tmp_path / "hosted") as other:
            guarded.redirect = other.address
            with pytest.raises(CloneError, match="its address leads to another one, and a token is not sent there"):
                self.work(guarded)
            assert other.asked == []

    def test_is_in_no_error_also_where_the_server_repeats_it(
        self, guarded: GitServer, capfd: pytest.CaptureFixture[str]
    ) -> None:
        guarded.refusal = f"no: {BASIC} is {SECRET} of x-access-token:{SECRET}"
        guarded.fails, guarded.failure = 100, 500
        with pytest.raises(CloneError) as caught:
            self.work(guarded)
        chain = [str(error) + repr(vars(error)) for error in (caught.value, caught.value.__cause__) if error]
        assert any("no: " in text for text in chain), "what the server said is there"
        assert not self.is_told("".join(chain).encode())
        assert not self.is_told("".join(capfd.readouterr()).encode())

    def test_is_in_no_error_of_a_push_that_repeats_it(self, guarded: GitServer, hosted: Path) -> None:
        hook = hosted / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\necho your token is {SECRET}\nexit 1\n")
        hook.chmod(0o755)
        with pytest.raises(CloneError, match=r"your token is \*\*\*"):
            self.work(guarded)

    @pytest.mark.parametrize("header", [f"PRIVATE-TOKEN: {SECRET}", f"Authorization: Bearer {SECRET}"])
    def test_that_is_refused_is_in_no_error(self, guarded: GitServer, header: str) -> None:
        with pytest.raises(CloneError) as caught:
            self.work(guarded, header)
        assert str(caught.value) == "git fetch fails: there is no token, or it has no right to this repository"

    def test_in_the_environment_of_the_bot_is_not_given_to_git(
        self, server: GitServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOCKFIX_TOKEN", SECRET)
        seen: list[bool] = []

        def look(asked: Asked) -> None:
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if b"remote-http" in (process / "cmdline").read_bytes():
                        seen.append(SECRET.encode() in (process / "environ").read_bytes())
                except OSError:
                    continue

        server.before = look
        with at(server.url("owner/name")):
            pass
        assert seen
        assert not any(seen)

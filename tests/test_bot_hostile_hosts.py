"""Strangers on a platform, and platforms that are not what they seem: through the whole bot, over HTTP."""

from __future__ import annotations

import json
import resource
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, FILES, NAME, World, done, it, looked_at_once
from fake_github import TOKEN
from http_serving import served_by

from dockfix.frontends.bot import working
from dockfix.frontends.bot.marker import CLOSED, TOUCHED, marked
from dockfix.frontends.bot.platform import Platform, PlatformError
from dockfix.frontends.bot.platforms import gitlab_session
from dockfix.frontends.bot.platforms.gitea import Gitea
from dockfix.frontends.bot.platforms.github import GitHub
from dockfix.frontends.bot.platforms.gitlab import GitLab
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.task import Place, Task
from dockfix.frontends.bot.token import Token

__all__ = ["it", "looked_at_once"]

MALLORY = "mallory"
BOARD = "<!-- dockfix:dashboard -->\n- [x] <!-- dockfix:ask group=safe -->\n- [x] <!-- dockfix:ask group=review -->"
FORGED = "Merge\n\nDockfix-Content: 0123456789abcdef\n"


class TestStrangers:
    def fork(self, it: World, folder: Path) -> str:
        bare = repositories.bare(folder / "git/mallory/shop.git", {**FILES, "evil": b"x"})
        it.hub.add("mallory/shop", bare, is_fork=True)
        return "mallory/shop"

    def test_a_pull_request_from_a_fork_with_our_branch_and_mark_is_not_touched(
        self, it: World, tmp_path: Path
    ) -> None:
        fork = self.fork(it, tmp_path)
        it.run()
        branch, edit = it.hub.pulls(NAME)[0].head, it.hub.pulls(NAME)[0].head[-12:]
        repositories.git(it.hub.repositories[fork].bare, "update-ref", f"refs/heads/{branch}", "refs/heads/main")
        theirs = it.hub.open(NAME, "dockfix: 2 safe changes", marked("safe", edit), MALLORY, head=branch, fork=fork)
        other = it.hub.open(NAME, "x", marked("gone", "0" * 12), MALLORY, head=branch, fork=fork)
        it.commit(shop=b"#!/bin/sh\ntrue\n")
        assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
        it.hub.close(NAME, theirs.number)
        it.commit(Dockerfile=b"FROM scratch\n")
        assert done(it.run()) == [("closed", "safe"), ("closed", "review")]
        it.commit(Dockerfile=DOCKERFILE)
        assert done(it.run(per_hour=9)) == [("opened", "safe"), ("opened", "review")]
        assert not theirs.comments
        assert not other.comments
        assert other.state == "open"
        assert (theirs.body, other.body) == (marked("safe", edit), marked("gone", "0" * 12))

    def test_a_branch_of_a_person_with_nearly_our_name_and_our_trailer_is_not_touched(self, it: World) -> None:
        tips = {
            name: repositories.commit(it.bare, {"evil": b"x"}, name, FORGED, onto=repositories.tip(it.bare))
            for name in ("dockfix/x", "dockfix/-x", "dockfix/safe-0", "dockfix/a/safe-000000000000")
        }
        assert done(it.run()) == [("opened", "safe"), ("opened", "review")]
        there = repositories.branches(it.bare)
        assert {name: there.get(name) for name in tips} == tips

    def forged(self, it: World) -> tuple[str, str]:
        """Over the bot's own branch, a commit with its trailer, its author and its time, but other files."""
        branch = it.hub.pulls(NAME)[0].head
        message = repositories.git(it.bare, "log", "-1", "--format=%B", branch)
        onto = repositories.tip(it.bare, branch)
        return branch, repositories.commit(
            it.bare, {"evil": b"x"}, branch, message, repositories.BOT, onto, "1700000000 +0000"
        )

    def test_other_files_under_our_trailer_are_a_persons(self, it: World) -> None:
        it.run()
        branch, forged = self.forged(it)
        assert done(it.run()) == [("left", "safe")]
        assert repositories.tip(it.bare, branch) == forged

    def test_other_files_under_our_trailer_are_not_proposed_in_our_name(self, it: World) -> None:
        it.run()
        branch, forged = self.forged(it)
        del it.hub.repositories[NAME].threads[1]
        assert done(it.run()) == [("held", "safe")]
        assert repositories.tip(it.bare, branch) == forged

    def test_the_dashboard_of_a_stranger_is_none(self, it: World) -> None:
        it.run()
        for pull in it.hub.pulls(NAME):
            it.hub.close(NAME, pull.number)
        theirs = it.hub.open(NAME, "dockfix dashboard", BOARD, MALLORY)
        assert [what for what, _ in done(it.run(dashboard=True))] == ["held", "held"]
        assert (theirs.body, theirs.state) == (BOARD, "open")

    def test_marks_in_comments_of_strangers_silence_nobody(self, it: World) -> None:
        it.run()
        safe, review = it.hub.pulls(NAME)
        for pull in (safe, review):
            it.hub.comment(NAME, pull.number, MALLORY, f"{TOUCHED}\n{CLOSED}")
        repositories.commit(it.bare, {"x": b"x"}, safe.head)
        it.commit(Dockerfile=b"FROM scratch\n")
        assert done(it.run()) == [("left", "safe"), ("closed", "review")]
        assert [len(it.hub.thread(NAME, pull.number).comments) for pull in (safe, review)] == [2, 2]

    def test_the_mark_of_another_group_in_a_body_moves_nothing(self, it: World) -> None:
        it.run()
        safe, review = it.hub.pulls(NAME)
        before = (safe.body, review.body)
        safe.body, review.body = marked("review", "1" * 12), marked("safe", "2" * 12) + marked("x", "3" * 12)
        tips = it.branches()
        assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
        assert (safe.body, review.body) == before
        assert it.branches() == tips


class TestWhatHappensInTheMiddle:
    def test_a_repository_that_is_deleted_is_a_sentence(self, it: World) -> None:
        it.run()
        asked = len(it.hub.asked)
        it.run()
        for at in range(1, len(it.hub.asked) - asked + 1):
            it.hub.fail_at(at, "404", times=1000)
            assert "the token may not do that, or there is no such thing" in it.run().error
            it.hub.heal()
        assert done(it.run()) == []

    def test_a_repository_that_is_renamed_goes_on_under_its_new_name(self, it: World) -> None:
        it.run()
        it.hub.rename(NAME, "ada/store")
        (it.bare.parent / "store.git").symlink_to(it.bare)
        it.hub.repositories["ada/store"].clone_url = f"{it.hub.address}/ada/store.git"
        it.commit(shop=b"#!/bin/sh\ntrue\n")
        assert not it.run().error
        assert len(it.hub.pulls("ada/store")) == 2

    def test_another_default_branch_takes_the_pull_requests_along(self, it: World) -> None:
        it.run()
        repositories.git(it.bare, "update-ref", "refs/heads/trunk", "refs/heads/main")
        repositories.commit(it.bare, {"new": b"x"}, "trunk")
        it.hub.repositories[NAME].default_branch = "trunk"
        moved = [("closed", "safe"), ("opened", "safe"), ("closed", "review"), ("opened", "review")]
        assert done(it.run(per_hour=9)) == moved
        assert done(it.run(per_hour=9)) == []
        open_ = [pull for pull in it.hub.pulls(NAME) if pull.state == "open"]
        assert {pull.base for pull in open_} == {"trunk"}
        assert len(open_) == 2

    def test_a_base_that_is_pushed_by_force_is_the_base(self, it: World) -> None:
        it.run()
        tree = repositories.git(it.bare, "rev-parse", "main^{tree}")
        repositories.commit_tree(it.bare, tree, message="another history")
        assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
        assert {repositories.git(it.bare, "merge-base", "main", one) for one in it.branches().values()} == {
            repositories.tip(it.bare)
        }

    def test_a_host_that_refuses_one_branch_is_told_and_the_others_are_opened(self, it: World) -> None:
        hook = it.bare / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(
            "#!/bin/sh\nwhile read -r old new ref; do case $ref in *safe*)"
            " printf 'protected \\033[31m by policy\\n' >&2; exit 1;; esac; done\n"
        )
        hook.chmod(0o755)
        report = it.run()
        assert "cannot be pushed: pre-receive hook declined: protected" in report.error
        assert report.error.isprintable()
        assert [(one.what, one.group) for one in report.done] == [("opened", "review")]
        hook.unlink()
        assert done(it.run()) == [("opened", "safe")]


def _html(handler: BaseHTTPRequestHandler) -> None:
    _begin(handler, "text/html", 20)
    handler.wfile.write(b"<h1>\x1b[31mhello</h1>")


def _garbage(handler: BaseHTTPRequestHandler) -> None:
    _begin(handler, "application/json", 8)
    handler.wfile.write(b"\x00\xff{[\x1b]0;")


def _another_shape(handler: BaseHTTPRequestHandler) -> None:
    _begin(handler, "application/json", 15)
    handler.wfile.write(b'["a",{"id":[]}]')


def _deep(handler: BaseHTTPRequestHandler) -> None:
    _begin(handler, "application/json", 200_000)
    handler.wfile.write(b"[" * 200_000)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    _begin(handler, "application/json", 10_000_000_000)
    handler.wfile.write(b'{"full_name": "')
    for _ in range(10_000):
        handler.wfile.write(b"x" * 1_000_000)


def _looping(handler: BaseHTTPRequestHandler) -> None:
    one = dict.fromkeys(("full_name", "path_with_namespace", "clone_url", "default_branch"), "ada/shop")
    told = json.dumps([{**one, "archived": False, "fork": False, "empty": False}]).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(told)))
    handler.send_header("Link", f'<http://{handler.headers["Host"]}{handler.path}>; rel="next"')
    handler.end_headers()
    handler.wfile.write(told)


def _deep_failure(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(422)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "200000")
    handler.end_headers()
    handler.wfile.write(b"[" * 200_000)


def _begin(handler: BaseHTTPRequestHandler, kind: str, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


Answering = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    answering: Answering = request.param

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is logged."""

        def do_GET(self) -> None:
            try:
                answering(self)
            except OSError:
                self.close_connection = True

    with served_by(Handler) as address:
        yield address


def _platform(kind: str, host: str) -> Platform:
    made: dict[str, Callable[[], Platform]] = {
        "github": lambda: GitHub(TOKEN, host, sleep=lambda _: None),
        "gitlab": lambda: GitLab(Token(TOKEN), host, sleep=lambda _: None),
        "gitea": lambda: Gitea(Token(TOKEN), host, sleep=lambda _: None),
    }
    return made[kind]()


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_certificate_that_is_not_trusted_is_said_with_what_to_do(tmp_path: Path, kind: str) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(PlatformError, match=r"certificate is not trusted here: name a file .*REQUESTS_CA_BUNDLE"):
            _platform(kind, f"https://localhost:{server.server_address[1]}").repository(NAME)
        server.shutdown()


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
@pytest.mark.parametrize("host", [_looping], indirect=True)
def test_a_list_that_leads_to_itself_is_a_sentence(host: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gitlab_session, "MOST_PAGES", 20)
    with pytest.raises(PlatformError, match="lists the same again and again"):
        list(_platform(kind, host).repositories("ada"))


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
@pytest.mark.parametrize("host", [_html, _garbage, _another_shape, _deep, _endless, _deep_failure], indirect=True)
def test_what_is_no_platform_is_a_sentence(host: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "platform_at", lambda _: _platform(kind, host))
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    report = working.work(Task(Place(kind, host), NAME, Operator()))
    assert time.monotonic() - begin < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
    assert report.error
    assert report.error.isprintable(), report.error
    assert len(report.error) < 600
    assert TOKEN not in repr(report)

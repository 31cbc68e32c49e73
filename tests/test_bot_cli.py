"""The bot as its operator runs it: the real program, on repositories of this disk and on a GitHub of this machine."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bot_repositories as repositories
import httpx
import jsonschema
import pytest
from bot_command import NONE, SECRETS, bot, sentence
from bot_work import until
from bot_world import FILES, NAME, World, world
from command import PROGRAM, Ended, dockfix, environment
from fake_github import TOKEN
from test_bot_dask import Rig

ROOT = Path(__file__).parent.parent
AT_ONCE = ("--no-onboarding", "--executor", "processes:1")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository on this disk, with something safe and something for review."""
    return repositories.bare(tmp_path / "shop", FILES)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def local(folder: Path, *arguments: str) -> Ended:
    return bot(folder, "--platform", "local", *AT_ONCE, *arguments)


def github(hub: World, folder: Path, *arguments: str) -> Ended:
    return bot(folder, "--api", hub.hub.address, *AT_ONCE, *arguments, DOCKFIX_TOKEN=TOKEN)


def groups(repository: Path) -> list[str]:
    """What the bot's branches are called by."""
    found = repositories.branches(repository)
    return sorted(name[8:].rsplit("-", 1)[0] for name in found if name.startswith("dockfix/"))


class TestOnThisDisk:
    def test_branches_are_made_and_the_bodies_printed(self, shop: Path, tmp_path: Path) -> None:
        first = local(tmp_path, "shop")
        assert (first.status, first.err) == (0, "")
        assert groups(shop) == ["review", "safe"]
        assert b"\nshop: opened review #2: dockfix: install no recommended packages in Dockerfile\n" in first.out
        assert b"\n    -RUN apt-get update\n" in first.out
        second = local(tmp_path, "shop")
        assert (second.status, second.out) == (0, b"1 repository; 3 changes; 1 Dockerfile looked at\n")

    def test_a_dry_run_prints_all_and_changes_nothing(self, shop: Path, tmp_path: Path) -> None:
        before = repositories.git(shop, "for-each-ref")
        done = local(tmp_path, "shop", "--dry-run")
        assert done.status == 0
        assert done.out.decode().count("<!-- dockfix:pull group=") == 2
        assert done.out.decode().count("    ```diff\n") == 3
        assert repositories.git(shop, "for-each-ref") == before

    def test_first_there_is_a_configuration_file(self, shop: Path, tmp_path: Path) -> None:
        done = bot(tmp_path, "--platform", "local", "shop")
        assert done.out.startswith(b"shop: opened onboarding #1: dockfix: configure dockfix\n")
        assert groups(shop) == ["onboarding"]

    def test_a_file_names_repositories_with_comments_and_each_counts_once(self, shop: Path, tmp_path: Path) -> None:
        repositories.bare(tmp_path / "empty")
        (tmp_path / "names").write_text("# those of Ada\n\n  shop  # the first\nempty\nshop\n")
        done = local(tmp_path, "shop", "--repos", "names", "-v")
        assert done.status == 0
        assert b"empty: skipped: it is empty\n2 repositories; 2 opened; 1 skipped;" in done.out

    def test_a_folder_names_those_in_it_and_one_that_fails_stops_no_other(self, shop: Path, tmp_path: Path) -> None:
        (tmp_path / "broken" / "objects").mkdir(parents=True)
        (tmp_path / "broken" / "HEAD").write_text("nothing that git knows\n")
        done = bot(tmp_path, *"--platform local --org . --no-onboarding --executor processes:2 --format json".split())
        assert done.status == 2
        told = json.loads(done.out)
        schema = json.loads((ROOT / "docs/schema/bot-v1.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(told)
        assert [(one["repository"], bool(one["error"])) for one in told["repositories"]] == [
            ("./broken", True),
            ("./shop", False),
        ]
        assert "```diff" in told["repositories"][1]["done"][0]["body"]
        assert groups(shop) == ["review", "safe"]

    def test_the_operator_says_who_commits_and_what_counts_elsewhere(self, shop: Path, tmp_path: Path) -> None:
        text = 'author = "Robot <robot@example.org>"\nonboarding = false\n[bot]\nmax-open = 1\nsign-off = true\n'
        (tmp_path / "operator.toml").write_text(text)
        done = bot(tmp_path, *"--platform local shop --operator operator.toml -v".split())
        assert groups(shop) == ["safe"]
        assert b"shop: held back review: 1 of its pull requests are open, as many as there may be\n" in done.out
        [branch] = [name for name in repositories.branches(shop) if name != "main"]
        told = repositories.git(shop, "log", "-1", "--format=%an %ce%n%B", branch)
        assert told.startswith("Robot robot@example.org\n")
        assert "Signed-off-by: Robot <robot@example.org>" in told

    def test_the_workers_of_a_cluster_do_the_same(self, shop: Path, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        try:
            rig.worker("one")
            rig.has(1)
            arguments = ("--platform", "local", "--no-onboarding", "--executor", f"dask:{rig.address}")
            done = bot(tmp_path, *arguments, str(shop))
        finally:
            rig.end()
        assert (done.status, done.err) == (0, "")
        assert groups(shop) == ["review", "safe"]

    def test_only_a_terminal_is_shown_how_far_it_is(self, shop: Path, tmp_path: Path) -> None:
        ours, theirs = pty.openpty()
        command = [*PROGRAM, "bot", "run", "--platform", "local", *AT_ONCE, "shop"]
        surroundings = environment(TERM="xterm", **NONE)
        subprocess.run(command, cwd=tmp_path, env=surroundings, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
        shown = os.read(ours, 10_000).decode()
        os.close(ours)
        os.close(theirs)
        assert "0 of 1 repositories" in shown
        assert "1 of 1 repositories, the last one was shop" in shown
        assert shown.endswith("\r\x1b[2K")


class TestOnGitHub:
    def test_pull_requests_are_opened_and_no_argument_of_a_process_has_the_token(
        self, hub: World, tmp_path: Path
    ) -> None:
        seen: set[bytes] = set()
        hub.git.before = lambda _: seen.update(arguments())
        done = github(hub, tmp_path, NAME, "-v")
        assert (done.status, done.err) == (0, "")
        assert sorted(hub.open()) == ["review", "safe"]
        assert any(b"git\0" in one and b"fetch" in one for one in seen)
        assert not [one for one in seen if any(secret.encode() in one for secret in SECRETS)]

    def test_the_repositories_of_an_organisation_without_forks_and_archives(self, hub: World, tmp_path: Path) -> None:
        hub.hub.add("ada/fork", repositories.bare(tmp_path / "git" / "ada" / "fork.git", FILES), is_fork=True)
        hub.hub.add("ada/old", hub.bare, is_archived=True)
        done = github(hub, tmp_path, "--org", "ada", "--dry-run")
        assert b"ada/fork: skipped: it is a fork\n" in done.out
        assert b"ada/old: skipped: it is archived\n" in done.out
        with_forks = github(hub, tmp_path, "--org", "ada", "--dry-run", "--forks")
        assert b"ada/fork: opened safe: " in with_forks.out
        assert hub.writes() == []

    def test_ctrl_c_leaves_a_journal_to_go_on_with(self, hub: World, tmp_path: Path) -> None:
        hub.hub.add("ada/second", repositories.bare(tmp_path / "git" / "ada" / "second.git", FILES))
        arguments = (NAME, "ada/second", "--api", hub.hub.address, *AT_ONCE, "--journal", "journal")
        surroundings = environment(**{**NONE, "DOCKFIX_TOKEN": TOKEN})
        with subprocess.Popen(
            [*PROGRAM, "bot", "run", *arguments],
            cwd=tmp_path,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        ) as running:
            left = [signal.SIGINT]
            # As Ctrl-C in a terminal, once: all of the group get it.
            hub.git.before = lambda asked: "second" in asked.path and left and os.killpg(running.pid, left.pop())
            out, err = running.communicate(timeout=120)
        hub.git.before = lambda asked: None
        assert (running.returncode, out) == (130, b"")
        assert err == b"dockfix: interrupted; run again with --resume to go on\n"
        before = len(hub.hub.asked)
        done = bot(tmp_path, *arguments, "--resume", DOCKFIX_TOKEN=TOKEN)
        assert done.status == 0
        assert b"2 repositories; 4 opened;" in done.out
        assert not [one for one in hub.hub.asked[before:] if NAME in one.path]

    def test_what_the_platform_refuses_is_no_wrong_usage(self, hub: World, tmp_path: Path) -> None:
        arguments = ("--api", hub.hub.address, "--org", "ada")
        done = bot(tmp_path, *arguments, DOCKFIX_TOKEN="ghp_of-somebody-else")  # noqa: S106
        assert done.status == 2
        assert "token" in sentence(done)
        assert "somebody-else" not in done.err

    def test_a_token_in_a_file_is_read_and_one_that_others_can_read_warned_of(self, hub: World, tmp_path: Path) -> None:
        (tmp_path / "token").write_text(f"{TOKEN}\n")
        for mode, said in ((0o600, ""), (0o644, "token: other users of this machine can read the token: run chmod")):
            (tmp_path / "token").chmod(mode)
            done = bot(tmp_path, "--api", hub.hub.address, "--token-file", "token", NAME, NAME, "--dry-run", *AT_ONCE)
            assert done.status == 0
            assert said in done.err
            assert done.err.count("\n") == bool(said)


class TestTheService:
    SECRET = "a-secret-of-the-tests"  # noqa: S105 - of no use elsewhere

    def test_it_answers_and_ends_at_sigterm(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text(self.SECRET)
        (tmp_path / "secret").chmod(0o600)
        arguments = "bot serve --org ada --journal journal --port 0 --secret-file secret".split()
        surroundings = environment(**{**NONE, "DOCKFIX_TOKEN": TOKEN})
        log = tmp_path / "log"
        with (
            log.open("wb") as file,
            subprocess.Popen(
                [*PROGRAM, *arguments], cwd=tmp_path, env=surroundings, stdout=file, stderr=file
            ) as running,
        ):
            try:
                until(lambda: "listening at" in log.read_text() or running.poll() is not None)
                found = re.search(r"listening at (http://127\.0\.0\.1:\d+)", log.read_text())
                assert found, log.read_text()
                answer = httpx.get(f"{found[1]}/healthz", trust_env=False, timeout=60)
                running.send_signal(signal.SIGTERM)
                assert running.wait(timeout=60) == 0
            finally:
                running.kill()
        assert answer.status_code == 200
        assert TOKEN not in log.read_text()
        assert self.SECRET not in log.read_text()


class TestBesideTheOthers:
    def test_the_help_lists_it(self, tmp_path: Path) -> None:
        assert "  bot       Keep the Dockerfiles of repositories" in dockfix(tmp_path, "--help").out.decode()
        told = dockfix(tmp_path, "bot", "--help").out.decode()
        assert "  run    Look at repositories once.\n" in told
        assert "  serve  Take webhooks, and look at a repository when it changes.\n" in told

    @pytest.mark.parametrize("arguments", ["--diff", "list", "explain merge-runs"])
    def test_other_commands_load_nothing_of_it(self, tmp_path: Path, arguments: str) -> None:
        (tmp_path / "Dockerfile").write_bytes(b"FROM debian:12-slim\nRUN echo a\nRUN echo b\n")
        script = (
            f"import sys; from dockfix.__main__ import main; sys.argv = ['dockfix', *{arguments.split()}]\n"
            "main(); print(*(name for name in sys.modules if '.bot' in name), file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, env=environment(), check=True
        )
        assert done.stdout
        assert done.stderr.decode().splitlines()[-1] == ""


def arguments() -> Iterator[bytes]:
    """The arguments of every process of this machine."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            continue

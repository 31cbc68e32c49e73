"""What is wrong with a command line of the bot is said in a sentence, with exit status 3, before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot_command import NONE, bot, sentence
from command import dockfix


class TestRun:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("--platform local", "no repository is named: name some, or give --repos or --org"),
            ("--platform local --repos empty", "there is no repository in what --repos or --org names"),
            ("--platform local --repos none", "none: cannot be read: No such file or directory"),
            ("--platform local --repos latin1", "latin1: cannot be read: it is not UTF-8"),
            ("--platform local --resume x", "--resume goes on with what --journal has kept: name that, too"),
            ("--platform local --executor threads:2 x", "threads:2 is no executor: there are `processes:N`"),
            ("--platform local --executor processes:0 x", "processes:0 is no executor"),
            ("--platform local --executor dask:nothing://x x", "no scheduler of Dask answers at nothing://x"),
            ("--platform local --journal . x", ". cannot be opened: make the folder, and look at its permissions"),
            ("--platform local --operator none x", "none: cannot be read: No such file or directory"),
            ("--platform local --operator wrong x", 'wrong: unknown key "autor"; did you mean author?'),
            ("x/y", "there is no token: put it into DOCKFIX_TOKEN or GH_TOKEN or GITHUB_TOKEN, or into a file"),
            ("--token-file none x/y", "none: the token cannot be read: No such file or directory"),
            ("--token-file empty x/y", "empty: it is empty, and should have the token in it"),
            ("--token-file . x/y", ".: it is no regular file"),
        ],
    )
    def test_it_is_said_in_a_sentence(self, tmp_path: Path, arguments: str, said: str) -> None:
        (tmp_path / "latin1").write_bytes(b"\xff")
        (tmp_path / "wrong").write_text('autor = "x"\n')
        (tmp_path / "empty").touch()
        done = bot(tmp_path, *arguments.split())
        assert (done.status, done.out) == (3, b"")
        assert sentence(done).startswith(f"dockfix: {said}")

    def test_an_unknown_platform_is_told_with_those_there_are(self, tmp_path: Path) -> None:
        done = bot(tmp_path, "--platform", "bitbucket", "x")
        assert done.status == 3
        assert "'bitbucket' is not one of 'github', 'gitlab', 'gitea', 'local'" in done.err

    @pytest.mark.parametrize(
        ("package", "arguments", "said"),
        [
            ("github", "run x/y", "github needs the package github: run pip install 'dockfix[bot]'"),
            ("gitlab", "run x/y --platform gitlab", "gitlab needs the package gitlab: run pip install"),
            ("httpx", "run x/y --platform gitea", "gitea needs the package httpx: run pip install 'dockfix[bot]'"),
            ("croniter", "run x --platform local --operator cron", "cron: in [bot]: \"schedule\": \"* * * * 1\" needs the package croniter: run pip install 'dockfix[bot]'"),
            ("distributed", "run x --platform local --executor dask:tcp://127.0.0.1:9", "`dask:` needs the package distributed"),
            ("uvicorn", "serve --org x --journal j", "`serve` needs starlette and uvicorn, which are not installed: pip install 'dockfix[bot]'"),
        ],
    )  # fmt: skip
    def test_a_package_that_is_missing_is_named(self, tmp_path: Path, package: str, arguments: str, said: str) -> None:
        (tmp_path / "cron").write_text('[bot]\nschedule = "* * * * 1"\n')
        missing = f'raise ModuleNotFoundError("No module named {package!r}", name={package!r})\n'
        (tmp_path / "without").mkdir()
        (tmp_path / "without" / f"{package}.py").write_text(missing)
        changes = {"DOCKFIX_TOKEN": "t", "DOCKFIX_WEBHOOK_SECRET": "s" * 20, "PYTHONPATH": str(tmp_path / "without")}
        done = dockfix(tmp_path, "bot", *arguments.split(), **changes)
        assert (done.status, done.out) == (3, b"")
        assert sentence(done).startswith(f"dockfix: {said}")


class TestServe:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("--org ada", "the service keeps what it is asked for in a file: name one by --journal"),
            ("--journal j", "no repositories are named: say `owner/name`, `owner/*`, or `group/**`"),
            ("--journal j --org ada --token-file none", "none: the token cannot be read: No such file or directory"),
            ("--journal j --org ada --platform local", "local sends no webhooks; these do: github, gitea, gitlab"),
            (
                "--journal j --org ada --secret-file none",
                "none cannot be read, and should hold the secret of the webhooks",
            ),
        ],
    )
    def test_it_is_said_in_a_sentence(self, tmp_path: Path, arguments: str, said: str) -> None:
        changes = {**NONE, "DOCKFIX_TOKEN": "t", "DOCKFIX_WEBHOOK_SECRET": "a-secret-of-the-tests"}
        done = dockfix(tmp_path, "bot", "serve", *arguments.split(), **changes)
        assert done.status == 3
        assert sentence(done).startswith(f"dockfix: {said}")

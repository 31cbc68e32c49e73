"""The bot's platform on this disk: what has become of a pull request is seen in the repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from dockfix.frontends.bot.clone import cloned
from dockfix.frontends.bot.platform import Comment, NewPull, PlatformError, Pull, Repository, State
from dockfix.frontends.bot.platforms.chosen import platform_at
from dockfix.frontends.bot.platforms.local import RECORDS, Local
from dockfix.frontends.bot.settings import Operator
from dockfix.frontends.bot.task import Place

BRANCH = "dockfix/safe-0123456789ab"
NEW = NewPull(BRANCH, "main", "Safe changes", "The body — with all of it.\n\nAnd \\ 'quotes' \"of\" $kinds.\n")


def _git(folder: Path, *arguments: str) -> str:
    names = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    names |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com"}
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, env=os.environ | names)
    return os.fsdecode(done.stdout).strip()


def _commit(folder: Path, branch: str, text: str) -> str:
    """A commit on top of a branch, by plumbing; the branch is made from main where there is none."""
    (folder / "text").write_text(text)
    blob = _git(folder, "hash-object", "-w", "--", "text")
    (folder / "text").unlink()
    tree = subprocess.run(
        ["git", "-C", str(folder), "mktree"],
        input=f"100644 blob {blob}\tDockerfile\n",
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    known = _git(folder, "for-each-ref", "--format=%(refname)", f"refs/heads/{branch}", "refs/heads/main").split()
    parent = [f"refs/heads/{branch}"] if f"refs/heads/{branch}" in known else known[:1]
    commit = _git(folder, "commit-tree", tree, "-m", "change", *(part for one in parent for part in ("-p", one)))
    _git(folder, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def _made(folder: Path, *, bare: bool = False) -> Path:
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))
    _commit(folder, "main", "FROM alpine\n")
    return folder


@pytest.fixture(params=[False, True], ids=["with a work tree", "bare"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return _made(tmp_path / "repository", bare=request.param)


def _opened(folder: Path) -> tuple[Local, Repository, Pull]:
    _commit(folder, BRANCH, "FROM alpine:3\n")
    platform = Local()
    repository = platform.repository(str(folder))
    return platform, repository, platform.open_pull(repository, NEW)


def _states(folder: Path) -> list[tuple[int, State]]:
    platform = Local()
    return [(pull.number, pull.state) for pull in platform.pulls(platform.repository(str(folder)))]


def test_a_repository_is_described(folder: Path) -> None:
    assert Local().repository(str(folder)) == Repository(str(folder), str(folder), "main")


def test_a_repository_is_named_relative_to_the_root(folder: Path) -> None:
    repository = Local(str(folder.parent)).repository("repository")
    assert (repository.name, repository.clone_url) == ("repository", str(folder))


def test_a_place_on_disk_needs_no_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKFIX_TOKEN", raising=False)
    assert platform_at(Place("local")).repository(str(folder)).clone_url == str(folder)


def test_one_without_commits_is_empty(tmp_path: Path) -> None:
    _git(tmp_path, "init", "--quiet", "--initial-branch=trunk")
    repository = Local().repository(str(tmp_path))
    assert (repository.default_branch, repository.is_empty) == ("trunk", True)


@pytest.mark.parametrize("other", ["refs/tags/main", "refs/remotes/main/HEAD", "refs/heads/heads/main"])
def test_its_branch_is_the_one_of_head_also_where_something_else_has_that_name(folder: Path, other: str) -> None:
    _git(folder, "update-ref", other, "main")
    assert Local().repository(str(folder)) == Repository(str(folder), str(folder), "main")


@pytest.mark.parametrize("name", [b"-x", b"a/b", "p\u00e5\u00a0".encode(), b"\xff"])
def test_a_branch_may_have_any_name_that_git_takes(folder: Path, name: bytes) -> None:
    _git(folder, "symbolic-ref", "HEAD", os.fsdecode(b"refs/heads/" + name))
    _git(folder, "update-ref", "HEAD", "main")
    repository = Local().repository(str(folder))
    assert (os.fsencode(repository.default_branch), repository.is_empty) == (name, False)
    with cloned(repository, repository.default_branch, None, Operator()) as clone:
        assert clone.commit == _git(folder, "rev-parse", "refs/heads/main")


def test_a_folder_inside_of_a_repository_is_none(folder: Path) -> None:
    (folder / "inside").mkdir()
    with pytest.raises(PlatformError, match="there is no git repository"):
        Local().repository(str(folder / "inside"))


def test_one_that_is_at_no_branch_is_refused(folder: Path) -> None:
    _git(folder, "update-ref", "--no-deref", "HEAD", _git(folder, "rev-parse", "main"))
    with pytest.raises(PlatformError, match="HEAD is at no branch"):
        Local().repository(str(folder))


def test_one_that_git_cannot_read_is_said_to_be_so(folder: Path) -> None:
    with open(_git(folder, "rev-parse", "--absolute-git-dir") + "/config", "a") as config:
        config.write("[core\n")
    with pytest.raises(PlatformError, match="git symbolic-ref fails: bad config line"):
        Local().repository(str(folder))


def test_the_repositories_of_a_folder_are_those_directly_in_it(tmp_path: Path) -> None:
    _made(tmp_path / "b", bare=True)
    _made(_made(tmp_path / "a") / "below")
    (tmp_path / "none").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert list(Local(str(tmp_path.parent)).repositories(tmp_path.name)) == [f"{tmp_path.name}/a", f"{tmp_path.name}/b"]


def test_a_folder_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="No such file"):
        Local().repositories(str(tmp_path / "none"))


def test_what_was_opened_is_there_in_the_next_run_with_every_character(folder: Path) -> None:
    _, _, pull = _opened(folder)
    platform = Local()
    assert platform.pulls(platform.repository(str(folder))) == [pull]
    assert (pull.branch, pull.base, pull.title, pull.body) == (BRANCH, "main", NEW.title, NEW.body)
    assert (pull.number, pull.state, pull.created.utcoffset() is not None) == (1, State.OPEN, True)


def test_what_is_opened_again_is_the_same_one_with_the_new_body(folder: Path) -> None:
    platform, repository, pull = _opened(folder)
    again = platform.open_pull(repository, NEW._replace(body="other"))
    assert again == pull._replace(body="other")
    assert platform.pulls(repository) == [again]


def test_it_is_merged_once_its_tip_is_in_the_base(folder: Path) -> None:
    _opened(folder)
    _git(folder, "update-ref", "refs/heads/main", BRANCH)
    assert _states(folder) == [(1, State.MERGED)]
    _git(folder, "update-ref", "-d", f"refs/heads/{BRANCH}")
    _commit(folder, "main", "FROM alpine:4\n")
    assert _states(folder) == [(1, State.MERGED)]


def test_it_is_closed_once_somebody_has_deleted_its_branch(folder: Path) -> None:
    _opened(folder)
    _git(folder, "update-ref", "-d", f"refs/heads/{BRANCH}")
    assert _states(folder) == [(1, State.CLOSED)]


def test_it_is_closed_when_the_commits_are_gone_too(folder: Path) -> None:
    _opened(folder)
    _git(folder, "update-ref", "-d", f"refs/heads/{BRANCH}")
    _git(folder, "-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")
    assert _states(folder) == [(1, State.CLOSED)]
    assert _git(folder, "cat-file", "-t", RECORDS) == "blob"


def test_one_that_dockfix_closes_stays_closed_with_its_branch_there(folder: Path) -> None:
    platform, repository, pull = _opened(folder)
    platform.close_pull(repository, pull)
    assert _states(folder) == [(1, State.CLOSED)]


def test_it_is_open_again_once_its_branch_is_there_again(folder: Path) -> None:
    platform, repository, pull = _opened(folder)
    _git(folder, "update-ref", "-d", f"refs/heads/{BRANCH}")
    _commit(folder, BRANCH, "FROM alpine:5\n")
    assert platform.open_pull(repository, NEW) == pull
    assert _states(folder) == [(1, State.OPEN)]


def test_one_that_dockfix_has_closed_stays_so_when_another_one_has_its_branch(folder: Path) -> None:
    platform, repository, pull = _opened(folder)
    platform.close_pull(repository, pull)
    platform.open_pull(repository, NEW)
    assert _states(folder) == [(2, State.OPEN), (1, State.CLOSED)]
    assert [pull.number for pull in platform.closed_pulls(repository, BRANCH, "main")] == [1]
    assert platform.closed_pulls(repository, "dockfix/other-0123456789ab", "main") == []


def test_title_body_and_comments_are_kept(folder: Path) -> None:
    platform, repository, pull = _opened(folder)
    platform.update_pull(repository, pull, "Other", "text")
    platform.comment(repository, 1, "said once")
    other = Local()
    assert other.pulls(repository) == [pull._replace(title="Other", body="text")]
    assert other.comments(repository, 1) == [Comment("said once", is_own=True)]


def test_a_branch_that_nobody_opened_a_pull_request_for_is_none(folder: Path) -> None:
    _commit(folder, BRANCH, "FROM alpine:3\n")
    assert _states(folder) == []


def test_nothing_but_the_records_is_written(folder: Path) -> None:
    _commit(folder, BRANCH, "FROM alpine:3\n")
    before = _seen(folder)
    platform = Local()
    platform.open_pull(platform.repository(str(folder)), NEW)
    platform.comment(platform.repository(str(folder)), 1, "text")
    _git(folder, "update-ref", "-d", RECORDS)
    assert _seen(folder) == before


def _seen(folder: Path) -> tuple[str, list[str]]:
    """References, and all files but git's objects."""
    files = [str(path) for path in sorted(folder.rglob("*")) if path.is_file() and "objects" not in path.parts]
    return _git(folder, "for-each-ref"), files


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"branch": "x"}]', "[" * 3000])
def test_records_of_somebody_else_are_refused_with_what_to_do(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "records").write_text(text)
    _git(folder, "update-ref", RECORDS, _git(folder, "hash-object", "-w", "--", str(tmp_path / "records")))
    platform = Local()
    with pytest.raises(PlatformError, match="run git update-ref -d refs/dockfix/pulls"):
        platform.pulls(platform.repository(str(folder)))


def test_a_pull_request_that_is_not_there_is_said_to_be_so(folder: Path) -> None:
    platform = Local()
    with pytest.raises(PlatformError, match="there is no pull request 7"):
        platform.comment(platform.repository(str(folder)), 7, "text")


def test_hooks_of_the_repository_do_not_run(folder: Path, tmp_path: Path) -> None:
    hooks = folder / "hooks" if (folder / "hooks").is_dir() else folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    _commit(folder, BRANCH, "FROM alpine:3\n")
    (hooks / "reference-transaction").write_text(f"#!/bin/sh\ntouch {tmp_path}/canary\n")
    (hooks / "reference-transaction").chmod(0o755)
    platform = Local()
    platform.open_pull(platform.repository(str(folder)), NEW)
    assert not (tmp_path / "canary").exists()


def test_issues_and_reviews_are_said_not_to_be_there(folder: Path) -> None:
    platform = Local()
    repository = platform.repository(str(folder))
    assert (platform.issues(repository), platform.given_pulls(repository), platform.credentials()) == ((), (), None)
    with pytest.raises(PlatformError, match="has no issues: switch the dashboard off"):
        platform.open_issue(repository, "title", "body")

"""The life of the bot's pull requests, on a platform with real repositories."""

from __future__ import annotations

from pathlib import Path

import bot_repositories as repositories
import pytest
from bot_world import DOCKERFILE, FILES, NAME, World, done, it, looked_at_once, world
from command import dockfix

from dockfix.frontends.bot.marker import TOUCHED
from dockfix.frontends.bot.platforms.github import GitHub

__all__ = ["it", "looked_at_once"]


def test_the_first_run_opens_one_for_what_is_safe_and_one_for_review(it: World, tmp_path: Path) -> None:
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]
    safe, review = it.hub.pulls(NAME)
    assert (safe.title, review.title) == (
        "dockfix: 2 safe changes in Dockerfile",
        "dockfix: install no recommended packages in Dockerfile",
    )
    (tmp_path / "Dockerfile").write_bytes(DOCKERFILE)
    dockfix(tmp_path, "--write", "--level", "safe")
    assert repositories.read(it.bare, "Dockerfile", safe.head) == (tmp_path / "Dockerfile").read_bytes()
    assert b"--no-install-recommends" in repositories.read(it.bare, "Dockerfile", review.head)
    assert b"&&" not in repositories.read(it.bare, "Dockerfile", review.head)


def test_each_change_is_a_commit_of_its_own_on_the_base(it: World) -> None:
    base = repositories.tip(it.bare)
    it.run()
    log = repositories.git(it.bare, "log", "--format=%s|%an|%cn", f"{base}..{it.branches()['safe']}")
    assert log.splitlines() == [
        "Delete apt's package lists in Dockerfile|dockfix|dockfix",
        "Merge 2 RUN instructions in Dockerfile|dockfix|dockfix",
    ]
    assert repositories.tip(it.bare) == base


def test_a_second_run_has_nothing_to_do_and_writes_nothing(it: World) -> None:
    it.run()
    before, writes = it.branches(), it.writes()
    assert done(it.run()) == []
    assert (it.branches(), it.writes()) == (before, writes)


def test_where_the_base_moves_the_branches_are_made_anew_on_it(it: World) -> None:
    it.run()
    there = it.open()
    base = it.commit(README__md=b"# the shop\n")
    assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
    assert it.open() == there
    for branch in it.branches().values():
        assert repositories.git(it.bare, "merge-base", branch, "main") == base


def test_another_edit_goes_to_the_pull_request_that_is_open(it: World) -> None:
    it.run()
    there = it.open()
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))
    it.run()
    assert it.open() == there
    assert b"curl git" in repositories.read(it.bare, "Dockerfile", it.branches()["safe"])
    assert "curl git" in it.hub.thread(NAME, there["safe"]).body


def _pushed(it: World, folder: Path) -> str:
    branch = it.hub.thread(NAME, it.open()["safe"]).head
    repositories.commit(it.bare, {"NOTES": b"mine\n"}, branch=branch, message="mine")
    return branch


def test_a_branch_to_which_a_person_has_pushed_is_left_alone_and_that_is_said_once(it: World, tmp_path: Path) -> None:
    it.run()
    branch = _pushed(it, tmp_path)
    tip = repositories.tip(it.bare, branch)
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))
    assert done(it.run()) == [("left", "safe"), ("updated", "review")]
    assert done(it.run()) == [("left", "safe")]
    assert repositories.tip(it.bare, branch) == tip
    assert [TOUCHED in one.body for one in it.hub.thread(NAME, it.open()["safe"]).comments] == [True]


def test_a_branch_to_which_a_person_has_pushed_is_not_closed_either(it: World, tmp_path: Path) -> None:
    it.run()
    _pushed(it, tmp_path)
    it.commit(Dockerfile=b"FROM scratch\n")
    assert done(it.run()) == [("left", "safe"), ("closed", "review")]
    assert list(it.open()) == ["safe"]


def test_what_was_closed_does_not_come_back_until_its_text_changes(it: World) -> None:
    it.run()
    it.hub.close(NAME, it.open()["safe"])
    assert done(it.run()) == [("held", "safe")]
    it.commit(README__md=b"# other\n")
    assert done(it.run()) == [("held", "safe"), ("updated", "review")]
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))
    it.hub.age(NAME, 1, 2)
    assert done(it.run()) == [("opened", "safe"), ("updated", "review")]


def test_what_was_closed_long_ago_is_known_by_its_branch(it: World) -> None:
    it.run()
    number = it.open()["safe"]
    it.hub.close(NAME, number)
    # So many have come since that it is not among the newest any more.
    for _ in range(101):
        other = it.hub.open(NAME, "mine", "", "ada", head=it.hub.thread(NAME, 2).head)
        it.hub.close(NAME, other.number)
    assert ("held", "safe") in done(it.run())
    assert "safe" not in it.open()


def test_reasons_and_the_dashboard_refer_to_pull_requests_as_the_platform_does(
    it: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GitHub, "sign", "!")
    it.run()
    it.hub.close(NAME, it.open()["safe"])
    report = it.run(dashboard=True)
    assert [one.reason for one in report.done] == ["!1 proposed the same, and was closed"]
    assert report.sign == "!"
    (board,) = [one for one in it.hub.repositories[NAME].threads.values() if not one.head]
    assert "[!2](" in board.body
    assert "!1 proposed the same" in board.body


def test_what_is_merged_is_not_proposed_again_and_the_other_one_moves_on(it: World) -> None:
    it.run()
    there = it.open()
    it.hub.merge(NAME, there["safe"])
    assert done(it.run()) == [("updated", "review")]
    assert it.open() == {"review": there["review"]}
    it.hub.merge(NAME, there["review"], squash=True, delete=True)
    assert done(it.run()) == []
    assert it.open() == {}


def test_what_is_merged_and_reverted_is_proposed_again(it: World) -> None:
    it.run()
    it.hub.merge(NAME, it.open()["safe"], squash=True)
    it.commit(Dockerfile=DOCKERFILE)
    it.hub.age(NAME, 1, 2)
    assert ("opened", "safe") in done(it.run())


def test_what_is_done_otherwise_is_closed_with_the_reason_and_its_branch_deleted(it: World) -> None:
    it.run()
    numbers = it.open()
    it.commit(Dockerfile=b"FROM scratch\nCOPY shop /shop\n")
    assert done(it.run()) == [("closed", "safe"), ("closed", "review")]
    assert (it.open(), it.branches()) == ({}, {})
    for number in numbers.values():
        [said] = it.hub.thread(NAME, number).comments
        assert "nothing of it is left to do" in said.body


def test_what_the_bot_closed_itself_comes_back_with_the_text(it: World) -> None:
    it.run()
    it.commit(Dockerfile=b"FROM scratch\nCOPY shop /shop\n")
    it.run()
    it.commit(Dockerfile=DOCKERFILE)
    for number in (1, 2):
        it.hub.age(NAME, number, 2)
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]


def test_a_rule_that_is_switched_off_goes_from_the_pull_request(it: World) -> None:
    it.run()
    repositories.commit(it.bare, {".dockfix.toml": b'skip = ["clean-package-lists"]\n'})
    assert done(it.run()) == [("updated", "safe"), ("updated", "review")]
    assert b"rm -rf" not in repositories.read(it.bare, "Dockerfile", it.branches()["safe"])


def test_where_the_configuration_switches_dockfix_off_all_is_closed(it: World) -> None:
    it.run()
    repositories.commit(it.bare, {".dockfix.toml": b"[bot]\nenabled = false\n"})
    report = it.run()
    assert done(report) == [("closed", "safe"), ("closed", "review")]
    assert "switches dockfix off" in report.skipped
    assert it.open() == {}


def test_a_configuration_that_cannot_be_read_closes_nothing(it: World) -> None:
    it.run()
    there = it.state()
    repositories.commit(it.bare, {".dockfix.toml": b"[bot]\nenabeld = false\n"})
    report = it.run()
    assert "did you mean enabled?" in report.error
    assert [one[:5] for one in it.state()[0]] == [one[:5] for one in there[0]]  # type: ignore[index]


def test_a_branch_that_a_person_deletes_is_declined(it: World) -> None:
    it.run()
    repositories.git(it.bare, "update-ref", "-d", f"refs/heads/{it.hub.thread(NAME, it.open()['safe']).head}")
    assert done(it.run()) == [("held", "safe")]


def _stopped_before_it_is_opened(it: World, folder: Path) -> None:
    """A run that has pushed a branch, and could not open the pull request."""
    folder.mkdir()
    with world(folder) as twin:
        twin.run()
        first = next(at for at, one in enumerate(twin.hub.asked, 1) if (one.verb, one.path[-6:]) == ("POST", "/pulls"))
    it.hub.fail_at(first, times=1000)
    assert "status 500" in it.run().error
    it.hub.heal()
    assert (it.open(), list(it.branches())) == ({}, ["safe"])


def test_a_branch_that_a_run_left_without_a_pull_request_is_used(it: World, tmp_path: Path) -> None:
    _stopped_before_it_is_opened(it, tmp_path / "twin")
    before = it.branches()["safe"]
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]
    assert it.branches()["safe"] == before


def test_a_branch_that_a_run_left_and_nobody_wants_is_deleted(it: World, tmp_path: Path) -> None:
    _stopped_before_it_is_opened(it, tmp_path / "twin")
    it.commit(Dockerfile=b"FROM scratch\n")
    assert done(it.run()) == [("deleted", "")]
    assert it.branches() == {}


def test_a_token_without_rights_is_a_sentence_that_says_which_one(it: World) -> None:
    it.hub.revoke()
    report = it.run()
    assert "token" in report.error
    assert not report.retry
    assert it.branches() == {}


def test_a_limit_is_waited_for_and_else_told_as_what_may_pass(it: World) -> None:
    it.hub.limit(retry_after=30)
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]
    it.hub.limit(reset_in=3600)
    report = it.run()
    assert report.retry
    assert "too many requests" in report.error


def test_no_more_are_opened_within_an_hour_than_may_be(it: World) -> None:
    assert done(it.run(per_hour=1)) == [("opened", "safe"), ("held", "review")]
    assert done(it.run(per_hour=1)) == [("held", "review")]
    it.hub.age(NAME, 1, 2)
    assert done(it.run(per_hour=1)) == [("opened", "review")]


def test_no_more_are_open_than_may_be(it: World) -> None:
    assert done(it.run(max_open=1)) == [("opened", "safe"), ("held", "review")]
    it.hub.close(NAME, 1)
    assert done(it.run(max_open=1)) == [("held", "safe"), ("opened", "review")]


def test_labels_reviewers_assignees_drafts_and_prefixes_are_as_configured(it: World) -> None:
    it.hub.repositories[NAME].people.append("grace")
    it.hub.repositories[NAME].labels.append("docker")
    it.run(labels=("docker",), reviewers=("grace", "nobody"), assignees=("grace",), draft=True, title_prefix="chore:")
    safe = it.hub.thread(NAME, 1)
    assert (safe.labels, safe.reviewers, safe.assignees, safe.is_draft) == (["docker"], ["grace"], ["grace"], True)
    assert safe.title.startswith("chore: ")


def test_a_dry_run_tells_all_and_does_nothing(it: World) -> None:
    it.operator = it.operator._replace(dry_run=True)
    report = it.run()
    assert done(report) == [("opened", "safe"), ("opened", "review")]
    assert "```diff" in report.done[0].body
    assert (it.writes(), it.branches()) == ([], {})


def test_the_first_pull_request_of_a_repository_without_configuration_brings_one(it: World) -> None:
    it.operator = it.operator._replace(onboarding=True)
    assert done(it.run()) == [("opened", "onboarding")]
    [pull] = it.hub.pulls(NAME)
    assert "merge-runs" in pull.body
    assert done(it.run()) == []
    it.hub.merge(NAME, pull.number)
    assert b"[bot]" in repositories.read(it.bare, ".dockfix.toml")
    assert done(it.run()) == [("opened", "safe"), ("held", "review")]


def test_a_repository_that_declines_the_configuration_is_left_alone(it: World) -> None:
    it.operator = it.operator._replace(onboarding=True)
    it.run()
    it.hub.close(NAME, 1)
    assert done(it.run()) == [("held", "onboarding")]
    it.commit(Dockerfile=DOCKERFILE.replace(b"curl", b"curl git"))
    assert done(it.run()) == [("held", "onboarding")]


def test_archived_repositories_and_forks_are_skipped(it: World) -> None:
    it.hub.repositories[NAME].is_archived = True
    assert it.run().skipped == "it is archived"
    it.hub.repositories[NAME].is_archived, it.hub.repositories[NAME].is_fork = False, True
    assert it.run().skipped == "it is a fork"
    it.operator = it.operator._replace(forks=True)
    assert done(it.run()) == [("opened", "safe"), ("opened", "review")]


def test_another_base_is_proposed_for_where_the_configuration_says_so(it: World) -> None:
    repositories.commit(it.bare, FILES, branch="next", onto=repositories.tip(it.bare))
    assert done(it.run(base="next")) == [("opened", "safe"), ("opened", "review")]
    assert {one.base for one in it.hub.pulls(NAME)} == {"next"}


def test_in_the_dashboard_a_person_asks_for_what_was_declined(it: World) -> None:
    it.run(dashboard=True)
    it.hub.close(NAME, it.open()["safe"])
    it.run(dashboard=True)
    [board] = [one for one in it.hub.repositories[NAME].threads.values() if not one.head]
    assert "<!-- dockfix:ask group=safe -->" in board.body
    board.body = board.body.replace("- [ ] <!-- dockfix:ask group=safe -->", "- [x] <!-- dockfix:ask group=safe -->")
    assert ("opened", "safe") in done(it.run(dashboard=True))
    assert "[x]" not in board.body
    writes = it.writes()
    it.run(dashboard=True)
    assert it.writes() == writes

"""Who has pushed to a branch: the bot, or a person with any of the commands that change commits."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot_hosted import BRANCH, NEW, anywhere, at, hosted, server
from bot_repositories import BOT, commit, git, person
from git_over_http import GitServer

from dockfix.frontends.bot.clone import NewCommit
from dockfix.frontends.bot.heads import content
from dockfix.frontends.bot.plan import Head

__all__ = ["anywhere", "hosted", "server"]


class TestWhoHasPushed:
    @pytest.fixture
    def pushed(self, server: GitServer, hosted: Path, tmp_path: Path) -> Path:
        """A person's clone with two commits of the bot on its branch."""
        with at(server.url("owner/name")) as clone:
            first = NewCommit("One\n\nDockfix-Content: 0123456789abcdef\n", {"api/Dockerfile": b"FROM x\n"})
            clone.push(BRANCH, clone.committed([first, NEW]), None)
        return person(hosted, tmp_path / "person", BRANCH)

    def heads(self, server: GitServer) -> dict[str, Head]:
        with at(server.url("owner/name")) as clone:
            return dict(clone.heads())

    def told(self, pushed: Path, server: GitServer) -> str:
        """What is said of the branch after the person has pushed."""
        git(pushed, "push", "-q", "--force", "origin", f"HEAD:{BRANCH}")
        head = self.heads(server)[BRANCH]
        assert head.commit == git(pushed, "rev-parse", "HEAD")
        return head.content

    def test_no_branches_are_no_heads(self, anywhere: tuple[Path, str]) -> None:
        with at(anywhere[1]) as clone:
            assert clone.heads() == {}

    def test_the_bot(self, pushed: Path, server: GitServer) -> None:
        assert self.told(pushed, server) == "0123456789abcdef"

    def test_only_branches_with_the_prefix_are_told(self, pushed: Path, server: GitServer) -> None:
        for name in ("other", "x/refs/heads/dockfix/y", "dockfix-x"):
            git(pushed, "push", "-q", "origin", f"HEAD:refs/heads/{name}")
        assert [*self.heads(server)] == [BRANCH]

    def test_branches_at_the_same_commit_are_told_each(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "push", "-q", "origin", "HEAD:refs/heads/dockfix/other")
        assert [*self.heads(server)] == ["dockfix/other", BRANCH]

    def test_a_commit_of_a_person(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-qam", "mine")
        assert self.told(pushed, server) == ""

    def test_a_commit_of_a_person_with_the_trailer_in_the_middle(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-qam", "mine\n\nDockfix-Content: 0123\nSigned-off-by: me")
        assert self.told(pushed, server) == ""

    def test_an_amend(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-q", "-a", "--amend", "--no-edit")
        assert "Dockfix-Content" in git(pushed, "log", "-1", "--format=%B")
        assert self.told(pushed, server) == ""

    def test_an_amend_of_somebody_who_has_the_name_of_the_bot(self, pushed: Path, server: GitServer) -> None:
        (pushed / "notes").write_text("mine")
        git(pushed, "commit", "-q", "-a", "--amend", "--no-edit", who=BOT, GIT_COMMITTER_DATE="2001-01-01T00:00:00Z")
        assert self.told(pushed, server) == ""

    def test_a_rebase(self, pushed: Path, hosted: Path, server: GitServer) -> None:
        commit(hosted, {"notes": b"moved\n"})
        git(pushed, "fetch", "-q")
        git(pushed, "rebase", "-q", "origin/main")
        assert self.told(pushed, server) == ""

    def test_a_squash(self, pushed: Path, server: GitServer) -> None:
        git(
            pushed, "rebase", "-q", "-i", "origin/main", GIT_SEQUENCE_EDITOR="sed -i 2s/pick/squash/", GIT_EDITOR="true"
        )
        assert git(pushed, "rev-list", "--count", "origin/main..") == "1"
        assert self.told(pushed, server) == ""

    def test_a_cherry_pick(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        git(pushed, "cherry-pick", f"origin/{BRANCH}")
        assert self.told(pushed, server) == ""

    def test_a_merge_of_the_base(self, pushed: Path, hosted: Path, server: GitServer) -> None:
        commit(hosted, {"notes": b"moved\n"})
        git(pushed, "fetch", "-q")
        git(pushed, "merge", "-q", "-m", "merge", "origin/main")
        assert self.told(pushed, server) == ""

    def test_a_branch_set_back_to_the_base_or_to_another_history(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        assert self.told(pushed, server) == ""
        git(pushed, "checkout", "-q", "--orphan", "new")
        git(pushed, "commit", "-qm", "new")
        assert self.told(pushed, server) == ""

    def test_a_branch_set_back_to_an_earlier_commit_of_the_bot_is_the_bots(
        self, pushed: Path, server: GitServer
    ) -> None:
        git(pushed, "reset", "-q", "--hard", "HEAD^")
        assert self.told(pushed, server) == "0123456789abcdef"

    def test_looking_at_branches_leaves_the_history_of_the_base_alone(self, pushed: Path, server: GitServer) -> None:
        git(pushed, "reset", "-q", "--hard", "origin/main")
        for _ in range(3):
            git(pushed, "commit", "-q", "--allow-empty", "-m", "more")
        git(pushed, "push", "-q", "origin", "HEAD:main", f"+HEAD:{BRANCH}")
        with at(server.url("owner/name")) as clone:
            clone.heads()
            assert git(Path(clone.folder), "rev-list", "--count", "HEAD") == "4"

    @pytest.mark.parametrize(
        ("message", "expected"),
        [
            (b"a\n\nDockfix-Content: 12ab\n", "12ab"),
            (b"a\n\nDockfix-Content: 12ab", "12ab"),
            (b"a\n\nDockfix-Content: 12AB\n", ""),
            (b"a\n\nDockfix-Content: \n", ""),
            (b"a\n\nNo-Dockfix-Content: 12ab\n", ""),
            (b"", ""),
        ],
    )
    def test_the_trailer_is_the_last_line(self, message: bytes, expected: str) -> None:
        who = b"A <a@example.org> 1 +0000\n"
        assert content(b"tree 1\nauthor " + who + b"committer " + who + b"\n" + message) == expected
        assert content(b"tree 1\nauthor " + who + b"committer B " + who + b"\n" + message) == ""

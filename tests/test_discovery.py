"""Which files are taken for Dockerfiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command import git

from dockfix.adapters.discovery import Discovery, discover, is_dockerfile


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def make(*names: str, text: str = "FROM scratch\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str) -> list[str]:
    return list(discover(paths or (".",)).files)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "DOCKERFILE",
        "Dockerfile.dev",
        "api.Dockerfile",
        "api.dockerfile",
        "Containerfile",
        "containerfile.prod",
        "API.DOCKERFILE",
        ".dockerfile",
    ],
)
def test_a_name_that_is_a_dockerfile(name: str) -> None:
    assert is_dockerfile(name)


@pytest.mark.parametrize(
    "name",
    [
        ".dockerignore",
        "Dockerfile.dockerignore",
        "api.Dockerfile.dockerignore",
        "Dockerfile.j2",
        "Dockerfile.tmpl",
        "Dockerfile.in",
        "Dockerfile.erb",
        "Dockerfile.mustache",
        "Dockerfile.J2",
        "Dockerfiles",
        "my-Dockerfile",
        "MyDockerfile",
        "Containerfiles.txt",
        "docker-compose.yml",
    ],
)
def test_a_name_that_is_none(name: str) -> None:
    assert not is_dockerfile(name)


def test_a_folder_is_searched_in_a_fixed_order_files_before_folders() -> None:
    make("b/Dockerfile", "a/x.Dockerfile", "a/Containerfile", "Dockerfile", "a/deep/er/dockerfile.dev", "a/README")
    assert found() == ["Dockerfile", "a/Containerfile", "a/x.Dockerfile", "a/deep/er/dockerfile.dev", "b/Dockerfile"]


def test_hidden_folders_are_searched() -> None:
    make(".devcontainer/Dockerfile")
    assert found() == [".devcontainer/Dockerfile"]


@pytest.mark.parametrize(
    "folder", [".git", ".hg", ".svn", "node_modules", "vendor", ".venv", ".tox", "web/node_modules/x"]
)
def test_folders_of_version_control_and_of_dependencies_are_not_searched(folder: str) -> None:
    make(f"{folder}/Dockerfile", "Dockerfile")
    assert found() == ["Dockerfile"]


def test_a_virtual_environment_is_not_searched_whatever_its_name() -> None:
    make("python/lib/Dockerfile", "Dockerfile")
    make("python/pyvenv.cfg", text="home = /usr/bin\n")
    assert found() == ["Dockerfile"]


def test_an_excluded_folder_that_is_named_is_searched() -> None:
    make("vendor/tool/Dockerfile")
    assert found("vendor") == ["vendor/tool/Dockerfile"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called() -> None:
    make("build.txt", "Dockerfile.j2", "node_modules/Dockerfile")
    assert found("build.txt", "Dockerfile.j2", "node_modules/Dockerfile") == [
        "build.txt",
        "Dockerfile.j2",
        "node_modules/Dockerfile",
    ]


def test_a_file_that_is_reached_twice_is_taken_once() -> None:
    make("a/Dockerfile")
    Path("a/Dockerfile.link").symlink_to("Dockerfile")
    assert found("a/Dockerfile", "a", "./a/../a") == ["a/Dockerfile"]


def test_links_to_folders_are_not_followed_so_a_ring_ends() -> None:
    make("a/Dockerfile")
    Path("a/again").symlink_to("..")
    Path("a/Dockerfile.d").symlink_to("..")
    assert found() == ["a/Dockerfile"]


def test_a_folder_called_dockerfile_is_searched_like_any_other() -> None:
    make("Dockerfile/Dockerfile")
    assert found() == ["Dockerfile/Dockerfile"]


def test_a_name_that_is_not_utf8_is_found() -> None:
    name = os.fsdecode(b"caf\xe9.Dockerfile")
    make(name)
    assert found() == [name]


def test_a_folder_that_may_not_be_listed_is_a_problem_and_the_rest_is_searched() -> None:
    make("closed/Dockerfile", "open/Dockerfile")
    Path("closed").chmod(0)
    try:
        if os.access("closed", os.R_OK):
            pytest.skip("nothing is closed to root")
        result = discover(["."])
    finally:
        Path("closed").chmod(0o755)
    assert result.files == ("open/Dockerfile",)
    assert [problem.path for problem in result.problems] == ["closed"]


class TestWithGit:
    @pytest.fixture(autouse=True)
    def _repository(self, _here: None, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")

    def test_what_git_ignores_is_left_out(self) -> None:
        make("Dockerfile", "build/Dockerfile", "api/Dockerfile.local", "api/Dockerfile")
        make(".gitignore", text="build/\n*.local\n")
        assert found() == ["Dockerfile", "api/Dockerfile"]

    def test_a_tracked_file_is_taken_although_a_pattern_matches_it(self, tmp_path: Path) -> None:
        make("build/Dockerfile")
        git(tmp_path, "add", "build/Dockerfile")
        make(".gitignore", text="build/\n")
        assert found() == ["build/Dockerfile"]

    def test_an_ignored_file_that_is_named_is_taken(self) -> None:
        make("build/Dockerfile")
        make(".gitignore", text="build/\n")
        assert found("build/Dockerfile") == ["build/Dockerfile"]

    def test_an_ignored_folder_that_is_named_is_searched(self) -> None:
        make("build/a/Dockerfile")
        make(".gitignore", text="build/\n")
        assert found("build") == ["build/a/Dockerfile"]

    def test_a_folder_inside_of_the_repository_knows_its_rules(self) -> None:
        make("api/Dockerfile", "api/old/Dockerfile")
        make(".gitignore", text="/api/old\n")
        assert found("api") == ["api/Dockerfile"]

    def test_a_repository_in_a_repository_has_its_own_rules(self, tmp_path: Path) -> None:
        make("inner/Dockerfile", "inner/out/Dockerfile", "out/Dockerfile")
        git(tmp_path / "inner", "init", "-q")
        make("inner/.gitignore", text="out\n")
        assert found() == ["inner/Dockerfile", "out/Dockerfile"]

    def test_a_repository_in_an_ignored_folder_is_left_out(self, tmp_path: Path) -> None:
        make("cache/clone/Dockerfile", "cache/clone2/Dockerfile", "Dockerfile")
        git(tmp_path / "cache/clone", "init", "-q")
        make(".gitignore", text="cache/\n")
        assert found() == ["Dockerfile"]

    def test_names_with_blanks_quotes_and_line_ends_are_asked_about(self) -> None:
        make('a b/Dockerfile."x"', "new\nline/Dockerfile", "-v.Dockerfile", ":(top).Dockerfile")
        make(".gitignore", text="a b/\n")
        assert found() == ["-v.Dockerfile", ":(top).Dockerfile", "new\nline/Dockerfile"]

    def test_the_variables_of_a_hook_do_not_lead_astray(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make("build/Dockerfile")
        make(".gitignore", text="build/\n")
        monkeypatch.setenv("GIT_DIR", "/nowhere")
        monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
        assert found() == []

    def test_without_git_everything_is_looked_at_and_the_user_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make("build/Dockerfile")
        make(".gitignore", text="build/\n")
        monkeypatch.setenv("PATH", "")
        note = "git is not installed, so files that it ignores are looked at too"
        assert discover(["."]) == Discovery(("build/Dockerfile",), notes=(note,))

    def test_where_git_fails_everything_is_looked_at_and_the_user_is_told(self) -> None:
        make("build/Dockerfile")
        make(".git/HEAD", text="nonsense")
        result = discover(["."])
        assert result.files == ("build/Dockerfile",)
        assert "git cannot say what it ignores" in result.notes[0]


def test_outside_of_a_repository_git_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    make("Dockerfile")
    monkeypatch.setenv("PATH", "")
    assert discover(["."]).notes == ()

"""`<Dockerfile>.dockerignore`: where Dockerfiles of one context take different things, and only there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from command import dockfix, files_below
from hypothesis import example, given, settings, strategies as st
from test_write_dockerignore import PATH, outcomes_of, views, written

from dockfix.adapters.context import texts
from dockfix.engine.change import Level
from dockfix.engine.licences import NarrowContext
from dockfix.engine.options import Options
from dockfix.engine.validate_context import moved
from dockfix.model.facts import Facts
from dockfix.model.ignore import Ignore
from dockfix.model.ignoring.apart import parts
from dockfix.model.sources import sample, sources, takes
from dockfix.syntax.edit import Edit

API = {"api/Dockerfile": "FROM a\nCOPY api /app\n"}
WEB = {"web/Dockerfile": "FROM a\nCOPY web /app\n"}
SIZES = {"api/a": 20_000, "web/b": 90_000, "other": 20_000}
OWN = {f"{name}.dockerignore" for name in (*API, *WEB)}


def ignore_files(after: dict[str, str]) -> set[str]:
    return {name for name in after if name.endswith(".dockerignore")}


def test_siblings_that_take_different_things_have_a_file_each_at_level_safe() -> None:
    after = written({**API, **WEB}, SIZES, Level.SAFE)
    assert ignore_files(after) == OWN
    assert after["api/Dockerfile.dockerignore"].splitlines()[1:] == ["*", "!api", "api/Dockerfile.dockerignore"]
    assert written(after, SIZES) == after


def test_the_reason_compares_with_one_file_for_all() -> None:
    step, _ = (step for outcome in outcomes_of({**API, **WEB}, SIZES, Options()) for step in outcome.steps)
    assert step.change.title == "write Dockerfile.dockerignore: send only what is taken"
    assert step.change.why.endswith("nothing of that is copied; one file for all Dockerfiles would send 110.0 kB")


@pytest.mark.parametrize(
    ("files", "sizes"),
    [
        pytest.param({**API, "web/Dockerfile": "FROM a\nCOPY . /app\n"}, SIZES, id="a sibling takes all"),
        pytest.param({**API, "web/Dockerfile": "FROM a\nARG X\nCOPY $X /app\n"}, SIZES, id="a source is not known"),
        pytest.param({**API, "web/Dockerfile": "FROM a\nINCLUDE x\nCOPY web /b\n"}, SIZES, id="one is not understood"),
        pytest.param({**API, "web/Dockerfile": "FROM a\nRUN b\n"}, SIZES, id="a sibling takes nothing"),
        pytest.param({**API, "web/Dockerfile": "FROM a\nCOPY api web /b/\n"}, {**SIZES, "web/b": 9_000}, id="little"),
        pytest.param({**API, **WEB}, {**SIZES, "api/a": 20, "web/b": 4_000}, id="less than `least`"),
        pytest.param(
            {**API, "web/Dockerfile": "FROM a\nCOPY api other web /b/\n"},
            {**SIZES, "other": 0},
            id="a sibling takes all there is by name",
        ),
    ],
)
def test_there_is_one_file_for_all_where_files_of_their_own_are_not_worth_it(
    files: dict[str, str], sizes: dict[str, int]
) -> None:
    assert ignore_files(written(files, sizes)) <= {PATH}


@pytest.mark.parametrize("common", ["**/*.log", "\ufeff**/*.log\n", "x\r\n**/*.log\r\n", "other\n!other/x\n**/*.log\n"])
def test_what_the_common_file_says_is_repeated_and_what_it_keeps_out_stays_out(common: str) -> None:
    sizes = {**SIZES, "api/x.log": 10}
    after = written({**API, **WEB, PATH: common}, sizes, Level.SAFE)
    assert ignore_files(after) == {*OWN, PATH}
    assert after[PATH] == common
    for name in OWN:
        text = after[name].encode()
        assert common.removeprefix("\ufeff").rstrip("\n") in after[name]
        assert Ignore.parse(text).ignores("api/x.log")
        assert Ignore.parse(text).ignores("web/later.log")
    assert written(after, sizes, Level.SAFE) == after


def test_exceptions_of_the_common_file_count_on_so_that_it_stays_where_they_name_everything() -> None:
    files = {**API, **WEB, PATH: "*\n!api\n!web\n"}
    assert written(files, SIZES, Level.SAFE) == files


@pytest.mark.parametrize("builder", ["buildah", "kaniko", "legacy"])
def test_other_builders_have_one_file_for_all(builder: str) -> None:
    outcomes = outcomes_of({**API, **WEB}, SIZES, Options(level=Level.SAFE, builder=builder))
    assert [list(outcome.files) for outcome in outcomes] == [[PATH], [], []]


def test_no_sibling_copies_the_new_files() -> None:
    sizes = {"api/a": 20_000, "web/b": 90_000, "junk": 20_000}
    files = {**API, "web/Dockerfile": "FROM a\nCOPY web api/* /app\n"}
    after = written(files, {**sizes, "web/c": 90_000}, Level.SAFE)
    assert ignore_files(after) == OWN
    assert all(Ignore.parse(after["web/Dockerfile.dockerignore"].encode()).ignores(name) for name in OWN)


def test_the_validator_asks_for_what_the_common_file_keeps_out_today() -> None:
    (common,) = views({**API, **WEB, PATH: "**/*.log\n"}, {**SIZES, "api/x.log": 10})
    own, _ = parts(common)
    assert own.path == "api/Dockerfile.dockerignore"
    wrong = moved(own, (Edit(0, 0, b"*\n!api\n"),), (NarrowContext(()),))
    assert wrong == ("api/x.log would be sent, which is not today",)
    assert "names api, which would be lost" in "; ".join(moved(own, (Edit(0, 0, b"api\n**/*.log\n"),), ()))


def test_a_common_file_that_fails_the_build_is_told_once() -> None:
    outcomes = outcomes_of({**API, **WEB, PATH: "[\n"}, SIZES, Options())
    assert [(len(outcome.skipped), outcome.steps) for outcome in outcomes] == [(1, ())]


NAMES = "a b src node_modules .git x.log".split()
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
copies = st.one_of(
    paths.map(lambda path: f"COPY {path} /x/"),
    paths.map(lambda path: f"ADD {path}* /x/"),
    paths.map(lambda path: f"COPY --exclude=*.log {path} /x/"),
    paths.map(lambda path: f"RUN --mount=type=bind,source={path},target=/y make"),
)
instructions = st.lists(copies, min_size=1, max_size=3)
ignore_lines = st.one_of(paths, paths.map("!{}".format), st.sampled_from(["*", "**/a", "!src", "**/*.log", "# note"]))


@settings(max_examples=300, deadline=None)
@given(st.sets(paths, min_size=2, max_size=12), st.lists(instructions, min_size=2, max_size=3), st.lists(ignore_lines))
# The common file, once it is there, is what one of the others keeps out.
@example({"a/node_modules", "src/a"}, [["COPY a /x/"], ["COPY a /x/", "COPY src /x/"]], [])
def test_what_the_sources_of_each_take_is_the_same_before_and_after(
    files: set[str], dockerfiles: list[list[str]], ignored: list[str]
) -> None:
    leaves = {path for path in files if not any(other.startswith(path + "/") for other in files)}
    given = {f"src/{n}.Dockerfile": "\n".join(["FROM a", *lines, ""]) for n, lines in enumerate(dockerfiles)}
    given |= {PATH: "\n".join(ignored)} if ignored else {}
    sizes = dict.fromkeys((path for path in leaves if path != "src"), 20_000)
    for level in (Level.REVIEW, Level.SAFE):
        after = written(given, sizes, level)
        assert written(after, sizes, level) == after
    new = dict.fromkeys(ignore_files(after), b"")
    entries = texts({name: text.encode() for name, text in given.items()} | new, sizes).entries
    for name in given.keys() - {PATH}:
        was = Ignore.parse(given.get(PATH, "").encode())
        now = Ignore.parse(after.get(f"{name}.dockerignore", after.get(PATH, "")).encode())
        left, before = now.left(entries), was.left(entries)
        for source in sources(Facts.read(name, given[name].encode())):
            assert was.ignores(sample(source)) or not now.ignores(sample(source)), source
            taken = {path for path in before if takes(source, path) and path not in new}
            assert taken == {path for path in left if takes(source, path)}, source


# On the command line.

COMPOSE = "services:\n  a:\n    build: {context: ., dockerfile: api/Dockerfile}\n"
INLINE = (
    "services:\n  b:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM a\n        COPY other /x\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, size in SIZES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x" * size)
    for name, text in {**API, **WEB}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".dockfix.toml").write_text("[transforms.write-dockerignore]\nown_files = true\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def written_in(folder: Path, *arguments: str | bytes) -> set[str]:
    """The ignore files that are there once all that is safe has been written."""
    dockfix(folder, "--write", "--only", "write-dockerignore", *arguments)
    return {name for name in files_below(folder) if name.endswith(".dockerignore")}


def test_the_files_are_written_and_a_second_run_finds_nothing(folder: Path) -> None:
    assert written_in(folder) == OWN
    ended = dockfix(folder, "--only", "write-dockerignore", "--level", "review", "-v")
    assert (ended.status, ended.out) == (0, b"")


@pytest.mark.parametrize("command", ["context", "cache"])
def test_the_ledgers_show_each_dockerfile_with_its_file(command: str, folder: Path) -> None:
    shown = dockfix(folder, command).out.decode()
    for name in (*API, *WEB):
        assert shown.count(f"the build context of {name} (" if command == "context" else f"{name}, built in .") == 1
    assert shown.count("ignore file: ") == (2 if command == "context" else 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("compose.yaml", INLINE, id="one is inside of a Compose file"),
        pytest.param("Dockerfile.j2", "FROM a\nCOPY other /x\n", id="one is a template"),
        pytest.param("web/compose.yaml", "services: {w: {build: .}}\n", id="one is built in its own folder, too"),
        pytest.param(
            "compose.yaml",
            COMPOSE + "  b:\n    build: {context: web, dockerfile: ../api/Dockerfile}\n",
            id="one has two contexts",
        ),
        pytest.param(".dockfix.toml", 'builder = "buildah"\n', id="another builder"),
    ],
)
def test_there_is_no_file_of_its_own_where_that_might_count_for_something_else(
    name: str, text: str, folder: Path
) -> None:
    (folder / name).write_text(text)
    assert written_in(folder, "api", "web") & OWN == set()

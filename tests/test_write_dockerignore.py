"""write-dockerignore: its examples, people's own files, and that what it claims to keep is kept."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from command import dockfix, git
from fences import ContextFence, context_fences
from hypothesis import given, settings, strategies as st

from dockfix.adapters.context import texts
from dockfix.adapters.discovery import is_dockerfile
from dockfix.engine.change import Level, Outcome
from dockfix.engine.context_run import rewrite_context, with_own
from dockfix.engine.licences import NarrowContext
from dockfix.engine.options import Options
from dockfix.engine.registry import ContextTransform, doc_of, transforms
from dockfix.engine.validate_context import moved
from dockfix.model.facts import Facts
from dockfix.model.ignore import Ignore
from dockfix.model.sources import sample, sources, takes
from dockfix.model.together import Together, files
from dockfix.syntax.edit import Edit

ONE = transforms()["write-dockerignore"]
EXAMPLES = list(context_fences(doc_of(ONE)))
PATH = ".dockerignore"

each_example = pytest.mark.parametrize("fence", EXAMPLES, ids=[fence.says for fence in EXAMPLES])


def together(given: dict[str, str], sizes: dict[str, int], ignore_file: str | None) -> Together:
    """The context of these texts and of files of which only the size counts."""
    known = {name: text.encode() for name, text in given.items()}
    if ignore_file is not None:
        known[PATH] = ignore_file.encode()
    context = texts(known, {path: size for path, size in sizes.items() if path not in known})
    dockerfiles = {name: text for name, text in known.items() if "Dockerfile" in name}
    return Together(context, PATH, known.get(PATH), dockerfiles, {})


def run(view: Together, level: Level = Level.REVIEW) -> Outcome:
    return rewrite_context(view, options=Options(level=level), known=transforms())


def views(given: dict[str, str], sizes: dict[str, int]) -> list[Together]:
    """The common ignore file of the context, and those of Dockerfiles' own that are there, as the front end finds them."""
    known = {name: text.encode() for name, text in given.items() if text}
    context = texts(known, sizes)
    dockerfiles = {name: text for name, text in known.items() if is_dockerfile(name.rpartition("/")[2])}
    own = {name: f"{name}.dockerignore" for name in dockerfiles}
    sharing = {name: text for name, text in dockerfiles.items() if own[name] not in known}
    several = {name: own[name] for name in sharing} if len(sharing) > 1 else {}
    common = Together(context, PATH, known.get(PATH), sharing, {}, own=several)
    alone = (
        Together(context, own[n], known[own[n]], {n: dockerfiles[n]}, {}) for n in dockerfiles.keys() - sharing.keys()
    )
    return [*([common] if sharing else []), *alone]


def outcomes_of(given: dict[str, str], sizes: dict[str, int], options: Options) -> list[Outcome]:
    """The outcomes of all ignore files, also of those that are not there yet."""

    def rewritten(view: Together) -> Outcome:
        own = {**options.settings, "write-dockerignore": {"own_files": True}}
        return rewrite_context(view, options=options._replace(settings=own), known=transforms())

    return [outcome for view in views(given, sizes) for _, outcome in with_own(view, rewritten)]


def written(given: dict[str, str], sizes: dict[str, int], level: Level = Level.REVIEW) -> dict[str, str]:
    """All files once the ignore files have been written."""
    outcomes = outcomes_of(given, sizes, Options(level=level))
    assert [outcome.errors for outcome in outcomes if outcome.errors] == []
    return given | {path: text.decode() for outcome in outcomes for path, text in outcome.files.items()}


def test_it_is_a_transform_of_contexts_with_examples() -> None:
    assert isinstance(ONE, ContextTransform)
    assert len(EXAMPLES) >= 4
    assert any(fence.left_alone for fence in EXAMPLES)


@each_example
def test_the_example_comes_out_exactly(fence: ContextFence) -> None:
    assert written(fence.before, fence.files) == fence.after


@each_example
def test_a_second_run_changes_nothing(fence: ContextFence) -> None:
    outcomes = outcomes_of(fence.after, fence.files, Options(level=Level.REVIEW))
    assert [(outcome.steps, outcome.held_back) for outcome in outcomes] == [((), ())] * len(outcomes)


@each_example
def test_validation_is_never_the_reason(fence: ContextFence) -> None:
    outcomes = outcomes_of(fence.before, fence.files, Options(level=Level.REVIEW))
    skips = [skip for outcome in outcomes for skip in outcome.skipped]
    assert [skip for skip in skips if skip.reason.startswith("validation")] == []


# People's own files.

_PROJECTS = Path(__file__).parent.parent.parent / "shared/corpus/projects"
NAMES = """WebGoat__WebGoat btcpayserver__btcpayserver ether__etherpad-lite getredash__redash gogs__gogs
    rubygems__rubygems.org""".split()
# What stands in a folder somebody works in, tracked by nobody: bytes by path.
PLANTED = {
    ".git/HEAD": 23,
    ".git/config": 300,
    ".git/objects/pack/pack-1.pack": 40_000_000,
    ".git/index": 200_000,
    ".git/refs/heads/main": 41,
    "node_modules/react/index.js": 30_000_000,
    ".venv/lib/python3.12/site-packages/x.py": 20_000_000,
    ".venv/pyvenv.cfg": 100,
    "dist/app.js": 2_000_000,
    "build/out.o": 2_000_000,
    ".idea/workspace.xml": 40_000,
    ".vscode/settings.json": 500,
    ".DS_Store": 6_148,
    "__pycache__/a.cpython-312.pyc": 5_000,
    "coverage/lcov.info": 300_000,
    "app.log": 100_000,
}
needs_projects = pytest.mark.skipif(not _PROJECTS.exists(), reason="the projects are not beside (../shared/corpus)")
each_project = pytest.mark.parametrize("name", NAMES)


def project(name: str) -> tuple[Together, Ignore]:
    """A project without its ignore file, with what is planted; and the rules of that file."""
    told = json.loads(gzip.decompress((_PROJECTS / f"{name}.json.gz").read_bytes()))
    human = told["texts"].pop(told["dockerignore"])
    known: dict[str, str] = told["texts"]
    sizes = {file["path"]: file["size"] or 0 for file in told["files"]}
    sizes.pop(told["dockerignore"], None)
    view = together(known, {**sizes, **PLANTED}, None)
    there = [f for f in view.of(files) if f.path == told["dockerfile"] or is_built_here(f, view)]
    built = {facts.path: facts.source.text for facts in there}
    return Together(view.context, PATH, None, built, {}), Ignore.parse(human.encode())


def is_built_here(facts: Facts, view: Together) -> bool:
    return not facts.problems and all(s.pattern in view.context.entries for s in sources(facts) if s.exact)


@needs_projects
@each_project
def test_at_level_safe_no_source_of_a_project_loses_anything(name: str) -> None:
    view, _ = project(name)
    outcome = run(view, Level.SAFE)
    assert_nothing_is_lost(view, outcome.files.get(PATH, b""))


def assert_nothing_is_lost(view: Together, text: bytes) -> None:
    """Path by path: no source names what is ignored, and none takes it."""
    rules = Ignore.parse(text)
    left = rules.left(view.context.entries)
    for source in (source for facts in view.of(files) for source in sources(facts)):
        assert not rules.ignores(sample(source)), source
        assert [p for p in view.context.entries if takes(source, p) and p not in left] == [], source


@needs_projects
@each_project
def test_at_level_review_nine_tenths_of_what_people_keep_out_is_kept_out(name: str) -> None:
    view, human = project(name)
    outcome = run(view)
    mine = Ignore.parse(outcome.files[PATH]).left(view.context.entries)
    theirs = human.left(view.context.entries)
    out = {path: entry.size for path, entry in view.context.entries.items() if path not in theirs}
    assert sum(size for path, size in out.items() if path not in mine) >= 0.9 * sum(out.values())
    for facts in view.of(files):
        for source in sources(facts):
            assert not Ignore.parse(outcome.files[PATH]).ignores(sample(source)), source


@needs_projects
@each_project
def test_each_path_that_a_copy_of_a_project_loses_is_named_in_the_licence(name: str) -> None:
    view, _ = project(name)
    outcome = run(view)
    left = Ignore.parse(outcome.files[PATH]).left(view.context.entries)
    named = {
        path for step in outcome.steps for may in step.change.may if isinstance(may, NarrowContext) for path in may.lost
    }
    taken = [s for facts in view.of(files) for s in sources(facts)]
    lost = [p for p in view.context.entries if p not in left and any(takes(source, p) for source in taken)]
    assert [p for p in lost if not any(p == root or p.startswith(root + "/") for root in named)] == []


# Contexts made up.

PARTS = "a b src node_modules .git .env tests README.md dist x.log Dockerfile .gitignore venv".split()
paths = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("/".join)
copies = st.one_of(
    st.just("COPY . /app"),
    st.just("COPY * /app/"),
    st.just("RUN --mount=type=bind,target=/src make"),
    st.just("ONBUILD COPY . /app"),
    paths.map(lambda path: f"COPY {path} /x/"),
    paths.map(lambda path: f"ADD {path}* /x/"),
    paths.map(lambda path: f"COPY --exclude=*.log {path} /x/"),
    paths.map(lambda path: f"RUN --mount=type=bind,source={path},target=/y make"),
    st.just("ARG A=src\nCOPY $A /x"),
)
ignore_lines = st.one_of(paths, paths.map("!{}".format), st.sampled_from(["*", "**/a", "!src", "**/*.log", "# note"]))


@settings(max_examples=400, deadline=None)
@given(
    st.sets(paths, max_size=12),
    st.lists(copies, min_size=1, max_size=4),
    st.none() | st.lists(ignore_lines, max_size=4),
    st.lists(ignore_lines, max_size=3),
)
def test_what_is_said_to_be_kept_is_kept_in_any_context(
    files: set[str], instructions: list[str], ignored: list[str] | None, gitignored: list[str]
) -> None:
    """Every claim against an evaluation path by path: at safe nothing is lost, at review what is lost is named."""
    dockerfile = "\n".join(["FROM a", *instructions, ""])
    leaves = {path for path in files if not any(other.startswith(path + "/") for other in files)}
    known = {"Dockerfile": dockerfile, ".gitignore": "\n".join(gitignored)}
    leaves = {p for p in leaves if p.split("/")[0] not in known}
    view = together(known, dict.fromkeys(leaves, 20_000), None if ignored is None else "\n".join(ignored))
    for level in (Level.SAFE, Level.REVIEW):
        outcome = run(view, level)
        assert outcome.errors == ()
        assert [skip for skip in outcome.skipped if skip.reason.startswith("validation")] == []
        assert_claims_hold(view, outcome)
        after = view.with_text(outcome.files[PATH]) if PATH in outcome.files else view
        assert run(after, level).steps == ()


def assert_claims_hold(view: Together, outcome: Outcome) -> None:
    before = Ignore.parse(view.text or b"")
    after = Ignore.parse(outcome.files.get(PATH, b""))
    left = after.left(view.context.entries)
    named = {
        path for step in outcome.steps for may in step.change.may if isinstance(may, NarrowContext) for path in may.lost
    }
    for source in (source for facts in view.of(files) for source in sources(facts)):
        assert before.ignores(sample(source)) or not after.ignores(sample(source)), source
        for path in view.context.entries:
            if takes(source, path) and path not in left and not before.ignores(path):
                assert any(path == root or path.startswith(root + "/") for root in named), (source, path)
    if not any(step.change.level is Level.REVIEW for step in outcome.steps):
        assert named == set()


@pytest.mark.parametrize(
    ("addition", "lost", "reason"),
    [
        (b"a\n", (), "names a"),
        (b"src\n", (), "src/x is copied today"),
        (b"src\n", ("other",), "src/x is copied today"),
        (b"[\n", (), "would reject"),
    ],
)
def test_the_validator_rejects_a_file_that_takes_more_than_it_may(
    addition: bytes, lost: tuple[str, ...], reason: str
) -> None:
    dockerfile = "FROM b\nCOPY a /x\nCOPY . /y\n"
    view = together({"Dockerfile": dockerfile}, {"a": 1, "src/x": 1}, "")
    assert reason in "; ".join(moved(view, (Edit(0, 0, addition),), (NarrowContext(lost),)))


def test_the_validator_accepts_what_its_licence_names() -> None:
    view = together({"Dockerfile": "FROM b\nCOPY . /y\n"}, {"src/x": 1, "src/y": 1}, "")
    assert moved(view, (Edit(0, 0, b"src\n"),), (NarrowContext(("src",)),)) == ()


def test_the_validator_rejects_what_lets_something_in() -> None:
    view = together({"Dockerfile": "FROM b\nCOPY . /y\n"}, {"secret": 1}, "secret\n")
    assert "secret would be sent" in "; ".join(moved(view, (Edit(7, 7, b"!secret\n"),), ()))


@pytest.mark.parametrize(
    ("taken", "links", "kept"),
    [
        ("link", {"link": "real/file"}, "real/file"),
        ("deep/link", {"deep/link": "../real/file"}, "real/file"),
        ("deep/link", {"deep/link": "/real/file"}, "real/file"),
        ("folder/file", {"folder": "real"}, "real/file"),
        ("lin*", {"link": "real/file"}, "real/file"),
        ("one", {"one": "two", "two": "real"}, "real/file"),
        ("ring", {"ring": "other", "other": "ring"}, "ring"),
    ],
)
def test_what_a_link_that_is_copied_leads_to_is_sent(taken: str, links: dict[str, str], kept: str) -> None:
    context = texts({}, {"real/file": 20_000, "junk": 20_000}, links=links)
    view = Together(context, PATH, None, {"Dockerfile": f"FROM a\nCOPY {taken} /x\n".encode()}, {})
    left = Ignore.parse(run(view, Level.SAFE).files[PATH]).left(context.entries)
    assert kept in left
    assert "junk" not in left


# On the command line.


def folder_of(tmp_path: Path, copy: str) -> Path:
    for name, size in {"src/a.js": 10, "node_modules/b.js": 50_000, "package.json": 2}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x" * size)
    (tmp_path / "Dockerfile").write_text(f"FROM node:22\n{copy}\nRUN npm ci && npm cache clean --force\n")
    return tmp_path


def test_a_safe_file_is_written_unasked_and_a_second_run_finds_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY package.json src /app/")
    ended = dockfix(folder, "--write")
    assert ended.status == 1
    assert (folder / PATH).read_text().splitlines()[1:] == ["*", "!package.json", "!src"]
    assert dockfix(folder, "--diff").status == 0


def test_a_file_for_review_is_held_back_by_write_and_made_at_level_review(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    assert "1 held back (review: 1)" in dockfix(folder, "--write").err
    assert not (folder / PATH).exists()
    dockfix(folder, "--write", "--level", "review")
    assert "**/node_modules" in (folder / PATH).read_text().splitlines()


@pytest.mark.parametrize("arguments", [("--no-context",), ("--skip", "write-dockerignore"), ("--only", "merge-runs")])
def test_nobody_looks_at_the_context_who_is_told_not_to(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert dockfix(folder_of(tmp_path, "COPY . /app/"), "--diff", *arguments).out == b""


def test_the_diff_is_one_that_git_applies(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    diff = dockfix(folder, "--diff").out
    subprocess.run(["git", "apply", "-"], cwd=folder, input=diff, check=True)
    assert dockfix(folder, "--diff").out == b""


@pytest.mark.parametrize(("answer", "made"), [(b"y\n", True), (b"n\n", False), (b"", False)])
def test_who_is_asked_decides(answer: bytes, made: bool, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    assert b"+**/node_modules" in dockfix(folder, "--interactive", text=answer).out
    assert (folder / PATH).exists() is made


def test_an_ignore_file_that_cannot_be_read_is_an_error_in_one_sentence(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    (folder / PATH).mkdir()
    ended = dockfix(folder, "--diff")
    assert ended.status == 2
    assert ended.err.splitlines()[0] == f"{PATH}: error: a folder, not a file"


def test_an_ignore_file_that_fails_the_build_is_left_alone_and_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    (folder / PATH).write_text("a\n[\n")
    ended = dockfix(folder, "-v")
    assert "left alone: write-dockerignore: the build fails at its line 2" in ended.err


def test_the_context_is_the_one_that_is_given_or_named_or_has_all_that_is_copied(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    folder_of(tmp_path, "RUN true")
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/Dockerfile").write_text("FROM node:22\nCOPY src /app\n")
    (tmp_path / "web/src").mkdir(parents=True)

    def chosen(*arguments: str) -> tuple[str, str]:
        (told,) = json.loads(dockfix(tmp_path, "context", "docker/Dockerfile", "--format", "json", *arguments).out)[
            "contexts"
        ]
        return told["folder"], told["chosen"]

    assert chosen() == (".", "the nearest folder with all that is copied")
    (tmp_path / "compose.yaml").write_text(
        "services:\n  a:\n    build: {context: web, dockerfile: ../docker/Dockerfile}\n"
    )
    assert chosen() == ("web", "compose.yaml:3")
    assert chosen("--context", "docker") == ("docker", "--context")


ONE_COPY = "FROM alpine\nCOPY a.txt /x\n"
OTHER = "FROM alpine\nCOPY b.txt /x\n"
COMPOSE = "services:\n  dev:\n    build:\n      context: .\n"
BAKE = 'target "d" {\n  context = "."\n  contexts = {src = "."}\n}\n'


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"Dockerfile": ONE_COPY, "Dockerfile-dev": OTHER}, id="a Dockerfile by another name"),
        pytest.param({"Dockerfile": ONE_COPY, "Dockerfile.j2": OTHER}, id="a template"),
        pytest.param({"Dockerfile": ONE_COPY, "vendor/Dockerfile": OTHER}, id="a Dockerfile further down"),
        pytest.param(
            {"Dockerfile": ONE_COPY, "compose.yaml": f"{COMPOSE}      dockerfile: dev\n", "dev": OTHER},
            id="a Dockerfile that Compose names",
        ),
        pytest.param(
            {
                "Dockerfile": ONE_COPY,
                "compose.yaml": COMPOSE + "      dockerfile_inline: |\n        FROM a\n        COPY b.txt /x\n",
            },
            id="a Dockerfile inside of a Compose file",
        ),
        pytest.param(
            {"Dockerfile": ONE_COPY, "Dockerfile.prod": "FROM a\nCOPY b.txt not-yet-there /x\n"},
            id="a Dockerfile of which something is not there yet",
        ),
        pytest.param(
            {"Dockerfile": ONE_COPY, "Dockerfile.b": "FROM a\nINCLUDE x\nCOPY b.txt /x\n"},
            id="one that is not understood",
        ),
        pytest.param(
            {"Dockerfile": ONE_COPY + "COPY --from=src b.txt /x\n", "docker-bake.hcl": BAKE}, id="a named context"
        ),
        pytest.param({"Dockerfile": ONE_COPY + "ONBUILD COPY\tb.txt /x\n"}, id="ONBUILD with a tab"),
        pytest.param(
            {"Dockerfile": ONE_COPY + "RUN --mount=type=BIND,source=b.txt,target=/b true\n"}, id="a mount in capitals"
        ),
        pytest.param(
            {"Dockerfile": ONE_COPY, "docker/web.Dockerfile": "FROM a\nCOPY . /x\n"},
            id="a Dockerfile beside which there is nothing that it could copy",
        ),
        pytest.param({"Dockerfile": "FROM node:8-onbuild\nCOPY a.txt /x\n"}, id="a base with ONBUILD"),
        pytest.param({"Dockerfile": "FROM a\nARG N=a\nCOPY $N.txt /x\n"}, id="a build argument"),
        pytest.param({"Dockerfile": "FROM a\nCOPY --parents **/b.txt /x\n"}, id="all folders"),
    ],
)
def test_unasked_nothing_is_lost_that_somebody_else_takes(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in {"a.txt": "1", "b.txt": "2", "docs/manual": "x" * 50_000, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    dockfix(tmp_path, "--write", "--only", "write-dockerignore", "Dockerfile")
    text = (tmp_path / PATH).read_bytes() if (tmp_path / PATH).exists() else b""
    assert not Ignore.parse(text).ignores("b.txt")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        pytest.param("docker/web.Dockerfile", {PATH}, id="below the root: at the root"),
        pytest.param("deploy/docker/Dockerfile", set(), id="further below: nobody knows where"),
    ],
)
def test_a_dockerfile_in_a_folder_of_dockerfiles_alone_is_built_above(
    path: str, written: set[str], tmp_path: Path
) -> None:
    for name, text in {path: "FROM a\nCOPY . /x\n", f"{path}.old": "x" * 50_000, "deploy/a.txt": "1"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".git" / "pack").write_bytes(b"x" * 50_000)
    dockfix(tmp_path, "--write", "--level", "review", "--only", "write-dockerignore", path)
    assert {str(found.relative_to(tmp_path)) for found in tmp_path.rglob("*dockerignore")} == written


def test_a_dockerfile_that_copies_all_of_its_own_folder_is_built_there(tmp_path: Path) -> None:
    for name, text in {"Dockerfile": ONE_COPY, "web/Dockerfile": "FROM a\nCOPY . /x\n", "web/b.txt": "2"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "a.txt").write_text("1")
    (tmp_path / "manual").write_text("x" * 50_000)
    dockfix(tmp_path, "--write", "--only", "write-dockerignore", "Dockerfile")
    assert Ignore.parse((tmp_path / PATH).read_bytes()).ignores("manual")


def test_an_ignore_file_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "a", "COPY src /app/")
    (tmp_path / "common").write_text("x\n")
    (folder / PATH).symlink_to("../common")
    assert dockfix(folder, "--write", "--level", "review").status == 0
    assert (tmp_path / "common").read_text() == "x\n"


def test_unasked_no_pattern_is_written_that_a_copied_folder_may_match_one_day(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY src /app/")
    (folder / PATH).write_text("x\n")
    (folder / "app.log").write_text("x" * 50_000)
    dockfix(folder, "--write")
    assert not Ignore.parse((folder / PATH).read_bytes()).ignores("src/later.log")
    assert Ignore.parse((folder / PATH).read_bytes()).ignores("app.log")


def test_what_a_pattern_of_a_copy_matches_is_kept_though_it_looks_like_a_secret(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY package.json .npmrc* ./\nCOPY . .")
    (folder / ".npmrc").write_text("_authToken=1\n")
    dockfix(folder, "--write", "--level", "review")
    assert ".npmrc" in Ignore.parse((folder / PATH).read_bytes()).left(texts({".npmrc": b""}).entries)


def test_a_secret_that_a_copy_names_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY package.json .env* ./")
    (folder / ".env").write_text("A=1\n")
    said = ".dockerignore:1: warning: write-dockerignore: Dockerfile:2 takes .env*, which looks like a secret, into an image"
    for arguments in ((), ("-v",), ("--diff",), ("--write",)):
        ended = dockfix(folder, "--only", "write-dockerignore", *arguments)
        assert ended.err.splitlines().count(said) == 1
        assert ended.err.splitlines()[-1].endswith("; 1 warning")
    files = json.loads(dockfix(folder, "--only", "write-dockerignore", "--format", "json").out)["files"]
    assert [skip["warning"] for file in files for skip in file["skipped"]] == [True]


def test_a_secret_that_is_only_mounted_is_not_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY package.json .\nRUN --mount=type=bind,source=.env,target=/e . /e")
    (folder / ".env").write_text("A=1\n")
    assert "secret" not in dockfix(folder, "--only", "write-dockerignore", "-v").err


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"src/DockerfileParser.java": "x"}, "src/DockerfileParser.java"),
        ({"target/app.jar": "x" * 50_000, "pom.xml": ""}, "target/app.jar"),
        ({"docs/a": "x" * 50_000, "CMakeLists.txt": "add_subdirectory(docs)"}, "docs/a"),
        ({"tests/a": "x" * 50_000, "App.sln": "tests\\T\\T.csproj"}, "tests/a"),
        (
            {".husky/install.mjs": "x", "package.json": '{"scripts": {"prepare": "node .husky/install.mjs"}}'},
            ".husky/install.mjs",
        ),
        ({"tmp/pids/.keep": "", "config.ru": ""}, "tmp/pids/.keep"),
    ],
)
def test_what_the_image_may_need_is_kept_at_level_review(files: dict[str, str], kept: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    dockfix(folder, "--write", "--level", "review")
    assert not Ignore.parse((folder / PATH).read_bytes()).ignores(kept)


def test_what_git_keeps_of_such_a_kind_is_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "COPY . /app/")
    for name in (".env.production", "src/coverage/a.js", "a.gen"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    (folder / ".gitignore").write_text("*.gen\n/a.gen\nnode_modules\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], cwd=folder, check=True)
    subprocess.run([*git, "add", "-f", ".env.production", "src", "a.gen"], cwd=folder, check=True)
    dockfix(folder, "--write", "--level", "review")
    rules = Ignore.parse((folder / PATH).read_bytes())
    assert [name for name in (".env.production", "src/coverage/a.js", "a.gen") if rules.ignores(name)] == []
    assert rules.ignores("node_modules")

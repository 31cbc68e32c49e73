"""copy-then-delete: what it changes in each form, what it leaves alone, and what its witnesses let through."""

from __future__ import annotations

import pytest
from copy_cases import APPLICATION, COLLECTED, EXCLUDED, KEPT, MOUNTED, TOOLS, CopyCase

from dockfix.adapters.context import texts
from dockfix.engine.change import Level, Outcome
from dockfix.engine.licences import AddStage, ExcludeCopied, Licence, MountCopied
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.facts import Facts
from dockfix.syntax.edit import Edit

PATH = "Dockerfile"
CHANGED = (*MOUNTED, *COLLECTED, *EXCLUDED)


def run(text: str, case: CopyCase, level: Level = Level.REVIEW, builder: str = "buildkit") -> Outcome:
    context = None if case.files is None else texts(case.files)
    options = Options(only=frozenset({"copy-then-delete"}), level=level, builder=builder)
    return rewrite({PATH: text.encode()}, options=options, find_context=lambda *_: context)


@pytest.mark.parametrize("case", CHANGED, ids=[case.says for case in CHANGED])
def test_each_case_becomes_what_it_should(case: CopyCase) -> None:
    outcome = run(case.before, case)
    assert outcome.files[PATH].decode() == case.after
    assert outcome.errors == ()
    assert not any(skip.reason.startswith("validation") for skip in outcome.skipped)
    (step,) = outcome.steps
    assert step.change.level == (Level.REVIEW if case.look else Level.SAFE)
    assert case.look in step.change.why
    assert run(case.after, case).steps == ()


@pytest.mark.parametrize("case", KEPT, ids=[case.says for case in KEPT])
def test_each_of_these_stays_with_its_reason(case: CopyCase) -> None:
    outcome = run(case.before, case)
    assert outcome.files[PATH].decode() == case.before
    assert [skip.reason for skip in outcome.skipped] == ([case.why] if case.why else [])


@pytest.mark.parametrize("form", [MOUNTED, COLLECTED, EXCLUDED], ids=["mounted", "collected", "left out"])
def test_each_form_has_a_dozen_cases(form: tuple[CopyCase, ...]) -> None:
    assert len(form) >= 12


def test_buildah_gets_no_mounts_as_it_leaves_something_where_they_have_been() -> None:
    why = "buildah leaves an empty file or folder where the mount has been"
    for case in MOUNTED:
        outcome = run(case.before, case, builder="buildah")
        assert [skip.reason for skip in outcome.skipped] == ([why] if "--mount" in case.after else [])


@pytest.mark.parametrize("builder", ["legacy", "kaniko"])
def test_a_builder_without_mounts_gets_none(builder: str) -> None:
    outcome = run(MOUNTED[0].before, MOUNTED[0], builder=builder)
    assert [skip.reason for skip in outcome.skipped] == [f"the builder ({builder}) has no mounts"]


BASE = "FROM debian:bookworm-slim\n"
DEB = ((b"rm", b"/tmp/tool.deb"), ())
MOUNT = b"type=bind,source=tool.deb,target=/tmp/tool.deb"
MOUNTS = MountCopied((b"tool.deb /tmp/",), (MOUNT,), (DEB,))
USED = "COPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n"
RIGHT = f"RUN --mount={MOUNT.decode()} dpkg -i /tmp/tool.deb\n"


def judged(before: str, after: str, licence: Licence, files: dict[str, bytes]) -> tuple[str, ...]:
    facts = Facts.read(PATH, (BASE + before).encode(), look=lambda: texts(files))
    return moved(facts, [Edit(len(BASE), len(BASE + before), after.encode())], (licence,))


def test_the_witness_of_mounts_accepts_what_is_right() -> None:
    assert judged(USED, RIGHT, MOUNTS, TOOLS) == ()


@pytest.mark.parametrize(
    "after",
    [
        "RUN dpkg -i /tmp/tool.deb\n",
        RIGHT.replace("source=tool.deb", "source=install.sh"),
        RIGHT.replace("target=/tmp/tool.deb", "target=/tmp/other.deb"),
        RIGHT.replace(" dpkg", ",rw dpkg"),
        RIGHT.replace("dpkg -i", "dpkg -x"),
        RIGHT.rstrip("\n") + " && rm -rf /var\n",
        RIGHT + "RUN true\n",
        "COPY tool.deb /tmp/\n" + RIGHT,
        RIGHT.replace("RUN", "USER app\nRUN"),
        RIGHT.rstrip("\n") + "; true\n",
        "RUN true\n",
    ],
)
def test_the_witness_of_mounts_rejects(after: str) -> None:
    assert judged(USED, after, MOUNTS, TOOLS) != ()


@pytest.mark.parametrize(
    "before",
    [
        USED.replace("&& rm", "&& mv /tmp/tool.deb /srv/ && rm"),
        USED.replace("/tmp/", "/etc/"),
        USED.replace("RUN", "RUN ./other\nRUN"),
        USED.replace("COPY", "COPY --chown=1"),
        USED.replace("&& rm /tmp/tool.deb", ""),
    ],
)
def test_the_witness_of_mounts_rejects_what_is_not_known_to_pass_through(before: str) -> None:
    assert judged(before, RIGHT, MOUNTS, TOOLS) != ()


DOCS = ((b"rm", b"-rf", b"/app/docs"), ())
STAGE = AddStage("app-files", (b"/app/docs",), (DOCS,))
DELETED = "COPY . /app\nRUN rm -rf /app/docs\n"
NEW = "AS app-files\nCOPY . /app\nRUN rm -rf /app/docs\n\nFROM debian:bookworm-slim\nCOPY --from=app-files /app /app\n"


def judged_stage(after: str, licence: Licence = STAGE, before: str = DELETED) -> tuple[str, ...]:
    facts = Facts.read(PATH, (BASE + before).encode(), look=lambda: texts(APPLICATION))
    start = len(BASE) - 1
    return moved(facts, [Edit(start, len(BASE + before), b" " + after.encode())], (licence,))


def test_the_witness_of_a_stage_accepts_what_is_right() -> None:
    assert judged_stage(NEW) == ()


@pytest.mark.parametrize(
    "after",
    [
        NEW.replace("/app/docs", "/app/src"),
        NEW.replace("rm -rf /app/docs", "rm -rf /app/docs /app/src"),
        NEW.replace("RUN rm -rf /app/docs\n", ""),
        NEW.replace("FROM debian:bookworm-slim", "FROM debian:bullseye"),
        NEW.replace("COPY --from=app-files /app /app", "COPY --from=app-files /app /srv"),
        NEW.replace("COPY --from=app-files", "COPY --chown=1 --from=app-files"),
        NEW.replace("COPY . /app", "COPY --chmod=700 . /app"),
        NEW.replace("AS app-files\n", "AS app-files\nENV A=b\n"),
        NEW + "RUN true\n",
        NEW + "CMD true\n",
        NEW.replace("app-files", "other"),
    ],
)
def test_the_witness_of_a_stage_rejects(after: str) -> None:
    assert judged_stage(after) != ()


EXCLUDES = ExcludeCopied((b"docs",), (DOCS,))
SYNTAX = "# syntax=docker/dockerfile:1\nFROM debian:bookworm-slim\n"


@pytest.mark.parametrize(
    ("after", "is_right"),
    [
        ("COPY --exclude=docs . /app\n", True),
        ("COPY --exclude=src . /app\n", False),
        ("COPY --exclude=docs --exclude=src . /app\n", False),
        ("COPY --exclude=docs . /srv\n", False),
        ("COPY . /app\n", False),
        ("COPY --exclude=docs . /app\nRUN true\n", False),
        ("COPY --exclude=docs --chown=1 . /app\n", False),
    ],
)
def test_the_witness_of_exclude(after: str, is_right: bool) -> None:
    facts = Facts.read(PATH, (SYNTAX + DELETED).encode(), look=lambda: texts(APPLICATION))
    found = moved(facts, [Edit(len(SYNTAX), len(SYNTAX + DELETED), after.encode())], (EXCLUDES,))
    assert (found == ()) is is_right

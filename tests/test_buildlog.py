"""What engines print is read as steps; the lines are those of Docker 26.1 and buildah 1.39."""

from __future__ import annotations

from collections.abc import Iterator

from dockfix.verify.engines.buildlog import BuildahLog, DockerLog
from dockfix.verify.engines.recipe import StepRun

DOCKER = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from D2
#1 transferring dockerfile: 482B done
#1 DONE 0.0s

#4 [stage-1 1/4] FROM docker.io/library/debian:bookworm-slim
#4 DONE 0.0s

#7 [b 2/6] RUN echo a &&     echo "b   1"     && echo c | cat
#7 0.067 a
#7 0.067 b   1
#7 ...

#8 [b 3/6] COPY a.txt /a
#8 CACHED

#7 [b 2/6] RUN echo a &&     echo "b   1"     && echo c | cat
#7 0.069 #9 DONE 5.0s
#7 DONE 0.1s

#14 [stage-1 4/4] RUN --mount=type=cache,target=/root/.cache ls /d > /out; echo err >&2; sleep 1
#14 0.059 err
"""
BUILDAH = """\
[1/2] STEP 1/3: FROM debian:bookworm-slim AS b
[1/2] STEP 2/3: COPY a.txt /a.txt
--> Using cache b041586c32885
--> b041586c3288
[1/2] STEP 3/3: RUN echo a
a
--> 5e5bd735b90b
[2/2] STEP 1/2: FROM debian:bookworm-slim
[2/2] STEP 2/2: RUN apt-get update
Get:1 http://example.org/debian bookworm InRelease [151 kB]
"""


def ticks() -> Iterator[float]:
    """A clock that goes a second further whenever it is asked."""
    now = 0.0
    while True:
        yield now
        now += 1


def docker(text: str) -> DockerLog:
    log = DockerLog()
    for line in text.splitlines():
        log.hear(line)
    return log


def buildah(text: str) -> BuildahLog:
    clock = ticks()
    log = BuildahLog(lambda: next(clock))
    for line in text.splitlines():
        log.hear(line)
    return log


def test_docker_tells_each_step_once_with_its_time_or_that_it_was_cached() -> None:
    log = docker(DOCKER + "#14 DONE 1.1s\n")
    assert log.steps() == (
        StepRun('RUN echo a &&     echo "b   1"     && echo c | cat', 0.1),
        StepRun("COPY a.txt /a", None),
        StepRun("RUN --mount=type=cache,target=/root/.cache ls /d > /out; echo err >&2; sleep 1", 1.1),
    )


def test_docker_tells_the_step_that_runs() -> None:
    assert docker(DOCKER).current().startswith("RUN --mount=type=cache")
    assert docker(DOCKER + "#14 DONE 1.1s\n").current() == ""


def test_docker_tells_the_step_that_failed_with_what_it_printed() -> None:
    error = 'process "/bin/sh -c ls" did not complete successfully: exit code: 2'
    step, reason, lines = docker(f"{DOCKER}#14 ERROR: {error}\n------\n > [stage-1 4/4] RUN x:\n").failed()
    assert step.startswith("RUN --mount=type=cache")
    assert (reason, lines) == (error, ("err",))


def test_without_a_step_dockers_last_words_are_the_reason() -> None:
    text = "Dockerfile:1\n----\nERROR: failed to solve: failed to parse stage name: invalid reference format\n"
    step, reason, lines = docker(text).failed()
    assert (step, reason) == ("", "failed to solve: failed to parse stage name: invalid reference format")
    assert lines[0] == "Dockerfile:1"


def test_colours_are_not_part_of_a_line() -> None:
    log = docker("\x1b[34m#7 [2/2] RUN x\x1b[0m\n#7 \x1b[32mDONE\x1b[0m 0.5s\n")
    assert log.steps() == (StepRun("RUN x", 0.5),)


def test_buildah_tells_each_step_with_its_time_or_that_it_was_cached() -> None:
    log = buildah(BUILDAH + "COMMIT localhost/x\n")
    assert log.steps() == (
        StepRun("COPY a.txt /a.txt", None),
        StepRun("RUN echo a", 1.0),
        StepRun("RUN apt-get update", 1.0),
    )


def test_buildah_tells_the_step_that_runs_and_that_failed() -> None:
    log = buildah(BUILDAH)
    assert log.current() == "RUN apt-get update"
    log.hear('Error: building at STEP "RUN apt-get update": while running runtime: exit status 100')
    assert log.failed() == (
        "RUN apt-get update",
        'building at STEP "RUN apt-get update": while running runtime: exit status 100',
        ("Get:1 http://example.org/debian bookworm InRelease [151 kB]",),
    )


def test_only_the_last_lines_of_a_long_output_are_kept() -> None:
    log = docker("#7 [2/2] RUN x\n" + "".join(f"#7 {n}.1 line {n}\n" for n in range(10_000)) + "#7 ERROR: x\n")
    assert log.failed()[2] == tuple(f"line {n}" for n in range(9_980, 10_000))

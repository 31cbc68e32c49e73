"""`dockfix cache --seconds`: what a build took for its steps counts in the place of the table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import dockfix

from dockfix.model.costs import COMPILE, COPY, INSTALL, OTHER
from dockfix.model.facts import Facts
from dockfix.model.measured import Prices, heard, prices

# A Dockerfile, and how Docker 28.2 called its steps; each took as many seconds as its number here.
DOCKERFILE = rb"""FROM debian:bookworm-slim AS b
ARG V=1
ENV D=/data
RUN echo a && \
    # a comment
    echo "b   1" \
    && echo 'c\n' | cat
run echo $V "$D" ${HOME} $UNSET "${V:-x}" \$D
WORKDIR $D
COPY a.txt $D/
COPY --chown=1:1 a.txt \
  /x
RUN <<EOF
echo h
echo i
EOF
RUN <<EOF cat > /y
one
EOF
RUN --mount=type=cache,target=/root/.cache \
  ls /d; true
RUN ["echo", "x"]
COPY <<EOF /z
hello
EOF
ADD a.txt /q/
RUN echo "	tab"	'q' \"q\"
FROM debian:bookworm-slim
COPY --from=b /x /x
RUN sleep 1
"""
SAID = r"""RUN echo a &&     echo "b   1"     && echo 'c\n' | cat
RUN echo 1 "/data" ${HOME} $UNSET "1" $D
WORKDIR /data
COPY a.txt /data/
COPY --chown=1:1 a.txt   /x
RUN <<EOF (echo h...)
RUN <<EOF cat > /y
RUN --mount=type=cache,target=/root/.cache   ls /d; true
RUN ["echo", "x"]
COPY <<EOF /z
ADD a.txt /q/
RUN echo "	tab"	'q' "q"
COPY --from=b /x /x
RUN sleep 1
""".splitlines()


def priced(log: dict[str, float], *texts: str) -> Prices:
    """The prices of the last of some versions."""
    return prices([Facts.read("Dockerfile", f"FROM a\n{text}\n".encode()) for text in texts], heard(log.items()))


def test_each_step_is_found_by_the_text_that_docker_gives_it() -> None:
    facts = Facts.read("Dockerfile", DOCKERFILE)
    found = prices([facts], heard((text, float(number)) for number, text in enumerate(SAID, 1)))
    in_order = [found.seconds[index] for index in sorted(found.measured)]
    assert in_order == [float(number) for number in range(1, len(SAID) + 1)]
    assert {facts.instructions[i].keyword for i, cost in enumerate(found.seconds) if not cost} == {"FROM", "ARG", "ENV"}


def test_what_was_not_measured_has_the_seconds_of_the_table() -> None:
    found = priced({"COPY a /b": 0.5}, "COPY a /b\nCOPY c /d\nRUN npm ci\nRUN echo a")
    assert (found.seconds, found.measured) == ((0.0, 0.5, COPY, INSTALL, OTHER), {1})


def test_what_was_measured_several_times_has_the_mean() -> None:
    log = [("RUN a", 1.0), ("RUN  a", 3.0)]
    facts = Facts.read("Dockerfile", b"FROM a\nRUN a\n")
    assert prices([facts], heard(log)).seconds == (0.0, 2.0)


@pytest.mark.parametrize(
    ("instructions", "said", "is_found"),
    [
        ("ARG V=1\nRUN make V=$V all", "RUN make V=2 all", True),
        ("RUN make V=$BASE_VERSION all", "RUN make V=2 all", True),
        ("RUN make V=$BASE_VERSION all", "RUN make V=2 one", False),
        ("ENV V=1\nRUN make V=$V all", "RUN make V=2 all", False),
        ("RUN a", "RUN a b", False),
    ],
)
def test_a_variable_that_the_file_does_not_set_stands_for_any_text(
    instructions: str, said: str, is_found: bool
) -> None:
    assert bool(priced({said: 1.0}, instructions).measured) is is_found


def test_a_variable_stands_for_nothing_where_two_steps_may_be_meant() -> None:
    log = {"RUN make 2 all": 1.0, "RUN make 3 all": 9.0}
    assert priced(log, "ARG V\nRUN make $V all\nRUN make 3 all").measured == {3}


def test_a_step_that_a_change_made_of_others_has_their_sum() -> None:
    before, after = "COPY a /b\nRUN a\nRUN b", "COPY a /b\nRUN a && b"
    found = priced({"RUN a": 1.5, "RUN b": 2.0}, before, after)
    assert (found.seconds, found.measured, found.sums) == ((0.0, COPY, 3.5), frozenset(), {2})


def test_a_step_that_was_made_of_some_that_were_measured_has_the_table_for_the_rest_and_counts_as_not_measured() -> (
    None
):
    found = priced({"RUN a": 1.5}, "RUN a\nRUN make", "RUN a && make", "RUN a && make && rm x")
    assert (found.seconds, found.measured, found.sums) == ((0.0, 1.5 + COMPILE), frozenset(), frozenset())


def test_a_step_of_the_rewritten_file_that_was_measured_has_what_it_took() -> None:
    found = priced({"RUN a": 1.5, "RUN b": 2.0, "RUN a && b": 3.0}, "RUN a\nRUN b", "RUN a && b")
    assert (found.seconds, found.measured, found.sums) == ((0.0, 3.0), {1}, frozenset())


def test_nothing_is_summed_where_one_change_writes_two_steps_anew() -> None:
    found = priced({"RUN a": 1.5, "RUN b": 2.0}, "RUN a\nRUN b", "RUN x\nRUN y")
    assert (found.seconds, found.measured, found.sums) == ((0.0, OTHER, OTHER), frozenset(), frozenset())


def test_a_step_that_only_moves_keeps_its_seconds() -> None:
    found = priced({"RUN a": 1.5, "COPY b /c": 2.0}, "COPY b /c\nRUN a", "RUN a\nCOPY b /c")
    assert (found.seconds, found.measured) == ((0.0, 1.5, 2.0), {1, 2})


# On the command line.

LOG = """#6 [2/4] COPY package.json /app/
#6 DONE 0.1s

#7 [3/4] RUN cd /app && npm install
#7 0.412 added 312 packages
#7 DONE 41.7s

#8 [4/4] RUN cd /app && npm run build
#8 CANCELED
"""
VERIFIED = {
    "version": 1,
    "rebuild": {
        "path": "package.json",
        "before": [
            {"step": "COPY package.json /app/", "seconds": 0.1},
            {"step": "RUN cd /app && npm install", "seconds": 40},
        ],
        "after": [{"step": "RUN cd /app && npm install", "seconds": 50.0}],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "Dockerfile").write_text(
        "FROM node:22\nCOPY package.json /app/\nRUN cd /app && npm install\nRUN cd /app && npm run build\n"
    )
    (tmp_path / "build.log").write_text(LOG)
    (tmp_path / "verified.json").write_text(json.dumps(VERIFIED))
    return tmp_path


def test_the_table_has_seconds_and_names_what_was_not_measured(folder: Path) -> None:
    ended = dockfix(folder, "cache", "--seconds", "build.log")
    lines = ended.out.decode().splitlines()
    assert (
        lines[1] == "today: 2 of 3 steps that run again were measured; line 4: not (wholly) measured, so by the table"
    )
    assert lines[2].startswith("after: 1 of 2 steps that run again were measured; line 3: not (wholly) measured")
    assert lines[4].split() == ["changed", "seconds", "after"]
    assert ["package.json", "101.8", "101.8"] in [line.split()[:3] for line in lines]


def test_json_says_where_the_seconds_come_from(folder: Path) -> None:
    options = ("--seconds", "build.log", "--seconds", "verified.json", "--format", "json")
    (told,) = json.loads(dockfix(folder, "cache", *options).out)["dockerfiles"]
    assert told["today"]["seconds"] == {"measured": [2, 3], "sums": [], "table": [4]}
    # The mean of 41.7, 40 and 50 for the install.
    assert told["today"]["changed"][0]["cost"] == pytest.approx(0.1 + 43.9 + COMPILE)
    (table,) = json.loads(dockfix(folder, "cache", "--format", "json").out)["dockerfiles"]
    assert (table["today"]["seconds"], table["today"]["changed"][0]["cost"]) == (None, COPY + INSTALL + COMPILE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "cannot be read: No such file or directory"),
        ("STEP 1/2: FROM a\n", "holds no seconds of steps, as `docker build --no-cache --progress=plain` prints them"),
        ("#7 [2/2] RUN a\n#7 CACHED\n", "holds no seconds of steps, as `docker build"),
        ("#7 [2/2] RUN a\n#7 ERROR: no\n", "holds no seconds of steps, as `docker build"),
        ("{", "is no JSON of `dockfix verify`"),
        ('{"version": 2, "rebuild": null}', "is no JSON of `dockfix verify`"),
        ('{"version": 1, "rebuild": null}', "holds no seconds of steps, which verify tells with --rebuild-after"),
        (
            '{"version": 1, "rebuild": {"before": {"step": ""}, "after": [1]}}',
            "holds no seconds of steps, which verify",
        ),
    ],
)
def test_a_file_without_seconds_is_an_error_in_one_sentence(text: str | None, why: str, folder: Path) -> None:
    if text is not None:
        (folder / "other").write_text(text)
    ended = dockfix(folder, "cache", "--seconds", "other")
    assert (ended.status, ended.out) == (3, b"")
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith(f"dockfix: other {why}")

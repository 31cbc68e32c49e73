"""`form = "stages"`: what becomes stages, and what is left as it is, with the reason."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from dockfix.engine.change import Level
from dockfix.engine.options import Options
from dockfix.engine.registry import transforms
from dockfix.engine.run import rewrite

NAME = "download-then-delete"
PATH = "Dockerfile"
FETCH = "curl -fsSL -o /tmp/t.tgz https://example.org/t.tgz"
UNPACK = "mkdir -p /opt/t && tar xzf /tmp/t.tgz -C /opt/t --strip-components=1"
REMOVE = "rm /tmp/t.tgz"


class Case(NamedTuple):
    """Lines behind FROM, and the scripts of the stages that they become."""

    says: str
    before: str
    fetch: str = FETCH
    unpack: str = UNPACK
    folder: str = "/opt/t"
    above: str = ""
    below: str = ""
    level: Level = Level.SAFE


def runs(*scripts: str) -> str:
    return "".join(f"RUN {script}\n" for script in scripts)


CASES = [
    Case("three RUNs", runs(FETCH, UNPACK, REMOVE)),
    Case("a RUN for each command", runs(FETCH, *UNPACK.split(" && "), REMOVE)),
    Case("one RUN that does all", runs(f"{FETCH} && {UNPACK} && {REMOVE}")),
    Case("a RUN of several lines", runs(f"{FETCH} \\\n    && {UNPACK} \\\n    && {REMOVE}")),
    Case("what stands above and below", "ENV A=1\n" + runs(FETCH, UNPACK, REMOVE) + 'ENV B=1\nCMD ["t"]\n',
         above="ENV A=1\n", below='ENV B=1\nCMD ["t"]\n'),
    Case("the install of what fetches", "RUN apt-get update && apt-get install -y curl\n" + runs(FETCH, UNPACK, REMOVE),
         above="RUN apt-get update && apt-get install -y curl\n"),
    Case("an argument in the address", "ARG V=1\n" + runs(FETCH.replace("t.tgz h", "t.tgz h") + "?v=$V", UNPACK, REMOVE),
         FETCH + "?v=$V", above="ARG V=1\n"),
    Case("a checksum",
         runs(FETCH, 'echo "0f /tmp/t.tgz" | sha256sum -c -', UNPACK, REMOVE),
         FETCH + ' && echo "0f /tmp/t.tgz" | sha256sum -c -'),
    Case("wget that notes nothing down", runs("wget --no-hsts -O /tmp/t.tgz https://example.org/t", UNPACK, REMOVE),
         "wget --no-hsts -O /tmp/t.tgz https://example.org/t"),
    Case("wget", runs("wget -O /tmp/t.tgz https://example.org/t", UNPACK, REMOVE),
         "wget -O /tmp/t.tgz https://example.org/t", level=Level.REVIEW),
    Case("an archive that may set the owner of the folder",
         runs(FETCH, "mkdir /opt/t && tar xzf /tmp/t.tgz -C /opt/t", REMOVE),
         unpack="mkdir /opt/t && tar xzf /tmp/t.tgz -C /opt/t", level=Level.REVIEW),
    Case("two archives into one folder",
         runs(FETCH, FETCH.replace("t.tgz", "u.tgz"), UNPACK,
              "tar xzf /tmp/u.tgz -C /opt/t --strip-components=1", "rm /tmp/t.tgz /tmp/u.tgz"),
         FETCH + " && " + FETCH.replace("t.tgz", "u.tgz"),
         UNPACK + " && tar xzf /tmp/u.tgz -C /opt/t --strip-components=1"),
    Case("a folder at the root", runs(FETCH, UNPACK.replace("/opt/t", "/t"), REMOVE),
         unpack=UNPACK.replace("/opt/t", "/t"), folder="/t"),
]  # fmt: skip

NO_STAGES = [
    ("it is installed", runs(FETCH, "dpkg -i /tmp/t.tgz", REMOVE), "what `dpkg` leaves behind"),
    ("it is built", runs(FETCH, UNPACK, "make -C /opt/t install", REMOVE), "what `make` leaves behind"),
    ("a file is moved out of it", runs(FETCH, UNPACK, "mv /opt/t/t /usr/local/bin", REMOVE), "what `mv` leaves behind"),
    (
        "the base may hold the folder",
        runs(FETCH, UNPACK.replace("/opt/t", "/usr/local/t"), REMOVE),
        "the base may hold",
    ),
    (
        "it is unpacked into a folder that stands",
        runs(FETCH, "tar xzf /tmp/t.tgz -C /opt", REMOVE),
        "one folder that it makes",
    ),
    ("the folder gets a mode", runs(FETCH, UNPACK.replace("-p", "-m 700 -p"), REMOVE), "a mode of its own"),
    ("the folder is another step's, too", "COPY conf /opt/t/\n" + runs(FETCH, UNPACK, REMOVE), "another step's, too"),
    ("another user", "USER app\n" + runs(FETCH, UNPACK, REMOVE), "not known to run as root"),
    ("tar does more", runs(FETCH, UNPACK + " --transform s/a/b/", REMOVE), "not known what tar unpacks"),
    ("more is deleted", runs(FETCH, UNPACK, REMOVE + " /var/log/x"), "or more is deleted"),
    (
        "the folder itself gets an owner",
        runs(FETCH, UNPACK, "chown -R 33:33 /opt/t", REMOVE),
        "what `chown` leaves behind",
    ),
    ("only members are unpacked", runs(FETCH, UNPACK + " t/bin", REMOVE), "not known what tar unpacks"),
    ("nothing deletes it before the rest", runs(FETCH, UNPACK, "t --version", REMOVE), "what `t` leaves behind"),
    ("ONBUILD above", "ONBUILD RUN id\n" + runs(FETCH, UNPACK, REMOVE), "ONBUILD above"),
    ("a fetch behind the unpacking", runs(UNPACK.replace("tgz", "tgz"), FETCH, REMOVE), "in this order"),
    ("a redirect", runs(FETCH + " > /log", UNPACK, REMOVE), "writes to other files"),
    ("a pipeline", runs(FETCH + " && cat /etc/os-release | sort", UNPACK, REMOVE), "leaves behind"),
    ("a branch", runs(FETCH + " || true", UNPACK, REMOVE), "more than a list"),
    ("comments", runs(FETCH + " \\\n# why\n    && " + UNPACK, REMOVE), "comments between"),
]


def rewritten(text: str, level: Level) -> tuple[str, list[str], list[str]]:
    options = Options(level=level, settings={NAME: {"form": "stages"}})
    found = rewrite({PATH: text.encode()}, known={NAME: transforms()[NAME]}, options=options)
    assert found.errors == ()
    assert {step.change.level for step in found.steps} <= {level, Level.SAFE}
    titles = [step.change.title for step in found.steps]
    return found.files[PATH].decode(), titles, [skip.reason for skip in found.skipped]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.says) for case in CASES])
def test_fetch_and_unpacking_become_stages(case: Case) -> None:
    after, titles, _ = rewritten(f"FROM debian:12 AS runtime\n{case.before}", case.level)
    assert after == (
        f"FROM debian:12 AS base\n{case.above}\nFROM base AS download\nRUN {case.fetch}\n\n"
        f"FROM download AS expand\nRUN {case.unpack}\n\n"
        f"FROM base AS runtime\nCOPY --from=expand {case.folder} {case.folder}\n{case.below}"
    )
    assert titles == [f"fetch and unpack {case.folder} in stages of their own"]
    assert rewritten(after, case.level)[:2] == (after, [])


@pytest.mark.parametrize(("text", "reason"), [pytest.param(*case, id=says) for says, *case in NO_STAGES])
def test_what_leaves_more_than_a_folder_stays_one_run(text: str, reason: str) -> None:
    after, titles, _ = rewritten(f"FROM debian:12\n{text}", Level.REVIEW)
    assert "AS download" not in after
    again, _, reasons = rewritten(after, Level.REVIEW)
    assert again == after
    assert any(reason in one for one in reasons), (after, reasons, titles)


def test_a_stage_that_is_called_by_its_number_stays() -> None:
    text = (
        "FROM debian:12 AS a\n" + runs(FETCH, UNPACK, REMOVE) + "FROM debian:12\nRUN id\nFROM a\nCOPY --from=1 /x /x\n"
    )
    after, _, reasons = rewritten(text, Level.REVIEW)
    assert "AS download" not in after
    assert any("called by its number" in reason for reason in [*reasons, *rewritten(after, Level.REVIEW)[2]])


def test_names_that_are_taken_are_left_to_their_stages() -> None:
    text = (
        "FROM debian:12 AS download\nRUN id\nFROM debian:12\n"
        + runs(FETCH, UNPACK, REMOVE)
        + "COPY --from=download /x /\n"
    )
    assert "FROM base AS download-2\n" in rewritten(text, Level.REVIEW)[0]


def test_a_base_of_which_nothing_is_known_may_hold_the_folder() -> None:
    after, titles, _ = rewritten("FROM example/base\n" + runs(FETCH, UNPACK, REMOVE), Level.REVIEW)
    assert "AS download" not in after
    assert titles == ["fetch, use and delete t.tgz in one RUN"]

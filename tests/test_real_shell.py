"""merge-runs against real shells: the RUNs one by one, and the RUNs that dockfix makes of them, must behave alike."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import dockerfile
import pytest
from real_shell_pairs import PAIRS, STATE, Pair

from dockfix import Level, Options, rewrite

# What /bin/sh may be. bash called as sh is a third shell: it keeps assignments before special built-ins, as dash does.
SHELLS = {"dash": ("dash", "sh"), "bash": ("bash", "bash"), "bash as sh": ("bash", "sh")}

OPTIONS = Options(level=Level.REVIEW, only=frozenset({"merge-runs"}))


class Step(NamedTuple):
    """One RUN: what is started, and the variables that ENV sets for it."""

    argv: tuple[str, ...]
    script: str
    env: tuple[tuple[str, str], ...]


class Seen(NamedTuple):
    """What a sequence of RUNs did: the status of the last that ran, its output, and path, mode and content of each file."""

    status: int | str
    stdout: bytes
    stderr: bytes
    files: tuple[tuple[str, str, bytes], ...]


def read_steps(text: str) -> Iterator[Step]:
    """The RUNs of a Dockerfile as BuildKit's own parser reads them."""
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    env: list[tuple[str, str]] = []
    for command in dockerfile.parse_string(text):
        name = command.cmd.upper()
        if name == "SHELL":
            shell = command.value
        elif name == "ENV":
            env += zip(command.value[::3], command.value[1::3], strict=False)
        elif name == "RUN":
            assert not command.heredocs
            script = () if command.json else command.value
            yield Step(command.value if command.json else (*shell, *script), "".join(script), tuple(env))


def joined(steps: list[Step]) -> list[Step]:
    """The steps as a text join makes them: one script, ` && ` in between."""
    first = steps[0]
    script = " && ".join(step.script for step in steps)
    return [first._replace(argv=(*first.argv[:-1], script), script=script)]


def shells(pair: Pair) -> Iterable[str]:
    return ["bash"] if '"/bin/bash"' in pair.head else SHELLS


def run(steps: Iterable[Step], shell: str, folder: Path) -> Seen:
    """Run each step as a process of its own, as a builder does; stop at the first that fails.

    The folder has the same name each time, so that outputs compare without cleaning.
    """
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    prepare(work)
    status: int | str = 0
    with open(folder / "stdout", "w+b") as stdout, open(folder / "stderr", "w+b") as stderr:
        for step in steps:
            status = run_step(step, shell, work, stdout.fileno(), stderr.fileno())
            if status != 0:
                break
        stdout.seek(0)
        stderr.seek(0)
        return Seen(status, stdout.read(), stderr.read(), tuple(files_in(work)))


def run_step(step: Step, shell: str, work: Path, stdout: int, stderr: int) -> int | str:
    system = os.pathsep.join(["/usr/local/bin", "/usr/bin", "/bin"])
    path = os.pathsep.join([str(work / "bin"), str(work / "later"), system])
    program, *arguments = step.argv
    program, name = SHELLS[shell] if program == "/bin/sh" else (program.removeprefix("/bin/"),) * 2
    executable = shutil.which(program, path=path)
    assert executable, f"{program} is needed to run this test"
    try:
        # Output goes to files: a pipe would stay open as long as a background process has it.
        process = subprocess.Popen(
            [name, *arguments],
            executable=executable,
            cwd=work,
            env={"PATH": path, "HOME": str(work), "LC_ALL": "C", **dict(step.env)},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            umask=0o022,
            start_new_session=True,
        )
    except OSError as error:
        return f"not started: {error.strerror}"
    try:
        status = process.wait(timeout=20)
        # bash replaces itself by its last command, so who reports the signal depends on what stands around it.
        return status if status >= 0 else 128 - status
    finally:
        # When a RUN ends, its container ends, and with it whatever still runs.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def prepare(work: Path) -> None:
    for name in ("bin", "later"):
        (work / name).mkdir(parents=True)
    tool = work / "later" / "tool"
    tool.write_text("#!/bin/sh\necho old\n")
    tool.chmod(0o755)


def files_in(work: Path) -> Iterator[tuple[str, str, bytes]]:
    for path in sorted(work.rglob("*")):
        content = b""
        if path.is_symlink():
            content = os.fsencode(path.readlink())
        elif path.is_file():
            content = path.read_bytes()
        yield path.relative_to(work).as_posix(), oct(path.lstat().st_mode), content


def differences(pair: Pair, before: Seen, after: Seen) -> list[str]:
    return [
        f"{field}: {old!r} -> {new!r}"
        for field, old, new in zip(Seen._fields, before, after, strict=True)
        if old != new and (field != "stderr" or pair.stderr)
    ]


def fails_alike(before: Seen, after: Seen) -> bool:
    """Both fail, with the same output and files: only the status is another."""
    return 0 not in (before.status, after.status) and before[1:] == after[1:]


def rewritten(pair: Pair) -> str:
    outcome = rewrite({"Dockerfile": pair.text.encode()}, options=OPTIONS)
    assert not outcome.errors
    return outcome.files["Dockerfile"].decode()


each_pair = pytest.mark.parametrize("pair", PAIRS, ids=[pair.says for pair in PAIRS])


@each_pair
def test_merged_runs_behave_as_the_runs_did(pair: Pair, tmp_path: Path) -> None:
    before = list(read_steps(pair.text))
    text = rewritten(pair)
    after = list(read_steps(text))
    if after == before:
        return  # a refusal: that there are not too many of them has a test of its own
    for shell in shells(pair):
        moved = differences(pair, run(before, shell, tmp_path), run(after, shell, tmp_path))
        assert not moved, "\n".join([f"under {shell}:", *moved, "", text])


@each_pair
def test_a_plain_join_is_wrong_just_where_the_table_says_so(pair: Pair, tmp_path: Path) -> None:
    """The table bites: each pair that is marked would catch a tool that only writes ` && `."""
    before = list(read_steps(pair.text))
    if any(not step.script for step in before):
        pytest.skip("an exec form has no script to join")
    wrong = {}
    for shell in shells(pair):
        seen = run(before, shell, tmp_path), run(joined(before), shell, tmp_path)
        if differences(pair, *seen):
            wrong[shell] = fails_alike(*seen)
    assert bool(wrong) == pair.plain_join_is_wrong, f"a plain join differs under: {list(wrong)}"
    assert (pair.plain_join_is_wrong and all(wrong.values())) == pair.fails_either_way


@pytest.mark.parametrize("row", STATE)
def test_each_row_of_the_process_state_has_a_pair_that_a_plain_join_gets_wrong(row: str) -> None:
    assert any(pair.plain_join_is_wrong for pair in STATE[row])


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len({pair.says for pair in PAIRS}) == len(PAIRS) >= 120
    assert len([pair for pair in STATE["errexit"] if "false" in pair.text]) >= 15
    assert all(len(list(read_steps(pair.text))) == len(pair.runs) >= 2 for pair in PAIRS)


def test_enough_of_the_pairs_are_really_merged() -> None:
    """Refusing everything would pass the tests above."""
    merged = [pair for pair in PAIRS if len(list(read_steps(rewritten(pair)))) < len(pair.runs)]
    assert len(merged) >= 0.6 * len(PAIRS), f"{len(merged)} of {len(PAIRS)}"

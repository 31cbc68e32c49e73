"""The second shell parser: it is asked with fewer words than a script has, and reads the same in it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from corpus import corpus, needs_corpus

from dockfix.adapters import shfmt
from dockfix.adapters.shfmt import Shfmt, ShfmtError
from dockfix.engine.options import Options
from dockfix.frontends.examine import Job, examine
from dockfix.model.facts import Facts
from dockfix.syntax.glue import glued
from dockfix.syntax.script import Skeleton, ascii_only


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param(
            b" apt-get install -y gcc g++ && make -j4 all",
            b" apt-get_install_-y_gcc_g++ && make_-j4_all",
            id="the words of a command become one",
        ),
        pytest.param(b" a  b\tc", b" a__b_c", id="blanks keep their number, so that all offsets stay"),
        pytest.param(b" a b 'c d' e f ", b" a_b 'c d' e_f ", id="quoted words stay apart"),
        pytest.param(b" npm ci --only=prod x", b" npm_ci_--only=prod_x", id="an option may have a value"),
        pytest.param(b" A=b make all ", b" A=b make_all ", id="a variable stays apart from its command"),
        pytest.param(b" if a b; then c d; fi", b" if a_b; then c_d; fi", id="reserved words stay what they are"),
        pytest.param(b" for x in a b; do c d; done", b" for x in a_b; do c_d; done", id="a loop stays one"),
        pytest.param(b" then -x", b" then -x", id="a reserved word in front of an option"),
        pytest.param(b" a b 2>c d e", b" a_b 2>c d_e", id="a file descriptor is no word"),
        pytest.param(b" >  a b c", b" >  a b_c", id="a file is no word of the command"),
        pytest.param(b" a b () { c d; }", b" a b () { c_d; }", id="the name of a function is no word"),
        pytest.param(b" cat <<END a b\nc d\nEND\n", b" cat <<END a b\nc d\nEND\n", id="a script with a heredoc stays"),
        pytest.param(b" a \\\n b c", b" a \\\n b_c", id="a row is on one line"),
    ],
)
def test_plain_words_are_glued(script: bytes, expected: bytes) -> None:
    assert glued(script) == expected


def read_glued_and_plain(scripts: list[bytes], monkeypatch: pytest.MonkeyPatch) -> tuple[list[Skeleton | None], ...]:
    """What shfmt reads in scripts with their plain words glued, and as they are."""
    with_glue = Shfmt()(scripts)
    monkeypatch.setattr(shfmt, "glued", bytes)
    return with_glue, Shfmt()(scripts)


TOKENS = """a b c -x -y=1 2 A=b 'q' "r s" $v ${w} $(a b) `c d` && || | |& ; & ! { } ( ) < > 2>&1 >> <<< if then elif else fi for in do
    done while until case esac ;; function select time coproc let declare local export readonly [[ ]] [ ] (( )) eval # \\ / . * == a) x()
    <(a b) let= -- - : , @ $((1+2)) a[1]=2 b=(c d) if=1 done; in;""".split(" ")


@pytest.mark.parametrize("seed", range(4))
def test_made_up_scripts_read_the_same_with_glued_words(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that are wrong: what the parser rejects, it rejects with glue, too."""
    chance = random.Random(seed)
    pool = [token.strip() for token in TOKENS] + ["a", "b", "c d", "-e f", "g h i"] * 6
    scripts = sorted({" ".join(chance.choices(pool, k=chance.randint(2, 9))).encode() for _ in range(250)})
    with_glue, plain = read_glued_and_plain(scripts, monkeypatch)
    assert sum(map(bool, plain)) > 50
    assert [s for s, one, other in zip(scripts, with_glue, plain, strict=True) if one != other] == []


@needs_corpus
def test_real_scripts_read_the_same_with_glued_words(monkeypatch: pytest.MonkeyPatch) -> None:
    rests = (i.rest for n, t in sorted(corpus().items()) for i in Facts.read(n, t).instructions if i.keyword == "RUN")
    scripts = sorted({ascii_only(rest) for rest in rests if rest and not rest.startswith(b"[")})
    assert sum(glued(script) != script for script in scripts) > 0.5 * len(scripts)
    with_glue, plain = read_glued_and_plain(scripts, monkeypatch)
    assert [s for s, one, other in zip(scripts, with_glue, plain, strict=True) if one != other] == []


def test_a_script_that_is_rejected_costs_the_others_nothing() -> None:
    for bad in (b"if a; then", b"a; }; b() { c", b"a; }"):
        answers = Shfmt()([b"a b", bad, b"c", bad, b"a b"])
        assert answers == [("command", b"ab"), None, ("command", b"c"), None, ("command", b"ab")]


def test_answers_come_later_and_in_any_order() -> None:
    opinion = Shfmt()
    first, second = opinion.ask([b"a b", b"c"]), opinion.ask([b"c", b"d"])
    assert second() == [("command", b"c"), ("command", b"d")]
    assert first() == [("command", b"ab"), ("command", b"c")]


def replaced(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of shfmt, another program."""
    program = folder / "shfmt"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(shfmt, "program", lambda: str(program))
    monkeypatch.setattr(shfmt, "_TIMEOUT", 0.5)


@pytest.mark.parametrize("script", ["exec sleep 60", "kill -9 $$", "exit 2", "ulimit -d 20000; exec {real} $@"])
def test_a_program_that_gives_no_answer_vouches_for_nothing(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(tmp_path, script.format(real=shfmt.program()), monkeypatch)
    with pytest.raises(ShfmtError, match="gives no answer here"):
        Shfmt()([b"a", b"b"])
    (tmp_path / "Dockerfile").write_bytes(b"FROM debian:12\nRUN echo a\nRUN echo b\n")
    outcome = examine(Job(str(tmp_path / "Dockerfile"), "Dockerfile", Options()), Shfmt())
    assert [problem.message for problem in outcome.errors] == [shfmt.SILENT]
    assert outcome.files == outcome.originals


@pytest.mark.parametrize("script", ["exec sleep 60", "kill -9 $$", "exit 2"])
def test_a_script_that_it_gives_no_answer_to_costs_the_others_nothing(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 'text=$(cat; echo .); case "$text" in'
    text = f'{read} *bad*) {script};; esac; printf %s "${{text%.}}" | {shfmt.program()} "$@"'
    replaced(tmp_path, text, monkeypatch)
    assert Shfmt()([b"a b", b"bad", b"c"]) == [("command", b"ab"), None, ("command", b"c")]

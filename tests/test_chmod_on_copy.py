"""chmod-on-copy: what it changes, what it leaves alone, and what its witness lets through."""

from __future__ import annotations

from pathlib import Path

import pytest
from fold_cases import CASES, REFUSED, FoldCase

from dockfix.adapters.context import folder, texts
from dockfix.engine.change import Outcome
from dockfix.engine.licences import DropChange, Licence, SetFlag
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import Context, Entry, Kind
from dockfix.model.facts import Facts
from dockfix.model.modes import changed, is_mode
from dockfix.syntax.edit import Edit

PATH = "Dockerfile"
FROM = "FROM debian:bookworm-slim\n"
ONLY = Options(only=frozenset({"chmod-on-copy"}))


def context_of(case: FoldCase) -> Context:
    found = texts(dict.fromkeys(case.files, b"#!/bin/sh\n"), links=case.links)
    modes = {name: Entry(found.entries[name].kind, 10, mode) for name, mode in case.modes.items()}
    folders = dict.fromkeys(case.folders, Entry(Kind.FOLDER))
    return found._replace(entries={**found.entries, **modes, **folders})


def run(text: str, context: Context | None, options: Options = ONLY) -> Outcome:
    return rewrite({PATH: text.encode()}, options=options, find_context=lambda *_: context)


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_each_case_becomes_what_it_should(case: FoldCase) -> None:
    context = context_of(case)
    outcome = run(case.text(case.before), context)
    assert outcome.files[PATH].decode() == case.text(case.after)
    assert outcome.errors == ()
    assert [case.left in skip.reason for skip in outcome.skipped] == [True] * bool(case.left)
    assert run(case.text(case.after), context).steps == ()


@pytest.mark.parametrize("case", REFUSED, ids=[case.says for case in REFUSED])
def test_each_other_case_stays_with_its_reason(case: FoldCase) -> None:
    outcome = run(case.text(case.before), context_of(case))
    assert outcome.files[PATH].decode() == case.text(case.before)
    assert outcome.errors == ()
    assert len(outcome.skipped) == 1
    assert case.why in outcome.skipped[0].reason


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_line_ends_of_windows_and_a_missing_last_one_stay(case: FoldCase) -> None:
    before, after = (case.text(lines).replace("\n", "\r\n").removesuffix("\r\n") for lines in (case.before, case.after))
    assert run(before, context_of(case)).files[PATH].decode() == after


def test_without_the_build_context_only_what_is_fetched_or_written_here_is_known() -> None:
    outcome = run(f"{FROM}COPY run.sh /run.sh\nRUN chmod 755 /run.sh\n", None)
    assert outcome.steps == ()
    assert [skip.reason for skip in outcome.skipped] == [
        "what it copies, the build context tells, which is not known here (--context)"
    ]
    assert run(f"{FROM}ADD https://example.org/a /usr/bin/a\nRUN chmod 755 /usr/bin/a\n", None).steps != ()


def test_what_is_gained_is_said_with_the_size() -> None:
    context = texts({"tool": bytes(3_000_000)})
    outcome = run(f"{FROM}COPY tool /usr/bin/\nRUN chmod 755 /usr/bin/tool\n", context)
    assert [step.change.why for step in outcome.steps] == [
        "the layer of the RUN holds the same files once more (3.0 MB)"
    ]
    assert [step.change.title for step in outcome.steps] == ["use --chmod in the place of chmod"]


def test_a_stage_of_which_only_files_are_taken_stays_as_it_is() -> None:
    text = f"{FROM[:-1]} AS made\nCOPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n{FROM}COPY --from=made /srv /srv\n"
    outcome = run(text, texts({"run.sh": b""}))
    assert (outcome.steps, outcome.skipped) == ((), ())


def test_hard_links_of_a_folder_stay_together(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/one").write_bytes(b"1\n")
    (tmp_path / "app/two").hardlink_to(tmp_path / "app/one")
    for name in ("one", "two"):
        (tmp_path / "app" / name).chmod(0o644)
    outcome = run(f"{FROM}COPY app /srv/app\nRUN chown -R 33:33 /srv/app\n", folder(str(tmp_path)))
    assert [skip.reason for skip in outcome.skipped] == ["there are hard links in `app`"]
    # Sources that are named are copied one by one.
    assert (
        run(f"{FROM}COPY app/one app/two /srv/\nRUN chmod 600 /srv/one /srv/two\n", folder(str(tmp_path))).steps != ()
    )


@pytest.mark.parametrize(("mode", "changes"), [(0o755, 1), (0o2755, 0), (0o700, 1)])
def test_the_modes_of_folders_are_those_of_the_context(mode: int, changes: int, tmp_path: Path) -> None:
    (tmp_path / "app/lib").mkdir(parents=True)
    (tmp_path / "app/lib/one").write_bytes(b"1\n")
    (tmp_path / "app/lib").chmod(mode)
    outcome = run(f"{FROM}COPY app /srv/app\nRUN chmod -R 755 /srv/app\n", folder(str(tmp_path)))
    assert len(outcome.steps) == changes


@pytest.mark.parametrize("builder", ["legacy", "kaniko"])
def test_builders_without_such_flags_are_respected(builder: str) -> None:
    options = ONLY._replace(builder=builder)
    outcome = run(f"{FROM}COPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n", texts({"run.sh": b""}), options)
    assert [skip.reason for skip in outcome.skipped] == [f"the builder ({builder}) has no --chmod and --chown"]


def test_an_add_becomes_a_copy_and_the_rest_one_run() -> None:
    text = f"{FROM}ADD run.sh /srv/\nRUN chmod +x /srv/run.sh && echo a > /a\nRUN echo b > /b\n"
    outcome = run(text, texts({"run.sh": b""}), Options(only=frozenset({"add-to-copy", "chmod-on-copy", "merge-runs"})))
    assert outcome.files[PATH].decode() == (
        f"{FROM}COPY --chmod=755 run.sh /srv/\nRUN echo a > /a \\\n    && echo b > /b\n"
    )


@pytest.mark.parametrize(
    ("word", "mode", "becomes"),
    [
        ("755", 0o644, 0o755),
        ("0640", None, 0o640),
        ("+x", 0o644, 0o755),
        ("+w", 0o444, 0o644),
        ("a+w", 0o444, 0o666),
        ("u+x", 0o644, 0o744),
        ("ug=rw,o=", 0o755, 0o660),
        ("-x", 0o755, 0o644),
        ("go-rwx", 0o755, 0o700),
        ("a+X", 0o644, 0o644),
        ("a+X", 0o744, 0o755),
        ("u+r-x", 0o300, 0o600),
        ("=r", 0o777, 0o466),
        ("a=r", None, 0o444),
        ("+x", None, None),
    ],
)
def test_chmod_makes_of_a_mode(word: str, mode: int | None, becomes: int | None) -> None:
    assert is_mode(word.encode())
    assert changed(word.encode(), mode) == becomes


@pytest.mark.parametrize("word", ["4755", "u+s", "+t", "g=u", "75", "00755", "--reference=a", "x", ""])
def test_other_modes_are_not_understood(word: str) -> None:
    assert not is_mode(word.encode())


CONTEXT = texts({"a": b"text\n", "b": b"text\n", "d/e": b"text\n"})
SRV = (SetFlag(b"", b"--chmod=755"), DropChange((b"chmod", b"+x", b"/srv/a")))
PAIR = "COPY a /srv/\nRUN chmod +x /srv/a\n"


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        (PAIR, "COPY --chmod=777 a /srv/\n", SRV),
        (PAIR, "COPY --chmod=777 a /srv/\n", (SetFlag(b"", b"--chmod=777"), SRV[1])),
        (PAIR, "COPY a /srv/\n", SRV),
        (PAIR, "COPY a /srv/\n", (SRV[1],)),
        (PAIR, "COPY --chmod=755 b /srv/\n", SRV),
        (PAIR, "COPY --chmod=755 --chown=1 a /srv/\n", SRV),
        (PAIR, "COPY --chmod=755 a /srv/\nRUN true\n", SRV),
        (PAIR, "COPY --chmod=755 a /srv/\nCOPY b /srv/\n", SRV),
        (PAIR, "ADD --chmod=755 a /srv/\n", SRV),
        ("COPY a /srv/\nRUN chmod +x /srv/a && echo 1 && echo 2\n", "COPY --chmod=755 a /srv/\nRUN echo 2\n", SRV),
        ("COPY a /srv/\nRUN chmod +x /srv/a && echo 1 && echo 2\n", "COPY --chmod=755 a /srv/\nRUN echo 1; echo 2\n", SRV),
        ("COPY a /srv/\nRUN chmod +x /srv/a && echo 1\n", "COPY --chmod=755 a /srv/\n", SRV),
        ("COPY a /srv/\nRUN chmod +x /srv/a || echo 1\n", "COPY --chmod=755 a /srv/\n", SRV),
        ("COPY a b /srv/\nRUN chmod +x /srv/a\n", "COPY --chmod=755 a b /srv/\n", SRV),
        ("COPY a /srv/\nRUN cat /srv/a\nRUN chmod +x /srv/a\n", "COPY --chmod=755 a /srv/\nRUN cat /srv/a\n", SRV),
        ("COPY a /srv/\nRUN echo 1\nRUN chmod +x /srv/a\n", "COPY --chmod=755 a /srv/\n", SRV),
        (
            "COPY d /opt/d\nRUN chown -R 1:1 /opt/d\n",
            "COPY --chown=1:1 d /opt/d\n",
            (SetFlag(b"", b"--chown=1:1"), DropChange((b"chown", b"-R", b"1:1", b"/opt/d"))),
        ),
    ],
)  # fmt: skip
def test_the_witness_rejects(before: str, after: str, may: tuple[Licence, ...]) -> None:
    facts = Facts.read(PATH, (FROM + before).encode(), look=lambda: CONTEXT)
    edit = Edit(len(FROM), len(FROM + before), after.encode())
    assert moved(facts, [edit], may) != ()


def test_the_right_change_needs_its_licences() -> None:
    facts = Facts.read(PATH, (FROM + PAIR).encode(), look=lambda: CONTEXT)
    edit = Edit(len(FROM), len(FROM + PAIR), b"COPY --chmod=755 a /srv/\n")
    assert moved(facts, [edit], SRV) == ()
    assert moved(facts, [edit], ()) != ()
    assert moved(facts, [edit], SRV[:1]) != ()


def test_the_second_reader_sees_flags_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockfix.engine.folded.moved", lambda *_: ())
    facts = Facts.read(PATH, (FROM + PAIR).encode(), look=lambda: CONTEXT)
    for after in (
        "COPY --chmod=777 a /srv/\n",
        "COPY a /srv/\n",
        "COPY --chmod=755 b /srv/\n",
        "COPY --chmod=755 a /srv/\nRUN true\n",
    ):
        assert moved(facts, [Edit(len(FROM), len(FROM + PAIR), after.encode())], SRV) != ()

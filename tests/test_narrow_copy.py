"""narrow-copy: what it copies instead of a folder, what it leaves alone, and what its witness lets through."""

from __future__ import annotations

from pathlib import Path

import pytest
from narrow_cases import RIGHT, WRONG, NarrowCase, one

from dockfix.adapters.context import folder, texts
from dockfix.engine.change import Level, Outcome
from dockfix.engine.licences import NarrowCopy
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.engine.validate import moved
from dockfix.model.context import Context
from dockfix.model.facts import Facts
from dockfix.syntax.edit import Edit

PATH = "Dockerfile"
UNUSED = {"notes/manual.pdf": 3_000_000}


def context_of(case: NarrowCase) -> Context:
    return texts({name: text.encode() for name, text in case.files.items()}, UNUSED, links=case.links)


def run(text: str, context: Context | None, level: Level = Level.UNSAFE) -> Outcome:
    options = Options(level=level, only=frozenset({"narrow-copy"}))
    return rewrite({PATH: text.encode()}, options=options, find_context=lambda *_: context)


@pytest.mark.parametrize("case", RIGHT, ids=[case.says for case in RIGHT])
def test_what_is_used_is_copied(case: NarrowCase) -> None:
    outcome = run(case.text(), context_of(case))
    assert [skip.reason for skip in outcome.skipped] == []
    assert outcome.files[PATH].decode() == case.text(narrow=True)
    again = run(case.text(narrow=True), context_of(case))
    assert (again.steps, again.errors) == ((), ())


@pytest.mark.parametrize("case", WRONG, ids=[case.says for case in WRONG])
def test_what_cannot_be_told_stays_with_its_reason(case: NarrowCase) -> None:
    outcome = run(case.text(), context_of(case))
    assert outcome.steps == ()
    reasons = [skip.reason for skip in outcome.skipped]
    assert len(reasons) == (1 if case.why else 0)
    assert all(case.why in reason and "validation" not in reason for reason in reasons)


def test_the_change_names_what_is_gone_and_is_held_back_below_its_level() -> None:
    context = texts({"app.py": b"", "tests/test_app.py": b"x" * 40_000, "README.md": b"x" * 2_000}, UNUSED)
    text = RIGHT[0].text()
    (step,) = run(text, context).steps
    assert step.change.why.startswith("-3.0 MB: notes/ (3.0 MB), tests/ (40.0 kB), README.md (2.0 kB). ")
    assert step.change.title == "copy app.py alone"
    held = run(text, context, Level.REVIEW)
    assert [change.transform for change in held.held_back] == ["narrow-copy"]
    assert held.files[PATH].decode() == text


def test_a_few_bytes_are_not_worth_it() -> None:
    outcome = run(RIGHT[0].text(), texts({"app.py": b"", "README.md": b"x" * 2_000}))
    assert (outcome.steps, outcome.skipped) == ((), ())


def test_without_the_build_context_it_is_not_told_what_is_used() -> None:
    (skip,) = run(RIGHT[0].text(), None).skipped
    assert "--context" in skip.reason


def test_two_folders_are_two_decisions() -> None:
    files = {"api/app.py": b"import lib.a\n", "api/old.txt": b"x" * 40_000, "lib/a.py": b"", "lib/b.py": b"#" * 20_000}
    text = 'FROM python:3.13-slim\nWORKDIR /app\nCOPY api ./\nCOPY lib ./lib\nCMD ["python", "app.py"]\n'
    outcome = run(text, texts(files))
    assert [step.change.title for step in outcome.steps] == ["copy api/app.py alone", "copy lib/a.py alone"]
    assert b"COPY api/app.py ./\nCOPY lib/a.py ./lib/\n" in outcome.files[PATH]


def test_copies_that_are_narrow_already_are_passed_over() -> None:
    files = {"app.py": b"import lib.a\n", "lib/a.py": b"", "requirements.txt": b"flask\n", "lib/b.txt": b"x"}
    copies = "COPY app.py requirements.txt ./\nCOPY lib ./lib/\nRUN pip install --no-cache-dir -r requirements.txt\n"
    outcome = run(f'FROM python:3.13-slim\nWORKDIR /app\n{copies}CMD ["python", "app.py"]\n', texts(files))
    assert (outcome.steps, outcome.skipped) == ((), ())


def test_a_stage_that_is_not_the_last_stays() -> None:
    text = 'FROM python:3.13 AS build\nWORKDIR /app\nCOPY . .\nFROM python:3.13\nCMD ["python", "app.py"]\n'
    outcome = run(text, texts({"app.py": b""}, UNUSED))
    assert (outcome.steps, outcome.skipped) == ((), ())


def test_what_the_last_stage_is_built_from_counts() -> None:
    text = 'FROM python:3.13 AS base\nWORKDIR /app\nENTRYPOINT ["python"]\nFROM base\nCOPY . .\nCMD ["app.py"]\n'
    outcome = run(text, texts({"app.py": b""}, UNUSED))
    assert outcome.files[PATH].decode() == text.replace("COPY . .", "COPY app.py ./")


def test_folders_of_their_own_have_another_mode_and_the_change_says_so(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/a.py").write_text("")
    (tmp_path / "app.py").write_text("import lib.a\n")
    (tmp_path / "notes.txt").write_text("text\n" * 9_000)
    (tmp_path / "lib").chmod(0o775)
    (step,) = run(RIGHT[0].text(), folder(str(tmp_path))).steps
    assert "; lib will have mode 755, not 775. " in step.change.why
    (tmp_path / "lib").chmod(0o700)
    (skip,) = run(RIGHT[0].text(), folder(str(tmp_path))).skipped
    assert "lib has mode 700" in skip.reason


FILES = texts(
    {
        **{name: text.encode() for name, text in one("import shop.a\n").items()},
        "shop/__init__.py": b"",
        "shop/a.py": b"open('data/a.csv')\n",
        "shop/b.py": b"",
        "data/a.csv": b"1\n",
        "README.md": b"text\n",
    },
    UNUSED,
)
ROW = "COPY app.py ./\nCOPY data ./data/\nCOPY shop/__init__.py shop/a.py ./shop/\n"
NAMED = ("app.py", "data", "shop/__init__.py", "shop/a.py")


def judged(
    after: str, named: tuple[str, ...] = NAMED, before: str = "COPY . .\n", context: Context | None = FILES
) -> str:
    head = "FROM python:3.13-slim\nWORKDIR /app\n"
    text = f'{head}{before}CMD ["python", "app.py"]\n'
    facts = Facts.read(PATH, text.encode(), look=lambda: context)
    edit = Edit(len(head), len(head) + len(before), after.encode())
    return "; ".join(moved(facts, [edit], (NarrowCopy(named),)))


def test_the_witness_accepts_what_is_used_and_more() -> None:
    assert judged(ROW) == ""
    assert judged(ROW + "COPY README.md ./\n", (*NAMED, "README.md")) == ""
    assert judged("COPY app.py ./\nCOPY data ./data/\nCOPY shop ./shop/\n", ("app.py", "data", "shop")) == ""


@pytest.mark.parametrize(
    ("after", "named", "why"),
    [
        ("COPY app.py ./\nCOPY data ./data/\nCOPY shop/a.py ./shop/\n", ("app.py", "data", "shop/a.py"), "shop/__init__.py is used"),
        ("COPY app.py ./\nCOPY shop ./shop/\n", ("app.py", "shop"), "data/a.csv is used"),
        ("COPY app.py ./\nCOPY data ./\nCOPY shop ./shop/\n", ("app.py", "data", "shop"), "another place"),
        ("COPY app.py data shop ./\n", ("app.py", "data", "shop"), "not known"),
        (ROW.replace("COPY app", "COPY --chown=1 app"), NAMED, "not copied alike"),
        (ROW.replace("COPY app", "ADD app"), NAMED, "not known"),
        (ROW, (*NAMED, "README.md"), "other paths"),
        (ROW + "COPY README.md ./\n", NAMED, "other paths"),
        (ROW + "COPY missing ./\n", (*NAMED, "missing"), "not known"),
        (ROW + "RUN true\n", NAMED, ""),
        ("", (), ""),
        ("COPY --from=python:3.13 app.py ./\n", ("app.py",), "not"),
    ],
)  # fmt: skip
def test_the_witness_rejects(after: str, named: tuple[str, ...], why: str) -> None:
    found = judged(after, named)
    assert found
    assert why in found


def test_the_witness_rejects_what_another_instruction_changes() -> None:
    assert judged(ROW + "USER 1\n", before="COPY . .\nUSER 0\n") != ""
    assert judged(ROW, before="RUN true\n") != ""
    assert judged(ROW, context=None) != ""


def test_without_the_licence_the_right_change_is_rejected_too() -> None:
    head = "FROM python:3.13-slim\nWORKDIR /app\n"
    facts = Facts.read(PATH, f'{head}COPY . .\nCMD ["python", "app.py"]\n'.encode(), look=lambda: FILES)
    edit = Edit(len(head), len(head) + len("COPY . .\n"), ROW.encode())
    assert moved(facts, [edit], (NarrowCopy(NAMED),)) == ()
    assert moved(facts, [edit], ()) != ()

"""The house keeps its shape: imports go one way, and I/O stays at the edges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Which parts of the package each part may import, itself aside.
MAY = {
    "syntax": set(),
    "model": {"syntax"},
    "engine": {"syntax", "model"},
    "adapters": {"syntax", "model", "engine"},
    "verify": {"syntax", "model", "engine", "adapters"},
    "frontends": {"syntax", "model", "engine", "adapters", "verify", "."},
    ".": {"syntax", "model", "engine", "adapters", "frontends"},
    "transforms": {".", "syntax", "model"},
}
ONLY_FRONTENDS = {"click", "click_default_group", "pygls", "jinja2"}
ONLY_EDGES = {"subprocess", "socket", "tempfile", "shutil", "urllib"}
EDGES = {"adapters", "verify", "frontends"}
OPENERS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "listdir", "scandir"}


def files() -> Iterator[tuple[str, Path, ast.Module]]:
    """Every file of the package, with the part it belongs to."""
    for path in sorted((ROOT / "rewriter").rglob("*.py")):
        inside = path.relative_to(ROOT / "rewriter").parts
        yield (inside[0] if len(inside) > 1 else "."), path, ast.parse(path.read_text())
    for path in sorted((ROOT / "transforms").glob("*.py")):
        yield "transforms", path, ast.parse(path.read_text())


def imported(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(module, part) of each import; the part is empty for modules from outside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, part_of(alias.name)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = path.parent if node.level == 1 else path.parents[node.level - 1]
            inside = base.relative_to(ROOT / "rewriter").parts
            dotted = ".".join(["dockfix", *inside, *([node.module] if node.module else [])])
            yield dotted, part_of(dotted)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, part_of(node.module)


def part_of(module: str) -> str:
    names = module.split(".")
    if names[0] != "dockfix":
        return ""
    return names[1] if len(names) > 1 and names[1] in MAY else "."


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for part, path, tree in files()
        for module, target in imported(path, tree)
        if target and target != part and target not in MAY[part]
    ]
    assert wrong == []


def test_no_transform_imports_another() -> None:
    wrong = [
        f"{path.name} imports {module}"
        for part, path, tree in files()
        if part == "transforms"
        for module, target in imported(path, tree)
        if target == "transforms"
    ]
    assert wrong == []


def test_only_the_front_ends_know_click_and_jinja() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for part, path, tree in files()
        if part != "frontends"
        for module, _ in imported(path, tree)
        if module.split(".")[0] in ONLY_FRONTENDS
    ]
    assert wrong == []


def test_only_the_edges_start_programs_and_open_files() -> None:
    wrong = []
    for part, path, tree in files():
        if part in EDGES or path.name == "__main__.py":
            continue
        names = {module.split(".")[0] for module, _ in imported(path, tree)}
        calls = {call_name(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in (names & ONLY_EDGES) | (calls & OPENERS)]
    assert wrong == []


def call_name(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def test_only_what_loads_a_grammar_and_what_reads_its_trees_know_tree_sitter() -> None:
    knowing = {path.name for _, path, tree in files() for m, _ in imported(path, tree) if m.startswith("tree_sitter")}
    assert knowing == {"grammar.py", "shell.py", "hcl.py"}


def test_nothing_catches_every_exception_but_where_a_bug_becomes_a_sentence() -> None:
    catching = [
        str(path.relative_to(ROOT))
        for _, path, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]
    # The front ends turn a bug into a sentence, and go on with the other files, repositories, and the next question.
    assert sorted(catching) == [
        "rewriter/frontends/bot/processes.py",
        "rewriter/frontends/examine.py",
        "rewriter/frontends/lsp/worker.py",
    ]

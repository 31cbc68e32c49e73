"""Which module or file of the project a command loads first."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..manifests.asked import NotTold
from .launchers import LAUNCHERS, OTHERS, WRAPPERS, Launcher

_PYTHON = re.compile(r"(?:.*/)?(?:python(?:[23](?:\.\d+)?)?|pypy3?)")
_PYTHON_FLAGS = re.compile(r"-[uBOEsdvqb]+")
_SHELL = re.compile(r"[;&|<>()`\n]|\$\(")


class Entry(NamedTuple):
    """What is loaded first: `modules` by dotted names, `scripts` by path; `roots` are where Python looks for modules.

    `reads` are other files of the project, by paths from the working directory, if they are there.
    """

    modules: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


def entry_of(words: Sequence[str], folder: str, env: Mapping[str, str]) -> Entry:
    """What a command loads that runs in `folder`; raises NotTold."""
    reads: tuple[str, ...] = ()
    words, more = _unwrapped(words)
    reads += more
    if not words:
        raise NotTold("no command says what runs")
    name = words[0].rpartition("/")[2]
    if _PYTHON.fullmatch(words[0]):
        found = _python(words[1:], folder, env)
    elif name in LAUNCHERS:
        found = _launched(name, words[1:], folder, env)
    elif name in OTHERS:
        raise NotTold(f"what a program of {OTHERS[name]} uses is not worked out: of Python's alone it is")
    elif name.endswith(".py"):
        raise NotTold(f"`{words[0]}` says in its first line what runs it")
    else:
        raise NotTold(f"of what `{name}` reads nothing is known")
    return found._replace(reads=(*reads, *found.reads))


def _unwrapped(words: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    left, reads = list(words), []
    while left:
        name = left[0].rpartition("/")[2]
        two = " ".join([name, *left[1:2]])
        if name in ("sh", "bash") and len(left) == 3 and left[1] in ("-c", "-ec"):
            left = shell_words(left[2])
        elif name in WRAPPERS:
            left = [word for at, word in enumerate(left[1:]) if at or word != "--"]
        elif two in WRAPPERS:
            reads += WRAPPERS[two].split()
            left = left[2:]
        elif re.fullmatch(r"[A-Za-z_]\w*=\S*", left[0]):
            raise NotTold(f"`{left[0]}` sets a variable for what runs")
        else:
            break
    return left, tuple(reads)


def shell_words(text: str) -> list[str]:
    """The words of a simple command; raises NotTold for anything else."""
    import shlex

    if _SHELL.search(text):
        raise NotTold("what the image starts is more than one command")
    try:
        return shlex.split(text)
    except ValueError:
        raise NotTold("what the image starts is not understood") from None


def _python(words: Sequence[str], folder: str, env: Mapping[str, str]) -> Entry:
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "-m":
        if words[at] in ("-W", "-X"):
            at += 1
        elif not _PYTHON_FLAGS.fullmatch(words[at]):
            raise NotTold(f"`python {words[at]}` is not followed")
        at += 1
    if at >= len(words):
        raise NotTold("`python` waits for what somebody types")
    if words[at] != "-m":
        script = _path(words[at], folder)
        if not script.endswith(".py"):
            raise NotTold(f"`python {words[at]}` runs a folder or an archive")
        return Entry(scripts=(script,), roots=(posixpath.dirname(script),), reads=tuple(words[at + 1 :]))
    module = words[at + 1] if at + 1 < len(words) else ""
    if module in LAUNCHERS:
        return _launched(module, words[at + 2 :], folder, env)
    _check_name(module)
    return Entry((module, f"{module}.__main__"), roots=(folder,), reads=tuple(words[at + 2 :]))


def _launched(name: str, words: Sequence[str], folder: str, env: Mapping[str, str]) -> Entry:
    row = LAUNCHERS[name]
    settings = name.upper().replace("-", "_")
    moved = next((key for key in env if key in (f"{settings}_CMD_ARGS", f"{settings}_APP_DIR")), None)
    if moved is not None:
        raise NotTold(f"{moved} says more of what runs")
    options = dict(_options(name, row, words))
    operands = [word for key, word in options.items() if key.startswith("#")]
    if row.verb:
        if not operands or operands[0] not in row.verb.split():
            raise NotTold(f"of `{name} {' '.join(operands[:1])}` nothing is known")
        operands = operands[1:]
    named = [options[key] for key in row.app.split() if key in options] or (
        [] if row.names else _by_variable(name, env)
    )
    targets = operands[:1] if row.names else named
    folders = [_path(options[key], folder) for key in row.folder.split() if key in options]
    roots = (*folders, folder)
    reads = (*row.reads.split(), *(posixpath.join(base, path) for base in folders for path in row.reads.split()))
    values = tuple(word for key, word in options.items() if key not in f"{row.app} {row.folder}".split())
    if row.names != "script" and not targets and "app.py" not in row.reads:
        raise NotTold(f"`{name}` is not told which module it loads")
    if row.names == "script":
        targets = [word for word in operands if word.endswith(".py")][:1]
        if not targets:
            raise NotTold(f"`{name}` is not told which file it runs")
        scripts = tuple(_path(target, folder) for target in targets)
        return Entry(scripts=scripts, roots=(*map(posixpath.dirname, scripts), folder), reads=(*reads, *values))
    modules = [re.split(r"[:(]", target)[0].removesuffix(".py").replace("/", ".") for target in targets]
    if name in ("gunicorn", "celery", "flask"):
        # `pkg.mod.app`, or a package in which `celery` is looked for.
        modules += [f"{module}.celery" for module in modules if name == "celery"]
    for module in modules:
        _check_name(module)
    return Entry(tuple(modules), roots=roots, reads=(*reads, *values))


def _by_variable(name: str, env: Mapping[str, str]) -> list[str]:
    variable = f"{name.upper()}_APP"
    return [env[variable]] if variable in env else []


def _options(name: str, row: Launcher, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Options with their values, and operands numbered (`#0`); raises NotTold for an option that no row has."""
    flags, valued = row.flags.split(), f"{row.valued} {row.app} {row.folder}".split()
    at = 0
    while at < len(words):
        word = words[at]
        option, equals, given = word.partition("=")
        short = option[:2]
        if not word.startswith("-") or word == "-":
            yield f"#{at}", word
        elif option in flags:
            yield option, ""
        elif option in valued and equals:
            yield option, given
        elif option in valued:
            at += 1
            yield option, words[at] if at < len(words) else ""
        elif not word.startswith("--") and short in valued:
            yield short, word[2:]
        elif row.families and option.startswith(tuple(row.families.split())):
            yield option, given
        else:
            raise NotTold(f"`{name} {option}` is not followed")
        at += 1


def _check_name(module: str) -> None:
    if not re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", module):
        raise NotTold(f"`{module}` is not the name of a module")


def _path(path: str, folder: str) -> str:
    if "$" in path or not folder:
        raise NotTold(f"where `{path}` lies depends on a variable")
    return posixpath.normpath(posixpath.join(folder, path))

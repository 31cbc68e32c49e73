"""What pip, uv, poetry and pipenv have in common: the command, the variables, and where they write."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from ...syntax.script import Word
from ..context import Kind
from ..effect import unquoted
from .asked import Asked, NotTold
from .environment import check_environment, with_known_path
from .reading import Line, Said, above, check_variables, line, options, there, trees
from .requirements import check_address

_QUOTES = re.compile(rb"'[^']*'|\"(?:\\.|[^\"\\])*\"|.", re.DOTALL)
# Options of python that may stand before `-m`: none adds a folder.
_PYTHON_OPTIONS = frozenset("-u -I -P -B -E -s -O -OO -q".split())
# python(1): those with another letter than `_` behind PYTHON are its own.
_PYTHON = r"PIP_\w+|PYTHON(?!_)\w+"
_HARMLESS: Mapping[str, str] = {
    "how python runs": """PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONHASHSEED PYTHONFAULTHANDLER PYTHONIOENCODING
        PYTHONUTF8 PYTHONOPTIMIZE PYTHONWARNINGS PYTHONNOUSERSITE PYTHONSAFEPATH PYTHONDEVMODE PYTHONLEGACY*
        PYTHONCOERCECLOCALE PYTHONMALLOC PYTHONTRACEMALLOC PYTHONASYNCIODEBUG PYTHONINTMAXSTRDIGITS""",
    "how packages are fetched": """PIP_NO_CACHE_DIR PIP_DEFAULT_TIMEOUT PIP_TIMEOUT PIP_RETRIES PIP_TRUSTED_HOST
        PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_PROXY PIP_KEYRING_PROVIDER""",
    "which packages are installed": """PIP_PREFER_BINARY PIP_ONLY_BINARY PIP_NO_BINARY PIP_PRE PIP_UPGRADE
        PIP_NO_BUILD_ISOLATION PIP_REQUIRE_HASHES PIP_NO_DEPS PIP_USE_PEP517 PIP_BREAK_SYSTEM_PACKAGES
        PIP_IGNORE_INSTALLED PIP_FORCE_REINSTALL PIP_REQUIRE_VIRTUALENV PIP_NO_COMPILE PIP_USE_FEATURE
        PIP_USE_DEPRECATED""",
    "what pip tells": """PIP_DISABLE_PIP_VERSION_CHECK PIP_ROOT_USER_ACTION PIP_NO_INPUT PIP_PROGRESS_BAR PIP_QUIET
        PIP_VERBOSE PIP_NO_COLOR PIP_NO_PYTHON_VERSION_WARNING PIP_NO_WARN_SCRIPT_LOCATION PIP_EXISTS_ACTION""",
    "what a file calls its own": "PIP_VERSION",
}
_FOLDERS = "PIP_CACHE_DIR PYTHONUSERBASE PYTHONPYCACHEPREFIX"
# Where pip installs for root: of distributions and official images (sysconfig), of conda's and AWS's images, and the
# virtual environments that nobody names. Besides, what is cached and built.
_TREES = """/usr/local /usr/lib /usr/lib64 /usr/bin /usr/include /usr/share /usr/etc /opt/conda /opt/python /opt/venv
    /venv /var/lang /root/.cache /root/.local /root/.config /tmp /var/tmp"""
# What pip and uv import; of the standard library, `test` is imported by none.
_IMPORTED = sys.stdlib_module_names - {"test"} | {"pip", "uv", "setuptools", "pkg_resources", "wheel", "keyring"}
_SYSTEM_BIN = re.compile(r"/(?:usr/(?:local/)?)?s?bin")


class Run(NamedTuple):
    """A command as text, its options and other words, and the folders of the project and the trees that it writes."""

    told: Line
    found: Said
    outputs: tuple[str, ...]
    elsewhere: tuple[bytes, ...]


def names(rows: Mapping[str, str]) -> tuple[str, ...]:
    """All names of a table by reasons."""
    return tuple(name for row in rows.values() for name in row.split())


def run_of(
    asked: Asked, manager: str, verbs: Iterable[str], flags: Mapping[str, str], valued: Mapping[str, str]
) -> Run:
    """The command by tables of options; raises NotTold, also where `python -m` may take a module of the project."""
    call = asked.call
    if call is None or call.manager.name != manager or call.verb.decode("utf-8", "replace") not in verbs:
        raise NotTold(f"of `{b' '.join(asked.words[:2]).decode('utf-8', 'replace')}` it is not known what it reads")
    before = len(asked.command.words) - len(asked.words)
    words = [_literal(asked, word) for word in asked.command.words[before:]]
    told = Line(tuple(words), line(with_known_path(asked._replace(words=(b"_",) * len(words)))).env)
    at = call.at - before
    if at:
        _check_module(asked, words[:at], manager)
    found = options(_spread(words[at + 1 :], names(flags)), names(flags), names(valued))
    verb = call.verb.decode().split()
    if list(found.arguments[: len(verb)]) != verb:
        raise NotTold(f"of `{call.shown}` it is not known which words are options")
    outputs, elsewhere = _environments(asked, told, words[0])
    return Run(told, found._replace(arguments=found.arguments[len(verb) :]), outputs, elsewhere)


def _literal(asked: Asked, word: Word) -> str:
    """A word as the program gets it; raises NotTold where the shell may make another of it."""
    shown = unquoted(word.text).decode("utf-8", "replace")
    parts = _QUOTES.findall(word.text)
    live = b"".join(part for part in parts if not (len(part) > 1 and part[:1] == b"'"))
    bare = b"".join(part for part in parts if len(part) == 1)
    if re.search(rb"[$`\\]", live) or re.search(rb"\{.*(?:,|\.\.)|^~|[()<>|;&]", bare):
        raise NotTold(f"what {shown} stands for is known only when the command runs")
    # `uvicorn[standard]` stays as it is where no file matches it.
    if re.search(rb"[*?\[]", bare) and ("/" in shown or any(fnmatchcase(name, shown) for name in _beside(asked))):
        raise NotTold(f"{shown} may match files of the project")
    return shown


def _beside(asked: Asked) -> Iterator[str]:
    """The names of what is in the folder."""
    start = f"{asked.folder}/" if asked.folder not in ("", ".") else ""
    for path in asked.context.entries:
        if path.startswith(start) and "/" not in path[len(start) :]:
            yield path[len(start) :]


def _spread(words: Iterable[str], flags: tuple[str, ...]) -> Iterator[str]:
    """The words, with short options apart: `-qr FILE`."""
    for word in words:
        left = word
        while re.fullmatch(r"-[a-zA-Z]{2}.*", left) and left not in flags and left[:2] in flags:
            yield left[:2]
            left = "-" + left[2:]
        yield left


def _check_module(asked: Asked, words: list[str], manager: str) -> None:
    """Raises NotTold where `python -m` may take a module of the folder for one that the tool imports.

    pip takes the folder off python's path before it looks for what is installed, and uv never looks there.
    """
    python, *given = words
    shown = f"`{' '.join([posixpath.basename(python), *given])} {manager}`"
    if manager not in ("pip", "uv") or not {*given} <= {*_PYTHON_OPTIONS, "-m"}:
        raise NotTold(f"{shown} may import modules of the project")
    if not {"-I", "-P"} & {*given}:
        refuse_modules(asked, shown)


def refuse_modules(asked: Asked, who: str) -> None:
    """Raises NotTold where the folder has a module that python takes for one of its own: a `logging.py`.

    The folder comes first on the path of `python -m` and `python -c`
    (https://docs.python.org/3/using/cmdline.html#cmdoption-m).
    """
    for name in _beside(asked):
        module, _, suffix = name.partition(".")
        path = asked.at(name)
        is_package = f"{path}/__init__.py" in asked.context.entries or asked.context.entries[path].kind is Kind.LINK
        is_module = is_package or suffix.split(".")[-1] in ("py", "pyc", "so")
        if (is_module and module in _IMPORTED) or name.endswith((".egg-info", ".dist-info")):
            raise NotTold(f"{name} is found by {who} before what is installed")


def _environments(asked: Asked, told: Line, program: str) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    """Virtual environments that the program, PATH or VIRTUAL_ENV name: in the project, and elsewhere."""
    paths = [asked.env.get(b"PATH", b"").decode("utf-8", "replace"), told.env.get("PATH", "")]
    folders = [path for path in ":".join(paths).split(":") if path.startswith("/") and path.endswith("/bin")]
    if "/" in program:
        folders.append(posixpath.dirname(program))
        if not re.fullmatch(r"(?:.*/)?bin/[\w.]+", program) or "$" in program:
            raise NotTold(f"it is not known where {program} installs")
    found = [posixpath.dirname(path) or "." for path in folders if not _SYSTEM_BIN.fullmatch(path)]
    found += [told.env["VIRTUAL_ENV"]] if told.env.get("VIRTUAL_ENV") else []
    outputs, elsewhere = [], []
    for path in found:
        output, tree = placed(asked, path, "the virtual environment")
        outputs += output
        elsewhere += tree
    return tuple(outputs), tuple(elsewhere)


def placed(asked: Asked, path: str, who: str) -> tuple[list[str], list[bytes]]:
    """A folder that is written, as one of the context or as a tree elsewhere; raises NotTold where it is neither."""
    target = asked.at(path)
    is_inside = not target.startswith("..")
    if "$" in path or target == "." or (not is_inside and not path.startswith("/")):
        raise NotTold(f"it is not known where {who} {path} lies, or it is the project itself")
    return ([target], []) if is_inside else ([], [posixpath.normpath(path).encode()])


def written(run: Run, own: str = "", harmless: Mapping[str, str] | None = None, folders: str = "") -> tuple[bytes, ...]:
    """The trees that are written; raises NotTold for a variable that is not known.

    `own` is a regular expression for the tool's variables, of which `harmless` are known, and `folders` name trees.
    """
    env = run.told.env
    check_environment(env)
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        check_address(env.get(name, ""), name)
    moved = [*_FOLDERS.split(), *folders.split()]
    known = (*names(_HARMLESS), *names(harmless or {}), *moved)
    check_variables(env, f"{_PYTHON}|{own}" if own else _PYTHON, known)
    return (*trees(env, _TREES, moved), *run.elsewhere)


def refuse_above(asked: Asked, folder: str, files: str) -> None:
    """Raises NotTold where one of these stands in a folder above that is copied, too."""
    for each in list(above(asked, folder))[1:]:
        for name in files.split():
            if there(asked, posixpath.join(each, name)):
                raise NotTold(f"{posixpath.join(each, name)} stands above, and may count")

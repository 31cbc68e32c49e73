"""What `mix deps.get` and `mix deps.compile` read: https://hexdocs.pm/mix/Mix.Tasks.Deps.Get.html.

`config/config.exs` is loaded by every task: https://hexdocs.pm/mix/Mix.Tasks.Loadconfig.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from .asked import Asked, Needs, NotTold
from .reading import (
    check_code,
    check_variables,
    home,
    inside,
    line,
    needs,
    options,
    text,
    there,
    those_there,
    trees,
)


class Task(NamedTuple):
    """A task: its flags, its options with a value, and whether it looks at the project."""

    flags: tuple[str, ...]
    valued: tuple[str, ...]
    manifests: bool = True


_TASKS = {
    "deps.get": Task(("--check-locked", "--no-archives-check"), ("--only", "--target")),
    "deps.compile": Task(("--force", "--skip-umbrella-children", "--no-archives-check"), ()),
    "local.hex": Task(("--force", "--if-missing"), (), manifests=False),
    "local.rebar": Task(("--force", "--if-missing"), (), manifests=False),
}
_HARMLESS = {
    "MIX_ENV": "which parts of the configuration count; all are taken",
    "MIX_TARGET": "which dependencies",
    "MIX_QUIET": "tells less",
    "MIX_DEBUG": "tells more",
    "MIX_OS_DEPS_COMPILE_PARTITION_COUNT": "how many at once",
    "MIX_OS_CONCURRENCY_LOCK": "how it waits for others",
    "HEX_MIRROR": "where packages come from",
    "HEX_HTTP_CONCURRENCY": "how it fetches",
    "HEX_HTTP_TIMEOUT": "how it fetches",
    "HEX_UNSAFE_HTTPS": "how it fetches",
    "HEX_UNSAFE_REGISTRY": "how it fetches",
    "HEX_API_KEY": "who fetches packages",
    "HEX_REPOS_KEY": "who fetches packages",
    "HEX_OFFLINE": "how it fetches",
    "ELIXIR_VERSION": "images set it for their own use",
}
_TREES = ("MIX_HOME", "HEX_HOME", "MIX_ARCHIVES", "MIX_XDG", "REBAR_CACHE_DIR", "REBAR_GLOBAL_CONFIG_DIR")
# mix.exs and the configuration are programs. They read files by functions of modules alone; these read none.
_PURE = re.compile(
    r"""Mix\.(?:env|target|raise)|System\.(?:get_env|fetch_env!?|version|otp_release|schedulers_online)
    |(?:String|Enum|Keyword|Map|List|Integer|Atom|Version|Date|DateTime|Regex|Tuple|Access|MapSet|URI|Float)\.\w+[!?]?
    |Path\.(?:join|expand|basename|dirname|rootname|extname)|Config\.\w+|Application\.(?:get_env|spec)|Base\.\w+""",
    re.VERBOSE,
)
_CALL = re.compile(r"(?<![\w.:])((?:[A-Z]\w*\.)+[a-z_]\w*[!?]?)|(?<![\w:]):[a-z_]\w*\.([a-z_]\w*)")
_RISKY = (
    (r"(?<![\w.@:])(?:File|Code|IO|Port|Agent|Task|GenServer|Module)\b(?!:)", "it may read files or run code"),
    (r"(?<![\w.@:])(?:apply|spawn\w*|import_file\w*|eval_\w+|require|alias)\b(?!:)", "it may run any code"),
    (r"(?<![\w.@:])import (?!Config\b|Mix\.Config\b|Kernel\b)", "it may run any code"),
    (r"(?<![\w.@:])use (?!Mix\.Project\b|Mix\.Config\b|Config\b)", "it runs code of another module"),
    (r"(?<![\w.:\]])[a-z_]\w*\.[a-z_]\w*[!?]?\(", "which module that is is known only when it runs"),
    (r"\bdef(?:macro|delegate|impl|protocol)\b|\bquote\b", "it makes code"),
)
_RISKY_IN_MIX = (
    (r"\bpath:", "a dependency or something else lies in a folder"),
    (r"\bgit:\s*\"(?!https?://|git@|ssh://|git://)", "a dependency may lie in a folder"),
    (r"[\"'](?:deps\.|loadconfig|local\.|do\b)[\w.]*[\"']:|\b(?:loadconfig|compile\.all):", "an alias replaces a task"),
    (r"\bapps:", "it chooses its applications"),
)
# Strings, sigils and characters stay; comments go.
_COMMENT = re.compile(
    r"""((?:~[A-Za-z]+)?(?:\"{3}.*?\"{3}|\'{3}.*?\'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |~[A-Za-z]+(?:\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|/(?:\\.|[^/\\])*/|\|[^|]*\|)|(?<!\w)\?["'\#])|\#[^\n]*""",
    re.DOTALL | re.VERBOSE,
)
_IMPORTED = re.compile(r"""^\s*import_config\b\s*\(?\s*(?:"([^"\n]*)")?""", re.MULTILINE)
# The usual name of the configuration of an environment.
_OF_ENV = re.compile(r"(?:\./)?#\{\s*(?:Mix\.env(?:\(\))?|config_env\(\)|Mix\.target\(\)|config_target\(\))\s*\}\.exs")
_FOLDERS = {"deps_path": "deps", "build_path": "_build", "lockfile": "mix.lock", "config_path": "config/config.exs"}


def mix(asked: Asked) -> Needs:
    """What these tasks need: each mix.exs, mix.lock and the configuration but runtime.exs, which only a start reads.

    `mix do` runs several. `local.hex` and `local.rebar` have nothing to do with the project. Code must be plain.
    """
    words, env = line(asked)
    check_variables(env, r"(?:MIX|HEX|REBAR|ELIXIR|ERL)_\w+", (*_HARMLESS, *_TREES))
    tasks = list(_tasks(words[1:]))
    elsewhere = trees(env, "/root/.mix /root/.hex /root/.cache /root/.config", _TREES)
    if not any(_TASKS[name].manifests for name, _ in tasks):
        return needs((), (), elsewhere)
    folder = home(asked)
    files: list[str] = []
    outputs: list[str] = []
    names: set[str] = set()
    for each in _projects(asked, folder):
        told = _code(asked, each)
        files += (each, *_config(asked, each, told))
        paths = {name: _told(asked, each, told, name) for name in _FOLDERS}
        outputs += (paths["deps_path"], paths["build_path"])
        lock = paths["lockfile"]
        names |= set(re.findall(r"\{\s*:(\w+)\s*,(?![^}]*\bin_umbrella:)", told))
    files += those_there(asked, "", (lock,)) + those_there(asked, folder, (".tool-versions",))
    gets = any(name == "deps.get" and "--check-locked" not in given for name, given in tasks)
    return needs(files, outputs, elsewhere, _unlocked(asked, lock, names) if gets else "")


def _tasks(words: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The tasks with their words: https://hexdocs.pm/mix/Mix.Tasks.Do.html"""
    parts = re.split(r",\s+|\s\+\s", " ".join(words[1:])) if words[:1] == ("do",) else [" ".join(words)]
    for name, *given in ((part.split() or ["(its default task)"]) for part in parts):
        task = _TASKS.get(name)
        if task is None:
            raise NotTold(f"it is not known what mix {name} reads")
        said = options(given, task.flags, task.valued)
        if said.arguments and name != "deps.compile":
            raise NotTold(f"it is not known what mix {name} makes of {said.arguments[0]}")
        yield name, tuple(given)


def _projects(asked: Asked, folder: str) -> Iterator[str]:
    """mix.exs, and those of the applications of an umbrella: https://hexdocs.pm/mix/Mix.Project.html"""
    path = posixpath.join(folder, "mix.exs")
    told = _code(asked, path)
    apps = re.search(r'\bapps_path:\s*(?:"([\w./-]+)"|\S)', told)
    if apps:
        if not apps[1]:
            raise NotTold(f"{path} says apps_path, and what that is is not understood")
        top = inside(asked, folder, apps[1], path)
        for each in asked.context.entries:
            if posixpath.basename(each) == "mix.exs" and posixpath.dirname(posixpath.dirname(each)) == top:
                yield each
    elif "in_umbrella:" in told:
        raise NotTold(f"{path} needs other applications of its umbrella")
    # The last one says where the lock is.
    yield path


def _code(asked: Asked, path: str) -> str:
    """A file of code, comments off; NotTold where it may read other files."""
    told = text(asked, path)
    # In a string with strings inside, what is a comment is not known.
    if any("#{" in re.sub(r"#\{[^}]*\}", "", match[1] or "") for match in _COMMENT.finditer(told)):
        raise NotTold(f"{path} has a string with others inside, which is not understood")
    code = _COMMENT.sub(lambda match: match[1] or " ", told)
    check_code(code, (*_RISKY, *(_RISKY_IN_MIX if posixpath.basename(path) == "mix.exs" else ())), path)
    for match in _CALL.finditer(code):
        if match[2] or not _PURE.fullmatch(match[1]):
            raise NotTold(f"{path} calls {match[0]}, which may read files")
    return code


def _told(asked: Asked, path: str, told: str, name: str) -> str:
    """Where a project says that something is."""
    match = re.search(rf'\b{name}:\s*(?:"([\w./-]+)"|\S)', told)
    if match and not match[1]:
        raise NotTold(f"{path} says {name}, and what that is is not understood")
    return inside(asked, posixpath.dirname(path), match[1] if match else _FOLDERS[name], path)


def _config(asked: Asked, path: str, told: str) -> list[str]:
    """The configuration and what it imports."""
    first = _told(asked, path, told, "config_path")
    if re.search(r"\bconfig_path:", told):
        text(asked, first)
    found: list[str] = []
    waiting = those_there(asked, "", (first,))
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.append(one)
        folder = posixpath.dirname(one)
        code = _code(asked, one)
        if len(re.findall(r"\bimport_config\b", code)) != len(_IMPORTED.findall(code)):
            raise NotTold(f"{one} imports in a way that is not understood")
        for name in _IMPORTED.findall(code):
            if _OF_ENV.fullmatch(name):
                waiting += _beside(asked, folder)
            elif re.fullmatch(r"[\w./-]+", name) and there(asked, inside(asked, folder, name, one)):
                waiting.append(inside(asked, folder, name, one))
            else:
                raise NotTold(f"{one} imports {name or 'something'}, and what that is is not known")
    return found


def _beside(asked: Asked, folder: str) -> Iterator[str]:
    for path in asked.context.entries:
        if posixpath.dirname(path) == folder and path.endswith(".exs") and posixpath.basename(path) != "runtime.exs":
            yield path


def _unlocked(asked: Asked, lock: str, names: set[str]) -> str:
    """What makes mix write mix.lock; empty if it has all dependencies."""
    if not there(asked, lock):
        return "there is no mix.lock"
    locked = set(re.findall(r'^\s*"?:?(\w+)"?:', text(asked, lock), re.MULTILINE))
    missing = sorted(names - locked)
    return f"mix.lock lacks {missing[0]}: mix deps.get adds it, and the copy takes it away" if missing else ""

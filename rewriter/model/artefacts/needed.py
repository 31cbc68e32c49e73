"""Which packages the runtime stage installs: those that run something, and what the others leave a need for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from ..bases import first_on_path
from ..facts import Facts
from ..packages.call import Call
from ..recommends import closure
from ..recommends.images import holds
from .libraries import OF_FLAGS, libraries, suite_of
from .packages import FETCHERS, INTERPRETERS_OF, PROVIDES, bare, build_row, run_by
from .reading import Kind
from .split import Carried, NotTold
from .stage import Read, last_work
from .started import SHELLS, is_base_tool
from .toolchains import Makes
from .trees import within, within_any
from .wanted import Wanted

_NODE = frozenset({"node", "nodejs"})
_JAVASCRIPT = frozenset("npm yarn yarnpkg pnpm npx node nodejs webpack esbuild".split())
_OF_FAMILIES = {"pip": "python3", "setup.py": "python3", "venv": "python3", "gem": "ruby", "cpanm": "perl",
                "Build": "perl", "Makefile.PL": "perl", "npm": "nodejs"}  # fmt: skip
# Images with nothing but what is minimal in them.
_BARE = re.compile(r"(?:docker\.io/)?(?:library/)?(?:debian|ubuntu)(?:[:@]|$)")
# They need some Java, and a JDK beside them says which.
_DRIVERS = frozenset({"maven", "ant", "gradle", "ivy"})
# Parts of Java that need the libraries which a headless JRE lacks.
_DRAWS = re.compile(rb"java\.awt|javax\.swing|javafx|javax\.print|javax\.sound|java\.beans|javax\.accessibility")
# Languages whose own libraries speak TLS, by what builds them.
_WITH_TLS = frozenset({"go", "cargo", "javac", "mvn", "gradle", "npm", "node", "pip", "gem", "cpanm", "bundle"})
_OF_TLS = re.compile(r"lib(?:ssl|curl|gnutls|mbedtls|wolfssl|nss|pq|maria|mysql|git2|neon|soup|qt.*network)")
_TLS = "ca-certificates"


class Needed(NamedTuple):
    """`kept` are the packages that stay, by the place of their install; `added` what has to be named besides, with the
    reason; `gone` what no longer comes along."""

    kept: Mapping[int, tuple[str, ...]]
    added: Mapping[int, tuple[tuple[str, str], ...]]
    gone: tuple[str, ...]


def installs(read: Read) -> Iterator[tuple[tuple[int, int], Call]]:
    """The installs, in their order, each with its instruction and where it stands in there."""
    for index, action in read.actions():
        if action.kind is Kind.INSTALL and action.call is not None:
            yield (index, action.command.start), action.call


def needed(facts: Facts, read: Read, wanted: Wanted, carried: Sequence[Carried]) -> Needed:
    """What the runtime stage installs. Raises NotTold."""
    found = list(installs(read))
    calls = [tuple(name.decode("utf-8", "replace") for name in call.arguments) for _, call in found]
    every = [name for names in calls for name in names]
    stays = {name for name in every if not _only_builds(name, read, wanted, carried)}
    # What is installed once all is built, is there to run.
    stays |= {name for (key, _), names in zip(found, calls, strict=True) if key[0] > last_work(read) for name in names}
    stays |= set(_of_programs(wanted, every, stays))
    gone = [name for name in dict.fromkeys(every) if name not in stays]
    reasons = dict(_reasons(facts, read, wanted, gone, stays))
    reasons |= _certificates(read, wanted, gone, [*stays, *reasons])
    added: dict[int, list[tuple[str, str]]] = {}
    for name, (of, why) in reasons.items():
        place = next((at for at, names in enumerate(calls) if of in names), 0)
        added.setdefault(place, []).append((name, why))
    kept = {at: tuple(name for name in names if name in stays) for at, names in enumerate(calls)}
    return Needed(kept, {at: tuple(rows) for at, rows in added.items()}, tuple(gone))


def _only_builds(name: str, read: Read, wanted: Wanted, carried: Sequence[Carried]) -> bool:
    if bare(name) in FETCHERS:
        program = FETCHERS[bare(name)].encode()
        called = any(
            action.command.words[:1] and action.command.words[0].text == program for _, action in read.actions()
        )
        return called and not wanted.calls(program)
    if bare(name) == "nodejs":
        return _is_left_behind(read, wanted, carried)
    return build_row(name) is not None


def _is_left_behind(read: Read, wanted: Wanted, carried: Sequence[Carried]) -> bool:
    """Whether JavaScript only builds: nothing of it is started, installed or comes along."""
    if any(wanted.calls(name) for name in (b"node", b"nodejs", b"npm", b"npx", b"yarn", b"yarnpkg", b"pm2")):
        return False
    builds = [built for _, built in read.builds() if not _JAVASCRIPT.isdisjoint(built.row.programs.split())]
    if not builds or any(built.row.makes is Makes.INSTALLS for built in builds):
        return False
    heedless = not wanted.starts.stays
    return heedless and not any(within_any(built.folder, [one.path for one in carried]) for built in builds)


def _of_programs(wanted: Wanted, every: Sequence[str], stays: set[str]) -> Iterator[str]:
    """Build packages that the image needs after all, since it starts what is in them."""
    for program in wanted.starts.programs:
        names = PROVIDES.get(program.rpartition(b"/")[2].decode("utf-8", "replace"), ())
        # Debian's nodejs has no npm in it, that of others has: the first of them that the file names is the one.
        pattern = next((one for one in names if _found((one,), {*every, *stays})), "")
        yield from (name for name in every if pattern and _found((pattern,), {name}))


def _found(patterns: Sequence[str], names: set[str]) -> bool:
    return any(fnmatchcase(bare(name), pattern) for name in names for pattern in patterns)


Reasons = Iterator[tuple[str, tuple[str, str]]]


def _reasons(facts: Facts, read: Read, wanted: Wanted, gone: Sequence[str], stays: set[str]) -> Reasons:
    """What must be named now: the package, the one that it stands for, and the reason."""
    base = read.stage.base
    yield from _interpreters(facts, read, wanted, gone, stays)
    for name, of in libraries(base, gone):
        if name not in stays:
            yield name, (of, f"a library of {of}")
    text = facts.source.text
    for name, pattern, why in OF_FLAGS:
        if pattern.search(text) or any(pattern.search(one) for one in _texts(facts, read)):
            yield name, (gone[0], why)


def _certificates(read: Read, wanted: Wanted, gone: Sequence[str], stays: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The certificates, where they came along with what goes, and the program may speak TLS."""
    base = read.stage.base
    suite = suite_of(base)
    if not suite or _TLS in stays or holds(base, _TLS) or not _may_speak(read, wanted, stays):
        return {}
    recommends = not _has_no_recommends(read)
    came, stay = closure(suite, gone, recommends=recommends), closure(suite, stays, recommends=recommends)
    if _TLS not in came or _TLS in stay:
        return {}
    return {_TLS: (gone[0], "what speaks TLS reads them, and they came along")}


def _may_speak(read: Read, wanted: Wanted, stays: Sequence[str]) -> bool:
    """Whether the program may speak TLS: C and C++ need a library for it, and a server of files asks nobody."""
    if not wanted.starts.stays:
        return False
    others = (program for _, built in read.builds() for program in built.row.programs.split())
    return any(program in _WITH_TLS for program in others) or any(_OF_TLS.match(name) for name in stays)


def _has_no_recommends(read: Read) -> bool:
    return all(b"install-recommends" in b" ".join(call.options) for _, call in installs(read))


def _texts(facts: Facts, read: Read) -> Iterator[bytes]:
    """The texts of the files that are built."""
    context = facts.context
    if context is None:
        return
    for copy in read.copies.values():
        for _, inner in copy.files or ():
            if re.search(r"\.(?:c|cc|cpp|cxx|h|hpp|txt|mk|am|build|f90)$|Makefile|configure", inner):
                yield context.read(inner) or b""


def _interpreters(facts: Facts, read: Read, wanted: Wanted, gone: Sequence[str], stays: set[str]) -> Reasons:
    """What runs what is started, where no package that stays is or brings it."""
    base = read.stage.base
    asked: dict[str, str] = {}
    for program in wanted.starts.programs:
        name = program.rpartition(b"/")[2].decode("utf-8", "replace")
        if name.encode() not in first_on_path(base):
            _ask(name, program, read, stays, asked)
    for _, built in read.builds():
        if built.row.makes is Makes.INSTALLS:
            for family in built.row.programs.split():
                runs = _OF_FAMILIES.get(family)
                if runs and runs.encode() not in {one.replace(b"node", b"nodejs") for one in first_on_path(base)}:
                    asked.setdefault(runs, "what is installed is written in its language")
    for package, why in asked.items():
        if _brought(package, stays, base):
            continue
        named = sorted(gone, key=lambda name: bare(name) in _DRIVERS)
        of = next((name for name in named if run_by(name) and _is_same(run_by(name), package)), "")
        if of:
            bare_jre = run_by(of).endswith("-jre") and _has_no_windows(facts, read)
            told = f"{why}, and its sources draw no windows" if bare_jre else why
            yield run_by(of) + ("-headless" if bare_jre else ""), (of, told)
        elif package in closure(suite_of(base), gone):
            yield package, (gone[0], why)
        elif _BARE.match(base):
            raise NotTold(f"where {package} comes from is not known")


def _has_no_windows(facts: Facts, read: Read) -> bool:
    """Whether all that is compiled is here to be read, by javac alone, and none of it names what draws."""
    context = facts.context
    programs = {program for _, built in read.builds() for program in built.row.programs.split()}
    if context is None or not programs <= {"javac", "jar"}:
        return False
    found = [(copy.files, inner) for copy in read.copies.values() for _, inner in copy.files or ((b"", ""),)]
    if any(files is None or inner.endswith((".jar", ".class")) for files, inner in found):
        return False
    return not any(_DRAWS.search(context.read(inner) or b"java.awt") for _, inner in found if inner.endswith(".java"))


def _is_same(runs: str, package: str) -> bool:
    """Whether one package stands for the other: a JRE is a JRE."""
    return runs == package or ("-jre" in runs and "-jre" in package) or runs.startswith(package)


def _brought(package: str, stays: set[str], base: str) -> bool:
    """Whether a package that stays is it, or depends on it."""
    if any(_is_same(bare(name), package) or bare(name).startswith(f"{package}-") for name in stays):
        return True
    suite = suite_of(base)
    return bool(suite) and (
        package in closure(suite, tuple(stays))
        or any("-jre" in package and "-jre" in name for name in closure(suite, tuple(stays)))
    )


def _ask(name: str, program: bytes, read: Read, stays: set[str], asked: dict[str, str]) -> None:
    """Where a program that is started comes from."""
    if name in INTERPRETERS_OF:
        asked.setdefault(INTERPRETERS_OF[name], f"`{name}` is started")
        return
    if is_base_tool(name.encode()) or name.encode() in SHELLS:
        return
    if b"/" in program and not program.startswith((b"/usr/bin/", b"/usr/sbin/", b"/bin/", b"/sbin/")):
        return
    if name in PROVIDES and _found(PROVIDES[name], stays):
        return
    if any(bare(package) == name or bare(package).startswith(f"{name}-") for package in stays):
        return
    if any(_is_on_path(built_path, read) for built_path in _made(read)):
        return
    if not _BARE.match(read.stage.base):
        return
    raise NotTold(f"where `{name}`, which it starts, comes from is not known")


def _made(read: Read) -> Iterator[bytes]:
    for _, built in read.builds():
        yield from built.trees
        yield from built.made
    for _, action in read.actions():
        if action.kind in (Kind.PLACE, Kind.FETCH, Kind.FILES):
            yield from (*action.puts, *action.writes)


def _is_on_path(path: bytes, read: Read) -> bool:
    folders = [b"/usr/local/bin", b"/usr/local/sbin", b"/usr/bin", b"/usr/sbin", b"/bin", b"/sbin"]
    folders += [part for part in read.end.env.get(b"PATH", b"").split(b":") if part.startswith(b"/")]
    clean = path.rstrip(b"/") or b"/"
    return any(within(folder, clean) or within(clean, folder) for folder in folders)

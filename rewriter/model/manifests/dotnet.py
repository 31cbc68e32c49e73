"""What `dotnet restore` reads: the projects, and what stands above them.

https://learn.microsoft.com/dotnet/core/tools/dotnet-restore,
https://learn.microsoft.com/visualstudio/msbuild/customize-by-directory,
https://learn.microsoft.com/nuget/consume-packages/configuring-nuget-behavior
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from .asked import Asked, Needs, NotTold
from .msbuild import MOVED, SDKS, Read, closure
from .reading import (
    Said,
    above,
    check_variables,
    home,
    inside,
    line,
    nearest,
    needs,
    options,
    text,
    there,
    those_there,
    trees,
    xml,
)

_FLAGS = frozenset(
    """--no-cache --no-http-cache --ignore-failed-sources --locked-mode -f --force --disable-parallel --interactive
    --nologo -nologo --disable-build-servers --ucr --use-current-runtime""".split()
)
_VALUED = frozenset("-v --verbosity -r --runtime -a --arch --os -s --source --packages --configfile".split())
_PROPERTY = re.compile(r"[-/]{1,2}p(?:roperty)?:(\w+)=[^;]*")
# Properties that say what is built, not where files are.
_PROPERTIES = frozenset(
    """configuration publishreadytorun publishsinglefile publishtrimmed publishaot selfcontained runtimeidentifier
    runtimeidentifiers targetframework targetframeworks restorelockedmode version versionprefix versionsuffix
    assemblyversion fileversion informationalversion packageversion debugtype warninglevel treatwarningsaserrors
    usesharedcompilation nugetaudit restoreignorefailedsources restoredisableparallel useapphost platform
    continuousintegrationbuild deterministic invariantglobalization""".split()
)
_HARMLESS = {
    "NUGET_XMLDOC_MODE": "which files of packages are kept",
    "NUGET_CERT_REVOCATION_MODE": "how it fetches",
    "NUGET_CREDENTIALPROVIDER_*": "who fetches packages",
    "NUGET_ENHANCED_*": "how it fetches",
    "NUGET_SHOW_STACK": "tells more",
    "NUGET_EXPERIMENTAL_*": "how it fetches",
    "MSBUILDDISABLENODEREUSE": "of processes",
    "MSBUILDSINGLELOADCONTEXT": "of processes",
    "MSBUILDTERMINALLOGGER": "tells it in another way",
    "MSBUILDNOINPROCNODE": "of processes",
}
_TREES = ("NUGET_PACKAGES", "NUGET_HTTP_CACHE_PATH", "NUGET_SCRATCH", "DOTNET_CLI_HOME")
_PROJECT = re.compile(r"[^/]+\.(?:cs|fs|vb)proj")
_SLN_LINE = re.compile(r'^\s*Project\("\{([^}]*)\}"\)\s*=\s*"[^"]*",\s*"([^"]*)"', re.MULTILINE)
_SLN_FOLDER = "2150E333-8FDC-42A3-9474-1A3956D46DE8"  # a heading of a solution, not a project
_COMMON = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props")
# What nuget.config may say: https://learn.microsoft.com/nuget/reference/nuget-config-file
_SECTIONS = frozenset(
    """packagesources auditsources disabledpackagesources packagesourcemapping packagesourcecredentials apikeys
    activepackagesource packagerestore packagemanagement bindingredirects solution trustedsigners config""".split()
)
_SETTINGS = frozenset(
    """dependencyversion defaultpushsource http_proxy http_proxy.user http_proxy.password no_proxy
    signaturevalidationmode maxhttprequestspersource updatepackagelastaccesstime""".split()
)


def dotnet(asked: Asked) -> Needs:
    """What `dotnet restore` needs: of each project and those that it refers to the file, and what stands above it.

    MSBuild takes the variables of the environment for properties, too.
    """
    words, env = line(asked)
    if words[1:2] != ("restore",) or posixpath.basename(words[0]) != "dotnet":
        raise NotTold(f"{' '.join(words[:2])} reads the sources, or what it reads is not known")
    said = _said(words[2:])
    check_variables(env, r"(?i:NUGET_\w+|MSBUILD\w*)|DOTNET_CLI_HOME", (*_HARMLESS, *_TREES))
    moved = next((name for name in env if MOVED.fullmatch(name.lower())), "")
    if moved:
        raise NotTold(f"the variable {moved} is a property that moves what is read or written")
    folder = home(asked)
    start = _start(asked, folder, said.arguments)
    solution = not _PROJECT.fullmatch(posixpath.basename(start))
    files = {start, *_response(asked, posixpath.dirname(start)), *(_around(asked, start) if solution else ())}
    projects = _projects(asked, _solution(asked, start) if solution else [start])
    locks = [path for each in projects for path in _locks(asked, each)]
    files |= {*projects, *locks, *(path for read in projects.values() for path in read.files)}
    folders = {folder, *map(posixpath.dirname, (start, *projects))}
    files |= {*_configs(asked, said, folder, folders), *_global(asked, folders)}
    locked = said.has("--locked-mode") or all(read.locked for read in projects.values())
    unsure = "dotnet restore may rewrite packages.lock.json, and the copy undoes that" if locks and not locked else ""
    packages = tuple(path.encode() for path in said.values("--packages"))
    elsewhere = (*trees(env, "/root/.nuget /root/.local /root/.dotnet /tmp", _TREES), *packages)
    return needs(files, [posixpath.join(posixpath.dirname(each), "obj") for each in projects], elsewhere, unsure)


def _said(words: tuple[str, ...]) -> Said:
    given = [_PROPERTY.fullmatch(word) for word in words]
    odd = [match[1] for match in given if match and match[1].lower() not in _PROPERTIES]
    if odd:
        raise NotTold(f"it is not known what the property {odd[0]} makes of it")
    said = options([word for word, match in zip(words, given, strict=True) if not match], _FLAGS, _VALUED)
    if not all(re.match("https?://", source) for source in said.values("-s", "--source")):
        raise NotTold("packages come from a folder")
    if not all(path.startswith("/") for path in said.values("--packages")):
        raise NotTold("packages go to a folder of the project")
    return said


def _start(asked: Asked, folder: str, arguments: tuple[str, ...]) -> str:
    """The solution or project, which is the only one of a folder or is named."""
    if len(arguments) > 1:
        raise NotTold("dotnet restore is given several files")
    path = inside(asked, folder, arguments[0], "dotnet restore") if arguments else folder
    if not there(asked, path):
        kinds = re.compile(r".*(?:\.sln[xf]?|proj)")
        entries = [one for one in asked.context.entries if posixpath.dirname(one) == path and kinds.fullmatch(one)]
        found = [one for one in entries if there(asked, one)]
        if len(found) != 1:
            raise NotTold(f"there is not one solution or project in {path or 'the folder'}, but {len(found)}")
        path = found[0]
    if not re.fullmatch(r".*\.slnx?", path) and not _PROJECT.fullmatch(posixpath.basename(path)):
        raise NotTold(f"{path} is of a kind that is not known")
    return path


def _solution(asked: Asked, path: str) -> Iterator[str]:
    """The projects of a solution."""
    if path.endswith(".slnx"):
        names = [element.get("Path") or "" for element in xml(asked, path).iter("Project")]
    else:
        names = [name for kind, name in _SLN_LINE.findall(text(asked, path)) if kind.upper() != _SLN_FOLDER]
    for name in names:
        yield inside(asked, posixpath.dirname(path), name.replace("\\", "/"), path)


def _around(asked: Asked, path: str) -> set[str]:
    """What counts for the whole solution."""
    folder, name = posixpath.split(path)
    files = nearest(asked, folder, "Directory.Solution.props", "Directory.Solution.targets")
    files += those_there(asked, folder, (f"before.{name}.targets", f"after.{name}.targets"))
    return {one for each in files for one in closure(asked, each, folder).files}


def _projects(asked: Asked, start: Iterator[str] | list[str]) -> dict[str, Read]:
    """The projects, those that they refer to, and what each is made of."""
    known: dict[str, Read] = {}
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in known:
            continue
        if not _PROJECT.fullmatch(posixpath.basename(path)):
            raise NotTold(f"{path} is a project of a kind that is not known")
        folder = posixpath.dirname(path)
        around = [one for name in _COMMON for one in nearest(asked, folder, name)]
        around += those_there(asked, folder, (f"{posixpath.basename(path)}.user",))
        parts = [closure(asked, each, folder) for each in (path, *around)]
        references = tuple(one for part in parts for one in part.references)
        files = frozenset(one for part in parts for one in part.files)
        known[path] = Read(files, references, any(part.locked for part in parts))
        waiting += (inside(asked, folder, one, path) for one in references)
        root = xml(asked, path)
        sdks = (root.get("Sdk") or "").split(";")
        sdks = [one for one in (*sdks, *(each.get("Name") or "?" for each in root if each.tag == "Sdk")) if one]
        if not sdks or not all(SDKS.fullmatch(one.partition("/")[0]) for one in sdks):
            raise NotTold(f"{path} is no project of an SDK that is known")
    return known


def _locks(asked: Asked, project: str) -> list[str]:
    """The locks of a project: https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files"""
    folder, name = posixpath.split(project)
    own = f"packages.{name.rpartition('.')[0].replace(' ', '_')}.lock.json"
    return those_there(asked, folder, ("packages.lock.json", own))


def _global(asked: Asked, folders: set[str]) -> set[str]:
    """global.json: https://learn.microsoft.com/dotnet/core/tools/global-json"""
    found = {path for each in folders for path in nearest(asked, each, "global.json")}
    if any('"paths"' in text(asked, path) for path in found):
        raise NotTold("global.json names folders with SDKs")
    return found


def _response(asked: Asked, folder: str) -> list[str]:
    """Directory.Build.rsp: https://learn.microsoft.com/visualstudio/msbuild/msbuild-response-files"""
    found = nearest(asked, folder, "Directory.Build.rsp")
    for path in found:
        for row in text(asked, path).splitlines():
            if row.strip() and not re.fullmatch(
                r"#.*|[-/](?:nologo|m|maxcpucount|nr:\w+|nodereuse:\w+|v:\w+)", row.strip()
            ):
                raise NotTold(f"{path} has {row.strip()}, and it is not known what that makes of it")
    return found


def _configs(asked: Asked, said: Said, folder: str, folders: set[str]) -> Iterator[str]:
    """The files of settings of NuGet: the named one, else all from the folders upwards."""
    named = [inside(asked, folder, path, "--configfile") for path in said.values("--configfile")]
    tops = {one for each in folders for one in above(asked, each)}
    paths = [one for one in asked.context.entries if posixpath.basename(one).lower() == "nuget.config"]
    for path in named or (one for one in paths if posixpath.dirname(one) in tops and there(asked, one)):
        _check_config(xml(asked, path), path)
        yield path


def _check_config(root: ET.Element, path: str) -> None:
    for section in root:
        name = section.tag.lower()
        if name not in _SECTIONS:
            raise NotTold(f"{path} has {section.tag}, which may name folders")
        for row in section.iter("add"):
            if name in ("packagesources", "auditsources") and not re.match("https?://", row.get("value", "")):
                raise NotTold(f"{path} takes packages from the folder {row.get('value')}")
            if name == "config" and row.get("key", "").lower() not in _SETTINGS:
                raise NotTold(f"{path} says {row.get('key')}, which may be a folder")

"""What a file of MSBuild imports and refers to, where that is told without running it.

https://learn.microsoft.com/visualstudio/msbuild/msbuild-project-file-schema-reference
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from .asked import Asked, NotTold
from .reading import inside, there, xml

# Properties that move what restore reads or writes: https://learn.microsoft.com/nuget/reference/msbuild-targets
MOVED = re.compile(
    r"""restore(?:additionalproject)?sources|restore(?:additionalproject)?fallbackfolders|restorepackagespath
    |restoreconfigfile|restorerootconfigdirectory|restoreprojectstyle|restoreoutputpath|restoregraphprojectinput
    |nugetlockfilepath|baseintermediateoutputpath|msbuildprojectextensionspath|useartifactsoutput|artifactspath
    |packagetargetfallback|nugetpropsfile|directorybuild(?:props|targets)path|directorypackagespropspath
    |importdirectory\w+|custom(?:before|after)\w+|beforemicrosoft\w+|nugetrestoretargets|msbuild\w*path|skipimport\w+
    |additionalprojectreferences""",
    re.VERBOSE,
)
SDKS = re.compile(r"Microsoft\.NET\.Sdk(?:\.(?:Web|Worker|Razor|BlazorWebAssembly))?")
# Functions of properties that look at no file. https://learn.microsoft.com/visualstudio/msbuild/property-functions
_PURE = re.compile(
    r"""MSBuild::(?:IsOSPlatform|IsOSUnixLike|IsTargetFrameworkCompatible|GetTargetFrameworkIdentifier|ValueOrDefault
    |GetTargetFrameworkVersion|Version(?:Equals|NotEquals|LessThan\w*|GreaterThan\w*)|Add|Subtract|Multiply|Divide)
    |System\.(?:DateTime|String|Version|Math|Int32|Convert)::\w+""",
    re.VERBOSE,
)
# Targets that run when something is built: those that hook on to others may run at restore.
_BUILDS = frozenset(
    """build beforebuild afterbuild corebuild compile corecompile beforecompile publish beforepublish afterpublish pack
    clean test vstest postbuildevent prebuildevent prepareforbuild prepareforpublish computefilestopublish
    prepareresources generatenuspec resolveassemblyreferences assigntargetpaths""".split()
)


class Read(NamedTuple):
    """The files of MSBuild that a project is made of, and the projects that it refers to; whether it is locked."""

    files: frozenset[str]
    references: tuple[str, ...]
    locked: bool


def closure(asked: Asked, start: str, project: str) -> Read:
    """A file of MSBuild with all that it imports; `project` is the folder of the project."""
    files: set[str] = set()
    references: list[str] = []
    locked = False
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files.add(path)
        root = xml(asked, path)
        for element in root.iter():
            _check(element, path)
            tag = element.tag.lower()
            locked = locked or (tag == "restorelockedmode" and (element.text or "").strip().lower() == "true")
            if tag == "import" and not SDKS.fullmatch(element.get("Sdk", "").partition("/")[0]):
                waiting += _imported(asked, element, path, project)
            if tag == "projectreference" and "Include" in element.attrib:
                told = element.get("Include", "").split(";")
                references += (_literal(each.strip(), path, project, project) for each in told if each.strip())
    return Read(frozenset(files), tuple(posixpath.relpath(one, project or ".") for one in references), locked)


def _literal(told: str, who: str, start: str, project: str) -> str:
    """A path, from the root of the context; a relative one is from the folder `start`."""
    told = told.replace("\\", "/")
    match = re.match(r"\$\((\w+)\)/?", told)
    folders = {"MSBuildThisFileDirectory": posixpath.dirname(who), "MSBuildProjectDirectory": project}
    top = folders.get(match[1]) if match else start
    rest = told[match.end() :] if match else told
    if top is None or re.search(r"[$@%*?]", rest) or rest.startswith("/"):
        raise NotTold(f"{who} names {told}, and what that is is known only when it runs")
    return posixpath.normpath(posixpath.join(top, rest))


def _imported(asked: Asked, element: ET.Element, path: str, project: str) -> list[str]:
    told = element.get("Project", "")
    condition = re.sub(r"\s+", "", element.get("Condition", ""))
    exists = re.fullmatch(r"Exists\('(.*)'\)", condition, re.IGNORECASE)
    if "exists" in condition.lower() and (not exists or exists[1] != re.sub(r"\s+", "", told)):
        raise NotTold(f"{path} imports {told} by a condition that looks for files")
    found = inside(asked, "", _literal(told, path, posixpath.dirname(path), project), path)
    return [] if exists and not there(asked, found) else [found]


def _check(element: ET.Element, path: str) -> None:
    tag = element.tag.lower()
    texts = (element.text or "", *element.attrib.values())
    for kind, name in (pair for told in texts for pair in re.findall(r"\[([\w.]+)\]::(\w+)", told)):
        if not _PURE.fullmatch(f"{kind}::{name}"):
            raise NotTold(f"{path} has [{kind}]::{name}, which may look for files")
    if MOVED.fullmatch(tag):
        raise NotTold(f"{path} has {element.tag}, which moves what is read or written")
    if tag != "import" and "exists(" in element.get("Condition", "").replace(" ", "").lower():
        raise NotTold(f"{path} has a condition on whether a file is there")
    if "InitialTargets" in element.attrib:
        raise NotTold(f"{path} has InitialTargets, which always run")
    if tag == "target":
        hooks = ";".join((element.get("BeforeTargets", ""), element.get("AfterTargets", ""))).lower()
        names = {name.strip() for name in hooks.split(";") if name.strip()}
        if not names <= _BUILDS or re.search(r"restore|collect|_|package", element.get("Name", ""), re.IGNORECASE):
            raise NotTold(f"{path} has the target {element.get('Name')}, which may run at restore")

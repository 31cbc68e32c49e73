"""What Maven's `dependency:go-offline` and `dependency:resolve` read: the POMs, and the settings below .mvn.

https://maven.apache.org/pom.html, https://maven.apache.org/configure.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from .asked import Asked, Needs, NotTold
from .reading import (
    Said,
    above,
    below,
    check_variables,
    home,
    inside,
    line,
    needs,
    options,
    text,
    there,
    trees,
    xml,
)

_GOALS = re.compile(
    r"(?:org\.apache\.maven\.plugins:maven-)?dependency(?:-plugin(?::[\w.-]+)?)?:(?:go-offline|resolve(?:-plugins)?)"
)
_FLAGS = frozenset(
    """-B --batch-mode -q --quiet -e --errors -X --debug -U --update-snapshots -ntp --no-transfer-progress -C -V
    --strict-checksums -c --lax-checksums -fae --fail-at-end -ff --fail-fast -nsu --no-snapshot-updates --show-version
    -o --offline -llr --legacy-local-repository -npr -npu -up -cpu --non-interactive""".split()
)
_VALUED = frozenset("-P --activate-profiles -T --threads --color -D --define -f --file -s --settings".split())
# Properties that change nothing of what is read of the project: those of tests, of the network, of what is told.
_PROPERTIES = re.compile(
    r"""skipTests|skipITs|maven\.(?:test\.skip|artifact\.threads|wagon\.[\w.]+|resolver\.[\w.]+|javadoc\.skip)|aether\.[\w.]+
    |revision|changelist|sha1|style\.color|https?\.[\w.]+|java\.net\.[\w.]+|java\.awt\.headless|file\.encoding|silent
    |org\.slf4j\.simpleLogger\.[\w.]+|(?:in|ex)clude(?:Group|Artifact)Ids|(?:in|ex)cludeScope|user\.language|java\.security\.egd|sun\.[\w.]+""",
    re.VERBOSE,
)
# Flags of the Java machine that are about its memory and the like.
_JVM = re.compile(r"-(?:X(?:m[snx]|ss)\w+|XX:[+-]\w+|XX:\w+=\d[\w.]*|server|client|ea|D(?P<name>[\w.]+)(?:=.*)?)")
# Settings of the official images, which lie outside of any project: https://hub.docker.com/_/maven
_IMAGE_SETTINGS = "/usr/share/maven/"
# Where flags of the Java machine or of Maven may stand.
_FLAGS_IN = ("MAVEN_OPTS", "MAVEN_ARGS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "_JAVA_OPTIONS")
_HARMLESS = {
    "MAVEN_HOME": "where Maven is",
    "MAVEN_VERSION": "images set it for their own use",
    "MAVEN_SHA": "as MAVEN_VERSION",
    "MAVEN_DOWNLOAD_URL": "as MAVEN_VERSION",
    "MAVEN_SKIP_RC": "no files of the home folder",
    "MAVEN_DEBUG_ADDRESS": "of debuggers",
    "MAVEN_CONFIG": "only mvnw takes it for arguments, and that is refused by itself",
    "M2_HOME": "where Maven is",
    "MVNW_REPOURL": "where mvnw fetches Maven from",
    "MVNW_USERNAME": "who fetches it",
    "MVNW_PASSWORD": "who fetches it",
    "MVNW_VERBOSE": "tells more",
    "JAVA_HOME": "where Java is",
    "JAVA_VERSION": "images set it for their own use",
}
# Extensions get hold of the whole build; of these it is known that they look at no file of the project.
_EXTENSIONS = {
    "os-maven-plugin": "it looks at the system: https://github.com/trustin/os-maven-plugin",
    "maven-bundle-plugin": "it is there for its packaging",
    "nexus-staging-maven-plugin": "it puts itself behind `deploy`",
    "central-publishing-maven-plugin": "it puts itself behind `deploy`",
    "protobuf-maven-plugin": "it is there for its lifecycle",
    "wagon-ssh": "a transport",
    "wagon-ssh-external": "a transport",
    "wagon-http": "a transport",
    "wagon-webdav-jackrabbit": "a transport",
    "artifactregistry-maven-wagon": "a transport",
    "aws-maven": "a transport",
}
# A parent from a repository is not read; of these it is known that nothing in them depends on files of the project.
_PARENTS = {
    "spring-boot-starter-parent": "its profiles are switched on by name alone",
    "oss-parent": "it is about releases",
}
# What the scripts say that Maven's and Takari's wrapper plugins write: https://maven.apache.org/wrapper/
_WRAPPER = re.compile(r"Maven Wrapper startup|Maven2? Start ?Up Batch script", re.IGNORECASE)


def maven(asked: Asked) -> Needs:
    """What these goals need: the POM, those of its modules and parents, and .mvn; with the wrapper also mvnw.

    NotTold where the model depends on other files, or a module needs another one, which is not built yet then.
    """
    words, env = line(asked)
    folder = home(asked)
    said = options(words[1:], _FLAGS, _VALUED)
    names = said.values("-f", "--file")
    start = inside(asked, folder, names[-1], "-f") if names else folder
    start = start if start.endswith(".xml") else posixpath.join(start, "pom.xml")
    wrapper = _wrapper(asked, folder, words[0])
    settings = _mvn(asked, {folder, *map(posixpath.dirname, (start, *wrapper))})
    said = Said((*said.options, *options(_config(asked, settings), _FLAGS, _VALUED).options), said.arguments)
    _check_environment(env, bool(wrapper))
    elsewhere = (*trees(env, "/root/.m2 /usr/share/maven/ref", ("MAVEN_USER_HOME",)), *_check_options(said))
    poms = _poms(asked, start)
    _check_modules(poms)
    return needs((*wrapper, *settings, *_settings(asked, folder, said), *poms), (), elsewhere, _unknown_parent(poms))


def _wrapper(asked: Asked, folder: str, program: str) -> list[str]:
    """The script of the wrapper, if it is the program: it must be the one that Maven makes."""
    if posixpath.basename(program) != "mvnw":
        return []
    if "/" not in program:
        raise NotTold("mvnw is looked for in PATH")
    path = inside(asked, folder, program, "the command")
    if not _WRAPPER.search(text(asked, path)):
        raise NotTold(f"{path} is not the script that Maven's wrapper has")
    return [path]


def _mvn(asked: Asked, folders: set[str]) -> list[str]:
    """The files of the first .mvn upwards; where it is looked for from several folders, they must have the same one."""
    found = set()
    for folder in folders:
        has = (each for each in above(asked, folder) if posixpath.join(each, ".mvn") in asked.context.entries)
        found.add(next(has, None))
    if len(found) > 1:
        raise NotTold("Maven and its wrapper look for .mvn in different folders")
    top = found.pop()
    files = [] if top is None else below(asked, posixpath.join(top, ".mvn"))
    for path in files:
        if path.endswith(".mvn/extensions.xml"):
            for extension in xml(asked, path).iter("extension"):
                _check_extension(extension, path)
        elif path.endswith(".mvn/jvm.config"):
            for word in text(asked, path).split():
                _check_jvm(word, path)
        elif path.endswith("maven-wrapper.properties") and re.search(r"(?<!\w)file:", text(asked, path)):
            raise NotTold(f"{path} takes Maven from a folder")
    return files


def _config(asked: Asked, files: list[str]) -> Iterator[str]:
    """The words that .mvn/maven.config adds: https://maven.apache.org/configure.html#mvn-maven-config-file"""
    for path in files:
        for word in text(asked, path).split() if path.endswith(".mvn/maven.config") else ():
            if not word.startswith("-") or _option(word) in ("-f", "--file", "-s", "--settings"):
                raise NotTold(f"{path} has {word}")
            yield word


def _option(word: str) -> str:
    return word.partition("=")[0] if word.startswith("--") else word[:2]


def _check_options(said: Said) -> Iterator[bytes]:
    """NotTold for goals and properties that are not known; gives a local repository."""
    if not said.arguments or not all(map(_GOALS.fullmatch, said.arguments)):
        raise NotTold(f"it is not known what mvn {' '.join(said.arguments)} reads".replace("  ", " "))
    for told in said.values("-D", "--define"):
        name, _, value = told.partition("=")
        if name == "maven.repo.local" and value.startswith("/"):
            yield value.encode()
        elif not _PROPERTIES.fullmatch(name):
            raise NotTold(f"it is not known what the property {name} makes of it")


def _check_environment(env: Mapping[str, str], wrapper: bool) -> None:
    check_variables(env, r"(?:MAVEN|MVNW|M2|JAVA|JDK_JAVA|_JAVA)_\w+", (*_HARMLESS, *_FLAGS_IN, "MAVEN_USER_HOME"))
    if wrapper and env.get("MAVEN_CONFIG"):
        raise NotTold("mvnw takes MAVEN_CONFIG for arguments")
    for name in _FLAGS_IN:
        for word in env.get(name, "").split():
            if name != "MAVEN_ARGS" or word not in _FLAGS:
                _check_jvm(word, name)


def _check_jvm(word: str, where: str) -> None:
    match = _JVM.fullmatch(word)
    if not match or (match["name"] and not _PROPERTIES.fullmatch(match["name"])):
        raise NotTold(f"{where} has {word}, and it is not known what that makes of it")


def _settings(asked: Asked, folder: str, said: Said) -> Iterator[str]:
    """The files of settings that are named; NotTold where they name folders."""
    for path in said.values("-s", "--settings"):
        if posixpath.normpath(path).startswith(_IMAGE_SETTINGS):
            continue
        found = inside(asked, folder, path, "-s")
        if any(
            element.tag == "localRepository" or "file:" in (element.text or "") for element in xml(asked, found).iter()
        ):
            raise NotTold(f"{found} names a folder")
        yield found


def _check_extension(element: ET.Element, path: str) -> None:
    name = _of(element, "artifactId")
    if name not in _EXTENSIONS:
        raise NotTold(f"{path} has the extension {name}, which may read anything")


def _poms(asked: Asked, start: str) -> dict[str, ET.Element]:
    """The POMs by their paths: the first one, those of its modules, also in profiles, and those of parents alone."""
    known: dict[str, ET.Element] = {}
    modules: set[str] = set()
    waiting = [(start, True)]
    while waiting:
        path, is_module = waiting.pop()
        if path in (modules if is_module else known):
            continue
        known[path] = root = xml(asked, path)
        _check_pom(root, path)
        waiting += ((parent, False) for parent in _parent(asked, root, path))
        if is_module:
            modules.add(path)
            for element in (one for each in _scopes(root) for one in each.findall("modules/module")):
                found = inside(asked, posixpath.dirname(path), (element.text or "").strip(), path)
                waiting.append((found if there(asked, found) else posixpath.join(found, "pom.xml"), True))
    return known


def _scopes(root: ET.Element) -> list[ET.Element]:
    """What the POM says always, and in its profiles."""
    return [root, *root.findall("profiles/profile")]


def _parent(asked: Asked, root: ET.Element, path: str) -> Iterator[str]:
    """The POM of the parent, if it is there: https://maven.apache.org/ref/current/maven-model/maven.html#class_parent"""
    parent = root.find("parent")
    if parent is None:
        return
    told = parent.find("relativePath")
    relative = "../pom.xml" if told is None else (told.text or "").strip()
    if not relative:
        return
    try:
        found = inside(asked, posixpath.dirname(path), relative, path)
    except NotTold:
        if told is None:
            return  # It is looked for above of what is copied, where only the image can have it.
        raise
    if not there(asked, found):
        found = posixpath.join(found, "pom.xml")
    if there(asked, found):
        yield found


def _check_pom(root: ET.Element, path: str) -> None:
    for each in _scopes(root):
        for repository in (*each.findall("repositories/*"), *each.findall("pluginRepositories/*")):
            url = _of(repository, "url")
            if "$" in url or not re.match(r"https?://|s3:|artifactregistry:", url):
                raise NotTold(f"{path} has a repository in {url}")
        modules = [(module.text or "") for module in each.findall("modules/module")]
        if each.find("subprojects") is not None or any("$" in module for module in modules):
            raise NotTold(f"{path} has modules that are not told by their names")
    for element in root.iter():
        if element.tag == "systemPath":
            raise NotTold(f"{path} has a dependency that is a file of its own")
        if element.tag == "activation" and element.find("file") is not None:
            raise NotTold(f"{path} has a profile that depends on whether a file is there")
        if element.tag == "extension" or (element.tag == "plugin" and _of(element, "extensions") == "true"):
            _check_extension(element, path)
        if _of(element, "artifactId") == "maven-dependency-plugin" and element.find(".//outputFile") is not None:
            raise NotTold(f"{path} makes maven-dependency-plugin write a file")


def _unknown_parent(poms: Mapping[str, ET.Element]) -> str:
    """Why a parent that is not among the POMs makes it unsure; empty if none does."""
    names = {_of(root, "artifactId") for root in poms.values()}
    parents = [_of(parent, "artifactId") for root in poms.values() for parent in root.findall("parent")]
    unknown = next((name for name in parents if name not in names and name not in _PARENTS), "")
    return f"the parent {unknown} comes from a repository, and its profiles may look at files" if unknown else ""


def _check_modules(poms: Mapping[str, ET.Element]) -> None:
    """NotTold where a module depends on another one: these goals look for it in a repository, as nothing is built."""
    names = {_of(root, "artifactId") for root in poms.values()}
    for path, root in poms.items():
        managed = {id(one) for each in root.iter("dependencyManagement") for one in each.iter("dependency")}
        for element in root.iter():
            if element.tag not in ("dependency", "plugin"):
                continue
            name = _of(element, "artifactId")
            if id(element) in managed and _of(element, "scope") != "import":
                continue
            if name in names or (len(poms) > 1 and "$" in name):
                raise NotTold(f"{path} depends on {name}, another module, which is not built yet then")


def _of(element: ET.Element, name: str) -> str:
    """What a child says; empty without one."""
    return (element.findtext(name) or "").strip()

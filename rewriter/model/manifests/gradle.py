"""What `gradle dependencies` reads: all build scripts, and what these are told to read.

https://docs.gradle.org/current/userguide/build_lifecycle.html, .../directory_layout.html
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from .asked import Asked, Needs, NotTold
from .reading import (
    above,
    below,
    check_code,
    check_variables,
    home,
    inside,
    line,
    literal,
    needs,
    options,
    table,
    text,
    there,
    those_there,
    toml,
    trees,
)

_TASK = re.compile(r"(?::?[\w.-]+)*?:?(?:dependencies|buildEnvironment)")
_FLAGS = frozenset(
    """--no-daemon --daemon --refresh-dependencies -q --quiet -i --info -d --debug -w --warn -s --stacktrace -S
    --full-stacktrace --parallel --no-parallel --build-cache --no-build-cache --no-configuration-cache --offline
    --continue --no-watch-fs --no-scan --foreground""".split()
)
_VALUED = frozenset("--console --warning-mode --configuration --max-workers --priority".split())
_PROPERTIES = re.compile(r"org\.gradle\.(?:daemon|jvmargs|parallel|caching|console|workers\.max|vfs\.watch|welcome)=.*")
_HARMLESS = {
    "GRADLE_HOME": "where Gradle is",
    "GRADLE_VERSION": "images set it for their own use",
    "GRADLE_DOWNLOAD_SHA256": "as GRADLE_VERSION",
    "JAVA_HOME": "where Java is",
    "JAVA_VERSION": "images set it for their own use",
}
_FLAGS_IN = ("GRADLE_OPTS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
_JVM = re.compile(
    r"-(?:X(?:m[snx]|ss)\w+|XX:[+-]\w+|XX:\w+=\d[\w.]*|Dfile\.encoding=[\w-]+|D(?=org\.gradle)(?P<own>.*))"
)
_SCRIPTS = ("build.gradle", "build.gradle.kts")
_OF_A_PROJECT = (*_SCRIPTS, "gradle.properties", "gradle.lockfile", "buildscript-gradle.lockfile")
_SETTINGS = ("settings.gradle", "settings.gradle.kts", "settings-gradle.lockfile", "gradle.lockfile")
# A build script is a program. Each row: what may make it look at other files, and why; strings are still in the text.
_RISKY = (
    (r"\bfiles?\b(?!\s*[=:.)\],}])", "it names files"),
    (r"\b(?:fileTree|zipTree|tarTree|fileContents)\b|\.(?:files|asFileTree|allSource|srcDirs)\b", "it names files"),
    (r"\b(?:parentFile|currentDir|buildFile|startParameter)\b", "it names files"),
    (r"(?<![\w-])(?:Files?|Paths?|FileReader|FileInputStream|RandomAccessFile|Scanner)\b", "it may read files"),
    (r"\b(?:java|kotlin)\.(?:io|nio)\b", "it may read files"),
    (
        r"\.(?:text|bytes|lines|readText|readLines|readBytes|eachLine|withReader|newReader|getText)\b(?!\s*=)",
        "it may read files",
    ),
    (r"\.(?:eachFile\w*|eachDir\w*|walk\w*|listFiles|list|exists|isFile|isDirectory)\b", "it may look for files"),
    (r"\.(?:inputStream|reader|bufferedReader)\b", "it may read files"),
    (r"\b(?:projectDir|rootDir|projectDirectory|settingsDir|rootDirectory|buildscriptDir)\b", "it names folders"),
    (r"\blayout\b(?!\.buildDirectory)", "it names folders"),
    (r"\b(?:exec|javaexec|commandLine|execute|ProcessBuilder|Runtime|ProcessGroovyMethods)\b", "it may run programs"),
    (r"\b(?:ant|copy|sync|delete|mkdir)\s*[.({]", "it may work on files while it is read"),
    (
        r"\b(?:GroovyShell|evaluate|Eval|ScriptEngine\w*|ClassLoader|forName|metaClass|invokeMethod)\b",
        "it may run any code",
    ),
    (r"(?<![\w-])Class\b(?!-)", "it may run any code"),
    (r"\b(?:URL|URI|toURL|openStream|openConnection)\b", "it may read from anywhere"),
    (r"\buri\s*\(\s*(?![\"']https?://)", "it may name a folder"),
    (r"\burl\b\s*[=(]?\s*(?![\"']https?://|uri\b)(?=[\"'\w])", "the repository may be a folder"),
    (r"\b(?:maven|setUrl)\s*\(\s*(?![\"']https?://)", "the repository may be a folder"),
    (r"\bProperties\b|\bload\s*\(", "it may load a file"),
    (r"\b(?:includeBuild|includeFlat|sourceControl|gitRepository|flatDir)\b", "it brings in folders"),
    (r"\b(?:git|svn|hg)\b", "it may ask for the history"),
    (r"\binitscript\b|\bbuildFileName\b", "it names other scripts"),
)
# Of these the ends are not looked for, so they could hide a part of the script.
_TEXTS = ((r"\"\"\"|\'\'\'|\$/|[=(,~]\s*/(?![/*])", "texts of this kind are not understood"),)
_IMPORTS = re.compile(
    r"org\.(?:gradle\.api\.tasks|jetbrains\.kotlin\.gradle|springframework\.boot\.gradle)\.[\w.*]+|java\.time\.[\w.*]+"
)
# Plugins are programs as well; of these it is known that they look at no files of the project until a task runs. A dot
# at the end: all whose names begin so.
_PLUGINS = {
    "org.jetbrains.kotlin.jvm": "the compiler",
    "org.jetbrains.kotlin.kapt": "the compiler",
    "org.jetbrains.kotlin.plugin.": "options of the compiler",
    "org.springframework.boot": "tasks and versions",
    "io.spring.dependency-management": "versions",
    "com.github.johnrengelman.shadow": "a task",
    "com.gradleup.shadow": "a task",
    "com.github.ben-manes.versions": "a task",
    "com.google.protobuf": "tasks",
    "io.freefair.lombok": "a dependency",
    "org.gradle.toolchains.foojay-resolver": "where toolchains come from",
    "org.gradle.toolchains.foojay-resolver-convention": "where toolchains come from",
}
# https://docs.gradle.org/current/userguide/plugin_reference.html
_CORE = frozenset(
    """java java-library java-platform java-test-fixtures application base distribution groovy scala war ear jacoco
    checkstyle pmd codenarc idea eclipse eclipse-wtp maven-publish ivy-publish signing java-base jvm-test-suite
    project-report build-dashboard test-report-aggregation jacoco-report-aggregation jvm-toolchains maven""".split()
)
_PLUGIN = re.compile(
    r"""\bid\s*\(?\s*['"]([^'"]+)|\bplugin\s*[:=]\s*['"]([^'"]+)|\bkotlin\s*\(\s*['"]([^'"]+)['"]\s*\)\s*(?:version|apply|\n|;)
    |\balias\s*\(?\s*([\w.]+)|\bapply\s*\(\s*(?!plugin|from|false)(\S+)|\bapply\s*<(\S+)|\bapply\s+plugin\s*:\s*(?!['"])(\S+)""",
    re.VERBOSE,
)
_APPLIED = re.compile(r"""\bapply\s*\(?\s*from\s*[:=]\s*(?:(['"])([\w./-]+)\1|(\S+))""")
_INCLUDE = re.compile(r"^\s*include\b(?!\w)[ \t]*(\(?)(.*)", re.MULTILINE)
_NAMES = re.compile(r"""\s*(?:(["'])[\w:.-]+\1\s*,?\s*)*""")
_COMMENT = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/""", re.DOTALL)


def gradle(asked: Asked) -> Needs:
    """What `gradle dependencies` needs, or `./gradlew --version`, which only fetches Gradle.

    Scripts are not run: one that has a word of which a file might come is not told.
    """
    words, env = line(asked)
    _check_environment(env)
    elsewhere = trees(env, "/root/.gradle /home/gradle/.gradle /tmp", ("GRADLE_USER_HOME",))
    folder = home(asked)
    files = [*_wrapper(asked, folder, words[0]), *_common(asked, folder)]
    if words[1:] in (("--version",), ("-v",)):
        return needs(files, (), elsewhere)
    _check_words(words)
    top = _top(asked, folder)
    scripts = _scripts(asked, folder, those_there(asked, folder, _SETTINGS[:2]))
    projects = {folder, *_projects(scripts, folder)} if top else {folder}
    for project in sorted(projects):
        scripts |= _scripts(asked, project, those_there(asked, project, _SCRIPTS))
        if there(asked, posixpath.join(project, "build.gradle.dcl")):
            raise NotTold("it is told in the declarative language")
        files += those_there(asked, project, _OF_A_PROJECT)
    for project in projects - {folder}:
        # An error since Gradle 9: https://docs.gradle.org/8.7/userguide/upgrading_version_8.html#deprecated_missing_project_directory
        if not any(path.startswith(f"{project}/") for path in scripts):
            raise NotTold(f"the project {project} has no build script, so its folder would not be there")
    for path, code in scripts.items():
        _check_plugins(asked, folder, path, code)
    files += (*scripts, *those_there(asked, folder, _SETTINGS))
    outputs = [posixpath.join(project, "build") for project in projects]
    outputs += [posixpath.join(folder, name) for name in (".gradle", ".kotlin")]
    return needs(files, outputs, elsewhere)


def _check_words(words: tuple[str, ...]) -> None:
    rest = [word for word in words[1:] if not (word[:2] == "-D" and _PROPERTIES.fullmatch(word[2:]))]
    said = options(rest, _FLAGS, _VALUED)
    if not said.arguments or not all(map(_TASK.fullmatch, said.arguments)):
        raise NotTold(f"it is not known what gradle {' '.join(said.arguments)} reads".replace("  ", " "))


def _check_environment(env: Mapping[str, str]) -> None:
    known = (*_HARMLESS, *_FLAGS_IN, "GRADLE_USER_HOME")
    check_variables(env, r"(?:GRADLE|JAVA|JDK_JAVA|_JAVA|ORG_GRADLE)_\w+", known)
    for name in _FLAGS_IN:
        for word in env.get(name, "").split():
            match = _JVM.fullmatch(word)
            if not match or (match["own"] and not _PROPERTIES.fullmatch(match["own"])):
                raise NotTold(f"{name} has {word}, and it is not known what that makes of it")


def _wrapper(asked: Asked, folder: str, program: str) -> Iterator[str]:
    """The script of the wrapper, if it is the program: it must be the one that Gradle makes."""
    if posixpath.basename(program) != "gradlew":
        return
    if "/" not in program or posixpath.dirname(inside(asked, folder, program, "the command")) != folder:
        raise NotTold("gradlew is not that of the folder")
    path = posixpath.join(folder, "gradlew")
    if not re.search(r"Gradle start ?up script", text(asked, path), re.IGNORECASE):
        raise NotTold(f"{path} is not the script that Gradle's wrapper has")
    yield path


def _common(asked: Asked, folder: str) -> Iterator[str]:
    """gradle.properties and what is below gradle/: of the wrapper, version catalogs, sums."""
    for path in those_there(asked, folder, ("gradle.properties",)):
        if re.search(r"projectcachedir|user\.home|java\.home|installations\.paths|-javaagent|@", text(asked, path)):
            raise NotTold(f"{path} says where files are read or written")
        yield path
    for path in below(asked, posixpath.join(folder, "gradle")):
        if path.endswith("gradle-wrapper.properties"):
            told = text(asked, path)
            url = re.search(r"^distributionUrl\s*=\s*(\S*)", told, re.MULTILINE)
            if not url or not url[1].startswith(("http\\:", "https\\:", "http:", "https:")) or "=PROJECT" in told:
                raise NotTold(f"{path} takes Gradle from a folder, or keeps it in one")
        yield path
    if any(one.startswith(posixpath.join(folder, "buildSrc/")) for one in asked.context.entries):
        raise NotTold("buildSrc is built before all else, from its sources")


def _top(asked: Asked, folder: str) -> bool:
    """Whether the folder has settings; those of a folder above would make it a part of another build."""
    for each in above(asked, folder):
        if those_there(asked, each, _SETTINGS[:2]):
            if each != folder:
                raise NotTold(f"the settings are in {each or 'a folder above'}")
            return True
    return False


def _scripts(asked: Asked, folder: str, paths: list[str]) -> dict[str, str]:
    """Scripts of a project with what they say, comments off, and those that they apply, by paths from its folder."""
    known: dict[str, str] = {}
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path in known:
            continue
        told = text(asked, path)
        check_code(told, _TEXTS, path)
        code = _COMMENT.sub(lambda match: match[1] or " ", told)
        for match in _APPLIED.finditer(code):
            if match[3]:
                raise NotTold(f"{path} applies {match[3]}, and what that is is known only when it runs")
            waiting.append(inside(asked, folder, match[2], path))
        known[path] = rest = _APPLIED.sub(" ", code)
        check_code(rest, _RISKY, path)
        for name in re.findall(r"^\s*import\s+(?:static\s+)?(\S+)", rest, re.MULTILINE):
            if not _IMPORTS.fullmatch(name.rstrip(";")):
                raise NotTold(f"{path} imports {name}, and what that reads is not known")
    return known


def _projects(scripts: Mapping[str, str], folder: str) -> Iterator[str]:
    """The folders of the projects that the settings include: `a:b` stands for `a/b`, and includes `a`."""
    for path, code in scripts.items():
        if path not in (posixpath.join(folder, name) for name in _SETTINGS):
            continue
        if len(re.findall(r"\binclude\b", code)) != len(_INCLUDE.findall(code)):
            raise NotTold(f"{path} includes projects in a way that is not understood")
        for match in _INCLUDE.finditer(code):
            told = code[match.start(2) :]
            words = _NAMES.match(told)
            names, end = (words[0], told[words.end() :]) if words else ("", told)
            bare = not end.startswith(".") and (not end or "\n" in names) and not names.rstrip().endswith(",")
            if not names.strip() or not (end.startswith(")") if match[1] else bare):
                raise NotTold(f"{path} includes projects that are not told by their names")
            for name in re.findall(r"[\w:.-]+", names):
                parts = [part for part in name.split(":") if part]
                yield from (posixpath.join(folder, *parts[:count]) for count in range(1, len(parts) + 1))


def _check_plugins(asked: Asked, folder: str, path: str, code: str) -> None:
    for match in _PLUGIN.finditer(code):
        own, legacy, kotlin, alias, *odd = match.groups()
        name = own or legacy or (f"org.jetbrains.kotlin.{kotlin}" if kotlin else "")
        name = _aliased(asked, folder, alias) if alias else name or next(filter(None, odd), "")
        known = name in _PLUGINS or any(row.endswith(".") and name.startswith(row) for row in _PLUGINS)
        if not known and name.removeprefix("org.gradle.") not in _CORE:
            raise NotTold(f"{path} applies {name}, and what that reads is not known")


def _aliased(asked: Asked, folder: str, alias: str) -> str:
    """The plugin that a version catalog has under a name: https://docs.gradle.org/current/userguide/version_catalogs.html"""
    plugins = table(toml(asked, posixpath.join(folder, "gradle/libs.versions.toml")).get("plugins"), "plugins")
    wanted = alias.removeprefix("libs.plugins.")
    for name, told in plugins.items():
        if re.sub(r"[-_]", ".", name) == wanted:
            return literal(told, name).partition(":")[0] if isinstance(told, str) else str(table(told, name).get("id"))
    raise NotTold(f"{alias} is not in gradle/libs.versions.toml")

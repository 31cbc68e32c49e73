"""What runs of a project when its dependencies are installed: its own scripts, and those of packages that look for it.

Sources: https://docs.npmjs.com/cli/using-npm/scripts, https://yarnpkg.com/advanced/lifecycle-scripts,
https://pnpm.io/scripts, and the scripts of the packages that are named here. Scripts of other packages run in
`node_modules`; they could find the project (by INIT_CWD, or above their own folder), and have no reason to.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from .asked import Asked, NotTold
from .dependencies import Package, specifiers
from .reading import table, text, there

SCRIPTS = """preinstall install postinstall prepublish preprepare prepare postprepare predependencies dependencies
    postdependencies pnpm:devPreinstall"""
"""What npm, yarn 1 and pnpm run of the project itself, after its dependencies or before."""

# Scripts that read nothing of the project, and why. `.git` is what husky's hooks are for: its index.js ends where there
# is none.
_HARMLESS: Mapping[str, str] = {
    r"npx (?:-y |--yes )?only-allow (?:npm|yarn|pnpm)": "it asks which package manager runs",
    r"husky(?: install)?(?: \|\| (?:true|:|exit 0))?": "without .git, it does nothing",
}


class Looker(NamedTuple):
    """Packages whose own script looks for files of the project when they are installed.

    `files` are patterns of paths, from the root of the project (`**/` for any folder). `taken`: the script reads no
    other files than these, so that they can be copied first.
    """

    packages: str
    files: str
    why: str
    taken: bool = False


_LOOKERS = (
    Looker(
        "husky yorkie pre-commit pre-push ghooks git-hooks simple-git-hooks lefthook @evilmartians/lefthook",
        "**/.git",
        "puts hooks into .git",
    ),
    Looker("@prisma/client prisma", "**/*.prisma **/prisma.config.*", "makes its client from a schema"),
    Looker("nx", "nx.json", "looks through the workspace"),
    Looker("@sveltejs/kit", "**/svelte.config.*", "reads the project's configuration"),
    Looker(
        "puppeteer puppeteer-core",
        ".puppeteerrc .puppeteerrc.* puppeteer.config.* .config/puppeteerrc .config/puppeteerrc.*",
        "reads where its browser goes",
        taken=True,
    ),
)
READS_MORE = re.compile(r"""["'`]\.{1,2}/|\bfs\b|process\.(?!env\b)|child_process|\bcacheDirectory\b""")
"""What makes a file of settings depend on others, or name a folder that is not told here."""


def refuse_scripts(asked: Asked, packages: Sequence[Package], names: str) -> None:
    """Raises NotTold where an install runs a script of a package of the project."""
    compiled = {posixpath.dirname(path) for path in asked.context.entries if path.endswith(".gyp")}
    has_git = any(posixpath.basename(path) == ".git" for path in asked.context.entries)
    for package in packages:
        scripts = table(package.data.get("scripts"), f"scripts of {package.path}")
        for name in names.split():
            if scripts.get(name) and not _is_harmless(scripts[name], has_git=has_git):
                raise NotTold(f"{package.path} has a {name} script")
        if package.folder in compiled:
            raise NotTold(f"the .gyp file beside {package.path} makes the install compile it")


def _is_harmless(script: object, *, has_git: bool) -> bool:
    text_of_it = script.strip() if isinstance(script, str) else ""
    return not (has_git and "husky" in text_of_it) and any(re.fullmatch(each, text_of_it) for each in _HARMLESS)


def refuse_programs(asked: Asked, package: Package) -> None:
    """Raises NotTold where the package has programs in the context: an install links to those that are there."""
    said = package.data.get("bin")
    paths = [said] if isinstance(said, str) else list(table(said, f"bin of {package.path}").values())
    folder = table(package.data.get("directories"), f"directories of {package.path}").get("bin")
    for path in [*paths, *([folder] if folder else [])]:
        if not isinstance(path, str):
            raise NotTold(f"bin of {package.path} is not written as it should be")
        target = posixpath.normpath(posixpath.join(package.folder, path.lstrip("/")))
        if target in asked.context.entries:
            raise NotTold(f"{package.path} has the program {target}, to which the install links")


def looked_for(asked: Asked, packages: Sequence[Package], lock: str) -> Iterator[str]:
    """Files that the scripts of installed packages read; raises NotTold where they read more than these.

    `lock` is the text of the lock file. The first package is the root of the project.
    """
    root = packages[0].folder
    direct = {name for package in packages for name, _ in specifiers(package)}
    for looker in _LOOKERS:
        named = next((name for name in looker.packages.split() if name in direct or _is_locked(name, lock)), None)
        for path in _found(asked, root, looker) if named else ():
            if not looker.taken or not there(asked, path) or READS_MORE.search(text(asked, path)):
                raise NotTold(f"{named} {looker.why} when it is installed: {path}")
            yield path
    for package in packages:
        if "workerDirectory" in table(package.data.get("msw"), f"msw of {package.path}"):
            raise NotTold(f"msw writes to the folder that {package.path} names when it is installed")


def _is_locked(name: str, lock: str) -> bool:
    return re.search(rf"""(?m)(?:^|["'/\s,(]){re.escape(name)}(?:["'@:,\s]|$)""", lock) is not None


def _found(asked: Asked, root: str, looker: Looker) -> Iterator[str]:
    start = f"{root}/" if root else ""
    for pattern in looker.files.split():
        anywhere = pattern.removeprefix("**/")
        for path in asked.context.entries:
            if "node_modules/" in path:
                continue
            shown = path.removeprefix(start) if anywhere == pattern else posixpath.basename(path)
            if (anywhere != pattern or path.startswith(start)) and fnmatchcase(shown, anywhere):
                yield path

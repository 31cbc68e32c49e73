"""What the machine knows and builds need too: where packages come from, and how to get at them.

All of it is read where and when the tests run: none of it is written down in the repository.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PIP_FILES = (Path("/etc/pip.conf"), Path("~/.config/pip/pip.conf"), Path("~/.pip/pip.conf"))
NPM_FILES = (Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path("/usr/local/etc/npmrc"), Path("~/.npmrc"))
PIP_NAMES = re.compile(r"\s*(index-url|extra-index-url|trusted-host|cert|client-cert|proxy)\s*=(?!.*file:)")
NPM_NAMES = re.compile(r"\s*((@[^:]+:)?registry|cafile|ca|strict-ssl|(https-)?proxy|noproxy|//.*)\s*=")


class Source(NamedTuple):
    """One archive of packages that apt knows, with a suite of it and the parts that are taken."""

    archive: str
    suite: str
    components: list[str]


class Archives(NamedTuple):
    """Where Debian's packages come from; `security` is empty on machines without it."""

    main: str
    security: str


def sources(folder: Path = Path("/etc/apt")) -> Iterator[Source]:
    """What apt's lists name for binary packages, in either of the two ways in which they can be written."""
    for file in sorted(folder.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n", "", file.read_text())):
            fields = {name.lower(): text.split() for name, text in re.findall(r"(?m)^(\S+):(.*(?:\n[ \t].*)*)", stanza)}
            if "deb" in fields.get("types", []) and fields.get("enabled", ["yes"]) != ["no"]:
                for suite in fields.get("suites", []):
                    yield Source(fields["uris"][0], suite, fields.get("components", []))
    for file in (folder / "sources.list", *sorted(folder.glob("sources.list.d/*.list"))):
        text = file.read_text() if file.exists() else ""
        for archive, suite, components in re.findall(r"(?m)^deb\s+(?:\[.*?\]\s+)?(\S+)\s+(\S+)\s+(.*)$", text):
            yield Source(archive, suite, components.split())


def archives() -> Archives:
    """Debian's archive and its security archive, as this machine reaches them."""
    (codename,) = re.findall(r"(?m)^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text())
    main = security = ""
    for source in sources():
        if "main" in source.components and source.suite == codename:
            main = main or source.archive
        if "main" in source.components and source.suite == f"{codename}-security":
            security = security or source.archive
    return Archives(main, security)


def proxy() -> str:
    """The proxy through which apt fetches here; empty where it needs none."""
    command = ["apt-config", "dump", "--format", "%v", "Acquire::http::Proxy"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _kept(files: tuple[Path, ...], names: re.Pattern[str]) -> list[str]:
    """The lines that set one of the names, each once."""
    texts = [path.read_text() for path in (file.expanduser() for file in files) if path.exists()]
    return list(dict.fromkeys(line for text in texts for line in text.splitlines() if names.match(line)))


def npm_settings() -> str:
    """How npm reaches its registry."""
    return "".join(f"{line}\n" for line in _kept(NPM_FILES, NPM_NAMES))


def pip_settings() -> str:
    """How pip reaches its index."""
    lines = _kept(PIP_FILES, PIP_NAMES)
    return "".join(f"{line}\n" for line in ["[global]", *lines]) if lines else ""


def files(kind: str, cache: str, otherwise: Path) -> dict[str, bytes]:
    """What a base image needs in order to reach the registries from here, by path.

    `kind` is the name of the base; Debian's packages are fetched through `cache`; the certificates are this machine's,
    or those in the root `otherwise`.
    """
    bundle = CERTIFICATES if CERTIFICATES.exists() else otherwise / CERTIFICATES.relative_to("/")
    # Not where programs look for it: what needs the package ca-certificates shall fail without.
    moved = Path("/usr/local/share/rig/certificates.crt")
    found = {path: path.read_bytes() for path in Path("/etc/apt/apt.conf.d").glob("99*")}
    # The last word, also where the machine has a proxy of its own.
    found[Path("/etc/apt/apt.conf.d/zz-rig")] = f'Acquire::http::Proxy "{cache}";\n'.encode()
    # The package takes these into its bundle.
    found |= {path: path.read_bytes() for path in Path("/usr/local/share/ca-certificates").glob("*.crt")}
    for path in (moved, CERTIFICATES) if kind == "python" else (moved,):
        found[path] = bundle.read_bytes()
    for name, text in (
        ("etc/npmrc", npm_settings()),
        ("usr/local/etc/npmrc", npm_settings()),
        ("etc/pip.conf", pip_settings()),
    ):
        found[Path("/", name)] = text.replace(str(CERTIFICATES), str(moved)).encode()
    return {str(path.relative_to("/")): text for path, text in found.items() if text}

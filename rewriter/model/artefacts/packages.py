"""Debian's packages by what they are good for: to build, or to run; as data, each row with its reason.

A package without a row is one to run: it comes along.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Build(NamedTuple):
    """Packages that only build, by a pattern of their names; `runs` is the package that runs what they make."""

    names: str
    why: str
    runs: str = ""


BUILDS = (
    Build(r"openjdk-(\d+)-jdk", "javac; the JRE runs what it compiles", r"openjdk-\1-jre"),
    Build(r"openjdk-(\d+)-jdk-headless", "javac; the JRE runs what it compiles", r"openjdk-\1-jre-headless"),
    Build(r"default-jdk", "javac; the JRE runs what it compiles", "default-jre"),
    Build(r"default-jdk-headless", "javac; the JRE runs what it compiles", "default-jre-headless"),
    Build(r"maven|ant|gradle|ivy", "build tools of Java", "default-jre-headless"),
    Build(r"ruby-full", "Ruby with its headers and manuals", "ruby"),
    Build(r"(ruby\d[\d.]*)-dev", "headers of Ruby", r"\1"),
    Build(r"ruby-dev|bundler|ruby-bundler|rake|ruby-rake-compiler", "headers and build tools of Ruby", "ruby"),
    Build(r"(python\d\.\d+)-(?:dev|venv)", "headers of Python; what venv makes is a folder", r"\1"),
    Build(
        r"python3-(?:dev|pip|venv|setuptools|wheel|build|virtualenv|all-dev|distutils)|virtualenv|cython3?"
        r"|python3-(?:scikit-build|setuptools-scm|flit|flit-core|poetry-core|hatchling|pybind11)",
        "headers, installers and build tools of Python",
        "python3",
    ),
    Build(r"npm|yarnpkg|webpack|esbuild|rollup|node-(?:typescript|webpack|rollup.*|babel.*|gyp|uglify.*|terser"
          r"|source-map|css-loader|style-loader|less|sass.*)|terser|uglifyjs(?:\.terser)?|browserify(?:-lite)?"
          r"|babeljs|gulp|grunt|parcel|sassc|cleancss", "build tools of JavaScript", "nodejs"),
    Build(r"cpanminus|libmodule-build-perl|libmodule-install-perl|libextutils-.*-perl", "installers of Perl", "perl"),
    Build(r"luarocks", "the installer of Lua"),
    Build(r".+-dev|.+-dev-bin", "headers and libraries to link with; what is linked needs the libraries alone"),
    Build(
        r"build-essential|dpkg-dev|(?:gcc|g\+\+|cpp|gfortran|clang|llvm|lld)(?:-\d[\d.]*)?|(?:gcc|g\+\+)-multilib"
        r"|binutils|libc-dev-bin|gdb|valgrind|ccache|lcov|cppcheck|clang-(?:format|tidy)|mold",
        "compilers, linkers and debuggers",
    ),
    Build(
        r"make|cmake|cmake-data|ninja-build|meson|autoconf|automake|autotools-dev|autopoint|libtool|libtool-bin"
        r"|pkg-config|pkgconf|m4|bison|flex|byacc|re2c|gperf|swig\d?(?:\.\d)?|nasm|yasm|patch|scons|bear|help2man"
        r"|texinfo|doxygen|gettext|intltool|xsltproc|debhelper|devscripts|fakeroot|quilt|check",
        "they prepare or drive a build",
    ),
    Build(r"(?:golang|golang-go|golang-src)|golang-\d[\d.]*(?:-go|-src)?|gccgo(?:-\d+)?|golang-.*", "Go's compiler"),
    Build(r"cargo|rustc|rust-all|rustup|cargo-\d.*|rustc-\d.*|librust-.*", "Rust's compiler"),
    Build(r"ghc|cabal-install|haskell-stack|ocaml|opam|mono-devel|nim|crystal|ldc|gdc|gnat|fpc|vala|valac",
          "compilers"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(row.names), row) for row in BUILDS)

# What a program is to be found in, where its package has another name.
PROVIDES = {
    "java": ("default-jre-headless", "default-jre", "openjdk-*-jre-headless", "openjdk-*-jre"),
    "node": ("nodejs",),
    "nodejs": ("nodejs",),
    "npm": ("npm", "nodejs"),
    "npx": ("npm", "nodejs"),
    "yarn": ("yarn",),
    "yarnpkg": ("yarnpkg",),
    "python3": ("python3",),
    "python": ("python-is-python3", "python3"),
    "ruby": ("ruby",),
    "bundle": ("bundler", "ruby-bundler"),
    "bundler": ("bundler", "ruby-bundler"),
    "rackup": ("ruby-rack",),
    "rake": ("rake",),
    "perl": ("perl",),
    "plackup": ("libplack-perl",),
    "lua": ("lua5.4", "lua5.3"),
    "nginx": ("nginx", "nginx-light", "nginx-full", "nginx-extras", "nginx-core"),
    "apache2ctl": ("apache2",),
    "apachectl": ("apache2",),
    "apache2": ("apache2",),
    "lighttpd": ("lighttpd",),
    "supervisord": ("supervisor",),
    "tini": ("tini",),
    "dumb-init": ("dumb-init",),
    "gosu": ("gosu",),
    "su-exec": ("su-exec",),
    "curl": ("curl",),
    "wget": ("wget",),
    "xvfb-run": ("xvfb",),
    "gunicorn": ("gunicorn",),
    "uwsgi": ("uwsgi",),
    "redis-server": ("redis-server", "redis"),
    "cron": ("cron",),
}
# Programs that an installer puts on PATH as well: where there is one, they need no package.
INTERPRETERS_OF = {"python3": "python3", "python": "python3", "ruby": "ruby", "node": "nodejs", "nodejs": "nodejs",
                   "perl": "perl", "java": "default-jre-headless"}  # fmt: skip
# Packages whose name says which programs they have in them, and that a runtime stage must not lose.
FETCHERS = {"git": "git", "git-core": "git", "subversion": "svn", "mercurial": "hg"}


def build_row(package: str) -> Build | None:
    """The row of a package that only builds; None for one that comes along."""
    name = bare(package)
    return next((row for pattern, row in _PATTERNS if pattern.fullmatch(name)), None)


def run_by(package: str) -> str:
    """The package that runs what a build package makes; empty where nothing has to."""
    name = bare(package)
    for pattern, row in _PATTERNS:
        match = pattern.fullmatch(name)
        if match:
            return match.expand(row.runs) if row.runs else ""
    return ""


def bare(package: str) -> str:
    """The name without a version, a release or an architecture."""
    return re.split(r"[=/:]", package)[0]

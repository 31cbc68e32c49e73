"""Build commands as data: what of their work is left when they are done, and where.

A command that has no row here is none that is known to build. A row's `why` is the source of what it says.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Makes(Enum):
    """What a build command leaves."""

    NAMED = "the file or folder that an option names, or its default, and nothing else that is used"
    INSIDE = "files in the folder of the project; only the project says which"
    INSTALLS = "files under a prefix"
    NOTHING = "nothing that outlives the build"


class Row(NamedTuple):
    """A build command: `programs`, and where it has sub-commands, which of them (`verbs`; empty: the rest).

    `out` are options that name what it makes, `default` what it makes without them (a slash at its end: anything in
    that folder, from where it runs), `prefix` are options or variables that name where it installs, with their tail;
    `trees` is where it installs without them. `where` are options that name the folder in which it works.
    """

    programs: str
    verbs: str
    makes: Makes
    why: str
    out: tuple[str, ...] = ()
    default: str = ""
    prefix: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    where: tuple[str, ...] = ()


_INSTALL = "install install-strip install/strip install-exec altinstall"
_MAKE = "GNU coding standards: `prefix` is /usr/local unless it is given"
_GEMS = ("/var/lib/gems", "/usr/local/bin")
_PREFIXES = ("DESTDIR=", "PREFIX=", "prefix=", "INSTALL_ROOT=")
_SCRIPTS = "the scripts of the project say what it makes"

ROWS = (
    Row("cc gcc c++ g++ clang clang++ gfortran rustc", "", Makes.NAMED, "gcc(1): -o, else a.out", ("-o",), "a.out"),
    Row("ar ranlib ld as objcopy", "", Makes.NOTHING, "libraries that the linker takes in"),
    Row("make gmake ninja samu", _INSTALL, Makes.INSTALLS, _MAKE, (), "", _PREFIXES, ("/usr/local",), ("-C",)),
    Row("make gmake ninja samu", "", Makes.INSIDE, "the Makefile says what it makes", where=("-C",)),
    Row("cmake", "--install", Makes.INSTALLS, "cmake(1): --prefix, else CMAKE_INSTALL_PREFIX, else /usr/local",
        prefix=("--prefix",), trees=("/usr/local",), where=("--install", "--build")),
    Row("cmake", "", Makes.INSIDE, "cmake(1): in the folder of -B, or where it runs", where=("-B", "--build")),
    Row("meson", "install", Makes.INSTALLS, "meson: prefix is /usr/local unless it is given", trees=("/usr/local",),
        where=("-C",)),
    Row("meson", "", Makes.INSIDE, "meson(1)", where=("-C",)),
    Row("configure config Configure autogen.sh bootstrap bootstrap.sh buildconf autoreconf autoconf automake aclocal"
        " autoheader libtoolize qmake qmake6", "", Makes.INSIDE, "they write what make reads"),
    Row("go", "build", Makes.NAMED, "go help build: -o, else a file named after the package", ("-o",), "./"),
    Row("go", "install", Makes.INSTALLS, "go help install: GOBIN, else GOPATH/bin"),
    Row("go", "mod vet test generate fmt get list env version clean", Makes.NOTHING,
        "what they fetch, go build takes in"),
    Row("cargo", "build b rustc", Makes.NAMED, "cargo-build(1): target/PROFILE", ("--target-dir",), "target/"),
    Row("cargo", "install", Makes.INSTALLS, "cargo-install(1): --root, CARGO_INSTALL_ROOT, CARGO_HOME, ~/.cargo",
        prefix=("--root",)),
    Row("cargo", "fetch vendor test check clippy fmt update generate-lockfile", Makes.NOTHING,
        "what they fetch, cargo build takes in"),
    Row("javac", "", Makes.NAMED, "javac(1): -d, else beside the sources", ("-d",), "./"),
    Row("jar", "", Makes.NAMED, "jar(1): the file behind f", ("-f", "--file")),
    Row("mvn mvnw", "", Makes.NAMED, "Maven's standard folders: target", (), "target"),
    Row("gradle gradlew", "", Makes.NAMED, "Gradle's standard folders: build", (), "build"),
    Row("ant", "", Makes.INSIDE, "build.xml says what it makes"),
    Row("npm yarn yarnpkg pnpm", "cache config", Makes.NOTHING, "settings and downloads of the one who builds"),
    Row("npm yarn yarnpkg pnpm npx", "", Makes.INSIDE, _SCRIPTS),
    Row("webpack esbuild vite rollup parcel tsc ng gulp grunt browserify browserify-lite babel babeljs sass sassc"
        " lessc next react-scripts uglifyjs terser cleancss postcss svelte-kit vue-cli-service snowpack rspack",
        "", Makes.INSIDE, "into a folder of the project, unless an option names another",
        ("--outfile", "--outdir", "--outDir", "--output-path", "--output", "-o", "-d", "--dist-dir")),
    Row("node nodejs", "", Makes.INSIDE, _SCRIPTS),
    Row("hugo jekyll", "", Makes.INSIDE, _SCRIPTS, ("-d", "--destination")),
    Row("cython cython3 cythonize cythonize3", "", Makes.INSIDE, "beside the sources"),
    Row("rake", "", Makes.INSIDE, "the Rakefile says what it makes"),
    Row("Build", "install", Makes.INSTALLS, "Module::Build: `site` of Debian's Perl is in /usr/local",
        prefix=("--install_base", "--prefix"), trees=("/usr/local",)),
    Row("Build", "", Makes.INSIDE, "Module::Build"),
    Row("cpan cpanm cpm", "", Makes.INSTALLS, "ExtUtils::MakeMaker: `site` of Debian's Perl is in /usr/local",
        prefix=("-l", "-L", "--local-lib"), trees=("/usr/local",)),
    Row("gem", "install", Makes.INSTALLS, "Debian's rubygems: /var/lib/gems, and programs in /usr/local/bin",
        prefix=("-i", "--install-dir"), trees=_GEMS),
    Row("gem", "build", Makes.INSIDE, "gem build: in the folder in which it runs"),
    Row("gem", "sources update cleanup", Makes.NOTHING, "settings of the one who builds"),
    Row("bundle bundler", "install", Makes.INSTALLS, "Debian's bundler: where gem installs", trees=_GEMS),
    Row("bundle bundler", "", Makes.INSIDE, "the Gemfile and the Rakefile say what it makes"),
    Row("patch", "", Makes.INSIDE, "patch(1)", where=("-d", "--directory")),
    Row("luarocks", "install make build", Makes.INSTALLS, "luarocks: /usr/local", prefix=("--tree",),
        trees=("/usr/local",)),
    Row("pip pip3", "install", Makes.INSTALLS, "Debian's pip: /usr/local, or the virtual environment that it is of",
        prefix=("-t", "--target", "--prefix", "--root"), trees=("/usr/local",)),
    Row("pip pip3", "cache config", Makes.NOTHING, "settings and downloads of the one who builds"),
    Row("pip pip3", "wheel download", Makes.NAMED, "pip wheel: -w", ("-w", "--wheel-dir", "-d", "--dest"), "./"),
    Row("venv virtualenv", "", Makes.INSTALLS, "venv: the folder that it is given"),
    Row("setup.py", "install", Makes.INSTALLS, "Debian's Python: /usr/local", prefix=("--prefix", "--root"),
        trees=("/usr/local",)),
    Row("setup.py", "", Makes.INSIDE, "setuptools: build, or beside the sources"),
    Row("build compileall", "", Makes.INSIDE, "python -m build: dist"),
    Row("Makefile.PL Build.PL extconf.rb", "", Makes.INSIDE, "they write what make or Build reads"),
)  # fmt: skip

# Scripts and modules that an interpreter is given, and that have a row of their own.
INTERPRETED = frozenset({"setup.py", "Makefile.PL", "Build.PL", "extconf.rb", "venv", "virtualenv", "build",
                         "compileall", "pip", "cython", "cythonize"})  # fmt: skip
INTERPRETERS = frozenset({"python", "python3", "python2", "perl", "ruby"})

# Files of a project that nobody reads once it is compiled: by a pattern of their names.
SOURCES = (
    # C, C++, assembler, Fortran, and what configures their builds
    "*.c *.h *.cc *.hh *.cpp *.hpp *.cxx *.hxx *.inl *.S *.s *.asm *.f *.f90 *.o *.a Makefile makefile GNUmakefile"
    " Makefile.* *.mk *.cmake CMakeLists.txt *.ac *.am *.h.in *.pc.in *.cmake.in"
    " configure.in Makefile.in *.m4 meson.build meson_options.txt configure *.pro"
    # Go, Rust, Java and its relatives
    " *.go go.mod go.sum go.work *.rs Cargo.toml Cargo.lock rust-toolchain rust-toolchain.toml rustfmt.toml"
    " *.java *.kt *.kts *.scala *.groovy pom.xml build.gradle settings.gradle gradle.properties gradlew gradlew.bat"
    " mvnw mvnw.cmd build.xml gradle-wrapper.jar gradle-wrapper.properties MANIFEST.MF"
    # what any project has besides its program
    " README README.* LICENSE LICENSE.* LICENCE COPYING CHANGELOG CHANGELOG.* CHANGES AUTHORS CONTRIBUTING.md"
    " .gitignore .gitattributes .gitkeep .dockerignore Dockerfile Dockerfile.* *.Dockerfile .editorconfig"
    " .clang-format .travis.yml .gitlab-ci.yml docker-compose.yml docker-compose.yaml compose.yml compose.yaml"
).split()

"""What installs of Go, Rust and Java read of a project: told completely, for review, or not told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from dockfix.adapters.context import texts
from dockfix.model.facts import Facts
from dockfix.model.manifests import reader_of
from dockfix.model.manifests.asked import Asked, Needs, NotTold
from dockfix.model.packages.call import call_of, unwrapped
from dockfix.model.runs import runs
from dockfix.syntax.script import commands


class Case(NamedTuple):
    """A command in a folder of a context, and what is told of it: `files`, else a part of what `refuses`.

    `unsure` is a part of what makes it a change for review. `source` is the folder of the context that lies in /app.
    """

    says: str
    line: str
    context: Mapping[str, str]
    files: str = ""
    refuses: str = ""
    unsure: str = ""
    folder: str = ""
    env: Mapping[str, str] = {}
    links: Mapping[str, str] = {}
    source: str = ""


def told(case: Case) -> Needs:
    """The answer of the reader of the last command of the line."""
    facts = Facts.read("Dockerfile", f"FROM scratch\nRUN {case.line}\n".encode())
    script = next(iter(facts.of(runs).values())).script
    assert script is not None
    *_, command = commands(script)
    call, words = call_of(command), unwrapped(command)
    reader = reader_of(call.manager.name if call else words[0].decode())
    assert reader is not None
    context = texts({path: text.encode() for path, text in case.context.items()}, links=case.links)
    env = {name.encode(): value.encode() for name, value in case.env.items()}
    return reader(Asked(command, call, words, case.folder, context, env, ("/app", case.source)))


def check(case: Case) -> None:
    """That the reader says what the case does."""
    if case.refuses:
        with pytest.raises(NotTold) as found:
            told(case)
        assert case.refuses in str(found.value)
        return
    needs = told(case)
    assert " ".join(needs.files) == " ".join(sorted(case.files.split()))
    assert (needs.unsure == "") == (case.unsure == ""), needs.unsure
    assert case.unsure in needs.unsure


SRC = {
    "main.go": "package main",
    "src/main.rs": "",
    "src/Main.java": "",
    "Dockerfile": "",
    "README.md": "",
    "lib/x": "",
}
MOD = "module example.com/a\n\ngo 1.22\n\nrequire (\n\tgithub.com/b/b v1.0.0\n\tgolang.org/x/c v0.2.0 // indirect\n)\n"
SUM = "github.com/b/b v1.0.0 h1:x=\ngithub.com/b/b v1.0.0/go.mod h1:x=\ngolang.org/x/c v0.2.0/go.mod h1:x=\n"
GO = {**SRC, "go.mod": MOD, "go.sum": SUM}
LIB = {"lib/go.mod": "module l\nreplace m => ../m\n", "lib/go.sum": "", "lib/l.go": "", "m/go.mod": "module m"}
WORK = {**GO, "go.work": "go 1.22\nuse (\n\t.\n\t./lib\n)\n", "go.work.sum": "", "lib/go.mod": "module l"}
GO_CASES = (
    Case("go.mod and go.sum are all", "go mod download", GO, "go.mod go.sum"),
    Case("-x only tells more", "go mod download -x", GO, "go.mod go.sum"),
    Case("it may run with sudo", "sudo -E go mod download", GO, "go.mod go.sum"),
    Case("its program may be named by its path", "/usr/local/go/bin/go mod download", GO, "go.mod go.sum"),
    Case("go mod verify reads the same", "go mod download && go mod verify", GO, "go.mod go.sum"),
    Case("go env -w sets what is harmless", "go env -w GOPROXY=https://p GO111MODULE=on", GO, "go.mod go.sum"),
    Case("vendor/ is not read", "go mod download", {**GO, "vendor/modules.txt": ""}, "go.mod go.sum"),
    Case("a module above the folder is the one", "go mod download", GO, "go.mod go.sum", folder="cmd"),
    Case("but not above what is copied", "go mod download", GO, refuses="there is no go.mod", folder="x", source="x"),
    Case("tools, toolchains and retractions are known", "go mod download", {**GO, "go.mod": MOD + "toolchain go1.22.1\n"
         "tool x/y\ngodebug default=go1.21\nretract [v1.0.0, v1.1.0]\nexclude x v1\n"}, "go.mod go.sum"),
    Case("without requirements there is no go.sum", "go mod download", {"go.mod": "module a\n"}, "go.mod"),
    Case("a folder stands in for a module", "go mod download", {**GO, **LIB, "go.mod": MOD + "replace l => ./lib\n"},
         "go.mod go.sum lib/go.mod"),
    Case("a replaced version has its sum", "go mod download",
         {"go.mod": "module a\nrequire b v1\nreplace b v1 => c v2", "go.sum": "c v2/go.mod h1:x"}, "go.mod go.sum"),
    Case("a path of the image may be one of the project", "go mod download",
         {**GO, **LIB, "go.mod": MOD + "replace l => /app/lib\n"}, "go.mod go.sum lib/go.mod"),
    Case("a quoted path", "go mod download", {**GO, **LIB, "go.mod": MOD + 'replace l => "./lib" // here\n'},
         "go.mod go.sum lib/go.mod"),
    Case("GOFLAGS of builds", "go mod download", GO, "go.mod go.sum", env={"GOFLAGS": "-trimpath -buildvcs=false"}),
    Case("GOWORK=off passes over go.work", "GOWORK=off go mod download", WORK, "go.mod go.sum"),
    Case("output that is thrown away", "go mod download > /dev/null 2>&1", GO, "go.mod go.sum"),
    Case("a workspace has all its modules", "go mod download", WORK, "go.mod go.sum go.work go.work.sum lib/go.mod",
         unsure="go.work.sum"),
    Case("a workspace above", "go mod download", WORK, "go.mod go.sum go.work go.work.sum lib/go.mod",
         unsure="go.work.sum", folder="lib"),
    Case("without go.sum", "go mod download", {"go.mod": MOD}, "go.mod", unsure="there is no go.sum"),
    Case("with a part of go.sum", "go mod download", {**GO, "go.sum": "golang.org/x/c v0.2.0/go.mod h1:x="},
         "go.mod go.sum", unsure="go.sum lacks github.com/b/b"),
    Case("a replacement outside", "go mod download", {**GO, "go.mod": "module a\nreplace b => ../lib"},
         refuses="a replacement in go.mod or go.work names ../lib, which is outside of what is copied"),
    Case("a replacement that is not there", "go mod download", {**GO, "go.mod": "module a\nreplace b => ./lib"},
         refuses="lib/go.mod is not in the context"),
    Case("a module of a workspace outside", "go mod download", {**GO, "go.work": "use ../x"}, refuses="names ../x"),
    Case("a line of go.mod that is not known", "go mod download", {"go.mod": "module a\nfetch b"}, refuses="fetch b"),
    Case("no go.mod", "go mod download", SRC, refuses="there is no go.mod"),
    Case("go.mod is a link", "go mod download", SRC, refuses="go.mod is a link", links={"go.mod": "x"}),
    Case("modules that are named", "go mod download golang.org/x/c", GO, refuses="is given modules"),
    Case("an option that is not known", "go mod download -modfile=x.mod", GO, refuses="-modfile=x.mod"),
    Case("go mod tidy", "go mod tidy", GO, refuses="go mod tidy reads the sources"),
    Case("go mod vendor", "go mod vendor", GO, refuses="go mod vendor reads the sources"),
    Case("go build", "go build ./...", GO, refuses="go build reads the sources"),
    Case("go get", "go get -d ./...", GO, refuses="go get reads the sources"),
    Case("go env -w that moves something", "go env -w GOFLAGS=-mod=vendor", GO, refuses="GOFLAGS has -mod=vendor"),
    Case("GOFLAGS with a file", "go mod download", GO, refuses="-modfile=x", env={"GOFLAGS": "-modfile=x"}),
    Case("GOWORK with a file", "go mod download", GO, refuses="GOWORK", env={"GOWORK": "/w/go.work"}),
    Case("a proxy that is a folder", "go mod download", GO, refuses="GOPROXY", env={"GOPROXY": "file:///app/p"}),
    Case("modules are off", "go mod download", GO, refuses="GO111MODULE", env={"GO111MODULE": "off"}),
    Case("another variable of go", "go mod download", GO, refuses="GOENV", env={"GOENV": "x"}),
    Case("a module cache that is not known", "go mod download", GO, refuses="GOMODCACHE", env={"GOMODCACHE": "$X/m"}),
    Case("a word that is expanded", "go mod download $FLAGS", GO, refuses="$FLAGS"),
    Case("it runs as somebody else", "sudo -u app go mod download", GO, refuses="-u"),
    Case("sudo drops variables", "sudo go mod download", GO, refuses="sudo drops variables"),
    Case("it writes a file", "go mod download > log", GO, refuses="redirection"),
    Case("its program is one of the project", "./bin/go mod download", GO, refuses="./bin/go is a file of the project"),
    Case("programs of the project come first", "go mod download", GO, refuses="PATH", env={"PATH": "/app/bin:/bin"}),
    Case("code is brought in", "go mod download", GO, refuses="LD_PRELOAD", env={"LD_PRELOAD": "/x.so"}),
    Case("the folder is outside", "go mod download", GO, refuses="outside of what is copied", folder=".."),
)  # fmt: skip


@pytest.mark.parametrize("case", GO_CASES, ids=[case.says for case in GO_CASES])
def test_go(case: Case) -> None:
    check(case)


def test_go_writes_where_it_is_told() -> None:
    env = {"GOMODCACHE": "/mod", "HOME": "/home/x"}
    assert set(told(Case("", "go mod download", GO, env=env)).elsewhere) >= {b"/go", b"/root/go", b"/mod", b"/home/x"}


PACKAGE = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n'
LIB_TARGET = '[lib]\npath = "src/lib.rs"\n'
BIN_TARGET = '[[bin]]\nname = "a"\npath = "src/main.rs"\n'
ONE = {**SRC, "Cargo.toml": PACKAGE.format("a") + BIN_TARGET, "Cargo.lock": "version = 4\n"}


def crate(name: str, more: str = "") -> str:
    return PACKAGE.format(name) + LIB_TARGET + more


MANY = {**SRC, "Cargo.lock": "", "Cargo.toml": '[workspace]\nmembers = ["crates/*", "cli"]\nexclude = ["crates/old"]\n',
        "cli/Cargo.toml": crate("cli", '[dependencies]\none = { path = "../crates/one" }\n'), "crates/README.md": "",
        "crates/one/Cargo.toml": crate("one"), "crates/two/Cargo.toml": crate("two"), "crates/old/Cargo.toml": "",
        "crates/one/src/lib.rs": "", "crates/one/deep/Cargo.toml": ""}  # fmt: skip
MEMBERS = "Cargo.lock Cargo.toml cli/Cargo.toml crates/one/Cargo.toml crates/two/Cargo.toml"
STUB = "a stub would change what is built"
CARGO_CASES = (
    Case("each target has its path", "cargo fetch --locked", ONE, "Cargo.lock Cargo.toml"),
    Case("a toolchain may be named", "cargo +nightly fetch --locked -q", ONE, "Cargo.lock Cargo.toml"),
    Case("a target may be named", "cargo fetch --locked --target x86_64-unknown-linux-musl", ONE, "Cargo.lock Cargo.toml"),
    Case("a target folder is not made", "CARGO_TARGET_DIR=/t cargo fetch --frozen", ONE, "Cargo.lock Cargo.toml"),
    Case("settings are read", "cargo fetch --locked", {**ONE, ".cargo/config.toml": "[net]\nretry = 3\n[build]\njobs = 1\n"},
         ".cargo/config.toml Cargo.lock Cargo.toml"),
    Case("rustup reads the toolchain", "cargo fetch --locked", {**ONE, "rust-toolchain.toml": '[toolchain]\nchannel = "1"'},
         "Cargo.lock Cargo.toml rust-toolchain.toml"),
    Case("all members of a workspace are read", "cargo fetch --locked", MANY, MEMBERS),
    Case("also from one of them", "cargo fetch --locked", MANY, MEMBERS, folder="crates/one"),
    Case("a folder that a patch names", "cargo fetch --locked", {**ONE, "p/Cargo.toml": crate("p"), "Cargo.toml":
         crate("a") + '[patch.crates-io]\np = { path = "p" }\n'}, "Cargo.lock Cargo.toml p/Cargo.toml"),
    Case("a folder for one system alone", "cargo fetch --locked", {**ONE, "p/Cargo.toml": crate("p"), "Cargo.toml":
         crate("a") + '[target."cfg(unix)".dependencies]\np = { path = "p", optional = true }\n'},
         "Cargo.lock Cargo.toml p/Cargo.toml"),
    Case("without --locked", "cargo fetch", ONE, "Cargo.lock Cargo.toml", unsure="rewrites it"),
    Case("without Cargo.lock", "cargo fetch", {**SRC, "Cargo.toml": crate("a")}, "Cargo.toml", unsure="no Cargo.lock"),
    Case("targets at their default places", "cargo fetch --locked", {**ONE, "Cargo.toml": PACKAGE.format("a")}, refuses=STUB),
    Case("one target without its path", "cargo fetch --locked", {**ONE, "Cargo.toml": crate("a", '[[bench]]\nname = "b"\n')},
         refuses=STUB),
    Case("only an example has a path", "cargo fetch", {**ONE, "Cargo.toml": PACKAGE.format("a") + '[[example]]\npath = "x"'},
         refuses=STUB),
    Case("a program to run that is not told", "cargo fetch", {**ONE, "Cargo.toml": PACKAGE.format("a")
         + 'default-run = "b"\n' + BIN_TARGET}, refuses=STUB),
    Case("one member at its default place", "cargo fetch", {**MANY, "crates/two/Cargo.toml": PACKAGE.format("two")},
         refuses="beside crates/two/Cargo.toml; a stub"),
    Case("a linked library", "cargo fetch", {**ONE, "Cargo.toml": PACKAGE.format("a") + 'links = "z"\n' + BIN_TARGET},
         refuses="build.rs"),
    Case("a folder outside", "cargo fetch", {**ONE, "Cargo.toml": crate("a", '[dependencies]\nb = { path = "../b" }')},
         refuses="names ../b, which is outside"),
    Case("a folder that is not there", "cargo fetch", {**ONE, "Cargo.toml": crate("a", '[dependencies]\nb = { path = "b" }')},
         refuses="b/Cargo.toml is not in the context"),
    Case("members by a pattern that is not simple", "cargo fetch", {**MANY, "Cargo.toml": '[workspace]\nmembers = ["**"]'},
         refuses="names its members by **"),
    Case("a folder of another workspace", "cargo fetch", {**ONE, "o/Cargo.toml": "[workspace]", "o/b/Cargo.toml": crate("b"),
         "Cargo.toml": "[workspace]\n" + crate("a", '[dependencies]\nb = { path = "o/b" }')}, refuses="several workspaces"),
    Case("it is no member", "cargo fetch", MANY, refuses="crates/old/Cargo.toml has no package", folder="crates/old"),
    Case("packages from a folder", "cargo fetch", {**ONE, ".cargo/config.toml": '[source.v]\ndirectory = "vendor"'},
         refuses="has directory, which names files"),
    Case("settings that name others", "cargo fetch", {**ONE, ".cargo/config": 'include = "x.toml"'}, refuses="has include"),
    Case("a toolchain by its folder", "cargo fetch", {**ONE, "rust-toolchain.toml": '[toolchain]\npath = "t"'},
         refuses="names a toolchain by its folder"),
    Case("a target that is a file", "cargo fetch --target t.json", ONE, refuses="not understood"),
    Case("a manifest that is named", "cargo fetch --manifest-path x/Cargo.toml", ONE, refuses="--manifest-path"),
    Case("settings on the command line", "cargo fetch --config net.retry=3", ONE, refuses="--config"),
    Case("cargo build", "cargo build --release", ONE, refuses="cargo build reads the sources"),
    Case("cargo install", "cargo install --path .", ONE, refuses="cargo install reads the sources"),
    Case("cargo chef", "cargo chef cook --recipe-path recipe.json", ONE, refuses="cargo chef reads the sources"),
    Case("a compiler of its own", "cargo fetch", ONE, refuses="RUSTC_WRAPPER", env={"RUSTC_WRAPPER": "./w"}),
    Case("another variable of cargo", "cargo fetch", ONE, refuses="CARGO_MANIFEST", env={"CARGO_MANIFEST": "x"}),
    Case("no TOML", "cargo fetch", {"Cargo.toml": "["}, refuses="Cargo.toml is no TOML"),
    Case("no Cargo.toml", "cargo fetch", SRC, refuses="there is no Cargo.toml"),
    Case("a member is a link", "cargo fetch", {**SRC, "Cargo.toml": '[workspace]\nmembers = ["m"]'}, refuses="m is a link",
         links={"m": "x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", CARGO_CASES, ids=[case.says for case in CARGO_CASES])
def test_cargo(case: Case) -> None:
    check(case)


def pom(name: str, more: str = "", parent: str = "") -> str:
    head = '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    return f"{head}{parent}<groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{more}</project>"


def depends(name: str, more: str = "") -> str:
    one = f"<dependency><groupId>g</groupId><artifactId>{name}</artifactId><version>1</version>{more}</dependency>"
    return f"<dependencies>{one}</dependencies>"


PARENT = "<parent><groupId>g</groupId><artifactId>{}</artifactId><version>1</version>{}</parent>"
MVN = {**SRC, "pom.xml": pom("a", depends("junit"))}
MODULES = "<packaging>pom</packaging><modules><module>api</module><module>web/pom.xml</module></modules>"
REACTOR = {**SRC, "pom.xml": pom("a", MODULES), "api/pom.xml": pom("api", "", PARENT.format("a", "")), "api/src/A.java": "",
           "web/pom.xml": pom("web", "", PARENT.format("a", ""))}  # fmt: skip
WRAPPER = {**MVN, "mvnw": "#!/bin/sh\n# Apache Maven Wrapper startup batch script\n", "mvnw.cmd": "",
           ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://x/maven.zip", ".mvn/jvm.config": "-Xmx1g"}  # fmt: skip
OFFLINE = "mvn dependency:go-offline"
FILE_PROFILE = "<profiles><profile><activation><file><exists>x</exists></file></activation></profile></profiles>"
MAVEN_CASES = (
    Case("pom.xml is all", OFFLINE, MVN, "pom.xml"),
    Case("flags of all kinds", "mvn -B -q -ntp -T 4 -DskipTests -Pprod dependency:resolve dependency:resolve-plugins", MVN,
         "pom.xml"),
    Case("the plugin by its whole name", "mvn org.apache.maven.plugins:maven-dependency-plugin:3.1.2:go-offline", MVN, "pom.xml"),
    Case("the POM may be named", "mvn -f web/pom.xml dependency:go-offline", {"web/pom.xml": pom("w")}, "web/pom.xml"),
    Case("its folder may be named", "mvn -f web dependency:go-offline", {"web/pom.xml": pom("w")}, "web/pom.xml"),
    Case("the wrapper needs its files", "./mvnw dependency:go-offline", WRAPPER,
         ".mvn/jvm.config .mvn/wrapper/maven-wrapper.properties mvnw pom.xml"),
    Case("words of .mvn/maven.config count", OFFLINE, {**MVN, ".mvn/maven.config": "-Drevision=1 -ntp"},
         ".mvn/maven.config pom.xml"),
    Case("settings of the official images", "mvn -s /usr/share/maven/ref/settings-docker.xml dependency:resolve", MVN, "pom.xml"),
    Case("settings of the project", "mvn -s ci/settings.xml dependency:resolve", {**MVN, "ci/settings.xml": "<settings/>"},
         "ci/settings.xml pom.xml"),
    Case("all modules", OFFLINE, REACTOR, "api/pom.xml pom.xml web/pom.xml"),
    Case("a module has its parent above", OFFLINE, REACTOR, "api/pom.xml pom.xml", folder="api"),
    Case("modules of a profile", OFFLINE, {"pom.xml": pom("a", "<packaging>pom</packaging><profiles><profile><id>x</id>"
         "<modules><module>api</module><module>web/pom.xml</module></modules></profile></profiles>"),
         "api/pom.xml": pom("api"), "web/pom.xml": pom("web")}, "api/pom.xml pom.xml web/pom.xml"),
    Case("the parent of Spring Boot", OFFLINE, {"pom.xml": pom("a", "", PARENT.format("spring-boot-starter-parent",
         "<relativePath/>"))}, "pom.xml"),
    Case("only managed modules", OFFLINE, {**REACTOR, "pom.xml": pom("a", MODULES
         + f"<dependencyManagement>{depends('api')}</dependencyManagement>")}, "api/pom.xml pom.xml web/pom.xml"),
    Case("an extension that is known", OFFLINE, {"pom.xml": pom("a", "<build><extensions><extension><artifactId>"
         "os-maven-plugin</artifactId></extension></extensions></build>")}, "pom.xml"),
    Case("modules of another kind", OFFLINE, {"pom.xml": pom("a", "<build><plugins><plugin><configuration><module "
         "name='Checker'><module>x</module></module></configuration></plugin></plugins></build>")}, "pom.xml"),
    Case("memory of Java", OFFLINE, MVN, "pom.xml", env={"MAVEN_OPTS": "-Xmx512m -XX:+UseSerialGC -Dhttps.proxyHost=p"}),
    Case("a parent that is not known", OFFLINE, {"pom.xml": pom("a", "", PARENT.format("corp", ""))}, "pom.xml",
         unsure="the parent corp comes from a repository"),
    Case("a module needs another one", OFFLINE, {**REACTOR, "web/pom.xml": pom("web", depends("api"))},
         refuses="depends on api, another module"),
    Case("a bill of materials among the modules", OFFLINE, {**REACTOR, "web/pom.xml": pom("web", "<dependencyManagement>"
         + depends("api", "<scope>import</scope>") + "</dependencyManagement>")}, refuses="depends on api"),
    Case("a module that is not there", OFFLINE, {"pom.xml": pom("a", MODULES)}, refuses="pom.xml is not in the context"),
    Case("a module outside", OFFLINE, {"pom.xml": pom("a", "<modules><module>../b</module></modules>")}, refuses="names ../b"),
    Case("a module with a property", OFFLINE, {"pom.xml": pom("a", "<modules><module>${m}</module></modules>")},
         refuses="not told by their names"),
    Case("a parent outside that is named", OFFLINE, {"pom.xml": pom("a", "", PARENT.format("p",
         "<relativePath>../../p/pom.xml</relativePath>"))}, refuses="names ../../p/pom.xml"),
    Case("a library of the project", OFFLINE, {"pom.xml": pom("a", depends("b", "<systemPath>${basedir}/b.jar</systemPath>"))},
         refuses="a dependency that is a file of its own"),
    Case("a repository that is a folder", OFFLINE, {"pom.xml": pom("a", "<repositories><repository><url>file://${basedir}/r"
         "</url></repository></repositories>")}, refuses="a repository in file://"),
    Case("a profile that looks for a file", OFFLINE, {"pom.xml": pom("a", FILE_PROFILE)}, refuses="whether a file is there"),
    Case("an extension that is not known", OFFLINE, {**MVN, ".mvn/extensions.xml": "<extensions><extension><artifactId>"
         "maven-git-versioning-extension</artifactId></extension></extensions>"}, refuses="maven-git-versioning-extension"),
    Case("a plugin that is an extension", OFFLINE, {"pom.xml": pom("a", "<build><plugins><plugin><artifactId>tycho</artifactId>"
         "<extensions>true</extensions></plugin></plugins></build>")}, refuses="the extension tycho"),
    Case("the goal writes a file", OFFLINE, {"pom.xml": pom("a", "<build><plugins><plugin><artifactId>maven-dependency-plugin"
         "</artifactId><configuration><outputFile>x</outputFile></configuration></plugin></plugins></build>")},
         refuses="write a file"),
    Case("entities are not expanded", OFFLINE, {"pom.xml": '<!DOCTYPE p [<!ENTITY x SYSTEM "f">]><p/>'}, refuses="entities"),
    Case("no XML", OFFLINE, {"pom.xml": "<project>"}, refuses="pom.xml is no XML"),
    Case("no pom.xml", OFFLINE, SRC, refuses="pom.xml is not in the context"),
    Case("another goal", "mvn package", MVN, refuses="it is not known what mvn package reads"),
    Case("a goal besides", "mvn clean dependency:go-offline", MVN, refuses="mvn clean dependency:go-offline"),
    Case("some of the modules", "mvn -pl api dependency:go-offline", REACTOR, refuses="-pl"),
    Case("a property that is not known", "mvn -Duser.home=/x dependency:resolve", MVN, refuses="user.home"),
    Case("settings with a folder", "mvn -s s.xml dependency:resolve", {**MVN, "s.xml": "<settings><localRepository>r"
         "</localRepository></settings>"}, refuses="s.xml names a folder"),
    Case("settings outside", "mvn -s /etc/s.xml dependency:resolve", MVN, refuses="names /etc/s.xml"),
    Case("MAVEN_ARGS with more", OFFLINE, MVN, refuses="MAVEN_ARGS has -f", env={"MAVEN_ARGS": "-f x"}),
    Case("MAVEN_OPTS with an agent", OFFLINE, MVN, refuses="-javaagent", env={"MAVEN_OPTS": "-javaagent:a.jar"}),
    Case("MAVEN_CONFIG for the wrapper", "./mvnw dependency:go-offline", WRAPPER, refuses="MAVEN_CONFIG",
         env={"MAVEN_CONFIG": "/root/.m2"}),
    Case("another script", "./mvnw dependency:go-offline", {**WRAPPER, "mvnw": "#!/bin/sh\ncat src/x"}, refuses="not the script"),
    Case("Maven from a folder", "./mvnw dependency:go-offline", {**WRAPPER, ".mvn/wrapper/maven-wrapper.properties":
         "distributionUrl=file:///app/m.zip"}, refuses="takes Maven from a folder"),
    Case("the folder of settings is a link", OFFLINE, MVN, refuses=".mvn is a link", links={".mvn": "x"}),
)  # fmt: skip


@pytest.mark.parametrize("case", MAVEN_CASES, ids=[case.says for case in MAVEN_CASES])
def test_maven(case: Case) -> None:
    check(case)


def test_maven_writes_to_a_repository_that_is_named() -> None:
    case = Case("", "mvn -Dmaven.repo.local=/r dependency:go-offline", MVN)
    assert told(case).elsewhere == (b"/root/.m2", b"/usr/share/maven/ref", b"/r")

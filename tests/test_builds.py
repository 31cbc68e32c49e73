"""Which builds Compose, Bake and devcontainer files describe, and what is said of files that cannot be read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pytest
from hypothesis import given, settings, strategies as st

from dockfix.adapters.builds import Build, Folders, Unreadable, builds_in, builds_of


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def near(path: str, folder: Path) -> str:
    relative = os.path.relpath(path, folder) if os.path.isabs(path) else path or "-"
    return path if relative.startswith("../../..") else relative


def shown(build: Build, folder: Path) -> str:
    """`name: context Dockerfile`, then what else is said: `@stage`, arguments, `+named context`, `<<inline`."""
    parts = [f"{build.name}:", near(build.context, folder), near(build.dockerfile, folder)]
    parts += [f"@{build.target}"] if build.target else []
    parts += [key if value is None else f"{key}={value}" for key, value in build.arguments.items()]
    parts += [f"+{key}={near(value, folder)}" for key, value in build.contexts.items()]
    parts += [] if build.inline is None else [f"<<{build.inline!r}"]
    return " ".join(parts)


def said(problem: Unreadable, folder: Path) -> str:
    return f"{near(problem.path, folder)}:{problem.line or '-'}: {problem.message}"


def look(folder: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    put(folder, files)
    builds, problems = builds_in(str(folder))
    return [shown(build, folder) for build in builds], [said(problem, folder) for problem in problems]


def service(body: str) -> str:
    return f"services:\n  app:\n    {body}\n"


NO_PROBLEM: list[str] = []

COMPOSE: list[tuple[str, dict[str, str], list[str]]] = [
    ("a text is the context", {"compose.yaml": service("build: ./web")}, ["app: web web/Dockerfile"]),
    ("the context is the folder by default", {"compose.yml": service("build: {target: dev}")}, ["app: . Dockerfile @dev"]),
    ("the Dockerfile is looked for in the context", {"compose.yaml": service("build: {context: api, dockerfile: docker/prod.Dockerfile}")}, ["app: api api/docker/prod.Dockerfile"]),
    ("the Dockerfile may lie outside of the context", {"docker-compose.yml": service("build: {context: ./api, dockerfile: ../docker/Dockerfile}")}, ["app: api docker/Dockerfile"]),
    ("the context may lie above the file", {"deploy/docker-compose.yaml": "", "docker-compose.yaml": service("build: {context: ..}")}, ["app: .. ../Dockerfile"]),
    ("an inline Dockerfile has no path", {"compose.yaml": service("build: {context: ., dockerfile_inline: 'RUN echo $$HOME'}")}, ["app: . - <<'RUN echo $HOME'"]),
    ("arguments in a mapping", {"compose.yaml": service("build: {args: {A: 1, B: 3.10, C: yes, D: true, E: , F: ''}}")}, ["app: . Dockerfile A=1 B=3.1 C=yes D=true E F="]),
    ("arguments in a list", {"compose.yaml": service("build: {args: [A=1, B, C=, 'D=x=y']}")}, ["app: . Dockerfile A=1 B C= D=x=y"]),
    ("numbers are printed as Go prints them", {"compose.yaml": service("build: {args: {A: 0777, B: 0x1f, C: 1e3, D: .5, E: 2.0, F: 12_000, G: 08, H: '1.0'}}")}, ["app: . Dockerfile A=511 B=31 C=1000 D=0.5 E=2 F=12000 G=8 H=1.0"]),
    ("named contexts in a mapping", {"compose.yaml": service("build: {additional_contexts: {src: ../shared, base: 'docker-image://alpine', x: 'service:db'}}")}, ["app: . Dockerfile +src=../shared +base=docker-image://alpine +x=service:db"]),
    ("named contexts in a list", {"compose.yaml": service("build: {additional_contexts: [src=lib, 'web=https://example.com/a.tar.gz']}")}, ["app: . Dockerfile +src=lib +web=https://example.com/a.tar.gz"]),
    ("services without a build are none", {"compose.yaml": service("image: postgres:17")}, []),
    ("no services are no builds", {"compose.yaml": "networks: {}\n"}, []),
    ("a git repository is no folder", {"compose.yaml": service("build: https://github.com/a/b.git#main:docker")}, ["app: - -"]),
    ("a repository over SSH is no folder", {"compose.yaml": service("build: {context: 'git@github.com:a/b.git', dockerfile: x}")}, ["app: - -"]),
    ("an absolute Dockerfile is known in any context", {"compose.yaml": service("build: {context: '${WHERE}', dockerfile: /etc/Dockerfile}")}, ["app: - /etc/Dockerfile"]),
    ("a home folder is not known", {"compose.yaml": service("build: ~/src")}, ["app: - -"]),
    ("an unknown variable makes the context unknown", {"compose.yaml": service("build: ${DIR}/x")}, ["app: - -"]),
    ("an unknown variable leaves a Dockerfile unknown", {"compose.yaml": service("build: {context: a, dockerfile: $FILE}")}, ["app: a -"]),
    ("an unknown variable stays in a stage", {"compose.yaml": service("build: {target: '$STAGE-x'}")}, ["app: . Dockerfile @${STAGE}-x"]),
    ("an unknown variable makes an argument the environment's", {"compose.yaml": service("build: {args: {V: '${V}', W: 'a$$b'}}")}, ["app: . Dockerfile V W=a$b"]),
    ("a default stands in for a variable", {"compose.yaml": service("build: '${DIR:-web}/${SUB-x}'")}, ["app: web/x web/x/Dockerfile"]),
    ("a default may have variables", {"compose.yaml": service("build: '${A:-${B:-deep}}'")}, ["app: deep deep/Dockerfile"]),
    ("what is there for a set variable only is left out", {"compose.yaml": service("build: 'a${B:+/b}${C+/c}'")}, ["app: a a/Dockerfile"]),
    ("a variable that must be set is not known", {"compose.yaml": service("build: '${B:?must be set}'")}, ["app: - -"]),
    ("a lone dollar stays", {"compose.yaml": service("build: a$/b")}, ["app: a$/b a$/b/Dockerfile"]),
    ("variables come from .env", {".env": "DIR=web # here\nexport SUB='a $b'\nTWO=$DIR/2\n", "compose.yaml": service("build: {context: '${DIR:?}/$SUB', dockerfile: '${TWO}${DIR:+.x}'}")}, ["app: web/a $b web/a $b/web/2.x"]),
    ("a name alone in .env is the environment's", {".env": "PATH\nHOME\n", "compose.yaml": service("build: '${PATH:-a}/${HOME-b}'")}, ["app: a/b a/b/Dockerfile"]),
    ("a variable of .env that is not known has no default", {".env": "A=$B/x\n", "compose.yaml": service("build: {context: '${A:-y}', target: '${B:-z}'}")}, ["app: - - @z"]),
    ("a .env with quotes over lines", {".env": 'A="x\ny"\nB: "${A}\\tz\\n"\nC=d\n', "compose.yaml": service("build: {context: $C, args: {B: $B}}")}, ["app: d d/Dockerfile B=x\ny\tz\n"]),
    ("an empty variable is not unset", {".env": "E=\n", "compose.yaml": service("build: {context: 'a${E-x}', target: '${E:-y}'}")}, ["app: a a/Dockerfile @y"]),
    ("anchors and merge keys are followed", {"compose.yaml": "x-b: &b {context: base, args: &a {A: 1, B: 2}}\nservices:\n  one: {build: *b}\n  two:\n    build:\n      <<: *b\n      dockerfile: D\n      args: {<<: *a, B: 3}\n"}, ["one: base base/Dockerfile A=1 B=2", "two: base base/D A=1 B=3"]),
    ("of several merged mappings the first counts", {"compose.yaml": "x-a: &a {context: a}\nx-b: &b {context: b, target: t}\nservices: {app: {build: {<<: [*a, *b]}}}\n"}, ["app: a a/Dockerfile @t"]),
    ("a service extends another", {"compose.yaml": "services:\n  app: {extends: base, build: {target: t, args: {B: 3}}}\n  base: {build: {context: b, args: {A: 1, B: 2}}}\n"}, ["app: b b/Dockerfile @t A=1 B=3", "base: b b/Dockerfile A=1 B=2"]),
    ("a service extends one of a neighbouring file", {"compose.yaml": service("extends: {service: base, file: ./common.yml}"), "common.yml": "services: {base: {build: c}}\n"}, ["app: c c/Dockerfile"]),
    ("included files are read", {"compose.yaml": "include: [db.yml, {path: [q.yml]}]\n", "db.yml": "services: {db: {build: db}}\n", "q.yml": "services: {q: {build: q}}\n"}, ["q: q q/Dockerfile", "db: db db/Dockerfile"]),
    ("an override lies over the main file", {"compose.yaml": service("build: {context: a, dockerfile: X, args: {K: 1}}"), "compose.override.yaml": service("build: {target: dev, args: [L=2]}")}, ["app: a a/X K=1", "app: a a/X @dev K=1 L=2"]),
    ("an override with a text keeps the Dockerfile below", {"docker-compose.yml": service("build: {context: a, dockerfile: X}"), "docker-compose.override.yml": service("build: c")}, ["app: a a/X", "app: c c/X"]),
    ("a variant may lie over the main file or stand alone", {"docker-compose.yml": service("build: {context: a, dockerfile: X}"), "docker-compose.prod.yml": service("build: {context: c}")}, ["app: a a/X", "app: c c/X", "app: c c/Dockerfile"]),
    ("a variant without a context lies over the main file", {"compose.yaml": service("build: a"), "compose.dev.yaml": service("build: {target: dev}")}, ["app: a a/Dockerfile", "app: a a/Dockerfile @dev"]),
    ("a variant alone is a file as any other", {"docker-compose-test.yml": service("build: a")}, ["app: a a/Dockerfile"]),
    ("a build that overrides lies over nothing", {"compose.yaml": service("build: {context: a, dockerfile: X}"), "compose.override.yaml": service("build: !override {context: c}")}, ["app: a a/X", "app: c c/Dockerfile"]),
    ("a build that is reset is none", {"compose.yaml": service("build: a"), "compose.override.yaml": service("build: !reset null")}, ["app: a a/Dockerfile"]),
    ("every main file counts", {"compose.yaml": service("build: a"), "docker-compose.yml": service("build: b")}, ["app: a a/Dockerfile", "app: b b/Dockerfile"]),
    ("files of other names are not read", {"stack.yml": service("build: a"), "compose.yaml.j2": "{{ x }}", "my-compose.yml": "a: ["}, []),
    ("a byte order mark and CRLF", {"compose.yaml": "\ufeffservices:\r\n  app:\r\n    build: a\r\n"}, ["app: a a/Dockerfile"]),
    ("what is outside of builds may be anything", {"compose.yaml": "x-y: !custom [1]\nservices: {app: {build: a, ports: !!set {1}, command: {}}}\n"}, ["app: a a/Dockerfile"]),
    ("no context of its own from a path with a zero byte", {"compose.yaml": service('build: "a\\0b"')}, ["app: - -"]),
]  # fmt: skip

BAKE: list[tuple[str, dict[str, str], list[str]]] = [
    ("a target without anything is the folder", {"docker-bake.hcl": 'target "default" {}\n'}, ["default: . Dockerfile"]),
    ("the Dockerfile of a target is in its context", {"docker-bake.hcl": 'target "a" {\n  context = "./x"\n  dockerfile = "../D"\n  target = "t"\n}\n'}, ["a: x D @t"]),
    ("variables have their defaults", {"docker-bake.hcl": 'variable "D" {\n  default = "dir"\n}\nvariable "E" {\n  default = "${D}/e"\n}\ntarget "a" {\n  context = "${E}/f"\n  target = D\n}\n'}, ["a: dir/e/f dir/e/f/Dockerfile @dir"]),
    ("a file's own attributes are variables", {"docker-bake.hcl": 'where = "w"\ntarget "a" {\n  context = where\n}\n'}, ["a: w w/Dockerfile"]),
    ("a variable without a default is not known", {"docker-bake.hcl": 'variable "D" {}\ntarget "a" {\n  context = D\n  target = "${D}"\n  args = { D = D }\n}\n'}, ["a: - - @D D"]),
    ("a function is not computed", {"docker-bake.hcl": 'target "a" {\n  context = lower("X")\n  dockerfile = 1 == 2 ? "a" : "b"\n}\n'}, ["a: - -"]),
    ("arguments and escapes", {"docker-bake.hcl": 'target "a" {\n  args = {\n    A = 1\n    "B" = true, C: "x\\ty $${z} \\u0041"\n    D = null\n  }\n}\n'}, ["a: . Dockerfile A=1 B=true C=x\ty ${z} A"]),
    ("an inline Dockerfile comes before a named one", {"docker-bake.hcl": 'target "a" {\n  dockerfile = "x"\n  dockerfile-inline = <<EOT\nFROM scratch\n  COPY . .\nEOT\n}\n'}, ["a: . - <<'FROM scratch\\n  COPY . .\\n'"]),
    ("an indented heredoc", {"docker-bake.hcl": 'v = "1"\ntarget "a" {\n  dockerfile-inline = <<-EOT\n    FROM a:${v}\n      RUN \\n\n  EOT\n}\n'}, ["a: . - <<'FROM a:1\\n  RUN \\\\n\\n'"]),
    ("named contexts", {"docker-bake.hcl": 'target "a" {\n  contexts = {\n    base = "target:b"\n    src = "../src"\n    im = "docker-image://alpine"\n    no = ""\n    here = "cwd://x"\n  }\n}\n'}, ["a: . Dockerfile +base=target:b +src=../src +im=docker-image://alpine +here=x"]),
    ("a target inherits, and the last one counts", {"docker-bake.hcl": 'target "a" {\n  inherits = ["_b", "_c"]\n  args = { X = 3 }\n}\ntarget "_b" {\n  context = "b"\n  dockerfile = "D"\n  args = { X = 1, Y = 1 }\n}\ntarget "_c" {\n  context = "c"\n  args = { X = 2, Z = 2 }\n}\n'}, ["a: c c/D X=3 Y=1 Z=2"]),
    ("a target that only others use is no build", {"docker-bake.hcl": 'target "docker-metadata-action" {}\ntarget "a" {\n  inherits = ["docker-metadata-action"]\n  context = "x"\n}\n'}, ["a: x x/Dockerfile"]),
    ("a target that others use is a build where a group names it", {"docker-bake.hcl": 'group "default" {\n  targets = ["base", "a"]\n}\ntarget "base" {}\ntarget "a" {\n  inherits = ["base"]\n  target = "t"\n}\n'}, ["base: . Dockerfile", "a: . Dockerfile @t"]),
    ("a matrix is written out", {"docker-bake.hcl": 'target "app" {\n  name = "app-${i.n}-${v}"\n  matrix = {\n    i = [{ n = "x", d = "dx" }, { n = "y", d = "dy" }]\n    v = ["1", "2"]\n  }\n  context = i.d\n  args = { V = v }\n}\n'}, ["app-x-1: dx dx/Dockerfile V=1", "app-x-2: dx dx/Dockerfile V=2", "app-y-1: dy dy/Dockerfile V=1", "app-y-2: dy dy/Dockerfile V=2"]),
    ("a matrix with computed names keeps its label", {"docker-bake.hcl": 'target "app" {\n  name = "app-${replace(v, ".", "-")}"\n  matrix = { v = ["1.0", "2.0"] }\n  context = v\n}\n'}, ["app: 1.0 1.0/Dockerfile", "app: 2.0 2.0/Dockerfile"]),
    ("the same in JSON", {"docker-bake.json": json.dumps({"variable": {"T": {"default": "v1"}}, "group": {"default": {"targets": ["a"]}}, "target": {"a": {"context": "./${T}", "inherits": ["_b"], "args": {"N": 1, "F": 1.5, "B": True, "X": None}}, "_b": {"dockerfile": "D"}}})}, ["a: v1 v1/D N=1 F=1.5 B=true"]),
    ("HCL lies over JSON", {"docker-bake.json": '{"target": {"a": {"context": "x", "target": "t"}}}', "docker-bake.hcl": 'target "a" {\n  context = "y"\n}\n'}, ["a: y y/Dockerfile @t"]),
    ("overrides lie over both, with their variables", {"docker-bake.hcl": 'variable "V" {\n  default = "1"\n}\ntarget "a" {\n  args = { V = V }\n}\ntarget "b" {}\n', "docker-bake.override.hcl": 'variable "V" {\n  default = "2"\n}\ntarget "b" {\n  context = "b"\n}\n'}, ["a: . Dockerfile V=1", "b: . Dockerfile", "a: . Dockerfile V=2", "b: b b/Dockerfile"]),
    ("a target lies over the service of its name", {"compose.yaml": "services: {a.b: {build: {context: svc, target: t}}}\n", "docker-bake.hcl": 'target "a_b" {\n  dockerfile = "D"\n}\n'}, ["a.b: svc svc/Dockerfile @t", "a_b: svc svc/D @t"]),
    ("the folder of the call is the folder", {"docker-bake.hcl": 'target "a" {\n  context = "${BAKE_CMD_CONTEXT}"\n  dockerfile = "cwd://x/D"\n}\n'}, ["a: . x/D"]),
    ("variables in a ring are not known", {"docker-bake.hcl": 'a = "${b}"\nb = "${a}"\ntarget "x" {\n  context = a\n}\n'}, ["x: - -"]),
    ("comments, and blocks on one line", {"docker-bake.hcl": '# a\n// b\n/* c */ target "x" { context = "a" }\n'}, ["x: a a/Dockerfile"]),
]  # fmt: skip

DEVCONTAINER: list[tuple[str, dict[str, str], list[str]]] = [
    ("a devcontainer with comments and trailing commas", {".devcontainer/devcontainer.json": '{\n  // here\n  "build": {"dockerfile": "Dockerfile", /* x */ "args": {"A": "1", "B": true, "C": 2},},\n}\n'}, ["devcontainer: .devcontainer .devcontainer/Dockerfile A=1 B=true C=2"]),
    ("its context is relative to it", {".devcontainer/devcontainer.json": '{"build": {"dockerfile": "../docker/Dockerfile", "context": "..", "target": "dev"}}'}, ["devcontainer: . docker/Dockerfile @dev"]),
    ("the folder of the Dockerfile is the context by default", {".devcontainer.json": '{"build": {"dockerfile": "docker/Dockerfile"}}'}, ["devcontainer: docker docker/Dockerfile"]),
    ("the old names", {".devcontainer/devcontainer.json": '{"dockerFile": "Dockerfile", "context": ".."}'}, ["devcontainer: . .devcontainer/Dockerfile"]),
    ("each configuration has its folder", {".devcontainer/py/devcontainer.json": '{"build": {"dockerfile": "Dockerfile"}}', ".devcontainer/go/devcontainer.json": '{"image": "golang"}', "devcontainer.json": '{"build": {"dockerfile": "D"}}'}, ["devcontainer: . D", "devcontainer: .devcontainer/py .devcontainer/py/Dockerfile"]),
    ("a Compose file of a devcontainer is read where it lies", {".devcontainer/devcontainer.json": '{"dockerComposeFile": "docker-compose.yml", "service": "app"}', ".devcontainer/docker-compose.yml": service("build: {context: .., dockerfile: .devcontainer/Dockerfile}")}, ["app: . .devcontainer/Dockerfile"]),
    ("a variable of the machine is not known", {".devcontainer.json": '{"build": {"dockerfile": "D", "context": "${localWorkspaceFolder}", "args": {"A": "${localEnv:A}"}}}'}, ["devcontainer: - D A"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected"),
    [pytest.param(files, expected, id=name) for name, files, expected in COMPOSE + BAKE + DEVCONTAINER],
)
def test_what_files_describe(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert look(tmp_path, files) == (expected, NO_PROBLEM)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = 10_000

WRONG: list[tuple[str, dict[str, str], list[str], list[str]]] = [
    ("an empty file", {"compose.yaml": ""}, [], ["compose.yaml:-: there is nothing in this file"]),
    ("broken YAML", {"compose.yaml": "services:\n  a: [\n"}, [], ["compose.yaml:3: not YAML: did not find expected node content"]),
    ("an unknown alias", {"compose.yaml": "services:\n  a: *b\n"}, [], ["compose.yaml:2: not YAML: `*b` names nothing that stands above it"]),
    ("a key that stands twice", {"compose.yaml": service("build: a\n    build: b")}, [], ["compose.yaml:4: the key `build` stands here twice"]),
    ("several documents", {"compose.yaml": "services: {}\n---\na: b\n"}, [], ["compose.yaml:2: there are several documents in this file"]),
    ("a list for a file", {"compose.yaml": "- a\n"}, [], ["compose.yaml:1: `a Compose file` has to be a mapping, not a list"]),
    ("a list for a service", {"compose.yaml": "services:\n  a: [b]\n  c: {build: c}\n"}, ["c: c c/Dockerfile"], ["compose.yaml:2: `a` has to be a mapping, not a list"]),
    ("a number for a build", {"compose.yaml": service("build: 5")}, [], ["compose.yaml:3: `build` has to be text, not a number"]),
    ("nothing for a build", {"compose.yaml": service("build:")}, [], ["compose.yaml:3: `build` has to be text, not nothing"]),
    ("a number for a stage", {"compose.yaml": service("build: {context: .,\n      target: 1}")}, [], ["compose.yaml:4: `target` has to be text, not a number"]),
    ("a mapping for an argument", {"compose.yaml": service("build: {args: {a: {b: c}}}")}, [], ["compose.yaml:3: `a` has to be text, not a mapping"]),
    ("an object of Python", {"compose.yaml": service("build: !!python/object/apply:os.system ['touch x']")}, [], ["compose.yaml:3: `build` has to be a mapping, not a list"]),
    ("a text that is to be an object of Python", {"compose.yaml": service("build: !!python/name:os.system x")}, [], ["compose.yaml:3: `build` has to be text, not a value of type tag:yaml.org,2002:python/name:os.system"]),
    ("two Dockerfiles for one image", {"compose.yaml": service("build: {dockerfile: a, dockerfile_inline: b}")}, [], ["compose.yaml:3: service app has both a Dockerfile and an inline one"]),
    ("a variable that Compose cannot read", {"compose.yaml": service("build: '${A:x}/b'")}, [], ["compose.yaml:3: `${A:x}/b` is no variable that Compose can read"]),
    ("a reset inside of a build", {"compose.yaml": service("build: {args: !reset null}")}, [], ["compose.yaml:3: `!reset` inside of a build is not followed (`args`)"]),
    ("an extension elsewhere", {"compose.yaml": service("extends: {service: x, file: ../c.yml}\n    build: {target: t}")}, [], ["compose.yaml:3: `../c.yml` is not in the same folder, and is not followed"]),
    ("what is said outright needs no extension", {"compose.yaml": service("extends: {service: x, file: ../far.yml}\n    build: {context: a, dockerfile: b}")}, ["app: a a/b"], ["compose.yaml:3: `../far.yml` is not in the same folder, and is not followed"]),
    ("an extension of nothing", {"compose.yaml": service("extends: x")}, [], ["compose.yaml:3: `extends` names x, which is no service in compose.yaml"]),
    ("extensions in a ring", {"compose.yaml": "services:\n  a: {extends: b}\n  b: {extends: a}\n"}, [], ["compose.yaml:3: `extends` of a leads in a ring or too far", "compose.yaml:2: `extends` names b, whose build is not known"]),
    ("an include elsewhere", {"compose.yaml": "include:\n  - db/compose.yaml\nservices: {a: {build: a}}\n"}, ["a: a a/Dockerfile"], ["compose.yaml:2: `db/compose.yaml` is not in the same folder, and is not followed"]),
    ("an include with variables of its own", {"compose.yaml": "include:\n  - {path: a.yml, env_file: b}\n"}, [], ["compose.yaml:2: an `include` with a folder or variables of its own is not followed"]),
    ("an include that is not there", {"compose.yaml": "include: [a.yml]\n"}, [], ["a.yml:-: cannot be read: No such file or directory"]),
    ("an include that is no list", {"compose.yaml": "include: a.yml\n"}, [], ["compose.yaml:1: `include` has to be a list, not text"]),
    ("a broken .env leaves all variables unknown", {".env": "A=1\nwhat is this\n", "compose.yaml": service("build: ${A-x}")}, ["app: - -"], [".env:2: neither `NAME=value` nor a comment"]),
    ("a bomb of aliases", {"compose.yaml": BOMB + service("build: *i")}, [], ["compose.yaml:12: `build` has to be a mapping, not a list"]),
    ("a bomb of merge keys", {"compose.yaml": "a0: &a0 {" + ", ".join(f"k{i}: 1" for i in range(2000)) + "}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 200))}, [], ["compose.yaml:52: merge keys make this file grow out of hand"]),
    ("a bomb of variables", {".env": "A0=xxxxxxxxxx\n" + "".join(f"A{i}=$A{i - 1}$A{i - 1}\n" for i in range(1, 40)), "compose.yaml": service("build: " + "$A8" * 10_000)}, [], ["compose.yaml:3: variables make this file grow out of hand"]),
    ("deep nesting", {"compose.yaml": "a: " + "[" * DEEP + "]" * DEEP}, [], ["compose.yaml:1: nested more than 100 levels deep"]),
    ("deeply nested variables", {"compose.yaml": service("build: " + "${A:-" * DEEP + "}" * DEEP)}, [], ["compose.yaml:3: variables are nested more than 20 levels deep"]),
    ("too many arguments", {"compose.yaml": service("build: {args: [" + ", ".join(f"A{i}" for i in range(501)) + "]}")}, [], ["compose.yaml:3: there are more than 500 build arguments or named contexts for one image"]),
    ("too many services", {"compose.yaml": "services:\n" + "".join(f"  s{i}: {{build: .}}\n" for i in range(1001))}, [], ["compose.yaml:1: there are more than 1000 services"]),
    ("a file of 5 MB", {"compose.yaml": "#" * 5_000_000}, [], ["compose.yaml:-: larger than 1 MiB, which no file of this kind needs"]),
    ("a binary file", {"compose.yaml": "\0\1\2"}, [], ["compose.yaml:-: binary: there is a zero byte in it"]),
    ("a control character", {"compose.yaml": "a: \x01\n"}, [], ["compose.yaml:-: not YAML: unacceptable character #x0001: control characters are not allowed"]),
    ("broken HCL", {"docker-bake.hcl": 'target "a" {\n  context = \n}\n'}, [], ["docker-bake.hcl:2: not HCL"]),
    ("broken JSON", {"docker-bake.json": '{\n"target": x}'}, [], ["docker-bake.json:2: not JSON: Expecting value"]),
    ("a broken override leaves the rest", {"docker-bake.hcl": 'target "a" {}\n', "docker-bake.override.json": "["}, ["a: . Dockerfile"], ["docker-bake.override.json:1: not JSON: Expecting value"]),
    ("half a surrogate pair in JSON", {"docker-bake.json": r'{"target": {"a": {"target": "\ud800"}}}'}, [], ["docker-bake.json:-: not JSON: half a surrogate pair"]),
    ("half a surrogate pair in HCL", {"docker-bake.hcl": 'target "a" {\n  context = "\\ud800"\n}\n'}, ["a: - -"], []),
    ("half a surrogate pair in YAML", {"compose.yaml": service('build: "\\ud800"')}, [], ["compose.yaml:3: not YAML: found invalid Unicode character escape code"]),
    ("a list for a Bake file", {"docker-bake.json": "[]"}, [], ["docker-bake.json:-: a Bake file has to be an object"]),
    ("a text for targets", {"docker-bake.json": '{"target": "x"}'}, [], ["docker-bake.json:-: `target` has to be an object"]),
    ("a list for a context", {"docker-bake.hcl": 'target "a" {\n  context = ["x"]\n}\ntarget "b" {}\n'}, ["b: . Dockerfile"], ["docker-bake.hcl:2: `context` has to be text, not a list"]),
    ("an attribute that stands twice", {"docker-bake.hcl": 'target "a" {\n  context = "x"\n  context = "y"\n}\n'}, [], ["docker-bake.hcl:3: `context` stands here twice"]),
    ("arguments that are computed", {"docker-bake.hcl": 'target "a" {\n  args = merge({}, {})\n}\n'}, ["a: . Dockerfile"], ["docker-bake.hcl:2: `args` of target a is computed, and is not known"]),
    ("a target that inherits from nothing", {"docker-bake.hcl": 'target "a" {\n  inherits = ["b"]\n}\n'}, [], ["docker-bake.hcl:1: target a inherits from b, which is not here"]),
    ("targets in a ring", {"docker-bake.hcl": 'target "a" {\n  inherits = ["a"]\n}\n'}, [], ["docker-bake.hcl:-: target a inherits in a ring or too far"]),
    ("a target that inherits from what is computed", {"docker-bake.hcl": 'target "a" {\n  inherits = [lower("B")]\n}\n'}, [], ["docker-bake.hcl:2: `inherits` of a is no list of names that are known"]),
    ("a matrix that is computed", {"docker-bake.hcl": 'target "a" {\n  matrix = { v = range(3) }\n}\n'}, [], ["docker-bake.hcl:2: the matrix of target a is not known"]),
    ("a matrix that is too large", {"docker-bake.hcl": 'target "a" {\n  matrix = {' + ", ".join(f"v{i} = [1, 2]" for i in range(30)) + "}\n}\n"}, [], ["docker-bake.hcl:2: the matrix of target a has more than 100 combinations"]),
    ("a bomb of HCL variables", {"docker-bake.hcl": 'a0 = "xxxxxxxxxx"\n' + "".join(f'a{i} = "${{a{i - 1}}}${{a{i - 1}}}"\n' for i in range(1, 45)) + 'target "x" {\n  context = a44\n}\n'}, ["x: - -"], []),
    ("deeply nested HCL", {"docker-bake.hcl": 'target "a" {\n  args = { A = ' + "[" * DEEP + "]" * DEEP + "}\n}\n"}, [], ["docker-bake.hcl:2: `A` has to be text, not a list"]),
    ("deeply nested JSON", {"docker-bake.json": "[" * DEEP + "]" * DEEP}, [], ["docker-bake.json:-: nested too deep"]),
    ("a broken devcontainer", {".devcontainer.json": '{"build": '}, [], [".devcontainer.json:1: not JSON: Unclosed object"]),
    ("a list for a devcontainer", {".devcontainer.json": "[]"}, [], [".devcontainer.json:-: `a devcontainer.json` has to be an object"]),
    ("a number for a Dockerfile", {".devcontainer.json": '{"build": {"dockerfile": 5}}'}, [], [".devcontainer.json:-: `dockerfile` has to be text"]),
    ("a deeply nested devcontainer", {".devcontainer.json": '{"a": ' + "[" * DEEP + "]" * DEEP + "}"}, [], [".devcontainer.json:-: nested more than 100 levels deep"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "expected", "problems"),
    [pytest.param(files, expected, problems, id=name) for name, files, expected, problems in WRONG],
)
def test_what_is_said_of_bad_files(
    tmp_path: Path, files: dict[str, str], expected: list[str], problems: list[str]
) -> None:
    start = perf_counter()
    assert look(tmp_path, files) == (expected, problems)
    assert perf_counter() - start < 10
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == sorted(files)


def test_bytes_that_are_no_utf_8(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_bytes(b"services: \xff\n")
    assert look(tmp_path, {}) == ([], ["compose.yaml:-: not UTF-8 (byte 10)"])


@pytest.mark.parametrize("name", ["compose.yaml", "docker-bake.hcl", "docker-bake.json", "devcontainer.json"])
def test_a_folder_by_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert look(tmp_path, {}) == ([], [f"{name}:-: a folder, not a file"])


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "compose.yaml")
    assert look(tmp_path, {}) == ([], ["compose.yaml:-: a pipe or a device, not a file"])


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").symlink_to("compose.yaml")
    assert look(tmp_path, {}) == ([], ["compose.yaml:-: cannot be read: Too many levels of symbolic links"])


def test_a_file_that_may_not_be_read() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        put(folder, {"docker-bake.hcl": "", "compose.yaml": service("build: a")})
        look(folder, {})
        folder.chmod(0o755)
        (folder / "compose.yaml").chmod(0)
        user = os.geteuid()
        # Root may read everything, so root is somebody else here for a moment.
        os.seteuid(65534 if user == 0 else user)
        try:
            found = look(folder, {})
        finally:
            os.seteuid(user)
    assert found == ([], ["compose.yaml:-: cannot be read: Permission denied"])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    builds, (problem,) = builds_in(str(tmp_path / "no"))
    assert (builds, problem.message) == ([], "this folder cannot be listed: No such file or directory")


def test_lines_are_those_of_the_keys(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": "services:\n\n  a:\n    image: x\n    build:\n      context: a\n  b: {build: b}\n"})
    put(tmp_path, {"docker-bake.hcl": '\n\ntarget "t" {\n}\n', ".devcontainer.json": '{"dockerFile": "D"}'})
    builds, _ = builds_in(str(tmp_path))
    assert [(build.name, build.line) for build in builds] == [("a", 5), ("b", 7), ("t", 3), ("devcontainer", 0)]
    assert {os.path.basename(build.source) for build in builds} == {
        "compose.yaml",
        "docker-bake.hcl",
        ".devcontainer.json",
    }


def test_a_relative_folder_gives_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"compose.yaml": service("build: a")})
    monkeypatch.chdir(tmp_path)
    (build,), _ = builds_in(".")
    assert (build.context, build.source) == (str(tmp_path / "a"), str(tmp_path / "compose.yaml"))


def test_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIR", "from-the-environment")
    files = {"compose.yaml": service("build: ${DIR}"), "docker-bake.hcl": 'variable "DIR" {}\ntarget "x" {\n  context = DIR\n}\n'}  # fmt: skip
    assert look(tmp_path, files)[0] == ["app: - -", "x: - -"]


def named(dockerfile: Path, roof: Path | None, folder: Path) -> list[str]:
    builds, _ = builds_of(str(dockerfile), None if roof is None else str(roof))
    return [f"{near(build.source, folder)} {near(build.context, folder)}" for build in builds]


UP = {
    "compose.yaml": service("build: {context: ., dockerfile: services/api/Dockerfile}"),
    "services/docker-bake.hcl": 'target "api" {\n  context = "api"\n}\ntarget "web" {\n  context = "web"\n}\n',
    "services/api/compose.yaml": service("build: {context: ../.., dockerfile: ./services/../services/api/Dockerfile}"),
}


def test_a_dockerfile_is_looked_for_up_to_the_root_of_its_repository(tmp_path: Path) -> None:
    put(tmp_path, {f"repo/{name}": text for name, text in UP.items()})
    put(tmp_path, {"compose.yaml": service("build: {context: ., dockerfile: repo/services/api/Dockerfile}")})
    repo = tmp_path / "repo"
    (repo / ".git").mkdir()
    found = ["services/api/compose.yaml .", "services/docker-bake.hcl services/api", "compose.yaml ."]
    for roof in (None, tmp_path, repo / "services", tmp_path / "elsewhere"):
        assert named(repo / "services/api/Dockerfile", roof, repo) == found


def test_a_roof_ends_the_search_where_there_is_no_repository(tmp_path: Path) -> None:
    put(tmp_path, UP)
    dockerfile = tmp_path / "services/api/Dockerfile"
    assert named(dockerfile, tmp_path / "services", tmp_path) == ["services/api/compose.yaml .", "services/docker-bake.hcl services/api"]  # fmt: skip
    assert named(dockerfile, None, tmp_path) == ["services/api/compose.yaml ."]
    assert named(dockerfile, tmp_path / "elsewhere", tmp_path) == ["services/api/compose.yaml ."]


def test_a_dockerfile_by_another_of_its_names(tmp_path: Path) -> None:
    put(tmp_path, {"docker/Dockerfile": "FROM scratch\n", "compose.yaml": service("build: .")})
    (tmp_path / "Dockerfile").symlink_to("docker/Dockerfile")
    assert named(tmp_path / "docker/Dockerfile", tmp_path, tmp_path) == ["compose.yaml ."]
    assert named(tmp_path / "Dockerfile", None, tmp_path) == ["compose.yaml ."]


def test_a_devcontainer_is_met_once(tmp_path: Path) -> None:
    put(tmp_path, {".devcontainer/devcontainer.json": '{"build": {"dockerfile": "Dockerfile", "context": ".."}}'})
    (tmp_path / ".git").mkdir()
    assert named(tmp_path / ".devcontainer/Dockerfile", None, tmp_path) == [".devcontainer/devcontainer.json ."]


def test_problems_on_the_way_are_told(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": "[", "a/docker-bake.json": "{"})
    _, problems = builds_of(str(tmp_path / "a/Dockerfile"), str(tmp_path))
    assert [near(problem.path, tmp_path) for problem in problems] == ["a/docker-bake.json", "compose.yaml"]


def test_a_folder_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": service("build: a"), "a/Dockerfile": ""})
    folders = Folders()
    before = folders.builds_in(str(tmp_path))
    (tmp_path / "compose.yaml").unlink()
    assert folders.builds_of(str(tmp_path / "a/Dockerfile"), str(tmp_path)) == before


def test_readers_are_loaded_only_for_files_that_need_them(tmp_path: Path) -> None:
    put(tmp_path, {"Dockerfile": "FROM scratch\n"})
    code = (
        f"import sys; from dockfix.adapters.builds import builds_in; builds_in({str(tmp_path)!r}); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"yaml", "tree_sitter_hcl", "pyjson5", "dockfix.adapters.builds.bake"} & set(loaded)


WORD = st.text("abc.-_/ xyzäß$", min_size=1, max_size=8).filter(
    lambda text: text.strip(" ") and not text.startswith("-")
)


@given(context=WORD, dockerfile=WORD, target=WORD, arguments=st.dictionaries(st.text("AB_", min_size=1), WORD))
@settings(deadline=None, max_examples=60)
def test_one_build_in_three_languages(
    tmp_path_factory: pytest.TempPathFactory, context: str, dockerfile: str, target: str, arguments: dict[str, str]
) -> None:
    """Compose, Bake's HCL and Bake's JSON agree on what they are told."""
    folder = tmp_path_factory.mktemp("laws")
    fields = {"context": context, "dockerfile": dockerfile, "target": target, "args": arguments}
    compose = json.dumps({"services": {"a": {"build": fields}}}).replace("$", "$$")
    hcl = "\n".join(f"  {name} = {json.dumps(value)}" for name, value in fields.items())
    put(folder / "1", {"compose.yaml": compose})
    put(folder / "2", {"docker-bake.hcl": f'target "a" {{\n{hcl}\n}}\n'})
    put(folder / "3", {"docker-bake.json": json.dumps({"target": {"a": fields}})})
    seen = [look(folder / name, {}) for name in "123"]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][1] == []
    (build,), _ = builds_in(str(folder / "1"))
    assert build.context == os.path.normpath(folder / "1" / context)
    assert (build.target, dict(build.arguments)) == (target, arguments)


NOISE = st.lists(
    st.sampled_from(
        'services: |build: |\n|  |    |- |{|}|[|]|"|\'|&a |*a|<<: |!!x |app:|a|.|/|$|${A|}|:-|context|=|target "a" {|\n}\n'
        "|matrix|inherits|<<EOT\n|EOT\n|,|#|//|null|1.5|include|extends|\t|\0|é".split("|")
    ),
    max_size=30,
)
NAMES = ("compose.yaml", ".env", "docker-bake.hcl", "docker-bake.json", "devcontainer.json")


@given(texts=st.lists(NOISE, min_size=5, max_size=5))
@settings(deadline=None, max_examples=200)
def test_no_text_is_an_exception(tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("noise")
    put(folder, {name: "".join(parts) for name, parts in zip(NAMES, texts, strict=True)})
    builds, problems = builds_in(str(folder))
    assert all(os.path.isabs(build.source) for build in builds)
    assert all("\n" not in problem.message for problem in problems)

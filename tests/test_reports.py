"""What the reports say: hidden-bytes and layer-budget, each case a Dockerfile with its build context."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest
from command import dockfix
from corpus import corpus, needs_corpus
from fences import ReportFence, report_fences

from dockfix.adapters.context import texts
from dockfix.engine.change import Level, Outcome
from dockfix.engine.findings import Finding, Severity
from dockfix.engine.options import Options
from dockfix.engine.registry import Report, doc_of, transforms
from dockfix.engine.run import rewrite
from dockfix.model.context import Context
from dockfix.model.files.hidden import Hidden
from dockfix.syntax.edit import line_of

PATH = "Dockerfile"
KNOWN = transforms()
REPORTS = {name: one for name, one in KNOWN.items() if isinstance(one, Report)}
SCHEMA = json.loads((Path(__file__).parent.parent / "docs/schema/outcome-v1.json").read_text())
KEY = b"-----BEGIN PRIVATE KEY-----\n"


def outcome_of(
    text: str, files: Mapping[str, bytes] | None = None, sizes: Mapping[str, int] | None = None, **options: object
) -> Outcome:
    """With the context of these files; None: without a context."""
    context: Context | None = texts(files or {}, sizes or {}) if files is not None or sizes is not None else None
    chosen = Options(**{"only": frozenset(REPORTS), **options})  # type: ignore[arg-type]
    return rewrite({PATH: text.encode()}, options=chosen, known=KNOWN, find_context=lambda *_: context)


def told(finding: Finding, text: bytes) -> str:
    return f"{line_of(text, finding.at)}: {finding.severity}: {finding.message}"


class Case(NamedTuple):
    """`hides` has `line severity how path bytes`, by line; None for bytes that are not known."""

    says: str
    dockerfile: str
    hides: tuple[str, ...]
    sizes: Mapping[str, int] | None = None
    files: Mapping[str, bytes] | None = None


MB = 1_000_000
CASES = (
    Case(
        "a file that is copied and deleted",
        "COPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb\nRUN rm /tmp/tool.deb",
        ("2 warning deleted /tmp/tool.deb 5000000",),
        {"tool.deb": 5 * MB},
    ),
    Case(
        "a file that is fetched into the root folder",
        "RUN wget https://example.org/tool.tgz\nRUN tar -xf tool.tgz\nRUN rm tool.tgz",
        ("2 warning deleted /tool.tgz None",),
    ),
    Case(
        "a small file is no warning",
        "COPY tool.deb /tmp/\nRUN rm /tmp/tool.deb",
        ("2 info deleted /tmp/tool.deb 500",),
        {"tool.deb": 500},
    ),
    Case(
        "a folder that is deleted as a whole",
        "COPY src /build\nRUN make -C /build && rm -rf /build",
        ("2 warning deleted /build 3000000",),
        {"src/a": 2 * MB, "src/deep/b": MB},
    ),
    Case(
        "a part of a folder",
        "COPY . /app\nRUN rm -rf /app/tests",
        ("2 warning deleted /app/tests 2000000",),
        {"tests/data": 2 * MB, "main.py": 3 * MB},
    ),
    Case(
        "a part first, and then the rest: each byte once",
        "COPY . /app\nRUN rm -rf /app/tests\nRUN rm -r /app",
        ("2 warning deleted /app/tests 2000000", "2 warning deleted /app 3000000"),
        {"tests/data": 2 * MB, "main.py": 3 * MB},
    ),
    Case(
        "what a pattern matches in the build context",
        "COPY . /app\nWORKDIR /app\nRUN rm *.zip",
        ("2 warning deleted /app/a.zip 1000000", "2 warning deleted /app/b.zip 2000000"),
        {"a.zip": MB, "b.zip": 2 * MB, "deep/c.zip": 4 * MB, ".hidden.zip": 8 * MB},
    ),
    Case(
        "what a pattern matches among what was copied by name",
        "COPY a.deb b.deb /tmp/\nRUN dpkg -i /tmp/*.deb\nRUN rm -f /tmp/*.deb",
        ("2 warning deleted /tmp/a.deb 1000000", "2 warning deleted /tmp/b.deb 2000000"),
        {"a.deb": MB, "b.deb": 2 * MB},
    ),
    Case(
        "in a folder that cd goes to",
        "COPY a.deb /tmp/\nRUN cd /tmp && dpkg -i a.deb && rm a.deb",
        ("2 warning deleted /tmp/a.deb 1000000",),
        {"a.deb": MB},
    ),
    Case(
        "by a variable that ENV sets",
        "ENV D=/work\nCOPY a.deb $D/\nRUN rm -rf $D",
        ("3 warning deleted /work/a.deb 1000000",),
        {"a.deb": MB},
    ),
    Case(
        "whatever a script in between has done with it",
        "COPY a.deb /tmp/\nRUN ./anything.sh\nRUN rm -f /tmp/a.deb",
        ("2 warning deleted /tmp/a.deb 1000000",),
        {"a.deb": MB},
    ),
    Case(
        "in a stage that is built from the one that copies",
        "COPY a.deb /tmp/\nFROM base\nRUN rm /tmp/a.deb",
        ("2 warning deleted /tmp/a.deb 1000000",),
        {"a.deb": MB},
    ),
    Case(
        "another file at the same place",
        "COPY a.conf /etc/x.conf\nCOPY b.conf /etc/x.conf",
        ("2 warning replaced /etc/x.conf 1000000",),
        {"a.conf": MB, "b.conf": 2 * MB},
    ),
    Case(
        "a file of a folder at the same place",
        "COPY a.conf /etc/x/b.conf\nCOPY conf /etc/x",
        ("2 warning replaced /etc/x/b.conf 1000000",),
        {"a.conf": MB, "conf/b.conf": 2 * MB},
    ),
    Case(
        "the same file at the same place: a good build may have it",
        "COPY package.json /app/\nCOPY . /app/",
        ("2 info stored again /app/package.json 1000000",),
        {"package.json": MB, "index.js": MB},
    ),
    Case(
        "a mode that is changed",
        "COPY server /srv/server\nRUN chmod +x /srv/server",
        ("2 warning stored again /srv/server 7000000",),
        {"server": 7 * MB},
    ),
    Case(
        "an owner of a folder",
        "COPY . /app\nRUN chown -R app:app /app",
        ("2 warning stored again /app 3000000",),
        {"a": MB, "b/c": 2 * MB},
    ),
    Case(
        "each layer that stores it",
        "COPY server /srv/\nRUN chmod +x /srv/server\nRUN chown app /srv/server\nRUN rm /srv/server",
        (
            "2 warning stored again /srv/server 7000000",
            "3 warning stored again /srv/server 7000000",
            "4 warning deleted /srv/server 7000000",
        ),
        {"server": 7 * MB},
    ),
    Case(
        "a part of a folder whose owner changes",
        "COPY . /app\nRUN chown -R app /app/data\nRUN rm -rf /app",
        (
            "2 warning stored again /app/data 2000000",
            "2 warning deleted /app 1000000",
            "3 warning deleted /app/data 2000000",
        ),
        {"a": MB, "data/b": 2 * MB},
    ),
    Case(
        "a file that is moved",
        "COPY a.tgz /tmp/\nRUN mv /tmp/a.tgz /opt/b.tgz\nRUN rm /opt/b.tgz",
        ("2 warning moved /tmp/a.tgz 1000000", "3 warning deleted /opt/b.tgz 1000000"),
        {"a.tgz": MB},
    ),
    Case(
        "what curl has fetched: of no known size",
        "RUN curl -fsSLo /tmp/a.tgz https://example.com/a.tgz\nRUN tar xzf /tmp/a.tgz -C /opt && rm /tmp/a.tgz",
        ("2 warning deleted /tmp/a.tgz None",),
    ),
    Case(
        "what wget calls by the address",
        "WORKDIR /tmp\nRUN wget -q https://example.com/v1/a.tgz\nRUN rm a.tgz",
        ("3 warning deleted /tmp/a.tgz None",),
    ),
    Case(
        "what ADD has fetched",
        "ADD https://example.com/a.tgz /tmp/\nRUN rm /tmp/a.tgz",
        ("2 warning deleted /tmp/a.tgz None",),
    ),
    Case(
        "what ADD takes as COPY would",
        "ADD a.txt /tmp/\nRUN rm /tmp/a.txt",
        ("2 info deleted /tmp/a.txt 5",),
        files={"a.txt": b"text\n"},
    ),
    Case(
        "a repository, and its history alone",
        "RUN git clone https://example.com/a.git /src\nRUN rm -rf /src/.git",
        ("2 warning deleted /src/.git None",),
    ),
    Case(
        "package lists",
        "RUN apt-get update\nRUN apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*",
        ("2 warning deleted /var/lib/apt/lists None",),
    ),
    Case(
        "a download cache that its manager empties",
        "USER root\nRUN npm ci\nRUN npm cache clean --force",
        ("3 warning deleted /root/.npm None",),
    ),
    Case(
        "what a COPY takes from another stage",
        "COPY --from=other /out /tmp/out\nRUN rm -rf /tmp/out",
        ("2 warning deleted /tmp/out None",),
    ),
    Case(
        "a key",
        "COPY id_rsa /root/.ssh/id_rsa\nRUN git pull && rm /root/.ssh/id_rsa",
        ("2 error deleted /root/.ssh/id_rsa 28",),
        files={"id_rsa": KEY},
    ),
    Case(
        "a secret in a folder, apart from the rest of it",
        "COPY . /app\nRUN rm -rf /app",
        ("2 error deleted /app/.env 3", "2 warning deleted /app 1000000"),
        {"main": MB},
        {".env": b"A=b"},
    ),
    Case(
        "a secret that a RUN writes",
        'RUN echo "machine a login b" > /root/.netrc\nRUN rm /root/.netrc',
        ("2 error deleted /root/.netrc None",),
    ),
    Case(
        "a name that may be a key's, without its text",
        "COPY server.key /tmp/\nRUN rm /tmp/server.key",
        ("2 error deleted /tmp/server.key None",),
    ),
    Case(
        "a certificate that is called as a key is",
        "COPY ca.pem /tmp/\nRUN rm /tmp/ca.pem",
        ("2 info deleted /tmp/ca.pem 12",),
        files={"ca.pem": b"CERTIFICATE\n"},
    ),
)
NOTHING = {
    "what is deleted by the RUN that makes it": "RUN curl -o /tmp/a https://x/a && rm /tmp/a",
    "what nobody is known to have made": "COPY a /a\nRUN rm /etc/nginx/conf.d/default.conf",
    "what lies beside it": "COPY a.deb /tmp/\nRUN rm /tmp/b.deb /tmp/a.deb.bak",
    "what may not be deleted": "COPY a.deb /tmp/\nRUN if test -f x; then rm /tmp/a.deb; fi",
    "what is deleted where something fails": "COPY a.deb /tmp/\nRUN make || rm /tmp/a.deb",
    "a pattern without a build context": "COPY *.deb /tmp/\nRUN rm /tmp/*.zip",
    "a part of a folder without a build context": "COPY . /app\nRUN rm -rf /app/tests",
    "what wget calls by more than the path": "WORKDIR /tmp\nRUN wget https://x/a.tgz?b=c\nRUN rm -f a.tgz",
    "what may be a folder, whose contents go elsewhere": "COPY plugins /opt/p/\nRUN rm -rf /opt/p/plugins",
    "what lies in a mount": "COPY a /m/a\nRUN --mount=type=cache,target=/m rm /m/a",
    "names in braces, which sh leaves as they are": "COPY a.deb /tmp/\nRUN rm /tmp/{a,b}.deb",
    "a pattern in quotes": "COPY a.deb /tmp/\nRUN rm '/tmp/*.deb'",
    "a variable that a build may give": "ARG D=/tmp\nCOPY a.deb /tmp/\nRUN rm $D/a.deb",
    "what lies by way of a link": "RUN ln -s /data /tmp/l\nCOPY a /data/a\nRUN rm /tmp/l/a",
    "a folder whose own mode changes": "COPY . /app\nRUN chmod 755 /app",
    "an archive that ADD unpacks": "ADD a.tar.gz /tmp/\nRUN rm -f /tmp/a.tar.gz",
    "a stage that is not shipped": "COPY a /a\nRUN rm /a\nFROM scratch\nCOPY --from=base /b /b",
    "a comment above the one that stores": "# dockfix: ignore=hidden-bytes\nCOPY a /a\nRUN rm /a",
    "a comment above the one that hides": "COPY a /a\n# dockfix: ignore\nRUN rm /a",
}


def hides(outcome: Outcome) -> Iterator[str]:
    for finding in outcome.findings:
        if isinstance(finding.about, Hidden):
            line = line_of(outcome.files[PATH], finding.at)
            for path in finding.about.paths:
                how = finding.about.how.value
                yield f"{line} {finding.severity} {how} {path.path.decode()} {path.bytes}"


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_hidden_bytes_names(case: Case) -> None:
    outcome = outcome_of(f"FROM debian:12 AS base\n{case.dockerfile}\n", case.files, case.sizes)
    assert tuple(hides(outcome)) == case.hides


@pytest.mark.parametrize("dockerfile", NOTHING.values(), ids=NOTHING.keys())
def test_hidden_bytes_does_not_name(dockerfile: str) -> None:
    assert list(hides(outcome_of(f"FROM debian:12 AS base\n{dockerfile}\n"))) == []


def test_what_a_change_repairs_is_named_no_more_and_what_is_held_back_is() -> None:
    text = "FROM debian:12\nRUN curl -o /tmp/a https://x/a\nRUN rm /tmp/a\n"
    assert len(list(hides(outcome_of(text)))) == 1
    both = outcome_of(text, only=frozenset({"merge-runs", "hidden-bytes"}))
    assert both.steps
    assert list(hides(both)) == []


class TestLayerBudget:
    @pytest.mark.parametrize(
        ("layers", "severity"),
        [(99, Severity.INFO), (100, Severity.WARNING), (119, Severity.WARNING), (120, Severity.ERROR)],
    )
    def test_it_warns_from_100_and_fails_from_120(self, layers: int, severity: Severity) -> None:
        text = "FROM scratch\n" + "".join(f"COPY a /{n}\n" for n in range(layers))
        (finding,) = outcome_of(text, only=frozenset({"layer-budget"})).findings
        assert finding.severity is severity

    @pytest.mark.parametrize(
        ("text", "builder", "says"),
        [
            ("FROM scratch\nCOPY a /\nWORKDIR /x\nENV A=b\nCMD a", "buildkit", ["2 layers"]),
            ("FROM scratch\nCOPY a /\nWORKDIR /x\nENV A=b\nCMD a", "buildah", ["1 layer"]),
            ("FROM debian AS a\nRUN x\nFROM a\nADD y /", "buildkit", ["2 layers, and those of debian"]),
            ("FROM debian AS a\nRUN x\nFROM scratch\nCOPY --from=a /x /", "buildkit", ["1 layer"]),
            (
                "FROM scratch AS a\nCOPY x /\nFROM a AS b\nCOPY y /\nFROM a AS c\nCOPY z /\nCOPY w /",
                "buildkit",
                ["2 layers", "3 layers"],
            ),
        ],
        ids=["WORKDIR", "no WORKDIR with buildah", "parents count", "not what is copied from", "each that ships"],
    )
    def test_what_counts(self, text: str, builder: str, says: list[str]) -> None:
        outcome = outcome_of(text + "\n", only=frozenset({"layer-budget"}), builder=builder)
        assert [finding.message for finding in outcome.findings] == says

    def test_a_merge_makes_fewer(self) -> None:
        text = "FROM debian:12\nRUN a\nRUN b\nRUN c\n"
        outcome = outcome_of(text, only=frozenset({"layer-budget", "merge-runs"}), level=Level.SAFE)
        assert outcome.findings[0].message == "1 layer, and those of debian:12"


def fences() -> Iterator[tuple[str, ReportFence]]:
    return ((name, fence) for name, one in REPORTS.items() for fence in report_fences(doc_of(one)))


@pytest.mark.parametrize(("name", "fence"), fences(), ids=lambda value: getattr(value, "says", value))
def test_an_example_of_the_documentation(name: str, fence: ReportFence) -> None:
    outcome = outcome_of(fence.dockerfile, None, fence.sizes or None, only=frozenset({name}))
    found = [told(finding, outcome.files[PATH]) for finding in outcome.findings]
    assert found == list(fence.lines)


SECRET = b"FROM debian:12\nCOPY .env /app/.env\nRUN rm /app/.env\n"


class TestTheProgram:
    def test_an_error_is_seen_and_counts(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(SECRET)
        (tmp_path / ".env").write_text("A=b\n")
        ended = dockfix(tmp_path, "--only", "hidden-bytes")
        assert ended.status == 1
        assert re.match(r"Dockerfile:2: error: hidden-bytes: this layer keeps /app/.env, which looks", ended.err)
        assert ended.err.endswith("nothing to do (1 file); 1 error\n")
        assert dockfix(tmp_path, "--only", "hidden-bytes", "--exit-zero").status == 0

    def test_info_is_for_v(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(SECRET)
        assert dockfix(tmp_path, "--only", "layer-budget").err == "nothing to do (1 file)\n"
        said = dockfix(tmp_path, "--only", "layer-budget", "-v").err
        assert said.startswith("Dockerfile:1: info: layer-budget: 2 layers, and those of debian:12\n")

    def test_the_configuration_switches_it_off(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(SECRET)
        (tmp_path / ".dockfix.toml").write_text('only = ["hidden-bytes"]\nskip = ["hidden-bytes"]\n')
        assert dockfix(tmp_path).err == "nothing to do (1 file)\n"

    def test_json_says_all_of_it(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_bytes(SECRET)
        (tmp_path / ".env").write_text("A=b\n")
        document = json.loads(dockfix(tmp_path, "--only", "hidden-bytes,layer-budget", "--format", "json").out)
        jsonschema.validate(document, SCHEMA)
        hidden, layers = document["files"][0]["findings"]
        assert hidden["hidden"] == {
            "how": "deleted",
            "stored_line": 2,
            "hidden_line": 3,
            "bytes": 4,
            "paths": [{"path": "/app/.env", "bytes": 4, "secret": True}],
        }
        assert layers["layers"] == {"layers": 2, "base": "debian:12", "base_layers": None}
        assert document["summary"]["findings"] == {"error": 1, "warning": 0}


@needs_corpus
def test_of_real_files_the_reports_speak_without_an_error() -> None:
    known = {**REPORTS}
    for name, text in list(corpus().items())[::10]:
        outcome = rewrite({name: text}, options=Options(), known=known)
        for finding in outcome.findings:
            assert text[finding.at :].lstrip()[:4].upper() in (b"FROM", b"COPY", b"ADD ", b"RUN "), finding
            assert finding.message.isprintable()

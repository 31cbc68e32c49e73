"""Pairs of Dockerfiles made to differ, built for real: each difference is reported, exactly, and nothing else."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest
from rig.rig import Rig
from verified import NOISE, verify, write

from dockfix.verify.images.contents import Contents
from dockfix.verify.images.layout import Layout

BEFORE = """\
FROM debian:bookworm-slim
ENV MODE=one
COPY app /srv/
RUN mkdir /t && cd /t && for name in mode owner gone suid; do echo $name > $name; done \\
    && ln -s mode link && echo linked > first && ln first second && chmod 4755 suid && chown 33:33 owner
RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*
CMD ["one"]
"""
AFTER = """\
FROM debian:bookworm-slim
ENV MODE=two
COPY app /srv/
RUN mkdir /t && cd /t && for name in mode owner suid; do echo $name > $name; done \\
    && ln -s owner link && echo linked > first && cp first second && chmod 755 suid && chown 33:34 owner \\
    && chmod 600 mode
RUN echo key > /root/id_ed25519
RUN rm /root/id_ed25519
RUN apt-get update && apt-get install -y --no-install-recommends libjq1 && rm -rf /var/lib/apt/lists/*
CMD ["two"]
"""
ENV = '["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "MODE={}"]'
DIFFERENT = {
    ("config.Cmd", "value", '["one"]', '["two"]'),
    ("config.Env", "value", ENV.format("one"), ENV.format("two")),
    ("/t/gone", "missing", "file, 5 bytes", None),
    ("/t/link", "target", "mode", "owner"),
    ("/t/mode", "mode", "0644", "0600"),
    ("/t/owner", "owner", "33:33", "33:34"),
    ("/t/second", "hard link", "to /t/first", None),
    ("/t/suid", "mode", "4755", "0755"),
    ("/root/id_ed25519", "hidden", None, "4 bytes"),
}


@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_each_difference_of_two_builds_is_reported_exactly(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": BEFORE, "after.Dockerfile": AFTER, "app/run": "#!/bin/sh\n"})
    found = verify(rig, engine, tmp_path, "Dockerfile", "--against", "after.Dockerfile")
    assert (found.status, found.verdict) == (1, "different")
    differences = found.differences()
    packages = {row for row in differences if row[1] == "dpkg"}
    assert {row[0] for row in packages} == {"jq"}
    # What is left is the package's own: its files, and what dpkg and apt write about it.
    of_jq = [row for row in differences if row not in DIFFERENT | packages]
    assert {
        row for row in of_jq if "jq" not in row[0] and not row[0].startswith(("/var/lib/dpkg/", "/var/lib/apt/"))
    } == set()
    assert ("/usr/bin/jq", "missing") in {row[:2] for row in of_jq}
    assert set(differences) - set(of_jq) - packages == DIFFERENT


NOISY = """\
FROM python:3.11-slim
COPY app /srv/
RUN apt-get update && apt-get install -y --no-install-recommends jq ca-certificates
RUN pip install click==8.1.8 && python -c "import click"
RUN head -c 100 /dev/zero > /x && rm /x
HEALTHCHECK CMD true
"""


@pytest.mark.parametrize("engine", ["docker", pytest.param("buildah", marks=pytest.mark.full)])
def test_two_builds_of_one_file_differ_in_nothing_but_the_expected(engine: str, rig: Rig, tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": NOISY, "again": NOISY, "app/run": "#!/bin/sh\n"})
    found = verify(rig, engine, tmp_path, "--against", "again")
    assert found.differences() == []
    assert (found.status, found.verdict) == (0, "identical but for")
    assert {row["name"] for row in found.comparison["ignored"]} <= NOISE | {"package index lists", "download caches"}
    assert found.comparison["before"]["packages"] == found.comparison["after"]["packages"]
    assert set(found.comparison["before"]["packages"]) == {"dpkg", "pip"}


LAYERED = """\
FROM debian:bookworm-slim
RUN mkdir -p /a/b /c && echo 1 > /a/b/one && echo 2 > /a/two && ln /a/two /a/three && ln -s b /a/link
RUN rm -r /a/b && echo 3 > /c/three && chmod 700 /c && mkfifo /c/pipe
RUN rm -r /c && mkdir /c && echo 4 > /c/four && rm /a/two && rm -r /usr/share/doc && ln -s /etc /usr/share/doc
"""


@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_the_layers_make_what_a_container_sees(engine: str, rig: Rig, tmp_path: Path) -> None:
    """The engine's own export of a container is the judge."""
    write(tmp_path, {"Dockerfile": LAYERED})
    archive, flat = tmp_path / "image.tar", tmp_path / "flat.tar"
    if engine == "docker":
        rig.docker("build", "--network", "host", "--tag", "seen", str(tmp_path))
        rig.docker("save", "--output", str(archive), "seen")
        container = rig.docker("create", "seen", "true").strip()
        rig.docker("export", "--output", str(flat), container)
        rig.docker("rm", container)
        rig.docker("image", "rm", "seen")
    else:
        rig.buildah("build", "--layers", "--tag", "seen", str(tmp_path))
        rig.buildah("push", "--quiet", "seen", f"docker-archive:{archive}")
        container = rig.buildah("from", "seen").strip()
        folder = rig.buildah("mount", container).strip()
        inside = ["nsenter", "--target", str(rig.pid), "--mount", "--root", "--"]
        subprocess.run([*inside, "tar", "-C", folder, "-cf", str(flat), "."], check=True)
        rig.buildah("rm", container)
        rig.buildah("rmi", "seen")
    contents = Contents(str(tmp_path))
    with Layout(str(archive)) as layout:
        contents.read([layout])
    rows = contents.database.execute("SELECT path, mode, uid, gid FROM entry WHERE type != 'symlink'").fetchall()
    contents.close()
    seen = {path.decode(): (mode, uid, gid) for path, mode, uid, gid in rows}
    with tarfile.open(flat) as tar:
        members = {member.name.removeprefix("./").rstrip("/"): member for member in tar if not member.issym()}
    # Made by the engine for each container.
    own = {
        "",
        ".",
        ".dockerenv",
        "dev/console",
        "dev/pts",
        "dev/shm",
        "etc/hostname",
        "etc/hosts",
        "etc/resolv.conf",
        "etc/mtab",
    }
    exported = {name: (member.mode & 0o7777, member.uid, member.gid) for name, member in members.items()}
    for name in own | {name for name in {*seen, *exported} if name.startswith(("proc", "sys", "dev"))}:
        seen.pop(name, None)
        exported.pop(name, None)
    assert seen == exported

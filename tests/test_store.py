"""Files are replaced whole or not at all, and each way in which that fails has its sentence."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import environment

from dockfix.adapters import store

OLD, NEW = b"FROM debian\nRUN a\n", b"FROM debian\nRUN a && b\n"
NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike tmp_path."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "Dockerfile"
    path.write_bytes(OLD)
    return path


def sentence(action: Callable[[], object]) -> str:
    """What an action says when it fails."""
    try:
        action()
    except store.StoreError as error:
        return str(error)
    return ""


def as_nobody(action: Callable[[], object]) -> str:
    """What an action says in a process that is not root: root may do everything."""
    if os.geteuid() != 0:
        return sentence(action)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.write(writer, sentence(action).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        return pipe.read()


def only_file(folder: Path) -> str:
    """The name of the one file in the folder: nothing half written lies beside it."""
    (name,) = os.listdir(folder)
    return name


class TestReplacing:
    def test_the_new_text_takes_the_place_of_the_old(self, file: Path) -> None:
        store.replace(str(file), OLD, NEW)
        assert file.read_bytes() == NEW
        assert only_file(file.parent) == "Dockerfile"

    def test_a_name_without_a_folder_will_do(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(file.parent)
        store.replace("Dockerfile", OLD, NEW)
        assert file.read_bytes() == NEW

    def test_it_is_a_new_file_so_that_readers_of_the_old_one_see_all_of_it(self, file: Path) -> None:
        with file.open("rb") as reader:
            store.replace(str(file), OLD, NEW)
            assert reader.read() == OLD

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o755, 0o2755])
    def test_the_mode_stays(self, file: Path, mode: int) -> None:
        file.chmod(mode)
        store.replace(str(file), OLD, NEW)
        assert stat.S_IMODE(file.stat().st_mode) == mode

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    def test_owner_and_group_stay(self, file: Path) -> None:
        os.chown(file, 1234, 4321)
        file.chmod(0o4750)
        store.replace(str(file), OLD, NEW)
        assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)
        assert stat.S_IMODE(file.stat().st_mode) == 0o4750

    def test_extended_attributes_stay(self, file: Path) -> None:
        try:
            os.setxattr(file, "user.note", b"kept")
        except OSError:
            pytest.skip("this file system has no extended attributes")
        store.replace(str(file), OLD, NEW)
        assert os.getxattr(file, "user.note") == b"kept"

    def test_the_target_of_a_link_is_written_and_the_link_stays(self, folder: Path) -> None:
        (folder / "real").mkdir()
        target, link = folder / "real" / "file", folder / "Dockerfile"
        target.write_bytes(OLD)
        link.symlink_to("real/file")
        store.replace(str(link), OLD, NEW)
        assert link.is_symlink()
        assert target.read_bytes() == NEW
        assert os.listdir(folder / "real") == ["file"]

    def test_the_longest_name_that_a_file_can_have(self, folder: Path) -> None:
        path = folder / ("D" * 244 + ".dockerfile")
        path.write_bytes(OLD)
        store.replace(str(path), OLD, NEW)
        assert path.read_bytes() == NEW


class TestRefusing:
    def test_a_file_that_was_changed_meanwhile(self, file: Path) -> None:
        file.write_bytes(b"FROM alpine\n")
        assert sentence(lambda: store.replace(str(file), OLD, NEW)) == (
            "left as it is: it was changed while dockfix looked at it; run dockfix again"
        )
        assert file.read_bytes() == b"FROM alpine\n"

    def test_a_file_that_is_gone(self, file: Path) -> None:
        file.unlink()
        assert sentence(lambda: store.replace(str(file), OLD, NEW)) == "gone while dockfix looked at it"
        assert os.listdir(file.parent) == []

    def test_a_folder_that_is_gone(self, file: Path) -> None:
        path = str(file.parent / "away" / "Dockerfile")
        assert sentence(lambda: store.replace(path, OLD, NEW)) == "gone while dockfix looked at it"

    def test_a_folder_that_takes_no_new_file(self, file: Path) -> None:
        file.chmod(0o666)
        file.parent.chmod(0o555)
        assert as_nobody(lambda: store.replace(str(file), OLD, NEW)) == (
            f"left as it is: no new file can be made in {file.parent}; check its permissions"
        )
        assert file.read_bytes() == OLD

    def test_a_file_that_is_read_only(self, file: Path) -> None:
        file.chmod(0o444)
        file.parent.chmod(0o777)
        assert as_nobody(lambda: store.replace(str(file), OLD, NEW)) == (
            "left as it is: it is read-only; make it writable, then run dockfix again"
        )
        assert file.read_bytes() == OLD

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files of two owners")
    def test_a_file_of_another_owner_is_not_taken_over(self, file: Path) -> None:
        file.chmod(0o666)
        file.parent.chmod(0o777)
        assert as_nobody(lambda: store.replace(str(file), OLD, NEW)) == (
            "left as it is: its owner or group would change; run dockfix as its owner"
        )
        assert file.read_bytes() == OLD
        assert file.stat().st_uid == 0
        assert only_file(file.parent) == "Dockerfile"

    @pytest.mark.parametrize(
        ("mount", "expected"),
        [
            ("mount -t tmpfs -o size=4096 none full && cp Dockerfile full/", "left as it is: the disk is full"),
            (
                "mount -t tmpfs none full && cp Dockerfile full/ && mount -o remount,ro none full",
                "left as it is: it is read-only; make it writable, then run dockfix again",
            ),
        ],
        ids=["a full disk", "a read-only file system"],
    )
    def test_a_disk_that_takes_nothing(self, file: Path, mount: str, expected: str) -> None:
        (file.parent / "full").mkdir()
        program = (
            "import sys; from dockfix.adapters import store\n"
            f"try: store.replace('full/Dockerfile', {OLD!r}, {OLD!r} * 999)\n"
            "except store.StoreError as error: print(error)\n"
        )
        script = f"{mount} && echo mounted && '{sys.executable}' -c \"$1\" && ls -A full && cat full/Dockerfile"
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", program],
            cwd=file.parent,
            capture_output=True,
            env=environment(),
            check=False,
        )
        if not done.stdout.startswith(b"mounted"):
            pytest.skip("nothing can be mounted here")
        assert done.stdout.decode() == f"mounted\n{expected}\nDockerfile\n{OLD.decode()}"

    def test_an_interruption_leaves_the_old_text_and_nothing_beside_it(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(_file: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            store.replace(str(file), OLD, NEW)
        assert file.read_bytes() == OLD
        assert only_file(file.parent) == "Dockerfile"


class TestReading:
    def test_the_bytes_come_as_they_are(self, file: Path) -> None:
        file.write_bytes(b"\xef\xbb\xbfFROM \xff\r\n")
        assert store.read(str(file)) == b"\xef\xbb\xbfFROM \xff\r\n"

    def test_a_file_that_is_not_there(self, folder: Path) -> None:
        assert sentence(lambda: store.read(str(folder / "x"))) == "no such file or folder"

    def test_a_link_to_nothing(self, folder: Path) -> None:
        (folder / "Dockerfile").symlink_to("away")
        assert sentence(lambda: store.read(str(folder / "Dockerfile"))) == "a link to away, which does not exist"

    def test_a_link_to_itself(self, folder: Path) -> None:
        (folder / "Dockerfile").symlink_to("Dockerfile")
        assert sentence(lambda: store.read(str(folder / "Dockerfile"))) == "a link that leads back to itself"

    def test_a_pipe_is_not_waited_for(self, folder: Path) -> None:
        os.mkfifo(folder / "Dockerfile")
        assert sentence(lambda: store.read(str(folder / "Dockerfile"))).startswith("a pipe, not a file")

    def test_a_device(self) -> None:
        assert sentence(lambda: store.read("/dev/zero")).startswith("a device, not a file")

    def test_a_file_that_may_not_be_read(self, file: Path) -> None:
        file.chmod(0)
        assert as_nobody(lambda: store.read(str(file))) == "may not be read: check its permissions"

    def test_a_file_above_the_limit_is_not_read(self, file: Path) -> None:
        os.truncate(file, store.LIMIT + 1)
        assert sentence(lambda: store.read(str(file))).startswith("larger than 5 MB")
        os.truncate(file, store.LIMIT)
        assert len(store.read(str(file))) == store.LIMIT

"""`dockfix lsp`, driven as an editor does: real processes, the protocol between them, the client's own text."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command import dockfix
from corpus import corpus, needs_corpus
from editor import SERVER, Editor, editor
from lsprotocol import types

from dockfix.adapters.plugins import installed
from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.change import Change, Level
from dockfix.engine.options import Options
from dockfix.engine.run import rewrite
from dockfix.frontends.lsp.analysis import MOST_KEYSTROKES, Analyser
from dockfix.frontends.lsp.messages import Settings, Text

TEXT = """FROM debian:12
RUN apt-get update
RUN apt-get install -y curl
COPY . /app
"""
AT_3 = types.Range(types.Position(2, 4), types.Position(2, 4))


@pytest.mark.asyncio
async def test_each_change_is_a_diagnostic_with_its_level_code_and_page(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        found = await it.diagnostics(it.open(tmp_path / "Dockerfile", TEXT))
    merge = next(one for one in found if one.code == "merge-runs")
    assert merge.severity is types.DiagnosticSeverity.Hint
    assert merge.source == "dockfix"
    assert (merge.range.start.line, merge.range.end) == (1, types.Position(1, len("RUN apt-get update")))
    assert merge.code_description is not None
    assert _page(merge.code_description.href).startswith("# merge-runs (safe)")
    review = next(one for one in found if one.code == "no-install-recommends")
    assert review.severity is types.DiagnosticSeverity.Information
    assert "-1.0 MB: publicsuffix" in review.message


def _page(uri: str) -> str:
    return Path(uri.removeprefix("file://")).read_text()


@pytest.mark.asyncio
async def test_a_change_of_several_instructions_tells_where_the_others_are(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        found = await it.diagnostics(it.open(tmp_path / "Dockerfile", TEXT))
    merge = next(one for one in found if one.code == "merge-runs")
    assert [info.location.range.start.line for info in merge.related_information or []] == [2]


@pytest.mark.asyncio
async def test_an_unsafe_change_is_no_diagnostic_but_a_refactoring(tmp_path: Path) -> None:
    text = "FROM debian:12\nRUN curl -o /a.tgz https://e.org/a.tgz && tar -xzf /a.tgz -C /opt\n"
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", text)
        told = await it.diagnostics(uri)
        actions = await it.actions(uri, ["refactor"])
    assert "download-then-delete" not in {one.code for one in told}
    assert [action.kind for action in actions] == [types.CodeActionKind.RefactorRewrite]
    assert "unsafe" in actions[0].title


@pytest.mark.asyncio
async def test_a_quick_fix_makes_its_change_alone(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        await it.diagnostics(uri)
        (merge,) = [one for one in await it.actions(uri, ["quickfix"], AT_3) if "(merge-runs, safe)" in one.title]
        made = it.made(uri, merge.edit)
    assert made == "FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl\nCOPY . /app\n"
    assert merge.diagnostics is not None
    assert merge.diagnostics[0].code == "merge-runs"
    assert merge.is_preferred


@pytest.mark.asyncio
async def test_ignore_this_here_writes_the_comment_that_silences_it(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT.replace("\n", "\r\n"))
        await it.diagnostics(uri)
        (ignore,) = [one for one in await it.actions(uri, ["quickfix"], AT_3) if one.title == "Ignore merge-runs here"]
        text = it.made(uri, ignore.edit)
        assert "\r\n# dockfix: ignore=merge-runs\r\nRUN apt-get update\r\n" in text
        other = it.open(tmp_path / "other.Dockerfile", text)
        assert "merge-runs" not in {one.code for one in await it.diagnostics(other)}


@pytest.mark.asyncio
async def test_fix_on_save_gives_what_the_command_line_writes(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(TEXT)
    async with editor(tmp_path) as it:
        fixed = await it.fixed(it.open(path, TEXT))
    assert dockfix(tmp_path, "--write", "Dockerfile").status == 1
    assert fixed == path.read_text() != TEXT


@pytest.mark.asyncio
async def test_a_fix_of_everything_is_made_when_somebody_takes_it(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        await it.diagnostics(uri)
        (every,) = [one for one in await it.actions(uri) if one.kind == "source.fixAll.dockfix"]
        assert every.edit is None
        resolved = await it.client.code_action_resolve_async(every)
        assert it.made(uri, resolved.edit) == await it.fixed(uri)


@pytest.mark.asyncio
async def test_an_editor_that_cannot_resolve_gets_the_edit_at_once(tmp_path: Path) -> None:
    async with editor(tmp_path, types.ClientCapabilities()) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        await it.diagnostics(uri)
        (every,) = [one for one in await it.actions(uri) if one.kind == "source.fixAll.dockfix"]
        assert every.edit is not None


@pytest.mark.asyncio
async def test_an_ignore_file_is_made_by_one_workspace_edit(tmp_path: Path) -> None:
    for name, size in {"app/main.py": 10, "node_modules/a/index.js": 90_000}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x" * size)
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", "FROM debian:12\nCOPY app /app\n")
        (told,) = [one for one in await it.diagnostics(uri) if one.code == "write-dockerignore"]
        assert told.range.start.line == 1
        (fix,) = [one for one in await it.actions(uri, ["quickfix"]) if "(write-dockerignore" in one.title]
    assert fix.edit is not None
    create, written = fix.edit.document_changes or []
    assert isinstance(create, types.CreateFile)
    assert isinstance(written, types.TextDocumentEdit)
    assert create.uri == written.text_document.uri == (tmp_path / ".dockerignore").as_uri()
    (edit,) = written.edits
    assert isinstance(edit, types.TextEdit)
    assert edit.new_text.endswith("*\n!app\n")


@pytest.mark.asyncio
async def test_a_change_beside_the_file_is_picked_up(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/a.js").write_text("x" * 90_000)
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", "FROM debian:12\nCOPY app /app\n")
        assert "write-dockerignore" in {one.code for one in await it.diagnostics(uri)}
        ignore = tmp_path / ".dockerignore"
        ignore.write_text("node_modules\n")
        event = types.FileEvent(ignore.as_uri(), types.FileChangeType.Created)
        it.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await until(it, uri, without="write-dockerignore")


@pytest.mark.asyncio
async def test_a_changed_configuration_counts_at_once(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        assert "merge-runs" in {one.code for one in await it.diagnostics(uri)}
        params = types.DidChangeConfigurationParams({"dockfix": {"skip": ["merge-runs"]}})
        it.client.workspace_did_change_configuration(params)
        await until(it, uri, without="merge-runs")
        (tmp_path / ".dockfix.toml").write_text('skip = ["no-install-recommends"]\n')
        it.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
        await until(it, uri, without="no-install-recommends")


async def until(it: Editor, uri: str, *, without: str) -> None:
    """Wait until nothing of the kind is told any more."""
    for _ in range(200):
        if without not in {one.code for one in await it.diagnostics(uri)}:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"{without} is still told")


@pytest.mark.asyncio
async def test_settings_that_make_no_sense_are_told(tmp_path: Path) -> None:
    async with editor(tmp_path, level="bold") as it:
        await it.diagnostics(it.open(tmp_path / "Dockerfile", TEXT))
        assert [one.message for one in it.client.messages] == [
            "dockfix: dockfix.level is 'bold'; it can be safe, review, unsafe"
        ]


@pytest.mark.asyncio
async def test_a_wrong_configuration_file_is_an_error_in_the_document(tmp_path: Path) -> None:
    (tmp_path / ".dockfix.toml").write_text("level = 7\n")
    async with editor(tmp_path) as it:
        (told,) = await it.diagnostics(it.open(tmp_path / "Dockerfile", TEXT))
    assert told.severity is types.DiagnosticSeverity.Error
    assert "level" in told.message


@pytest.mark.asyncio
async def test_a_file_that_no_builder_reads_is_an_error_where_it_fails(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        (told,) = await it.diagnostics(it.open(tmp_path / "Dockerfile", "FROM a\nRUNN b\n"))
    assert (told.severity, told.range.start.line) == (types.DiagnosticSeverity.Error, 1)


@pytest.mark.asyncio
async def test_only_dockerfiles_are_looked_at(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        it.open(tmp_path / "compose.yaml", "services: {}\n", language="yaml")
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        await it.diagnostics(uri)
        assert await it.actions(it.open(tmp_path / "notes.txt", TEXT, language="plaintext")) == []


@pytest.mark.asyncio
async def test_a_document_that_is_closed_has_no_diagnostics_left(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        assert await it.diagnostics(uri)
        it.close(uri)
        for _ in range(100):
            if not await it.diagnostics(uri):
                return
            await asyncio.sleep(0.05)
        pytest.fail("they are still there")


@pytest.mark.asyncio
async def test_hover_tells_what_is_in_force_and_what_makes_a_step_run_again(tmp_path: Path) -> None:
    text = (
        "FROM debian:12 AS app\nENV A=1\nWORKDIR /srv\nUSER daemon\nCOPY go.mod .\nCOPY big.tgz /tmp/\n"
        "RUN make\nRUN rm /tmp/big.tgz\n"
    )
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", text)

        async def told(line: int) -> str:
            place = types.Position(line, 2)
            params = types.HoverParams(types.TextDocumentIdentifier(uri), place)
            found = await it.client.text_document_hover_async(params)
            assert found is not None
            assert isinstance(found.contents, types.MarkupContent)
            return found.contents.value

        run = await told(6)
        assert "**RUN** in stage `app`, which is part of the image" in run
        for line in ("user: `daemon`", "working directory: `/srv`", "environment: `A=1`"):
            assert f"- {line}" in run
        assert "- runs again after a change of `go.mod`, `big.tgz`" in run
        assert "- its layer keeps `/tmp/big.tgz`, deleted in line 8" in await told(5)
        assert "stays in the layer of line 6" in await told(7)


@pytest.mark.asyncio
async def test_the_commands_apply_show_and_explain(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(TEXT)
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        applied: list[types.ApplyWorkspaceEditParams] = []

        @it.client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            applied.append(params)
            return types.ApplyWorkspaceEditResult(applied=True)

        async def run(command: str, *arguments: str) -> object:
            params = types.ExecuteCommandParams(command, list(arguments))
            return await it.client.workspace_execute_command_async(params)

        assert await run("dockfix.showDiff", uri) == dockfix(tmp_path, "--diff", "Dockerfile").out.decode()
        assert await run("dockfix.applyAll", uri, "review") is True
        text = it.made(uri, applied[0].edit)
        page = await run("dockfix.explain", "merge-runs")
        assert str(page).endswith("merge-runs.md")
        assert [one.uri for one in it.client.shown_documents] == [page]
    dockfix(tmp_path, "--write", "--level", "review", "Dockerfile")
    assert text == (tmp_path / "Dockerfile").read_text() != TEXT


@pytest.mark.asyncio
async def test_the_answer_to_a_text_that_has_changed_meanwhile_is_dropped(tmp_path: Path) -> None:
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        for _ in range(20):
            it.type(uri, types.TextEdit(start, "# x\n"))
        found = await it.diagnostics(uri)
        assert {one.range.start.line for one in found if one.code == "merge-runs"} == {21}


# The corpus.

_STEP = 9  # each ninth file: more than 200


def _sample() -> list[tuple[str, str]]:
    texts = sorted(corpus().items())[::_STEP] if needs_corpus.args[0] is False else []
    readable = ((name, data) for name, data in texts if b"\0" not in data)
    return [(name, data.decode("utf-8", "surrogateescape")) for name, data in readable]


@needs_corpus
@pytest.mark.asyncio
async def test_every_action_and_all_together_give_what_the_command_line_gives(tmp_path: Path) -> None:
    second_opinion = Shfmt()
    opened = taken = 0
    async with editor(tmp_path) as it:
        for name, text in _sample():
            if "\udc80" <= max(text, default="") <= "\udcff":
                continue  # No editor sends what is no text.
            path = tmp_path / name / "Dockerfile"
            uri = it.open(path, text)
            opened += 1
            await it.diagnostics(uri)
            safe = rewrite(
                {str(path): text.encode()},
                options=Options(level=Level.SAFE),
                second_opinion=second_opinion,
                known=installed(),
            )
            assert (await it.fixed(uri)).encode() == safe.files[str(path)], name
            for action in await it.actions(uri, ["quickfix", "refactor"]):
                if action.edit is not None and not action.title.startswith("Ignore "):
                    taken += 1
                    assert it.made(uri, action.edit).encode() == _alone(str(path), text, action, second_opinion), name
            it.close(uri)
    assert opened >= 200
    assert taken >= 300


def _alone(path: str, text: str, action: types.CodeAction, second_opinion: Shfmt) -> bytes:
    """What the command line makes of the text if this change is the only one that somebody accepts."""
    title, _, told = action.title.rpartition(" (")
    transform, _, level = told.removesuffix(")").partition(", ")
    taken: list[Change] = []
    edits = {
        (change.range.start.line, change.new_text)
        for part in (action.edit.document_changes if action.edit else None) or []
        if isinstance(part, types.TextDocumentEdit)
        for change in part.edits
        if isinstance(change, types.TextEdit)
    }

    def accept(change: Change) -> bool:
        own = {(text.encode()[: edit.start].count(b"\n"), edit.new.decode()) for edit in change.edits[path]}
        is_it = not taken and change.title.lower() == title.lower() and own == edits
        taken.extend([change] if is_it else [])
        return is_it

    options = Options(level=Level[level.upper()], only=frozenset({transform}), accept=accept)
    done = rewrite({path: text.encode()}, options=options, second_opinion=second_opinion, known=installed())
    return done.files[path]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("text", "told"),
    [("FROM a\n" + "#" * 6_000_000, "larger than 5 MB"), ("FROM a\nRUN \0\n", "NUL byte")],
    ids=["that is too large", "that is no text"],
)
async def test_a_text_is_told_and_left_alone(text: str, told: str, tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", text)
        (only,) = await it.diagnostics(uri)
        assert told in only.message
        assert await it.actions(uri, at=types.Range(types.Position(0, 0), types.Position(0, 1))) == []


# The worker.


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="who is whose child is read from /proc")
@pytest.mark.asyncio
async def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", TEXT)
        await it.diagnostics(uri)
        assert it.client._server is not None
        (worker,) = _children(it.client._server.pid)
        os.kill(worker, signal.SIGKILL)
        for _ in range(200):
            if [one for one in _children(it.client._server.pid) if one != worker]:
                break
            await asyncio.sleep(0.05)
        it.type(uri, types.TextEdit(types.Range(types.Position(0, 0), types.Position(0, 0)), "# x\n"))
        assert {one.range.start.line for one in await it.diagnostics(uri) if one.code == "merge-runs"} == {2}


@pytest.mark.asyncio
async def test_the_next_keystroke_ends_the_work_on_the_one_before(tmp_path: Path) -> None:
    """Twenty keystrokes in a long file cost what one does, and a bit: only the last text is looked at to the end."""
    text = "FROM debian:12\n" + "".join(
        f"RUN apt-get update && apt-get install -y p{n}\nRUN make {n}\n" for n in range(150)
    )
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    async with editor(tmp_path) as it:
        uri = it.open(tmp_path / "Dockerfile", text)
        await it.diagnostics(uri)

        async def typed(times: int) -> float:
            begun = time.perf_counter()
            for _ in range(times):
                it.type(uri, types.TextEdit(start, "# x\n"))
            await it.diagnostics(uri)
            return time.perf_counter() - begun

        await typed(1)
        once = max([await typed(1) for _ in range(3)])
        # Whatever else the machine does only adds to it.
        assert min([await typed(20) for _ in range(3)]) < 6 * once


@pytest.mark.asyncio
async def test_it_ends_with_its_client(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(*SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path)
    assert server.stdin is not None
    server.stdin.close()
    assert await asyncio.wait_for(server.wait(), 30) == 0


def test_what_keystrokes_leave_behind_is_forgotten() -> None:
    analyser = Analyser()
    sizes = []
    for number in range(MOST_KEYSTROKES + 100):
        data = b"# x\nFROM debian:12\nRUN echo %d\n" % number
        analysis = analyser.analysis(Text("u", None, data, Settings(), is_fresh=False), lambda: False)
        assert analysis is not None
        sizes.append(len(analyser._known["u"].facts.shells))
    assert max(sizes) <= MOST_KEYSTROKES
    assert sizes[-1] < 200

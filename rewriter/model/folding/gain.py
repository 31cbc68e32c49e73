"""Whether the layer of a RUN gets smaller without a `chmod` or `chown` of it: not where it changes the files anyhow."""

from __future__ import annotations

from collections.abc import Sequence

from ...syntax.script import Command, Script, commands
from ..effect import arguments, name_of
from ..runs import Run
from ..steps.gathering import Place
from ..steps.paths import canonical, covers
from .changes import Change, change_of, is_change

_TAKE_AWAY = frozenset({b"rm", b"unlink", b"mv"})


def stored_anyhow(run: Run, dropped: Sequence[Command], rest: Script) -> str:
    """Why what is left of the RUN stores the same files once more, or nothing of them; empty if it may not."""
    done = [path for command in dropped for path in _paths(run, command)]
    for command in commands(rest):
        if name_of(command) in _TAKE_AWAY and any(_takes(run, word, done) for word in arguments(command)):
            return "the RUN takes the file away again, so that its layer does not hold it"
        if is_change(command) and _changes_all(_paths(run, command), done):
            return "another command of the RUN changes it, too"
    return ""


def _paths(run: Run, command: Command) -> tuple[bytes, ...]:
    """What a `chmod` or `chown` changes; empty where that is not known."""
    change = change_of(command, run.config, run.instruction.rest)
    return change.paths if isinstance(change, Change) else ()


def _changes_all(paths: Sequence[bytes], done: Sequence[bytes]) -> bool:
    """Whether all of something is changed again; one file of a folder is not the folder."""
    return not paths or any(covers(path, other) for path in paths for other in done)


def _takes(run: Run, word: bytes, done: Sequence[bytes]) -> bool:
    if word.startswith(b"-"):
        return False
    tree = Place(run.config, (), run.config.workdir or b"", run.instruction.rest).tree(word)
    return any(covers(tree, canonical(path) if path.startswith(b"/") else path) for path in done)

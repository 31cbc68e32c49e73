"""What a RUN reads and writes: the union over its commands, where each of them is known.

Which of them run, and in which order, does not matter: a step that does less touches less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...syntax.script import Command, Script, Word
from ...syntax.words import mount_fields
from ..runs import Run
from .command import command_touches
from .copies import variables
from .gathering import Gathering, NotKnown, Place, is_answered
from .paths import canonical, is_plain
from .places import ACCOUNTS, ANY_PROGRAM, ENGINE_PATHS, is_known_base
from .redirect import redirect_of
from .step import Known, Step
from .touched import Touched, everything, merged
from .walk import Walk
from .workdir import workdir_of

# RUN flags that change nothing of what is read and written: the network is there or not in either order.
_HARMLESS_FLAGS = (b"--network", b"--mount")
# Each command is asked about each of them; of 2,000 real files, none has more than 100.
_MOST_VARIABLES = 200
_NUMBERS = re.compile(rb"\d+(?::\d+)?|root(?::root)?|0")
_TO_STREAM = re.compile(rb"\d*>&\s*[\d-]+|\d*<&\s*[\d-]+|\d*&?>>?\s*/dev/(?:null|stdout|stderr)|\d*<\s*/dev/null")


def ran(step: Step) -> Touched:
    """What a RUN touches."""
    run = step.run
    if run is None:
        return _process(step, b"")._replace(fixed="it stands before the first FROM")
    folder = workdir_of(step.config)
    frame = merged([_process(step, folder), *_mounts(step)])
    if run.script is None:
        return merged([frame, everything(f"{step.name}, which is opaque ({run.refused}),", run.refused)])
    try:
        parts = list(_parts(step, run, folder))
    except NotKnown as unknown:
        return merged([frame, everything(f"{step.name} ({unknown})", str(unknown))])
    names = variables(step.instruction.rest)
    if b"HOME" in names:
        # The engine takes it from there.
        frame = frame._replace(reads={**frame.reads, **dict.fromkeys(ACCOUNTS, step.name)})
    return merged([frame._replace(env=frame.env | names | ANY_PROGRAM), *parts])


def _process(step: Step, folder: bytes) -> Touched:
    """What each RUN touches, whatever it runs: the engine finds its user and folder, and the shell."""
    user = step.config.user
    by_number = _NUMBERS.fullmatch(user) if user is not None else is_known_base(step.config)
    return Touched(
        reads={} if by_number else dict.fromkeys(ACCOUNTS, step.name),
        relies=frozenset(ENGINE_PATHS),
        stands_in=folder,
        env=variables(*step.instruction.flags),
        asks=frozenset({"user", "shell"}),
    )


def _mounts(step: Step) -> Iterator[Touched]:
    """The mounts: a stub may stay in the image at each target, and what caches hold is shared by their id."""
    for flag in step.instruction.flags:
        name, _, text = flag.partition(b"=")
        if name not in _HARMLESS_FLAGS:
            yield everything(f"{step.name} with {name.decode('utf-8', 'replace')}", "it may do what others may not")
        if name != b"--mount":
            continue
        fields = mount_fields(text)
        kind = fields[b"type"]
        target = next((fields[key] for key in (b"target", b"dst", b"destination") if key in fields), b"")
        if kind in (b"secret", b"ssh") and not target:
            target = b"/run/secrets" if kind == b"secret" else b"/run/buildkit"
        if not target.startswith(b"/") or not is_plain(target) or b"$" in text:
            yield everything(f"{step.name} with a mount that is not known", "what is mounted where is not known")
            continue
        tree = canonical(target)
        # Bind mounts are of the context or another stage, which no neighbour changes.
        caches = frozenset({fields.get(b"id", target)}) if kind == b"cache" else frozenset[bytes]()
        yield Touched(writes={tree: f"{step.name} with a mount"}, replaces=frozenset({tree}), caches=caches)


def _parts(step: Step, run: Run, folder: bytes) -> Iterator[Touched]:
    if run.script is None:
        return
    if run.shell.start_up:
        raise NotKnown(run.shell.start_up)
    if len(step.config.env) + len(step.config.args) > _MOST_VARIABLES:
        raise NotKnown("more variables are set than anybody looks through")
    place = Place(step.config, step.links, folder, step.instruction.rest)
    shell = Gathering(place, step.name)
    shell.rely_on(b"bash" if run.shell.bash else b"sh")
    yield shell.done()
    walk = _Walk(run, run.script, step.known)
    walk.walk(run.script, place)
    yield from walk.found


class _Walk(Walk):
    """Gathers what the commands touch; raises NotKnown where that is not known."""

    def __init__(self, run: Run, script: Script, known: Known | None) -> None:
        super().__init__(run, script)
        self.found: list[Touched] = []
        self._known = known

    def other(self, script: Script, place: Place) -> Place:  # noqa: ARG002
        raise NotKnown("of loops, conditions and what runs in the background nothing is known")

    def command(self, command: Command, place: Place) -> bytes | None:
        for word in (*command.assigns, *command.words):
            if not is_answered(word.text):
                raise NotKnown(f"of what `{word.text.decode('utf-8', 'replace')}` runs nothing is known")
        found, folder = command_touches(command, place, self._known)
        self.found.append(found)
        return folder

    def redirects(self, redirects: tuple[Word, ...], place: Place) -> None:
        for redirect in redirects:
            if _TO_STREAM.fullmatch(redirect.text):
                continue
            file = redirect_of(redirect.text)
            if file is None or not is_answered(file.target):
                raise NotKnown(f"the redirect `{redirect.text.decode('utf-8', 'replace')}` is not understood")
            gathering = Gathering(place, f"`{redirect.text.decode('utf-8', 'replace')}`")
            if file.reads:
                gathering.read(file.target)
            else:
                gathering.write(file.target)
            self.found.append(gathering.done())

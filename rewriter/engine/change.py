"""The plain data that every front end gets: changes, levels, licences, skips, outcomes."""

from collections.abc import Iterator, Mapping
from enum import Enum, IntEnum
from typing import NamedTuple

from ..syntax.edit import Edit, apply
from .findings import Finding


class Level(IntEnum):
    """How far a change reaches; cumulative, so levels compare."""

    SAFE = 1
    REVIEW = 2
    UNSAFE = 3

    def __str__(self) -> str:
        return self.name.lower()


class Proof(Enum):
    """What a change rests on."""

    PROVED = "proved"
    MODELLED = "modelled"
    MEASURED = "measured"

    def __str__(self) -> str:
        return self.value


class Phase(IntEnum):
    """When a transform runs; a phase ends when its transforms find nothing more."""

    SPLIT = 1
    ORDER = 2
    MERGE = 3
    ARGUMENTS = 4
    CLEANUP = 5
    CONTEXT = 6
    REPORT = 7


class _Plain:
    """A licence that says all by its name. (Making a dataclass takes half a millisecond of every start.)"""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Regroup(_Plain):
    """Licence to move layer boundaries: the commands and what they run in stay."""


class AppendCommand(NamedTuple):
    """Licence to run `command` (words, as the shell gets them) at the end of a RUN, once for each edit.

    Only what `model.packages.stores` knows as a cleanup can be appended.
    """

    command: bytes


class DropRefresh(_Plain):
    """Licence to drop a list cleanup and the `apt-get update` that directly follows it inside one RUN."""


class ChangeCall(NamedTuple):
    """Licence to write each call of a package manager that has the words `before` with the words `after`.

    What may differ is said by `model.packages.changed`: arguments of its table, packages that are kept by name.
    """

    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


class JoinCalls(NamedTuple):
    """Licence to make one call, `joined`, of two that follow each other.

    Which two are as good as one is said by `model.packages.changed`.
    """

    first: tuple[bytes, ...]
    second: tuple[bytes, ...]
    joined: tuple[bytes, ...]


class MoveStep(_Plain):
    """Licence to write the instructions of a stage in another order.

    Each pair whose order changes must make the same image either way, as `model.steps` says.
    """


class CopyFirst(NamedTuple):
    """Licence to copy these files of the context before the whole folder that they are in, and then to install.

    The install must read no other file of that folder, and write nothing that it brings, as `model.manifests` says.
    """

    paths: tuple[str, ...]


class AddMount(NamedTuple):
    """Licence to give a RUN the cache mount `mount`, as it stands behind `--mount=`.

    A RUN gets all that `model.mounting` offers it, or none.
    """

    mount: bytes


class PrependCommand(NamedTuple):
    """Licence to run `command` at the start of a RUN that gets mounts: the one that they need, by `model.mounting`."""

    command: bytes


class DropCleanup(NamedTuple):
    """Licence to drop, in a RUN that gets mounts, the commands of these words: they delete but what the mounts hold."""

    words: tuple[bytes, ...]


class UseCopy(_Plain):
    """Licence to write COPY in the place of ADD: nothing of what it takes is fetched or unpacked."""


class MountCopied(NamedTuple):
    """Licence to give RUNs as mounts what COPYs have placed, so that it need not be deleted.

    `copies` are the COPYs that go, as they stand behind the keyword; `mounts` those that come, as they stand behind
    `--mount=`; `deletions` the words of each `rm` before and after, none where it goes. Whose files only pass through,
    `model.files.passing` says.
    """

    copies: tuple[bytes, ...]
    mounts: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class ExcludeCopied(NamedTuple):
    """Licence to give a COPY `patterns` of what it leaves out, so that it need not be deleted.

    `deletions` are as in MountCopied. What nobody uses before it is deleted, `model.files.unused` says.
    """

    patterns: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class AddStage(NamedTuple):
    """Licence to copy in a stage of its own, `name`, to delete `paths` there, and to copy what is left from there.

    `deletions` are as in MountCopied; stages may get names in the place of their numbers.
    """

    name: str
    paths: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class NarrowCopy(NamedTuple):
    """Licence to copy these paths of a folder of the context in the place of all of it.

    Each must come to lie where it did, and they must hold all that the image uses, as `model.narrowing` says.
    """

    paths: tuple[str, ...]


class SetFlag(NamedTuple):
    """Licence to give a COPY or ADD the flag `after` in the place of `before` (empty: of none).

    It must do what a RUN below does that goes (DropChange), as `model.folding` says.
    """

    before: bytes
    after: bytes


class DropChange(NamedTuple):
    """Licence to drop a `chmod` or `chown` of these words, with its RUN where that does nothing else: flags do it."""

    words: tuple[bytes, ...]


class MountFetched(NamedTuple):
    """Licence to let a stage of its own, `lines`, fetch what ADDs have fetched, and to give it to RUNs as mounts.

    The other fields are as in MountCopied, with ADD for COPY. Whose files only pass through, `model.files.remote` says.
    """

    lines: tuple[bytes, ...]
    additions: tuple[bytes, ...]
    mounts: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class FetchInStages(NamedTuple):
    """Licence to let two stages fetch and unpack what RUNs have fetched, unpacked and deleted, and to copy `folder`.

    `names` are those of the stage so far and of the two; `removed` the words of the deletions, which go. That nothing
    else stays of the RUNs than the folder, `model.files.unpacked` says.
    """

    names: tuple[str, str, str]
    folder: bytes
    removed: tuple[tuple[bytes, ...], ...]


class DeleteSooner(NamedTuple):
    """Licence to delete what is fetched at the end of the last RUN that uses it, by `command`, instead of later.

    `before` are the words of the `rm` that does it now, `left` those that stay of it; none where it goes. Who uses
    what is deleted, `model.files.sooner` says.
    """

    command: bytes
    before: tuple[bytes, ...]
    left: tuple[bytes, ...]


class DropFetched(NamedTuple):
    """Licence to run `command` at the end of the RUN that has fetched and unpacked what it deletes, the file `path`."""

    command: bytes
    path: bytes


class SplitStage(NamedTuple):
    """Licence to cut the one stage of a file into a builder and a runtime stage on the same base.

    The builder has the instructions as they were; the runtime stage those that do not build, the paths `carried` from
    the builder, and of all packages not those that are `gone`, but those that are `added`. The image's configuration
    stays. What builds, what comes along and what that needs is said by `model.artefacts`.
    """

    carried: tuple[bytes, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]


class NarrowContext(NamedTuple):
    """Licence to send less of the context: copies of whole folders may lose the paths `lost`, and what is below."""

    lost: tuple[str, ...]


Licence = (
    Regroup
    | AppendCommand
    | DropRefresh
    | ChangeCall
    | JoinCalls
    | MoveStep
    | CopyFirst
    | AddMount
    | PrependCommand
    | DropCleanup
    | UseCopy
    | MountCopied
    | ExcludeCopied
    | AddStage
    | NarrowCopy
    | SetFlag
    | DropChange
    | MountFetched
    | FetchInStages
    | DeleteSooner
    | DropFetched
    | SplitStage
    | NarrowContext
)


class Proposal(NamedTuple):
    """What a transform yields: edits in byte offsets of its file, and what they may move.

    `at` is the offset of the first instruction concerned. `level`: the transform's own, unless it lowers it here
    (a level may only reach further than the transform's own).
    """

    at: int
    title: str
    why: str
    edits: tuple[Edit, ...]
    may: tuple[Licence, ...]
    proof: Proof = Proof.MODELLED
    level: Level | None = None


class Refusal(NamedTuple):
    """What a transform yields for a pattern at offset `at` that it leaves alone, and which precondition failed.

    `warns`: nobody should have to ask for it. Only transforms of contexts may.
    """

    at: int
    reason: str
    warns: bool = False


class Change(NamedTuple):
    """One decision for a person to accept or reject.

    `edits` are by path, in byte offsets of the text that the transform saw; `at` is the offset in
    `path` of the first instruction that it concerns; `was` is the text of the instructions that
    the edits touch there.
    """

    transform: str
    path: str
    at: int
    title: str
    why: str
    level: Level
    proof: Proof
    may: tuple[Licence, ...]
    edits: Mapping[str, tuple[Edit, ...]]
    was: bytes


class Skip(NamedTuple):
    """A pattern that was seen at byte offset `at` of `path` and left alone, with the reason; `warns` as in Refusal."""

    transform: str
    path: str
    at: int
    reason: str
    warns: bool = False


class Problem(NamedTuple):
    """A file that could not be read or parsed; `at` is a byte offset, or None for the file as a whole."""

    path: str
    at: int | None
    message: str


class Step(NamedTuple):
    """A change as it was applied: `edits` are in offsets of the texts just before this step."""

    change: Change
    edits: Mapping[str, tuple[Edit, ...]]


class Outcome(NamedTuple):
    """What `rewrite` gives: the new texts and how they came about.

    `held_back` are changes above the level asked for, and `findings` what the reports say, in offsets of the new texts.
    """

    originals: Mapping[str, bytes]
    files: Mapping[str, bytes]
    steps: tuple[Step, ...] = ()
    held_back: tuple[Change, ...] = ()
    skipped: tuple[Skip, ...] = ()
    errors: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()

    def replay(self) -> Iterator[tuple[Step, Mapping[str, bytes]]]:
        """Yield each step with the texts just before it."""
        texts = dict(self.originals)
        for step in self.steps:
            yield step, dict(texts)
            for path, edits in step.edits.items():
                texts[path] = apply(texts.get(path, b""), edits)

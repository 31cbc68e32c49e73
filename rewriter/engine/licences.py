"""Licences: what a change may move, in a small closed vocabulary. What each lets pass, its witness says."""

from __future__ import annotations

from ..model.record import Record


class Regroup(Record):
    """Licence to move layer boundaries: the commands and what they run in stay."""


class AppendCommand(Record):
    """Licence to run `command` (words, as the shell gets them) at the end of a RUN, once for each edit.

    Only what `model.packages.stores` knows as a cleanup can be appended.
    """

    command: bytes


class DropRefresh(Record):
    """Licence to drop a list cleanup and the `apt-get update` that directly follows it inside one RUN."""


class ChangeCall(Record):
    """Licence to write each call of a package manager that has the words `before` with the words `after`.

    What may differ is said by `model.packages.changed`: arguments of its table, packages that are kept by name.
    """

    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


class JoinCalls(Record):
    """Licence to make one call, `joined`, of two that follow each other.

    Which two are as good as one is said by `model.packages.changed`.
    """

    first: tuple[bytes, ...]
    second: tuple[bytes, ...]
    joined: tuple[bytes, ...]


class MoveStep(Record):
    """Licence to write the instructions of a stage in another order.

    Each pair whose order changes must make the same image either way, as `model.steps` says.
    """


class CopyFirst(Record):
    """Licence to copy these files of the context before the whole folder that they are in, and then to install.

    The install must read no other file of that folder, and write nothing that it brings, as `model.manifests` says.
    """

    paths: tuple[str, ...]


class AddMount(Record):
    """Licence to give a RUN the cache mount `mount`, as it stands behind `--mount=`.

    A RUN gets all that `model.mounting` offers it, or none.
    """

    mount: bytes


class PrependCommand(Record):
    """Licence to run `command` at the start of a RUN that gets mounts: the one that they need, by `model.mounting`."""

    command: bytes


class DropCleanup(Record):
    """Licence to drop, in a RUN that gets mounts, the commands of these words: they delete but what the mounts hold."""

    words: tuple[bytes, ...]


class UseCopy(Record):
    """Licence to write COPY in the place of ADD: nothing of what it takes is fetched or unpacked."""


class MountCopied(Record):
    """Licence to give RUNs as mounts what COPYs have placed, so that it need not be deleted.

    `copies` are the COPYs that go, as they stand behind the keyword; `mounts` those that come, as they stand behind
    `--mount=`; `deletions` the words of each `rm` before and after, none where it goes. Whose files only pass through,
    `model.files.passing` says.
    """

    copies: tuple[bytes, ...]
    mounts: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class ExcludeCopied(Record):
    """Licence to give a COPY `patterns` of what it leaves out, so that it need not be deleted.

    `deletions` are as in MountCopied. What nobody uses before it is deleted, `model.files.unused` says.
    """

    patterns: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class AddStage(Record):
    """Licence to copy in a stage of its own, `name`, to delete `paths` there, and to copy what is left from there.

    `deletions` are as in MountCopied; stages may get names in the place of their numbers.
    """

    name: str
    paths: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class NarrowCopy(Record):
    """Licence to copy these paths of a folder of the context in the place of all of it.

    Each must come to lie where it did, and they must hold all that the image uses, as `model.narrowing` says.
    """

    paths: tuple[str, ...]


class SetFlag(Record):
    """Licence to give a COPY or ADD the flag `after` in the place of `before` (empty: of none).

    It must do what a RUN below does that goes (DropChange), as `model.folding` says.
    """

    before: bytes
    after: bytes


class DropChange(Record):
    """Licence to drop a `chmod` or `chown` of these words, with its RUN where that does nothing else: flags do it."""

    words: tuple[bytes, ...]


class MountFetched(Record):
    """Licence to let a stage of its own, `lines`, fetch what ADDs have fetched, and to give it to RUNs as mounts.

    The other fields are as in MountCopied, with ADD for COPY. Whose files only pass through, `model.files.remote` says.
    """

    lines: tuple[bytes, ...]
    additions: tuple[bytes, ...]
    mounts: tuple[bytes, ...]
    deletions: tuple[tuple[tuple[bytes, ...], tuple[bytes, ...]], ...]


class FetchInStages(Record):
    """Licence to let two stages fetch and unpack what RUNs have fetched, unpacked and deleted, and to copy `folder`.

    `names` are those of the stage so far and of the two; `removed` the words of the deletions, which go. That nothing
    else stays of the RUNs than the folder, `model.files.unpacked` says.
    """

    names: tuple[str, str, str]
    folder: bytes
    removed: tuple[tuple[bytes, ...], ...]


class DeleteSooner(Record):
    """Licence to delete what is fetched at the end of the last RUN that uses it, by `command`, instead of later.

    `before` are the words of the `rm` that does it now, `left` those that stay of it; none where it goes. Who uses
    what is deleted, `model.files.sooner` says.
    """

    command: bytes
    before: tuple[bytes, ...]
    left: tuple[bytes, ...]


class DropFetched(Record):
    """Licence to run `command` at the end of the RUN that has fetched and unpacked what it deletes, the file `path`."""

    command: bytes
    path: bytes


class SplitStage(Record):
    """Licence to cut the one stage of a file into a builder and a runtime stage on the same base.

    The builder has the instructions as they were; the runtime stage those that do not build, the paths `carried` from
    the builder, and of all packages not those that are `gone`, but those that are `added`. The image's configuration
    stays. What builds, what comes along and what that needs is said by `model.artefacts`.
    """

    carried: tuple[bytes, ...]
    gone: tuple[str, ...]
    added: tuple[str, ...]


class NarrowContext(Record):
    """Licence to send less of the context: copies of whole folders may lose the paths `lost`, and what is below."""

    lost: tuple[str, ...]


class IgnoreDeleted(Record):
    """Licence to send less of the context: copies may lose `paths`, which each who takes them deletes unused.

    Whether that is so, `model.ignoring.deleted_unused` says.
    """

    paths: tuple[str, ...]


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
    | IgnoreDeleted
)

"""What a user asked for on the command line: plain data."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, TypedDict

from ..adapters.settings import LEVELS, Layer
from ..engine.change import Level
from ..engine.options import Options


class UsageError(Exception):
    """What was asked for cannot be done; the text is a sentence for the user."""


class Given(TypedDict):
    """The command line as click parses it."""

    paths: tuple[str, ...]
    diff: bool
    diff_net: bool
    write: bool
    interactive: bool
    form: str
    level: str | None
    only: tuple[str, ...]
    skip: tuple[str, ...]
    config: str | None
    stdin_filename: str | None
    exit_zero: bool
    jobs: int | None
    context: str | None
    no_context: bool
    embedded: bool
    changed_since: str | None
    staged: bool
    baseline: str | None
    write_baseline: str | None
    stats: bool
    no_cache: bool
    verbose: bool


class Show(Enum):
    """How changes are shown."""

    LINES = "lines"
    DIFF = "diff"
    NET = "net"
    DOCUMENT = "document"


class Request(NamedTuple):
    """One call of `dockfix rewrite`; None and empty sets where the user said nothing."""

    paths: tuple[str, ...] = (".",)
    show: Show = Show.LINES
    form: str = "text"
    write: bool = False
    interactive: bool = False
    level: Level | None = None
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    config: str | None = None
    exit_zero: bool = False
    processes: int | None = None
    stdin_filename: str | None = None
    context: str | None = None
    no_context: bool = False
    embedded: bool = False
    changed_since: str | None = None
    staged: bool = False
    baseline: str | None = None
    write_baseline: str | None = None
    stats: bool = False
    no_cache: bool = False
    verbose: bool = False

    @property
    def reads_stdin(self) -> bool:
        """Whether the text comes by standard input."""
        return "-" in self.paths

    @property
    def prints_text(self) -> bool:
        """Whether standard output is for the rewritten text itself."""
        return self.write and self.reads_stdin

    @property
    def is_narrowed(self) -> bool:
        """Whether only what git says has changed is looked at."""
        return self.staged or self.changed_since is not None

    @property
    def is_filter(self) -> bool:
        """Whether nothing is said beside the text: an editor takes that for a part of it."""
        return self.prints_text and not self.verbose

    @property
    def may_be_remembered(self) -> bool:
        """Whether what is said of a file may be what an earlier run said: only where that is all that is wanted."""
        needs_all = self.show is Show.DOCUMENT or self.stats or self.interactive
        has_baseline = self.baseline is not None or self.write_baseline is not None
        return not (needs_all or has_baseline or self.no_cache or self.reads_stdin)

    def options(self, layer: Layer) -> Options:
        """The options for a file that the configuration says `layer` about; the command line counts more."""
        # Who writes without being asked about each change gets what is safe, unless told otherwise somewhere.
        default = Level.SAFE if self.write and not self.interactive else Level.REVIEW
        defaults = Options()
        return Options(
            level=self.level or layer.level or default,
            only=self.only or layer.only or defaults.only,
            skip=((layer.skip or defaults.skip) - self.only) | self.skip,
            builder=layer.builder or defaults.builder,
            shipped=layer.shipped or defaults.shipped,
            settings=dict(layer.settings),
        )


def request(given: Given) -> Request:
    """The request that a command line makes; raises UsageError for options that contradict each other."""
    shows = {
        "--diff": given["diff"],
        "--diff-net": given["diff_net"],
        f"--format {given['form']}": given["form"] != "text",
        "--interactive": given["interactive"],
    }
    chosen = [option for option, on in shows.items() if on]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]} do not go together")
    _check_stdin(given, chosen)
    _check_together(given)
    if given["context"] is not None and given["no_context"]:
        raise UsageError("--context and --no-context do not go together")
    return Request(
        paths=given["paths"] or (".",),
        show=Show.DOCUMENT if given["form"] != "text" else _SHOWS.get("".join(chosen), Show.LINES),
        form=given["form"],
        write=given["write"] or given["interactive"],
        interactive=given["interactive"],
        level=LEVELS[given["level"]] if given["level"] else None,
        only=names(given["only"]),
        skip=names(given["skip"]),
        config=given["config"],
        exit_zero=given["exit_zero"],
        processes=given["jobs"],
        stdin_filename=given["stdin_filename"],
        context=given["context"],
        no_context=given["no_context"],
        embedded=given["embedded"],
        changed_since=given["changed_since"],
        staged=given["staged"],
        baseline=given["baseline"],
        write_baseline=given["write_baseline"],
        stats=given["stats"],
        no_cache=given["no_cache"],
        verbose=given["verbose"],
    )


_SHOWS = {"--diff": Show.DIFF, "--diff-net": Show.NET}
# A baseline is made of all that is there, as it is; what comes by standard input lies in no repository.
_APART = (
    ("--changed-since", "--staged"),
    ("--write-baseline", "--baseline"),
    ("--write-baseline", "--write"),
    ("--write-baseline", "--interactive"),
    ("--write-baseline", "--changed-since"),
    ("--write-baseline", "--staged"),
    ("-", "--changed-since"),
    ("-", "--staged"),
    ("-", "--write-baseline"),
)


def _check_together(given: Given) -> None:
    there = {
        "-": "-" in given["paths"],
        "--changed-since": given["changed_since"] is not None,
        "--staged": given["staged"],
        "--baseline": given["baseline"] is not None,
        "--write-baseline": given["write_baseline"] is not None,
        "--write": given["write"],
        "--interactive": given["interactive"],
    }
    for one, other in _APART:
        if there[one] and there[other]:
            raise UsageError(f"{one} and {other} do not go together")


def _check_stdin(given: Given, chosen: list[str]) -> None:
    if "-" not in given["paths"]:
        if given["stdin_filename"]:
            raise UsageError("--stdin-filename is the name of what comes by `-`, which is not among the paths")
        return
    if len(given["paths"]) > 1:
        raise UsageError("`-` (standard input) does not go together with other paths")
    if given["interactive"]:
        raise UsageError("--interactive reads answers where `-` reads the file: name the file instead")
    if given["write"] and chosen:
        raise UsageError(f"`--write -` prints the new text, so {chosen[0]} has no place to print to")


def names(values: Iterable[str]) -> frozenset[str]:
    """The names in options that take several, parted by commas or given one by one."""
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())

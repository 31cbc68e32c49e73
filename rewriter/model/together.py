"""The Dockerfiles of one build context that share a `.dockerignore`, and what is in the context."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from .context import Context, Entry, Kind
from .facts import Facts, Setting

if TYPE_CHECKING:
    from .ignore import BadPattern, Ignore

T = TypeVar("T")
IGNORE_FILE = ".dockerignore"


class Together(NamedTuple):
    """What is known of one ignore file and of those for whom it counts.

    `path` is where the ignore file stands or would stand, as it is shown; `text` is None where there is no such file.
    `dockerfiles` are the texts, by their path as it is shown, of all Dockerfiles that are built in this context, as far
    as we know. `memo` is what models have made of all this. `chosen` says how it was found out that this is the
    context. `unknown` says who may take something that is not known; empty if nobody does. `settings` are the options
    of the transform that asks, and the `builder`.

    `own`: where in the context each of the Dockerfiles could have an ignore file of its own; empty where one of them
    cannot. `common`: of such a file, the one that counts as long as it is not there.
    """

    context: Context
    path: str
    text: bytes | None
    dockerfiles: Mapping[str, bytes]
    memo: dict[Callable[["Together"], object], object]
    chosen: str = ""
    unknown: str = ""
    settings: Mapping[str, Setting] = MappingProxyType({})
    own: Mapping[str, str] = MappingProxyType({})
    common: "Together | None" = None

    def of(self, model: Callable[["Together"], T]) -> T:
        """What `model` makes of this, computed once."""
        if model not in self.memo:
            self.memo[model] = model(self)
        return cast("T", self.memo[model])

    def with_text(self, text: bytes) -> "Together":
        """The same context with another ignore file."""
        return self._replace(text=text, memo={})

    def written(self, text: bytes) -> "Together":
        """As with_text, with the file in the context, where it is one for all: the next run will see it there."""
        if self.text is not None or self.common is not None:
            return self.with_text(text)
        entries = {**self.context.entries, IGNORE_FILE: Entry(Kind.FILE, len(text))}
        return self.with_text(text)._replace(context=self.context._replace(entries=entries))

    def with_settings(self, settings: Mapping[str, Setting]) -> "Together":
        """The same for a transform with these options; the memo is shared."""
        return self._replace(settings=settings)


def files(together: Together) -> tuple[Facts, ...]:
    """The facts of the Dockerfiles that can be built."""
    read = (Facts.read(path, text) for path, text in together.dockerfiles.items())
    return tuple(facts for facts in read if not facts.problems)


def unknown(together: Together) -> str:
    """Why it is not known what all who are built in this context take; empty if it is."""
    if together.unknown:
        return together.unknown
    read = together.of(files)
    if len(read) < len(together.dockerfiles):
        return "a Dockerfile that is not understood"
    onbuild = any(b"onbuild" in i.rest.lower() for facts in read for i in facts.instructions if i.keyword == "FROM")
    return "a base whose ONBUILD takes something" if onbuild else ""


def in_force(together: Together) -> "Together":
    """Whose ignore file counts today: the common one's, as long as a Dockerfile's own is not there."""
    return together.common if together.text is None and together.common is not None else together


def rules(together: Together) -> "Ignore":
    """The patterns of the ignore file that counts today; raises BadPattern."""
    from .ignore import Ignore

    return Ignore.parse(together.of(in_force).text or b"")


def problem(together: Together) -> "BadPattern | None":
    """Why the ignore file that counts today fails the build."""
    if not together.of(in_force).text:
        return None
    from .ignore import BadPattern

    try:
        together.of(rules)
    except BadPattern as error:
        return error
    return None


def sent(together: Together) -> Mapping[str, Entry]:
    """What the builder gets of the context; raises BadPattern."""
    if not together.of(in_force).text:
        return {path: entry for path, entry in together.context.entries.items() if entry.kind is not Kind.OTHER}
    return together.of(rules).left(together.context.entries)

"""The facts of one Dockerfile: its tree, and a memo of what the models make of it.

Every model is a pure function of the facts, in a file of its own: `facts.of(stages)`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from ..syntax.check import problems
from ..syntax.edit import Edit, apply, ordered
from ..syntax.instruction import Instruction, instructions
from ..syntax.reread import reread
from ..syntax.shell import Shell
from ..syntax.source import Diagnostic, Source, parse

if TYPE_CHECKING:
    from .context import Context

T = TypeVar("T")
Setting = bool | int | str | tuple[str, ...]
ShellMemo = dict[tuple[bytes, int, bool], Shell]
Memo = dict[Hashable, object]
Look = Callable[[], "Context | None"]
"""Gives what the builder gets of the build context; None where that is not known."""


def nowhere() -> None:
    """There is no build context that anybody knows of."""


class Facts(NamedTuple):
    """What is known of the Dockerfile at `path`.

    `targets` names stages that are built for their own sake; `settings` are the options of the transform that asks.
    `look` finds the build context when it is asked for. `shells` remembers shell trees by text, `parts` what
    rests on a part of the text alone; both outlive this text. `memo` is what models have made of these facts, `earlier`
    the instructions of the text before an edit, and what was made of those.
    """

    path: str
    source: Source
    instructions: tuple[Instruction, ...]
    problems: tuple[Diagnostic, ...]
    targets: frozenset[str]
    look: Look
    settings: Mapping[str, Setting]
    shells: ShellMemo
    memo: Memo
    earlier: tuple[tuple[Instruction, ...], Memo] | None
    parts: Memo

    @staticmethod
    def read(path: str, text: bytes, targets: frozenset[str] = frozenset(), look: Look = nowhere) -> "Facts":
        """Parse a text; never raises on input, see `problems`."""
        source = parse(text)
        found = instructions(source)
        return Facts(path, source, found, problems(source, found), targets, look, {}, {}, {}, None, {})

    @property
    def context(self) -> "Context | None":
        """What the builder gets of the build context; None where that is not known."""
        return self.look()

    def edited(self, edits: Iterable[Edit]) -> "Facts":
        """The facts of the text with these edits; what they do not touch is not read again."""
        edits = ordered(edits)
        text = apply(self.source.text, edits)
        again = reread(self.source, self.instructions, text, edits)
        source = again.source if again else parse(text)
        found = again.instructions if again else instructions(source)
        known = (self.path, source, found, problems(source, found), self.targets, self.look)
        return Facts(*known, {}, self.shells, {}, (self.instructions, self.memo), self.parts)

    def with_settings(self, settings: Mapping[str, Setting]) -> "Facts":
        """The same facts for a transform with these options; the memo is shared."""
        if not settings and not self.settings:
            return self
        return self._replace(settings=settings)

    def kept(self, model: Callable[["Facts"], T]) -> T | None:
        """What `model` made of the text before the last edit, if that changed nothing but what RUNs run."""
        if self.earlier is None or model not in self.earlier[1]:
            return None
        before, memo = self.earlier
        return cast("T", memo[model]) if _only_scripts_differ(before, self.instructions) else None

    def of(self, model: Callable[["Facts"], T]) -> T:
        """What `model` makes of these facts, computed once."""
        memo = self.memo
        if model not in memo:
            memo[model] = model(self)
        return cast("T", memo[model])

    def at(self, model: Callable[["Facts", int], T], index: int) -> T:
        """What `model` makes of the instruction, or the stage, of this index, computed once: few are asked for."""
        key = (model, index)
        if key not in self.memo:
            self.memo[key] = model(self, index)
        return cast("T", self.memo[key])

    def lasting(self, key: Hashable, made: Callable[[], T]) -> T:
        """What was made, computed once for this text and all that edits make of it: it rests on the key alone."""
        if key not in self.parts:
            self.parts[key] = made()
        return cast("T", self.parts[key])


def _only_scripts_differ(before: tuple[Instruction, ...], after: tuple[Instruction, ...]) -> bool:
    if len(before) != len(after):
        return False
    return all(
        old.keyword == new.keyword
        and old.flags == new.flags
        and (old.keyword == "RUN" or (old.rest == new.rest and old.bodies == new.bodies))
        for old, new in zip(before, after, strict=True)
    )

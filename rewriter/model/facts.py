"""The facts of one Dockerfile: its tree, and a memo of what the models make of it.

Every model is a pure function of the facts, in a file of its own: `facts.of(stages)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from ..syntax.check import problems
from ..syntax.edit import Edit, apply, ordered
from ..syntax.instruction import Instruction, instructions
from ..syntax.reread import reread
from ..syntax.shell import Shell
from ..syntax.source import Diagnostic, Source, parse

T = TypeVar("T")
Setting = bool | int | str | tuple[str, ...]
ShellMemo = dict[tuple[bytes, int, bool], Shell]


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of the Dockerfile at `path`.

    `targets` names stages that are built for their own sake; `settings` are the options of the transform
    that asks. `shells` remembers shell trees by text and outlives this text.
    """

    path: str
    source: Source
    instructions: tuple[Instruction, ...]
    problems: tuple[Diagnostic, ...] = ()
    targets: frozenset[str] = frozenset()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    shells: ShellMemo = field(default_factory=dict)
    _memo: dict[Callable[[Facts], object], object] = field(default_factory=dict)

    @staticmethod
    def read(path: str, text: bytes, targets: frozenset[str] = frozenset()) -> Facts:
        """Parse a text; never raises on input, see `problems`."""
        source = parse(text)
        found = instructions(source)
        return Facts(path, source, found, problems(source, found), targets)

    def edited(self, edits: Iterable[Edit]) -> Facts:
        """The facts of the text with these edits; what they do not touch is not read again."""
        edits = ordered(edits)
        text = apply(self.source.text, edits)
        again = reread(self.source, self.instructions, text, edits)
        source = again.source if again else parse(text)
        found = again.instructions if again else instructions(source)
        return Facts(self.path, source, found, problems(source, found), self.targets, {}, self.shells)

    def with_settings(self, settings: Mapping[str, Setting]) -> Facts:
        """The same facts for a transform with these options; the memo is shared."""
        return Facts(
            self.path, self.source, self.instructions, self.problems, self.targets, settings, self.shells, self._memo
        )

    def of(self, model: Callable[[Facts], T]) -> T:
        """What `model` makes of these facts, computed once."""
        if model not in self._memo:
            self._memo[model] = model(self)
        return cast("T", self._memo[model])

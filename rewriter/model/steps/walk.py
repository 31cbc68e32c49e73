"""Through the commands of a script in the order in which they are written, with the folder that each one runs in."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ...syntax.script import Binary, Block, Command, Not, Pipe, Script, Sequence, Word
from ..process import ON, walked
from ..runs import Run
from .gathering import Place


class Walk(ABC):
    """Goes through a RUN's script and follows `cd`."""

    def __init__(self, run: Run, script: Script) -> None:
        self._run = run
        self._script = script

    @abstractmethod
    def command(self, command: Command, place: Place) -> bytes | None:
        """A command at its place; gives the folder into which it changes (None: it stays)."""

    @abstractmethod
    def redirects(self, redirects: tuple[Word, ...], place: Place) -> None:
        """The redirects of a command or a block."""

    @abstractmethod
    def other(self, script: Script, place: Place) -> Place:
        """A loop, a condition, or what runs in the background; gives the place behind it."""

    def walk(self, script: Script, place: Place) -> Place:
        """The place behind the script."""
        match script:
            case Command():
                self.redirects(script.redirects, place)
                folder = self.command(script, place)
                return place if folder is None else place._replace(folder=folder, moved=True)
            case Binary(operator="&&"):
                return self.walk(script.right, self.walk(script.left, place))
            case Binary():
                return _either(place, self.walk(script.right, _either(place, self.walk(script.left, place))))
            case Not():
                return _either(place, self.walk(script.body, place))
            case Sequence():
                return self._sequence(script, place)
            case Block():
                self.redirects(script.redirects, place)
                end = self.walk(script.body, place)
                return place if script.subshell else end
            case Pipe():
                for member in script.members:
                    self.walk(member, place)
                return place
        return self.other(script, place)

    def _sequence(self, script: Sequence, place: Place) -> Place:
        shell = self._run.shell
        entries = walked(self._script, shell.errexit, shell.settled).entries
        for item in script.items[:-1]:
            behind = self.walk(item, place)
            entry = entries.get(item.start)
            ends = isinstance(item, Command) and entry is not None and entry.status.errexit == ON
            place = behind if ends else _either(place, behind)
        return self.walk(script.items[-1], place)


def _either(before: Place, behind: Place) -> Place:
    """Behind something of which it is not known how far it came."""
    return before if before == behind else behind._replace(folder=b"")

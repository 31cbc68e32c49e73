"""What a user can set: plain data, filled from configuration files and the command line by the front ends."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from .change import Change, Level
from .within import Spans

OptionValue = bool | int | str | tuple[str, ...]
BUILDERS = ("buildkit", "buildah", "kaniko", "legacy")


def accept_all(_: Change) -> bool:
    """Take every change, without asking."""
    return True


def refuse_none(_: Change) -> str:
    """Nothing is against any change."""
    return ""


def none_known(_: Change, __: int) -> bool:
    """Know of no change beforehand."""
    return False


class Options(NamedTuple):
    """How to rewrite.

    `only` (empty: all) and `skip` name transforms; `shipped` names further stages that are targets of
    their own; `settings` holds the options of each transform by id; `accept` is asked for each change
    that is about to be made. `refuses` says why a change cannot be made where the file stands; nothing if it can.
    `is_known` is asked, with how many equal ones come before it in the file, whether the user knows of a change and
    wants it neither made nor shown. `within` are the parts of the text that changes are wanted in.
    """

    level: Level = Level.REVIEW
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    builder: str = "buildkit"
    shipped: frozenset[str] = frozenset()
    settings: Mapping[str, Mapping[str, OptionValue]] = MappingProxyType({})
    accept: Callable[[Change], bool] = accept_all
    refuses: Callable[[Change], str] = refuse_none
    is_known: Callable[[Change, int], bool] = none_known
    within: Spans | None = None

    def picks(self, name: str, default: bool) -> bool:
        """Whether a transform runs. One that is off by `default`: if `only` names it, or its option `enable` is set."""
        if name in self.skip or self.only:
            return name in self.only - self.skip
        return default or self.settings.get(name, {}).get("enable") is True

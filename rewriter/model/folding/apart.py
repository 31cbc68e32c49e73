"""What earlier steps of a stage, and its base, have at a path; and what has to do with a path between two steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...syntax.script import always_run, commands
from ..facts import Facts
from ..runs import runs
from ..stages import ancestors, layout
from ..steps.paths import EVERYTHING, canonical, covers, overlap
from ..steps.places import ACCOUNTS, is_free, stands
from ..steps.touch import touched_at
from .landing import COPIES

# What files are called and folders are not.
_FILE_NAME = re.compile(
    rb".+\.(?:sh|bash|py|pl|rb|js|ts|php|lua|jar|war|conf|cnf|cfg|ini|json|ya?ml|toml|xml|html?|css|txt|md|sql|csv"
    rb"|properties|env|service|template|tmpl|tpl|j2|pem|crt|key|repo|list|exe|bin|so|deb|rpm|zip)",
    re.IGNORECASE,
)
# FHS 3.0 has no folders in these; run-parts and init pass them over.
_FLAT = re.compile(
    rb"(?:/usr(?:/local)?)?/s?bin/[^/]+|/etc/(?:init\.d|cron\.(?:d|daily|hourly|weekly|monthly)|sudoers\.d)/[^/]+"
)


class Apart:
    """Asks of the steps of one Dockerfile what they touch."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def concerns(self, index: int, path: bytes) -> str:
        """Why a step that runs before a change of the path may care whether it runs behind it; empty if it does not."""
        found = touched_at(self._facts, index)
        tree = canonical(path) if path.startswith(b"/") else EVERYTHING
        for verb, trees in (("writes", found.writes), ("reads", found.reads)):
            who = next((who for other, who in trees.items() if overlap(other, tree)), None)
            if who is not None:
                return f"{who} {verb} {'what is not known' if EVERYTHING in trees else 'it'} in between"
        if any(overlap(other, tree) for other in found.relies):
            return "a step in between may run it"
        return ""

    def names_come(self, index: int) -> bool:
        """Whether the step may add to the users and groups."""
        return any(overlap(tree, account) for tree in touched_at(self._facts, index).writes for account in ACCOUNTS)

    def is_file(self, path: bytes, index: int) -> bool:
        """Whether what a copy at the index writes to the path is known to be no folder that is there already."""
        if _FLAT.fullmatch(path) or _FILE_NAME.fullmatch(path.rpartition(b"/")[2]):
            return True
        return self.is_new(path, index)

    def is_new(self, path: bytes, index: int) -> bool:
        """Whether nothing is at the path, nor below it, before the step at the index."""
        return is_free(path, self._facts.of(layout).before[index]) and not self.maker(path, index)

    def maker(self, path: bytes, index: int) -> str:
        """Which step before the index may have made something at the path; empty if none."""
        for at in self._before(index):
            found = touched_at(self._facts, at)
            if any(overlap(tree, path) for tree in found.writes) or path in found.makes:
                name = f"`{self._facts.instructions[at].keyword}`"
                return next((who for tree, who in found.writes.items() if overlap(tree, path)), name)
        return ""

    def has_folder(self, path: bytes, index: int) -> bool:
        """Whether the folder is known to be there before the step at the index."""
        if path == EVERYTHING or stands(path, self._facts.of(layout).before[index]):
            return True
        there = False
        for at in self._before(index):
            found = touched_at(self._facts, at)
            if self._surely(at) and path in found.makes:
                there = True
            elif self._facts.instructions[at].keyword == "RUN" and any(covers(t, path) for t in found.writes):
                there = False
        return there

    def _surely(self, index: int) -> bool:
        """Whether the step does all that it may do."""
        run = self._facts.of(runs).get(index)
        if run is None:
            return self._facts.instructions[index].keyword in (*COPIES, "WORKDIR")
        return run.script is not None and list(commands(run.script)) == list(always_run(run.script))

    def _before(self, index: int) -> Iterator[int]:
        found = self._facts.of(layout)
        stage = found.stages[found.stage_of[index]]
        for one in reversed(list(ancestors(found.stages, stage))):
            yield from range(one.first + 1, one.last)
        yield from range(stage.first + 1, index)

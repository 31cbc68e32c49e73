"""What a baseline has accepted is neither made nor shown, and what of it is gone is counted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ..adapters import baseline
from ..adapters.baseline import Entry
from ..engine.change import Change, Outcome
from ..engine.findings import Finding, Severity
from ..engine.fingerprint import fingerprint, found_text, text_of
from ..engine.options import Options
from .request import UsageError


class Known(NamedTuple):
    """Whether a change of the file called `file` is among the accepted ones; plain data, so that processes share it.

    Without entries, everything is: that is how a baseline is made.
    """

    file: str
    entries: Mapping[Entry, int] | None

    def holds(self, change: Change, nth: int) -> bool:
        """For `Options.is_known`."""
        return self.entries is None or nth < self.entries.get(change_entry(self.file, change), 0)


class Accepted:
    """The baseline of a run: its entries, and which of them were found."""

    def __init__(self, path: str, entries: Mapping[Entry, int] | None) -> None:
        """`entries` are None where the baseline is to be made from what is found."""
        self._path = path
        self._entries = entries
        self._found: Counter[Entry] = Counter()
        self._looked: dict[str, Options] = {}

    def options(self, path: str, options: Options) -> Options:
        """The options for a file, with what is accepted of it."""
        file = self._file(path)
        self._looked[file] = options
        return options._replace(is_known=Known(file, self._entries).holds)

    def left(self, path: str, outcome: Outcome) -> Outcome:
        """The outcome for a file without the findings that are accepted; counts what is."""
        file = self._file(path)
        if outcome.errors:
            self._looked.pop(file, None)
        self._found.update(change_entry(file, one) for one in outcome.known if isinstance(one, Change))
        told: list[Finding] = []
        known: list[Finding] = []
        for finding in outcome.findings:
            entry = _finding_entry(file, finding, outcome)
            if finding.severity is Severity.INFO or not self._takes(entry):
                told.append(finding)
            else:
                known.append(finding)
                self._found[entry] += 1
        return outcome._replace(findings=tuple(told), known=(*outcome.known, *known))

    def write(self) -> str:
        """Write what was found, and say so. Raises UsageError."""
        try:
            baseline.write(self._path, self._found)
        except baseline.BaselineError as error:
            raise UsageError(str(error)) from error
        files = len({entry.file for entry in self._found})
        return f"{self._path}: {self._found.total()} accepted in {files} file{'' if files == 1 else 's'}"

    def gone(self) -> int:
        """How many entries of the files and transforms of this run were not found again."""
        entries = self._entries or {}
        return sum(
            max(0, count - self._found[entry]) for entry, count in entries.items() if self._was_looked_for(entry)
        )

    def _was_looked_for(self, entry: Entry) -> bool:
        if entry.file not in self._looked:
            return not os.path.lexists(os.path.join(os.path.dirname(self._path), entry.file))
        return self._looked[entry.file].picks(entry.rule, default=True)

    def _takes(self, entry: Entry) -> bool:
        return self._entries is None or self._found[entry] < self._entries.get(entry, 0)

    def _file(self, path: str) -> str:
        """From the baseline's folder, so that it holds wherever dockfix is started."""
        return os.path.relpath(path, os.path.dirname(os.path.abspath(self._path))).replace(os.sep, "/")


def change_entry(file: str, change: Change) -> Entry:
    """What stands for a change in a baseline."""
    return Entry(file, change.transform, fingerprint(change.transform, file, text_of(change)))


def _finding_entry(file: str, finding: Finding, outcome: Outcome) -> Entry:
    return Entry(file, finding.report, fingerprint(finding.report, file, found_text(finding, outcome)))


def accepted(path: str | None, *, made: str | None) -> Accepted | None:
    """The baseline that a run goes by, or the one that is to be `made`; None where there is none. Raises UsageError."""
    if made is not None:
        return Accepted(made, None)
    if path is None:
        return None
    try:
        return Accepted(path, baseline.read(path))
    except baseline.BaselineError as error:
        raise UsageError(str(error)) from error

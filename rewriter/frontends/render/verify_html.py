"""What a verification found out, as a page for the browser: one file that fetches nothing and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version

from jinja2 import Environment, PackageLoader, StrictUndefined

from ...engine.change import Change, Outcome
from ...verify.engines.recipe import Failure, Ran, StepRun
from ...verify.images.comparison import Comparison
from ...verify.verification import Pair, Rerun, Smoke, Verdict, Verification
from .diff import step_diffs
from .page import verify_lists as lists, verify_numbers as numbers, verify_views as views
from .page.aligned import aligned
from .page.bars import Part, bar
from .page.reported import reported
from .page.shown import counted, one_line, shown, shown_line, shown_lines, spans
from .verify_text import difference_line, verdict

_MOST_LINES = 400
"""Lines of a smoke command's output that are shown."""
_MOST_OF_A_CHANGE = 100
"""Differences that are shown with a change; those of the whole have a section of their own."""
_TONES = {Verdict.IDENTICAL: "good", Verdict.IDENTICAL_BUT: "good", Verdict.DIFFERENT: "different"}
_SYMBOLS = {"good": "=", "different": "≠", "failed": "\N{MULTIPLICATION SIGN}"}
_HEADINGS = {
    Verdict.IDENTICAL: "Identical",
    Verdict.IDENTICAL_BUT: "Identical in all that counts",
    Verdict.DIFFERENT: "Different",
    Verdict.BEFORE_FAILS: "Before does not build",
    Verdict.AFTER_FAILS: "After does not build",
}
_MEANINGS = {
    Verdict.IDENTICAL: "Both images hold the same files, with the same content and attributes, "
    "the same packages and the same configuration.",
    Verdict.IDENTICAL_BUT: "The images differ only in what every build makes anew, or in what the changes are meant "
    "to do. Each such difference is listed under “Ignored”, with the reason why it does not count.",
    Verdict.DIFFERENT: "The images differ in what counts. Read the differences before you keep the changes.",
    Verdict.BEFORE_FAILS: "The build failed before any change was made, so there is nothing to compare with.",
    Verdict.AFTER_FAILS: "The first version builds, the last one does not: keep the first.",
}


def page(found: Verification, before: bytes, after: bytes, outcome: Outcome | None) -> bytes:
    """The page. `before` and `after` are the texts of the Dockerfile."""
    environment = Environment(
        loader=PackageLoader("dockfix.frontends.render", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The style sheet is allowed by its hash: no text of a Dockerfile can be one, even if it got past the escaping.
    style = environment.get_template("verify.css.jinja").render()
    text = environment.get_template("verify.html.jinja").render(
        page=_page(found, before, after, outcome),
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
    )
    return text.encode()


def _page(found: Verification, before: bytes, after: bytes, outcome: Outcome | None) -> views.Page:
    whole, comparison = found.whole, found.whole.comparison
    shown_page = views.Page(
        f"{_HEADINGS[whole.verdict]}: {shown(found.path)}",
        shown(found.path),
        _verdict(whole),
        tuple(_facts(found)),
        (),
        numbers.saving(comparison) if comparison else "",
        numbers.sizes(comparison) if comparison else (),
        numbers.layers(comparison) if comparison else (),
        tuple(numbers.numbers(whole)),
        tuple(_remarks(found)),
        tuple(_changes(found, outcome)),
        aligned(before, after),
        lists.differences(comparison.differences) if comparison else None,
        _smoke(found.smoke),
        lists.ignored(comparison.ignored) if comparison else None,
        lists.hidden(comparison) if comparison else (),
        reported(found.measured),
        _rebuild(found.rerun),
        tuple(_failures(whole)),
    )
    return shown_page._replace(contents=tuple(_contents(shown_page, comparison)))


def _contents(page: views.Page, comparison: Comparison | None) -> Iterator[views.Entry]:
    if page.sizes:
        yield views.Entry("sizes", "Sizes", "")
        yield views.Entry("layers", "Layers", "")
    if page.numbers:
        yield views.Entry("numbers", "Numbers", "")
    if page.changes:
        yield views.Entry("changes", "Changes", f"{len(page.changes):,}")
    yield views.Entry("dockerfile", "Dockerfile", "")
    if comparison:
        ignored = sum(row.differences.total for row in comparison.ignored)
        hidden = comparison.before.hidden.total + comparison.after.hidden.total
        yield views.Entry("differences", "Differences", f"{comparison.differences.total:,}")
        yield views.Entry("ignored", "Ignored", f"{ignored:,}")
        yield views.Entry("hidden", "Hidden files", f"{hidden:,}")
    if page.reports:
        yield views.Entry("reports", "Reports", "")
    if page.rebuild:
        yield views.Entry("rebuild", "Rebuild", "")
    if page.failures:
        yield views.Entry("failures", "Failures", f"{len(page.failures):,}")


def _verdict(pair: Pair) -> views.VerdictView:
    tone = _TONES.get(pair.verdict, "failed")
    return views.VerdictView(
        tone, _SYMBOLS[tone], _HEADINGS[pair.verdict], _MEANINGS[pair.verdict], tuple(_details(pair))
    )


def _details(pair: Pair) -> Iterator[str]:
    if pair.comparison and pair.verdict is Verdict.DIFFERENT:
        yield lists.kinds(pair.comparison.differences)
    elif pair.comparison and pair.comparison.ignored:
        yield "Ignored: " + ", ".join(
            f"{shown(rule.name)} ({listed.total:,})" for rule, listed in pair.comparison.ignored
        )
    for failure in _failures(pair):
        yield f"{failure.step or 'No step is to blame'}: {failure.reason}"


def _facts(found: Verification) -> Iterator[views.Term]:
    yield views.Term("Engine", shown(found.engine))
    for name, build in (("Before", found.whole.before), ("After", found.whole.after)):
        if build:
            word = "failed after" if build.failure else "built in"
            yield views.Term(name, f"{word} {build.seconds:.1f} s")
        else:
            yield views.Term(name, "not built")
    yield views.Term("dockfix", version("dockfix"))


def _remarks(found: Verification) -> Iterator[str]:
    """What qualifies the numbers, and what the run left behind."""
    if comparison := found.whole.comparison:
        for sentence in dict.fromkeys((*comparison.before.unread, *comparison.after.unread)):
            yield f"Packages not known: {shown(sentence)}"
    yield from map(shown, found.complaints)


def _changes(found: Verification, outcome: Outcome | None) -> Iterator[views.ChangeView]:
    diffs = [diff for _, diff in step_diffs(outcome)] if outcome else []
    for index, change in enumerate(found.changes):
        diff = diffs[index] if index < len(diffs) else b""
        yield _change(index + 1, change, diff, found.each[index] if index < len(found.each) else None)


def _change(number: int, change: Change, diff: bytes, pair: Pair | None) -> views.ChangeView:
    lines = diff.removesuffix(b"\n").split(b"\n")
    # Where one file is changed, it need not be named.
    return views.ChangeView(
        number,
        shown(change.transform),
        str(change.level),
        str(change.proof),
        spans(change.title),
        spans(change.why),
        tuple(_diff_line(line) for line in lines[0 if len(change.edits) > 1 else 2 :]),
        _pair(pair) if pair else None,
    )


def _diff_line(line: bytes) -> views.DiffLine:
    kinds = {b"-": "removed", b"+": "added", b"@": "place"}
    kind = "file" if line.startswith((b"--- ", b"+++ ")) else kinds.get(line[:1], "")
    return views.DiffLine(kind, shown_line(line.removesuffix(b"\r")))


def _pair(pair: Pair) -> views.PairView:
    lines: tuple[str, ...] = ()
    # The verdict itself names the first three.
    if pair.comparison and (listed := pair.comparison.differences).total > 3:
        rest = lists.more(listed, _MOST_OF_A_CHANGE)
        rows = [shown(difference_line(row)) for row in listed.rows[:_MOST_OF_A_CHANGE]]
        lines = (*rows, rest) if rest else tuple(rows)
    return views.PairView(
        _TONES.get(pair.verdict, "failed"),
        "not compared: the version before does not build"
        if pair.verdict is Verdict.BEFORE_FAILS
        else shown(verdict(pair)),
        numbers.sizes_of(pair.comparison) if pair.comparison else "",
        lines,
        # That the version before fails is told where it is the version after.
        _failure("with this change", pair.after.failure) if pair.after and pair.after.failure else None,
    )


def _smoke(smoke: Smoke | None) -> views.SmokeView | None:
    if smoke is None:
        return None
    is_same = smoke.before == smoke.after
    runs = [("both", smoke.before)] if is_same else [("before", smoke.before), ("after", smoke.after)]
    summary = "Both images do the same." if is_same else "The images do not do the same."
    return views.SmokeView(shown(smoke.command), summary, is_same, tuple(_ran(name, ran) for name, ran in runs))


def _ran(name: str, ran: Ran) -> views.RanView:
    status = "did not end in time" if ran.status is None else f"exit status {ran.status}"
    return views.RanView(name, status, shown_lines(ran.output, _MOST_LINES))


def _rebuild(rerun: Rerun | None) -> views.RebuildView | None:
    if rerun is None:
        return None
    sides = (("before", rerun.before), ("after", rerun.after))
    steps = [step for _, side in sides if not isinstance(side, Failure) for step in side]
    longest = max((step.seconds or 0.0 for step in steps), default=0.0)
    return views.RebuildView(shown(rerun.path), tuple(_rerun(name, side, longest) for name, side in sides))


def _rerun(name: str, side: Sequence[StepRun] | Failure, longest: float) -> views.RerunView:
    if isinstance(side, Failure):
        return views.RerunView(name, "does not build", (), _failure(name, side))
    seconds = sum(step.seconds or 0.0 for step in side)
    summary = f"{counted(len(side), 'step')}, {seconds:.1f} s" if side else "nothing runs again"
    return views.RerunView(name, summary, tuple(_step(step, longest) for step in side), None)


def _step(step: StepRun, longest: float) -> views.StepView:
    seconds = step.seconds or 0.0
    part = Part(seconds, "visible", "", f"{seconds:.1f} s")
    return views.StepView(f"{seconds:.1f} s", one_line(step.text), bar(part.title, (part,), longest))


def _failures(pair: Pair) -> Iterator[views.FailureView]:
    for name, build in (("before", pair.before), ("after", pair.after)):
        if build and build.failure:
            yield _failure(name, build.failure)


def _failure(name: str, failure: Failure) -> views.FailureView:
    return views.FailureView(
        name,
        one_line(failure.step),
        shown(failure.reason),
        f"{failure.seconds:.1f} s",
        tuple(map(shown_line, failure.lines)),
    )

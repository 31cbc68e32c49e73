"""The report for the browser: all that was found out is there, harmless, and readable without network."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import browser
import pytest

from dockfix import Options, Outcome, Proof, rewrite
from dockfix.engine.change import Change
from dockfix.frontends.render.page.aligned import aligned
from dockfix.frontends.render.page.tree import Node, tree
from dockfix.frontends.render.verify_html import page
from dockfix.verify.engines.recipe import Failure, Ran, StepRun
from dockfix.verify.images.comparison import Comparison, Difference, Ignored, Kind, Listed, Side
from dockfix.verify.images.contents import Hidden, LayerSize
from dockfix.verify.images.expected import TIMESTAMPS, Rule
from dockfix.verify.told import Measured, MeasuredHidden, ToldHidden
from dockfix.verify.verification import Build, Pair, Rerun, Smoke, Verification

NAME = "services/worker/Dockerfile"
TEXT = b"""FROM debian:12-slim
RUN apt-get update
RUN apt-get install -y curl
COPY . .
RUN echo one
RUN echo two
CMD ["worker"]
"""
SCRIPT = "<script>alert(1)</script>"
STYLE = Path(__file__).parent.parent / "rewriter/frontends/render/page/verify.css.jinja"
in_a_browser = pytest.mark.skipif(browser.PROGRAM is None, reason="chromium is not installed")


@cache
def outcome() -> Outcome:
    return rewrite({NAME: TEXT}, options=Options())


def changes(proof: Proof = Proof.MEASURED) -> tuple[Change, ...]:
    return tuple(step.change._replace(proof=proof) for step in outcome().steps)


def side(*layers: LayerSize, hidden: Sequence[Hidden] = (), more: int = 0, unread: tuple[str, ...] = ()) -> Side:
    size, gone = sum(layer.bytes for layer in layers), sum(layer.hidden for layer in layers)
    listed = Listed(tuple(hidden), len(hidden) + more)
    return Side(layers, size, size - gone, 18_234, listed, gone, {"dpkg": 214, "pip": 31}, unread)


BASE = LayerSize("debian:12-slim", 74_800_000, 3233, 0, True)
BEFORE = side(
    BASE,
    LayerSize("RUN /bin/sh -c apt-get update # buildkit", 19_300_000, 12, 19_300_000, False),
    LayerSize("RUN /bin/sh -c apt-get install -y curl # buildkit", 14_600_000, 402, 100_000, False),
    hidden=[Hidden(b"var/lib/apt/lists/main_Packages", 19_300_000, 1, 2, "replaced")],
    more=7,
)
AFTER = side(BASE, LayerSize("RUN /bin/sh -c apt-get update && apt-get install -y curl", 14_700_000, 402, 0, False))


def file(path: str, what: str, before: str, after: str) -> Difference:
    return Difference(Kind.FILE, path, what, before, after)


DIFFERENCES = (
    file("/usr/local/bin/tool", "mode", "0755", "0754"),
    file("/usr/local/bin/tool", "owner", "0:0", "1000:1000"),
    file("/usr/local/share/a", "missing", "file, 9 bytes", ""),
    Difference(Kind.CONFIGURATION, "config.User", "value", '"1000"', ""),
    Difference(Kind.PACKAGE, "curl", "dpkg", "7.88.1-10", "7.88.1-11"),
    Difference(Kind.PACKAGE, "requests", "pip", "2.31.0", "2.32.0"),
    Difference(Kind.HIDDEN, "/root/.ssh/id_rsa", "hidden", "", "1,679 bytes"),
    Difference(Kind.SMOKE, "smoke", "output", "one", "two"),
)
IGNORED = (
    Ignored(
        Rule("layer boundaries", "which steps made the layers"),
        Listed((Difference(Kind.CONFIGURATION, "rootfs.diff_ids", "value", '["sha256:aa"]', '["sha256:bb"]'),), 1),
    ),
    Ignored(TIMESTAMPS, Listed((file("/etc/passwd", "time", "2024-05-01 10:00:00", "2024-05-01 10:05:00"),), 345)),
)
FAILURE = Failure("RUN pip install requets", "exit code: 1", ("Collecting requets", "ERROR: no such package"), 12.3)
RERUN = Rerun(
    "requirements.txt",
    (StepRun("RUN apt-get install -y curl", 31.4), StepRun("COPY . .", 0.2)),
    (StepRun("COPY . .", 0.3),),
)
REPORTS = (
    Measured(
        "before",
        (
            MeasuredHidden(ToldHidden(2, 1, 2, (b"/var/lib/apt/lists", b"/root/\xffkey"), None), 19_300_000),
            MeasuredHidden(ToldHidden(4, 3, 4, (SCRIPT.encode(),), 2_000_000), None),
        ),
        7,
        7,
        1,
    ),
    Measured("after", (), 5, None, None),
)
SMOKE = Smoke("worker --version", Ran(0, b"one\n"), Ran(None, b"two\n"))


def compared(
    differences: Sequence[Difference] = (), ignored: tuple[Ignored, ...] = IGNORED, total: int | None = None
) -> Comparison:
    listed = Listed(tuple(differences), len(differences) if total is None else total)
    return Comparison(BEFORE, AFTER, listed, ignored)


def pair(comparison: Comparison | None, change: Change | None = None) -> Pair:
    return Pair(change, Build(84.2), Build(71.9), comparison)


def verification(whole: Pair) -> Verification:
    return Verification(NAME, "docker 26.1.5", changes(), whole)


GOOD = verification(pair(compared()))._replace(rerun=RERUN)
DIFFERENT = verification(pair(compared(DIFFERENCES)))._replace(
    changes=changes(Proof.MODELLED),
    each=tuple(pair(compared(DIFFERENCES if index else ()), change) for index, change in enumerate(changes())),
    smoke=SMOKE,
    rerun=RERUN,
    measured=REPORTS,
    complaints=("the container left-over could not be removed",),
)
BEFORE_FAILS = verification(Pair(None, Build(12.3, FAILURE), None, None))
AFTER_FAILS = verification(Pair(None, Build(84.2), Build(12.3, FAILURE), None))
ALL = {
    "identical": verification(pair(compared(ignored=()))),
    "identical but for": GOOD,
    "different": DIFFERENT,
    "before fails": BEFORE_FAILS,
    "after fails": AFTER_FAILS,
}
of_each_kind = pytest.mark.parametrize("found", ALL.values(), ids=ALL)


def rendered(found: Verification, before: bytes = TEXT, after: bytes | None = None) -> str:
    given = outcome() if found.changes else None
    return page(found, before, outcome().files[NAME] if after is None else after, given).decode()


class Read(HTMLParser):
    """The page as a reader has it: its text, ids, and what refers to something; raises where tags do not match."""

    VOID = frozenset({"meta", "rect"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in ("td", "th", "summary"):
            self.text += " "

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def sections(self) -> list[str | None]:
        return [attributes["id"] for attributes in self.named("h2")]


def words(source: str) -> str:
    return " ".join(Read(source).text.split())


@of_each_kind
def test_the_tags_match_and_the_headings_descend(found: Verification) -> None:
    levels = [int(tag[1]) for tag, _ in Read(rendered(found)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@of_each_kind
def test_nothing_refers_to_anything_outside(found: Verification) -> None:
    read = Read(rendered(found))
    assert not {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    ids = {attributes["id"] for _, attributes in read.tags if "id" in attributes}
    for _, attributes in read.tags:
        assert not attributes.keys() & {"src", "style", "srcset", "action", "xlink:href"}
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert (attributes["href"] or "")[1:] in ids
    assert re.findall(r"url\((?!#hatch\))|@import", STYLE.read_text()) == []


@of_each_kind
def test_the_policy_allows_nothing_but_the_style_sheet(found: Verification) -> None:
    policies = [meta["content"] for meta in Read(rendered(found)).named("meta") if "http-equiv" in meta]
    assert len(policies) == 1
    assert re.match(r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'", policies[0] or "")


@of_each_kind
def test_tables_and_bars_can_be_read_aloud(found: Verification) -> None:
    read = Read(rendered(found))
    assert all("scope" in attributes for attributes in read.named("th"))
    assert len(read.named("caption")) == len(read.named("table"))
    assert all("aria-label" in image or "aria-hidden" in image for image in read.named("svg"))


@of_each_kind
def test_each_entry_of_the_contents_is_a_section_and_each_section_an_entry(found: Verification) -> None:
    read = Read(rendered(found))
    assert [anchor["href"] for anchor in read.named("a")] == [f"#{name}" for name in read.sections]


def test_the_sections_stand_in_their_order() -> None:
    assert Read(rendered(DIFFERENT)).sections == [
        "sizes", "layers", "numbers", "changes", "dockerfile", "differences", "ignored", "hidden", "reports", "rebuild",
    ]  # fmt: skip


@pytest.mark.parametrize("found", [BEFORE_FAILS, AFTER_FAILS], ids=["before", "after"])
def test_a_failure_leaves_the_changes_the_dockerfile_and_what_was_printed_last(found: Verification) -> None:
    source = rendered(found)
    assert Read(source).sections == ["changes", "dockerfile", "failures"]
    assert "failed after 12.3 s at RUN pip install requets exit code: 1 Collecting requets ERROR: no" in words(source)


@pytest.mark.parametrize(
    ("name", "heading", "tone"),
    [
        ("identical", "Identical", "good"),
        ("identical but for", "Identical in all that counts", "good"),
        ("different", "Different", "different"),
        ("before fails", "Before does not build", "failed"),
        ("after fails", "After does not build", "failed"),
    ],
)
def test_the_verdict_is_said_first(name: str, heading: str, tone: str) -> None:
    source = rendered(ALL[name])
    assert f'<div class="verdict {tone}">' in source
    assert re.search(rf"<h1>.*</span>{heading}</h1>", source)
    assert f"<title>{heading}: {NAME} " in source


def test_sizes_are_said_in_words_and_numbers() -> None:
    text = words(rendered(GOOD))
    assert "The image is 19.2 MB (17.7 %) smaller: 89.5 MB instead of 108.7 MB." in text
    assert "108.7 MB: 89.3 MB visible, 19.4 MB hidden" in text
    assert "size 108.7 MB 89.5 MB \N{MINUS SIGN}19.2 MB" in text
    assert "dpkg packages 214 214 0" in text
    assert "seconds to build 84.2 71.9 \N{MINUS SIGN}12.3" in text


def test_a_bar_is_as_wide_as_its_share() -> None:
    first, second, third = re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%" height="100%"/>', rendered(GOOD))[:3]
    assert (float(first[0]), float(first[1])) == (0, 82.153)
    assert float(first[1]) + float(second[1]) == pytest.approx(100, abs=0.01)
    assert float(third[1]) == pytest.approx(100 * 89.5 / 108.7, abs=0.01)


def test_each_layer_tells_its_step_its_bytes_and_whether_it_is_shared() -> None:
    text = words(rendered(GOOD))
    assert "1 debian:12-slim 74.8 MB \N{EN DASH} both images" in text
    assert "2 RUN /bin/sh -c apt-get update 19.3 MB 19.3 MB this one" in text


def test_each_change_has_its_diff_and_its_own_verdict() -> None:
    text = words(rendered(DIFFERENT))
    for change in changes():
        assert change.title in text
        assert change.why.replace("`", "") in text
    assert "-RUN apt-get update -RUN apt-get install -y curl +RUN apt-get update \\ + && apt-get install" in text
    assert "On its own identical but for: layer boundaries (1), timestamps (345)" in text
    assert "On its own different: mode of /usr/local/bin/tool: 0755 -> 0754" in text


def test_a_change_that_breaks_the_build_says_what_was_printed_last() -> None:
    first, second = changes()[:2]
    broken = Pair(first, Build(84.2), Build(12.3, FAILURE), None)
    after_it = Pair(second, Build(12.3, FAILURE), Build(70.0), None)
    text = words(rendered(GOOD._replace(each=(broken, after_it))))
    assert "On its own after does not build" in text
    assert text.count("ERROR: no such package") == 1
    assert "On its own not compared: the version before does not build" in text


def test_two_files_may_be_compared_without_any_change_of_ours() -> None:
    source = rendered(GOOD._replace(changes=()), TEXT, b"FROM scratch\n")
    assert "changes" not in Read(source).sections
    assert "FROM scratch" in words(source)


def test_differences_are_listed_by_kind() -> None:
    text = words(rendered(DIFFERENT))
    assert "8 differences: 3 of files, 1 of the configuration, 2 of packages, 1 of hidden files" in text
    assert "Files 3 differences usr/local/ 3 bin/tool mode 0755 → 0754 owner 0:0 → 1000:1000 share/a missing" in text
    assert 'Configuration Fields of the configuration that differ field before after config.User "1000" none' in text
    assert "name before after curl 7.88.1-10 7.88.1-11 Packages of pip" in text
    assert "Newly hidden files 1 file root/.ssh/id_rsa hidden: 1,679 bytes" in text
    assert "The images do not do the same. before: exit status 0 one after: did not end in time two" in text
    assert "the container left-over could not be removed" in text


def test_what_was_ignored_has_its_reason() -> None:
    text = words(rendered(GOOD))
    assert "There is none that counts. Ignored layer boundaries 1 which steps made the layers rootfs.diff_ids" in text
    assert "timestamps 345 the time of the build etc/passwd time 2024-05-01 10:00:00 →" in text
    assert "and 344 more" in text


def test_hidden_files_tell_where_they_are() -> None:
    text = words(rendered(GOOD))
    assert "before: 8 files, 19.4 MB" in text
    assert "19.3 MB /var/lib/apt/lists/main_Packages in layer 2, replaced in layer 3 and 7 more after: none" in text


def test_the_reports_stand_beside_what_was_measured() -> None:
    source = rendered(DIFFERENT)
    text = words(source)
    assert "before: 7 layers counted, 7 measured, 1 of the base" in text
    assert "line named measured path 2 not known 19.3 MB /var/lib/apt/lists, /root/\\xffkey" in text
    assert f"4 2.0 MB not known {SCRIPT}" in text
    assert SCRIPT not in source
    assert "after: 5 layers counted, not measured hidden-bytes names nothing" in text


def test_the_rebuild_tells_which_steps_run_again() -> None:
    text = words(rendered(GOOD))
    assert "before: 2 steps, 31.6 s" in text
    assert "after: 1 step, 0.3 s Steps that run again after time step 0.3 s COPY . . " in text
    failed = words(rendered(GOOD._replace(rerun=RERUN._replace(after=FAILURE))))
    assert "after: does not build after failed after 12.3 s" in failed


def test_a_package_database_that_could_not_be_read_is_told() -> None:
    comparison = compared()._replace(after=AFTER._replace(unread=("/var/lib/rpm/Packages: it is damaged",)))
    assert "Packages not known: /var/lib/rpm/Packages: it is damaged" in words(rendered(verification(pair(comparison))))


HOSTILE = f"{SCRIPT}\"'&amp;\x1b[31m\n\r\x00\u202e\udcff\ud800"
SHOWN = SCRIPT + "\"'&amp;\\x1b[31m\\n\\r\\x00\\u202e\\xff\\ud800"
DATA = b"<script>alert(1)</script>\"'&amp;\x1b[31m\r\x00\xe2\x80\xae\xff\xed\xa0\x80"
DATA_SHOWN = SCRIPT + "\"'&amp;\\x1b[31m\\r\\x00\\u202e\\xff\\xed\\xa0\\x80"


def hostile() -> Verification:
    rows = [Difference(kind, f"/{HOSTILE}", HOSTILE, HOSTILE, HOSTILE) for kind in Kind]
    layer = LayerSize(HOSTILE, 1, 1, 1, False)
    bad = side(layer, hidden=[Hidden(DATA, 1, 0, 1, "deleted")], unread=(HOSTILE,))
    comparison = Comparison(
        bad, bad, Listed(tuple(rows), 9), (Ignored(Rule(HOSTILE, HOSTILE), Listed(tuple(rows), 9)),)
    )
    failure = Failure(HOSTILE, HOSTILE, (HOSTILE,), 1.0)
    change = changes()[0]._replace(transform=HOSTILE, title=HOSTILE, why=HOSTILE)
    whole = Pair(None, Build(1.0), Build(1.0), comparison)
    each = (whole, Pair(change, Build(1.0), Build(1.0, failure), None))
    smoke = Smoke(HOSTILE, Ran(0, DATA), Ran(0, DATA + DATA))
    rerun = Rerun(HOSTILE, (StepRun(HOSTILE, 1.0),), failure)
    return Verification(HOSTILE, HOSTILE, (change, change), whole, each, smoke, rerun, (HOSTILE,))


def test_hostile_text_stays_text() -> None:
    text = b"FROM a\nLABEL a=" + DATA + b"\nRUN " + DATA
    source = page(hostile(), text, text + DATA, outcome()).decode()
    read = Read(source)
    assert not read.named("script")
    assert {tag for tag, _ in read.tags} == {tag for tag, _ in Read(rendered(DIFFERENT)).tags}
    assert read.text.count(SHOWN) > 20
    assert f"LABEL a={DATA_SHOWN}" in read.text
    assert [char for char in read.text if not char.isprintable() and char not in "\n\t"] == []


def test_attributes_hold_no_hostile_text() -> None:
    for _, attributes in Read(page(hostile(), b"", b"", None).decode()).tags:
        assert not [value for name, value in attributes.items() if "<" in (value or "")]


def many(count: int) -> Verification:
    paths = [f"usr/share/{index % 40}/folder-{index % 7}/file-{index}" for index in range(count)]
    rows = tuple(file(f"/{path}", "mode", "0755", "0754") for path in paths)
    hidden = Listed(tuple(Hidden(path.encode(), 1000, 1, 2, "deleted") for path in paths), 99_999)
    full = BEFORE._replace(hidden=hidden)
    ignored = tuple(Ignored(Rule(f"rule {index}", "a reason"), Listed(rows, 123_456)) for index in range(11))
    return verification(pair(Comparison(full, full, Listed(rows, 34_567), ignored)))


def test_full_lists_say_how_many_more_there_are_and_cost_little() -> None:
    rendered(GOOD)
    started = perf_counter()
    source = rendered(many(2_000))
    seconds = perf_counter() - started
    text = words(source)
    assert "There are too many to list: these, and 32,567 more." in text
    assert "and 121,456 more" in text
    assert "and 97,999 more" in text
    assert len(source) < 6_000_000
    # Five times what it takes here.
    assert seconds < 5


def test_the_page_is_the_same_each_time() -> None:
    assert rendered(DIFFERENT) == rendered(DIFFERENT)


def test_paths_become_a_tree_in_which_lonely_folders_share_a_line() -> None:
    leaf = Node("c", 1, ("x",), (), True)
    assert tree([("/a/b/c", "x"), ("/a/b/d", "y"), ("/a/b/d", "z"), ("/e", "w")]) == (
        Node("a/b/", 3, (), (leaf, Node("d", 2, ("y", "z"), (), True)), True),
        Node("e", 1, ("w",), (), True),
    )
    assert tree([("/", "x")]) == (Node("/", 1, ("x",), (), True),)
    assert tree([("/a/b", "x"), ("/a/b/c", "x")]) == (Node("a/b/", 2, ("x",), (leaf,), True),)


def test_a_tree_is_never_too_deep() -> None:
    def depth(nodes: tuple[Node, ...]) -> int:
        return 1 + max((depth(node.children) for node in nodes), default=0)

    nodes = tree([("/a" * count, "x") for count in range(1, 2_000)])
    assert depth(nodes) < 14
    assert nodes[0].total == 1_999


def test_both_texts_are_whole_and_their_lines_in_order() -> None:
    before = b"".join(b"line %d\n" % number for number in range(60)) + b"same\nold\r\nlast"
    after = b"new\n" + before.replace(b"old\r\n", b"old\n") + b"\n"
    blocks = aligned(before, after)
    for index, text in enumerate((before, after)):
        lines = [row[index] for block in blocks for row in block.rows if row[index]]
        assert [line.number for line in lines if line] == list(range(1, len(lines) + 1))
        assert len(lines) == text.count(b"\n") + (not text.endswith(b"\n"))
    assert [len(block.rows) for block in blocks if block.is_folded] == [55]
    assert [row.before.text for row in blocks[-1].rows if row.before] == ["old\\r", "last"]
    assert [row.before.is_open_ended for row in blocks[-1].rows if row.before] == [False, True]


def test_long_files_are_aligned_in_no_time() -> None:
    lines = [b"RUN a && \\\n", b"    b\n", b"\n"] * 3_000
    started = perf_counter()
    assert aligned(b"".join(lines), b"".join(lines[1500:]))
    assert perf_counter() - started < 5


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def schemes() -> tuple[dict[str, str], dict[str, str]]:
    light, dark = STYLE.read_text().split("@media (prefers-color-scheme: dark)")[:2]
    return tuple(dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in (light, dark))  # type: ignore[return-value]


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [part / 255 for part in channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme: dict[str, str]) -> None:
    pairs = [(text, "paper") for text in ("ink", "muted", "link", "good", "different", "failed")]
    pairs += [(tone, f"{tone}-tint") for tone in ("good", "different", "failed")]
    pairs += [("ink", f"{tone}-tint") for tone in ("good", "different", "failed")]
    pairs += [("ink", "panel"), ("muted", "panel"), ("added-ink", "added"), ("removed-ink", "removed")]
    pairs += [("on-bar", "visible"), ("on-bar", "shared"), ("on-hidden", "hidden")]
    for text, behind in pairs:
        low, high = sorted((luminance(scheme[text]), luminance(scheme[behind])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, behind)


@in_a_browser
@pytest.mark.parametrize(
    ("name", "tone"), [("identical but for", "good"), ("different", "different"), ("after fails", "failed")]
)
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_browser_shows_the_verdict_in_its_colour(name: str, tone: str, is_dark: bool, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(rendered(ALL[name]))
    options = ["--blink-settings=preferredColorScheme=0"] if is_dark else []
    url = (tmp_path / "page.html").as_uri()
    picture = browser.screenshot(url, tmp_path / "page.png", 900, 500, *options)
    assert (picture.width, picture.height) == (900, 500)
    colours = list(picture.colours())
    scheme = schemes()[is_dark]
    assert colours.count(channels(scheme["paper"])) > 100_000
    assert colours.count(channels(scheme[tone])) > 500
    assert colours.count(channels(scheme[f"{tone}-tint"])) > 20_000
    others = {"good", "different", "failed"} - {tone}
    assert not [other for other in others if channels(scheme[f"{other}-tint"]) in colours]


WRAPPER = """<!DOCTYPE html><title>not yet</title>
<iframe width="{width}" height="800" srcdoc="{page}" onload="
  const whole = this.contentDocument.documentElement;
  whole.querySelectorAll('details').forEach(each => each.open = true);
  document.title = [whole.scrollWidth, whole.querySelectorAll('script').length].join();
" style="border: 0"></iframe>"""


@in_a_browser
@pytest.mark.parametrize("width", [320, 400, 800, 1280])
def test_nothing_is_wider_than_the_window(width: int, tmp_path: Path) -> None:
    long = "x" * 300
    rows = [Difference(kind, f"/a/{long}", long, long, long) for kind in Kind]
    rows += [file("/a" * depth, "mode", "0755", "0754") for depth in range(1, 40)]
    wide = pair(compared(rows, (Ignored(Rule(long, long), Listed(tuple(rows), 99)), *IGNORED)))
    found = DIFFERENT._replace(path=long, whole=wide, smoke=Smoke(long, Ran(0, long.encode()), Ran(0, b"")))
    source = rendered(found, TEXT, b"RUN " + long.encode())
    (tmp_path / "wrapper.html").write_text(WRAPPER.format(width=width, page=html.escape(source)))
    seen = browser.dom((tmp_path / "wrapper.html").as_uri())
    assert f"<title>{width},0</title>" in seen


@in_a_browser
def test_hostile_text_makes_no_elements_in_a_browser(tmp_path: Path) -> None:
    text = b"FROM a\nLABEL a=" + DATA
    (tmp_path / "page.html").write_bytes(page(hostile(), text, text + DATA, outcome()))
    tags = set(re.findall(r"<([a-z]\w*)", browser.dom((tmp_path / "page.html").as_uri())))
    assert tags - {"tbody"} == {tag for tag, _ in Read(rendered(DIFFERENT)).tags} - {"tbody"}


@in_a_browser
def test_the_browser_asks_the_network_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(rendered(DIFFERENT))
    assert browser.requests((tmp_path / "page.html").as_uri(), tmp_path / "log") == []
    # The log would show it.
    (tmp_path / "other.html").write_text("<img src='http://127.0.0.1:9/seen.png'>")
    asked = browser.requests((tmp_path / "other.html").as_uri(), tmp_path / "log")
    assert "http://127.0.0.1:9/seen.png" in asked


@in_a_browser
def test_the_policy_lets_nothing_in_but_the_style_sheet(tmp_path: Path) -> None:
    source = rendered(GOOD).replace("</main>", "<img src='http://127.0.0.1:9/seen.png'><style>h1{}</style></main>")
    (tmp_path / "page.html").write_text(source)
    assert browser.requests((tmp_path / "page.html").as_uri(), tmp_path / "log") == []

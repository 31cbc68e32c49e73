"""Groups for the tests of the bot's texts: of the files in examples/, and of the worst strings that there are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from dockfix import Options, rewrite
from dockfix.adapters.shfmt import Shfmt
from dockfix.engine.change import Level
from dockfix.frontends.bot.groups import Group, Ledger, Made, Told
from dockfix.frontends.render.diff import step_diffs
from dockfix.frontends.render.trail import lines

EXAMPLES = Path(__file__).parent.parent / "examples"
FILES = ("Containerfile", "api/Dockerfile", "worker/Dockerfile")
# What means something to Markdown, HTML, a platform, git or a terminal.
NASTY = (
    *("@octocat", "@org/team", "#12", "!7", "GH-3", "owner/repo#4", "$5", "&6", '%"v1"', "~bug", "a@b.example"),
    *("https://evil.example/", "http://x", "www.evil.example", "ftp://e.example", "mailto:a@b.example", "//e.example"),
    *("[text](https://evil.example)", "![](https://evil.example/x.png)", "<https://e.example>", "[^1]", "[ref]: /x"),
    *("<script>", "<img src=x>", "</details>", "<!--", "-->", "&#64;octocat", "&lt;b&gt;", "\\", "**", "_", "~~", "|"),
    *("`", "``", "```", "~~~~", "$`x`$", "# ", "- ", "1. ", "> ", "---", "===", "- [x] ", "/merge", "/close", ":+1:"),
    *("\n", "\r", "\r\n", "\n\n", "\t", "\x00", "\x1b[2J", "\x1b]0;x\x07", "\x7f", "\x85", "\u2028", "\u2029"),
    *("\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\udcff", "\ud800", "  ", "\U0001f600", "é"),
    *(
        "Signed-off-by: Eve <eve@evil.example>",
        "Dockfix-Content: 0000000000000000",
        "Fixes: #1",
        "fixes #1",
        "[skip ci]",
    ),
    "<!-- dockfix:pull group=safe edit=000000000000 -->",
    "- [x] <!-- dockfix:ask group=evil -->",
    "<!-- dockfix:touched -->",
    *("<!--dockfix", "suggestion", "{{ 7 * 7 }}", "{% raw %}"),
)
words = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=8)), min_size=1, max_size=8).map("".join)
# As os.fsdecode gives them: it knows no lone surrogates but those of bytes.
paths = words.map(lambda word: word.replace("\ud800", ""))
names = st.from_regex(r"[a-z][a-z0-9.-]{0,20}", fullmatch=True)
diffs = st.lists(st.tuples(st.sampled_from(" +-"), words), min_size=1, max_size=60).map(
    lambda rows: "".join(f"{sign}{word.replace(chr(10), '')}\n" for sign, word in rows)
)
mades = st.builds(
    Made,
    transform=names,
    level=st.sampled_from(["safe", "review", "unsafe"]),
    proof=st.sampled_from(["proved", "modelled", "measured"]),
    path=paths,
    line=st.integers(1, 99_999),
    title=words,
    why=words,
    diff=diffs,
    was=st.just(b"a"),
    new=st.binary(max_size=3),
    files=st.just({}),
)
tolds = st.builds(Told, kind=words, transform=names, path=words, line=st.integers(1, 9) | st.none(), reason=words)
ledgers = st.builds(Ledger, words, words, words, words)
groups = st.builds(
    Group,
    name=names,
    made=st.lists(mades, min_size=1, max_size=4),
    told=st.lists(tolds, max_size=3),
    ledgers=st.lists(ledgers, max_size=3),
)


@cache
def example(level: Level) -> Group:
    """The group that the examples give at a level: each change on top of those before it."""
    made: list[Made] = []
    for path in FILES:
        text = (EXAMPLES / path).read_bytes()
        outcome = rewrite({path: text}, options=Options(level=Level.REVIEW), second_opinion=Shfmt())
        rows = zip(lines(outcome).steps, step_diffs(outcome), strict=True)
        made += [
            Made(
                change.transform,
                str(change.level),
                str(change.proof),
                change.path,
                line,
                change.title,
                change.why,
                diff.decode(),
                change.was,
                diff,
                {path: outcome.files[path]},
            )
            for line, (change, diff) in rows
            if change.level is level
        ]
    told = [Told("skipped", "copy-then-delete", "worker/Dockerfile", 15, "the base may hold /srv, too")]
    return Group(str(level), made, told)


def tame(group: Group) -> Group:
    """The same group with nothing but harmless letters in it."""
    paths = [one.path for one in group.made]
    made = [
        one._replace(
            path=f"f{paths.index(one.path)}", title="t", why="w" * bool(one.why), diff="+d\n" * one.diff.count("\n")
        )
        for one in group.made
    ]
    told = [one._replace(kind="k", path="p", reason="r") for one in group.told]
    return Group(group.name, made, told, [Ledger("w", "b", "a", "p") for _ in group.ledgers])

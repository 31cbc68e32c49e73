r"""What BuildKit's .dockerignore patterns match: facts, as data for test_ignore.py.

The first tables hold what the tests of github.com/moby/patternmatcher hold it to, put down anew; SURPRISES what follows
from its way of writing regular expressions, seen with patternmatcher itself. A path counts as matched by a pattern that
matches a folder above it.
"""

from __future__ import annotations

from typing import NamedTuple

WHEEL = "dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl"


class Row(NamedTuple):
    """The lines of a .dockerignore, a path, and whether it is ignored."""

    lines: tuple[str, ...]
    path: str
    ignored: bool


def rows(pattern: str, ignored: str = "", kept: str = "") -> list[Row]:
    """A row for each of the paths, which are separated by blanks."""
    return [
        *(Row((pattern,), path, True) for path in ignored.split()),
        *(Row((pattern,), path, False) for path in kept.split()),
    ]


STARS = [
    *rows("**", "file file/ dir/file dir/file/"),
    *rows("**/", "file file/ dir/file dir/file/"),
    *rows("**/**", "file dir/file dir/file/"),
    *rows("dir/**", "dir/file dir/file/ dir/dir2/file dir/dir2/file/", "dir dirs/file"),
    *rows("**/dir", "dir dir/file a/dir a/dir/file", "adir dirs"),
    *rows("**/dir2/*", "dir/dir2/file dir/dir2/file/ dir2/file", "dir/dir2 dir2"),
    *rows("**/dir2/**", "dir/dir2/dir3/file dir/dir2/dir3/file/", "dir/dir2"),
    *rows("**file", "file dir/file dir/dir/file profile", "files"),
    *rows("**/file", "dir/file dir/dir/file", "dir/profile"),
    *rows("**/file*", "dir/dir/file dir/dir/file.txt"),
    *rows("**/file*txt", "dir/dir/file.txt"),
    *rows("**/file*.txt", "dir/dir/file.txt"),
    *rows("**/file*.txt*", "dir/dir/file.txt"),
    *rows("**/**/*.txt", "dir/dir/file.txt file.txt"),
    *rows("**/**/*.txt2", kept="dir/dir/file.txt"),
    *rows("**/*.txt", "file.txt"),
    *rows("a**/*.txt", "a/file.txt a/dir/file.txt a/dir/dir/file.txt"),
    *rows("a/*.txt", "a/file.txt", "a/dir/file.txt"),
    *rows("a/*.txt**", "a/file.txt"),
    *rows("abc/**", "abc/def abc/def/ghi", "abc"),
    *rows("**/foo/bar", "foo/bar dir/foo/bar dir/dir2/foo/bar", "foo bar"),
    *rows("**/.foo", ".foo", "bar.foo"),
]

SIMPLE = [
    *rows("a[b-d]e", "ace", "ae aae"),
    *rows("a[^b-d]e", "aze", "ace"),
    *rows(".*", ".foo", "foo"),
    *rows("abc.def", "abc.def", "abcdef abcZdef"),
    *rows("abc?def", "abcZdef", "abcdef"),
    *rows("a(b)c/def", "a(b)c/def", "a(b)c/xyz"),
    *rows("a.|)$(}+{bc", "a.|)$(}+{bc"),
    *rows(WHEEL, WHEEL),
    *rows("dist/*.whl", WHEEL),
    *rows(r"a\\", "a\\"),
    *rows("*", "fileutils.go abc"),
    *rows("*.go", "fileutils.go", "."),
    *rows("abc", "abc abc/x", "abcd x/abc"),
    *rows("*c", "abc"),
    *rows("a*", "a abc ab/c"),
    *rows("a*/b", "abc/b", "a/c/b"),
    *rows("a*b*c*d*e*/f", "axbxcxdxe/f axbxcxdxexxx/f", "axbxcxdxe/xxx/f axbxcxdxexxx/fff"),
    *rows("a*b?c*x", "abxbbxdbxebxczzx", "abxbbxdbxebxczzy"),
    *rows("ab[c]", "abc"),
    *rows("ab[b-d]", "abc"),
    *rows("ab[e-g]", kept="abc"),
    *rows("ab[^c]", kept="abc"),
    *rows("ab[^b-d]", kept="abc"),
    *rows("ab[^e-g]", "abc"),
    *rows(r"a\*b", "a*b", "ab"),
    *rows("a?b", "a☺b", "a/b"),
    *rows("a[^a]b", "a☺b"),
    *rows("a???b", kept="a☺b"),
    *rows("a[^a][^a][^a]b", kept="a☺b"),
    *rows("[a-ζ]*", "δ"),
    *rows("*[a-ζ]", kept="A"),
    *rows("a*b", kept="a/b"),
    *rows(r"[\]a]", "]"),
    *rows(r"[\-]", "-"),
    *rows(r"[x\-]", "x -", "z"),
    *rows(r"[\-x]", "x -", "a"),
    *rows("*x", "xxx"),
]

SEVERAL = [
    Row((), "any/path/there", False),
    Row(("!fileutils.go", "*.go"), "fileutils.go", True),
    Row(("*.go", "!fileutils.go"), "fileutils.go", False),
    Row(("docs", "!docs/README.md"), "docs/README.md", False),
    Row(("docs/", "!docs/README.md"), "docs/README.md", False),
    Row(("docs/*", "!docs/README.md"), "docs/README.md", False),
    Row(("docs", "  !docs/README.md  "), "docs/README.md", False),
    Row(("docs", "config", ""), "config", True),
    Row(("**", "!util/docker/web"), "util/docker/web/foo", False),
    Row(("**", "!util/docker/web", "util/docker/web/foo"), "util/docker/web/foo", True),
    Row(("**", "!" + WHEEL), WHEEL, False),
    Row(("**", "!dist/*.whl"), WHEEL, False),
    Row(("a", "!a/b", "a/b/c"), "a/b/c/d", True),
    Row(("a", "!a/b", "a/b/c"), "a/b/d", False),
    Row(("*", "!a"), "a/b", False),
    Row(("/*", "!/a/b"), "a/c", True),
    # The folder d does not need its `d`, it is ignored already; so d/f is not asked of by it.
    Row(("*", "!d/f", "d"), "d/f", False),
    # And d is not ignored, so `!d` has no say in what is in it.
    Row(("d/f", "!d"), "d/f", True),
]

SURPRISES = [
    *rows("a[^b]c", "a/c", "abc"),
    *rows(r"v\d", "v1", "vd"),
    *rows(r"\w*", "a_b", "-a"),
    *rows("[[:digit:]]x", "1x", ":x"),
    *rows("[*]x", "[^]x", "*x"),
    *rows("[?]", "[] ^]", "?"),
    *rows("^a*", "ab", "^ab"),
    *rows("^a", "^a", "a"),
    *rows("x{2}*", "xx xxy", "x{2} x"),
    *rows("x{,2}*", "x{,2}", "x"),
    *rows("a|b*", "abc cb", "cd"),
    *rows("a|b", "a|b", "a b"),
    *rows(r"a\|b*", "a|bc", "ac"),
    *rows("a**b", "ab ax/b", "axb"),
    *rows("***", "a a/b"),
    *rows("a/../b", "b", "a"),
    *rows("./a//b/", "a/b/c", "a"),
    *rows("/a", "a", "b/a"),
    *rows("..", kept="a"),
    *rows(".", kept="a"),
    *rows("/", kept="a"),
    *rows(" # ", "#", "a"),
    Row(("*", "/!a"), "a", False),
    Row(("*", "!!a"), "!a", False),
    Row(("a", "!a\x1c"), "a", True),
    Row(("*", "!a/**"), "a/x/y", False),
    Row(("*", "!a/*/**"), "a/x/y", True),  # The walker keeps out of a/x.
    Row(("*", "!a/*/**/*"), "a/x/y", False),
]

ROWS = [*STARS, *SIMPLE, *SEVERAL, *SURPRISES]

# Texts that fail the build, and the line.
BAD = {
    **dict.fromkeys(["[]a]", "[-]", "[x-]", "[-x]", "\\", "[a-b-c]", "[", "[^", "[^bc", "a["], 1),
    **dict.fromkeys(
        ["!", "! ", "!/", "//!", "[Local-Only]/", "[z-a]", "[[:vowel:]]", r"\é", r"\y", "a{2}{3}*", "*{2}"], 1
    ),
    "a\n\n# [\n!b[\n": 4,
    "a{1001}*": 1,
    "a\n" + "b" * 65_536: 2,
}

# Texts and their patterns, as github.com/moby/patternmatcher/ignorefile has them.
READ = {
    "": (),
    "test1\n/test2\n/a/file/here\n\nlastfile\n# this is a comment\n! /inverted/abs/path\n": (
        "test1",
        "test2",
        "a/file/here",
        "lastfile",
        "!inverted/abs/path",
    ),
    "\ufeff# a\n\ufeffb\r\nc\r\r\n": ("\ufeffb", "c"),
    "\ufeffa": ("a",),
    "a/./b/../c//\n/\n/..\n./\n": ("a/c", "/", "/", "."),
    " #a\n\t b \u3000\n\x1cc\n": ("#a", "b", "\x1cc"),
}

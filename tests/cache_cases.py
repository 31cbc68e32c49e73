"""Dockerfiles, a change, and the steps that run again: checked against the model and against BuildKit.

Every RUN writes something new (`date`), so that what a stage hands on differs whenever it was built again.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = "FROM debian:bookworm-slim\n"
NEW = "RUN date +%N > "


class CacheCase(NamedTuple):
    """`changed` is a file of the context, `argument` a build argument; `again` are the first lines of the steps."""

    says: str
    dockerfile: str
    again: tuple[str, ...]
    changed: str = ""
    argument: str = ""
    target: str = ""


CASES = (
    CacheCase(
        "a copy and all behind it", HEAD + f"COPY a /a\n{NEW}/1\nCOPY b /b\n{NEW}/2\n", ("COPY b /b", NEW + "/2"), "b"
    ),
    CacheCase(
        "what is behind the first miss, though it takes something else",
        HEAD + f"COPY a /a\n{NEW}/1\nCOPY b /b\n",
        ("COPY a /a", NEW + "/1", "COPY b /b"),
        "a",
    ),
    CacheCase("nothing where nobody takes the file", HEAD + f"COPY a /a\n{NEW}/1\n", (), "b"),
    CacheCase("a copy of the whole context", HEAD + f"COPY . /c\n{NEW}/1\n", ("COPY . /c", NEW + "/1"), "src/x"),
    CacheCase("a folder", HEAD + f"COPY src /c\n{NEW}/1\n", ("COPY src /c", NEW + "/1"), "src/x"),
    CacheCase("a pattern", HEAD + f"COPY *.txt /c/\n{NEW}/1\n", ("COPY *.txt /c/", NEW + "/1"), "c.txt"),
    CacheCase("not another pattern", HEAD + f"COPY *.md /c/\n{NEW}/1\n", (), "c.txt"),
    CacheCase(
        "a bind mount",
        HEAD + "RUN --mount=type=bind,source=src,target=/s date +%N > /1\n" + NEW + "/2\n",
        ("RUN --mount=type=bind,source=src,target=/s date +%N > /1", NEW + "/2"),
        "src/x",
    ),
    CacheCase(
        "not a bind mount of something else", HEAD + "RUN --mount=type=bind,source=b,target=/s date +%N > /1\n", (), "a"
    ),
    CacheCase(
        "a stage that is built from one that missed",
        HEAD.replace("\n", " AS base\n") + f"COPY a /a\nFROM base\n{NEW}/1\n",
        ("COPY a /a", NEW + "/1"),
        "a",
    ),
    CacheCase(
        "a copy from a stage that missed",
        HEAD.replace("\n", " AS build\n")
        + f"COPY a /a\n{NEW}/out\n{HEAD}{NEW}/1\nCOPY --from=build /out /out\n{NEW}/2\n",
        ("COPY a /a", NEW + "/out", "COPY --from=build /out /out", NEW + "/2"),
        "a",
    ),
    CacheCase(
        "a copy from a stage by its number",
        HEAD + f"COPY a /a\n{NEW}/out\n{HEAD}COPY --from=0 /out /out\n",
        ("COPY a /a", NEW + "/out", "COPY --from=0 /out /out"),
        "a",
    ),
    CacheCase(
        "a mount from a stage that missed",
        HEAD.replace("\n", " AS build\n")
        + f"COPY a /a\n{NEW}/out\n{HEAD}RUN --mount=from=build,target=/b date +%N > /1\n",
        ("COPY a /a", NEW + "/out", "RUN --mount=from=build,target=/b date +%N > /1"),
        "a",
    ),
    CacheCase(
        "not a stage that is not needed",
        HEAD.replace("\n", " AS other\n") + f"COPY a /a\n{HEAD}{NEW}/1\n",
        (),
        "a",
    ),
    CacheCase(
        "a stage that is asked for",
        HEAD.replace("\n", " AS other\n") + f"COPY a /a\n{HEAD}{NEW}/1\n",
        ("COPY a /a",),
        "a",
        target="other",
    ),
    CacheCase("each RUN behind an ARG, used or not", HEAD + f"{NEW}/1\nARG V\n{NEW}/2\n", (NEW + "/2",), argument="V"),
    CacheCase("no copy behind an ARG", HEAD + "ARG V\nCOPY a /a\n", (), argument="V"),
    CacheCase("a copy that an ARG is part of", HEAD + "ARG V=a\nCOPY ${V} /c\n", ("COPY ${V} /c",), argument="V"),
    CacheCase(
        "a RUN behind an ENV that is made of an ARG", HEAD + f"ARG V\nENV E=$V\n{NEW}/1\n", (NEW + "/1",), argument="V"
    ),
    CacheCase("no RUN in a stage that does not declare the ARG", f"ARG V\n{HEAD}{NEW}/1\n", (), argument="V"),
    CacheCase("no RUN behind a LABEL alone", HEAD + f"{NEW}/1\nARG V\nLABEL v=$V\n", (), argument="V"),
    CacheCase(
        "a copy with --link, which is put on top of what is new",
        HEAD + f"COPY a /a\nCOPY --link b /b\n{NEW}/1\n",
        ("COPY a /a", "COPY --link b /b", NEW + "/1"),
        "a",
    ),
)

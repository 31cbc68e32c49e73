"""What is fetched and deleted, rewritten rightly and wrongly: data for test_validator_bites.py."""

from __future__ import annotations

from wrong_rewrites import Case, debian

from dockfix.engine.licences import DeleteSooner, DropFetched, FetchInStages, Licence, MountFetched

FETCH = "RUN curl -o /x https://example.org/x && sh /x"


def sooner(says: str, before: list[str], after: list[str], words: str = "rm /x", left: str = "") -> Case:
    """A deletion moves up."""
    split = tuple(word.encode() for word in words.split()), tuple(word.encode() for word in left.split())
    return Case(says, debian(*before), debian(*after), (DeleteSooner(b"rm /x", *split),))


STAGE = ("FROM scratch AS download", "ADD https://example.org/x /x")
ADD = "ADD https://example.org/x /x"
MOUNT = "type=bind,from=download,source=/x,target=/x"
MOUNTED = f"RUN --mount={MOUNT} tar xf /x"
# With the mount, it is just as long as a line may become.
LONG = "RUN tar xf /x && echo ".ljust(65_000 - len(f" --mount={MOUNT}"), "a")
USE = "RUN tar xf /x && rm /x"
BROUGHT: tuple[Licence, ...] = (
    MountFetched(
        tuple(line.encode() for line in STAGE),
        (b"https://example.org/x /x",),
        (MOUNT.encode(),),
        (((b"rm", b"/x"), ()),),
    ),
)


def brought(says: str, before: list[str], after: list[str], stage: tuple[str, ...] = STAGE) -> Case:
    """A stage fetches what ADD has fetched."""
    return Case(says, debian(*before), "\n".join([*stage, ""]) + debian(*after), BROUGHT)


GET, UNPACK = "RUN curl -o /x https://example.org/x", "RUN mkdir /opt/t && tar xf /x -C /opt/t --strip-components=1"
IN_STAGES: tuple[Licence, ...] = (FetchInStages(("base", "download", "expand"), b"/opt/t", ((b"rm", b"/x"),)),)
STAGES = [
    "FROM debian:12 AS base", "ENV A=1", "FROM base AS download", GET, "FROM download AS expand", UNPACK, "FROM base",
    "COPY --from=expand /opt/t /opt/t", "ENV B=1",
]  # fmt: skip


def staged(says: str, change: dict[str, str], *before: str) -> Case:
    """Stages fetch and unpack, but for a change to their lines."""
    after = [change.get(line, line) for line in STAGES]
    was = before or ("ENV A=1", GET, UNPACK, "RUN rm /x", "ENV B=1")
    return Case(says, debian(*was), "".join(f"{line}\n" for line in after if line), IN_STAGES)


def dropped(says: str, before: list[str], after: list[str], path: str = "/x") -> Case:
    """What is fetched and unpacked is deleted."""
    return Case(says, debian(*before), debian(*after), (DropFetched(f"rm {path}".encode(), path.encode()),))


GOT = "RUN curl -o /x https://example.org/x && tar xf /x"

WRONG_DOWNLOADS = [
    dropped("another file is deleted", [GOT], [GOT + " && rm /y"], "/y"),
    dropped("it is deleted before it is unpacked", [GOT], [GOT.replace("&& tar", "&& rm /x && tar")]),
    dropped("it is deleted although it failed", [GOT], [GOT + "; rm /x"]),
    dropped("somebody reads it later", [GOT, "RUN cat /x"], [GOT + " && rm /x", "RUN cat /x"]),
    dropped("it is not unpacked", ["RUN curl -o /x https://example.org/x"],
            ["RUN curl -o /x https://example.org/x && rm /x"]),
    dropped("more is deleted", [GOT], [GOT + " && rm /x && rm /y"]),
    staged("another stage is copied from", {STAGES[7]: "COPY --from=download /opt/t /opt/t"}),
    staged("it is copied to elsewhere", {STAGES[7]: "COPY --from=expand /opt/t /opt/u"}),
    staged("less is copied", {STAGES[7]: "COPY --from=expand /opt/t/bin /opt/t/bin"}),
    staged("it gets another owner", {STAGES[7]: "COPY --from=expand --chown=33 /opt/t /opt/t"}),
    staged("nothing is copied", {STAGES[7]: ""}),
    staged("the rest has another base", {"FROM base": "FROM debian:12"}),
    staged("the fetch has another base", {STAGES[2]: "FROM debian:12 AS download"}),
    staged("the unpacking has another base", {STAGES[4]: "FROM base AS expand"}),
    staged("something else is fetched", {GET: GET + "/y"}),
    staged("something else is unpacked", {UNPACK: UNPACK.replace("=1", "=2")}),
    staged("what stands above changes", {"ENV A=1": "ENV A=2"}),
    staged("what stands below changes", {"ENV B=1": "ENV B=2"}),
    staged("what stands below goes", {"ENV B=1": ""}),
    staged("it is not deleted before", {}, "ENV A=1", GET, UNPACK, "ENV B=1"),
    staged("more stays than the folder", {}, "ENV A=1", GET, UNPACK + " && touch /log", "RUN rm /x", "ENV B=1"),
    staged("the folder holds more", {}, "COPY a /opt/t/", GET, UNPACK, "RUN rm /x", "ENV B=1"),
    sooner("it is deleted before it is used", [FETCH, "ENV A=1", "RUN sh /x", "RUN rm /x"],
           [FETCH + " && rm /x", "ENV A=1", "RUN sh /x"]),
    sooner("it is deleted before somebody unknown", [FETCH, "RUN /setup", "RUN rm /x"],
           [FETCH + " && rm /x", "RUN /setup"]),
    sooner("it is deleted although the use failed", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " || rm /x", "ENV A=1"]),
    sooner("it is deleted before the fetch", ["RUN id", FETCH, "ENV A=1", "RUN rm /x"],
           ["RUN id && rm /x", FETCH, "ENV A=1"]),
    sooner("something else is deleted", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " && rm /y", "ENV A=1"]),
    sooner("it is deleted twice", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " && rm /x && rm /x", "ENV A=1"]),
    sooner("it is not deleted", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH, "ENV A=1"]),
    sooner("it is deleted with force", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " && rm -rf /x", "ENV A=1"]),
    sooner("more goes than the deletion", [FETCH, "ENV A=1", "RUN id && rm /x"], [FETCH + " && rm /x", "ENV A=1"]),
    sooner("a variable goes along", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " && rm /x"]),
    sooner("another word goes along", [FETCH, "ENV A=1", "RUN rm /x /y /z"],
           [FETCH + " && rm /x", "ENV A=1", "RUN rm /z"], "rm /x /y /z", "rm /y /z"),
    sooner("another user deletes it", [FETCH, "USER app", "RUN rm /x"], [FETCH + " && rm /x", "USER app"]),
    sooner("one of two deletions goes", [FETCH, "RUN rm /x", FETCH, "ENV A=1", "RUN rm /x"],
           [FETCH, FETCH + " && rm /x", "ENV A=1"]),
    brought("the stage fetches something else", [ADD, USE], [MOUNTED],
            (STAGE[0], "ADD https://example.org/y /x")),
    brought("the stage does more", [ADD, USE], [MOUNTED], (*STAGE, "ADD https://example.org/y /y")),
    brought("the stage has another base", [ADD, USE], [MOUNTED], ("FROM debian AS download", STAGE[1])),
    brought("the mount is another one", [ADD, USE], [MOUNTED.replace("target=/x", "target=/y")]),
    brought("there is no mount", [ADD, USE], ["RUN tar xf /x"]),
    brought("the ADD stays", [ADD, USE], [ADD, MOUNTED]),
    brought("the deletion stays", [ADD, USE], [f"RUN --mount={MOUNT} tar xf /x && rm /x"]),
    brought("the use goes", [ADD, "RUN tar xf /x", "RUN id && rm /x"], [MOUNTED.replace("tar xf /x", "id")]),
    brought("something else changes", [ADD, USE, "ENV A=1"], [MOUNTED, "ENV A=2"]),
    brought("somebody needs it later", [ADD, USE, "RUN sh /x"], [MOUNTED, f"RUN --mount={MOUNT} sh /x"]),
    brought("somebody unknown may need it", [ADD, "RUN /setup", USE], ["RUN /setup", MOUNTED]),
    brought("nobody deletes it", [ADD, "RUN tar xf /x"], [MOUNTED]),
    brought("a comment is lost", ["# why", ADD, USE], [MOUNTED]),
    brought("the mount makes a line longer than BuildKit reads", [ADD, LONG + "a" * 40, "RUN rm /x"],
            [LONG.replace("RUN", f"RUN --mount={MOUNT}") + "a" * 40]),
    brought("the base may hold it", [ADD.replace(" /x", " /etc/x"), USE.replace("/x", "/etc/x")],
            [MOUNTED.replace("=/x", "=/etc/x").replace("f /x", "f /etc/x")]),
]  # fmt: skip

RIGHT_DOWNLOADS = [
    dropped("what is unpacked is deleted", [GOT], [GOT + " && rm /x"]),
    staged("stages fetch and unpack", {}),
    sooner("a deletion moves up", [FETCH, "ENV A=1", "RUN rm /x"], [FETCH + " && rm /x", "ENV A=1"]),
    sooner("it moves out of a RUN that does more", [FETCH, "ENV A=1", "RUN id && rm /x"],
           [FETCH + " && rm /x", "ENV A=1", "RUN id"]),
    sooner("one word of it moves", [FETCH, "ENV A=1", "RUN rm /x /y"], [FETCH + " && rm /x", "ENV A=1", "RUN rm /y"],
           "rm /x /y", "rm /y"),
    brought("a stage fetches it", [ADD, USE], [MOUNTED]),
    brought("a stage fetches it for a long line", [ADD, LONG, "RUN rm /x"], [LONG.replace("RUN", f"RUN --mount={MOUNT}")]),
    brought("the RUN that deletes goes", [ADD, "RUN tar xf /x", "ENV A=1", "RUN rm /x"], [MOUNTED, "ENV A=1"]),
]  # fmt: skip

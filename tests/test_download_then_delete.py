"""What becomes of files that one RUN fetches and another one deletes, and what is left alone, with the reason."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from dockfix.engine.change import Level
from dockfix.engine.options import Options
from dockfix.engine.registry import transforms
from dockfix.engine.run import rewrite

NAME = "download-then-delete"
PATH = "Dockerfile"


class Case(NamedTuple):
    """Lines behind FROM, and what becomes of them."""

    says: str
    before: str
    after: str
    base: str = "debian:12"


class Refused(NamedTuple):
    """Lines behind FROM that stay as they are, and the reason that is given."""

    says: str
    before: str
    reason: str
    base: str = "debian:12"


ONE_RUN = [
    Case(
        "curl names the file by -o",
        "RUN curl -fsSL -o /tmp/x.tgz https://example.org/x.tgz\nRUN tar xf /tmp/x.tgz -C /opt\nRUN rm /tmp/x.tgz\n",
        """\
RUN curl -fsSL -o /tmp/x.tgz https://example.org/x.tgz \\
    && tar xf /tmp/x.tgz -C /opt \\
    && rm /tmp/x.tgz
""",
    ),
    Case(
        "curl names it in letters that stand together",
        "RUN curl -sSLo x.tgz https://example.org/y\nRUN tar xf x.tgz && rm x.tgz\n",
        "RUN curl -sSLo x.tgz https://example.org/y \\\n    && tar xf x.tgz && rm x.tgz\n",
    ),
    Case(
        "curl names it by the address, without what is asked for",
        "RUN curl -OL https://example.org/x.tgz?token=1\nRUN tar xf x.tgz && rm x.tgz\n",
        "RUN curl -OL https://example.org/x.tgz?token=1 \\\n    && tar xf x.tgz && rm x.tgz\n",
    ),
    Case(
        "curl prints it into a file",
        "RUN curl -L https://example.org/x > /tmp/x.zip\nRUN unzip /tmp/x.zip -d /opt && rm -f /tmp/x.zip\n",
        "RUN curl -L https://example.org/x > /tmp/x.zip \\\n    && unzip /tmp/x.zip -d /opt && rm -f /tmp/x.zip\n",
    ),
    Case(
        "wget names it by the address",
        "WORKDIR /src\nRUN wget https://example.org/x.tgz\nRUN tar xf x.tgz\nRUN rm /src/x.tgz\n",
        "WORKDIR /src\nRUN wget https://example.org/x.tgz \\\n    && tar xf x.tgz \\\n    && rm /src/x.tgz\n",
    ),
    Case(
        "wget puts it into a folder",
        "RUN wget -q -P /tmp https://example.org/x.tgz\nRUN tar xf /tmp/x.tgz && rm /tmp/*.tgz\n",
        "RUN wget -q -P /tmp https://example.org/x.tgz \\\n    && tar xf /tmp/x.tgz && rm /tmp/*.tgz\n",
    ),
    Case(
        "aria2c names it",
        "RUN aria2c -d /tmp -o x.tgz https://example.org/y\nRUN tar xf /tmp/x.tgz\nRUN rm -rf /tmp/x.tgz\n",
        """\
RUN aria2c -d /tmp -o x.tgz https://example.org/y \\
    && tar xf /tmp/x.tgz \\
    && rm -rf /tmp/x.tgz
""",
    ),
    Case(
        "a package is fetched, installed and deleted",
        "RUN curl -LO https://example.org/x.deb\nRUN dpkg -i x.deb && rm x.deb\n",
        "RUN curl -LO https://example.org/x.deb \\\n    && dpkg -i x.deb && rm x.deb\n",
    ),
    Case(
        "all but one file of an archive is deleted",
        "RUN curl -o /tmp/t.tgz https://example.org/t\nRUN tar xf /tmp/t.tgz -C /opt\n"
        "RUN mv /opt/t/bin/t /usr/local/bin/ && rm -rf /opt/t /tmp/t.tgz\n",
        """\
RUN curl -o /tmp/t.tgz https://example.org/t \\
    && tar xf /tmp/t.tgz -C /opt \\
    && mv /opt/t/bin/t /usr/local/bin/ && rm -rf /opt/t /tmp/t.tgz
""",
    ),
    Case(
        "an archive that is never a file is unpacked into a folder that is deleted",
        "RUN mkdir /src && curl -L https://example.org/x | tar xz -C /src\nRUN cd /src && make install\nRUN rm -rf /src\n",
        """\
RUN mkdir /src && curl -L https://example.org/x | tar xz -C /src \\
    && (cd /src && make install) \\
    && rm -rf /src
""",
    ),
    Case(
        "a folder is deleted that has the name of its archive",
        "RUN wget https://example.org/x-1.tar.gz && tar xf x-1.tar.gz && rm x-1.tar.gz\nRUN cd x-1 && make install\n"
        "RUN rm -r x-1\n",
        """\
RUN wget https://example.org/x-1.tar.gz && tar xf x-1.tar.gz && rm x-1.tar.gz \\
    && (cd x-1 && make install) \\
    && rm -r x-1
""",
    ),
    Case(
        "a repository is cloned, built and deleted",
        "RUN git clone --depth 1 https://example.org/x.git\nRUN make -C x install\nRUN rm -rf x\n",
        """\
RUN git clone --depth 1 https://example.org/x.git \\
    && make -C x install \\
    && rm -rf x
""",
    ),
    Case(
        "two files whose RUNs overlap become one RUN",
        "RUN curl -o /a https://example.org/a\nRUN curl -o /b https://example.org/b\nRUN sh /a && rm /a\n"
        "RUN sh /b && rm /b\n",
        """\
RUN curl -o /a https://example.org/a \\
    && curl -o /b https://example.org/b \\
    && sh /a && rm /a \\
    && sh /b && rm /b
""",
    ),
    Case(
        "what stands around them stays",
        "RUN id\nRUN curl -o /a https://example.org/a\nRUN sh /a\nRUN rm /a\nRUN pwd\n",
        "RUN id\nRUN curl -o /a https://example.org/a \\\n    && sh /a \\\n    && rm /a\nRUN pwd\n",
    ),
    Case(
        "a variable names it",
        "ENV FILE=x.tgz\nRUN wget https://example.org/$FILE\nRUN tar xf $FILE && rm $FILE\n",
        "ENV FILE=x.tgz\nRUN wget https://example.org/$FILE \\\n    && tar xf $FILE && rm $FILE\n",
    ),
    Case(
        "a state file that is copied before a slow download stays above it",
        "COPY state.json /var/lib/app/\nRUN curl -o /big https://example.org/big\nRUN sh /big\nRUN rm /big\n",
        """\
COPY state.json /var/lib/app/
RUN curl -o /big https://example.org/big \\
    && sh /big \\
    && rm /big
""",
    ),
]

APART = [
    Case(
        "a deletion moves above a variable",
        "RUN wget https://example.org/x.tgz && tar xf x.tgz\nENV PATH=/x/bin:$PATH\nRUN rm x.tgz\n",
        "RUN wget https://example.org/x.tgz && tar xf x.tgz \\\n    && rm x.tgz\nENV PATH=/x/bin:$PATH\n",
    ),
    Case(
        "a deletion moves out of a RUN that does more",
        "RUN wget https://example.org/x.sh && sh x.sh\nENV A=1\nRUN pip install flask && rm -f x.sh\n",
        "RUN wget https://example.org/x.sh && sh x.sh \\\n    && rm -f x.sh\nENV A=1\nRUN pip install flask\n",
    ),
    Case(
        "one word of a deletion moves",
        "RUN wget -O /x https://example.org/x && sh /x\nENV A=1\nRUN rm -f /x /var/log/dpkg.log\n",
        "RUN wget -O /x https://example.org/x && sh /x \\\n    && rm -f /x\nENV A=1\nRUN rm -f /var/log/dpkg.log\n",
    ),
    Case(
        "where the folder is another one, the path is written out",
        "WORKDIR /src\nRUN wget https://example.org/x && sh x\nWORKDIR /\nRUN rm src/x\n",
        "WORKDIR /src\nRUN wget https://example.org/x && sh x \\\n    && rm /src/x\nWORKDIR /\n",
    ),
    Case(
        "under errexit it is a statement",
        "RUN set -e; wget -O /x https://example.org/x; sh /x\nENV A=1\nRUN rm /x\n",
        "RUN set -e; wget -O /x https://example.org/x; sh /x; \\\n    rm /x\nENV A=1\n",
    ),
    Case(
        "fetch and use become one RUN when the deletion has moved to them",
        "RUN wget -O /x https://example.org/x\nRUN sh /x\nENV A=1\nRUN rm /x\n",
        "RUN wget -O /x https://example.org/x \\\n    && sh /x \\\n    && rm /x\nENV A=1\n",
    ),
    Case(
        "labels and commands of the image move below",
        'RUN curl -o /x https://example.org/x\nLABEL a=b\nEXPOSE 80\nRUN sh /x && rm /x\nCMD ["x"]\n',
        'RUN curl -o /x https://example.org/x \\\n    && sh /x && rm /x\nLABEL a=b\nEXPOSE 80\nCMD ["x"]\n',
    ),
    Case(
        "a copy moves below, where nobody needs it",
        "RUN curl -o /x.tgz https://example.org/x\nCOPY state.json /var/lib/app/\nRUN tar xf /x.tgz -C /opt && rm /x.tgz\n",
        "RUN curl -o /x.tgz https://example.org/x \\\n    && tar xf /x.tgz -C /opt && rm /x.tgz\nCOPY state.json /var/lib/app/\n",
    ),
    Case(
        "a folder is entered between fetch and use",
        "RUN curl -o /x.tgz https://example.org/x\nWORKDIR /opt\nRUN tar xf /x.tgz && rm /x.tgz\n",
        "WORKDIR /opt\nRUN curl -o /x.tgz https://example.org/x \\\n    && tar xf /x.tgz && rm /x.tgz\n",
    ),
    Case(
        "comments go along with what moves",
        "RUN curl -o /x https://example.org/x\n# who\nLABEL a=b\n# run it\nRUN sh /x && rm /x\nUSER app\n",
        """\
RUN curl -o /x https://example.org/x \\
    # run it
    && sh /x && rm /x
# who
LABEL a=b
USER app
""",
    ),
]

ADDED = [
    Case(
        "an archive",
        "ADD https://example.org/x.tgz /opt/x.tgz\nRUN tar xf /opt/x.tgz -C /usr/local && rm /opt/x.tgz\n",
        "RUN --mount=type=bind,from=download,source=/x.tgz,target=/opt/x.tgz \\\n    tar xf /opt/x.tgz -C /usr/local\n",
    ),
    Case(
        "its checksum goes along",
        "ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d "
        "https://example.org/x.tgz /opt/\nRUN tar xf /opt/x.tgz && rm /opt/x.tgz\n",
        "RUN --mount=type=bind,from=download,source=/x.tgz,target=/opt/x.tgz \\\n    tar xf /opt/x.tgz\n",
    ),
    Case(
        "the RUN that only deletes goes",
        "ADD https://example.org/x.deb /x.deb\nRUN dpkg -i /x.deb\nRUN rm /x.deb\n",
        "RUN --mount=type=bind,from=download,source=/x.deb,target=/x.deb \\\n    dpkg -i /x.deb\n",
    ),
    Case(
        "two RUNs use it",
        "ADD https://example.org/x.tgz /x.tgz\nRUN sha256sum /x.tgz\nRUN tar xf /x.tgz && rm /x.tgz\n",
        """\
RUN --mount=type=bind,from=download,source=/x.tgz,target=/x.tgz \\
    sha256sum /x.tgz
RUN --mount=type=bind,from=download,source=/x.tgz,target=/x.tgz \\
    tar xf /x.tgz
""",
    ),
    Case(
        "a folder of the file's own",
        "WORKDIR /src\nADD https://example.org/x.tgz .\nRUN tar xf x.tgz && rm x.tgz\n",
        """\
WORKDIR /src
RUN --mount=type=bind,from=download,source=/x.tgz,target=/src/x.tgz \\
    tar xf x.tgz
""",
    ),
]

REFUSED = [
    Refused(
        "a user in between who may not delete it",
        "RUN curl -o /tmp/x https://example.org/x\nUSER app\nRUN sh /tmp/x && rm /tmp/x\n",
        "`USER` sets the user, which `RUN` goes by",
    ),
    Refused(
        "a copy that the use needs",
        "RUN curl -o /x https://example.org/x\nCOPY conf /etc/conf\nRUN sh /x && rm /x\n",
        "`COPY` stands between them",
    ),
    Refused(
        "an argument that would make the fetch run again",
        "RUN curl -o /x https://example.org/x\nARG V=1\nRUN V=$V sh /x && rm /x\n",
        "`ARG` stands between them",
    ),
    Refused(
        "a variable that the use may heed",
        "RUN curl -o /x https://example.org/x\nENV https_proxy=http://p:1\nRUN sh /x && rm /x\n",
        "`ENV` sets https_proxy",
    ),
    Refused(
        "a process that would live on",
        "RUN curl -o /x https://example.org/x\nRUN /x & sleep 1\nRUN rm /x\n",
        "the RUN before leaves a background process behind",
    ),
    Refused(
        "errexit in the fetch",
        "RUN set -e; mkdir /a; curl -o /a/x https://example.org/x\nRUN sh /a/x\nRUN rm /a/x\n",
        "errexit is in force in the RUN before",
    ),
    Refused(
        "other flags",
        "RUN --network=default curl -o /x https://example.org/x\nRUN --network=none sh /x && rm /x\n",
        "its flags differ from those of the RUN before",
    ),
    Refused(
        "an address that is made of a variable",
        "ENV V=1\nADD https://example.org/x-$V.tgz /x.tgz\nRUN tar xf /x.tgz && rm /x.tgz\n",
        "its address depends on a variable",
    ),
    Refused(
        "an owner",
        "ADD --chown=33 https://example.org/x.tgz /x.tgz\nRUN tar xf /x.tgz && rm /x.tgz\n",
        "a mount has no `--chown=33`",
    ),
    Refused(
        "what is added and moved",
        "ADD https://example.org/x.tgz /x.tgz\nRUN mv /x.tgz /y.tgz\nRUN rm -f /x.tgz\n",
        "`mv` deletes, moves or replaces it",
    ),
    Refused(
        "what is added where the base may hold it",
        "ADD https://example.org/x.tgz /etc/x.tgz\nRUN tar xf /etc/x.tgz && rm /etc/x.tgz\n",
        "the base may hold /etc/x.tgz, too",
    ),
    Refused(
        "what is added and may be used by an unknown command",
        "ADD https://example.org/x.tgz /x.tgz\nRUN /setup\nRUN tar xf /x.tgz && rm /x.tgz\n",
        "of which nothing is known",
    ),
    Refused(
        "what is added and deleted with more",
        "ADD https://example.org/x.tgz /opt/x.tgz\nRUN tar xf /opt/x.tgz && rm /opt/x.tgz /opt/*\n",
        "would meet the mount",
    ),
]

KEPT = [
    ("tar", "curl -o /tmp/x.tgz https://example.org/x && tar xf /tmp/x.tgz -C /opt", "/tmp/x.tgz"),
    ("unzip", "wget -P /srv https://example.org/x.zip && unzip /srv/x.zip -d /opt", "/srv/x.zip"),
    ("dpkg", "cd /tmp && curl -O https://example.org/x.deb && dpkg -i x.deb && cd /", "/tmp/x.deb"),
    ("errexit", "set -e; curl -o /x.tgz https://example.org/x; tar xf /x.tgz", "/x.tgz"),
]
# A folder is unpacked and left behind: the script, the folder, and what is taken out of it.
LEFT_BEHIND = [
    ("piped", "curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x-1/bin/x /usr/local/bin/", "/tmp/x-1"),
    ("copied", "curl -L https://example.org/x | tar xzC /opt && cp /opt/x-1/x /usr/local/bin/x", ""),
    ("where it runs", "cd /tmp && curl -L https://example.org/x | tar xz && mv x-1/x x-1/y /usr/local/bin/", "/tmp/x-1"),
    ("unzip", "curl -o /srv/x.zip https://example.org/x && unzip /srv/x.zip -d /srv && mv /srv/x-1/x /usr/bin/x",
     "/srv/x-1"),
]  # fmt: skip
NOT_LEFT_BEHIND = [
    ("all of it is moved", "RUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x-1 /opt/x\n"),
    ("it is deleted", "RUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x/y /usr/bin/ && rm -r /tmp/x\n"),
    ("it is used otherwise", "RUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x/y /bin/ && /tmp/x/z\n"),
    ("somebody works in it", "RUN curl -L https://example.org/x | tar xz -C /tmp && cd /tmp/x && mv /tmp/x/y /bin/ && make\n"),
    ("a later instruction names it",
     "RUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x-1/y /bin/\nENV PATH=/tmp/x-1/bin:$PATH\n"),
    ("the base has that folder", "RUN curl -L https://example.org/x | tar xz -C /usr && mv /usr/local/y /bin/\n"),
    ("an earlier step has made it",
     "RUN mkdir /tmp/x && touch /tmp/x/z\nRUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x/y /bin/\n"),
    ("two folders", "RUN curl -L https://example.org/x | tar xz -C /tmp && mv /tmp/x/y /tmp/z/y /bin/\n"),
]  # fmt: skip
NOT_KEPT = [
    ("it is deleted", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz && rm /x.tgz\n"),
    ("it is moved", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz && mv /x.tgz /y.tgz\n"),
    ("it is used later", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz\nRUN sha256sum /x.tgz\n"),
    ("it is used last", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz && sha256sum /x.tgz\n"),
    ("the image runs it", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz\nCMD cat x.tgz\n"),
    ("it is not unpacked", "RUN curl -o /x.jar https://example.org/x\n"),
    ("a variable names it", "ARG V\nRUN curl -o /$V.tgz https://example.org/x && tar xf /$V.tgz\n"),
    ("the unpacking may fail", "RUN curl -o /x.tgz https://example.org/x && tar xf /x.tgz || true\n"),
]

LEFT_ALONE = [
    ("the RUN that fetches it deletes it", "RUN curl -o /x https://example.org/x && sh /x && rm /x\nRUN rm /y\n"),
    ("nothing deletes it", "RUN curl -o /x https://example.org/x\nRUN rm /y\n"),
    ("it is deleted perhaps", "RUN curl -o /x https://example.org/x\nRUN test -f /y && rm /x || true\n"),
    ("it is the lists of packages that are deleted",
     "RUN curl -o /x https://example.org/x\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n"),
    ("what ADD fetches stays", "ADD https://example.org/x.tgz /x.tgz\nRUN rm /y\n"),
]  # fmt: skip


def outcome(text: str, level: Level = Level.SAFE, form: str = "auto") -> tuple[str, list[str], list[str]]:
    """The text that comes out, the titles of the steps, and the reasons for what is left alone."""
    known = {NAME: transforms()[NAME]}
    found = rewrite({PATH: text.encode()}, known=known, options=Options(level=level, settings={NAME: {"form": form}}))
    assert found.errors == ()
    titles = [step.change.title for step in found.steps]
    return found.files[PATH].decode(), titles, [skip.reason for skip in found.skipped]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.says) for case in (*ONE_RUN, *APART)])
def test_fetch_use_and_deletion_become_one_run(case: Case) -> None:
    after, titles, _ = outcome(f"FROM {case.base}\n{case.before}")
    assert after == f"FROM {case.base}\n{case.after}"
    assert titles
    assert outcome(after) == (after, [], [])


@pytest.mark.parametrize("case", [pytest.param(case, id=case.says) for case in ADDED])
def test_what_add_fetches_becomes_a_mount_from_a_stage(case: Case) -> None:
    add = next(line for line in case.before.splitlines() if line.startswith("ADD"))
    *words, address, _ = add.split()
    after, titles, _ = outcome(f"FROM {case.base}\n{case.before}")
    name = address.rpartition("/")[2]
    stage = f"FROM scratch AS download\n{' '.join([*words, address])} /{name}\n\n"
    assert after == f"{stage}FROM {case.base}\n{case.after}"
    assert len(titles) == 1
    assert outcome(after) == (after, [], [])


@pytest.mark.parametrize("case", [pytest.param(case, id=case.says) for case in REFUSED])
def test_what_is_refused_is_refused_with_the_reason(case: Refused) -> None:
    text = f"FROM {case.base}\n{case.before}"
    after, titles, reasons = outcome(text)
    assert (after, titles) == (text, [])
    assert any(case.reason in reason for reason in reasons), reasons
    assert not any("validation" in reason for reason in reasons)


@pytest.mark.parametrize("text", [pytest.param(text, id=says) for says, text in LEFT_ALONE])
def test_what_is_not_fetched_and_deleted_apart_is_left_alone(text: str) -> None:
    whole = f"FROM debian:12\n{text}"
    assert outcome(whole) == (whole, [], [])


def test_a_stage_that_is_not_shipped_is_left_alone() -> None:
    text = "FROM debian:12 AS build\nRUN curl -o /x https://example.org/x\nRUN sh /x\nRUN rm /x\nFROM debian:12\nCOPY --from=build /y /\n"
    assert outcome(text) == (text, [], [])


def test_stages_that_are_called_by_number_get_names() -> None:
    text = """\
FROM debian:12 AS base
ADD https://example.org/x.tgz /opt/
RUN tar xf /opt/x.tgz && rm /opt/x.tgz

FROM debian:12
RUN make -C /src

FROM base
COPY --from=1 /src/x /usr/local/bin/
"""
    after, titles, _ = outcome(text)
    assert len(titles) == 1
    assert "FROM debian:12 AS stage-1\nRUN make" in after
    assert "COPY --from=stage-1 /src/x /usr/local/bin/" in after


def test_a_stage_of_that_name_stays() -> None:
    text = """\
FROM debian:12 AS download
RUN true

FROM debian:12
ADD https://example.org/x.tgz /opt/
RUN tar xf /opt/x.tgz && rm /opt/x.tgz
COPY --from=download /x /
"""
    assert "FROM scratch AS download-2" in outcome(text)[0]


@pytest.mark.parametrize(("script", "path"), [pytest.param(*case, id=says) for says, *case in KEPT])
def test_an_archive_that_nobody_deletes_is_deleted_at_level_unsafe(script: str, path: str) -> None:
    text = f"FROM debian:12\nRUN {script}\n"
    after, titles, _ = outcome(text, Level.UNSAFE)
    assert titles == [f"delete {path} in the RUN that unpacks it"]
    assert after.endswith(f"rm {path}\n")
    assert outcome(after, Level.UNSAFE)[:2] == (after, [])
    assert outcome(text, Level.REVIEW)[:2] == (text, [])


@pytest.mark.parametrize("text", [pytest.param(text, id=says) for says, text in NOT_KEPT])
def test_an_archive_that_somebody_may_want_stays(text: str) -> None:
    whole = f"FROM debian:12\n{text}"
    assert outcome(whole, Level.UNSAFE)[:2] == (whole, [])


@pytest.mark.parametrize(("form", "stages"), [("auto", 5), ("run", 2), ("stages", 5)])
def test_stages_are_made_where_the_file_has_such(form: str, stages: int) -> None:
    text = """\
FROM debian:12 AS fetch-other
RUN curl -o /other https://example.org/other
FROM debian:12
COPY --from=fetch-other /other /usr/bin/
RUN curl -o /tmp/x.tgz https://example.org/x
RUN mkdir /opt/x && tar xf /tmp/x.tgz -C /opt/x --strip-components=1
RUN rm /tmp/x.tgz
"""
    assert outcome(text, form=form)[0].count("FROM ") == stages


@pytest.mark.parametrize(("script", "folder"), [pytest.param(*case[1:], id=case[0]) for case in LEFT_BEHIND])
def test_a_folder_that_is_left_behind_is_deleted_at_level_unsafe(script: str, folder: str) -> None:
    text = f"FROM debian:12\nRUN {script}\n"
    after, titles, _ = outcome(text, Level.UNSAFE)
    assert titles == ([f"delete {folder} in the RUN that unpacks it"] if folder else [])
    assert (f"rm -rf {folder}" in after) is bool(folder)
    assert outcome(after, Level.UNSAFE)[:2] == (after, [])
    assert outcome(text, Level.REVIEW)[:2] == (text, [])


@pytest.mark.parametrize("text", [pytest.param(text, id=says) for says, text in NOT_LEFT_BEHIND])
def test_a_folder_that_somebody_may_want_stays(text: str) -> None:
    whole = f"FROM debian:12\n{text}"
    assert outcome(whole, Level.UNSAFE)[:2] == (whole, [])

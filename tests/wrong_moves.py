"""Instructions that are written in another order, rightly and wrongly: data for test_validator_bites.py."""

from __future__ import annotations

from wrong_rewrites import Case, debian

from dockfix.engine.licences import Licence, MoveStep

MOVE: tuple[Licence, ...] = (MoveStep(),)
INSTALL = "RUN apt-get update && apt-get install -y curl"


def swap(says: str, first: str, second: str, *rest: str) -> Case:
    """The first two lines change places."""
    return Case(says, debian(first, second, *rest), debian(second, first, *rest), MOVE)


def order(says: str, before: list[str], after: list[str]) -> Case:
    return Case(says, debian(*before), debian(*after), MOVE)


WRONG_MOVES = [
    swap("an install moves above its list of packages", "COPY my.list /etc/apt/sources.list.d/", INSTALL),
    swap("an install moves above the settings of its manager", "COPY apt.conf /etc/apt/apt.conf", INSTALL),
    swap("an install moves above the copy of a package", "COPY x.deb /x.deb", "RUN apt-get install -y /x.deb"),
    swap("an install moves above the user that runs it", "USER app", INSTALL),
    swap("an install moves above a proxy", "ENV http_proxy=http://proxy:3128", INSTALL),
    swap("an install moves above an argument that it uses", "ARG VERSION", "RUN apt-get install -y curl=$VERSION"),
    swap("an install moves above a link that moves it", "RUN ln -s /data /var/lib", INSTALL),
    swap("an unknown command moves above a copy", "COPY . /app", "RUN /app/configure"),
    swap("a build moves above its sources", "COPY . /app", "RUN make -C /app"),
    swap("a copy moves below an unknown command", "COPY Makefile /src/", "RUN ./prepare"),
    swap("two copies of one file change places", "COPY a /etc/x", "COPY b /etc/x"),
    swap("two folders into one place change places", "COPY one /app/", "COPY two /app/"),
    swap("a relative copy moves above the working directory", "WORKDIR /app", "COPY . ."),
    swap("a relative command moves above the working directory", "WORKDIR /app", "RUN mkdir logs"),
    swap("a shell form moves above SHELL", 'SHELL ["/bin/bash", "-c"]', "CMD start"),
    swap("two commands of the image change places", "CMD one", "CMD two"),
    swap("two values of a variable change places", "ENV A=1", "ENV A=2"),
    swap("a variable moves above the one that it is made of", "ENV A=1", "ENV B=$A"),
    swap("a label moves above its argument", "ARG REV", "LABEL rev=$REV"),
    swap("two values of a label change places", 'LABEL a="1"', 'LABEL a="2"'),
    swap("a copy moves above VOLUME", "VOLUME /data", "COPY x /data/x"),
    swap("a command moves above VOLUME", "VOLUME /data", "RUN mkdir /data/x"),
    swap("ONBUILD changes places", "ONBUILD RUN one", "ONBUILD RUN two"),
    swap("a folder is made by another owner", "COPY --chown=33:33 a /x/one/a", "COPY b /x/two/b"),
    swap("a name of an owner moves above its account", "RUN useradd app", "COPY --chown=app . /home/x"),
    swap("two uses of a cache mount change places",
         "RUN --mount=type=cache,target=/c mkdir /c/a", "RUN --mount=type=cache,target=/c mkdir /c/b"),
    order("a file is deleted before it is written", ["COPY a /a", "RUN rm /a"], ["RUN rm /a", "COPY a /a"]),
    order("an instruction is lost on the way", ["COPY a /a", INSTALL, "COPY b /b"], [INSTALL, "COPY b /b"]),
    order("an instruction comes along", ["COPY a /a", INSTALL], [INSTALL, "COPY a /a", "COPY b /b"]),
    order("an instruction becomes another", ["COPY a /a", INSTALL], [INSTALL, "COPY a /b"]),
    order("a RUN becomes another", ["COPY a /a", INSTALL], [INSTALL + " git", "COPY a /a"]),
    order("a comment is lost on the way", ["# why", "COPY a /a", INSTALL], [INSTALL, "COPY a /a"]),
    order("one of three may not pass", ["COPY a /a", "RUN /a", INSTALL], [INSTALL, "COPY a /a", "RUN /a"]),
    Case("a move leaves its stage", debian("COPY a /a", "FROM debian", INSTALL), debian(INSTALL, "FROM debian", "COPY a /a"), MOVE),
    Case("a move to above the stages", "FROM debian\nARG A\n", "ARG A\nFROM debian\n", MOVE),
]  # fmt: skip

RIGHT_MOVES = [
    swap("an install moves above a copy of the project", "COPY . /app", INSTALL),
    swap("an install moves above a copy to /usr/src/app", "COPY . /usr/src/app", INSTALL),
    swap("an install moves above a copy to /srv/app", "COPY . /srv/app", INSTALL),
    swap("an install moves above metadata", 'CMD ["x"]', INSTALL),
    swap("a label moves below an install", "LABEL a=b", INSTALL),
    swap("an argument moves below what does not heed it", "ARG GIT_SHA", INSTALL),
    swap("a port moves above a label", "LABEL a=b", "EXPOSE 80"),
    order("comments go along", ["# app", "COPY . /app", "# tools", INSTALL], ["# tools", INSTALL, "# app", "COPY . /app"]),
    order("several move at once", ["ARG GIT_SHA", "LABEL r=$GIT_SHA", "COPY . /app", INSTALL],
          [INSTALL, "ARG GIT_SHA", "LABEL r=$GIT_SHA", "COPY . /app"]),
]  # fmt: skip

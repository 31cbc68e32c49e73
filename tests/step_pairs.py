"""Pairs of neighbouring steps: whether they may change places, and what real builds of both orders show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple


class Seen(Enum):
    """What the builds of both orders come to, where they are made."""

    NOTHING = "not built: it needs another base or architecture, or is refused for what might be"
    SAME = "both images are the same"
    DIFFERENT = "both are built, and differ"
    FAILS = "one order is not built at all"


class Pair(NamedTuple):
    """Two steps behind a head. `objects` is a part of the objection; empty: they commute."""

    says: str
    head: str
    first: str
    second: str
    objects: str
    seen: Seen

    def text(self, *, swapped: bool = False) -> str:
        """The Dockerfile in this order, or the other one."""
        steps = (self.second, self.first) if swapped else (self.first, self.second)
        return "\n".join([self.head, *steps, ""])


DEBIAN = "FROM debian:bookworm-slim"
PYTHON = "FROM python:3.11-slim"
NODE = "FROM node:20-slim"
SAME, DIFFERENT, FAILS, NOTHING = Seen.SAME, Seen.DIFFERENT, Seen.FAILS, Seen.NOTHING

# The context of all pairs. What begins with `#!` can be run; `closed` is a folder that only its owner may enter.
CONTEXT: Mapping[str, str] = {
    "a.txt": "a\n",
    "b.txt": "b\n",
    "run.sh": "#!/bin/sh\necho run\n",
    "conf/one.conf": "one = 1\n",
    "conf/deep/two.conf": "two = 2\n",
    "more/deep/three.conf": "three = 3\n",
    "app/main.py": "print('main')\n",
    "app/static/style.css": "a { }\n",
    "closed/key": "key\n",
    "requirements.txt": "click==8.1.8\n",
    "package.json": '{"name": "x", "version": "1.0.0"}\n',
    "apt.conf": 'APT::Install-Recommends "true";\n',
    "skel/.hello": "hello\n",
}
CLOSED = ("closed",)

INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends {} && rm -rf /var/lib/apt/lists/*"
JQ = INSTALL.format("jq")
MAKE = INSTALL.format("make")

# says, first, second, objection; the image is the same, or differs, or one order fails.
_COPIES = (
    ("two files with names of their own", "COPY a.txt /srv/x", "COPY b.txt /srv/y", "", SAME),
    ("two folders of files", "COPY conf /etc/app/", "COPY app /opt/app/", "", SAME),
    ("a file and a folder elsewhere", "COPY run.sh /usr/local/bin/run", "COPY app /opt/app/", "", SAME),
    ("one destination below the other", "COPY app /opt/app/", "COPY conf /opt/app/conf/", "/opt/app", SAME),
    ("one file over the other", "COPY a.txt /srv/x", "COPY b.txt /srv/x", "/srv/x", DIFFERENT),
    ("folders into one, without the context", "COPY conf /srv/", "COPY more /srv/", "/srv", SAME),
    ("a file that becomes a folder or not", "COPY a.txt /srv/d", "COPY b.txt /srv/d/", "/srv/d", FAILS),
    ("parents that both make", "COPY a.txt /x/y/one/a", "COPY b.txt /x/y/two/b", "", SAME),
    ("parents that two owners make", "COPY --chown=33:33 a.txt /x/one/a", "COPY b.txt /x/two/b", "/x", DIFFERENT),
    ("parents of one owner", "COPY --chown=33:33 a.txt /x/one/a", "COPY --chown=33:33 b.txt /x/two/b", "", SAME),
    ("parents that the base has", "COPY --chown=33:33 a.txt /opt/a", "COPY b.txt /opt/b", "", SAME),
    ("a mode of its own for the files", "COPY --chmod=600 a.txt /opt/one/a", "COPY b.txt /srv/b", "", SAME),
    ("a link of a layer of its own", "COPY --link a.txt /opt/l/a", "COPY b.txt /opt/m/b", "/opt", NOTHING),
    ("from a stage, elsewhere", "COPY --from=debian:bookworm-slim /etc/debian_version /srv/v", "COPY b.txt /opt/b", "", SAME),
    ("from a stage, to the same place", "COPY --from=debian:bookworm-slim /etc/issue /srv/x", "COPY a.txt /srv/x", "/srv/x", DIFFERENT),
    ("a list of words", 'COPY ["a.txt", "/srv/with a blank/a"]', "COPY b.txt /opt/b", "", SAME),
    ("a list of words over another file", 'COPY ["a.txt", "/srv/with a blank/a"]', 'COPY ["b.txt", "/srv/with a blank/a"]', "with a blank", DIFFERENT),
    ("a dot in the path", "COPY a.txt /srv/./x", "COPY b.txt /srv/y/../x", "/srv/x", DIFFERENT),
    ("bin is usr/bin", "COPY a.txt /bin/tool", "COPY b.txt /usr/bin/tool", "/usr/bin/tool", DIFFERENT),
    ("several sources", "COPY a.txt b.txt /srv/", "COPY run.sh /opt/run", "", SAME),
    ("a wildcard", "COPY *.txt /srv/", "COPY conf/*.conf /opt/", "", SAME),
    ("all of the context to one place", "COPY . /srv/all", "COPY a.txt /opt/a", "", SAME),
    ("all of the context over a file", "COPY . /srv/all", "COPY b.txt /srv/all/a.txt", "/srv/all", DIFFERENT),
    ("to the root", "COPY conf /", "COPY a.txt /one.conf", "anything", DIFFERENT),
    ("ADD of a file", "ADD a.txt /srv/x", "ADD b.txt /srv/y", "", SAME),
    ("ADD and COPY of the same", "ADD a.txt /srv/x", "COPY b.txt /srv/x", "/srv/x", DIFFERENT),
    ("an owner by name, and its file", "COPY --chown=www-data a.txt /srv/x", "COPY b.txt /etc/passwd", "/etc/passwd", DIFFERENT),
    ("an owner by number", "COPY --chown=33:33 a.txt /srv/x", "COPY b.txt /opt/y", "", SAME),
    ("a folder in a folder, with its mode", "COPY closed /srv/c/closed", "COPY a.txt /srv/d/a", "", SAME),
    ("a heredoc and a file", "COPY <<EOF /srv/here\ntext\nEOF", "COPY a.txt /srv/x", "", SAME),
    ("a heredoc over a file", "COPY <<EOF /srv/x\ntext\nEOF", "COPY a.txt /srv/x", "/srv/x", DIFFERENT),
)  # fmt: skip

_IN_A_FOLDER = (
    ("relative destinations", "COPY a.txt x", "COPY b.txt y", "", SAME),
    ("the working directory and elsewhere", "COPY . .", "COPY conf /etc/app/", "", SAME),
    ("the working directory and a file in it", "COPY . .", "COPY b.txt /work/a.txt", "/work", DIFFERENT),
    ("a folder of the user's, and an install", "COPY . .", JQ, "", SAME),
    ("a folder of the user's, and its removal", "COPY . .", "RUN rm -rf /work", "/work", DIFFERENT),
    ("a folder, and another working directory", "COPY a.txt ./", "WORKDIR /other", "working directory", DIFFERENT),
    ("an absolute path, and another working directory", "COPY a.txt /srv/x", "WORKDIR /other", "", SAME),
    ("a working directory in the working directory", "RUN touch /srv/x", "WORKDIR sub", "", SAME),
    ("a relative redirect", "RUN echo x > here", "WORKDIR /other", "working directory", DIFFERENT),
    ("a relative removal", "COPY . .", "RUN rm -f a.txt", "/work", DIFFERENT),
    ("an install, and another working directory", JQ, "WORKDIR /other", "", SAME),
    ("cd to a folder", "RUN cd /srv && echo x > here", "WORKDIR /other", "", SAME),
    ("cd to a folder that the other makes", "RUN mkdir -p /srv/sub", "RUN cd /srv/sub && touch x", "/srv/sub", FAILS),
    ("a globbed removal", "COPY . .", "RUN rm -rf ./*", "/work", DIFFERENT),
    ("a removal of what the other copies elsewhere", "COPY a.txt /srv/x", "RUN rm -rf ./*", "", SAME),
)  # fmt: skip

_RUNS = (
    ("a folder, and a copy into it", "RUN mkdir -p /app", "COPY app /app/", "", SAME),
    ("a folder, and all of the context into it", "RUN mkdir -p /app", "COPY . /app", "", SAME),
    ("a folder, and a file that may become it", "RUN mkdir -p /app", "COPY a.txt /app", "/app", FAILS),
    ("a folder that must not be there", "RUN mkdir /app", "COPY app /app/", "/app", FAILS),
    ("a folder with a mode of its own", "RUN mkdir -p -m 700 /app", "COPY app /app/", "/app", DIFFERENT),
    ("a folder, and a copy for another owner", "RUN mkdir -p /app", "COPY --chown=33:33 app /app/", "/app", DIFFERENT),
    ("a folder in the folder of another owner", "RUN mkdir -p /app/log", "COPY --chown=33:33 a.txt /app/a", "/app", DIFFERENT),
    ("a folder below a copied one", "RUN mkdir -p /app/static", "COPY app /app/", "/app", SAME),
    ("a closed folder below a copied one", "RUN mkdir -p /x/deep", "COPY --chmod=700 more /x/", "/x", SAME),
    ("two folders", "RUN mkdir -p /data/one", "RUN mkdir -p /data/two", "", SAME),
    ("folders and a copy elsewhere", "RUN mkdir -p /data /logs", "COPY app /app/", "", SAME),
    ("a folder, and WORKDIR of it", "RUN mkdir -p /app", "WORKDIR /app", "", SAME),
    ("an old folder, and WORKDIR of it", "RUN mkdir /app", "WORKDIR /app", "/app", FAILS),
    ("a removal elsewhere", "RUN rm -rf /usr/share/doc", "COPY app /app/", "", SAME),
    ("a removal of what is copied", "COPY app /app/", "RUN rm -rf /app/static", "/app", DIFFERENT),
    ("a removal of all in a folder", "COPY a.txt /srv/x", "RUN rm -rf /srv/*", "/srv", DIFFERENT),
    ("a removal of a variable", "COPY a.txt /srv/x", 'RUN D=/srv; rm -rf "$D"', "anything", DIFFERENT),
    ("a mode of a copied file", "COPY run.sh /srv/run", "RUN chmod 700 /srv/run", "/srv/run", FAILS),
    ("a mode of another file", "COPY run.sh /srv/run", "RUN chmod 600 /etc/issue", "", SAME),
    ("modes of all below", "COPY app /srv/app/", "RUN chmod -R 700 /srv", "/srv", DIFFERENT),
    ("an owner by name, elsewhere", "COPY app /srv/app/", "RUN chown www-data /opt", "", SAME),
    ("an owner by the name that is made", "RUN useradd -m app", "RUN chown app /opt", "/etc", FAILS),
    ("a copy for the owner that is made", "RUN useradd app", "COPY --chown=app a.txt /srv/a", "/etc", DIFFERENT),
    ("a copy for a number, and an account", "RUN useradd -m app", "COPY --chown=1000:1000 a.txt /srv/a", "", SAME),
    ("an account, and a copy elsewhere", "RUN groupadd -r app && useradd -r -g app app", "COPY app /srv/app/", "", SAME),
    ("an account, and a copy to its home", "RUN useradd -m app", "COPY a.txt /home/app/a", "/home", DIFFERENT),
    ("a home of its own, and a copy to it", "RUN useradd -m -d /srv/app app", "COPY a.txt /srv/app/a", "/srv/app", DIFFERENT),
    ("two accounts", "RUN useradd one", "RUN useradd two", "/etc", DIFFERENT),
    ("an account, and what it starts with", "RUN useradd -m app", "COPY skel /etc/skel/", "/etc", DIFFERENT),
    ("a link elsewhere", "RUN ln -s /srv/x /usr/local/bin/x", "COPY a.txt /srv/x", "", SAME),
    ("a copy through a link", "RUN ln -s /srv /x", "COPY a.txt /x/a", "/x", DIFFERENT),
    ("a file and a copy elsewhere", "RUN echo x > /etc/x", "COPY a.txt /srv/x", "", SAME),
    ("a file and its copy", "RUN echo x > /srv/x", "COPY a.txt /srv/x", "/srv/x", DIFFERENT),
    ("two lines of one file", "RUN echo one >> /etc/x", "RUN echo two >> /etc/x", "/etc/x", DIFFERENT),
    ("two files", "RUN echo one > /etc/x", "RUN echo two > /etc/y", "", SAME),
    ("a file in a folder that the other makes", "RUN mkdir -p /data", "RUN touch /data/x", "/data", FAILS),
    ("a file in a folder that a copy makes", "COPY a.txt /data/a", "RUN touch /data/x", "/data", FAILS),
    ("a copy of a copy", "COPY a.txt /srv/x", "RUN cp /srv/x /opt/x", "/srv/x", FAILS),
    ("a copy of something else", "COPY a.txt /srv/x", "RUN cp /etc/issue /opt/x", "", SAME),
    ("a move of something else", "COPY a.txt /srv/x", "RUN mv /etc/issue /opt/x", "", SAME),
    ("a move of a copy", "COPY a.txt /srv/x", "RUN mv /srv/x /opt/x", "/srv/x", FAILS),
    ("an unknown program", "COPY a.txt /srv/x", "RUN ls /srv > /opt/list", "anything", DIFFERENT),
    ("a script of the context", "COPY run.sh /srv/run", "RUN /srv/run", "anything", FAILS),
    ("a loop", "COPY a.txt /srv/x", "RUN for f in /srv/*; do echo $f >> /opt/list; done", "anything", DIFFERENT),
    ("a substitution", "COPY a.txt /srv/x", "RUN echo $(ls /srv) > /opt/list", "anything", DIFFERENT),
    ("a substitution that only asks", "COPY a.txt /srv/x", "RUN echo $(uname -m) > /opt/arch", "", SAME),
    ("a program before the usual one", "COPY run.sh /usr/local/bin/mkdir", "RUN mkdir -p /data", "mkdir", DIFFERENT),
    ("folders of programs that are not known", "COPY conf /usr/local/bin/", "RUN mkdir -p /data", "mkdir", SAME),
    ("another program on PATH", "COPY run.sh /usr/local/bin/run", "RUN mkdir -p /data", "", SAME),
    ("a pipe of known commands", "COPY a.txt /srv/x", "RUN echo x | tee /etc/x > /dev/null", "", SAME),
    ("a glob that is printed", "COPY a.txt /srv/x", "RUN echo /srv/* > /opt/list", "/srv", DIFFERENT),
    ("a quoted star", "COPY a.txt /srv/x", "RUN echo '/srv/*' > /opt/list", "", SAME),
    ("a glob in a variable", "COPY a.txt /srv/x", "RUN D='/srv/*'; echo $D > /opt/list", "anything", DIFFERENT),
    ("a key by a path", "COPY a.txt /srv/key", "RUN apt-key add /srv/key", "/srv/key", NOTHING),
    ("a download to the working directory", "COPY a.txt /srv/x", "RUN cd /srv && apt-get download jq", "anything", NOTHING),
    ("a home by the accounts", "COPY skel/.hello /etc/passwd", "RUN echo x > ~/x", "/etc/passwd", NOTHING),
    ("set and true", "COPY a.txt /srv/x", "RUN set -eux; mkdir -p /data; true", "", SAME),
    ("cd that may fail", "COPY a.txt /srv/x", "RUN cd /srv; touch y", "anything", SAME),
    ("an exec form", "COPY a.txt /srv/x", 'RUN ["cp", "/srv/x", "/opt/x"]', "exec form", FAILS),
    ("a heredoc in RUN", "COPY a.txt /srv/x", "RUN <<EOF\ncp /srv/x /opt/x\nEOF", "heredoc", FAILS),
    ("an archive of the image", "COPY a.txt /srv/x", "RUN tar -xzf /srv/x -C /opt", "/srv/x", NOTHING),
    ("an archive into the folder of a copy", "COPY a.txt /opt/x/a", "RUN tar -xf /srv/a.tar -C /opt/x", "/opt/x", NOTHING),
    ("an old form of tar", "COPY a.txt /srv/x", "RUN tar xfz /srv/a.tgz -C /opt", "old form", NOTHING),
    ("a download elsewhere", "COPY a.txt /srv/x", "RUN curl -fsSL -o /opt/x https://example.org/x", "", NOTHING),
    ("a download over a copy", "COPY a.txt /srv/x", "RUN curl -fsSL https://example.org/x -o /srv/x", "/srv/x", NOTHING),
    ("a download that is run", "COPY a.txt /srv/x", "RUN curl -fsSL https://example.org/x | sh", "anything", NOTHING),
    ("a download and the settings of it", "COPY a.txt /root/.curlrc", "RUN curl -o /opt/x https://example.org/x", "/root", NOTHING),
    ("wget names the file itself", "COPY a.txt /srv/x", "RUN cd /srv && wget https://example.org/x", "/srv", NOTHING),
    ("a repository elsewhere", "COPY a.txt /srv/x", "RUN git clone --depth 1 https://example.org/r.git /opt/r", "", NOTHING),
    ("a repository over a copy", "COPY a.txt /srv/r/x", "RUN git clone https://example.org/r.git /srv/r", "/srv/r", NOTHING),
    ("a program that the install brings", JQ, "RUN jq --version > /srv/version", "anything", FAILS),
    ("a bind mount", "COPY a.txt /srv/x", "RUN --mount=type=bind,source=b.txt,target=/mnt/b cp /mnt/b /opt/b", "", SAME),
    ("a bind mount over a copy", "COPY a.txt /mnt/b", "RUN --mount=type=bind,source=b.txt,target=/mnt/b cp /mnt/b /opt/b", "/mnt/b", NOTHING),
    ("two users of a cache", "RUN --mount=type=cache,target=/c echo x > /c/x", "RUN --mount=type=cache,target=/c cat /c/x > /srv/x", "cache mount", NOTHING),
    ("no network", "COPY a.txt /srv/x", "RUN --network=none touch /opt/x", "", SAME),
    ("rights of its own", "COPY a.txt /srv/x", "RUN --security=insecure touch /opt/x", "security", NOTHING),
)  # fmt: skip

_INSTALLS = (
    ("an install, and a copy to /usr/src", JQ, "COPY app /usr/src/app/", "", SAME),
    ("an install, and a copy to /opt", MAKE, "COPY app /opt/app/", "", SAME),
    ("an install, and a copy to /srv", MAKE, "COPY app /srv/app/", "", SAME),
    ("sources of a kernel, and a copy to /usr/src", INSTALL.format("linux-source"), "COPY app /usr/src/app/", "/usr/src", NOTHING),
    ("an install, and a copy to the root", JQ, "COPY app /app/", "", SAME),
    ("an install, and a copy to a home", JQ, "COPY a.txt /home/x/a", "", SAME),
    ("an install, and a file for it in /tmp", JQ, "COPY a.txt /tmp/a", "", SAME),
    ("an install, and all of a folder in /tmp", JQ, "COPY conf /tmp/", "/tmp", NOTHING),
    ("an install, and a copy to /etc", JQ, "COPY conf /etc/app/", "/etc", NOTHING),
    ("an install, and its configuration", INSTALL.format("jq"), "COPY apt.conf /etc/apt/apt.conf.d/50x", "/etc", NOTHING),
    ("a recommendation that the other file asks for", "RUN apt-get update && apt-get install -y bc patch && rm -rf /var/lib/apt/lists/*", 'RUN echo \'APT::Install-Recommends "false";\' > /etc/apt/apt.conf.d/99x', "/etc", NOTHING),
    ("an install over a file of the package", INSTALL.format("tzdata-legacy"), "COPY a.txt /usr/share/x", "/usr", NOTHING),
    ("an install, and a file that it brings too", JQ, "COPY run.sh /usr/bin/jq", "/usr", DIFFERENT),
    ("an install, and a command of its name before it", MAKE, "COPY run.sh /usr/local/bin/make", "/usr", NOTHING),
    ("an install, and a folder", JQ, "RUN mkdir -p /data", "", SAME),
    ("an install, and a file at the root", JQ, "RUN echo x > /version", "", SAME),
    ("an install, and an account", INSTALL.format("openssh-client"), "RUN useradd -r app", "/etc", DIFFERENT),
    ("two installs", JQ, MAKE, "writes it, too", SAME),
    ("two installs that make groups", INSTALL.format("openssh-client"), INSTALL.format("dbus"), "writes it, too", DIFFERENT),
    ("an install, and certificates", INSTALL.format("ca-certificates"), "COPY a.txt /usr/local/share/ca-certificates/a.crt", "/usr", NOTHING),
    ("an install of a file", "RUN apt-get install -y ./x.deb", "COPY app /app/", "anything", NOTHING),
    ("an install by a glob", f"RUN cd /work && {INSTALL.format('jq*')[4:]}", "COPY app /work/", "/work", NOTHING),
    ("an install of a file of the folder", "RUN dnf builddep -y x.spec", "COPY x.spec /", "anything", NOTHING),
    ("an install of an address", "RUN yum install -y https://example.org/x.rpm", "COPY app /app/", "anything", NOTHING),
    ("an install to another root", "RUN dnf install -y --installroot /app/root bash", "COPY app /app/", "anything", NOTHING),
    ("settings of apt for a call", INSTALL.format("-o Acquire::Retries=3 jq"), "COPY app /app/", "", SAME),
    ("settings that name a folder", "RUN apt-get install -y -o Dir::Cache=/app/cache jq", "COPY app /app/", "anything", NOTHING),
    ("an install, and metadata", JQ, 'LABEL version="1"', "", SAME),
    ("an install, and a port", JQ, "EXPOSE 80", "", SAME),
    ("an install, and a variable of the application", JQ, "ENV APP_COLOUR=blue", "", SAME),
    ("an install, and an argument of the build", JQ, "ARG GIT_SHA=unknown", "", SAME),
    ("an install, and the commit of the build", "ARG GIT_SHA=unknown", JQ, "", SAME),
    ("an install, and its language", "ENV LC_ALL=C.UTF-8", JQ, "LC_ALL", NOTHING),
    ("an install, and a proxy", "ARG http_proxy", JQ, "http_proxy", NOTHING),
    ("an install, and another PATH", "ENV PATH=/opt/bin:$PATH", JQ, "PATH", NOTHING),
    ("an install, and DEBIAN_FRONTEND", "ENV DEBIAN_FRONTEND=noninteractive", JQ, "DEBIAN_FRONTEND", NOTHING),
    ("an install, and the consent to a licence", "ENV ACCEPT_EULA=Y", JQ, "ACCEPT_EULA", NOTHING),
    ("an install, and a variable that it names", "ARG JQ_VERSION=", JQ, "JQ_VERSION", NOTHING),
    ("an install with a variable, and the variable", "ENV NAME_OF=jq", INSTALL.format("$NAME_OF"), "NAME_OF", DIFFERENT),
    ("a certificate bundle, and a folder", "RUN update-ca-certificates --fresh", "COPY app /app/", "", NOTHING),
    ("a removal of lists, and a copy", "RUN rm -rf /var/lib/apt/lists/*", "COPY app /app/", "", SAME),
    ("a clean, and a copy", "RUN apt-get clean", "COPY app /app/", "", SAME),
)  # fmt: skip

_SETTINGS = (
    ("two labels", "LABEL one=1", "LABEL two=2", "", SAME),
    ("one label twice", "LABEL one=1", "LABEL one=2", "LABEL one", DIFFERENT),
    ("a label with quotes", 'LABEL "one"=1', "LABEL one=2", "LABEL one", DIFFERENT),
    ("two variables", "ENV A=1", "ENV B=2", "order of the variables", DIFFERENT),
    ("one variable twice", "ENV A=1", "ENV A=2", "both set A", DIFFERENT),
    ("a variable, and another one made of it", "ENV A=1", "ENV B=$A", "A", DIFFERENT),
    ("a variable, and a label made of it", "ENV A=1", "LABEL a=$A", "A", DIFFERENT),
    ("a variable, and a label", "ENV A=1", "LABEL a=x", "", SAME),
    ("an argument, and a label made of it", "ARG A=1", "LABEL a=$A", "A", DIFFERENT),
    ("an argument, and a variable made of it", "ARG A=1", "ENV B=${A:-x}", "A", DIFFERENT),
    ("two arguments", "ARG A=1", "ARG B=2", "", SAME),
    ("an argument, and another one made of it", "ARG A=1", "ARG B=$A", "A", NOTHING),
    ("an argument, and a copy", "ARG A=1", "COPY a.txt /srv/x", "", SAME),
    ("an argument, and a copy by it", "ARG A=/srv/x", "COPY a.txt $A", "A", DIFFERENT),
    ("a variable, and a copy by it", "ENV A=/srv/x", "COPY a.txt ${A}/", "A", DIFFERENT),
    ("an argument, and an unknown command", "ARG A=1", "RUN env > /srv/env", "A", DIFFERENT),
    ("an argument, and a command that prints it", "ARG A=1", "RUN echo $A > /srv/a", "A", DIFFERENT),
    ("an argument, and a known command", "ARG A=1", "RUN mkdir -p /data", "", SAME),
    ("a variable, and a known command", "ENV A=1", "RUN mkdir -p /data", "", SAME),
    ("a variable of the shell", "ENV IFS=x", "RUN mkdir -p /data", "IFS", SAME),
    ("a user, and a folder", "USER 33:33", "RUN touch /tmp/x", "user", DIFFERENT),
    ("a user, and a copy", "USER 33:33", "COPY a.txt /srv/x", "", SAME),
    ("a user by name, and a copy", "USER www-data", "COPY app /app/", "", SAME),
    ("a user, and a working directory", "USER 33:33", "WORKDIR /work", "user", DIFFERENT),
    ("a user, and metadata", "USER 33:33", 'CMD ["x"]', "", SAME),
    ("a working directory, and a copy elsewhere", "WORKDIR /work", "COPY a.txt /srv/x", "", SAME),
    ("a working directory, and a copy into it", "WORKDIR /work", "COPY . /work/", "", SAME),
    ("a working directory, and a copy for another", "WORKDIR /work", "COPY --chown=33:33 . /work/", "/work", DIFFERENT),
    ("two working directories", "WORKDIR /one", "WORKDIR /two", "working directory", DIFFERENT),
    ("a shell, and a command", 'SHELL ["/bin/bash", "-c"]', "RUN echo $0 > /srv/x", "shell", DIFFERENT),
    ("a shell, and CMD in its form", 'SHELL ["/bin/bash", "-c"]', "CMD x", "shell", DIFFERENT),
    ("a shell, and CMD as a list", 'SHELL ["/bin/bash", "-c"]', 'CMD ["x"]', "", SAME),
    ("a shell, and a copy", 'SHELL ["/bin/bash", "-c"]', "COPY a.txt /srv/x", "", SAME),
    ("an entry point, and its command", 'ENTRYPOINT ["x"]', 'CMD ["y"]', "", SAME),
    ("two commands", 'CMD ["x"]', 'CMD ["y"]', "CMD", DIFFERENT),
    ("two entry points", 'ENTRYPOINT ["x"]', 'ENTRYPOINT ["y"]', "ENTRYPOINT", DIFFERENT),
    ("a port, and another", "EXPOSE 80", "EXPOSE 443/tcp", "", SAME),
    ("a port by a variable", "ENV PORT=80", "EXPOSE $PORT", "PORT", DIFFERENT),
    ("a signal, and a command", "STOPSIGNAL SIGQUIT", 'CMD ["x"]', "", SAME),
    ("a health check, and a copy", "HEALTHCHECK --interval=5s CMD true", "COPY a.txt /srv/x", "", SAME),
    ("a health check, and a shell", 'SHELL ["/bin/bash", "-c"]', "HEALTHCHECK CMD true", "shell", SAME),
    ("metadata, and an unknown command", "LABEL a=1", "RUN ls / > /srv/list", "", SAME),
    ("a volume, and a copy into it", "VOLUME /data", "RUN mkdir -p /data && echo x > /data/x", "may be lost", NOTHING),
    ("a volume, and a label", "VOLUME /data", "LABEL a=1", "may be lost", NOTHING),
    ("ONBUILD", "ONBUILD COPY . /app", "LABEL a=1", "builds of others", NOTHING),
    ("an author, and a command", "MAINTAINER somebody", 'CMD ["x"]', "", SAME),
)  # fmt: skip

_PIP = "RUN pip install --no-cache-dir click==8.1.8"
_LANGUAGES = (
    ("a package of Python, and a copy elsewhere", PYTHON, _PIP, "COPY app /app/", "", SAME),
    ("a package of Python, and a copy to where they are", PYTHON, _PIP, "COPY app /usr/local/lib/python3.11/site-packages/app/", "/usr", NOTHING),
    ("requirements, and the file", f"{PYTHON}\nWORKDIR /app", "COPY requirements.txt ./", "RUN pip install --no-cache-dir -r requirements.txt", "anything", FAILS),
    ("requirements, and another folder", f"{PYTHON}\nWORKDIR /app\nCOPY requirements.txt ./", "RUN pip install --no-cache-dir -r requirements.txt", "COPY conf /data/", "anything", SAME),
    ("requirements at the root", f"{PYTHON}\nCOPY requirements.txt /", "RUN pip install -r /requirements.txt", "COPY conf /data/", "anything", NOTHING),
    ("the project itself", f"{PYTHON}\nWORKDIR /app", "RUN pip install .", "COPY conf /data/", "anything", NOTHING),
    ("an editable install", f"{PYTHON}\nWORKDIR /app", "RUN pip install -e .", "COPY conf /data/", "anything", NOTHING),
    ("pip that writes elsewhere", f"{PYTHON}\nENV PIP_TARGET=/data", _PIP, "COPY conf /data/", "anything", NOTHING),
    ("pip that writes elsewhere by an option", PYTHON, "RUN pip install --target /data click", "COPY conf /data/", "anything", NOTHING),
    ("pip of a virtual environment on PATH", f"{PYTHON}\nENV PATH=/venv/bin:$PATH", _PIP, "COPY conf /data/", "anything", NOTHING),
    ("pip of an unknown base", "FROM example.org/python", _PIP, "COPY conf /data/", "anything", NOTHING),
    ("pip of another user", f"{PYTHON}\nUSER 33", _PIP, "COPY conf /data/", "anything", NOTHING),
    ("pip and a variable", PYTHON, _PIP, "ENV ANY=1", "ANY", NOTHING),
    ("pip and apt", PYTHON, _PIP, JQ, "/usr", NOTHING),
    ("packages of a project, whose scripts run", f"{NODE}\nWORKDIR /app\nCOPY package.json ./", "RUN npm install", "COPY conf /data/", "anything", SAME),
    ("packages of a project, whose scripts do not run", f"{NODE}\nWORKDIR /app\nCOPY package.json ./", "RUN npm install --ignore-scripts --no-audit --no-fund", "COPY conf /data/", "anything", NOTHING),
    ("packages of a project, and a file of it", f"{NODE}\nWORKDIR /app", "COPY package.json ./", "RUN npm install --ignore-scripts", "anything", DIFFERENT),
    ("packages of a project, and a file above it", f"{NODE}\nWORKDIR /app/sub\nCOPY package.json ./", "RUN npm install --ignore-scripts", "COPY a.txt /app/.npmrc", "anything", NOTHING),
    ("packages for all", NODE, "RUN npm install -g semver@7.6.3 && rm -rf /root/.npm", "COPY conf /data/", "", SAME),
    ("packages for all, and a file of theirs", NODE, "RUN npm install -g semver@7.6.3", "COPY a.txt /usr/local/bin/semver", "/usr/local", NOTHING),
    ("modules of Go", "FROM golang:1.22\nWORKDIR /src", "RUN go mod download", "COPY conf /data/", "anything", NOTHING),
    ("modules of Go, and the project", "FROM golang:1.22\nWORKDIR /src", "RUN go mod download", "COPY . .", "anything", NOTHING),
    ("an install of alpine", "FROM alpine:3.20\nWORKDIR /src", "RUN apk add --no-cache git", "COPY . .", "", NOTHING),
    ("an install of alpine with a key", "FROM alpine:3.20", "RUN apk add --no-cache git", "COPY key.pub /etc/apk/keys/", "/etc", NOTHING),
    ("an install of fedora", "FROM fedora:40", "RUN dnf install -y gcc && dnf clean all", "COPY . /app/", "", NOTHING),
    ("an install of a Windows image", "FROM mcr.microsoft.com/windows/servercore", "RUN mkdir app", "COPY . /app/", "Windows", NOTHING),
    ("of a base of which nothing is known, a shared folder", "FROM example.org/base", "RUN mkdir -p /data/x", "COPY . /data/y/", "/data", NOTHING),
    ("of a base of which nothing is known, an install", "FROM example.org/base", JQ, "COPY . /data/", "", NOTHING),
    ("a working directory of the base", "FROM example.org/base", JQ, "COPY . .", "is not known", NOTHING),
    ("a destination that a build argument decides", f"{DEBIAN}\nARG TO=/app", JQ, "COPY . $TO", "is not known", NOTHING),
    ("a destination of a variable", f"{DEBIAN}\nENV TO=/app", JQ, "COPY . $TO/", "", SAME),
    ("a folder of a variable", f"{DEBIAN}\nENV TO=/app", "RUN mkdir -p $TO/log", "COPY . /srv/", "", SAME),
    ("a folder of a variable, and a copy to it", f"{DEBIAN}\nENV TO=/app", "RUN rm -rf $TO", "COPY . /app/", "/app", DIFFERENT),
    ("a variable that the script sets", f"{DEBIAN}\nENV TO=/app", "RUN TO=/srv; mkdir -p $TO/x; echo x > $TO/y", "COPY a.txt /srv/y", "anything", DIFFERENT),
    ("through a link made before", f"{DEBIAN}\nRUN ln -s /srv /x", "COPY a.txt /x/a", "COPY b.txt /srv/a", "symbolic link", DIFFERENT),
    ("beside a link made before", f"{DEBIAN}\nRUN ln -s /srv /x", "COPY a.txt /opt/a", "COPY b.txt /srv/a", "", SAME),
    ("a RUN through a link made before", f"{DEBIAN}\nRUN ln -s /srv /x", "RUN echo x > /x/a", "COPY b.txt /srv/a", "anything", DIFFERENT),
    ("PATH with a folder of the user's", f"{DEBIAN}\nENV PATH=/app/bin:$PATH", JQ, "COPY app /app/bin/", "/app/bin", NOTHING),
    ("a folder for temporary files", f"{DEBIAN}\nENV TMPDIR=/app", JQ, "COPY app /app/", "moves", NOTHING),
    ("a RUN of another user", f"{DEBIAN}\nUSER 33", "RUN mkdir -p /tmp/x/one", "COPY a.txt /tmp/x/two", "/tmp/x", FAILS),
    ("a RUN of another user, elsewhere", f"{DEBIAN}\nUSER 33", "RUN touch /tmp/x", "COPY a.txt /srv/x", "", SAME),
    ("a command of the parent", f'{DEBIAN} AS base\nCMD ["x"]\nFROM base', 'ENTRYPOINT ["y"]', 'CMD ["z"]', "", SAME),
    ("two variables that are there already", f"{DEBIAN}\nENV A=1 B=2", "ENV A=3", "ENV B=4", "", SAME),
    ("two variables, of which one is there already", f"{DEBIAN}\nENV A=1", "ENV A=3", "ENV B=4", "", SAME),
    ("packages by a variable of a build", f"{DEBIAN}\nARG PACKAGES", "RUN apt-get install -y $PACKAGES", "COPY app /app/", "anything", NOTHING),
    ("the first step of a stage", f"{DEBIAN} AS base", "FROM base", "LABEL a=1", "begins a stage", NOTHING),
)  # fmt: skip

_FOLDER = f"{DEBIAN}\nWORKDIR /work"


def _pairs() -> Iterator[Pair]:
    for head, rows in (
        (DEBIAN, _COPIES),
        (_FOLDER, _IN_A_FOLDER),
        (DEBIAN, _RUNS),
        (DEBIAN, _INSTALLS),
        (DEBIAN, _SETTINGS),
    ):
        for says, first, second, objects, seen in rows:
            yield Pair(says, head, first, second, objects, seen)
    for says, head, first, second, objects, seen in _LANGUAGES:
        yield Pair(says, head, first, second, objects, seen)


PAIRS = tuple(_pairs())

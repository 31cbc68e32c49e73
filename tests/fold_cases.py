"""RUNs of chmod and chown that become flags of copies, and such that stay: for test_chmod_on_copy.py and real builds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class FoldCase(NamedTuple):
    """`after` is what becomes of `before`, the lines below FROM; where it is empty, they stay, and `why` says why.

    `left` is the reason for which something of `after` stays. `modes` are those of files in the context; of all others, 644. `base` is what is built FROM.
    """

    says: str
    before: str
    after: str = ""
    why: str = ""
    files: tuple[str, ...] = ("run.sh",)
    modes: Mapping[str, int] = {}
    links: Mapping[str, str] = {}
    base: str = "debian:bookworm-slim"
    head: str = ""
    left: str = ""
    folders: tuple[str, ...] = ()

    def text(self, lines: str) -> str:
        """A Dockerfile of these lines."""
        return f"{self.head}FROM {self.base}\n{lines}"


TWO = ("a.sh", "b.sh")
TREE = ("app/main.py", "app/lib/one.py", "app/lib/two.py")

CASES = (
    FoldCase("a file that becomes executable", "COPY run.sh /run.sh\nRUN chmod +x /run.sh\n",
             "COPY --chmod=755 run.sh /run.sh\n"),
    FoldCase("a file in a folder that is there", "COPY run.sh /usr/local/bin\nRUN chmod a+rx /usr/local/bin/run.sh\n",
             "COPY --chmod=755 run.sh /usr/local/bin\n"),
    FoldCase("a folder that the copy makes keeps its own mode", "COPY run.sh /srv/deep/run.sh\nRUN chmod 700 /srv/deep/run.sh\n",
             "COPY --chmod=700 run.sh /srv/deep/run.sh\n"),
    FoldCase("several RUNs over several copies",
             "COPY a.sh /a.sh\nCOPY b.sh /b.sh\nRUN chmod 700 /a.sh\nRUN chmod +x /b.sh\nRUN chmod 750 /a.sh\n",
             "COPY --chmod=750 a.sh /a.sh\nCOPY --chmod=755 b.sh /b.sh\n", files=TWO),
    FoldCase("several files of a copy", "COPY a.sh b.sh /usr/local/bin/\nRUN chmod +x /usr/local/bin/a.sh /usr/local/bin/b.sh\n",
             "COPY --chmod=755 a.sh b.sh /usr/local/bin/\n", files=TWO),
    FoldCase("files that get the same mode one by one", "COPY a.sh b.sh /srv/\nRUN chmod 750 /srv/a.sh && chmod 750 /srv/b.sh\n",
             "COPY --chmod=750 a.sh b.sh /srv/\n", files=TWO),
    FoldCase("files that have that mode partly", "COPY a.sh b.sh /srv/\nRUN chmod +x /srv/a.sh\n",
             "COPY --chmod=755 a.sh b.sh /srv/\n", files=TWO, modes={"b.sh": 0o755}),
    FoldCase("a mode by steps", "COPY run.sh /srv/\nRUN chmod u+x,g-r,o= /srv/run.sh\n",
             "COPY --chmod=700 run.sh /srv/\n"),
    FoldCase("a mode that is all said", "COPY run.sh /srv/\nRUN chmod u=rwx,go=rx /srv/run.sh\n",
             "COPY --chmod=755 run.sh /srv/\n", modes={"run.sh": 0o664}),
    FoldCase("execution for who may execute", "COPY a.sh b.sh /srv/\nRUN chmod a=rX /srv/a.sh /srv/b.sh\n",
             "COPY --chmod=444 a.sh b.sh /srv/\n", files=TWO),
    FoldCase("an owner by number", "COPY run.sh /srv/run.sh\nRUN chown 33:0 /srv/run.sh\n", "COPY --chown=33:0 run.sh /srv/run.sh\n"),
    FoldCase("an owner by name keeps the group", "COPY run.sh /srv/run.sh\nRUN chown games /srv/run.sh\n",
             "COPY --chown=games:0 run.sh /srv/run.sh\n"),
    FoldCase("a group alone", "COPY run.sh /srv/run.sh\nRUN chown :www-data /srv/run.sh\n",
             "COPY --chown=0:www-data run.sh /srv/run.sh\n"),
    FoldCase("owner and mode", "COPY run.sh /srv/run.sh\nRUN chown www-data:games /srv/run.sh && chmod 0500 /srv/run.sh\n",
             "COPY --chown=www-data:games --chmod=500 run.sh /srv/run.sh\n"),
    FoldCase("the owner that it has", "COPY run.sh /srv/run.sh\nRUN chown root:root /srv/run.sh\n", "COPY run.sh /srv/run.sh\n"),
    FoldCase("flags that stand there", "COPY --chown=33:33 --chmod=600 run.sh /srv/run.sh\nRUN chmod g+r /srv/run.sh && chown :0 /srv/run.sh\n",
             "COPY --chown=33:0 --chmod=640 run.sh /srv/run.sh\n"),
    FoldCase("what else the RUN does", "COPY run.sh /run.sh\nRUN chmod +x /run.sh \\\n    && /run.sh \\\n    && echo done > /done\n",
             "COPY --chmod=755 run.sh /run.sh\nRUN /run.sh \\\n    && echo done > /done\n"),
    FoldCase("what follows another way", "COPY run.sh /run.sh\nRUN chmod +x /run.sh; /run.sh\n", "COPY --chmod=755 run.sh /run.sh\nRUN /run.sh\n"),
    FoldCase("what follows may fail", "COPY run.sh /run.sh\nRUN chmod +x /run.sh && /nothing || echo failed > /failed\n",
             "COPY --chmod=755 run.sh /run.sh\nRUN /nothing || echo failed > /failed\n"),
    FoldCase("names from the working directory", "WORKDIR /srv/app\nCOPY run.sh .\nRUN chmod +x run.sh ./run.sh\n",
             "WORKDIR /srv/app\nCOPY --chmod=755 run.sh .\n"),
    FoldCase("names from the working directory of the base", "COPY run.sh ./\nRUN chmod +x run.sh\n", "COPY --chmod=755 run.sh ./\n"),
    FoldCase("names by a variable", "ENV APP=/srv/app\nCOPY run.sh $APP/\nRUN chmod +x ${APP}/run.sh\n",
             "ENV APP=/srv/app\nCOPY --chmod=755 run.sh $APP/\n"),
    FoldCase("the form of JSON", 'COPY ["run.sh", "/srv/run.sh"]\nRUN chmod 711 "/srv/run.sh"\n',
             'COPY --chmod=711 ["run.sh", "/srv/run.sh"]\n'),
    FoldCase("lines that go on", "COPY \\\n  run.sh \\\n  /srv/\nRUN chmod +x \\\n  /srv/run.sh\n",
             "COPY \\\n  --chmod=755 run.sh \\\n  /srv/\n"),
    FoldCase("a heredoc", "COPY <<EOF /srv/run.sh\necho run\nEOF\nRUN chmod +x /srv/run.sh\n",
             "COPY --chmod=755 <<EOF /srv/run.sh\necho run\nEOF\n"),
    FoldCase("an ADD of a file", "ADD run.sh /srv/\nRUN chmod u+x /srv/run.sh\n", "ADD --chmod=744 run.sh /srv/\n"),
    FoldCase("a file that is fetched", "ADD https://example.org/tool /usr/local/bin/tool\nRUN chmod +x /usr/local/bin/tool\n",
             "ADD --chmod=711 https://example.org/tool /usr/local/bin/tool\n"),
    FoldCase("a folder with all that is in it", "COPY app /srv/app\nRUN chown -R www-data:www-data /srv/app\n",
             "COPY --chown=www-data:www-data app /srv/app\n", files=TREE),
    FoldCase("a folder, and one file of it on its own",
             "COPY app /srv/app\nRUN chown -R 33:33 /srv/app && chmod +x /srv/app/main.py\n",
             "COPY --chown=33:33 app /srv/app\nRUN chmod +x /srv/app/main.py\n", files=TREE, left="brings other files, too"),
    FoldCase("a folder whose files all become executable", "COPY app /srv/app\nRUN chmod -R 755 /srv/app\n",
             "COPY --chmod=755 app /srv/app\n", files=TREE),
    FoldCase("a folder whose files all become executable by steps",
             "COPY app /srv/app\nRUN chmod -R +x /srv/app && chown -R 33:33 /srv/app\n",
             "COPY --chown=33:33 --chmod=755 app /srv/app\n", files=TREE, modes={"app/main.py": 0o755}),
    FoldCase("a folder that several copies fill",
             "COPY app /srv/app\nCOPY run.sh /srv/app/bin/\nRUN chown -R 33:33 /srv/app/\n",
             "COPY --chown=33:33 app /srv/app\nCOPY --chown=33:33 run.sh /srv/app/bin/\n", files=(*TREE, "run.sh")),
    FoldCase("a RUN in between that has nothing to do with it",
             "COPY run.sh /srv/run.sh\nRUN mkdir -p /opt/x && echo x > /opt/x/y\nEXPOSE 80\nRUN chmod +x /srv/run.sh\n",
             "COPY --chmod=755 run.sh /srv/run.sh\nRUN mkdir -p /opt/x && echo x > /opt/x/y\nEXPOSE 80\n"),
    FoldCase("another USER further down", "COPY run.sh /srv/run.sh\nRUN chmod 555 /srv/run.sh\nUSER games\nRUN /srv/run.sh > /tmp/out\n",
             "COPY --chmod=555 run.sh /srv/run.sh\nUSER games\nRUN /srv/run.sh > /tmp/out\n"),
    FoldCase("the USER that owns the file", "USER games\nCOPY --chown=games:games run.sh /srv/run.sh\nRUN chmod +x /srv/run.sh\n",
             "USER games\nCOPY --chown=games:games --chmod=755 run.sh /srv/run.sh\n"),
    FoldCase("a setuid file that loses the bit", "COPY run.sh /srv/run.sh\nRUN chmod 755 /srv/run.sh\n",
             "COPY --chmod=755 run.sh /srv/run.sh\n", modes={"run.sh": 0o4755}),
    FoldCase("comments and blank lines",
             '# the script\nCOPY run.sh /srv/run.sh\n\n# must be executable\nRUN chmod +x /srv/run.sh\n\n# what runs\nCMD ["/srv/run.sh"]\n',
             '# the script\n# must be executable\nCOPY --chmod=755 run.sh /srv/run.sh\n\n# what runs\nCMD ["/srv/run.sh"]\n'),
    FoldCase("a comment about what follows, too",
             'COPY run.sh /srv/run.sh\n\n# Start\nRUN chmod +x /srv/run.sh\nCMD ["/srv/run.sh"]\n',
             'COPY --chmod=755 run.sh /srv/run.sh\n\n# Start\nCMD ["/srv/run.sh"]\n'),
    FoldCase("a stage that is built from it", "COPY run.sh /srv/run.sh\nRUN chmod +x /srv/run.sh\nFROM one\nRUN /srv/run.sh\n",
             "COPY --chmod=755 run.sh /srv/run.sh\nFROM one\nRUN /srv/run.sh\n", base="debian:bookworm-slim AS one"),
)  # fmt: skip

REFUSED = (
    FoldCase("a mode that each checkout has another of", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n",
             why="the mode of a file here (664) is not that of every checkout", modes={"run.sh": 0o664}),
    FoldCase("a mode that nobody knows", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n", why="whose mode is not known",
             modes={"run.sh": 0}),
    FoldCase("a setuid file", "COPY run.sh /srv/\nRUN chmod a+x /srv/run.sh\n", why="whose mode is not known",
             modes={"run.sh": 0o4755}),
    FoldCase("an owner of a setuid file", "COPY run.sh /srv/\nRUN chown 33 /srv/run.sh\n", why="a setuid bit",
             modes={"run.sh": 0o4755}),
    FoldCase("a setuid mode", "COPY run.sh /srv/\nRUN chmod 4755 /srv/run.sh\n", why="sets bits that not every builder gives"),
    FoldCase("a sticky mode", "COPY run.sh /srv/\nRUN chmod +t /srv/run.sh\n", why="sets bits that not every builder gives"),
    FoldCase("files that get another mode", "COPY a.sh b.sh /srv/\nRUN chmod +x /srv/a.sh\n",
             why="brings files that get another mode", files=TWO),
    FoldCase("files that get another owner", "COPY a.sh b.sh /srv/\nRUN chown 33:33 /srv/b.sh\n",
             why="brings files that get another owner", files=TWO),
    FoldCase("a file of a folder", "COPY app /srv/app\nRUN chmod +x /srv/app/main.py\n", why="brings other files, too", files=TREE),
    FoldCase("the folder alone", "COPY app /srv/app\nRUN chown 33:33 /srv/app\n", why="what is in it is not changed", files=TREE),
    FoldCase("a mode of a folder that is not that of folders", "COPY app /srv/app\nRUN chmod -R 700 /srv/app\n",
             why="would get another mode by --chmod", files=TREE),
    FoldCase("a mode of a folder that is another one for its files", "COPY app /srv/app\nRUN chmod -R u=rwX,go=rX /srv/app\n",
             why="the folders in what is copied would get that mode, too", files=TREE),
    FoldCase("a folder that hands on its group", "COPY app /srv/app\nRUN chmod -R 755 /srv/app\n",
             why="would get another mode by --chmod", files=TREE, modes={"app/lib": 0o2755}),
    FoldCase("a folder that WORKDIR has made", "WORKDIR /srv/app\nCOPY app .\nRUN chown -R 33:33 /srv/app\n",
             why="`WORKDIR` may have made /srv/app", files=TREE),
    FoldCase("a folder that another step has filled", "RUN mkdir -p /srv/app/data\nCOPY app /srv/app\nRUN chown -R 33:33 /srv/app\n",
             why="`RUN` may have made /srv/app", files=TREE),
    FoldCase("a folder that the base may have", "COPY app /opt/app\nRUN chown -R 33:33 /opt/app\n",
             why="the base may have made /opt/app", files=TREE),
    FoldCase("a folder that a RUN fills in between", "COPY app /srv/app\nRUN echo x > /srv/app/x\nRUN chown -R 33:33 /srv/app\n",
             why="writes it in between", files=TREE),
    FoldCase("a folder with links", "COPY app /srv/app\nRUN chown -R 33:33 /srv/app\n", why="there are links in `app`", files=TREE,
             links={"app/link": "main.py"}),
    FoldCase("a folder on the way of which nothing is known", "COPY run.sh /srv/deep/run.sh\nRUN chown 33:33 /srv/deep/run.sh\n",
             why="/srv/deep may come only with the copy"),
    FoldCase("a name that may be a folder", "COPY run.sh /opt/run\nRUN chmod +x /opt/run\n", why="is not known that /opt/run is not a folder"),
    FoldCase("a link", "COPY link /srv/run.sh\nRUN chmod +x /srv/run.sh\n", why="`link` is a link", links={"link": "run.sh"}),
    FoldCase("a pattern in the copy", "COPY *.sh /srv/\nRUN chmod +x /srv/run.sh\n", why="may match other files tomorrow"),
    FoldCase("a pattern in the RUN", "COPY run.sh /srv/\nRUN chmod +x /srv/*.sh\n", why="a pattern or a variable tells"),
    FoldCase("a build argument", "ARG NAME=run.sh\nCOPY run.sh /srv/\nRUN chmod +x /srv/$NAME\n", why="a pattern or a variable tells"),
    FoldCase("another stage", "COPY --from=busybox /bin/ls /srv/ls\nRUN chmod +x /srv/ls\n", why="from another stage or image"),
    FoldCase("a copy in a layer of its own", "COPY --link run.sh /srv/\nRUN chmod +x /srv/run.sh\n", why="the copy has --link"),
    FoldCase("a mode that a newer frontend understands", "COPY --chmod=u=rwX run.sh /srv/\nRUN chmod +x /srv/run.sh\n",
             why="the copy has --chmod=u=rwX"),
    FoldCase("a file that is not there", "COPY other.sh /srv/\nRUN chmod +x /srv/other.sh\n", why="nothing of the build context is `other.sh`"),
    FoldCase("a file that no copy brings", "COPY run.sh /srv/\nRUN chmod 700 /usr/local\n", why="no copy above brings /usr/local"),
    FoldCase("a user that is added in between",
             "COPY run.sh /srv/run.sh\nRUN useradd app\nRUN chown app /srv/run.sh\n", why="may come only in between"),
    FoldCase("a user that the copy may bring", "COPY passwd /etc/\nRUN chown app /etc/passwd\n",
             why="the copy may bring the users and groups", files=("passwd",)),
    FoldCase("a user who may not", "USER games\nCOPY run.sh /srv/run.sh\nRUN chmod +x /srv/run.sh\n", why="USER games may not change"),
    FoldCase("a RUN in between that reads it", "COPY run.sh /srv/run.sh\nRUN cat /srv/run.sh > /out\nRUN chmod 600 /srv/run.sh\n",
             why="reads it in between"),
    FoldCase("a RUN in between of which nothing is known", "COPY run.sh /srv/run.sh\nRUN make\nRUN chmod 600 /srv/run.sh\n",
             why="of `make` nothing is known"),
    FoldCase("a volume", "VOLUME /srv\nCOPY run.sh /srv/run.sh\nRUN chmod 600 /srv/run.sh\n", why="in a VOLUME"),
    FoldCase("a failure that does not count", "COPY run.sh /srv/run.sh\nRUN chmod +x /srv/run.sh || true\n",
             why="what comes of its failure is not known"),
    FoldCase("an archive that is unpacked", "ADD a.tar /srv/\nRUN chmod 600 /srv/a.tar\n", why="ADD may unpack", files=("a.tar",)),
    FoldCase("flags of the RUN", "COPY run.sh /srv/\nRUN --mount=type=cache,target=/c chmod +x /srv/run.sh\n", why="flags of its own"),
    FoldCase("a comment inside", "COPY run.sh /srv/\nRUN chmod +x \\\n  # the script\n  /srv/run.sh\n", why="a comment stands in what"),
    FoldCase("a comment of the shell", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh # it runs\n", why="a comment stands in what"),
    FoldCase("a pragma", "COPY run.sh /srv/\n# hadolint ignore=DL3059\nRUN chmod +x /srv/run.sh\n", why="speaks to a tool"),
    FoldCase("a pragma at the copy", "# dockfix: ignore\nCOPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n", why="a comment above"),
    FoldCase("an old form of an owner", "COPY run.sh /srv/\nRUN chown www-data.www-data /srv/run.sh\n", why="may mean a user or a user and a group"),
    FoldCase("the login group", "COPY run.sh /srv/\nRUN chown games: /srv/run.sh\n", why="is not understood"),
    FoldCase("a group that builders do not agree on", "COPY --chown=games run.sh /srv/\nRUN chown 33 /srv/run.sh\n", why="which group the copy gives"),
    FoldCase("what is stored once more anyhow", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh && chown games: /srv/run.sh\n", why="another command"),
    FoldCase("the working directory of the base", "COPY run.sh /run.sh\nRUN chmod +x run.sh\n", why="the working directory is that of the base"),
    FoldCase("a frontend without such flags", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh\n",
             why="it is not known that docker/dockerfile:1.1 has --chmod", head="# syntax=docker/dockerfile:1.1\n"),
    FoldCase("a file that the same RUN takes away", "COPY run.sh /tmp/\nRUN chmod +x /tmp/run.sh && /tmp/run.sh && rm -f /tmp/*.sh\n",
             why="takes the file away again"),
    FoldCase("a file that the same RUN changes once more", "COPY run.sh /srv/\nRUN chmod +x /srv/run.sh && mkdir /x && chown games: /srv\n",
             why="another command of the RUN changes it, too"),
    FoldCase("a folder without files", "COPY app /srv/app\nRUN chown -R 33:33 /srv/app\n", why="there is no file in `app`", files=("run.sh",),
             folders=("app",)),
    FoldCase("the only RUN of an image from nothing", "ADD busybox /bin/\nRUN chmod 755 /bin/busybox\n",
             why="no other one is left", files=("busybox",), base="scratch"),
    FoldCase("Windows", "COPY run.ps1 /srv/\nRUN chmod +x /srv/run.ps1\n", why="Windows", files=("run.ps1",),
             base="mcr.microsoft.com/windows/nanoserver:ltsc2022"),
)  # fmt: skip

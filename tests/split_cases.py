"""Files with one stage, and what split-build-stage makes of them, or why it leaves them alone.

`before` stands behind the FROM line; `after` is the whole text behind the first two FROM lines, as (builder, runtime).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NAME = "FROM debian:bookworm-slim"
GCC = "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev\n"


class SplitCase(NamedTuple):
    """`says` is a sentence; `files` are the build context (None: it is not known); `tells` stands in the reasons."""

    says: str
    before: str
    builder: str = ""
    runtime: str = ""
    why: str = ""
    files: Mapping[str, str] | None = None
    tells: str = ""
    base: str = NAME


C = {"main.c": "", "Makefile": ""}
MAKE = """\
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make && make install
"""
GO = "RUN apt-get update && apt-get install -y --no-install-recommends golang-go\nWORKDIR /app\nCOPY . .\n"

CASES = (
    SplitCase("a program that `make install` puts into /usr/local", MAKE + 'CMD ["hello"]\n', MAKE,
              'WORKDIR /src\nCOPY --from=build /usr/local /usr/local\nCMD ["hello"]\n', files=C,
              tells="no longer there: gcc, libc6-dev, make"),
    SplitCase("what says something of the image moves down with its comments",
              "# Who made it.\nLABEL maintainer=me\n" + MAKE + 'EXPOSE 80\nCMD ["hello"]\n', MAKE,
              "# Who made it.\nLABEL maintainer=me\nWORKDIR /src\nCOPY --from=build /usr/local /usr/local\n"
              'EXPOSE 80\nCMD ["hello"]\n', files=C),
    SplitCase("a file of the context that is no source comes along",
              GO + 'RUN go build -o server .\nCMD ["./server"]\n', GO + "RUN go build -o server .\n",
              "WORKDIR /app\nCOPY --from=build /app/server /app/server\n"
              'COPY --from=build /app/static /app/static\nCMD ["./server"]\n',
              files={"main.go": "", "go.mod": "", "static/a.css": "", "README.md": ""},
              tells="/app/static comes along: it is no source"),
    SplitCase("without the context, the folder in which it runs comes along whole",
              GO + 'RUN go build -o server .\nCMD ["./server"]\n', GO + "RUN go build -o server .\n",
              'WORKDIR /app\nCOPY --from=build /app /app\nCMD ["./server"]\n',
              tells="is not known without the build context"),
    SplitCase("the libraries of -dev packages are installed by name",
              "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ libcurl4-openssl-dev"
              " && rm -rf /var/lib/apt/lists/*\nCOPY main.cpp /src/\n"
              'RUN g++ -o /usr/local/bin/get /src/main.cpp -lcurl\nENTRYPOINT ["get"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ libcurl4-openssl-dev"
              " && rm -rf /var/lib/apt/lists/*\nCOPY main.cpp /src/\n"
              "RUN g++ -o /usr/local/bin/get /src/main.cpp -lcurl\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ca-certificates libcurl4 \\\n"
              "    && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /usr/local/bin/get /usr/local/bin/get\n"
              'ENTRYPOINT ["get"]\n', tells="libcurl4 is installed: a library of libcurl4-openssl-dev"),
    SplitCase("the JRE takes the place of the JDK",
              "RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless\n"
              "WORKDIR /app\nCOPY Main.java .\nRUN javac -d out Main.java && jar cfe app.jar Main -C out .\n"
              'CMD ["java", "-jar", "app.jar"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jdk-headless\n"
              "WORKDIR /app\nCOPY Main.java .\nRUN javac -d out Main.java && jar cfe app.jar Main -C out .\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends openjdk-17-jre-headless\n"
              "WORKDIR /app\nCOPY --from=build /app/app.jar /app/app.jar\n"
              'CMD ["java", "-jar", "app.jar"]\n'),
    SplitCase("users, folders and configurations are made in both stages",
              GCC + "RUN useradd app && mkdir -p /data\nCOPY app.conf /etc/app.conf\nCOPY main.c /src/\n"
              'RUN gcc -o /usr/local/bin/app /src/main.c\nUSER app\nCMD ["app"]\n',
              GCC + "RUN useradd app && mkdir -p /data\nCOPY app.conf /etc/app.conf\nCOPY main.c /src/\n"
              "RUN gcc -o /usr/local/bin/app /src/main.c\n",
              "RUN useradd app && mkdir -p /data\nCOPY app.conf /etc/app.conf\n"
              'COPY --from=build /usr/local/bin/app /usr/local/bin/app\nUSER app\nCMD ["app"]\n'),
    SplitCase("what only tidies up in the builder is left to it",
              GCC + "COPY . /src\nRUN cd /src && gcc -o /usr/local/bin/app main.c && rm -rf /src && ldconfig\n"
              'RUN rm -rf /src/.cache\nCMD ["app"]\n',
              GCC + "COPY . /src\nRUN cd /src && gcc -o /usr/local/bin/app main.c && rm -rf /src && ldconfig\n"
              "RUN rm -rf /src/.cache\n",
              'COPY --from=build /usr/local/bin/app /usr/local/bin/app\nRUN ldconfig\nCMD ["app"]\n', files={"main.c": ""}),
    SplitCase("a site that Node has built is served without Node",
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx nodejs npm\nWORKDIR /site\n"
              "COPY . .\nRUN npm run build && cp -r dist/. /var/www/html/\nCMD nginx -g 'daemon off;'\n",
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx nodejs npm\nWORKDIR /site\n"
              "COPY . .\nRUN npm run build && cp -r dist/. /var/www/html/\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends nginx\nWORKDIR /site\n"
              "COPY --from=build /var/www/html /var/www/html\nCMD nginx -g 'daemon off;'\n",
              files={"package.json": "", "src/index.html": ""}),
    SplitCase("what a package has put there is removed again before the site comes along",
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx nodejs npm\nWORKDIR /site\n"
              "COPY . .\nRUN npm run build && rm -rf /var/www/html/* && cp -r dist/. /var/www/html/\n"
              'CMD ["nginx"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx nodejs npm\nWORKDIR /site\n"
              "COPY . .\nRUN npm run build && rm -rf /var/www/html/* && cp -r dist/. /var/www/html/\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends nginx\nWORKDIR /site\n"
              "RUN rm -rf /var/www/html/*\nCOPY --from=build /var/www/html /var/www/html\n"
              'CMD ["nginx"]\n', files={"package.json": "", "src/index.html": ""}),
    SplitCase("the sources of an interpreted program stay where they were",
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev python3-pip\n"
              "WORKDIR /app\nCOPY requirements.txt .\nRUN pip install --break-system-packages -r requirements.txt\n"
              'COPY . .\nCMD ["python3", "app.py"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev python3-pip\n"
              "WORKDIR /app\nCOPY requirements.txt .\nRUN pip install --break-system-packages -r requirements.txt\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends python3 ca-certificates\n"
              "WORKDIR /app\nCOPY requirements.txt .\n"
              'COPY --from=build /usr/local /usr/local\nCOPY . .\nCMD ["python3", "app.py"]\n',
              tells="python3 is installed: `python3` is started"),
    SplitCase("a virtual environment comes along",
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev python3-venv\n"
              "RUN python3 -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install uwsgi\n"
              'CMD ["uwsgi", "--http", ":80"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev python3-venv\n"
              "RUN python3 -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install uwsgi\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends python3 ca-certificates\n"
              "ENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\n"
              'CMD ["uwsgi", "--http", ":80"]\n'),
    SplitCase("gems and their programs come along",
              "RUN apt-get update && apt-get install -y --no-install-recommends build-essential ruby-dev\n"
              'RUN gem install puma\nWORKDIR /app\nCOPY . .\nCMD ["puma"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends build-essential ruby-dev\n"
              "RUN gem install puma\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ruby\n"
              "COPY --from=build /var/lib/gems /var/lib/gems\nCOPY --from=build /usr/local/bin /usr/local/bin\n"
              'WORKDIR /app\nCOPY . .\nCMD ["puma"]\n'),
    SplitCase("an argument that the rest names is declared again",
              GCC + "ARG VERSION=1\nARG OTHER=2\nCOPY main.c /src/\nRUN gcc -DV=$VERSION -o /usr/local/bin/app /src/main.c\n"
              'LABEL version=$VERSION\nCMD ["app"]\n',
              GCC + "ARG VERSION=1\nARG OTHER=2\nCOPY main.c /src/\nRUN gcc -DV=$VERSION -o /usr/local/bin/app /src/main.c\n",
              "ARG VERSION=1\nCOPY --from=build /usr/local/bin/app /usr/local/bin/app\n"
              'LABEL version=$VERSION\nCMD ["app"]\n'),
    SplitCase("a refresh of the package lists is kept where a later install needs it",
              "RUN apt-get update\nRUN apt-get install -y --no-install-recommends gcc libc6-dev\nCOPY main.c /src/\n"
              "RUN gcc -o /usr/local/bin/app /src/main.c\nRUN apt-get install -y --no-install-recommends tini\n"
              'ENTRYPOINT ["tini", "--", "app"]\n',
              "RUN apt-get update\nRUN apt-get install -y --no-install-recommends gcc libc6-dev\nCOPY main.c /src/\n"
              "RUN gcc -o /usr/local/bin/app /src/main.c\n",
              "RUN apt-get update\nCOPY --from=build /usr/local/bin/app /usr/local/bin/app\n"
              'RUN apt-get install -y --no-install-recommends tini\nENTRYPOINT ["tini", "--", "app"]\n'),
    SplitCase("the key and the list of another archive are there for its install",
              "RUN apt-get update && apt-get install -y --no-install-recommends curl gcc libc6-dev\n"
              "RUN curl -fsSL https://example.org/key -o /etc/apt/trusted.gpg.d/example.asc"
              " && echo 'deb https://example.org/ stable main' > /etc/apt/sources.list.d/example.list\n"
              "RUN apt-get update && apt-get install -y --no-install-recommends example\nCOPY main.c /src/\n"
              'RUN gcc -o /usr/local/bin/app /src/main.c\nCMD ["app"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends curl gcc libc6-dev\n"
              "RUN curl -fsSL https://example.org/key -o /etc/apt/trusted.gpg.d/example.asc"
              " && echo 'deb https://example.org/ stable main' > /etc/apt/sources.list.d/example.list\n"
              "RUN apt-get update && apt-get install -y --no-install-recommends example\nCOPY main.c /src/\n"
              "RUN gcc -o /usr/local/bin/app /src/main.c\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends curl\n"
              "RUN curl -fsSL https://example.org/key -o /etc/apt/trusted.gpg.d/example.asc"
              " && echo 'deb https://example.org/ stable main' > /etc/apt/sources.list.d/example.list\n"
              "RUN apt-get update && apt-get install -y --no-install-recommends example\n"
              'COPY --from=build /usr/local/bin/app /usr/local/bin/app\nCMD ["app"]\n'),
    SplitCase("a library that is loaded by its name comes along with the program",
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3\nWORKDIR /app\n"
              "COPY . .\nRUN gcc -c fast.c -o fast.o && gcc -shared -o libfast.so fast.o\n"
              'CMD ["python3", "app.py"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev python3\nWORKDIR /app\n"
              "COPY . .\nRUN gcc -c fast.c -o fast.o && gcc -shared -o libfast.so fast.o\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends python3\nWORKDIR /app\n"
              "COPY --from=build /app/libfast.so /app/libfast.so\nCOPY --from=build /app/app.py /app/app.py\n"
              'CMD ["python3", "app.py"]\n', files={"fast.c": "", "app.py": ""}),
    SplitCase("a program that is moved comes along from where it lies in the end",
              GO + 'RUN go build -o server . && mv server /usr/bin/server\nWORKDIR /\nCMD ["server"]\n',
              GO + "RUN go build -o server . && mv server /usr/bin/server\n",
              'COPY --from=build /usr/bin/server /usr/bin/server\nWORKDIR /\nCMD ["server"]\n'),
    SplitCase("what is copied once all is built is not asked of the builder",
              "RUN apt-get update && apt-get install -y --no-install-recommends bundler gcc make ruby-dev\nWORKDIR /app\n"
              'COPY Gemfile .\nRUN bundle install\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends bundler gcc make ruby-dev\nWORKDIR /app\n"
              "COPY Gemfile .\nRUN bundle install\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends ruby\nWORKDIR /app\n"
              "COPY Gemfile .\nCOPY --from=build /var/lib/gems /var/lib/gems\n"
              'COPY --from=build /usr/local/bin /usr/local/bin\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
              files={"Gemfile": "", "app.rb": "", "lib/a.rb": ""}),
    SplitCase("classes beside their sources are not known by name",
              "RUN apt-get update && apt-get install -y --no-install-recommends default-jdk-headless\nWORKDIR /app\n"
              'COPY App.java .\nRUN javac App.java\nCMD ["java", "App"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends default-jdk-headless\nWORKDIR /app\n"
              "COPY App.java .\nRUN javac App.java\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends default-jre-headless\n"
              'WORKDIR /app\nCOPY --from=build /app /app\nCMD ["java", "App"]\n', files={"App.java": ""}),
    SplitCase("a folder that a server's configuration names comes along",
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx npm\nWORKDIR /site\nCOPY . .\n"
              'RUN npm run build && cp site.conf /etc/nginx/conf.d/site.conf\nCMD ["nginx"]\n',
              "RUN apt-get update && apt-get install -y --no-install-recommends nginx npm\nWORKDIR /site\nCOPY . .\n"
              "RUN npm run build && cp site.conf /etc/nginx/conf.d/site.conf\n",
              "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends nginx\nWORKDIR /site\n"
              "COPY --from=build /etc/nginx/conf.d/site.conf /etc/nginx/conf.d/site.conf\n"
              'COPY --from=build /site /site\nCMD ["nginx"]\n',
              files={"package.json": "", "site.conf": "server { root /site/dist; }"}),
    SplitCase("redirects and variables of a command stay with it",
              "RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq gcc tzdata >/dev/null\n"
              "COPY main.c /src/\nRUN gcc -o /usr/local/bin/app /src/main.c && echo /opt > /etc/ld.so.conf.d/x.conf"
              ' && ldconfig\nCMD ["app"]\n',
              "RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -yqq gcc tzdata >/dev/null\n"
              "COPY main.c /src/\nRUN gcc -o /usr/local/bin/app /src/main.c && echo /opt > /etc/ld.so.conf.d/x.conf"
              " && ldconfig\n",
              "RUN apt-get update -qq \\\n    && DEBIAN_FRONTEND=noninteractive apt-get install -yqq tzdata >/dev/null\n"
              "COPY --from=build /usr/local/bin/app /usr/local/bin/app\n"
              "RUN echo /opt > /etc/ld.so.conf.d/x.conf \\\n    && ldconfig\n" 'CMD ["app"]\n'),
    # What is left alone.
    SplitCase("alternatives that name the compiler",
              GCC + "RUN update-alternatives --install /usr/bin/cc cc /usr/bin/gcc-12 1\nCOPY main.c /src/\n"
              'RUN cc -o /usr/local/bin/app /src/main.c\nCMD ["app"]\n', why="speaks of what no longer comes along"),
    SplitCase("a command that came along with the compiler", base="FROM debian:trixie-slim",
              before=GCC + "RUN adduser --system app\nCOPY main.c /src/\nRUN gcc -o /usr/local/bin/app /src/main.c\n"
              'CMD ["app"]\n', why="`adduser` came along with what no longer does"),
    SplitCase("an image that starts a shell", MAKE + 'CMD ["bash"]\n', why="it starts a shell", files=C),
    SplitCase("an image that does not say what it starts", MAKE, why="it does not say what it starts", files=C),
    SplitCase("an image that starts what builds", MAKE + 'CMD ["make", "run"]\n', why="it starts `make`", files=C),
    SplitCase("a script that builds once more", MAKE + 'COPY run.sh /run.sh\nCMD ["/run.sh"]\n',
              why="a script that it starts calls `make`", files={**C, "run.sh": "#!/bin/sh\nmake && exec hello\n"}),
    SplitCase("a Makefile of which nothing is known", MAKE + 'CMD ["hello"]\n', why="only its Makefile tells"),
    SplitCase("a script of which nothing is known", MAKE + 'COPY run.sh /run.sh\nCMD ["/run.sh"]\n',
              why="the build context tells, which is not known here"),
    SplitCase("a command of which nothing is known", MAKE + 'RUN ./setup\nCMD ["hello"]\n', files=C,
              why="of `./setup` nothing is known"),
    SplitCase("packages that are removed again",
              GCC + "COPY main.c /src/\nRUN gcc -o /usr/local/bin/app /src/main.c && apt-get purge -y gcc\n"
              'CMD ["app"]\n', why="it removes packages itself"),
    SplitCase("packages that a variable names",
              "ARG TOOLS\nRUN apt-get update && apt-get install -y gcc $TOOLS\nCOPY main.c /src/\n"
              'RUN gcc -o /usr/local/bin/app /src/main.c\nCMD ["app"]\n', why="names packages by a variable"),
    SplitCase("a library on a release that the table does not know",
              "RUN apt-get update && apt-get install -y gcc libssl-dev\nCOPY main.c /src/\n"
              'RUN gcc -o /usr/local/bin/app /src/main.c -lssl\nCMD ["app"]\n', base="FROM ubuntu:24.04",
              why="which libraries libssl-dev links with"),
    SplitCase("an install among the files of packages",
              GCC + "WORKDIR /src\nCOPY . .\nRUN ./configure --prefix=/usr && make install\n" 'CMD ["hello"]\n', files=C,
              why="what comes to lie in /usr is not known by name"),
    SplitCase("a folder whose owner is set before it would be copied",
              "RUN useradd app\n" + GO + "RUN chown -R app /app && go build -o server .\n"
              'CMD ["./server"]\n', why="it sets the owner or mode of /app itself"),
    SplitCase("a build of another user's",
              "RUN useradd app\n" + GCC + 'WORKDIR /app\nCOPY --chown=app . .\nUSER app\nRUN make\nCMD ["./app"]\n',
              why="it builds as another user", files=C),
    SplitCase("a folder that a copy makes for another user",
              "RUN useradd app\n" + GCC + 'COPY --chown=app . /app\nWORKDIR /app\nRUN make\nCMD ["./app"]\n',
              why="/app itself belongs to whom it is copied for", files=C),
    SplitCase("a program that nobody knows of", GCC + 'COPY main.c /src/\nRUN gcc -c /src/main.c\nCMD ["hello"]\n',
              why="where `hello`, which it starts, comes from"),
    SplitCase("a compiler that comes with the base",
              'WORKDIR /app\nCOPY . .\nRUN go build -o /server .\nCMD ["/server"]\n', base="FROM golang:1.23",
              why="its compiler comes with golang:1.23"),
    SplitCase("a file below a comment that says so",
              MAKE + 'CMD ["hello"]\n', base="# dockfix: ignore=split-build-stage\nFROM debian:bookworm-slim", files=C,
              why="a comment above says to leave it"),
)  # fmt: skip

# syntax=docker/dockerfile:1
FROM python:3.12-bookworm
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get install -y graphviz
RUN --mount=type=cache,target=/root/.cache/pip pip install poetry==1.8.3
RUN --mount=type=cache,target=/root/.cache/pip pip install tox
RUN poetry config virtualenvs.create false
RUN --mount=type=tmpfs,target=/tmp/work tar -C /tmp/work -xf /usr/share/doc/python3/x.tar
RUN --mount=type=tmpfs,target=/tmp/work ls /tmp/work
RUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://example.org/private.git /src
RUN --mount=type=secret,id=netrc,target=/root/.netrc git -C /src submodule update --init
RUN --network=none tar -cf /src.tar /src
RUN --network=none sha256sum /src.tar

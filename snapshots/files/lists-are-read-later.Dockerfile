FROM debian:bookworm AS base
RUN apt-get update && apt-get install -y curl
COPY packages.txt /
RUN apt-get install -y git
COPY more.txt /
RUN apt-get update && apt-get install -y make

FROM base AS lint
RUN apt-get install -y shellcheck

FROM ubuntu:22.04 AS conditional
RUN if [ -n "$DEBUG" ]; then apt-get update && apt-get install -y gdb; fi
COPY x /x
RUN (apt-get update) && touch /in-a-subshell
COPY y /y
RUN apt-get update || true
COPY z /z
RUN apt-get update && apt-get install -y wget && . /etc/os-release

FROM ubuntu:22.04
RUN apt-get update
# hadolint ignore=DL3008
RUN apt-get install -y curl
RUN mkdir /one
# hadolint ignore=DL3003,SC2164
RUN cd /one && touch a
RUN mkdir /two
# shellcheck disable=SC2086
RUN touch /two/a
RUN touch /two/b
# trivy:ignore:AVD-DS-0025
RUN touch /two/c

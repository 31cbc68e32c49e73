FROM ubuntu:24.04

RUN apt-get update && apt-get install -y \
    # headers
    libssl-dev \
    libffi-dev \

    # tools
    build-essential \
# not indented, as somebody switched it off:
#   gdb \
    pkg-config

# The users of the image compile as themselves.

# 1000 is taken by `ubuntu` since 23.04.
RUN userdel -r ubuntu && \
    # what most people have
    useradd -m -u 1000 dev

RUN \
    # the empty first line is on purpose
    mkdir /work && \
    chown dev:dev /work

USER dev
WORKDIR /work

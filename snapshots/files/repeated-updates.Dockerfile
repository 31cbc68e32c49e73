FROM ubuntu:22.04
# Tools first
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
# Java last
RUN apt-get update && apt-get install -y openjdk-17-jre && rm -rf /var/lib/apt/lists/*
COPY vendor.list /etc/apt/sources.list.d/
RUN apt-get update && apt-get install -y vendor-cli \
    && rm -rf /var/lib/apt/lists/* \
    # the list is needed anew
    && apt-get update && apt-get install -y vendor-plugin
RUN apt-get update && apt-get install -y /tmp/x.deb && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y y

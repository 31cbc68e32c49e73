FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
COPY a /a
RUN apt-get update && apt-get install -y git && apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/* /var/tmp/*
COPY b /b
RUN apt-get update \
    && apt-get install -y wget \
    && find /var/lib/apt/lists -type f -delete
COPY c /c
RUN apt-get update && rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y vim

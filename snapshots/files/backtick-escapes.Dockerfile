# escape=`
# syntax=docker/dockerfile:1

# Built on Windows hosts, runs on Linux: paths in the build arguments hold backslashes.
FROM debian:bookworm-slim
ARG SHARE=C:\builds\latest
RUN apt-get update `
    && apt-get install -y --no-install-recommends `
        cifs-utils
RUN mkdir -p /mnt/share `
    # where the agent looks first
    /mnt/cache
RUN printf '%s\n' "$SHARE" > /etc/share

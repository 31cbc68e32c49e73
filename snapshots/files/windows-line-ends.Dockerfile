# syntax=docker/dockerfile:1
FROM ubuntu:22.04

# Tools that the import job calls
RUN apt-get update
RUN apt-get install -y --no-install-recommends \
    postgresql-client \
    # to unpack what the partners send
    unzip \

    xmlstarlet

# The job runs as its own user.
#
# The number is that of the file server.
RUN groupadd --gid 2001 import
RUN useradd --uid 2001 --gid import import

COPY job.sh /usr/local/bin/job
USER import
CMD ["job"]

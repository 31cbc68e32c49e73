# An image for work on the command line, with an installer and a package that are needed only once.
FROM debian:bookworm-slim

ARG USERNAME=worker

# The vendor's package.
COPY vendor/agent_2.4.1_amd64.deb /tmp/

ENV LANG=C.UTF-8

RUN apt-get update \
    && apt-get install -y --no-install-recommends bash ca-certificates \
    && dpkg -i /tmp/agent_2.4.1_amd64.deb \
    && rm -rf /var/lib/apt/lists/* /tmp/agent_2.4.1_amd64.deb

COPY library-scripts/*.sh library-scripts/*.env /tmp/library-scripts/
RUN bash /tmp/library-scripts/common.sh "${USERNAME}" \
    && bash /tmp/library-scripts/shell.sh "${USERNAME}" \
    # Nobody needs them any more.
    && rm -rf /tmp/library-scripts

COPY settings.conf /tmp/settings.conf
RUN mv /tmp/settings.conf /etc/agent.conf && rm -f /tmp/settings.conf

USER ${USERNAME}
CMD ["bash"]

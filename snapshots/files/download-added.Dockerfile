# syntax=docker/dockerfile:1
# The tools.
FROM debian:bookworm-slim AS tools
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool.tar.gz /opt/
RUN tar xzf /opt/tool.tar.gz -C /usr/local \
    && rm /opt/tool.tar.gz
ARG VERSION=1.0
ADD https://example.org/other-$VERSION.tar.gz /opt/other.tar.gz
RUN tar xzf /opt/other.tar.gz -C /usr/local && rm /opt/other.tar.gz

FROM debian:bookworm-slim
COPY . /src
RUN make -C /src

FROM tools
WORKDIR /srv
ADD https://example.org/data.tar .
RUN sha256sum data.tar > sum && tar xf data.tar
RUN rm data.tar
COPY --from=1 /src/app /usr/local/bin/

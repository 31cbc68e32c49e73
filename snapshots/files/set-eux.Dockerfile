FROM debian:bookworm-slim

RUN set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		ca-certificates \
		gnupg \
		wget \
	;

RUN set -eux; \
	groupadd -r redis --gid=999; \
	useradd -r -g redis --uid=999 redis

RUN set -ex && mkdir /data && chown redis:redis /data
VOLUME /data
WORKDIR /data

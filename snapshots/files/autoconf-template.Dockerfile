FROM debian:@DEBIAN_RELEASE@
RUN apt-get update
RUN apt-get install -y build-essential
RUN mkdir -p @PREFIX@/share
CMD ["@PREFIX@/bin/app"]

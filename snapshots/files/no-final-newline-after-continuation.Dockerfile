FROM debian:12
ENV LANG=C.UTF-8
RUN apt-get update && apt-get install -y \
    locales \
    tzdata \

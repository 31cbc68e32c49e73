FROM alpine:3.20 AS fish
RUN apk add --no-cache fish zsh
SHELL ["/usr/bin/fish", "-c"]
RUN set -Ux EDITOR vi
RUN fish_add_path /opt/bin
SHELL ["/bin/sh", "-o", "vi", "-c"]
RUN mkdir /a
RUN mkdir /b
SHELL ["/bin/busybox", "sh", "-ec"]
RUN mkdir /c
RUN mkdir /d
SHELL ["zsh", "-c"]
RUN mkdir /e
RUN mkdir /f

FROM debian:12
# dockfix: ignore=clean-package-lists the next image needs them
RUN apt-get update && apt-get install -y curl
COPY a /a
# dockfix: ignore
RUN mkdir /one
RUN mkdir /two
RUN mkdir /three
COPY b /b
# dockfix: ignore=merge-runs layers are shared with another image
RUN mkdir /four
# a comment in between

RUN mkdir /five
COPY c /c
RUN mkdir /six
RUN mkdir /seven

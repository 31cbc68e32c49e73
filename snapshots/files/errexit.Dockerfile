FROM debian:12
RUN set -e; false; echo unreached
RUN mkdir /one
RUN set -e && mkdir /two && touch /two/a
RUN mkdir /three
RUN set -e; for d in a b; do mkdir "/three/$d"; done
RUN if [ -d /three ]; then set -e; fi; touch /three/c
RUN touch /three/d

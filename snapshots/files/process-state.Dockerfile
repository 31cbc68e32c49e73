FROM debian:12
WORKDIR /src
RUN cd /opt && mkdir app
RUN pwd > /where
RUN export PREFIX=/usr && echo $PREFIX
RUN echo "prefix: $PREFIX"
RUN umask 027 && mkdir /private
RUN mkdir /public
RUN set -u; : "${HOME}"
RUN ulimit -n 1024 && touch /limited
RUN trap 'echo bye' EXIT; touch /trapped
RUN VERSION=1; echo $VERSION
RUN IFS=: read -r a b < /etc/passwd; echo "$a"
RUN ( cd /tmp && touch inner )
RUN (umask 077; touch /secret)
RUN test -e /opt/app && exit 0; mkdir /opt/app

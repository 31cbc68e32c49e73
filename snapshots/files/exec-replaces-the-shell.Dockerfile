FROM alpine:3.20
RUN adduser -D app
RUN exec su app -c "touch ~/.profile"
RUN mkdir /srv/app
RUN chown app /srv/app

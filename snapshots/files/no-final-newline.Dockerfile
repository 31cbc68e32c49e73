FROM alpine:3.20
RUN apk add --no-cache openssh-client rsync
RUN adduser -D -u 1000 backup
RUN mkdir -p /backup/.ssh
RUN chown -R backup /backup
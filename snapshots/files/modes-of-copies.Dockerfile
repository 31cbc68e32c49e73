# syntax=docker/dockerfile:1
FROM debian:bookworm-slim

# Init
ADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /usr/local/bin/tini
# it has to be executable
RUN chmod +x /usr/local/bin/tini

# What starts the application
COPY <<EOF /usr/local/bin/start.sh
#!/bin/sh
exec sleep infinity
EOF
COPY <<EOF /etc/app.conf
sleep = infinity
EOF

RUN chmod 755 /usr/local/bin/start.sh
RUN chown www-data /etc/app.conf && chmod 0400 /etc/app.conf \
    && test -s /etc/app.conf

# The build context is not known here
COPY key.pem /etc/ssl/private/key.pem
RUN chmod 400 /etc/ssl/private/key.pem

# From elsewhere
COPY --from=busybox /bin/busybox /usr/local/bin/busybox
RUN chmod 755 /usr/local/bin/busybox

# Who runs it gets rights
COPY <<EOF /usr/local/bin/helper
#!/bin/sh
EOF
RUN chmod u+s /usr/local/bin/helper

ENTRYPOINT ["tini", "--"]
CMD ["start.sh"]

FROM ubuntu:22.04
RUN set -eux && apt-get update && apt-get install -y --no-install-recommends nginx-light
RUN set -x && rm /etc/nginx/sites-enabled/default
RUN ln -sf /dev/stdout /var/log/nginx/access.log
RUN ln -sf /dev/stderr /var/log/nginx/error.log
COPY site.conf /etc/nginx/sites-enabled/
EXPOSE 80

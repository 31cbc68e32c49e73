FROM ubuntu:24.04
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN apt-get update; apt-get install -y jq
RUN mkdir -p /etc/app; jq -n '{debug: false}' > /etc/app/config.json
RUN chmod 0644 /etc/app/config.json
RUN chown root:root /etc/app/config.json

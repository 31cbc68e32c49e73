FROM debian:bookworm-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update
RUN apt-get install -y --no-install-recommends curl gnupg ca-certificates
RUN curl -fsSL https://example.org/key.asc | gpg --dearmor -o /usr/share/keyrings/vendor.gpg
RUN echo "deb [signed-by=/usr/share/keyrings/vendor.gpg] https://example.org/apt stable main" \
    | tee /etc/apt/sources.list.d/vendor.list
RUN apt-get update && apt-get install -y vendor-agent=7.54.*
SHELL ["/bin/sh", "-c"]
RUN rm -rf /var/lib/apt/lists/*
RUN vendor-agent --version
CMD ["vendor-agent"]

# The public API.
FROM golang:1.22-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/api ./cmd/api

FROM debian:bookworm-slim
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update
# for the health check
RUN apt-get install -y curl ca-certificates
RUN cd /opt && mkdir app
RUN test -f /etc/debian_version || exit 1
RUN useradd --system --uid 10001 api
COPY --from=build /out/api /opt/app/api
USER api
EXPOSE 8080
ENTRYPOINT ["/opt/app/api"]

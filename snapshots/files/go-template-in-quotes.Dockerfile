FROM docker:27-cli
# Not a template: the braces are for docker itself.
RUN apk add --no-cache jq bash
RUN docker version --format '{{.Client.Version}}' > /etc/docker-version
CMD ["docker", "ps", "--format", "{{.Names}}"]

# syntax=docker/dockerfile:1.7
FROM python:3.12-slim
RUN apt-get update
RUN <<EOF
apt-get install -y --no-install-recommends tini
rm -rf /var/lib/apt/lists/*
EOF
RUN <<-"SETUP"
	set -e
	useradd --create-home app
	install -d -o app /srv/app
	SETUP
RUN cat <<one >/etc/one && cat <<'two' >/etc/two
# one: $HOME is put in
home=$HOME
one
# two: $HOME stays as it is
home=$HOME
two
RUN python -m venv /venv
RUN /venv/bin/pip install --no-cache-dir gunicorn==22.0.0
COPY <<-config.toml <<motd /etc/app/
	[server]
	bind = "0.0.0.0:8000"
	config.toml
RUN apt-get install -y this-is-text-not-an-instruction
motd
RUN echo done
RUN echo "1 << 2" && echo $((1<<2))

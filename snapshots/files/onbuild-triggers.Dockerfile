# Base image of our services: whoever builds FROM it gets their packages installed.
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev
RUN mkdir /service
WORKDIR /service
ONBUILD COPY packages.txt ./
ONBUILD RUN xargs apt-get install -y < packages.txt
ONBUILD COPY requirements.txt ./
ONBUILD RUN pip install --no-cache-dir -r requirements.txt
ONBUILD RUN <<EOF
python -m compileall -q .
chown -R nobody .
EOF
ONBUILD COPY . .
CMD ["python", "-m", "service"]

FROM debian:12 AS xargs
RUN apt-get update && apt-get install -y curl
COPY packages.txt /
RUN xargs apt-get install -y < /packages.txt

FROM debian:12 AS chrome
RUN apt-get update && apt-get install -y wget
COPY chrome.deb /
RUN dpkg -i /chrome.deb; apt-get -fy install

FROM debian:12 AS retried
RUN apt-get update
COPY retry.conf /etc/apt/apt.conf.d/
RUN timeout 600 apt-get install -y git

FROM debian:12 AS exec-form
RUN ["apt-get", "update"]
RUN apt-get update
RUN ["apt-get", "install", "-y", "git"]

FROM debian:12 AS as-another-shell
RUN apt-get update
RUN ["bash", "-c", "apt-get install -y git"]
RUN apt-get update
COPY x /x
RUN bash -c "apt-get install -y git"

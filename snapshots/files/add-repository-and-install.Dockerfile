FROM ubuntu:22.04
MAINTAINER Somebody <somebody@example.org>

ENV DEBIAN_FRONTEND noninteractive

RUN apt-get update
RUN apt-get install -y software-properties-common
RUN add-apt-repository -y ppa:deadsnakes/ppa
RUN apt-get update
RUN apt-get install -y python3.12 python3.12-venv
RUN python3.12 -m venv /venv

ADD . /code
RUN cd /code; make install
RUN cd /code && make check || echo "checks failed"
CMD /venv/bin/python /code/main.py
